#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# borders.py with many seeds (SEEDS="17 18": these).

load ../helper

@test "borders: every program, many times" {
  skip_without python3
  # shellcheck disable=SC2046,SC2086 # numbers, a word each
  python3 "$TREE/tests/borders.py" ${SEEDS:-$(seq 100 300)}
}
