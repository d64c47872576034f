#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The loops of conditions (tests/mask_test.c): this CPU's vectors, portable code and the plainest way agree.

bats_require_minimum_version 1.5.0
load helper

@test "mask: ranges, joints and row numbers by this CPU's vectors and by portable code are the plainest way's" {
  "$(test_program mask_test)"
}

# bats test_tags=plain
@test "mask: the same on a CPU without AVX, under qemu" {
  skip_without qemu-x86_64
  [ "$(uname -m)" = x86_64 ] || skip "not x86-64"
  qemu-x86_64 -cpu Nehalem "$(test_program mask_test)"
}
