#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What a file may ask for: lists and settings without an end, and blocks that unfold to more memory than a block may take.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  sw-gen --rows 100 --stdout orders >orders.csv
  sw-chunk orders.csv >orders.swr
}

# within MIB SECONDS STATUS COMMAND…: it ends with that status and a message, and takes no more.
within() {
  local mib=$1 seconds=$2 wanted=$3
  shift 3
  python3 "$BATS_TEST_DIRNAME/peak.py" --status "$wanted" "$mib" timeout "$seconds" "$@" 2>message
  [[ $wanted -eq 0 || -s message ]]
}

endless() {
  mkfifo "$1"
  yes "$2" >"$1" &
}

@test "limits: a list without an end is refused" {
  [[ $SW_BIN != *asan* ]] || skip 'under a sanitizer'
  for command in 'sw-filter -s @/dev/zero orders.swr' 'sw-filter -p @/dev/zero orders.swr' \
    'sw-sort -s @/dev/zero -k order_id orders.swr' 'sw-chunk -s @/dev/zero orders.csv' 'sw-chunk --plan -s @/dev/zero orders.csv' \
    'sw-conf check -C /dev/zero' 'sw-chunk -t /dev/zero orders.csv' 'sw-conf check orders=@/dev/zero'; do
    read -ra words <<<"$command"
    within 150 20 2 "${words[@]}"
    grep -Eq '(/dev/zero|standard input): (a |longer|.*more than)' message || { cat message; false; }
  done
  endless list 110621
  within 150 20 2 sw-filter -s @list orders.swr
  grep -q 'a list of more than' message
}

@test "limits: a list of a million values is taken, one of more is not" {
  seq 1 1048576 >list
  [ "$(sw-filter -s @list orders.swr | sw-info --digest)" = "$(sw-info --digest orders.swr)" ]
  seq 1 1048577 >list
  expect_status 2 sw-filter -s @list orders.swr
  [[ $output == *'a list of more than 1048576 values'* ]]
}

@test "limits: an expression is as deep as it may be, and no deeper" {
  expect_status 2 sw-filter -e "$(printf '(%.0s' {1..20000})1 == 1" orders.swr
  expect_status 2 sw-filter -e "$(printf '!%.0s' {1..20000}) side == 1" orders.swr
  expect_status 2 sw-filter -e "side == $(printf -- '-%.0s' {1..20000})1" orders.swr
}
