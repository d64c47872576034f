#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The ten jobs of a new user, as examples/ has them: each is run, and what it prints is computed a second time.
# bats file_tags=check, plain

load helper
load peers

setup_file() {
  export DATA="$BATS_FILE_TMPDIR"
  sw-gen --rows 6000 --securities 6 --participants 5 --days 2 --seed 15 -o "$DATA"
  printf 'code,name,sector\r\n110621,"Coal, & Co",Mining\r\n118540,Bank,Finance\r\n126459,Gold,Mining\r\n1,Nobody,None\r\n' >"$DATA/names.csv"
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

example() {
  local name=$1
  shift
  "$TREE/examples/$name" "$@"
}

# with_orders <CODE: runs Python with `orders`, the last event of each order, as dictionaries of text.
with_orders() {
  {
    cat <<'PY'
import collections, csv, os, sys
from decimal import Decimal
from fractions import Fraction
data = os.environ["DATA"]
last = {}
for row in csv.DictReader(open(data + "/orders.csv")):
    key, place = (row["security_code"], row["order_id"]), (int(row["timestamp"]), int(row["sequence"]))
    if key not in last or place > last[key][0]:
        last[key] = place, row
orders = [row for _, row in last.values()]
def asked(row):
    quantity, matched, left = (int(row[name]) for name in ("quantity", "totalmatchedquantity", "leavesquantity"))
    return max(quantity, matched, matched + left)
def local(row):
    return int(row["timestamp"]) // 10**9 + 36000
def rounded(value, places=6):
    size = (2 * value.numerator * 10**places + value.denominator) // (2 * value.denominator)
    return f"{Decimal(size).scaleb(-places):.{places}f}"
def trades():
    market = ("1", "20", "46", "47", "49", "50", "51", "52", "90")
    return [row for row in csv.DictReader(open(data + "/trades.csv")) if row["dealsource"] in market]
PY
    cat
  } | python3 -
}

@test "jobs: the fill ratio by hour, to a plot" {
  skip_without gnuplot
  example plot-fill-ratio "it's.svg" "$DATA/orders.csv" >got
  with_orders >wanted <<'PY'
hours = collections.defaultdict(list)
for row in orders: hours[local(row) // 3600 % 24].append(row)
print("hour,orders,fill_ratio")
for hour in sorted(hours):
    matched = sum(int(row["totalmatchedquantity"]) for row in hours[hour])
    print(hour, len(hours[hour]), rounded(Fraction(matched, sum(map(asked, hours[hour])))), sep=",")
PY
  cmp wanted got
  [ "$(wc -l <got)" -gt 5 ]
  # a point for each hour
  same "$(grep -c "<use xlink:href='#gpPt0' transform" "it's.svg")" "$(($(wc -l <got)))"
}

@test "jobs: ids are whole in sqlite3 and in DuckDB" {
  skip_without sqlite3
  example ids-to-databases orders.db orders.parquet "$DATA/orders.csv" >/dev/null
  sed 1d "$DATA/orders.csv" | cut -d, -f1 | sort >ids
  sqlite3 orders.db 'SELECT order_id FROM orders' | sort | cmp ids -
  same "$(sqlite3 orders.db 'SELECT DISTINCT typeof(order_id) FROM orders')" integer
  need_peers
  node "$TREE/tests/export_duckdb.mjs" orders.parquet --query 'SELECT order_id FROM file' | tr -dc '0-9\n' | sort | grep . | cmp ids -
}

@test "jobs: the ten largest orders, readable" {
  example largest-orders "$DATA/orders.csv" >got
  with_orders >wanted <<'PY'
for row in sorted(orders, key=lambda row: (-asked(row), int(row["order_id"])))[:10]:
    print(row["order_id"], asked(row))
PY
  sed 1,2d got | awk '{ print $1, $7 }' | cmp wanted -
  sed 1,2d got | grep -cE ' 20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9.]+ ' | grep -qx 10
}

@test "jobs: the average price by five minutes; median and 95th percentile by security" {
  example vwap-by-five-minutes "$DATA/trades.csv" >got
  with_orders >wanted <<'PY'
import datetime
groups = collections.defaultdict(list)
for row in trades():
    start = (int(row["tradetime"]) // 10**9 + 36000) // 300 * 300
    groups[int(row["securitycode"]), start].append((Decimal(row["tradeprice"]), int(row["quantity"])))
print("security_code,from,vwap,sides,volume_of_sides")
for (code, start), rows in sorted(groups.items()):
    volume = sum(quantity for _, quantity in rows)
    time = datetime.datetime.fromtimestamp(start, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S+10:00")
    print(code, time, rounded(Fraction(sum(price * quantity for price, quantity in rows)) / volume), len(rows), volume, sep=",")
PY
  cmp wanted got
  [ "$(wc -l <got)" -gt 50 ]
  example quantiles-by-security "$DATA/orders.csv" >got
  with_orders >wanted <<'PY'
def quantile(values, p):
    values, place = sorted(values), (len(values) - 1) * p
    below = int(place)
    return values[below] + (values[min(below + 1, len(values) - 1)] - values[below]) * (place - below)
groups = collections.defaultdict(list)
for row in orders: groups[int(row["security_code"])].append(Fraction(asked(row)))
print("security_code,orders,median,p95")
for code in sorted(groups):
    print(code, len(groups[code]), rounded(quantile(groups[code], Fraction(1, 2))), rounded(quantile(groups[code], Fraction(19, 20))), sep=",")
PY
  cmp wanted got
}

@test "jobs: joined with names, and grouped by sector" {
  example volume-by-sector "$DATA/names.csv" "$DATA/trades.csv" >got
  with_orders >wanted <<'PY'
sectors = {row["code"]: row["sector"] for row in csv.DictReader(open(data + "/names.csv", newline=""))}
groups = collections.defaultdict(list)
for row in trades(): groups[sectors.get(row["securitycode"], "")].append(row)
print("sector,securities,sides,volume_of_sides,vwap")
for sector, rows in sorted(groups.items()):
    volume = sum(int(row["quantity"]) for row in rows)
    value = sum(Decimal(row["tradeprice"]) * int(row["quantity"]) for row in rows)
    print(sector, len({row["securitycode"] for row in rows}), len(rows), volume, rounded(Fraction(value) / volume), sep=",")
PY
  cmp wanted got
  same "$(wc -l <got)" 4
}

@test "jobs: two days are compared" {
  mapfile -t days < <(sw-chunk "$DATA/orders.csv" | sw-classify | sw-agg -g date -a 'n=count()' | sed 1d | sort -t, -k2nr | head -n 2 | cut -d, -f1 | sort)
  example two-days out "${days[@]}" "$DATA/orders.csv" >got
  with_orders "${days[@]}" >counts <<'PY'
import datetime
days = collections.Counter(datetime.datetime.fromtimestamp(local(row), datetime.timezone.utc).date().isoformat() for row in orders)
print(*(f"{count}" for _, count in sorted(days.most_common(2))), sep=",")
PY
  before=$(cut -d, -f1 counts) after=$(cut -d, -f2 counts)
  [ "$before" -ne "$after" ]
  grep -q "^global_summary,orders,value,$before,$after,$((after - before))," got
}

@test "jobs: a run is watched, stopped, and goes on" {
  sw-gen --rows 150000 --seed 3 --stdout orders >orders.csv
  example watch-stop-resume out orders.csv >said 2>&1
  grep -q 'STAGE .*DONE' said
  grep -q 'stopped with status 130' said
  report -o at-once orders.csv
  diff -r at-once/aggregated out/aggregated
}

@test "jobs: a study is explained by its page" {
  example study-page out "$DATA/trades.csv" "$DATA/nbbo.csv" "$DATA/orders.csv"
  grep -q '</html>' out/index.html
  savings=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } $1 == "unlimited" { print $at["savings"] }' out/aggregated/simulation_summary.csv)
  [ -n "$savings" ]
  grep -qF -- "$savings" out/index.html
}

@test "jobs: an installed suite in another directory" {
  env -u MAKEFLAGS -u MAKELEVEL make -s -C "$TREE" install PREFIX="$PWD/installed" >/dev/null
  example installed-elsewhere "$PWD/installed" work/folder "$DATA/orders.csv" >got
  diff got <(sw-chunk "$DATA/orders.csv" | sw-agg -g side -a 'events=count()')
  report -o at-once "$DATA/orders.csv"
  diff -r at-once/aggregated work/folder/out/aggregated
}

@test "jobs: a whole study by sweep.conf" {
  cat >study.conf <<END
orders = $DATA/orders.csv
trades = $DATA/trades.csv
nbbo = $DATA/nbbo.csv
steps = report, analyse
output = out
END
  example study-by-sweep study.conf
  [ -s out/index.html ]
  [ -s out/report/index.html ]
  analyse --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o by-hand "$DATA/orders.csv"
  diff -r by-hand/aggregated out/aggregated
}

@test "jobs: each is at most three lines of sw" {
  for job in plot-fill-ratio ids-to-databases largest-orders vwap-by-five-minutes quantiles-by-security volume-by-sector two-days watch-stop-resume \
    study-page installed-elsewhere study-by-sweep; do
    count=$(grep -v '^#' "$TREE/examples/$job" | grep -cE '(^|[^a-z-])sw [a-z]')
    [ "$count" -ge 1 ] && [ "$count" -le 3 ] || { echo "$job: $count"; return 1; }
  done
}
