#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Runs that are killed: somebody, at a moment drawn by lot (tests/soak has the long version), and what that leaves behind.
# bats file_tags=check, plain

load helper
load endurance

setup_file() {
  endurance_data "$BATS_FILE_TMPDIR/data" 40000
}

# slow_ledger WORD COMMAND: programs in slow/bin, of which sw-ledger does something before it does what WORD asks for.
slow_ledger() {
  mkdir -p slow/bin
  ln -s "$TREE/share" slow/share
  ln -s "$SW_BIN"/sw-* slow/bin/
  rm slow/bin/sw-ledger
  # shellcheck disable=SC2016 # for the script
  printf '#!/bin/sh\n[ "$1" != %s ] || { %s; }\nexec %s "$@"\n' "$1" "$2" "$SW_BIN/sw-ledger" >slow/bin/sw-ledger
  chmod +x slow/bin/sw-ledger
}

@test "kill: runs that are killed at random moments go on, and make nothing again" {
  for pipeline in "${PIPELINES[@]}"; do
    SW_RUNNER=shell endure "$pipeline" 2
  done
}

@test "kill: the same with GNU parallel" {
  for pipeline in report analyse; do
    SW_RUNNER=parallel endure "$pipeline" 2
  done
}

@test "kill: a result half written is not left beside" {
  # a part that nobody writes, so that the run is killed while it writes the result; with an output that is no file sw-ledger delivers
  # shellcheck disable=SC2016 # for the script
  slow_ledger deliver 'for part in out.csv.gz.run/parts/*/*.rows; do rm "$part" && mkfifo "$part"; done'
  SW_BIN=$PWD/slow/bin setsid extract -j 1 --ledger /dev/null -o out.csv.gz "$DATA/orders.csv" 2>/dev/null &
  process=$!
  while [ ! -s out.csv.gz.run/unfinished ]; do kill -0 "$process"; sleep 0.02; done
  compgen -G 'out.csv.gz.*.tmp' >/dev/null
  kill -KILL -- "-$process"
  wait "$process" || :
  silent find . -name out.csv.gz
  extract -j 1 -o out.csv.gz "$DATA/orders.csv"
  same out.csv.gz "$(compgen -G 'out*')"
}

@test "kill: what a program was writing when it was killed is not left among the results" {
  for pipeline in report analyse; do
    forget_run
    run_of "$pipeline" 2>/dev/null
    for name in by_security_date.csv aggregation_summary.json; do echo half >"out/aggregated/$name.x4Yz0_.tmp"; done
    echo mine >out/aggregated/notes.tmp
    rm out/run/aggregated
    run_of "$pipeline" 2>/dev/null
    same out/aggregated/notes.tmp "$(compgen -G 'out/aggregated/*.tmp')"
    rm out/aggregated/notes.tmp
    same_results "$pipeline"
  done
}

@test "kill: a folder that was being made or removed is a run's, any other is not touched" {
  mkdir out.csv.run
  run_of extract
  same_results extract
  # its content goes first, its lock last
  mkdir out.csv.run
  : >out.csv.run/lock
  run_of extract
  same_results extract
  mkdir out.csv.run
  : >out.csv.run/mine
  expect_status 3 run_of extract
  [[ $output == *'is no folder of a run'* ]]
  [ -e out.csv.run/mine ]
}

@test "kill: --kill-orphans ends who holds the folder, and nobody whose number was written down there" {
  run_of report
  sleep 100 &
  innocent=$!
  (
    exec 8>>out/run/lock
    flock 8
    exec sleep 100
  ) 3>&- &
  orphan=$!
  printf '%d\there\t0\n' "$innocent" >out/run/running/1
  while flock -n out/run/lock true; do sleep 0.02; done
  run_of report --kill-orphans
  kill -0 "$innocent"
  expect_status 1 kill -0 "$orphan"
  kill "$innocent"
  same_results report
}

@test "kill: a folder that was removed while its lock was waited for is made anew" {
  run_of report
  flock out/run/lock -c 'sleep 0.7; rm out/run/lock' 3>&- &
  while flock -n out/run/lock true; do sleep 0.02; done
  run_of report
  # without it another run could come in
  [ -e out/run/lock ]
  same_results report
  wait
}

@test "kill: an interrupt of the pipeline alone ends it when the program that it waits for has ended" {
  slow_ledger rows 'sleep 2'
  SW_BIN=$PWD/slow/bin run python3 -c '
import signal, subprocess, sys, time
run = subprocess.Popen(sys.argv[1:], preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
time.sleep(1)
run.send_signal(signal.SIGINT)
sys.exit(run.wait())' report -j 1 -o out "$DATA/orders.csv"
  [ "$status" -eq 130 ]
  [ ! -e out/aggregated ]
}

@test "kill: make is killed, alone or with all that it began, and goes on" {
  [[ $SW_BIN == "$TREE/bin" ]] || skip 'not the build of this tree'
  run_make() {
    make --no-print-directory -C "$TREE" BIN="$SW_BIN" BUILD="$BATS_TEST_TMPDIR/build" ORDERS="$DATA/orders.csv" \
      TRADES="$DATA/trades.csv" NBBO="$DATA/nbbo.csv" OUT="$BATS_TEST_TMPDIR/out" WORKERS=2 CHUNK=256K -o all analyse
  }
  export -f run_make
  export BATS_TEST_TMPDIR TREE
  for whom in make .; do
    setsid bash -c run_make >log 2>&1 &
    session=$!
    until compgen -G 'out/run/parts/*/*.tally' >/dev/null; do sleep 0.02; done
    whole_parts >before
    pkill -KILL -s "$session" "$whom"
    wait "$session" || :
    # without its make a pipeline comes to its end; a second one would be refused until then
    while pgrep -s "$session" >/dev/null; do sleep 0.05; done
    run_make
    whole_parts >after
    silent comm -23 before after
    same_results analyse
    forget_run
  done
}

@test "kill: a program that is killed while securities are looked through takes no results along" {
  run_of analyse 2>/dev/null
  whole_parts >before
  mkdir -p slow/bin
  ln -s "$TREE/share" slow/share
  ln -s "$SW_BIN"/sw-* slow/bin/
  rm slow/bin/sw-ledger
  for word in securities plan; do
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/sh\n[ "$1" != %s ] || kill -KILL $$\nexec %s "$@"\n' $word "$SW_BIN/sw-ledger" >slow/bin/sw-ledger
    chmod +x slow/bin/sw-ledger
    SW_BIN=$PWD/slow/bin expect_status 3 run_of analyse
    [[ $output == *'a program was ended by signal 9'* ]]
    whole_parts >after
    cmp before after
  done
  # What is removed is removed by others.
  for program in grep cut find xargs; do
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/sh\ncase "$*" in *SEC_* | "-f 2 "* | "-0 rm "*) kill -KILL $$ ;; esac\nexec %s "$@"\n' "$(type -P $program)" >"slow/$program"
    chmod +x "slow/$program"
  done
  PATH=$PWD/slow:$PATH run_of analyse 2>/dev/null || :
  whole_parts >after
  cmp before after
  run_of analyse 2>/dev/null
  same_results analyse
}

@test "kill: a program that is killed while it opens the folder of a run is the system's failure" {
  mkdir -p slow/bin
  ln -s "$TREE/share" slow/share
  ln -s "$SW_BIN"/sw-* slow/bin/
  rm slow/bin/sw-job
  # who holds the folder opens it, too
  for words in '--open*--mask' '--open*--lock'; do
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/sh\ncase "$*" in %s*) kill -KILL $$ ;; esac\nexec %s "$@"\n' "$words" "$SW_BIN/sw-job" >slow/bin/sw-job
    chmod +x slow/bin/sw-job
    SW_BIN=$PWD/slow/bin expect_status 3 run_of report
    [[ $output == *'a program was ended by signal 9'* ]]
    [ ! -e out/aggregated ]
  done
}

@test "kill: a signal leaves nothing of what an analysis tries first" {
  mkdir tmp shim
  # what comes from a terminal is for all of its processes, also for the one that tidies up
  # shellcheck disable=SC2016 # for the script
  printf '#!/bin/sh\ncase "$*" in *tmp/sw.*) kill -TERM $PPID $$ ;; esac\nexec %s "$@"\n' "$(type -P rm)" >shim/rm
  chmod +x shim/rm
  TMPDIR=$PWD/tmp PATH=$PWD/shim:$PATH run_of analyse 2>/dev/null
  same_results analyse
  [ -z "$(ls -A tmp)" ]
}

@test "kill: a program that is killed while it looks for damage damages nothing" {
  run_of analyse 2>/dev/null
  whole_parts >before
  mkdir -p slow/bin
  ln -s "$TREE/share" slow/share
  ln -s "$SW_BIN"/sw-* slow/bin/
  # shellcheck disable=SC2016 # for the script
  printf '#!/bin/sh\n[ "$1" != --verify ] || kill -KILL $$\nexec %s "$@"\n' "$SW_BIN/sw-info" >info
  mv info slow/bin/sw-info
  chmod +x slow/bin/sw-info
  # what is damaged is only found by who reads it
  rm -f out/run/aggregated
  for file in out/run/securities/results/*/partial.swr; do printf x >>"$file"; break; done
  SW_BIN=$PWD/slow/bin expect_status 1 run_of analyse
  whole_parts >after
  cmp before after
  run_of analyse 2>/dev/null
  same_results analyse
}
