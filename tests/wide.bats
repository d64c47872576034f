#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The arithmetic past 128 bits, against Python's integers and fractions.
# bats file_tags=plain

bats_require_minimum_version 1.5.0

@test "wide: sums, products, quotients, roots and deviations are those of Python" {
    cd "$BATS_TEST_DIRNAME/.."
    "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -O1 -Ilib -o "$BATS_TEST_TMPDIR/wide" \
        tests/wide_test.c lib/base/{sum,wide,number,error,shown,utf8,bytes,memory}.c
    python3 tests/wide_test.py cases >"$BATS_TEST_TMPDIR/cases"
    python3 tests/wide_test.py answers >"$BATS_TEST_TMPDIR/answers"
    "$BATS_TEST_TMPDIR/wide" <"$BATS_TEST_TMPDIR/cases" >"$BATS_TEST_TMPDIR/results"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/results")" -gt 30000 ]
    diff "$BATS_TEST_TMPDIR/answers" "$BATS_TEST_TMPDIR/results" | head -5
    cmp "$BATS_TEST_TMPDIR/answers" "$BATS_TEST_TMPDIR/results"
}
