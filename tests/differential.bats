#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Random files through every route (tests/differential.py): a few rounds; make check has a minute of it, make soak more.

bats_require_minimum_version 1.5.0
load helper

setup() { cd "$BATS_TEST_TMPDIR" || return; }

differential() { python3 "$TREE/tests/differential.py" "$@"; }

@test "differential: every route of a few random files comes to the same" {
  skip_without python3 gzip
  differential --seed 1 --rounds 3 --rows 100
}

# bats test_tags=check
@test "differential: a program that loses a row is found, with the seed and a small file" {
  skip_without python3
  mkdir bin
  ln -s "$SW_BIN"/* bin
  rm bin/sw-cut
  # shellcheck disable=SC2016
  printf '#!/bin/sh\n"%s/sw-cut" "$@" | sed 9d\n' "$SW_BIN" >bin/sw-cut
  chmod +x bin/sw-cut
  SW_BIN=$PWD/bin expect_status 1 differential --seed 1 --rounds 9 --route whole --keep kept
  [[ $output == *'repeat it: tests/differential.py --seed '*' --rounds 1 '*' --route whole'* ]]
  [[ $output == *"with 8 rows, kept in $PWD/kept: "* ]]
  [[ $(wc -l <kept/rows.csv) -le 12 ]]
}
