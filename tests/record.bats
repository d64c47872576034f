#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The record stream against a reader written from its manual page alone.

load helper

setup() {
  here=$BATS_TEST_DIRNAME
  python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' \
    <"$here/vectors/record-1.0.hex" >"$BATS_TEST_TMPDIR/vector.swr"
}

@test "record: the manual's reader decodes the test vector" {
  python3 "$here/record_reader.py" <"$BATS_TEST_TMPDIR/vector.swr" | diff - "$here/vectors/record-1.0.tsv"
}

@test "record: the suite reads the test vector, streams of three kinds one behind the other" {
  sw-cut -f tsv "$BATS_TEST_TMPDIR/vector.swr" >"$BATS_TEST_TMPDIR/ours"
  sed '$d; s/\\N//g' "$here/vectors/record-1.0.tsv" | diff - "$BATS_TEST_TMPDIR/ours"
  sw-info --verify "$BATS_TEST_TMPDIR/vector.swr"
}

@test "record: the digest is the manual's" {
  run sw-info --digest "$BATS_TEST_TMPDIR/vector.swr"
  [ "$output" = "$(tail -n 1 "$here/vectors/record-1.0.tsv")" ]
}

@test "record: the manual's reader agrees on what sw-chunk writes, compressed or not" {
  sw-gen --rows 3000 --seed 4 --full -o "$BATS_TEST_TMPDIR"
  for table in orders trades nbbo; do
    sw-chunk "$BATS_TEST_TMPDIR/$table.csv" >"$BATS_TEST_TMPDIR/$table.swr"
    sw-optimize -z 9 "$BATS_TEST_TMPDIR/$table.swr" >"$BATS_TEST_TMPDIR/$table.small.swr"
    for file in "$table" "$table.small"; do
      python3 "$here/record_reader.py" <"$BATS_TEST_TMPDIR/$file.swr" >"$BATS_TEST_TMPDIR/theirs"
      sw-cut -f tsv "$BATS_TEST_TMPDIR/$file.swr" >"$BATS_TEST_TMPDIR/ours"
      sed '$d; s/\\N//g' "$BATS_TEST_TMPDIR/theirs" | diff - "$BATS_TEST_TMPDIR/ours"
      [ "$(sw-info --digest "$BATS_TEST_TMPDIR/$file.swr")" = "$(tail -n 1 "$BATS_TEST_TMPDIR/theirs")" ]
    done
  done
}
