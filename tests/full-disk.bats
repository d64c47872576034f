#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Disks that fill while something is written: the message says where, the status is 3, nothing broken has a final name, and with
# space again the same command comes to the same bytes. Needs root, for small disks.

load helper
load endurance

setup_file() {
  endurance_data "$BATS_FILE_TMPDIR/data" 40000
}

setup() {
  DISK=$BATS_TEST_TMPDIR/disk
  mkdir "$DISK"
  mount -t tmpfs -o size=64k none "$DISK" 2>/dev/null || skip 'no small disks: not root, or no tmpfs'
  cd "$DISK" || return
}

teardown() {
  cd / || return
  umount "$DISK" 2>/dev/null || :
}

size_disk() {
  mount -o "remount,size=${1}k,nr_inodes=${2:-0}" "$DISK"
}

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
    fails_for_space run_of "$pipeline"
    nothing_broken "$pipeline"
    size_disk 1000000
    run_of "$pipeline" 2>log || { cat log; return 1; }
    same_results "$pipeline"
    rm -rf "${DISK:?}"/*
  done
}

@test "full disk: a report stops and goes on, from its first file to its results" {
  fill_within report 0 3 12 40 80 94
}

@test "full disk: an extract does" {
  # the parts and the result are there at once
  fill_within extract 0 30 90 110 170
}

@test "full disk: a conversion does" {
  fill_within convert 0 30 90 110 150
}

@test "full disk: an analysis does, in its chunks, its securities and its aggregates" {
  fill_within analyse 0 5 20 50 85 97
}

@test "full disk: the same under GNU parallel" {
  SW_RUNNER=parallel fill_within report 12 80
  SW_RUNNER=parallel fill_within analyse 50
}

@test "full disk: no place for another file's name is told the same" {
  size_disk 1000000 60
  fails_for_space run_of report
  nothing_broken report
  size_disk 1000000 100000
  run_of report
  same_results report
}

@test "full disk: a result, a ledger and bad rows elsewhere" {
  # the run's folder has room; the disk of the ledger has none
  head -c 65536 /dev/zero >filler || :
  (
    cd "$BATS_TEST_TMPDIR"
    fails_for_space extract -j 1 -o out.csv --ledger "$DISK/ledger.csv" "$DATA/orders.csv"
    [ ! -e out.csv ]
  )
  [ ! -e ledger.csv ]
  rm filler
  (cd "$BATS_TEST_TMPDIR" && extract -j 1 -o out.csv --ledger "$DISK/ledger.csv" "$DATA/orders.csv")
  [ "$(tail -n 1 ledger.csv | cut -d , -f 2)" -eq "$(($(wc -l <"$DATA/orders.csv") - 1))" ]
}

@test "full disk: a sort's spill" {
  size_disk 256
  sw-chunk "$DATA/orders.csv" >"$BATS_TEST_TMPDIR/orders.swr"
  fails_for_space sw-sort -k quantity -S 1M -T "$DISK" -o "$BATS_TEST_TMPDIR/sorted.swr" "$BATS_TEST_TMPDIR/orders.swr"
  [[ $output == *"$DISK"* ]]
  [ ! -e "$BATS_TEST_TMPDIR/sorted.swr" ]
  silent ls -A "$DISK"
}

@test "full disk: the files of a split" {
  size_disk 1024
  sw-chunk "$DATA/orders.csv" >"$BATS_TEST_TMPDIR/orders.swr"
  fails_for_space sw-split -k security_code,date -o "$DISK/{security_code}/{date}.swr" "$BATS_TEST_TMPDIR/orders.swr"
  [[ $output == *"$DISK/"* ]]
  silent find "$DISK" -type f
}
