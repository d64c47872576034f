# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# Runs that are killed, whose disks fill, whose files are damaged: shared by kill.bats, full-disk.bats, damage.bats and soak/.
#
#   endurance_data FOLDER ROWS [CHUNK]
#                                orders, trades, quotes, and an undisturbed run of every pipeline in FOLDER/whole
#   run_of PIPELINE [OPTION…]    the same run, into OUT of this folder: the one that is disturbed
#   same_results PIPELINE        its bytes are the undisturbed one's
#
# Whatever is drawn by lot comes from RANDOM, whose seed (SEED, by default the time) a failing test shows. Each test has a folder of its own
# to be in, and the data goes with the file's last one, unless the file says otherwise.

PIPELINES=(report extract convert analyse)

setup() {
  [[ -z ${LEFT_OUT-} ]] || skip "$LEFT_OUT"
  cd "$BATS_TEST_TMPDIR" || return
  echo "SEED=$SEED"
  RANDOM=$SEED
}

# leave_out WHY: in setup_file, for every test of the file; false. (`skip` there fails the file in bats 1.8.)
leave_out() {
  export LEFT_OUT=$1
  return 1
}

teardown_file() {
  [[ -z ${DATA-} ]] || rm -rf "$DATA"
}

endurance_data() {
  export DATA=$1 CHUNK=${3:-256K} SEED=${SEED:-$EPOCHSECONDS}
  mkdir "$DATA" "$DATA/whole" || return
  sw-gen --rows "$2" --securities 6 --days 2 --seed 5 -o "$DATA" || return
  local pipeline
  for pipeline in "${PIPELINES[@]}"; do undisturbed "$pipeline" || return; done
}

undisturbed() {
  mkdir "$DATA/whole/$1" || return
  (cd "$DATA/whole/$1" && SW_RUNNER=shell run_of "$1" 2>log) || return
  result_files "$1" "$DATA/whole/$1" >"$DATA/whole/$1.files"
}

# endurance_sweep: behind endurance_data, the same of pipelines/sweep, with all of them as its steps.
endurance_sweep() {
  printf '%s = %s\n' orders "$DATA/orders.csv" trades "$DATA/trades.csv" nbbo "$DATA/nbbo.csv" workers 2 chunk_size "$CHUNK" \
    steps report,extract,convert,analyse >"$DATA/sweep.conf"
  undisturbed sweep
}

run_of() {
  local pipeline=$1
  shift
  case $pipeline in
    report) report -j 2 -b "$CHUNK" -o out "$@" "$DATA/orders.csv" ;;
    extract) extract -j 2 -b "$CHUNK" -H 10-13 -o out.csv "$@" "$DATA/orders.csv" ;;
    convert) convert -j 2 -b "$CHUNK" -o out.swr "$@" "$DATA/orders.csv" ;;
    analyse) analyse -j 2 -b "$CHUNK" --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$@" "$DATA/orders.csv" ;;
    sweep) sweep -C "$DATA/sweep.conf" "$@" output="$PWD/out" ;;
  esac
}

# result_files PIPELINE FOLDER: what a user sees of a run there, with a digest each; the ledger is a part of it.
result_files() {
  case $1 in
    sweep) (cd "$2" && find_any out -type f ! -path '*/run/*' ! -path '*.run/*' -exec sha256sum {} + | sort -k 2) ;;
    report | analyse) (cd "$2" && find out -type f ! -path 'out/run/*' -exec sha256sum {} + | sort -k 2; [ ! -e out/run/ledger.csv ] || sha256sum out/run/ledger.csv) ;;
    *) (cd "$2" && find . -maxdepth 1 -name 'out*' -type f -exec sha256sum {} + | sort -k 2) ;;
  esac
}

same_results() {
  result_files "$1" . | diff "$DATA/whole/$1.files" - >&2
}

# What is whole of a run, with the file each of it is: nothing of that may be made again. An empty tally is one that is being written.
whole_parts() {
  find_any out out.*.run -size +0 \( -path '*run/parts/*.tally' -o -path '*run/securities/results/*/members' \) -printf '%p %i %T@\n' | sort
}

# The monitor of a run that was killed takes a moment to find out, and may write its account meanwhile.
forget_run() {
  local tries
  for ((tries = 0; tries < 100; tries++)); do
    if [ -z "${session-}" ] || ! pgrep -s "$session" >/dev/null; then break; fi
    sleep 0.05
  done
  rm -rf out out.*
}

# begin_run PIPELINE: begins it in a session of its own, whose number is `session`.
begin_run() {
  export -f run_of
  # shellcheck disable=SC2016 # for the inner shell
  setsid bash -c 'run_of "$0"' "$1" >log 2>&1 &
  session=$!
}

# processes_of WHOM: those of the session that are the pipeline, its GNU parallel, the jobs, the programs, the monitor.
processes_of() {
  case $1 in
    pipeline) pgrep -s "$session" -f 'pipelines/(report|extract|convert|analyse|sweep) ' ;;
    parallel) pgrep -s "$session" -x parallel ;;
    worker) pgrep -s "$session" -f 'pipelines/jobs/(run-chunk|sort-chunk|analyse-security) ' ;;
    program) pgrep -s "$session" '^sw-' | grep -vxF "$(processes_of monitor)" ;;
    monitor) pgrep -s "$session" -x sw-monitor ;;
    all) pgrep -s "$session" ;;
  esac
}

# kill_one WHOM: SIGKILL for one of them, or for all of the session.
kill_one() {
  local ids
  mapfile -t ids < <(processes_of "$1")
  [ "${#ids[@]}" -gt 0 ] || return 0
  if [ "$1" != all ]; then ids=("${ids[RANDOM % ${#ids[@]}]}"); fi
  kill -s KILL "${ids[@]}" 2>/dev/null || :
}

# disturb PIPELINE MILLISECONDS: begins a run, kills somebody within that time, lets what is left come to its end.
disturb() {
  local victims=(pipeline worker program monitor all) whom delay
  [ "${SW_RUNNER-}" != parallel ] || victims+=(parallel)
  whom=${victims[RANDOM % ${#victims[@]}]}
  printf -v delay '%d.%03d' $(($2 * (RANDOM % 100) / 100000)) $(($2 * (RANDOM % 100) / 100 % 1000))
  begin_run "$1"
  sleep "$delay"
  kill_one "$whom"
  # A run that lost a job or a program ends by itself, and says so; of one that was killed the jobs go on.
  wait "$session" 2>/dev/null || :
  printf '%s after %s s: %s\n' "$1" "$delay" "$whom"
}

# endure PIPELINE KILLS: a run that is killed so often, beginning anew where it got done meanwhile; after each kill what was whole stays.
endure() {
  local pipeline=$1 kills=$2 kill begin time option
  begin=${EPOCHREALTIME/./}
  run_of "$pipeline" 2>log || { cat log; return 1; }
  time=$(((${EPOCHREALTIME/./} - begin) / 1000))
  forget_run
  for ((kill = 1; kill <= kills; kill++)); do
    whole_parts >before
    disturb "$pipeline" "$time"
    whole_parts >after
    lost=$(comm -23 before after)
    if [ -n "$lost" ] && [ -n "$(whole_parts)" ]; then
      printf 'made again, or lost:\n%s\n' "$lost"
      return 1
    fi
    # now and then it may end, half the time without what is still running
    if [ $((RANDOM % 3)) -eq 0 ] || [ "$kill" -eq "$kills" ]; then
      option=()
      [ $((RANDOM % 2)) -eq 0 ] || option=(--kill-orphans)
      whole_parts >before
      run_of "$pipeline" "${option[@]}" >log 2>&1 || { cat log; return 1; }
      same_results "$pipeline" || return
      whole_parts >after
      if [ -s after ] && [ -n "$(comm -23 before after)" ]; then
        printf 'made again:\n%s\n' "$(comm -23 before after)"
        return 1
      fi
      forget_run
    fi
  done
}

# build_fault FILE: makes the library that has calls fail (tests/fault.c); FAULT_SO is its name. False where none can be preloaded.
build_fault() {
  export FAULT_SO=$1
  "$CC" -D_GNU_SOURCE -shared -fPIC -O1 -o "$1" "$TREE/tests/fault.c" 2>/dev/null &&
    ! FAULT=write:1:EIO LD_PRELOAD=$1 "$SW_BIN/sw-conf" --version >/dev/null 2>&1
}

# faulty_programs FOLDER: the programs there, each of which has its own calls disturbed as FAULT says; the shells and tools about them not.
faulty_programs() {
  local program
  mkdir -p "$1"
  ln -sfn "$TREE/share" "$1/../share"
  for program in "$SW_BIN"/sw-*; do
    printf '#!/bin/sh\nLD_PRELOAD=%s exec %s "$@"\n' "$FAULT_SO" "$program" >"$1/${program##*/}"
    chmod +x "$1/${program##*/}"
  done
}

# disturbed_run PIPELINE FAULT: it fails as it should or comes to the same; the next run, undisturbed, does.
disturbed_run() {
  local pipeline=$1 status=0
  [ -e faulty/bin ] || faulty_programs "$PWD/faulty/bin"
  SW_BIN=$PWD/faulty/bin FAULT=$2 run_of "$pipeline" >log 2>&1 || status=$?
  printf '%s with %s: %d\n' "$pipeline" "$2" "$status"
  case $status in
    0) ;;
    [123]) [ -s log ] ;;
    *) cat log; return 1 ;;
  esac || return
  nothing_broken "$pipeline" || { cat log; return 1; }
  [ "$status" -ne 0 ] || same_results "$pipeline" || return
  run_of "$pipeline" >log 2>&1 || { cat log; return 1; }
  same_results "$pipeline" || return
  forget_run
}

# small_disk: DISK, on which there is little room, and which is gone with no_small_disk. Needs root.
small_disk() {
  DISK=$BATS_TEST_TMPDIR/disk
  mkdir "$DISK"
  mount -t tmpfs -o size=64k none "$DISK" 2>/dev/null || skip 'no small disks: not root, or no tmpfs'
  cd "$DISK" || return
}

no_small_disk() {
  cd / || return
  umount "$DISK" 2>/dev/null || :
}

size_disk() {
  mount -o "remount,size=${1}k,nr_inodes=${2:-0}" "$DISK"
}

# shellcheck disable=SC2154 # output is set by bats' run
# fails_for_space COMMAND…
fails_for_space() {
  expect_status 3 "$@"
  [[ $output == *'No space left on device'* ]]
}

# What is there under a final name is what an undisturbed run has.
nothing_broken() {
  result_files "$1" . >"$BATS_TEST_TMPDIR/there"
  # shellcheck disable=SC2016 # for awk
  silent awk 'NR == FNR { known[$0]; next } !($0 in known)' "$DATA/whole/$1.files" "$BATS_TEST_TMPDIR/there"
}

# fill_within PIPELINE PERCENT…: a disk of so much of what the run's files take; folders take nothing of a small disk.
fill_within() {
  local pipeline=$1 whole percent
  shift
  whole=$(find "$DATA/whole/$pipeline" -type f -printf '%k\n' | awk '{ sum += $1 } END { print sum }')
  for percent; do
    size_disk $((whole * percent / 100 + 4))
    echo "$pipeline at $percent%"
    fails_for_space run_of "$pipeline" || return
    goes_on_with_space "$pipeline" || return
  done
}

# fill_every PIPELINE STEP: disks of every size, in steps of so many KiB (a page has 4), until one has room for the run.
fill_every() {
  local pipeline=$1 step=$2 size status=3
  for ((size = step; status != 0; size += step)); do
    size_disk "$size"
    status=0
    run_of "$pipeline" >"$BATS_TEST_TMPDIR/log" 2>&1 || status=$?
    echo "$pipeline on $size KiB: $status"
    case $status in
      0) same_results "$pipeline" || return ;;
      3) grep -q 'No space left on device' "$BATS_TEST_TMPDIR/log" || { cat "$BATS_TEST_TMPDIR/log"; return 1; } ;;
      *) cat "$BATS_TEST_TMPDIR/log"; return 1 ;;
    esac || return
    goes_on_with_space "$pipeline" || return
  done
}

# goes_on_with_space PIPELINE: nothing of the failed run is wrong, and the next one comes to what it should.
goes_on_with_space() {
  nothing_broken "$1" || return
  size_disk 1000000
  run_of "$1" 2>"$BATS_TEST_TMPDIR/log" || { cat "$BATS_TEST_TMPDIR/log"; return 1; }
  same_results "$1" || return
  rm -rf "${DISK:?}"/*
}
