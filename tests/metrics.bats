#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-metrics: the numbers that a computation with fractions has, four rows for every key, and what it refuses.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  sw-gen --rows 20000 --securities 12 --days 3 -o .
  python3 "$BATS_TEST_DIRNAME/classify_disturb.py" orders.csv trades.csv odd_orders.csv odd_trades.csv
  classify odd_orders.csv odd_trades.csv --all >classified.swr
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  ALL=$BATS_FILE_TMPDIR/classified.swr
}

# classify ORDERS.csv TRADES.csv [OPTION…]: classified orders, in the short layout.
classify() {
  { head -n 1 "$2"; tail -n +2 "$2" | sort -t, -k5,5n -k6,6n -k4,4n; } | sw-chunk >trades.swr
  { head -n 1 "$1"; tail -n +2 "$1" | sort -t, -k3,3n -k1,1n -k2,2n -k12,12n; } | sw-chunk |
    sw-classify --trades trades.swr "${@:3}" 2>/dev/null
}

oracle() {
  python3 "$BATS_TEST_DIRNAME/metrics_oracle.py" "$@"
}

# Classified orders by hand; the columns that metrics are made of. The last may be left out: nothing was booked.
header=order_id,security_code,group,order_quantity,totalmatchedquantity,traded_quantity,traded_value,last_timestamp,booked_quantity
orders() {
  printf 'table classified\ntime last_timestamp\n' >classified.schema
  printf 'column %s\n' 'order_id uint' 'security_code int' 'group text' 'order_quantity int' 'totalmatchedquantity int' \
    'traded_quantity int' 'traded_value decimal' 'last_timestamp time' 'booked_quantity int' >>classified.schema
  printf '%s\n' "$header" "$@" | sed -E '2,$s/^([^,]*,){7}[^,]*$/&,0/' | sw-chunk -t classified.schema
}

@test "metrics: overall, as fractions say" {
  sw-cut "$ALL" | oracle >theirs
  sw-metrics "$ALL" | diff theirs -
  sw-filter -H 10-12 "$ALL" >some.swr
  sw-cut some.swr | oracle >theirs
  sw-metrics <some.swr | diff theirs -
}

# bats test_tags=check
@test "metrics: by stored and derived keys, null keys first" {
  for keys in security_code exchangeordertype,side date,hour participantid,amended; do
    sw-cut -c "group,order_quantity,booked_quantity,totalmatchedquantity,traded_quantity,traded_value,$keys" "$ALL" >classified.csv
    # shellcheck disable=SC2046
    oracle $(tr , ' ' <<<"$keys") <classified.csv >theirs
    sw-metrics -g "$keys" "$ALL" | diff theirs -
  done
  sw-metrics -g exchangeordertype "$ALL" | sed -n 2p | grep -q '^,FULLY_FILLED,'
}

@test "metrics: sizes by their bounds, in the zone that is asked for" {
  sw-metrics -g size "$ALL" | cut -d, -f1 | uniq >sizes
  same "$(sed '/^$/d' sizes)" $'size\n<=1K\n1K-5K\n5K-10K\n10K-50K\n>50K'
  sw-metrics --sizes 100 -g size "$ALL" | cut -d, -f1 | uniq >sizes
  same "$(sed '/^$/d' sizes)" $'size\n<=100\n>100'
  sw-metrics --tz UTC -g hour "$ALL" | sed -n 2p >utc
  grep -q '^0,FULLY_FILLED' utc
}

@test "metrics: the real data has what is known of it" {
  skip_without real
  classify "$REAL/orders.csv" "$REAL/trades.csv" | sw-filter -H 10-16 | sw-metrics >got
  same "$(cat got)" 'group,orders,full_fills,partial_fills,quantity_traded,asked_quantity,avg_execution_cost,order_fill_ratio
FULLY_FILLED,26,26,0,62968,62968,3361.570560,1.000000
PARTIALLY_FILLED,3,0,3,692,5300,3380.679191,0.130566
NOT_EXECUTED,0,0,0,0,0,,
OVERALL,29,26,3,63660,68268,3361.778275,0.932501'
}

@test "metrics: no rows: four rows of nothing, with keys a header" {
  orders >none.swr
  same "$(sw-metrics none.swr)" 'group,orders,full_fills,partial_fills,quantity_traded,asked_quantity,avg_execution_cost,order_fill_ratio
FULLY_FILLED,0,0,0,0,0,,
PARTIALLY_FILLED,0,0,0,0,0,,
NOT_EXECUTED,0,0,0,0,0,,
OVERALL,0,0,0,0,0,,'
  [ "$(sw-metrics -g security_code none.swr | wc -l)" -eq 1 ]
}

@test "metrics: an order without a group counts in OVERALL only; halves round away from zero" {
  orders 1,9,,10,,3,1.0000,5 2,9,FULLY_FILLED,2000000,1,2000000,1,5 3,9,PARTIALLY_FILLED,2000000,-1,2000000,-3,5 >few.swr
  same "$(sw-metrics few.swr | tail -n +2)" 'FULLY_FILLED,1,1,0,1,2000000,0.000001,0.000001
PARTIALLY_FILLED,1,0,1,-1,2000000,-0.000002,-0.000001
NOT_EXECUTED,0,0,0,0,0,,
OVERALL,3,1,1,0,4000010,0.000000,0.000000'
}

@test "metrics: what was booked was neither filled nor asked for" {
  orders 1,9,FULLY_FILLED,100,100,60,120,5,40 2,9,PARTIALLY_FILLED,50,30,10,30,5,20 3,9,NOT_EXECUTED,70,7,0,0,5,7 >booked.swr
  same "$(sw-metrics booked.swr | tail -n +2)" 'FULLY_FILLED,1,1,0,60,60,2.000000,1.000000
PARTIALLY_FILLED,1,0,1,10,30,3.000000,0.333333
NOT_EXECUTED,1,0,0,0,63,,0.000000
OVERALL,3,1,1,70,153,2.142857,0.457516'
}

@test "metrics: sums past 64 bits are exact, past 128 an error that names the group" {
  max=9223372036854775807
  orders "1,9,FULLY_FILLED,$max,$max,1,0,5" "2,9,FULLY_FILLED,$max,$max,1,0,5" >large.swr
  sw-metrics large.swr | cut -d, -f5,6,8 | sed -n 2p >got
  same "$(cat got)" 18446744073709551614,18446744073709551614,1.000000
  top=170141183460469231731687303715884105727
  value=${top::-4}.${top: -4}
  orders "1,9,FULLY_FILLED,1,1,1,$value,5" "2,9,FULLY_FILLED,1,1,1,0.0001,5" >larger.swr
  expect_status 1 sw-metrics -o out.csv larger.swr
  same "$output" 'sw-metrics: group group=FULLY_FILLED: avg_execution_cost: out of range: more than 127 bits with 6 decimals'
  [ ! -e out.csv ]
  expect_status 1 sw-metrics -g security_code larger.swr
  same "$output" 'sw-metrics: group security_code=9,group=FULLY_FILLED: avg_execution_cost: out of range: more than 127 bits with 6 decimals'
  # sums that come back from there, within a group or of all of them
  large=("1,9,FULLY_FILLED,1,1,1,$value,5" "2,9,FULLY_FILLED,1,1,1,$value,5" "3,9,PARTIALLY_FILLED,1,1,1,$value,5")
  back=("4,9,FULLY_FILLED,1,1,1,-$value,5" "5,9,FULLY_FILLED,1,1,1,-$value,5" "6,9,PARTIALLY_FILLED,1,1,1,-$value,5" "7,9,PARTIALLY_FILLED,2,2,2,16,5")
  for order in "${large[*]} ${back[*]}" "${back[*]} ${large[*]}"; do
    # shellcheck disable=SC2086
    orders $order | sw-metrics | cut -d, -f1,7 >got
    same "$(cat got)" $'group,avg_execution_cost\nFULLY_FILLED,0.000000\nPARTIALLY_FILLED,4.000000\nNOT_EXECUTED,\nOVERALL,2.000000'
  done
}

@test "metrics: tsv and JSON lines" {
  sw-metrics -f tsv "$ALL" | tr '\t' , | diff - <(sw-metrics "$ALL")
  sw-metrics -g security_code -f jsonl "$ALL" | python3 -c '
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1])))
lines = [json.loads(line, parse_float=str) for line in sys.stdin]
assert len(rows) == len(lines)
for row, line in zip(rows, lines):
    assert {name: "" if value is None else str(value) for name, value in line.items()} == row, (row, line)
    assert isinstance(line["asked_quantity"], str)
' <(sw-metrics -g security_code "$ALL")
  sw-metrics --json-numbers -f jsonl "$ALL" | grep -q '"asked_quantity":[0-9]'
}

@test "metrics: the split of the input changes nothing" {
  sw-metrics -g security_code,hour "$ALL" >whole
  sw-filter -e 'side == 1' --block-rows 7 "$ALL" >buy.swr
  sw-filter -e 'side == 2' "$ALL" >sell.swr
  sw-metrics -g security_code,hour buy.swr sell.swr | diff whole -
  cat sell.swr buy.swr | sw-metrics -g security_code,hour | diff whole -
}

@test "metrics: what it refuses" {
  sw-gen --rows 10 --stdout orders | sw-chunk >orders.swr
  expect_status 1 sw-metrics orders.swr
  [[ $output == *"orders.swr: no column 'group': not classified orders" ]]
  orders 1,9,MOSTLY_FILLED,1,1,1,1,5 >strange.swr
  expect_status 1 sw-metrics -o out.csv strange.swr
  [[ $output == *"group: not a group of classified orders: 'MOSTLY_FILLED'" ]]
  [ ! -e out.csv ]
  expect_status 2 sw-metrics -g nothing "$ALL"
  [[ $output == *"nothing"* ]]
  expect_status 2 sw-metrics -g group "$ALL"
  expect_status 2 sw-metrics -g side,side "$ALL"
  expect_status 2 sw-metrics -g , "$ALL"
  expect_status 2 sw-metrics -f xml "$ALL"
  expect_status 2 sw-metrics --tz Nowhere/Else "$ALL"
  orders 1,9,FULLY_FILLED,1,1,1,1,5 | sw-cut | sed '1s/security_code/orders/' >named.csv
  sed -i 's/security_code/orders/' classified.schema
  sw-chunk -t classified.schema named.csv >named.swr
  expect_status 2 sw-metrics -g orders named.swr
  [[ $output == *"--group: 'orders' is the name of a metric" ]]
}
