#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Random files through every route, for minutes (SOAK_SECONDS), from a seed that is different every time.

bats_require_minimum_version 1.5.0
load ../helper

@test "differential: every route of many random files comes to the same" {
  skip_without python3 gzip
  cd "$BATS_TEST_TMPDIR"
  python3 "$TREE/tests/differential.py" --seconds "${SOAK_SECONDS:-300}" >&3
}
