#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Disks that fill while something is written: the message says where, the status is 3, nothing broken has a final name, and with
# space again the same command comes to the same bytes. Needs root, for small disks.
# bats file_tags=check, plain

load helper
load endurance

setup_file() {
  endurance_data "$BATS_FILE_TMPDIR/data" 40000
  endurance_sweep
}

setup() {
  small_disk
}

teardown() {
  no_small_disk
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

@test "full disk: all of them, one after another, from one file" {
  fill_within sweep 2 35 90
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
