#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The arithmetic past 128 bits, and decimals as texts, against Python's integers and fractions.
# bats file_tags=plain

bats_require_minimum_version 1.5.0
load helper

@test "wide: sums, products, quotients, roots and deviations are those of Python" {
    cd "$BATS_TEST_DIRNAME/.."
    test=$(test_program wide_test)
    python3 tests/wide_test.py cases >"$BATS_TEST_TMPDIR/cases"
    python3 tests/wide_test.py answers >"$BATS_TEST_TMPDIR/answers"
    "$test" <"$BATS_TEST_TMPDIR/cases" >"$BATS_TEST_TMPDIR/results"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/results")" -gt 30000 ]
    diff "$BATS_TEST_TMPDIR/answers" "$BATS_TEST_TMPDIR/results" | head -5
    cmp "$BATS_TEST_TMPDIR/answers" "$BATS_TEST_TMPDIR/results"
}
