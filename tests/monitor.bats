#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-monitor: what passes through it stays as it is and is counted right; the figures of a run are those of its folder and
# of its processes, real ones and made-up ones.

# shellcheck disable=SC2030,SC2031,SC2094 # `started` is a test's own; files are read by two, and written by none

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
  local id
  for id in "${started[@]}"; do
    kill -s KILL "$id" 2>/dev/null || :
    wait "$id" 2>/dev/null || :
  done
}

started=()

# A folder of a run: `stage NAME FOLDER WORKERS JOBS` adds a stage begun at 1000 with as many jobs.
stage() {
  local folder=out/run/$2 i
  [ "$2" = . ] && folder=out/run
  mkdir -p "$folder"/{running,status,logs}
  printf '%s\t/elsewhere/%s\t1000.000000\t%d\n' "$1" "${folder#out/}" "$3" >>out/run/stages
  for ((i = 1; i <= $4; i++)); do printf '%d\tsome\tfields\n' "$i"; done >"$folder/jobs"
  for ((i = 1; i <= $4; i++)); do printf '%d\t%d\n' "$i" $((i * 100)); done >"$folder/weights"
  for ((i = 1; i <= $4; i++)); do : >"$folder/logs/$i"; done
}

# ended FOLDER NAME STATUS BEGIN END ROWS-READ ROWS-OUT
ended() {
  printf '%d\thost9\t%s\t%s\t%d\t%d\n' "$3" "$4" "$5" "$6" "$7" >"out/run/$1/status/$2"
}

# running FOLDER NAME PROCESS HOST BEGIN
running() {
  printf '%d\t%s\t%s\n' "$3" "$4" "$5" >"out/run/$1/running/$2"
}

# lacks PATTERN FILE: no line has it.
lacks() {
  ! grep -- "$1" "$2"
}

# of EXPRESSION FILE: a value of JSON, by Python.
of() {
  python3 -c 'import json, sys; d = json.load(open(sys.argv[2])); print(eval(sys.argv[1]))' "$1" "$2"
}

# --- in a pipe ---------------------------------------------------------------

stream() {
  [ -e stream ] || sw-gen --rows 5000 --stdout orders | sw-chunk --block-rows 700 >stream
}

@test "monitor: bytes pass unchanged, from pipes and files to pipes and files, appended too" {
  head -c 3000001 /dev/urandom >random
  stream
  for file in random stream /dev/null; do
    # shellcheck disable=SC2002 # a pipe is what is tested
    cat $file | sw-monitor | may_be_empty cmp - $file
    sw-monitor <$file | may_be_empty cmp - $file
    sw-monitor <$file >copy
    may_be_empty cmp copy $file
    # shellcheck disable=SC2002
    cat $file | sw-monitor >copy
    may_be_empty cmp copy $file
    sw-monitor $file | may_be_empty cmp - $file
  done
  echo begin >appended
  # shellcheck disable=SC2002
  cat random | sw-monitor >>appended
  { echo begin; cat random; } | cmp - appended
  sw-monitor random stream - <random | cmp - <(cat random stream random)
  dd bs=7 if=stream 2>/dev/null | sw-monitor | cmp - stream
}

@test "monitor: a read that a signal interrupts is no end, a write that it cuts short is gone on with" {
  head -c 3000001 /dev/urandom >random
  # Sockets, which the kernel moves nothing between: one that has nothing to read for a while, one that takes nothing for a while.
  python3 - <<'PYTHON'
import socket, subprocess, threading, time
data = open("random", "rb").read()
ours, theirs = socket.socketpair()
to, out = socket.socketpair()
to.settimeout(20)
out.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)  # so that it takes a part of a write
monitor = subprocess.Popen(["sw-monitor", "--interval", "1"], stdin=theirs, stdout=out, stderr=subprocess.DEVNULL)
theirs.close(), out.close()
def feed():
    ours.sendall(data[:1000])
    time.sleep(2.5)
    ours.sendall(data[1000:])
    ours.close()
feeder = threading.Thread(target=feed)
feeder.start()
got = to.recv(1000)
feeder.join(4)
while piece := to.recv(1 << 16):
    got += piece
feeder.join()
assert got == data, (len(got), len(data))
assert monitor.wait() == 0
PYTHON
}

@test "monitor: rows of a stream are counted, also of several and of pieces of any size" {
  stream
  sw-monitor --interval 9 stream stream 2>err | cat >/dev/null
  grep -q '  10,000 rows' err
  dd bs=13 if=stream 2>/dev/null | sw-monitor --interval 9 2>err >/dev/null
  grep -q '  5,000 rows' err
  sw-cut stream | sw-monitor --interval 9 2>err >/dev/null
  lacks rows err
}

@test "monitor: a stream that is cut or damaged passes as it is" {
  stream
  head -c 100000 stream | sw-monitor --interval 9 2>err | cmp - <(head -c 100000 stream)
  grep -q ' rows ' err
  { cat stream; echo rubbish; } | sw-monitor --interval 9 2>err | cmp - <(cat stream; echo rubbish)
  grep -q '  5,000 rows' err
  # A directory that its checksum disowns counts for nothing.
  python3 -c '
import sys
data = bytearray(open("stream", "rb").read())
at = data.index(b"SWRblock") + 24
data[at] ^= 1
sys.stdout.buffer.write(data)' | sw-monitor --interval 9 2>err >/dev/null
  grep -q '  0 rows' err
}

@test "monitor: nothing is said where nobody looks, plain lines where asked for" {
  stream
  sw-monitor <stream >/dev/null 2>err
  [ ! -s err ]
  { head -c 5000 stream; sleep 2.3; tail -c +5001 stream; } | sw-monitor --label 'in' --size "$(stat -c %s stream)" --interval 1 2>err | cmp - stream
  [ "$(wc -l <err)" -eq 3 ]
  expect_status 1 grep -v '^sw-monitor: in: .* ETA ' err
  lacks $'\033\|\r' err
  [[ $(tail -n 1 err) == *' 100.0%  ETA 0:00:00' ]]
}

@test "monitor: percent goes by --rows, --size, or the files' sizes" {
  stream
  sw-monitor --rows 20000 --interval 9 stream 2>err >/dev/null
  grep -q '  25.0%' err
  cat stream stream | sw-monitor --size $((4 * $(stat -c %s stream))) --interval 9 2>err >/dev/null
  grep -q '  50.0%' err
  sw-monitor --interval 9 stream stream 2>err >/dev/null
  grep -q '  100.0%' err
}

@test "monitor: a write error is 3, a reader that leaves is silence" {
  [ -w /dev/full ] || skip 'no /dev/full'
  stream
  expect_status 3 bash -c 'cat stream | sw-monitor >/dev/full'
  expect_status 3 bash -c 'sw-monitor stream >/dev/full'
  [ "$output" = 'sw-monitor: standard output: No space left on device' ]
  run bash -c 'sw-monitor --interval 9 stream stream stream 2>err | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}'
  [ "$status" -eq 141 ]
  [ ! -s err ]
}

@test "monitor: a terminal gets one line, redrawn and cut to its width; a dumb one nothing" {
  script -qec true /dev/null >/dev/null 2>&1 || skip 'no script(1), or no terminals here'
  stream
  run env TERM=xterm script -qec 'stty cols 50; cat stream | sw-monitor --label a-long-label-that-takes-its-room --rows 5000 >copy' /dev/null
  cmp copy stream
  [[ $output == $'\r'* ]]
  [[ $output == *'a-long-label'* ]]
  tr '\r' '\n' <<<"$output" | tr -d '\033' >lines
  # shellcheck disable=SC2016 # for awk
  silent awk 'length($0) > 49 + length("[K")' lines
  run env TERM=dumb script -qec 'cat stream | sw-monitor >copy' /dev/null
  cmp copy stream
  [ -z "$output" ]
}

# --- what a folder tells -----------------------------------------------------

# Two stages: chunks done but for two, securities with one done, one failed, two running, two waiting.
recorded() {
  local i
  stage chunks chunks 2 4
  for i in 1 2 3 4; do ended chunks $i 0 100$i.5 101$i.25 $((i * 1000)) $((i * 10)); done
  stage securities securities 2 6
  sed -i 's/^securities\(.*\)1000.000000/securities\11100.000000/' out/run/stages
  awk -F '\t' -v OFS='\t' '{ print $1, "CODE" $1, "key", "SEC_" $1 }' out/run/securities/jobs >listed
  mv listed out/run/securities/jobs
  ended securities 6 0 1100.5 1106.5 600 60
  ended securities 5 1 1100.5 1104.5 5 0
  printf 'a line\nsw-sort: \033[31morders\t.swr: block 7: checksum\n\n' >out/run/securities/logs/5
  running securities 4 99999 host9 1106.5
  running securities 3 99998 host9 1104.5
}

@test "monitor: the figures of a recorded run are those of its folder" {
  recorded
  expect_status 1 sw-monitor --run out --json --now 1108
  sw-monitor --run out --json --now 1108 >picture 2>/dev/null || :
  same "$(of '[(s["name"], s["jobs"], s["done"], s["running"], s["failed"], s["waiting"], s["rows_in"], s["rows_out"]) for s in d["stages"]]' picture)" \
    "[('chunks', 4, 4, 0, 0, 0, 10000, 100), ('securities', 6, 1, 2, 1, 2, 605, 60)]"
  same "$(of 'd["state"], d["jobs"], d["done"], d["failed"], d["rows_in"], d["rows_out"], d["elapsed_sec"]' picture)" \
    "('running', 10, 5, 1, 10000, 60, 108)"
  same "$(of '[(s["percent"], s["elapsed_sec"]) for s in d["stages"]]' picture)" "[(100, 14.25), (28.5, 8)]"
}

@test "monitor: the time left follows from weights" {
  recorded
  sw-monitor --run out --json --now 1108 >picture 2>/dev/null || :
  # A unit of weight took 6 s ÷ 600. What runs has done its age; two workers share; nothing ends before its longest job.
  same "$(python3 -c '
unit = 6 / 600
left = [max(0, 400 * unit - 1.5), max(0, 300 * unit - 3.5), 200 * unit, 100 * unit]
print(max(sum(left) / 2, max(left)))')" "$(of 'd["stages"][1]["eta_sec"]' picture)"
  # With two done jobs there is a line, 2 s a job and 10 ms a unit; the 2 s are taken for (1 - 200 ÷ 400)² of them.
  ended securities 2 0 1100.5 1104.5 1 1
  ended securities 6 0 1100.5 1108.5 600 60
  sw-monitor --run out --json --now 1109 >picture 2>/dev/null || :
  same "$(python3 -c '
unit = (4 + 8 - 2 * 0.5) / (200 + 600)
left = [max(0, 0.5 + 400 * unit - 2.5), max(0, 0.5 + 300 * unit - 4.5), 0.5 + 100 * unit]
print(round(max(sum(left) / 2, max(left)), 6))')" "$(of 'd["stages"][1]["eta_sec"]' picture)"
  rm out/run/securities/status/2
  ended securities 6 0 1100.5 1106.5 600 60
  # One long job that waits is longer than the others together.
  printf '1\t90000\n2\t1\n3\t1\n4\t1\n5\t1\n6\t600\n' >out/run/securities/weights
  sw-monitor --run out --json --now 1108 >picture 2>/dev/null || :
  same "$(of 'd["stages"][1]["eta_sec"]' picture)" 900
  rm out/run/securities/status/6
  sw-monitor --run out --json --now 1108 >picture 2>/dev/null || :
  same "$(of 'd["stages"][1]["eta_sec"]' picture)" None
}

@test "monitor: stages to come are shown from the start, and counted, so that 100% is the end" {
  recorded
  sw-monitor --run out --json --now 1108 >before 2>/dev/null || :
  printf 'chunks 1\nsecurities 3\naggregates 2\nhalf a li' >out/run/coming
  sw-monitor --run out --json --now 1108 >picture 2>/dev/null || :
  same "$(of 'd["stages_to_come"]' before)" '[]'
  same "$(of 'd["stages_to_come"]' picture)" "['aggregates']"
  # What has begun takes 14.25 s and 8 s with what is left of it, for 4 shares; 2 are to come.
  left=$(of 'd["eta_sec"]' before)
  same "$(of 'd["eta_sec"]' picture)" "$(python3 -c "print(round($left + (14.25 + 8 + $left) / 4 * 2, 6))")"
  [ "$(of 'int(d["percent"])' picture)" -lt "$(of 'int(d["percent"])' before)" ]
  sw-monitor --run out --once --now 1108 >picture 2>/dev/null || :
  grep -qx 'aggregates    to come' picture
  same "$(sed -n '2s/^\[#*\.*\] *//p' picture)" "$(awk '$1 == "all" && NF == 10 { print $6 }' picture)"
  # Where nothing tells how long a stage takes, the shares say how far the run is: the first of three is done.
  printf 'chunks 1\nsecurities 1\naggregates 1\n' >out/run/coming
  rm -rf out/run/securities/status
  sw-monitor --run out --json --now 1108 >picture 2>/dev/null || :
  same "$(of 'd["eta_sec"], d["percent"]' picture)" "(None, 33.3)"
  # None is to come of a run that has ended.
  printf '%s 0\nbegun 1000.0\nended 0 1200.0\n' $$ >out/run/process
  sw-monitor --run out --json --now 1300 >picture 2>/dev/null || :
  same "$(of 'd["stages_to_come"], d["percent"]' picture)" "([], 100)"
}

@test "monitor: a run that was interrupted is stopped, in words; its state is failed" {
  recorded
  for status in 129 130 143 1 3; do
    printf '%s 0\nbegun 1000.0\nended %s 1200.0\n' $$ "$status" >out/run/process
    word=failed
    [ "$status" -lt 128 ] || word=stopped
    sw-monitor --run out --once --now 1300 >picture 2>/dev/null || :
    same "$(sed -n '1s/^out: \([a-z]*\),.*/\1/p' picture)" "$word"
    sw-monitor --run out --json --now 1300 >picture 2>/dev/null || :
    same "$(of 'd["state"]' picture)" failed
  done
}

@test "monitor: the picture fits 80 columns, names the failed job and what it said, and has no escape codes" {
  recorded
  sw-monitor --run out --once --now 1108 >picture 2>err || :
  grep -q '^failed  *securities 5 CODE5: sw-sort: \\x1b\[31morders\\t.swr: block 7: checksum$' picture
  grep -q '^slowest ' picture
  grep -q '^bound by ' picture
  lacks $'\033' picture
  # shellcheck disable=SC2016 # for awk
  silent awk '!/^failed/ && length($0) > 79' picture
  grep -q 'out: 1 of 10 jobs failed' err
}

@test "monitor: Prometheus text is well formed and says the same" {
  recorded
  sw-monitor --run out --prometheus --now 1108 >picture 2>/dev/null || :
  grep -qx 'sw_stage_jobs{run="out",stage="securities",state="waiting"} 2' picture
  grep -qx 'sw_stage_rows_read_total{run="out",stage="chunks"} 10000' picture
  grep -qx 'sw_stage_done_ratio{run="out",stage="securities"} 0.285' picture
  expect_status 1 grep -vE '^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\} [0-9.]+)$' picture
  # Each metric has one TYPE, before its samples.
  awk '/^# TYPE/ { if (seen[$3]++) exit 1 } !/^#/ { sub(/\{.*/, ""); if (!seen[$0]) exit 1 }' picture
}

@test "monitor: the account has its members, for every job" {
  recorded
  mkdir -p out/run/securities/results/SEC_6 out/by_security/SEC_6/2024-09-05 out/by_security/SEC_6/2024-09-06
  printf 'security_code\tevents\torders\ttrades\n6\t600\t70\t80\n7\t1\t7\t8\n' >out/run/securities/results/SEC_6/tally
  printf '12 SEC_6/2024-09-05/metrics.csv\n13 SEC_6/2024-09-06/a b.csv\n' >out/run/securities/results/SEC_6/files
  for date in 05 06; do
    printf 'group,orders,quantity_traded,asked_quantity,x\nFULLY_FILLED,1,2,3,\nOVERALL,9,20%s,3000,\n' $date >out/by_security/SEC_6/2024-09-$date/metrics.csv
  done
  sw-monitor --run out --once --now 1108 --metrics metrics.json >/dev/null 2>&1 || :
  same "$(of '" ".join(d)' metrics.json)" 'total_jobs completed_jobs failed_jobs success_rate total_rows_processed total_rows_output start_time end_time total_duration_sec peak_memory_mb average_memory_mb average_cpu_percent disk_read_mb disk_write_mb fastest_job slowest_job stages job_metrics'
  same "$(of '" ".join(d["job_metrics"]["chunks/1"])' metrics.json)" 'status error rows_processed rows_output duration_sec throughput_rows_sec peak_memory_mb host orders trades fill_ratio output_files'
  same "$(of '[d["total_jobs"], d["completed_jobs"], d["failed_jobs"], d["success_rate"], d["fastest_job"], d["slowest_job"], d["start_time"], d["end_time"]]' metrics.json)" \
    "[10, 5, 1, 0.5, 'securities/6', 'chunks/1', '1970-01-01T00:16:40Z', '1970-01-01T00:18:28Z']"
  same "$(of 'list(d["job_metrics"]["chunks/3"].values())' metrics.json)" \
    "['completed', None, 3000, 30, 9.75, 307, None, 'host9', None, None, None, None]"
  same "$(of 'list(d["job_metrics"]["securities/6"].values())[8:]' metrics.json)" \
    "[77, 88, 0.6685, ['by_security/SEC_6/2024-09-05/metrics.csv', 'by_security/SEC_6/2024-09-06/a b.csv']]"
  same "$(of 'd["job_metrics"]["securities/5"]["status"], d["job_metrics"]["securities/2"]["status"]' metrics.json)" "('failed', 'waiting')"
}

@test "monitor: usage errors are 2, no folder is 3" {
  mkdir out
  for words in '--once' '--json' '--run out --size 5' '--run out file' '--interval 0' '--run out --memory-limit 101' \
    '--run out --json --prometheus' '--run out --once --adjust-workers file' '--interval 5 -o file'; do
    # shellcheck disable=SC2086
    expect_status 2 sw-monitor $words </dev/null
  done
  expect_status 3 sw-monitor --run nowhere --once
  [ "$output" = 'sw-monitor: nowhere: No such file or directory' ]
  expect_status 0 sw-monitor --run out --once
  [[ $output == 'out: waiting,'* ]]
}

# --- processes ---------------------------------------------------------------

# fake_process ID PARENT STATE CPU-TICKS REAPED-TICKS PAGES PEAK-KIB READ WRITTEN: below root/proc.
fake_process() {
  mkdir -p "root/proc/$1"
  printf '%d (a) b) %s %d %d 1 0 -1 4194304 1 1 1 1 %d 0 %d 0 20 0 1 0 5000 1000000 %d 0 0\n' "$1" "$3" "$2" "$1" "$4" "$5" "$6" >"root/proc/$1/stat"
  printf 'Name:\tx\nVmHWM:\t%8d kB\n' "$7" >"root/proc/$1/status"
  printf 'rchar: 1\nread_bytes: %d\nwrite_bytes: %d\ncancelled_write_bytes: 0\n' "$8" "$9" >"root/proc/$1/io"
}

# fake_memory TOTAL AVAILABLE (MiB)
fake_memory() {
  mkdir -p root/proc
  printf 'MemTotal: %d kB\nMemAvailable: %d kB\n' $(($1 * 1024)) $(($2 * 1024)) >root/proc/meminfo.tmp
  mv root/proc/meminfo.tmp root/proc/meminfo
}

@test "monitor: a job's use is that of its process and all below it" {
  page=$(getconf PAGESIZE)
  stage chunks . 2 3
  running . 1 700 "$HOSTNAME" 1001.0
  running . 2 800 "$HOSTNAME" 1002.0
  fake_memory 1000 900
  fake_process 500 1 S 7 300 10 10 1 2
  fake_process 700 500 S 10 20 100 500 1000 2000
  fake_process 701 700 R 100 0 2000 9000 5000 0
  fake_process 702 701 D 5 0 30 100 0 3
  fake_process 800 500 S 1 0 7 4 0 0
  fake_process 900 1 R 99999 0 999999 9999999 9999999 9999999
  sw-monitor --run out --root root --json --now 1010 >picture
  same "$(of 'd["memory_bytes"], d["disk_read_bytes"], d["disk_write_bytes"]' picture)" \
    "($(((100 + 2000 + 30 + 7) * page)), 6000, 2003)"
  ticks=$(getconf CLK_TCK)
  same "$(of 'round(d["cpu_sec"] * 1000)' picture)" $((136 * 1000 / ticks))
  # The kernel's own peak of one process is larger than what was seen.
  same "$(of 'max(d["memory_peak_bytes"], d["memory_bytes"]) == d["memory_peak_bytes"]' picture)" True
  same "$(of 'sorted(j["peak_memory_bytes"] for j in d["slowest_jobs"])' picture)" \
    "[$((7 * page)), $((9000 * 1024 > 2130 * page ? 9000 * 1024 : 2130 * page))]"
}

@test "monitor: who watches for its pipeline reads no process with a smaller number, unless numbers have begun anew" {
  page=$(getconf PAGESIZE)
  stage chunks . 2 3
  running . 1 700 "$HOSTNAME" 1001.0
  fake_memory 1000 900
  fake_process 500 1 S 7 300 10 10 1 2
  fake_process 700 500 S 10 20 100 500 1000 2000
  fake_process 300 700 S 1 0 50 4 0 0
  used() { sw-monitor --run out --root root --json --now 1010 "$@" >picture; of 'd["memory_bytes"]' picture; }
  same "$(used --process 500)" $((150 * page)) # nothing tells
  echo '0.10 0.20 0.30 1/110 900' >root/proc/loadavg
  same "$(used --process 500)" $((100 * page))
  same "$(used)" $((150 * page)) # whoever looks on
  echo '0.10 0.20 0.30 1/110 450' >root/proc/loadavg
  same "$(used --process 500)" $((150 * page))
}

@test "monitor: a job whose process is gone without a status has failed" {
  stage chunks . 2 2
  running . 1 700 "$HOSTNAME" 1001.0
  running . 2 800 "$HOSTNAME" 1001.0
  fake_memory 1000 900
  fake_process 700 1 S 10 20 100 500 1000 2000
  expect_status 1 sw-monitor --run out --root root --json --now 1010
  # Another process with the number of one that began before it.
  printf 'btime 1700000000\n' >root/proc/stat
  sw-monitor --run out --root root --json --now 1010 >picture 2>/dev/null || :
  same "$(of 'd["failed"], d["running"]' picture)" '(2, 0)'
}

@test "monitor: what a run is bound by" {
  stage chunks . 2 5
  running . 1 700 "$HOSTNAME" 1001.0
  fake_memory 1000 900
  fake_process 700 1 S 10 20 100 500 1000 2000
  bound() { sw-monitor --run out --root root --json --now 1010 "$@" >picture; of 'd["bound_by"]' picture; }
  same "$(bound)" starved
  running . 2 701 "$HOSTNAME" 1001.0
  fake_process 701 1 S 10 20 100 500 1000 2000
  same "$(bound)" workers
  same "$(bound --memory-limit 9)" memory
  fake_memory 1000 100
  same "$(bound)" memory
  # The machine's cores are busy between two looks, with whatever.
  (for ((i = 1; i < 400; i++)); do
    printf 'cpu  %d 0 0 10 5 0 0 0 0 0\n' $((1000 + i * 10)) >root/proc/stat.tmp
    mv root/proc/stat.tmp root/proc/stat
    sleep 0.01
  done) 3>&- &
  started+=($!)
  sleep 0.1
  fake_memory 1000 900
  same "$(bound)" CPU
  kill "${started[0]}"
  wait "${started[0]}" || :
  rm -f root/proc/stat
  # A control group's limit counts.
  fake_memory 1000 900
  mkdir -p root/sys/fs/cgroup
  echo 1000 >root/sys/fs/cgroup/memory.max
  echo 990 >root/sys/fs/cgroup/memory.current
  same "$(bound)" memory
  rm -r root/sys
  rm out/run/running/*
  same "$(bound --once)" nothing
}

# A process of known size: 150 MB of its own, touched.
@test "monitor: peak memory, rows and the end of a real job are right" {
  stage chunks . 1 1
  sed -i "s/1000.000000/$EPOCHREALTIME/" out/run/stages
  cat >job <<'END'
#!/usr/bin/env bash
stage=out/run
begin=$EPOCHREALTIME
printf '%d\t%s\t%s\n' "$$" "$HOSTNAME" "$begin" >"$stage/running/1"
python3 -c '
import resource, time
data = bytearray(150 * 1000000)
for i in range(0, len(data), 4096): data[i] = 1
time.sleep(0.7)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)' >peak
printf '0\t%s\t%s\t%s\t1234\t567\n' "$HOSTNAME" "$begin" "$EPOCHREALTIME" >"$stage/status/1.tmp"
mv "$stage/status/1.tmp" "$stage/status/1"
rm -f "$stage/running/1"
printf 'file,read\n' >"$stage/ledger.csv"
END
  bash job &
  started+=($!)
  expect_status 0 sw-monitor --run out --interval 60
  wait
  same "$(of 'd["total_rows_processed"], d["total_rows_output"], d["completed_jobs"]' out/run/metrics.json)" '(1234, 567, 1)'
  kib=$(cat peak)
  # The kernel's own peak of the process, and at most the shell beside it.
  python3 -c '
import json, sys
mb = json.load(open("out/run/metrics.json"))["peak_memory_mb"] * 1024
kib = int(sys.argv[1])
print(mb, kib)
assert kib * 0.98 <= mb <= kib + 16384' "$kib"
  expect_status 0 sw-monitor --run out --once
  [[ $output == 'out: complete'* ]]
}

# --- watching ----------------------------------------------------------------

@test "monitor: a report that is watched: rows as in its ledger, events, an account, and no escape codes" {
  sw-gen --rows 20000 -o .
  mkdir out
  report --per event -j 2 -b 400K -o out orders.csv &
  # shellcheck disable=SC2016
  sw-monitor --run out --interval 1 --metrics metrics.json --on-event 'echo "$SW_EVENT:$SW_STAGE:$SW_STATUS"' >lines 2>events
  wait
  jobs=$(of 'd["total_jobs"]' metrics.json)
  [ "$jobs" -gt 1 ]
  same "$(of 'd["completed_jobs"], d["failed_jobs"], d["success_rate"]' metrics.json)" "($jobs, 0, 1)"
  same "$(of 'd["total_rows_processed"], d["total_rows_output"]' metrics.json)" \
    "($(awk -F, '$1 == "all" { print $2 ", " $3 }' out/run/ledger.csv))"
  same "$(sort events | uniq -c | awk '{ print $1, $2 }')" "$jobs job-done:chunks:0
1 run-done::"
  lacks $'\033' lines
  grep -q ' 100.0%, ' lines
}

@test "monitor: a watch that begins before the run, and files that come and go" {
  mkdir out
  timeout 20 sw-monitor --run out --interval 1 >lines 2>err &
  watch=$!
  sleep 0.3
  mkdir out/run
  echo "$$ $(sed 's/.*) //' /proc/$$/stat | cut -d ' ' -f 20)" >out/run/process
  stage chunks . 2 50
  sed -i "s/1000.000000/$EPOCHREALTIME/" out/run/stages
  for ((i = 1; i <= 50; i++)); do
    running . $i $$ "$HOSTNAME" "$EPOCHREALTIME"
    ended . $i 0 "$EPOCHREALTIME" "$EPOCHREALTIME" 1 1
    rm out/run/running/$i
    rm -f out/run/status/$((i / 2))
  done
  rm -rf out/run/{status,running,jobs,weights}
  echo "ended 0 $EPOCHREALTIME" >>out/run/process
  wait "$watch"
  [ ! -s err ]
  grep -q 'complete, chunks: 100.0%, 50 of 50 jobs done' lines
}

@test "monitor: a run that was killed is gone, 3; one whose jobs failed is 1" {
  stage chunks . 2 3
  fake_memory 1000 900
  echo '4000 77' >out/run/process
  # shellcheck disable=SC2016
  expect_status 3 timeout 20 sw-monitor --run out --root root --interval 9 --on-event 'echo "$SW_EVENT" >>events'
  [[ $output == *'the run is gone'* ]]
  same "$(cat events)" run-gone
  ended . 1 1 1001.0 1002.0 0 0
  # shellcheck disable=SC2016
  expect_status 1 timeout 20 sw-monitor --run out --root root --interval 9 --on-event 'echo "$SW_EVENT" >>events; false'
  [[ $output == *'--on-event: 1 of 1 calls failed'* ]]
  same "$(tail -n 1 events)" run-failed
}

@test "monitor: SIGTERM ends a watch with an account of what was seen" {
  recorded
  rm out/run/securities/status/5
  sw-monitor --run out --interval 60 --metrics metrics.json >lines &
  watch=$!
  for _ in {1..50}; do [ -s lines ] && break; sleep 0.1; done
  kill "$watch"
  wait "$watch"
  same "$(of 'd["completed_jobs"]' metrics.json)" 5
  [ ! -e out/run/metrics.json ]
}

@test "monitor: -o is replaced as a whole by each picture" {
  recorded
  rm out/run/securities/status/5
  timeout 2 sw-monitor --run out --prometheus --interval 1 -o picture || :
  grep -q '^sw_run_state' picture
  same "$(grep -c '^# TYPE sw_run_state' picture)" 1
  [ -z "$(find . -name '*.tmp')" ]
}

# --- workers -----------------------------------------------------------------

# state_of ID: as the kernel says.
state_of() {
  sed 's/.*) //' "/proc/$1/stat" | cut -c 1
}

# await TEXT COMMAND…: until the command prints the text.
await() {
  local wanted=$1 _
  shift
  for _ in {1..100}; do
    [ "$("$@")" = "$wanted" ] && return
    sleep 0.1
  done
  printf 'wanted %s: %s; got %s\n' "$wanted" "$*" "$("$@")" >&2
  return 1
}

states() {
  local id
  for id in "${started[@]}"; do state_of "$id"; done | paste -s -d ' '
}

@test "monitor: short memory lowers the workers and stops the youngest jobs, room brings all back" {
  stage chunks . 3 5
  for i in 1 2 3; do
    setsid sleep 60 3>&- &
    started+=($!)
    fake_process $! 1 S 10 20 100 500 1000 2000
    running . $i $! "$HOSTNAME" 100$i.0
  done
  # The group as it is, not as made up.
  for id in "${started[@]}"; do cp "/proc/$id/stat" "root/proc/$id/stat"; done
  echo 3 >workers
  fake_memory 1000 100
  sw-monitor --run out --root root --adjust-workers workers --memory-limit 80 --interval 60 --now 1010 >lines 2>err 3>&- &
  watch=$!
  await 1 cat workers
  await 'S T T' states
  # Neither the last worker nor the last job goes; nor does anything come back between the limit and ten points below.
  fake_memory 1000 250
  sleep 1.5
  same "$(cat workers)" 1
  same "$(states)" 'S T T'
  fake_memory 1000 900
  await 'S S S' states
  await 3 cat workers
  fake_memory 1000 100
  await 'S T T' states
  # what was stopped goes on where nothing else is left that runs
  ended . 1 0 1001.0 1002.0 0 0
  : >out/run/running/1
  await 'S S T' states
  kill "$watch"
  wait "$watch"
  same "$(states)" 'S S S'
  same "$(cat workers)" 3
  grep -q 'workers, not' err
}

@test "monitor: the workers' file must hold a number, and never holds less than 1" {
  stage chunks . 3 5
  for text in '' 0 many 3.5; do
    printf '%s\n' "$text" >workers
    expect_status 1 sw-monitor --run out --adjust-workers workers
  done
  expect_status 3 sw-monitor --run out --adjust-workers nowhere
}

# --- the live view -----------------------------------------------------------

@test "monitor: the live view fits a terminal of 80 by 24, which is left as it was" {
  skip_without tmux
  recorded
  export TMUX_TMPDIR=$BATS_TEST_TMPDIR
  export -n TMUX
  view() { tmux -L sw capture-pane -p -t sw; }
  tmux -L sw -f /dev/null new-session -d -s sw -x 80 -y 24 "env PS1='$ ' bash --norc --noprofile" 3>&-
  tmux -L sw send-keys -t sw "cd '$BATS_TEST_TMPDIR'; clear; echo before; '$SW_BIN/sw-monitor' --run out --now 1108; echo \"after \$?\"" Enter
  for _ in {1..50}; do view | grep -q '^slowest' && break; sleep 0.1; done
  view >picture
  same "$(sed -n 1p picture)" 'out: running, elapsed 0:01:48, ETA 0:00:02'
  grep -q '^chunks  *4  *0  *0  *0 100.0%  0:00:14  0:00:00    10,000       100$' picture
  grep -q '^securities  *1  *2  *1  *2  28.5%' picture
  grep -q '^failed .*5 CODE5' picture
  lacks before picture
  [ "$(wc -l <picture)" -le 24 ]
  tmux -L sw send-keys -t sw C-c
  for _ in {1..50}; do view | grep -q '^after' && break; sleep 0.1; done
  tmux -L sw capture-pane -p -S - -t sw >picture
  tmux -L sw kill-server
  grep -q '^before$' picture
  grep -q '^after 1$' picture
  grep -q '^securities  *1  *2  *1  *2' picture
}
