#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The small encodings of a column (tests/encode_test.c): every shape there and back, vectors against the portable code, nonsense.
# bats file_tags=plain

bats_require_minimum_version 1.5.0
load helper

library=(lib/encode/{encode,decode{,_rows},sequence_{read,pick,plan,write},column_prediction{,_read},dictionary}.c
  lib/kernels/{bitpack,exceptions,narrow,first_seen_codes,scatter}.c lib/record/{format,schema,vector}.c
  lib/base/{number,bytes,error,shown,utf8,hash,memory,checksum}.c)

# With the sanitizers, where the compiler has them: memory is then of exactly the size that is asked for.
setup_file() {
  cd "$TREE" || return
  local sanitizers=('-fsanitize=address,undefined' -fno-sanitize-recover=all)
  echo 'int main(void) { return 0; }' >"$BATS_FILE_TMPDIR/none.c"
  "${CC:-cc}" "${sanitizers[@]}" -o "$BATS_FILE_TMPDIR/none" "$BATS_FILE_TMPDIR/none.c" 2>"$BATS_FILE_TMPDIR/why" ||
    sanitizers=()
  "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -O1 -g -Ilib "${sanitizers[@]}" -o "$BATS_FILE_TMPDIR/encode_test" \
    tests/encode_test.c "${library[@]}" -lz
  "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -O1 -Ilib -o "$BATS_FILE_TMPDIR/plain_test" \
    tests/encode_test.c "${library[@]}" -lz
}

@test "encode: every shape of numbers, texts and nulls comes back, the same bytes each time, never larger than 1.0" {
  "$BATS_FILE_TMPDIR/encode_test" round-trips
}

@test "encode: vectors and the portable code spread, pack, unpack, set apart and number alike" {
  "$BATS_FILE_TMPDIR/encode_test" twins
}

@test "encode: bytes that make no sense are refused or read as something, and no more" {
  "$BATS_FILE_TMPDIR/encode_test" damage 2000
}

@test "encode: the same on a CPU without AVX, under qemu" {
  skip_without qemu-x86_64
  [ "$(uname -m)" = x86_64 ] || skip "not x86-64"
  qemu-x86_64 -cpu Nehalem "$BATS_FILE_TMPDIR/plain_test" twins
  qemu-x86_64 -cpu Nehalem "$BATS_FILE_TMPDIR/plain_test" damage 50
}
