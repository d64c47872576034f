#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Values at the borders of 63, 64 and 127 bits, first nulls and second texts in the middle of a batch: borders.py (Python's integers).

bats_require_minimum_version 1.5.0
load helper

setup() { cd "$BATS_TEST_TMPDIR" || return; }

@test "borders: a number past 63 bits leaves those around it as they are" {
  skip_without python3
  { echo order_id,timestamp,sequence; printf '%s\n' 7,1,1 9784104765547851006,2,2 55,3,18446744073709551615 ,4,5 9223372036854775808,6,7; } |
    sed '5s/^/8/' >orders.csv
  sw-chunk orders.csv | sw-cut | cmp - orders.csv
  sw-chunk -e 'sequence > 0' orders.csv | sw-cut | cmp - orders.csv
  [ "$(sw-chunk orders.csv | sw-filter -e 'order_id == 55' --count)" = 1 ]
  [ "$(sw-chunk orders.csv | sw-agg -a 'n=distinct(order_id),i=min(order_id)' | tail -1)" = 5,7 ]
}

@test "borders: a short decimal that is past 64 bits leaves those around it as they are" {
  printf 'table t\ncolumn price decimal:13\n' >t.schema
  printf '%s\n' price 0.123456 9999999 0.654321 -9999999 0.5 >prices.csv
  sw-chunk -t t.schema prices.csv | sw-cut | cmp - prices.csv
}

@test "borders: every program, with columns that change their nature on the way" {
  skip_without python3
  python3 "$TREE/tests/borders.py" 1 7 11 13
}
