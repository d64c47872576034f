#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The formulas of the scenarios: both ways of working them out give the same digits (tests/scenario_test.c).
# bats file_tags=plain

bats_require_minimum_version 1.5.0
load helper

@test "scenario: integers of 128 bits, where they are wide enough, give what rational numbers give" {
  test=$(test_program scenario_test)
  run "$test"
  [ "$status" -eq 0 ]
  # Most orders of ordinary sizes are worked out in integers, and hardly one of the largest.
  [[ ${lines[0]} =~ ^ordinary\ (8[5-9]|9[0-9])[0-9]{3}\ of\ 100000$ ]]
  [[ ${lines[1]} =~ ^decimal\ [5-9][0-9]{4}\ of\ 100000$ ]]
  [[ ${lines[2]} =~ ^large\ [0-9]{1,4}\ of\ 100000$ ]]
}
