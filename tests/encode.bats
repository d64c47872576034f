#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The small encodings of a column (tests/encode_test.c): every shape there and back, vectors against the portable code, nonsense.

bats_require_minimum_version 1.5.0
load helper

setup_file() {
  ENCODE_TEST=$(test_program encode_test)
  export ENCODE_TEST
}

@test "encode: every shape of numbers, texts and nulls comes back, the same bytes each time, never larger than 1.0" {
  "$ENCODE_TEST" round-trips
}

@test "encode: vectors and the portable code spread, pack, unpack, set apart and number alike" {
  "$ENCODE_TEST" twins
}

@test "encode: bytes that make no sense are refused or read as something, and no more" {
  "$ENCODE_TEST" damage 2000
}

# bats test_tags=check
@test "encode: the same on a CPU without AVX, under qemu" {
  skip_without qemu-x86_64
  [ "$(uname -m)" = x86_64 ] || skip "not x86-64"
  [[ $SW_BIN != *asan* ]] || skip 'a sanitizer is not for qemu'
  qemu-x86_64 -cpu Nehalem "$ENCODE_TEST" twins
  qemu-x86_64 -cpu Nehalem "$ENCODE_TEST" damage 50
}
