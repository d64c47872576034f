#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2030,SC2031,SC2154 # output is bats' own, and each test has its own shell
#
# What happens to jobs: retries, time limits, policies for failures, jobs that are stopped and go on, what is kept, what is said.
# bats file_tags=plain

load helper

setup_file() {
  export DATA="$BATS_FILE_TMPDIR/data"
  sw-gen --rows 30000 --securities 4 --days 2 --seed 5 -o "$DATA"
  cd "$DATA" || return
  report --per event -j 1 -o whole orders.csv
  analyse -j 1 --trades trades.csv --nbbo nbbo.csv -o whole-analysis orders.csv 2>/dev/null
}

teardown_file() {
  rm -rf "$DATA"
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  export RUNS="$PWD/runs"
  : >"$RUNS"
}

# instead_of PROGRAM SCRIPT: the pipelines find this script, for sh, in place of the program; "$real" runs the program. Each run of it, of
# a chunk alone where it begins with that, is counted in $RUNS first, `nth` is its number.
instead_of() {
  local program first=
  [[ $2 != "$chunks_only"* ]] || first=$chunks_only
  mkdir -p shim/bin
  for program in "$SW_BIN"/sw-*; do ln -sf "$program" shim/bin/; done
  ln -sfn "$TREE/share" shim/share
  rm "shim/bin/$1"
  # shellcheck disable=SC2016 # for the script
  printf '#!/bin/sh\nreal="%s/%s"\n%s\nnth=$(flock "$RUNS" sh -c "echo x >>$RUNS; wc -l <$RUNS")\n%s\n' "$SW_BIN" "$1" "$first" "${2#"$first"}" >"shim/bin/$1"
  chmod +x "shim/bin/$1"
  export SW_BIN="$PWD/shim/bin"
}

# shellcheck disable=SC2016 # for the script
# The reports' partials are made by sw-chunk, a chunk each; what is no chunk goes through.
chunks_only='case " $* " in *" --partial "*) ;; *) exec "$real" "$@" ;; esac'

report_here() { report "${usual[@]}" "$@" "$DATA/orders.csv"; }
usual=(--per event -j 2 -b 512K -o out)

same_report() { diff -r "$DATA/whole/aggregated" out/aggregated; }

# none_alive FILE: the processes that it lists have ended, whether or not somebody has looked at their statuses.
none_alive() {
  local process state
  while read -r process; do
    state=$(sed 's/.*) //' "/proc/$process/stat" 2>/dev/null) || continue
    [[ $state == Z* ]] || { echo "$process is alive: $state" >&2; return 1; }
  done <"$1"
}

both_runners() {
  if [ "$1" = parallel ]; then skip_without parallel; fi
  export SW_RUNNER=$1
}

try_again() {
  both_runners "$1"
  # the first two chunks fail, by a signal and by a full disk
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    case $nth in 1) kill -KILL $$ ;; 2) echo "sw-chunk: part: No space left on device" >&2; exit 3 ;; esac
    exec "$real" "$@"'
  expect_status 3 report_here
  [[ $output == *'No space left'* ]]
  rm -rf out
  : >"$RUNS"
  expect_status 0 report_here --retries 2
  [[ $output == *'failed at first, and was tried again:'*'attempt 1:'*'No space left'*'attempt 2, the last one:'* ]]
  [ -s out/run/logs/1.1 ] || [ -s out/run/logs/2.1 ]
  same_report
}

@test "retries: a job that the system failed is tried again (shell)" {
  try_again shell
}

# bats test_tags=check
@test "retries: a job that the system failed is tried again (GNU parallel)" {
  try_again parallel
}

# bats test_tags=check
@test "retries and time limits hold on a further host, too" {
  skip_without parallel
  # the host is this machine, and says so to nobody
  # shellcheck disable=SC2016 # for the script
  printf '#!/bin/bash\nwhile [ "$1" != -- ]; do shift; done\nexec sh -c "$3"\n' >ssh
  chmod +x ssh
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    case $nth in 1) echo "sw-chunk: no luck" >&2; exit 3 ;; 2) sleep 60 ;; esac
    exec "$real" "$@"'
  export SW_SSH=$PWD/ssh SW_REMOTE_BIN=$SW_BIN
  expect_status 0 report_here --hosts 2/elsewhere --retries 1 --time-limit 4s
  [[ $output == *'failed at first, and was tried again:'*'no luck'* ]]
  [[ $output == *'took longer than its time limit'* ]]
  same_report
}

@test "retries: no more often than asked for, all attempts told; the next run makes what is missing" {
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    case "$*" in *"/142-"*) echo "sw-chunk: attempt $nth: no luck" >&2; exit 3 ;; esac
    exec "$real" "$@"'
  expect_status 3 report_here --retries 2 --on-failure never
  [ "$(grep -c 'no luck' <<<"$output")" -eq 3 ]
  [[ $output == *'chunk 1 ('*' failed:'*'attempt 1:'*'attempt 2:'*'attempt 3, the last one:'* ]]
  [[ $output == *'1 of 5 chunks failed; the others are done, and the next run makes only these'* ]] || { echo "$output" >&2; false; }
  [ ! -e out/aggregated/global_summary.csv ]
  SW_BIN=$TREE/bin report_here
  [ "$(wc -l <out/run/jobs)" -eq 1 ]
  same_report
}

@test "a runner's words on a stage that was ended are not told of the next one" {
  report_here
  echo 'parallel: SIGTERM received. No new jobs will be started.' >out/run/runner.log
  report_here -s 110621
  [ -s out/run/jobs ]
  [ ! -e out/run/runner.log ]
}

# bats test_tags=check
@test "a chunk whose shell is killed is told of, whose program is killed has failed; the next run makes both" {
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    [ -e "$RUNS.over" ] || case $nth in 2) kill -KILL $PPID; exit 1 ;; 4) kill -KILL $$ ;; esac
    exec "$real" "$@"'
  for runner in shell parallel; do
    [ "$runner" = shell ] || skip_without parallel
    : >"$RUNS"
    SW_RUNNER=$runner expect_status 3 report_here -j 1 --on-failure never
    [ ! -e out/aggregated/global_summary.csv ]
    [[ $output == *'chunk 2 ('*') did not finish'* ]]
    [[ $output == *'chunk 4 ('*') failed:'* ]]
    [ "$(find out/run/parts -name '*.tally' | wc -l)" -eq 3 ]
    touch "$RUNS.over"
    SW_RUNNER=$runner report_here
    [ "$(wc -l <out/run/jobs)" -eq 2 ]
    same_report
    rm -rf out "$RUNS.over"
  done
}

@test "a chunk whose shell is killed, and no other has failed: the run fails, and says how many did not finish" {
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    [ "$nth" -ne 2 ] || { kill -KILL $PPID; exit 1; }
    exec "$real" "$@"'
  expect_status 3 report_here -j 1
  [[ $output == *'chunk 2 ('*') did not finish'*'report: '[1-4]' of 5 chunks did not finish'* ]]
  [ ! -e out/aggregated/global_summary.csv ]
}

@test "a chunk whose program is killed when it has written all has failed all the same" {
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    [ "$nth" -ne 2 ] || { "$real" "$@"; kill -KILL $$; }
    exec "$real" "$@"'
  expect_status 3 report_here -j 1
  [[ $output == *'chunk 2 ('*') failed:'* ]]
  [ ! -e out/aggregated/global_summary.csv ]
}

@test "retries: never for wrong data" {
  sed '2000s/,[^,]*/,x/' "$DATA/orders.csv" >bad.csv
  # shellcheck disable=SC2016
  instead_of sw-chunk 'exec "$real" "$@"'
  expect_status 1 report -j 1 -b 64M -o out bad.csv
  once=$(wc -l <"$RUNS")
  rm -rf out
  : >"$RUNS"
  expect_status 1 report -j 1 -b 64M --retries 5 -o out bad.csv
  [[ $output == *'timestamp'* ]]
  [ "$(wc -l <"$RUNS")" -eq "$once" ]
}

time_limit() {
  both_runners "$1"
  # one chunk hangs, hears no SIGTERM, and has a child that hangs too
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    case "$*" in *"/142-"*) sleep 60 & echo $! >>"$RUNS.sleepers"; sleep 61 & echo $! >>"$RUNS.sleepers"; wait; wait ;; esac
    exec "$real" "$@"'
  begin=$SECONDS
  expect_status 3 report_here --time-limit 1s
  [[ $output == *'chunk 1 ('*'took longer than its time limit, 1 s, and was ended'* ]]
  [ $((SECONDS - begin)) -lt 30 ]
  none_alive "$RUNS.sleepers"
  [ "$(cut -f 1 out/run/status/1)" = 3 ]
}

@test "time limit: ends a job with all that it started (shell)" {
  time_limit shell
}

# bats test_tags=check
@test "time limit: ends a job with all that it started (GNU parallel)" {
  time_limit parallel
}

# bats test_tags=check
@test "time limit: what hears no SIGTERM is killed; an attempt that hangs is tried again" {
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    if [ $nth = 1 ]; then trap "" TERM; sleep 30; sleep 30; fi
    exec "$real" "$@"'
  begin=$SECONDS
  expect_status 0 report_here --time-limit 4s --retries 1
  [ $((SECONDS - begin)) -lt 25 ]
  [[ $output == *'failed at first, and was tried again:'*'took longer than its time limit'* ]]
  same_report
}

# fail_with POLICY: one of two jobs that run at once fails, the other takes a second.
fail_with() {
  rm -rf out
  : >"$RUNS"
  # shellcheck disable=SC2016
  [ -e shim ] || instead_of sw-chunk "$chunks_only"'
    case "$*" in *"/142-"*) sleep 0.3; exit 3 ;; esac
    sleep 1
    exec "$real" "$@"'
  expect_status 3 report_here --on-failure "$1"
  [[ $output == *'chunk 1 ('*' failed:'* ]]
  made=$(find out/run/parts -name '*.tally' | wc -l)
}

policies() {
  both_runners "$1"
  fail_with now
  [ "$made" -eq 0 ]
  [ "$(wc -l <"$RUNS")" -eq 2 ]
  fail_with soon
  [ "$made" -eq 1 ]
  fail_with never
  [ "$made" -eq 4 ]
  [ ! -e out/aggregated/global_summary.csv ]
}

@test "on failure: now ends the others, soon lets them finish, never goes on (shell)" {
  policies shell
}

# bats test_tags=check
@test "on failure: now ends the others, soon lets them finish, never goes on (GNU parallel)" {
  policies parallel
}

@test "on failure: of several failures the worst is the run's, whichever comes last" {
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    case $nth in 2 | 4) exit 1 ;; 3) exit 3 ;; esac
    exec "$real" "$@"'
  expect_status 3 report_here -j 1 --on-failure never
  [ "$(cut -f 1 out/run/status/* | sort | paste -s -d ' ')" = '0 0 1 1 3' ]
}

@test "on failure: never goes on behind wrong data, and makes only that again" {
  sed '2000s/,[^,]*/,x/' "$DATA/orders.csv" >bad.csv
  expect_status 1 extract -j 2 -b 512K --on-failure never -o out.csv bad.csv
  [ ! -e out.csv ]
  made=$(find out.csv.run/parts -name '*.tally' | wc -l)
  [ "$made" -eq 4 ]
  # without a policy nothing is kept of wrong data
  expect_status 1 extract -j 2 -b 512K -o out.csv bad.csv
  [ ! -e out.csv.run ]
}

# bats test_tags=check
@test "a job that is stopped has not ended, and goes on" {
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    sleep 0.5
    exec "$real" "$@"'
  SW_RUNNER=shell report_here &
  process=$!
  until [ -s out/run/running/1 ] && [ -s out/run/running/2 ]; do sleep 0.02; done
  # both that run, at once: none is left to wait for
  read -r first _ <out/run/running/1
  read -r second _ <out/run/running/2
  kill -STOP -- "-$first" "-$second"
  sleep 1.5
  [ ! -e out/run/running/3 ]
  [ ! -e out/run/status/1 ]
  kill -CONT -- "-$first" "-$second"
  wait "$process"
  same_report
  [ "$(wc -l <out/run/joblog)" -eq 6 ]
}

@test "workers: another number in WORK/workers holds from the next job on" {
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    echo 1 >"${RUNS%/*}/out/run/workers"
    date +%s%N >>"$RUNS.begin"
    sleep 0.3
    date +%s%N >>"$RUNS.end"
    exec "$real" "$@"'
  SW_RUNNER=shell report_here
  same_report
  # two began at once; from then on one after another
  [ "$(sort -n "$RUNS.begin" | sed -n 4p)" -gt "$(sort -n "$RUNS.end" | sed -n 3p)" ]
  [ "$(sort -n "$RUNS.begin" | sed -n 5p)" -gt "$(sort -n "$RUNS.end" | sed -n 4p)" ]
}

@test "signals: a run that is ended takes its jobs' attempts along" {
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    echo $$ >>"$RUNS.sleepers"
    sleep 30
    exec "$real" "$@"'
  for runner in shell parallel; do
    [ "$runner" = shell ] || command -v parallel >/dev/null || continue
    rm -rf out "$RUNS.sleepers"
    SW_RUNNER=$runner report "${usual[@]}" --retries 3 --time-limit 1h "$DATA/orders.csv" 2>/dev/null &
    process=$!
    until [ "$(wc -l 2>/dev/null <"$RUNS.sleepers")" = 2 ]; do sleep 0.05; done
    kill -TERM "$process"
    status=0
    wait "$process" || status=$?
    [ "$status" -eq 143 ]
    none_alive "$RUNS.sleepers"
    expect_status 0 flock -w 5 out/run/lock true
  done
}

@test "signals: a run that ignores hangups, as nohup has it, goes on with all of its processes" {
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    echo $$ >>"$RUNS.sleepers"
    until [ -e "$RUNS.told" ]; do sleep 0.05; done
    exec "$real" "$@"'
  for words in '' '--time-limit 1h'; do
    rm -rf out "$RUNS".*
    # shellcheck disable=SC2086 # words
    (trap '' HUP; exec setsid "$TREE/pipelines/report" "${usual[@]}" $words "$DATA/orders.csv") 2>/dev/null &
    process=$!
    until [ "$(wc -l 2>/dev/null <"$RUNS.sleepers")" = 2 ]; do sleep 0.05; done
    # shellcheck disable=SC2046 # numbers; some of them may be gone
    kill -HUP $(ps -s "$process" -o pid=) 2>/dev/null || :
    sleep 0.3
    : >"$RUNS.told"
    wait "$process"
    same_report
  done
}

@test "a security whose folders cannot be moved is the system's failure, whatever mv's status" {
  mkdir -p shim/bin
  # shellcheck disable=SC2016
  instead_of sw-info 'exec "$real" "$@"'
  printf '#!/bin/sh\necho "mv: no space" >&2\nexit 1\n' >shim/bin/mv
  chmod +x shim/bin/mv
  expect_status 3 analyse -j 1 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  [[ $output == *'mv: no space'* ]]
  rm shim/bin/mv
  analyse -j 1 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv" 2>/dev/null
  diff -r "$DATA/whole-analysis/by_security" out/by_security
  diff -r "$DATA/whole-analysis/aggregated" out/aggregated
}

@test "signals: a job whose caller ignores the ends of processes hears of those of its programs" {
  report -j 1 --keep-intermediate yes -o out "$DATA/orders.csv"
  for words in '' '--retries 1 --time-limit 60'; do
    command=(sw-job --job run-chunk -- "$PWD/out/run" 1)
    # shellcheck disable=SC2206 # words
    [ -z "$words" ] || command=(sw-job $words -- "$PWD/out/run" 1 "$TREE/pipelines/jobs/run-chunk")
    rm out/run/status/1
    PATH=$SW_BIN:$PATH python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execvp(sys.argv[1], sys.argv[1:])' "${command[@]}"
    same "$(cut -f 1 out/run/status/1)" 0
  done
}

# Of a script for instead_of: who is asked to end says so, which whoever is killed without having heard it cannot. Then it has begun.
# shellcheck disable=SC2016 # for the script
hears_term='
    trap '"'"'echo $$ >>"$RUNS.asked"; exit 143'"'"' TERM
    echo $$ >>"$RUNS.begun"'

# all_were_asked: all that began heard that they were to end, before their grace was over.
all_were_asked() {
  touch "$RUNS.begun" "$RUNS.asked"
  [ "$(sort "$RUNS.begun")" = "$(sort "$RUNS.asked")" ]
}

# ended PROCESS: it is, by SIGTERM.
ended() {
  local status=0
  kill -TERM "$1"
  wait "$1" || status=$?
  [ "$status" -eq 143 ]
}

@test "signals: GNU parallel ends a run that has just begun" {
  skip_without parallel
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only$hears_term"'
    while :; do sleep 0.05; done'
  SW_RUNNER=parallel report "${usual[@]}" "$DATA/orders.csv" 2>/dev/null &
  until [ -s out/run/runner ]; do sleep 0.01; done
  # from here on until its first job it takes the signal, and does nothing
  until grep -q '^SigCgt:.*[4-7c-f]...$' "/proc/$(cat out/run/runner)/status"; do :; done
  ended $!
  all_were_asked
  [ "$(find out/run/status -type f | wc -l)" -eq 0 ]
}

@test "signals: jobs that are suspended end with the run" {
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only$hears_term"'
    kill -s STOP 0
    exec "$real" "$@"'
  for runner in shell parallel; do
    [ "$runner" = shell ] || command -v parallel >/dev/null || continue
    rm -rf out "$RUNS.begun" "$RUNS.asked"
    SW_RUNNER=$runner report "${usual[@]}" "$DATA/orders.csv" 2>/dev/null &
    until [ "$(wc -l 2>/dev/null <"$RUNS.begun")" = 2 ]; do sleep 0.05; done
    ended $!
    all_were_asked
    none_alive "$RUNS.begun"
  done
}

# bats test_tags=check
@test "signals: a run of many short jobs ends, whenever the signal comes" {
  for at in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
    rm -rf out
    report -j 2 -b 8K -o out "$DATA/orders.csv" 2>/dev/null 3>&- &
    process=$!
    until [ -s out/run/status/2 ] || ! kill -0 "$process" 2>/dev/null; do sleep 0.01; done
    sleep "0.0$((at * 5 % 100 + 10))"
    kill -TERM "$process"
    timeout 10 tail --pid "$process" -f /dev/null || { pkill -KILL -P "$process"; kill -KILL "$process"; return 1; }
    status=0
    wait "$process" || status=$?
    [ "$status" -eq 143 ]
  done
}

# bats test_tags=check
@test "signals: a run ends where nobody takes over the processes that its jobs leave" {
  [[ $SW_BIN != *asan* ]] || skip 'a sanitizer looks for leaks with processes of its own'
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    echo "$nth" >>"$RUNS.counted"
    exec sleep 60'
  # as process 1 of many a container: it never looks at the statuses of what it inherits
  cat >nobody.py <<'EOS'
import ctypes, os, signal, subprocess, sys, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
run = subprocess.Popen(sys.argv[1:], stderr=subprocess.DEVNULL)
while sum(1 for _ in open(os.environ["RUNS"] + ".counted")) < 2: # until then the script has processes of its own
    time.sleep(0.05)
begin = time.monotonic()
run.send_signal(signal.SIGTERM)
print(run.wait(), "late" if time.monotonic() - begin > 4 else "soon")
EOS
  for runner in shell parallel; do
    [ "$runner" = shell ] || command -v parallel >/dev/null || continue
    rm -rf out
    : >"$RUNS"
    : >"$RUNS.counted"
    same '143 soon' "$(SW_RUNNER=$runner python3 nobody.py report "${usual[@]}" "$DATA/orders.csv")"
  done
}

@test "orphans: another run that waits for them, too, is not one" {
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    if [ $nth -le 2 ]; then sleep 60; fi
    exec "$real" "$@"'
  report "${usual[@]}" "$DATA/orders.csv" 2>/dev/null &
  process=$!
  until [ "$(wc -l <"$RUNS")" = 2 ]; do sleep 0.05; done
  kill -KILL "$process"
  wait "$process" || :
  report "${usual[@]}" "$DATA/orders.csv" 2>waits &
  process=$!
  until [ -s waits ]; do sleep 0.05; done
  # the one goes on when the other is done, or is told that the other writes there
  run report_here --kill-orphans
  [ "$status" -eq 0 ] || same 'report: out: another run writes there' "$output"
  wait "$process" || { cat waits; return 1; }
  same_report
}

@test "orphans: a killed run that nobody has asked for its status is dead all the same" {
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    if [ $nth -le 2 ]; then sleep 2; fi
    exec "$real" "$@"'
  # the shell that begins the run becomes a program that asks for nothing
  bash -c 'report "$@" 2>/dev/null & echo $! >run; exec sleep 60' "$0" "${usual[@]}" "$DATA/orders.csv" 3>&- &
  parent=$!
  until [ "$(wc -l <"$RUNS")" = 2 ]; do sleep 0.05; done
  kill -KILL "$(<run)"
  report_here
  kill "$parent"
  same_report
}

@test "orphans: a run that is about to end is waited for" {
  mkdir -p out/run
  flock out/run/lock sleep 0.7 3>&- &
  until ! flock -n out/run/lock true; do sleep 0.02; done
  report_here
  same_report
}

@test "orphans: keepers of a killed run are ended with their attempts" {
  # shellcheck disable=SC2016
  instead_of sw-chunk "$chunks_only"'
    if [ $nth -le 2 ]; then sleep 30; fi
    exec "$real" "$@"'
  report "${usual[@]}" --retries 3 "$DATA/orders.csv" 2>/dev/null &
  process=$!
  until [ "$(wc -l <"$RUNS")" = 2 ]; do sleep 0.05; done
  kill -KILL "$process"
  wait "$process" || :
  begin=$SECONDS
  report_here --kill-orphans
  [ $((SECONDS - begin)) -lt 20 ]
  same_report
}

@test "what is kept of a finished run" {
  run_of() { extract -j 2 -b 512K -o out.csv "$@" "$DATA/orders.csv"; }
  run_of
  [ ! -e out.csv.run ]
  run_of --keep-intermediate yes
  [ "$(find out.csv.run/parts -name '*.rows' | wc -l)" -eq 5 ]
  cp out.csv first.csv
  run_of --keep-intermediate yes
  [ ! -s out.csv.run/jobs ]
  cmp out.csv first.csv
  # options of another run: its parts alone are kept
  run_of --keep-intermediate yes -H 10
  [ "$(find out.csv.run/parts -name '*.rows' | wc -l)" -eq 5 ]
  run_of --keep-intermediate no
  [ ! -e out.csv.run ]
  cmp out.csv first.csv
}

# bats test_tags=check
@test "a report that keeps no parts is up to date as long as nothing changes" {
  report_here --keep-intermediate no
  [ -z "$(find out/run -name '*.partial')" ]
  same_report
  before=$(stat -c %Y.%i out/aggregated/*.csv)
  expect_status 0 report_here --keep-intermediate no
  same "$(stat -c %Y.%i out/aggregated/*.csv)" "$before"
  [ -z "$(find out/run -name '*.partial')" ]
  # the rows that were put aside stay
  sed '2000s/,[^,]*/,x/' "$DATA/orders.csv" >bad.csv
  for _ in 1 2; do report "${usual[@]}" --keep-intermediate no --bad-rows aside bad.csv; done
  [ "$(wc -l <aside)" -eq 1 ]
  report_here --keep-intermediate no
  rm out/aggregated/by_date.csv
  report_here
  [ "$(find out/run -name '*.partial' | wc -l)" -eq 5 ]
  same_report
}

# bats test_tags=check
@test "an analysis that keeps no parts is up to date as long as nothing changes" {
  run_of() { analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out --keep-intermediate no "$@" "$DATA/orders.csv"; }
  same_analysis() {
    diff -r "$DATA/whole-analysis/aggregated" out/aggregated
    diff -r "$DATA/whole-analysis/by_security" out/by_security
  }
  run_of 2>/dev/null
  [ -z "$(find out/run -name '*.swr')" ]
  [ -s out/run/ledger.csv ]
  same_analysis
  for mask in 022 077; do
    umask "$mask"
    expect_status 0 run_of
    [[ $output == *'out is up to date'* ]]
    [ -z "$(find out/run -name '*.swr')" ]
  done
  rm -r out/by_security/SEC_*/ -f
  run_of 2>/dev/null
  same_analysis
  expect_status 0 run_of --keep-intermediate yes
  [ -n "$(find out/run/parts -name '*.swr')" ]
  same_analysis
}

# bats test_tags=check
@test "log levels: failures, doubts, progress, every command" {
  sed '2000s/,[^,]*/,x/' "$DATA/orders.csv" >bad.csv
  for level in error warning info debug; do
    rm -rf out
    expect_status 0 report -j 1 --bad-rows rows.tsv --log-level "$level" -o out bad.csv
    printf '%s\n' "$output" >"$level"
    rm -rf out
    expect_status 1 report -j 1 --log-level "$level" -o out bad.csv
    [[ $output == *"bad.csv"*"timestamp"* ]]
  done
  [ ! -s error ] || [ -z "$(cat error)" ]
  grep -q '1 bad rows in rows.tsv' warning
  # all that info adds is the last line
  diff warning info | grep "^[<>]" >added || :
  grep -qE "^> report: [0-9]+ of [0-9]+ rows selected" added
  same "$(wc -l <added)" 1
  grep -q '^  + sw-chunk .* | sw-classify --partial ' debug
  grep -qE '^report: chunks: 1 jobs in [0-9]+ ms$' debug
  grep -q '^report: + sw-agg .*--merge ' debug
  grep -qE '^report: sw-agg took [0-9]+ ms$' debug
  for level in error warning info; do
    analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" --log-level "$level" -o "of-$level" "$DATA/orders.csv" 2>"of-$level.log"
    diff -r "$DATA/whole-analysis/aggregated" "of-$level/aggregated"
  done
  # what is done over all securities, too
  analyse -j 1 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" --log-level debug -o of-debug "$DATA/orders.csv" 2>of-debug.log
  diff -r "$DATA/whole-analysis/aggregated" of-debug/aggregated
  for program in 'sw-agg --reports all --merge' sw-metrics 'sw-metrics --group security_code' 'sw-simulate --summary'; do
    grep -q "^analyse: + $program .*-o .*/aggregated" of-debug.log
    grep -qE "^analyse: ${program%% *} took [0-9]+ ms$" of-debug.log
  done
  [ ! -s of-error.log ]
  grep -q '^sw-simulate: of the simulated orders ' of-warning.log
  expect_status 1 grep -q 'jobs of (security, date)' of-info.log
}

@test "usage: what is no number, time, policy or level" {
  for wrong in '--retries -1' '--retries 101' '--retries x' '--retries 01' '--time-limit 5' '--time-limit 0s' '--time-limit 1w' \
    '--time-limit 5 minutes' '--on-failure later' '--keep-intermediate maybe' '--log-level loud'; do
    expect_status 2 report_here "${wrong%% *}" "${wrong#* }"
    [[ $output == "report: ${wrong%% *}: not "*": '${wrong#* }'" ]]
  done
  [ ! -e out ]
  for pipeline in report extract convert analyse; do
    "$pipeline" --help >help
    for option in --retries --time-limit --on-failure --keep-intermediate --log-level; do grep -q -- "  $option " help; done
  done
}

# stage COUNT SCRIPT: a stage of that many jobs, and a command of them, for sh: $1 is the stage, $2 the name; `end STATUS` ends it.
stage() {
  rm -rf run
  mkdir -p run/{status,logs,running}
  seq "$1" >run/jobs
  # shellcheck disable=SC2016 # for the script
  printf '#!/bin/sh\nend() { echo "$1" >"$2/status/$3"; exit "$1"; }\n%s\n' "$2" >job-of-test
  chmod +x job-of-test
}

of_stage() { sw-job --stage run --run run --pipeline test "$@" "$PWD/job-of-test"; }

# shellcheck disable=SC2016 # for the scripts
@test "a stage: the verdict has the worst status, the number of jobs without one, and the names of those that failed" {
  stage 6 'echo "said by $2" >"$1/logs/$2"; case $2 in 2) end 1 "$@" ;; 4) end 3 "$@" ;; 5) kill -KILL $$ ;; 6) end 7 "$@" ;; esac; end 0 "$@"'
  same "$(of_stage --on-failure never --workers 3 2>said)" '3 2 2 4'
  same "$(cat said)" $'test: security  failed:\n  said by 2\ntest: security  failed:\n  said by 4'
  # Whoever has run them.
  same "$(of_stage --judge 2>/dev/null)" '3 2 2 4'
  echo '0 0 debug' >run/policy
  same "$(of_stage --judge 2>&1 >/dev/null | grep -c '^  said by')" 4
  stage 3 'end 0 "$@"'
  same "$(of_stage)" '0 0'
  same "$(of_stage --judge 2>&1)" '0 0'
}

# shellcheck disable=SC2016 # for the scripts
@test "a stage: as many jobs at a time as workers, in groups of their own, and no more than a policy lets begin" {
  stage 9 'echo + >>"$1/now"; read -r _ _ _ _ group _ </proc/$$/stat; [ "$group" = $$ ] || end 3 "$@"
    sleep 0.2; echo - >>"$1/now"; end 0 "$@"'
  same "$(of_stage --workers 3)" '0 0'
  awk '{ n += $1 == "+" ? 1 : -1; if (n > most) most = n } END { exit most != 3 || n != 0 }' run/now
  stage 9 'if [ $2 = 2 ]; then sleep 0.1; end 1 "$@"; fi; sleep 1; end 0 "$@"'
  same "$(of_stage --workers 3 2>/dev/null)" '1 6 2'
  same "$(cat run/status/* | paste -s -d ' ')" '0 1 0'
  stage 9 'if [ $2 = 2 ]; then sleep 0.1; end 1 "$@"; fi; sleep 30; end 0 "$@"'
  same "$(of_stage --workers 3 --on-failure now 2>/dev/null)" '1 8 2'
}

# shellcheck disable=SC2016 # for the scripts
@test "a stage: whose caller is gone begins no further job, and a signal ends those that run" {
  stage 9 'echo $$ >>"$1/ran"; sleep 0.5; end 0 "$@"'
  bash -c 'sw-job --stage run --run run --workers 2 "$PWD/job-of-test" >verdict & until [ -s run/ran ]; do sleep 0.02; done; kill -KILL $$' 3>&- || :
  for _ in $(seq 100); do [ ! -s verdict ] || break; sleep 0.1; done
  begun=$(wc -l <run/ran) # two workers' first ones, or what a loaded machine has come to
  [ "$begun" -lt 9 ]
  same "$(cat verdict)" "0 $((9 - begun))"
  stage 9 'echo $$ >>"$1/ran"; trap "" TERM; sleep 30; end 0 "$@"'
  sw-job --stage run --run run --workers 2 "$PWD/job-of-test" >verdict 3>&- &
  process=$!
  until [ "$(wc -l 2>/dev/null <run/ran)" = 2 ]; do sleep 0.02; done
  kill -TERM "$process"
  ended=0
  wait "$process" || ended=$?
  same "$ended" 143
  none_alive run/ran
  [ ! -s verdict ]
}

# shellcheck disable=SC2016 # for the scripts
@test "a stage: jobs are called what they are, and their ends logged" {
  stage 3 'echo wrong >"$1/logs/$2"; printf "1\\there\\t12.000001\\t13.500001\\n" >"$1/status/$2"; exit 1'
  printf '%s\0' first.csv $'sec\nond.csv' third.csv >run/inputs
  printf '%s\n' $'1\torders\t1\t142\t99r\tp' $'2\torders\t0\t0\t3f\tp' $'3\torders\t2\t0\twhole\tp' >run/jobs
  mv job-of-test a-chunk
  same "$(sw-job --stage run --run run --joblog --on-failure never "$PWD/a-chunk" 2>said)" '1 0 1 2 3'
  same "$(grep -v wrong said)" $'sw-job: chunk 1 (sec\\nond.csv, byte 142, length 99) failed:
sw-job: chunk 2 (3 files from first.csv to third.csv) failed:\nsw-job: chunk 3 (third.csv, byte 0, length whole) failed:'
  same "$(tail -n 1 run/joblog)" $'3\there\t12.000001\t1.500\t0\t0\t1\t0\t'"$PWD/a-chunk 3"
  same "$(wc -l <run/joblog)" 4
  printf '1\t4,5,6\n2\t7\n3\t8\n' >run/jobs
  mv a-chunk a-security
  sw-job --stage run --run run --judge "$PWD/a-security" 2>said
  same "$(sed -n '1p;3p' said)" $'sw-job: securities 4 to 6 failed:\nsw-job: security 7 failed:'
}

# files FOLDER: what there is of a run, but for the folders' times.
files() { find "$1" -type f -printf '%P %T@ %s\n' | sort; }

@test "a job that is shown is as it runs, and nothing of the run is touched" {
  report -j 1 -b 512K --keep-intermediate yes -o out "$DATA/orders.csv"
  files out >before
  sw-job --show --job run-chunk -- out/run 2 >shown
  sw-job --show --job fold-share -- out/run/orders 1 >>shown
  diff before <(files out)
  [ "$(grep -c '^sw-chunk --range .* | sw-classify --partial ' shown)" = 1 ]
  [ "$(grep -c '^sw-classify --merge --share 1/1 .* | sw-agg --reports all --partial ' shown)" = 1 ]
  part=$(cut -f 6 out/run/jobs | sed -n 2p)
  cp "out/run/$part.states" states
  rm "out/run/$part".*
  bash <(head -n 1 shown)
  same "$(sw-info --digest "out/run/$part.states")" "$(sw-info --digest states)"
  same "$(sw-job --show --job run-chunk -- out/run 2 1 2)" "$(for name in 2 1 2; do sw-job --show --job run-chunk -- out/run $name; done)"
  expect_status 3 sw-job --show --job run-chunk -- out/run 1 0
  expect_status 2 sw-job --show --job run-chunk -- out/run
  expect_status 2 sw-job --job run-chunk -- out/run 1 2
  expect_status 3 sw-job --show --job run-chunk -- out/run 0
  expect_status 3 sw-job --show --job run-chunk -- out/run two
  expect_status 3 sw-job --show --job run-chunk -- out/run 99
}

@test "a stage: usage" {
  stage 1 'end 0 "$@"'
  expect_status 2 of_stage --on-failure later
  expect_status 2 of_stage --retries 2
  expect_status 2 sw-job --stage run "$PWD/job-of-test"
  expect_status 2 sw-job --judge run 1 "$PWD/job-of-test"
  expect_status 2 sw-job --stage run --run run
  rm run/jobs
  expect_status 3 of_stage
}
