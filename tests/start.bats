#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What a pipeline costs before and behind its work: programs started, the shell twice (surroundings.sh). Each takes a
# millisecond or more.
# bats file_tags=plain

load helper

# Files that were changed just now are looked into again when they have been read, which takes a program: so these are left to age.
setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  sw-gen --rows 3000 --securities 5 --days 2 --seed 3 -o . >/dev/null
  sw-chunk orders.csv >orders.swr
  sw-filter -e 'side == 1' orders.swr >bids.swr
  until [ $(($(date +%s) - $(stat -c %Z bids.swr))) -gt 3 ]; do sleep 0.2; done
}

setup() {
  skip_without strace
  [[ $SW_BIN != *asan* ]] || skip 'a sanitizer is not to be traced'
  cd "$BATS_TEST_TMPDIR" || return
  strace -f -o probe true 2>/dev/null || skip 'nothing can be traced here'
  ln -s "$BATS_FILE_TMPDIR"/{orders.csv,orders.swr,bids.swr} .
}

# started COMMAND…: how many programs it starts, itself included; without what bats and GNU parallel export, which makes it begin anew.
started() {
  env -i "PATH=$PATH" "SW_BIN=$SW_BIN" LC_ALL=C strace -f -qq -e trace=execve -e status=successful -o trace "$@" >/dev/null
  grep -c 'execve(' trace
}

@test "start: one chunk is extracted by few programs" {
  [ "$(started extract -j 2 -s 1 -o out.csv orders.csv)" -le 7 ] # one of them says why nothing is selected
  [ "$(started extract -j 2 -p 3 -H 10-15 -o out.csv orders.swr)" -le 7 ]
}

@test "start: one chunk is converted by few programs" {
  [ "$(started convert -j 2 -o out.swr orders.csv)" -le 6 ]
}

@test "start: a further chunk is one program" {
  one=$(started extract -j 2 -b 1G -o one.csv orders.csv)
  chunks=$(sw-chunk --plan -b 20K orders.csv | wc -l)
  [ "$chunks" -gt 5 ]
  many=$(started extract -j 2 -b 20K -o many.csv orders.csv)
  cmp one.csv many.csv
  [ $((many - one)) -le "$chunks" ]
}

@test "start: a report of one chunk is few programs, one that is up to date fewer" {
  # One may wait for the monitor; of orders two find out what the table's reports read.
  [ "$(started report --per event -j 2 -o events orders.swr)" -le 12 ]
  [ "$(started report --per event -j 2 -o events orders.swr)" -le 6 ]
  [ "$(started report -j 2 -o out orders.swr)" -le 21 ]
  [ "$(started report -j 2 -o out orders.swr)" -le 8 ]
}

@test "start: more inputs are not more programs ahead of the chunks" {
  two=$(started extract -j 2 -b 1G -o out.csv orders.csv orders.swr)
  three=$(started extract -j 2 -b 1G -o out.csv orders.csv orders.swr bids.swr)
  [ $((three - two)) -le 5 ]
}
