#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The record stream against a reader written from its manual page alone.

load helper

setup() {
  here=$BATS_TEST_DIRNAME
  for version in 1.0 1.1 1.2 2.3 2.4; do
    python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' \
      <"$here/vectors/record-$version.hex" >"$BATS_TEST_TMPDIR/$version.swr"
  done
}

@test "record: the manual's reader decodes the test vectors" {
  for version in 1.0 1.1 1.2 2.3 2.4; do
    python3 "$here/record_reader.py" <"$BATS_TEST_TMPDIR/$version.swr" | diff - "$here/vectors/record-$version.tsv"
  done
}

@test "record: the suite reads the test vectors, streams of several kinds one behind the other" {
  for version in 1.0 1.1 1.2 2.3 2.4; do
    sw-cut -f tsv "$BATS_TEST_TMPDIR/$version.swr" >"$BATS_TEST_TMPDIR/ours"
    sed '$d; s/\\N//g' "$here/vectors/record-$version.tsv" | diff - "$BATS_TEST_TMPDIR/ours"
    verified "$BATS_TEST_TMPDIR/$version.swr"
  done
}

@test "record: the vector of 1.1 has every encoding" {
  sw-info --blocks "$BATS_TEST_TMPDIR/1.1.swr" | cut -f 4 | sort -u >"$BATS_TEST_TMPDIR/kinds"
  for kind in constant frame dictionary packed delta lookup runs common; do
    grep -qx "$kind" "$BATS_TEST_TMPDIR/kinds"
  done
}

@test "record: the vector of 1.2 has every encoding that came with it" {
  sw-info --blocks "$BATS_TEST_TMPDIR/1.2.swr" | cut -f 4 | sort -u >"$BATS_TEST_TMPDIR/kinds"
  for kind in again shared difference; do grep -qx "$kind" "$BATS_TEST_TMPDIR/kinds"; done
}

@test "record: the vector of 2.4 has metadata, which the suite and the manual's reader know" {
  python3 "$here/record_reader.py" --about <"$BATS_TEST_TMPDIR/2.4.swr" | head -n 1 >"$BATS_TEST_TMPDIR/about"
  same "$(cat "$BATS_TEST_TMPDIR/about")" $'2.4\tquotes\tAustralia/Sydney\tgroup=code\tmeasures=n=count(),b=sum(bid)\tsizes=5,10'
  same "$(sw-info "$BATS_TEST_TMPDIR/2.4.swr" | sed -n 's/^made with  *//p' | sort)" \
    "$(tr '\t' '\n' <"$BATS_TEST_TMPDIR/about" | sed 1,3d)"
}

@test "record: the digest is the manual's" {
  for version in 1.0 1.1 1.2 2.3 2.4; do
    run sw-info --digest "$BATS_TEST_TMPDIR/$version.swr"
    same "$output" "$(tail -n 1 "$here/vectors/record-$version.tsv")"
  done
}

@test "record: the manual's reader agrees on what sw-chunk writes, compressed or not" {
  sw-gen --rows 1000 --seed 4 --full -o "$BATS_TEST_TMPDIR"
  for table in orders trades nbbo; do
    sw-chunk "$BATS_TEST_TMPDIR/$table.csv" >"$BATS_TEST_TMPDIR/$table.swr"
    sw-optimize -z 9 "$BATS_TEST_TMPDIR/$table.swr" >"$BATS_TEST_TMPDIR/$table.small.swr"
    for file in "$table" "$table.small"; do
      python3 "$here/record_reader.py" <"$BATS_TEST_TMPDIR/$file.swr" >"$BATS_TEST_TMPDIR/theirs"
      sw-cut -f tsv "$BATS_TEST_TMPDIR/$file.swr" >"$BATS_TEST_TMPDIR/ours"
      sed '$d; s/\\N//g' "$BATS_TEST_TMPDIR/theirs" | diff - "$BATS_TEST_TMPDIR/ours"
      same "$(sw-info --digest "$BATS_TEST_TMPDIR/$file.swr")" "$(tail -n 1 "$BATS_TEST_TMPDIR/theirs")"
    done
  done
}
