#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The loops of conditions (tests/mask_test.c): this CPU's vectors, portable code and the plainest way agree.
# bats file_tags=plain

bats_require_minimum_version 1.5.0
load helper

# With the sanitizers, where the compiler has them: a row number behind the room for them is seen.
setup_file() {
  cd "$TREE" || return
  local sanitizers=('-fsanitize=address,undefined' -fno-sanitize-recover=all)
  local build=("$CC" -std=gnu11 -D_GNU_SOURCE -O1 -Ilib tests/mask_test.c lib/kernels/{mask,cpu}.c)
  "${build[@]}" -o "$BATS_FILE_TMPDIR/plain_test"
  "${build[@]}" "${sanitizers[@]}" -o "$BATS_FILE_TMPDIR/mask_test" 2>"$BATS_FILE_TMPDIR/why" ||
    cp "$BATS_FILE_TMPDIR/plain_test" "$BATS_FILE_TMPDIR/mask_test"
}

@test "mask: ranges, joints and row numbers by this CPU's vectors and by portable code are the plainest way's" {
  "$BATS_FILE_TMPDIR/mask_test"
}

@test "mask: the same on a CPU without AVX, under qemu" {
  skip_without qemu-x86_64
  [ "$(uname -m)" = x86_64 ] || skip "not x86-64"
  qemu-x86_64 -cpu Nehalem "$BATS_FILE_TMPDIR/plain_test"
}
