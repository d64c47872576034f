#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What an order asked for in all, and what follows: size, value, fill_ratio, fill. Each is worked out here from its definition.

bats_require_minimum_version 1.5.0
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

@test "order_quantity: of every row of a real day, and no fill ratio is above 1" {
  skip_without real
  sw-chunk "$REAL/orders_day.csv" | sw-cut -c order_quantity,fill,fill_ratio,size,value >got.csv
  python3 - "$REAL/orders_day.csv" got.csv <<'PY'
import csv, sys
from decimal import Decimal, ROUND_HALF_UP, localcontext
rows, got = (list(csv.DictReader(open(name))) for name in sys.argv[1:])
assert len(rows) == len(got) == 28452
labels = [(1000, "<=1K"), (5000, "1K-5K"), (10000, "5K-10K"), (50000, "10K-50K")]
changed = 0
for row, out in zip(rows, got):
    quantity, left, matched = (int(row[name]) for name in ("quantity", "leavesquantity", "totalmatchedquantity"))
    asked = max(quantity, matched, matched + left)
    changed += asked != quantity
    with localcontext() as context:
        context.prec = 60
        ratio = (Decimal(matched) / asked).quantize(Decimal(10) ** -18, ROUND_HALF_UP)
    assert int(out["order_quantity"]) == asked, row
    assert 0 <= Decimal(out["fill_ratio"]) == ratio <= 1, row
    assert out["fill"] == ("none" if matched == 0 else "full" if matched == asked else "partial"), row
    assert out["size"] == next((label for bound, label in labels if asked <= bound), ">50K"), row
    assert Decimal(out["value"]) == Decimal(row["price"]) * asked, row
assert changed > 100
PY
}

@test "order_quantity: an order that was cancelled is not full, whether its rest is kept or set to 0" {
  printf '%s\n' order_id,timestamp,quantity,leavesquantity,totalmatchedquantity 1,2,500,200,300 2,2,500,0,300 3,2,300,0,300 \
    4,2,500,500,0 5,2,0,0,0 6,2,,,7 7,2,9,,  8,2,,5, 9,2,,5,4 | sw-chunk -t orders >rows.swr
  same "$(sw-cut -c order_id,order_quantity,fill,fill_ratio rows.swr | tr '\n' ' ')" \
    'order_id,order_quantity,fill,fill_ratio 1,500,partial,0.6 2,500,partial,0.6 3,300,full,1 4,500,none,0 5,0,none, 6,7,full,1 7,9,, 8,,, 9,9,partial,0.444444444444444444 '
  same "$(sw-filter -e 'order_quantity == null' rows.swr | sw-cut -c order_id | tr '\n' ' ')" 'order_id 8 '
}

@test "order_quantity: a table says as much of it as it can, and what it stores wins" {
  echo 'table deals
time timestamp
column timestamp time
column price decimal:2
column quantity decimal:3
column totalmatchedquantity int
column order_quantity int' >deals.schema
  printf '%s\n' timestamp,price,quantity 1,2.5,1000.001 2,3,0.5 | sw-chunk -t deals.schema >deals.swr
  same "$(sw-cut -c order_quantity,size,value deals.swr | tr '\n' ' ')" 'order_quantity,size,value 1000.001,1K-5K,2500.0025 0.5,<=1K,1.5 '
  expect_status 2 sw-cut -c fill deals.swr
  [[ $output == *"'totalmatchedquantity', which 'fill' is made from"* ]]
  expect_status 2 sw-filter -c quantity,order_quantity,nothing deals.swr
  printf '%s\n' timestamp,price 1,2.5 | sw-chunk -t deals.schema >prices.swr
  for name in order_quantity size value fill_ratio; do
    expect_status 2 sw-cut -c "$name" prices.swr
    [[ $output == *"no such column: '"*"', which '"*"' is made from"* ]]
  done
  printf '%s\n' timestamp,price,quantity,totalmatchedquantity,order_quantity 1,2,5,5,20000 2,2,5,5,5 | sw-chunk -t deals.schema >own.swr
  same "$(sw-cut -c order_quantity,size,value,fill,fill_ratio own.swr | tr '\n' ' ')" \
    'order_quantity,size,value,fill,fill_ratio 20000,10K-50K,40000,partial,0.00025 5,<=1K,10,full,1 '
  printf '%s\n' timestamp,quantity,totalmatchedquantity 1,5.5,5 2,5,5 | sw-chunk -t deals.schema |
    sw-cut -c order_quantity,fill,fill_ratio >mixed.csv
  same "$(tr '\n' ' ' <mixed.csv)" 'order_quantity,fill,fill_ratio 5.5,partial,0.909090909090909091 5,full,1 '
}

@test "order_quantity: what CSV is selected by is what records are, and no block is passed over for it" {
  sw-gen --rows 3000 --stdout orders | awk -F, -v OFS=, 'NR > 1 && NR % 5 == 0 { $6 = int($6 / 3) } 1' >orders.csv
  sw-chunk --block-rows 100 orders.csv >orders.swr
  for what in 'order_quantity > quantity' 'fill == "partial" && order_quantity > 1000' 'size == "5K-10K"' 'value > 1000000' \
    'fill_ratio > 0.5 || order_quantity * 2 < 100' 'nanos < 39600000000000 && order_quantity != null'; do
    [ "$(sw-filter --count -e "$what" orders.swr)" -gt 0 ]
    sw-chunk -e "$what" orders.csv | sw-cut | cmp - <(sw-filter -e "$what" orders.swr | sw-cut)
    for how in -g -a; do
      case $how in -g) words=(-g "order_quantity,fill,size" -a 'n=count()') ;; *) words=(-a "n=count($what)") ;; esac
      sw-filter -e "$what" orders.swr | sw-agg "${words[@]}" >got
      sw-filter -e "$what" orders.swr | sw-sort -k order_quantity:desc | sw-agg "${words[@]}" | cmp got -
    done
  done
}

@test "order_quantity: what does not fit is an error with the column, and a number of nanos is the time of day" {
  printf '%s\n' order_id,timestamp,quantity,leavesquantity,totalmatchedquantity 1,1725516166885349741,3,9000000000000000000,9000000000000000000 |
    sw-chunk -t orders >rows.swr
  same "$(sw-cut -c order_quantity,fill_ratio rows.swr | tail -1)" 18000000000000000000,0.5
  expect_status 1 sw-filter -c order_quantity -o none.swr rows.swr
  [[ $output == *order_quantity* ]]
  same "$(sw-cut --tz +10:00 -c nanos,time rows.swr | tail -1)" 57766885349741,16:02:46.885349741
  same "$(sw-filter --tz +10:00 -e 'nanos == 57766885349741' --count rows.swr)" 1
}
