#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The monitor that every pipeline begins: its account is right, its picture stands on a terminal only, the workers follow memory, and
# the results are the same bytes whatever becomes of it.
# bats file_tags=plain

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  sw-gen --rows 20000 --securities 4 -o .
  report --per event -j 2 -b 400K -o plain orders.csv
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  data=$BATS_FILE_TMPDIR
}

teardown() {
  [ -z "${group-}" ] || remove_group
}

# of EXPRESSION FILE: a value of JSON, by Python.
of() {
  python3 -c 'import json, sys; d = json.load(open(sys.argv[2])); print(eval(sys.argv[1]))' "$1" "$2"
}

# slow SECONDS: from here on a chunk of a report takes that long, or what SLOW says.
slow() {
  local real=$SW_BIN
  mkdir slow
  ln -s "$real"/* slow/
  rm slow/sw-chunk
  # shellcheck disable=SC2016 # the variables are the script's
  printf '#!/usr/bin/env bash\ncase " $* " in *" --partial "*) sleep %s ;; esac\nexec %q "$@"\n' "$1" "$real/sw-chunk" >slow/sw-chunk
  chmod +x slow/sw-chunk
  export SW_BIN=$PWD/slow
}

# waiting_for FILE: programs whose jobs end no sooner than there is such a file.
waiting_for() {
  slow "0; until [ -e '$1' ]; do sleep 0.1; done"
}

# lacks PATTERN FILE: no line has it.
lacks() {
  ! grep -- "$1" "$2"
}

# await COMMAND…: until it is true, half a minute at most.
await() {
  local _
  for _ in {1..300}; do
    "$@" && return
    sleep 0.1
  done
  printf 'never came: %s\n' "$*" >&2
  return 1
}

holds() {
  [ "$(cat "$1" 2>/dev/null)" = "$2" ]
}

same_results() {
  diff -r "$1/aggregated" "$data/plain/aggregated"
}

# --- the account -------------------------------------------------------------

@test "live: a report leaves its account, which agrees with the ledger, the results and its jobs' times" {
  report --per event -j 2 -b 400K -o out "$data/orders.csv" 2>err
  same "$(sed -E 's/[0-9]+/N/g' err)" 'report: N of N rows selected; out'
  same "$(of 'd["total_rows_processed"], d["total_rows_output"]' out/run/metrics.json)" \
    "($(awk -F, '$1 == "all" { print $2 ", " $3 }' out/run/ledger.csv))"
  same "$(of 'd["total_jobs"], d["completed_jobs"], d["failed_jobs"], d["success_rate"]' out/run/metrics.json)" \
    "($(wc -l <out/run/all), $(wc -l <out/run/all), 0, 1)"
  python3 - <<'END'
import glob, json
d = json.load(open("out/run/metrics.json"))
jobs = {}
for path in glob.glob("out/run/status/*"):
    status, host, begin, end, rows_in, rows_out = open(path).read().split()
    jobs["chunks/" + path.split("/")[-1]] = (float(end) - float(begin), int(rows_in), int(rows_out), host)
assert set(jobs) == set(d["job_metrics"])
for name, (seconds, rows_in, rows_out, host) in jobs.items():
    told = d["job_metrics"][name]
    assert abs(told["duration_sec"] - seconds) < 1e-5, name
    assert (told["rows_processed"], told["rows_output"], told["host"], told["status"]) == (rows_in, rows_out, host, "completed")
    assert abs(told["throughput_rows_sec"] - rows_in / seconds) <= 1 + rows_in / seconds * 1e-3, name
    assert open("out/" + told["output_files"][0], "rb").read(3) == b"\x89SW"
assert d["slowest_job"] == max(jobs, key=lambda name: jobs[name][0])
assert d["fastest_job"] == min(jobs, key=lambda name: jobs[name][0])
words = [line.split() for line in open("out/run/process")]
assert words[1][0] == "begun" and words[2][:2] == ["ended", "0"]
assert abs(d["total_duration_sec"] - (float(words[2][2]) - float(words[1][1]))) < 1e-5
END
}

# bats test_tags=check
@test "live: an analysis tells of orders, trades and fill ratios by security, and all logs are in one place" {
  analyse -j 2 --trades "$data/trades.csv" --nbbo "$data/nbbo.csv" -o out "$data/orders.csv" 2>/dev/null
  python3 - <<'END'
import csv, json, os
d = json.load(open("out/run/metrics.json"))
ledger = {row["security_code"]: row for row in csv.DictReader(open("out/run/ledger_by_security.csv"))}
metrics = {row["security_code"]: row for row in csv.DictReader(open("out/aggregated/by_security_metrics.csv")) if row["group"] == "OVERALL"}
lines = [line.split("\t") for line in open("out/run/securities/jobs")]
assert len(lines) > 2
for line in lines:
    job = d["job_metrics"]["securities/" + line[0]]
    assert job["rows_processed"] == int(ledger[line[1]]["events"]), line[1]
    assert job["orders"] == int(ledger[line[1]]["orders"]) and job["trades"] == int(ledger[line[1]]["trades"]), line[1]
    assert abs(job["fill_ratio"] - float(metrics[line[1]]["order_fill_ratio"])) < 1e-6, line[1]
    assert all(os.path.exists("out/" + path) for path in job["output_files"]), line[1]
assert d["total_rows_output"] == int(ledger["all"]["selected"])
assert sum(stage["cpu_sec"] for stage in d["stages"]) <= d["average_cpu_percent"] * d["total_duration_sec"] / 100 + 0.05
assert [stage["name"] for stage in d["stages"]] == ["chunks", "securities"]
END
  [ -e out/run/logs/chunks/1 ]
  [ -e out/run/logs/securities/1 ]
}

@test "live: what had nothing to do leaves the account of the run that did" {
  cp -r "$data/plain" out
  report --per event -j 2 -b 400K -o out "$data/orders.csv" 2>/dev/null
  report --per event -j 2 -b 400K -o out "$data/orders.csv" 2>/dev/null
  cp out/run/metrics.json before
  report --per event -j 2 -b 400K -o out "$data/orders.csv" 2>/dev/null
  cmp before out/run/metrics.json
}

# bats test_tags=check
@test "live: a run that fails leaves an account that names the job and says why, and an event" {
  sed '15000s/.*/1,rubbish/' "$data/orders.csv" >orders.csv
  # shellcheck disable=SC2016 # for the command
  run report --per event -j 1 -b 400K -o out --on-event 'echo "$SW_EVENT $SW_STAGE $SW_ERROR" >>events' orders.csv
  [ "$status" -eq 1 ]
  failed=$(of '[k for k, j in d["job_metrics"].items() if j["status"] == "failed"][0]' out/run/metrics.json)
  same "$(of 'd["failed_jobs"]' out/run/metrics.json)" 1
  [[ $(of "d['job_metrics']['$failed']['error']" out/run/metrics.json) == *orders.csv:* ]]
  grep -q '^job-failed chunks sw-chunk: orders.csv:' events
  same "$(tail -n 1 events)" 'run-failed  '
  grep -qx 'ended 1 [0-9.]*' out/run/process
}

# bats test_tags=check
@test "live: an account that cannot be written fails the run, whose results stay" {
  [ -w /dev/full ] || skip 'no /dev/full'
  for pipeline in report extract; do
    per=()
    [ "$pipeline" != report ] || per=(--per event)
    expect_status 3 "$pipeline" "${per[@]}" -j 2 -b 400K --metrics /dev/full -o "$pipeline.out" "$data/orders.csv"
    [[ $output == *"sw-ledger: /dev/full: No space left on device"* ]]
  done
  # Whether a pipe that nobody reads is told of depends on who is first: that it is told where the status is 3 does not.
  { extract --metrics /dev/stdout -o unread.csv "$data/orders.csv" 2>said || echo $? >ended; } | true
  [ ! -e ended ] || grep -q '/dev/stdout' said
  same_results report.out
  extract -j 2 -b 400K -o rows.csv "$data/orders.csv"
  cmp rows.csv extract.out
}

@test "live: a command for events that fails is told of once, and changes nothing" {
  run report --per event -j 2 -b 400K -o out --on-event 'exit 7' "$data/orders.csv"
  [ "$status" -eq 0 ]
  calls=$(($(of 'd["total_jobs"]' out/run/metrics.json) + 1))
  same "sw-monitor: --on-event: $calls of $calls calls failed" "$(grep -v 'rows selected; out$' <<<"$output")"
  same_results out
}

# bats test_tags=check
@test "live: extract and convert leave an account only where it is asked for, and nothing else" {
  extract -j 2 -b 400K -o rows.csv "$data/orders.csv"
  extract -j 2 -b 400K --metrics metrics.json -q 100..500 -o some.csv "$data/orders.csv"
  convert -j 2 -b 400K --metrics converted.json -o rows.swr "$data/orders.csv"
  same "$(find . -type f | sort | paste -sd ' ')" './converted.json ./metrics.json ./rows.csv ./rows.swr ./some.csv'
  same "$(of 'd["total_rows_processed"], d["total_rows_output"]' metrics.json)" "(20000, $(($(wc -l <some.csv) - 1)))"
  same "$(of 'd["total_rows_output"], d["completed_jobs"] == d["total_jobs"]' converted.json)" '(20000, True)'
}

@test "live: --no-monitor and SW_MONITOR=off do without, and the results are the same" {
  report --per event --no-monitor -j 2 -b 400K -o out "$data/orders.csv"
  SW_MONITOR=off report --per event -j 2 -b 400K -o other "$data/orders.csv"
  [ ! -e out/run/metrics.json ]
  [ ! -e other/run/metrics.json ]
  same_results out
}

@test "live: usage errors are 2, also an account that is an input" {
  cp "$data/orders.csv" .
  for limit in 0 101 many ''; do expect_status 2 report --memory-limit "$limit" -o out orders.csv; done
  expect_status 2 extract --metrics orders.csv -o rows.csv orders.csv
  expect_status 2 extract --metrics rows.csv -o rows.csv orders.csv
  cmp orders.csv "$data/orders.csv"
}

@test "live: peak memory is that of the largest process, as time(1) tells it" {
  [ -x /usr/bin/time ] || skip 'no /usr/bin/time'
  slow 0
  # A process of known size in the place of a job's first.
  rm slow/sw-chunk
  # shellcheck disable=SC2016 # the variables are the script's
  printf '#!/usr/bin/env python3\nimport os, sys, time\nif "--partial" in sys.argv:\n    data = bytearray(150 * 1000000)\n    for i in range(0, len(data), 4096): data[i] = 1\n    time.sleep(0.6)\n    del data\nos.execv(%s, sys.argv)\n' \
    "'$(readlink -f "$data/../../../bin/sw-chunk" 2>/dev/null || command -v sw-chunk)'" >slow/sw-chunk
  chmod +x slow/sw-chunk
  /usr/bin/time -v report --per event -j 1 -b 5M -o out "$data/orders.csv" 2>told
  python3 - <<'END'
import json, re
kib = int(re.search(r"Maximum resident set size \(kbytes\): (\d+)", open("told").read()).group(1))
mb = json.load(open("out/run/metrics.json"))["peak_memory_mb"]
print(kib, mb)
assert kib * 0.98 <= mb * 1024 <= kib * 1.02 + 32768
END
}

# --- what is shown -----------------------------------------------------------

@test "live: pipes and logs get nothing, lines with --progress, and never an escape code" {
  slow 0.5
  report --per event -j 2 -b 400K -o out "$data/orders.csv" >out.log 2>&1
  same "$(cat out.log)" "report: $(sed 1d "$data/orders.csv" | wc -l) of $(sed 1d "$data/orders.csv" | wc -l) rows selected; out"
  report --per event -j 2 -b 400K --progress -o other "$data/orders.csv" >other.log 2>&1
  grep -q '^other: running, chunks: .* of .* jobs done' other.log
  grep -q '^other: complete, chunks: 100.0%' other.log
  same "$(grep -v '^other: ' other.log)" "$(sed 's/out$/other/' out.log)"
  lacks $'[\033\r]' other.log
}

terminal() {
  skip_without tmux
  export TMUX_TMPDIR=$BATS_TEST_TMPDIR
  export -n TMUX
  tmux -L sw -f /dev/null new-session -d -s sw -x "$1" -y "$2" "env PS1='$ ' SW_BIN='$SW_BIN' bash --norc --noprofile" 3>&-
  tmux -L sw send-keys -t sw "cd '$BATS_TEST_TMPDIR'; clear; echo before" Enter
}

view() {
  tmux -L sw capture-pane -p -t sw
}

shows() {
  view | grep -q -- "$1"
}

@test "live: a run draws its picture on a terminal of 80 by 24, follows its size, and leaves what it was and a line" {
  slow 0.7
  terminal 80 24
  tmux -L sw send-keys -t sw "'$TREE/pipelines/report' --per event -j 2 -b 200K -o out '$data/orders.csv'; echo \"after \$?\"" Enter
  await shows '^STAGE '
  view >picture
  grep -q '^out: running, elapsed 0:00:0' picture
  grep -q '^chunks  *[0-9]* ' picture
  grep -q '^bound by ' picture
  lacks before picture
  tmux -L sw resize-window -t sw -x 60 -y 12
  await shows '^STAGE .* DONE% *ELAPSED *ETA *$'
  await shows '^after 0'
  tmux -L sw capture-pane -p -S - -t sw >picture
  tmux -L sw kill-server
  grep -q '^before' picture
  grep -q '^out: complete, chunks: 100.0%' picture
  lacks '^STAGE' picture
  same_results out
}

# bats test_tags=check
@test "live: on a terminal a failed job is shown with what it said, and said again behind the picture" {
  sed '2000s/.*/1,rubbish/' "$data/orders.csv" >orders.csv
  slow 1.5
  terminal 80 24
  tmux -L sw send-keys -t sw "'$TREE/pipelines/report' --per event --on-failure never -j 2 -b 400K -o out orders.csv; echo \"after \$?\"" Enter
  await shows '^failed  *chunks  *1: sw-chunk: orders.csv:'
  await shows '^after 1'
  tmux -L sw capture-pane -p -S - -t sw >picture
  tmux -L sw kill-server
  grep -q '^report: chunk 1 .* failed:' picture
  grep -q '^  sw-chunk: orders.csv:' picture
  grep -q '^out: failed, ' picture
}

@test "live: a run that is interrupted leaves the terminal as it was, and no process" {
  slow 1
  terminal 80 24
  tmux -L sw send-keys -t sw "'$TREE/pipelines/report' --per event -j 2 -b 200K -o out '$data/orders.csv'" Enter
  await shows '^STAGE '
  tmux -L sw send-keys -t sw C-c
  await shows '^before'
  await grep -qx 'ended 130 [0-9.]*' out/run/process
  tmux -L sw kill-server
  [ -e out/run/metrics.json ]
  expect_status 1 pgrep -f "sw-monitor --run out .*$BATS_TEST_TMPDIR"
}

# bats test_tags=check
@test "live: dumb and narrow terminals get lines" {
  slow 0.7
  terminal 39 24
  tmux -L sw send-keys -t sw "'$TREE/pipelines/report' --per event -j 2 -b 200K -o out '$data/orders.csv'; echo \"after \$?\"" Enter
  await shows '^after 0'
  shows '^out: running, chunks: '
  tmux -L sw resize-window -t sw -x 80 -y 24
  tmux -L sw send-keys -t sw "clear; TERM=dumb '$TREE/pipelines/report' --per event -j 2 -b 200K -o other '$data/orders.csv'; echo \"then \$?\"" Enter
  await shows '^then 0'
  shows '^other: running, chunks: '
  view >seen
  expect_status 1 grep '^STAGE' seen
  tmux -L sw kill-server
}

# --- workers -----------------------------------------------------------------

# A control group with a memory limit of its own, v1; what it still holds is ended with the test.
make_group() {
  group=/sys/fs/cgroup/memory/sw-live-$$
  mkdir "$group" 2>/dev/null || { group=''; skip 'no control group of memory (v1) that can be written'; }
  echo $((400 * 1048576)) >"$group/memory.limit_in_bytes"
}

remove_group() {
  local ids
  # What a test that failed left behind would wait for ever.
  mapfile -t ids <"$group/cgroup.procs"
  [ "${#ids[@]}" -eq 0 ] || kill -s KILL "${ids[@]}" 2>/dev/null || :
  await rmdir "$group"
}

in_group() {
  echo "$BASHPID" >"$group/cgroup.procs" && exec "$@"
}

# 330 MB of the group's 400 until the file "enough" is there.
hog() {
  python3 -c '
import os, time
data = bytearray(330 * 1048576)
for i in range(0, len(data), 4096): data[i] = 1
open("full", "w").close()
while not os.path.exists("enough"): time.sleep(0.05)'
}

fill_group() {
  (in_group bash -c "$(declare -f hog); hog") 3>&- &
  await [ -e full ]
}

# running N: so many jobs run.
running() {
  [ "$(find_any out/run/running -type f -size +0 | wc -l)" -eq "$1" ]
}

stopped() {
  local id
  while read -r id; do
    [[ $(cut -d ' ' -f 3 "/proc/$id/stat" 2>/dev/null) != T ]] || return 0
  done < <(cut -f 1 out/run/running/* 2>/dev/null)
  return 1
}

# run_short RUNNER: a report that is short of memory for a while, and has it again.
run_short() {
  make_group
  waiting_for "$PWD/ended"
  (SW_RUNNER=$1 in_group report --per event -j 3 -b 400K --memory-limit 80 -o out "$data/orders.csv" >log 2>&1) 3>&- &
  local report=$!
  await running 3
  fill_group
  await holds out/run/workers 1
  await stopped
  touch enough
  await holds out/run/workers 3
  touch ended
  wait "$report"
  same_results out
  grep -q '^sw-monitor: memory [0-9]*% in use: 2 workers, not 3' log
  grep -q '^sw-monitor: job [0-9]* goes on' log
  same "$(of 'd["completed_jobs"] == d["total_jobs"]' out/run/metrics.json)" True
}

# bats test_tags=check
@test "live: short memory takes workers away and stops the youngest job, room brings them back: the shell's jobs" {
  run_short shell
}

# bats test_tags=check
@test "live: the same of GNU parallel's" {
  skip_without parallel
  run_short parallel
}

# bats test_tags=check
@test "live: jobs that a killed monitor had stopped go on, and the account is there" {
  make_group
  slow 4
  (in_group report --per event -j 3 -b 400K --memory-limit 80 -o out "$data/orders.csv" >log 2>&1) 3>&- &
  local report=$!
  await running 3
  fill_group
  await stopped
  # of this run alone: another test's may be beside it
  pkill -KILL -f "^sw-monitor .*--process $report "
  touch enough
  wait "$report"
  same_results out
  same "$(of 'd["completed_jobs"] == d["total_jobs"]' out/run/metrics.json)" True
}

@test "live: whoever writes another number of workers has as many jobs from the next one on" {
  slow 0.5
  report --per event -j 1 -b 200K -o out "$data/orders.csv" 3>&- &
  await [ -e out/run/workers ]
  echo 4 >number
  mv number out/run/workers
  await running 4
  wait
  same_results out
}

@test "live: Ctrl-C leaves the terminal and says how to go on; the next call says what was kept" {
  slow 0
  rm slow/sw-classify
  # shellcheck disable=SC2016 # the variables are the script's
  printf '#!/usr/bin/env bash\n[ -e %q ] || sleep 0.3\nexec %q "$@"\n' "$PWD/quick" "$(readlink slow/sw-agg | sed 's/sw-agg$/sw-classify/')" >slow/sw-classify
  chmod +x slow/sw-classify
  terminal 160 30
  command="'$TREE/pipelines/report' -j 1 -b 100K -o out '$data/orders.csv'"
  tmux -L sw send-keys -t sw "$command" Enter
  await shows '^chunks .*USE\|^STAGE .*USE'
  view >picture
  grep -q '^orders  *to come' picture
  grep -q '^\[' picture
  await shows '^running '
  tmux -L sw send-keys -t sw C-c
  await shows '^report: stopped; what is done stays, and the same call goes on from there'
  touch quick
  tmux -L sw send-keys -t sw "$command; echo \"after \$?\"" Enter
  await shows '^after 0'
  tmux -L sw capture-pane -p -S - -t sw >picture
  tmux -L sw kill-server
  grep -qE '^report: goes on: [1-9][0-9]* of [1-9][0-9]* chunks are there from before' picture
}
