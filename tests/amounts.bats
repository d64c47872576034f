#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The loops behind order_quantity, size, fill, fill_ratio and value (tests/amounts_test.c): each CPU's way and the definition give the same numbers.

bats_require_minimum_version 1.5.0
load helper

@test "amounts: quantities, sizes, fills, ratios and values by this CPU's vectors and by portable code are those of 128-bit arithmetic" {
  "$(test_program amounts_test)"
}

# bats test_tags=plain
@test "amounts: the same on a CPU without AVX, under qemu" {
  skip_without qemu-x86_64
  [ "$(uname -m)" = x86_64 ] || skip "not x86-64"
  qemu-x86_64 -cpu Nehalem "$(test_program amounts_test)"
}
