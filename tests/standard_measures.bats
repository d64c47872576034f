#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The standard measures of tables that are no orders: those of the columns that are there, the first called by what a row is.

bats_require_minimum_version 1.5.0
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# expected FIRST FILE KEY: the report of trades or quotes by one of their own columns, from their CSV; measures as sw-agg(1) lists them.
expected() {
  python3 - "$@" <<'PY'
import csv, sys
from decimal import Decimal, ROUND_HALF_UP, getcontext
getcontext().prec = 60
first, path, key = sys.argv[1:]
aliases = {"tradetime": "timestamp", "securitycode": "security_code", "orderbookid": "security_code", "tradeprice": "price"}
rows = [{aliases.get(name, name): text for name, text in row.items()} for row in csv.DictReader(open(path))]
def fixed(number):
    return f"{number.quantize(Decimal('0.000001'), ROUND_HALF_UP):f}"
def plain(number):
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
def measures(rows):
    yield first, len(rows)
    if "quantity" in rows[0]:
        quantities, prices = ([Decimal(row[name]) for row in rows] for name in ("quantity", "price"))
        mean = sum(quantities) / len(rows)
        yield "quantity_sum", plain(sum(quantities))
        yield "quantity_mean", fixed(mean)
        yield "quantity_std", fixed((sum((q - mean) ** 2 for q in quantities) / (len(rows) - 1)).sqrt()) if len(rows) > 1 else ""
        yield "value_sum", plain(sum(q * p for q, p in zip(quantities, prices)))
        yield "price_mean", fixed(sum(prices) / len(rows))
        yield "price_min", plain(min(prices))
        yield "price_max", plain(max(prices))
        yield "participants", len({row["participantid"] for row in rows})
    yield "securities", len({row["security_code"] for row in rows})
    times = [int(row["timestamp"]) for row in rows]
    yield "dates", len({(time + 36000 * 10**9) // (86400 * 10**9) for time in times})
    yield "first_timestamp", min(times)
    yield "last_timestamp", max(times)
groups = {}
for row in rows:
    groups.setdefault(int(row[key]) if key else 0, []).append(row)
names = [name for name, _ in measures(rows)]
print(*([key] if key else []), *names, sep=",")
for value in sorted(groups):
    print(*([value] if key else []), *(number for _, number in measures(groups[value])), sep=",")
PY
}

# check FIRST FILE: reports and groups of the file, by one process, by parts, and by the pipeline.
check() {
  local first=$1 file=$2 key report
  sw-chunk "$file" >all.swr
  sw-agg --tz +10:00 --reports all -o got all.swr
  sw-chunk --block-rows 50 "$file" | sw-agg --tz +10:00 >one
  cmp one <(expected "$first" "$file" '')
  for report in security_code:by_security participantid:by_participant; do
    key=${report%:*}
    [ -e "got/${report#*:}.csv" ] || continue
    cmp "got/${report#*:}.csv" <(expected "$first" "$file" "$key")
    sw-agg --tz +10:00 -g "$key" all.swr | cmp - "got/${report#*:}.csv"
  done
  { echo metric,value; paste -d, <(head -1 one | tr , '\n') <(tail -1 one | tr , '\n'); } | cmp - got/global_summary.csv
  { head -1 "$file"; sed -n '2,20p' "$file"; } >head.csv
  { head -1 "$file"; sed -n '21,$p' "$file"; } >tail.csv
  for part in head tail; do sw-chunk "$part.csv" | sw-agg --tz +10:00 --reports all --partial -o "$part.part"; done
  sw-agg --merge -o merged tail.part head.part
  diff -r got merged
  "$TREE/pipelines/report" --tz +10:00 -o out -b 64K "$file" 2>/dev/null
  diff <(cd got && grep . ./*.csv) <(cd out/aggregated && grep . ./*.csv)
  gzip -c "$file" >file.csv.gz
  "$TREE/pipelines/report" --tz +10:00 -o zipped file.csv.gz 2>/dev/null
  diff <(cd got && grep . ./*.csv) <(cd zipped/aggregated && grep . ./*.csv)
  rm -rf got merged out zipped
}

@test "standard measures: of trades, a side a row, as Python has them" {
  sw-gen --rows 3000 --securities 4 -o .
  check trade_sides trades.csv
  [ "$(head -1 one)" = trade_sides,quantity_sum,quantity_mean,quantity_std,value_sum,price_mean,price_min,price_max,participants,securities,dates,first_timestamp,last_timestamp ]
}

@test "standard measures: of quotes; reports by what they have not are left out, and refused by name" {
  sw-gen --rows 3000 --securities 4 -o .
  check quotes nbbo.csv
  [ "$(head -1 one)" = quotes,securities,dates,first_timestamp,last_timestamp ]
  sw-agg --reports all -o got all.swr
  same "$(cd got && echo *)" 'aggregation_summary.json by_date.csv by_security.csv by_security_date.csv by_time_of_day.csv global_summary.csv timeseries_daily.csv timeseries_hourly.csv'
  expect_status 2 sw-agg --reports by_date,by_order_size -o none all.swr
  same "$output" "sw-agg: --reports: 'by_order_size' is by a column that is not there: 'size'"
  [ ! -e none ]
}

@test "standard measures: of real trades and quotes" {
  skip_without real
  check trade_sides "$REAL/trades.csv"
  check quotes "$REAL/nbbo_no_price.csv"
}

@test "standard measures: the first is called by what a row is, and partial aggregates of others are not merged with them" {
  sw-gen --rows 500 --stdout orders >orders.csv
  sw-chunk orders.csv | sw-agg | head -1 | grep -q '^events,filled,'
  echo 'table deals
column price decimal:2
column quantity int' >deals.schema
  printf '%s\n' price,quantity 2.5,10 3,20 >deals.csv
  same "$(sw-chunk -t deals.schema deals.csv | sw-agg | tr '\n' ' ')" \
    'rows,quantity_sum,quantity_mean,quantity_std,value_sum,price_mean,price_min,price_max 2,30,15.000000,7.071068,85,2.750000,2.5,3 '
  sed -i '1a rows orders' deals.schema
  sw-chunk -t deals.schema deals.csv | sw-agg --partial >deals.part
  sw-agg --merge deals.part | grep -q '^orders,quantity_sum,'
  sw-chunk -t deals.schema deals.csv | sw-agg --reports all -o got
  same "$(cd got && echo *)" 'aggregation_summary.json by_order_size.csv global_summary.csv'
  sw-chunk orders.csv | sw-agg --partial >orders.part
  expect_status 1 sw-agg --merge orders.part deals.part
  printf '%s\n' price,quantity | sw-chunk -t deals.schema | sw-agg --reports all -o empty
  same "$(cat empty/by_order_size.csv)" size,orders,quantity_sum,quantity_mean,quantity_std,value_sum,price_mean,price_min,price_max
  grep -qx orders,0 empty/global_summary.csv
}

@test "standard measures: no fill ratio is above 1, on a real day" {
  skip_without real
  sw-chunk "$REAL/orders_day.csv" | sw-agg --reports all -o got
  python3 - "$REAL/orders_day.csv" got <<'PY'
import csv, glob, sys
from fractions import Fraction
rows = list(csv.DictReader(open(sys.argv[1])))
asked = lambda row: max(int(row["quantity"]), int(row["totalmatchedquantity"]), int(row["totalmatchedquantity"]) + int(row["leavesquantity"]))
summary = dict(csv.reader(open(sys.argv[2] + "/global_summary.csv")))
assert int(summary["quantity_sum"]) == sum(map(asked, rows))
assert abs(Fraction(summary["fill_ratio"]) - Fraction(sum(int(row["totalmatchedquantity"]) for row in rows), sum(map(asked, rows)))) <= Fraction(1, 2000000)
for path in glob.glob(sys.argv[2] + "/*_*.csv"):
    for row in csv.DictReader(open(path)):
        for name in ("fill_ratio", "fill_ratio_mean"):
            assert Fraction(row.get(name) or 0) <= 1, (path, row)
PY
}
