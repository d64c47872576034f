#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The fuzz targets (tests/fuzz) fit the code, and hold for what they begin with and what fuzzing found. Without
# sanitizers, which make fuzz-replay has.
# bats file_tags=check, plain

bats_require_minimum_version 1.5.0
load helper

@test "fuzz: every target builds, and holds for its inputs" {
  command -v make >/dev/null || skip 'no make here'
  build=$BATS_TEST_TMPDIR/build
  targets=("$TREE"/tests/fuzz/targets/*.c)
  targets=("${targets[@]##*/}")
  mkdir "$build"
  # The objects of the programs' own build serve, where there are any.
  [[ ! -d $TREE/build/default/lib ]] || cp -rp "$TREE"/build/default/lib "$build"
  env -u MAKEFLAGS make -s -C "$TREE" BUILD="$build" CFLAGS='-O1 -g' FUZZ_LINK=tests/fuzz/replay.c fuzz-targets
  "$TREE/tests/fuzz/seeds" "$build/seeds"
  "$TREE/tests/fuzz/replay-all" "$build" "${targets[@]%.c}"
}
