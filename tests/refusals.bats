#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # output is set by bats' run
# What is refused is named for what it is, with its place; and what only looks odd is taken.

bats_require_minimum_version 1.5.0
load helper

setup() { cd "$BATS_TEST_TMPDIR" || return; }

# three: three rows of orders.
three() { printf 'order_id,timestamp,price\n1,1725516166885300001,33.5\n2,1725516166885300002,\n3,1725516166885300003,4\n'; }
cut_of() { sw-chunk "$@" | sw-cut; }

# refused STATUS WORDS COMMAND…: it ends so, and its only line of output has the words.
refused() {
  local words=$2
  expect_status "$1" "${@:3}"
  [[ $output == *"$words"* && $output != *$'\n'* ]] && return
  printf 'not one line with "%s":\n%s\n' "$words" "$output" >&2
  return 1
}

@test "refusals: a gzip may be followed by zeros, as for gzip, and by nothing else" {
  local zeros
  cut_of <(three) >wanted
  three | gzip >one.gz
  { three | head -c 40 | gzip; three | tail -c +41 | gzip; } >two.gz
  for zeros in 1 2 511 300000; do # the last: more than is read at a time
    { cat one.gz; head -c "$zeros" /dev/zero; } >padded.gz
    gzip -dc padded.gz | cmp - <(three)
    cut_of padded.gz | cmp - wanted
    cut_of <padded.gz | cmp - wanted
  done
  { cat two.gz; head -c 700 /dev/zero; } | cut_of | cmp - wanted
}

@test "refusals: other bytes behind a gzip are told with the place where it ended" {
  local size behind cut
  three | gzip >one.gz
  { three | head -c 40 | gzip; three | tail -c +41 | gzip; } >two.gz
  size=$(wc -c <two.gz)
  for behind in rest '\037x' x; do
    { cat two.gz; printf '%b' "$behind"; } >rest.gz
    refused 1 "rest.gz: gzip: ended at byte $size, followed by bytes that are no gzip" sw-chunk -o out rest.gz
    [ ! -e out ]
  done
  for cut in 1 2 9 15; do # the beginning of another member: cut, not foreign
    { cat two.gz; head -c "$cut" one.gz; } >rest.gz
    refused 1 "rest.gz: gzip: ends early before byte $((size + cut))" sw-chunk -o out rest.gz
  done
  { cat two.gz; head -c 512 /dev/zero; cat one.gz; } >mixed.gz
  refused 1 "mixed.gz: gzip: ended at byte $size, followed by zeros and then other bytes" sw-chunk -o out mixed.gz
}
