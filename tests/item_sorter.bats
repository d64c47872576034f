#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Plain items sorted in memory and on disk, against qsort.
# bats file_tags=plain

bats_require_minimum_version 1.5.0
load helper

@test "item sorter: items come out in order, from memory and from runs that are merged more than once" {
  local test kind seed
  test=$(test_program item_sorter_test)
  for kind in ascending mixed extreme; do
    for seed in 1 2; do
      [ "$("$test" 0 "$seed" "$kind" 1000000 "$BATS_TEST_TMPDIR")" = 0 ]
      [ "$("$test" 1 "$seed" "$kind" 1000000 "$BATS_TEST_TMPDIR")" = 1 ]
      [ "$("$test" 700 "$seed" "$kind" 1000000 "$BATS_TEST_TMPDIR")" = 700 ]
      [ "$("$test" 20000 "$seed" "$kind" 10000000 "$BATS_TEST_TMPDIR")" = 20000 ]
      # Runs of 1,024 items: two, and more than a merge takes at a time.
      [ "$("$test" 1500 "$seed" "$kind" 1 "$BATS_TEST_TMPDIR")" = "1500 from disk" ]
      [ "$("$test" 140000 "$seed" "$kind" 1 "$BATS_TEST_TMPDIR")" = "140000 from disk" ]
    done
  done
}
