#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Columns made of others: what expressions are worth, beside Python's fractions and its time zones.

# shellcheck disable=SC2154
bats_require_minimum_version 1.5.0
load helper

setup() { cd "$BATS_TEST_TMPDIR" || return; }

@test "value: arithmetic and functions are what Python's fractions say, nulls too" {
  python3 "$BATS_TEST_DIRNAME/value_oracle.py" "${SEED:-$EPOCHSECONDS}"
}

# bats test_tags=plain
@test "value: buckets are counted from local midnight, across changes of the clock" {
  python3 - >times.csv <<'PY'
import datetime, random
print("at,n")
chance = random.Random(5)
for day in ("2024-04-06", "2024-10-05", "2024-07-01"):
    start = int(datetime.datetime.fromisoformat(day + "T12:00:00+00:00").timestamp()) * 10**9
    for i in range(200):
        print(f"{start + chance.randrange(30 * 3600 * 10**9)},{i}")
PY
  printf 'table t\ntime at\ncolumn at time\ncolumn n int\n' >t.schema
  sw-chunk -t t.schema times.csv >times.swr
  for width in 5m 7m 60m 90m 2h 1d 30s 3d; do
    sw-cut --tz Australia/Sydney -c "at,b=bucket(at,$width)" times.swr >got
    python3 - "$width" got <<'PY'
import csv, datetime, sys, zoneinfo
zone = zoneinfo.ZoneInfo("Australia/Sydney")
unit = {"s": 1, "m": 60, "h": 3600, "d": 86400}
width = int(sys.argv[1][:-1]) * unit[sys.argv[1][-1]]
for row in csv.DictReader(open(sys.argv[2])):
    second = int(row["at"]) // 10**9
    local = datetime.datetime.fromtimestamp(second, zone)
    clock = local.hour * 3600 + local.minute * 60 + local.second
    days = (local.date() - datetime.date(1970, 1, 1)).days
    begin = (days // (width // 86400) * (width // 86400) * 86400 if width > 86400 else days * 86400 + clock // width * width)
    offset = datetime.datetime.fromtimestamp(second - (days * 86400 + clock - begin), zone).utcoffset()
    want = (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=begin)).replace(tzinfo=datetime.timezone(offset)).isoformat()
    assert row["b"] == want, (row, want)
PY
  done
  for options in '--tz Australia/Sydney' '--tz UTC' '--tz America/New_York'; do
    # shellcheck disable=SC2086
    sw-cut $options -c 'b=bucket(at,60m)' --no-header times.swr | cmp - <(sw-cut $options -c 'hour_start' --no-header times.swr)
  done
  # In order as instants, though 02:55+11:00 has the greater bytes.
  sw-agg --tz Australia/Sydney -g 'bucket(at,5m)' -a 'first=min(n),from=min(at)' -f csv times.swr | tail -n +2 | awk -F , '{ print $NF }' >order
  sort -n order | cmp - order
  sw-agg --tz Australia/Sydney -g hour_start -a 'from=min(at)' times.swr | tail -n +2 | cut -d , -f 2 >order
  sort -n order | cmp - order
}

@test "value: a column by another name keeps its type, order and bounds" {
  sw-gen --rows 300 --stdout orders | sw-chunk >o.swr
  sw-cut -c order_id,price o.swr | sed '1s/.*/id,p/' >want
  sw-cut -c id=order_id,p=price o.swr | cmp - want
  sw-filter -c 'id=order_id,when=timestamp,code=security_code' o.swr | sw-info | grep -E 'id|when|code' | awk '{ print $1, $2 }' >got
  grep -qx 'id uint' got
  grep -qx 'when time' got
}

@test "value: filter, agg, split, join and pipelines take them alike" {
  sw-gen --rows 2000 --securities 3 --stdout orders >o.csv
  sw-chunk o.csv >o.swr
  sw-agg -g 'big=if(quantity > 1000, 1, 0)' -a 'n=count(),v=sum(price*quantity),m=mean(price*2),w=wmean(price/2, quantity)' o.swr >got
  sw-cut -c order_id,price,quantity --no-header o.swr | python3 -c '
import csv, sys
from fractions import Fraction as F
groups = {}
for _, p, q in csv.reader(sys.stdin):
    groups.setdefault(int(int(q) > 1000), []).append((F(p), int(q)))
def six(x):
    n = round(abs(x) * 10**6 + F(1, 10**9)) if (abs(x) * 10**6 * 2).denominator == 1 else round(abs(x) * 10**6)
    return f"{n // 10**6}.{n % 10**6:06}"
print("big,n,v,m,w")
for big, rows in sorted(groups.items()):
    v = sum(p * q for p, q in rows)
    w = sum(F(round(p / 2 * 10**18), 10**18) * q for p, q in rows) / sum(q for _, q in rows)
    print(f"{big},{len(rows)},{int(v) if v.denominator == 1 else float(v)},{six(sum(2 * p for p, _ in rows) / len(rows))},{six(w)}")' >want
  cmp want got
  # a quotient of sums, of columns that have parentheses of their own
  sw-filter -c 'a=if(side == 1, price, 0),b=greatest(quantity, 1)' o.swr | sw-agg -a 'x=sum(a)/sum(b)' >want
  sw-agg -a 'x=sum(if(side == 1, price, 0))/sum(greatest(quantity, 1))' o.swr | cmp - want
  sw-agg -a 'x=sum( if((side) == 1, price, 0) ) / sum( greatest((quantity), 1) )' o.swr | cmp - want
  sw-filter -c 'side,way=if(side == 1, "buy", "sell")' o.swr | sw-agg -g side,way -a 'n=count()' | tail -n +2 | cut -d , -f 1,2 >got
  same "$(cat got)" $'1,buy\n2,sell'
  sw-split -k 'way=if(side == 1, "buy", "sell")' -o 'parts/{way}.swr' o.swr
  same "$(ls parts)" $'buy.swr\nsell.swr'
  for part in 40K 1M; do
    report --per event -j 2 -b "$part" -g 'b=bucket(timestamp,30m)' -a 'n=count(),v=sum(price*quantity)' -o "out.$part" o.csv 2>log
    sw-agg -g 'b=bucket(timestamp,30m)' -a 'n=count(),v=sum(price*quantity)' o.swr | cmp - "out.$part/aggregated/groups.csv"
  done
  extract -j 2 -b 40K -c 'order_id,r=totalmatchedquantity/quantity' -o e.csv o.csv 2>log
  sw-cut -c 'order_id,r=totalmatchedquantity/quantity' o.swr | cmp - e.csv
}

@test "value: mistakes are wrong usage, with their place" {
  sw-gen --rows 10 --stdout orders | sw-chunk >o.swr
  refused() {
    run -2 --separate-stderr sw-cut -c "$1" o.swr
    [[ $stderr == *"$2"* ]] || { echo "$1: $stderr"; return 1; }
  }
  refused 'a=prize*2' "a=prize*2: expression:1: no such column: 'prize'"
  refused 'a=price*' 'a value is due'
  refused 'a=foo(1)' 'no such function'
  refused 'a=if(side == 1, 2)' 'if takes 3 arguments, not 2'
  refused 'a=if(side, 1, 2)' 'where a condition is due'
  refused 'a=if(side == 1, 2, "x")' 'beside'
  refused 'a=bucket(timestamp,5x)' 'a width is'
  refused 'a=bucket(timestamp,25h)' 'whole days'
  refused 'a=bucket(price,5m)' 'bucket does not go with a number'
  refused 'a=round(price,99)' 'a number of decimals'
  refused 'a=null' 'nothing but null'
  refused 'a=side == 1' 'true or false'
  refused 'side,side=price*2' 'a column already'
  refused '=price*2' "no name before the '='"
  refused 'a=if(bucket(timestamp,1h) == "x", 1, 2)' 'is not compared'
  refused 'a=if(bucket(timestamp,1h) == null, 1, 2)' 'is not compared'
  refused 'a=if(null != if(side == 1, "a", "b"), 1, 2)' 'is not compared'
  refused 'a=if(if(side == 1, "a", "b") in ("a"), 1, 2)' 'is not compared'
  run -2 --separate-stderr sw-cut -c prize o.swr
  same "$stderr" "sw-cut: no such column: 'prize'; is 'price' meant?"
  printf 'table t\ncolumn d decimal:0\n' >t.schema
  printf 'd\n170141183460469231731687303715884105727\n' | sw-chunk -t t.schema >big.swr
  run -1 --separate-stderr sw-cut -c 'a=d*2' big.swr
  [[ $stderr == *"the result of '*' does not fit 128 bits"* ]]
}

@test "value: a division in a condition" {
  sw-gen --rows 3000 --stdout orders | sw-chunk >o.swr
  n=$(sw-filter -e 'totalmatchedquantity / quantity >= 0.5' --count o.swr)
  same "$n" "$(sw-filter -e '2 * totalmatchedquantity >= quantity' --count o.swr)"
  [[ $n -gt 10 ]]
  same "$(sw-filter -e 'price / 0 == null' --count o.swr)" 3000
}
