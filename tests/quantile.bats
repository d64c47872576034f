#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Quantiles and vwap(): exact, and the same however rows were split.

# shellcheck disable=SC2154
bats_require_minimum_version 1.5.0
load helper

setup() { cd "$BATS_TEST_TMPDIR" || return; }

MEASURES='n=count(x),med=median(x),q0=quantile(x,0),q1=quantile(x,1),q9=quantile(x,0.9),q=quantile(x,0.333333333),d=quantile_disc(x,0.25),d1=quantile_disc(x,1),d0=quantile_disc(x,0),t=quantile_disc(t,0.5),u=quantile_disc(u,0.75)'

table() {
  printf 'table t\ncolumn g text\ncolumn x decimal:4\ncolumn t text\ncolumn u uint\n' >t.schema
  python3 - "${SEED:-$EPOCHSECONDS}" <<'PY' >t.csv
import random, sys
chance = random.Random(int(sys.argv[1]))
print("SEED=" + sys.argv[1], file=sys.stderr)
print("g,x,t,u")
for _ in range(4000):
    x = chance.choice(["", str(chance.randint(-20, 20)), f"{chance.randint(-10**7, 10**7)}.{chance.randint(0, 9999):04}"])
    print(",".join([chance.choice(["", "a", "b", "cc", "few" if chance.random() < 0.01 else "a"]), x,
                    chance.choice(["", "k", "kk", "z"]), str(chance.randint(2**63 - 5, 2**64 - 1))]))
PY
}

@test "quantile: what Python's fractions say, by group and over all" {
  table
  sw-chunk -t t.schema t.csv >t.swr
  for group in '-g g' ''; do
    # shellcheck disable=SC2086
    sw-agg $group -a "$MEASURES" t.swr >got
    python3 - "$group" <<'PY'
import csv, sys
from fractions import Fraction as F

def six(v):
    scaled = abs(v) * 10**6
    whole = scaled.numerator // scaled.denominator
    whole += (scaled - whole) * 2 >= 1
    return ("-" if v < 0 and whole else "") + f"{whole // 10**6}.{whole % 10**6:06}"

def plain(v):
    text = v if v == "" else six(v).rstrip("0").rstrip(".")
    return text

def cont(values, p):
    if not values:
        return ""
    place = (len(values) - 1) * p
    low = place.numerator // place.denominator
    high = min(low + 1, len(values) - 1)
    return six(values[low] + (values[high] - values[low]) * (place - low))

def disc(values, p):
    return next((v for i, v in enumerate(values) if F(i + 1, len(values)) >= p), "")

by = {}
for row in csv.DictReader(open("t.csv")):
    by.setdefault(row["g"] if sys.argv[1] else "", []).append(row)
for line in csv.DictReader(open("got")):
    rows = by.pop(line.get("g", ""))
    xs = sorted(F(r["x"]) for r in rows if r["x"])
    ts = sorted(r["t"] for r in rows if r["t"])
    us = sorted(int(r["u"]) for r in rows)
    want = {"n": str(len(xs)), "med": cont(xs, F(1, 2)), "q0": cont(xs, F(0)), "q1": cont(xs, F(1)), "q9": cont(xs, F(9, 10)),
            "q": cont(xs, F(333333333, 10**9)), "d": plain(disc(xs, F(1, 4))), "d1": plain(disc(xs, F(1))), "d0": plain(disc(xs, F(0))),
            "t": disc(ts, F(1, 2)), "u": str(disc(us, F(3, 4)))}
    got = {k: v for k, v in line.items() if k in want}
    assert got == want, (line, want)
assert not by
PY
  done
}

@test "quantile: the same merged from any parts, in any order, and in reports of all kinds" {
  table
  sw-chunk -t t.schema t.csv >t.swr
  sw-agg -g g -a "$MEASURES" t.swr >want
  for parts in 1 2 7; do
    for i in $(seq "$parts"); do
      awk -v parts="$parts" -v i="$i" 'NR == 1 || NR % parts == i - 1' t.csv | sw-chunk -t t.schema | sw-agg -g g -a "$MEASURES" --partial >"part.$i"
    done
    # shellcheck disable=SC2046
    sw-agg --merge $(seq "$parts" | sort -r | sed 's/^/part./') | cmp - want
    # shellcheck disable=SC2046
    sw-agg --merge --partial $(seq "$parts" | sed 's/^/part./') | sw-agg --merge | cmp - want
  done
  sw-gen --rows 3000 --securities 3 --days 2 --stdout orders >o.csv
  sw-chunk o.csv >o.swr
  # Beside standard reports, whose groups are rolled up of finer ones, with keys of theirs as values, too.
  extra='med=median(quantity),qp=quantile(price,0.9),day=quantile_disc(date,0.5),sec=quantile_disc(security_code,0.5)'
  sw-agg --reports all -a "$extra" -o all o.swr
  for key in security:security_code date:date participant:participantid time_of_day:hour security_date:security_code,date; do
    sw-agg -g "${key#*:}" -a "$extra" o.swr >want
    python3 - "all/by_${key%%:*}.csv" want <<'PY'
import csv, sys
all_, want = (list(csv.DictReader(open(name))) for name in sys.argv[1:])
assert len(all_) == len(want) > 0
for a, b in zip(all_, want):
    assert {k: a[k] for k in b} == b, (a, b)
PY
  done
  report --per event -j 2 -b 60K -g security_code -a 'med=median(quantity),v=vwap()' -o out o.csv 2>log
  sw-agg -g security_code -a 'med=median(quantity),v=wmean(price,quantity)' o.swr | cmp - out/aggregated/groups.csv
}

@test "quantile: no values, one value, and what is wrong usage" {
  printf 'table t\ncolumn x int\ncolumn id uint\ntime at\ncolumn at time\n' >t.schema
  printf 'x,id,at\n,1,\n' | sw-chunk -t t.schema >none.swr
  same "$(sw-agg -a 'm=median(x),d=quantile_disc(x,0.5)' none.swr)" $'m,d\n,'
  printf 'x,id,at\n5,1,\n' | sw-chunk -t t.schema >one.swr
  same "$(sw-agg -a 'm=median(x),q=quantile(x,0.25),d=quantile_disc(x,0)' one.swr)" $'m,q,d\n5.000000,5.000000,5'
  for bad in 'm=median(id)' 'm=median(at)' 'm=quantile(id,0.5)' 'm=quantile(x)' 'm=quantile(x,1.1)' 'm=quantile(x,-0.1)' 'm=quantile(x,a)' \
    'm=quantile(x,0.1234567891)' 'm=median(x,0.5)' 'm=median()' 'm=vwap(x)' 'm=vwap()'; do
    run -2 --separate-stderr sw-agg -a "$bad" one.swr
    [[ $stderr == sw-agg:* ]]
  done
}

@test "quantile: a value that fits is written, whatever it takes to work it out" {
  printf 'table t\ncolumn x decimal:18\n' >t.schema
  # with 18 decimals and 9 of p these have 140 bits and more
  python3 - >want <<'PY'
from fractions import Fraction as F
values = sorted(F(v) for v in ("-900000000000000.25", "123456789012345.000000000000000001", "99999999999999999999.999999999999999999"))
open("t.csv", "w").write("x\n-900000000000000.25\n99999999999999999999.999999999999999999\n123456789012345.000000000000000001\n")
out = []
for p in (F(0), F(1, 4), F(1, 2), F(333333333, 10**9), F(999999999, 10**9), F(1)):
    place = 2 * p
    low = min(place.numerator // place.denominator, 1)
    v = values[low] + (values[low + 1] - values[low]) * (place - low)
    size = abs(v) * 10**6
    whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    out.append(("-" if v < 0 else "") + f"{whole // 10**6}.{whole % 10**6:06}")
print("a,b,c,d,e,f\n" + ",".join(out))
PY
  measures='a=quantile(x,0),b=quantile(x,0.25),c=median(x),d=quantile(x,0.333333333),e=quantile(x,0.999999999),f=quantile(x,1)'
  sw-chunk -t t.schema t.csv >t.swr
  sw-agg -a "$measures" t.swr | cmp - want
  sw-agg -a "$measures" --partial t.swr | sw-agg --merge | cmp - want
  # with 6 decimals this has none
  printf 'table t\ncolumn x decimal:0\n' >t.schema
  printf 'x\n170141183460469231731687303715884105727\n' | sw-chunk -t t.schema >most.swr
  expect_status 1 sw-agg -a 'm=median(x)' most.swr
  [[ $output == *'m: out of range: more than 127 bits with 6 decimals'* ]]
}

@test "quantile: of more rows than 32 bits count, and of more values than are gathered at a time" {
  cd "$BATS_TEST_TMPDIR"
  # One row of 1, three of 7: doubled 33 times.
  printf '%s\n' order_id,timestamp,security_code,price,quantity 1,1,5,1,10 2,2,5,7,10 3,3,5,7,10 4,4,5,7,10 | sw-chunk -t orders >four.swr
  measures='n=count(),low=quantile_disc(price,0.25),above=quantile(price,0.250000001),middle=median(price),different=distinct(price)'
  sw-agg -g security_code -a "$measures" --partial -o part.swr four.swr
  for _ in $(seq 33); do
    sw-agg --merge --partial -g security_code -a "$measures" -o twice.swr part.swr part.swr
    mv twice.swr part.swr
  done
  same "$(sw-agg --merge -g security_code -a "$measures" part.swr | tail -n 1)" 5,34359738368,1,7.000000,7.000000,2
  # Twelve groups of 10,000 different prices each, in no order.
  awk 'BEGIN { print "order_id,timestamp,security_code,price,quantity"
    for (i = 0; i < 120000; i++) printf "%d,%d,%d,%d,1\n", i, i, i % 12, (i * 7919) % 120011 }' >many.csv
  sw-chunk -t orders many.csv | sw-agg -g security_code -a 'm=quantile_disc(price,0.5),k=distinct(price)' | sed 1d >ours
  awk -F, 'NR > 1 { print $3 "," $4 }' many.csv | sort -t, -k1,1n -k2,2n | awk -F, '{ v[$1, ++n[$1]] = $2 }
    END { for (g = 0; g < 12; g++) print g "," v[g, n[g] / 2] "," n[g] }' | diff - ours
}

@test "quantile: of many rows whose values repeat, which become sets, and of many that differ" {
  printf 'table t\ncolumn g int\ncolumn few int\ncolumn many int\n' >t.schema
  awk 'BEGIN { print "g,few,many"; for (i = 0; i < 400000; i++) print i % 7 "," (i * 7919) % 11 "," (i * 7919) % 400009 }' >t.csv
  sw-chunk -t t.schema t.csv >t.swr
  for column in few many; do
    measures='' # of more columns than are kept by row where values repeat
    for i in 0 1 2 3 4 5; do measures+="q$i=quantile(v$i=$column+$i,0.$i),d$i=quantile_disc(v$i=$column+$i,0.$i),"; done
    sw-agg -g g -a "${measures%,}" t.swr >whole
    [ "$column" = many ] || sw-agg -g g -a "${measures%,}" --partial t.swr | sw-agg --merge | diff - whole
    python3 - "$column" <<'PY' | diff - <(cut -d, -f1,9 whole)
import csv, sys
groups = {}
for row in csv.DictReader(open("t.csv")): groups.setdefault(int(row["g"]), []).append(int(row[sys.argv[1]]) + 3)
print("g,d3")
for group, values in sorted(groups.items()): print(group, sorted(values)[-(-len(values) * 3 // 10) - 1], sep=",")
PY
  done
}

@test "quantile: of as many groups as one and two bytes tell apart, and of one more" {
  printf 'table t\ncolumn g int\ncolumn x int\n' >t.schema
  for groups in 256 257 65536 65537; do
    awk -v n=$groups 'BEGIN { print "g,x"; for (i = 0; i < 3 * n; i++) print i % n "," (i % 5 ? (i * 7919) % 600011 : "") }' >t.csv
    sw-chunk -t t.schema t.csv >t.swr
    sw-agg -g g -a 'least=quantile_disc(x,0),most=quantile_disc(x,1),n=count(x)' t.swr >whole
    awk -F, 'NR == 1 { print "g,least,most,n"; next } { if (!($1 in n)) { n[$1] = 0; least[$1] = most[$1] = "" } }
      $2 != "" { x = $2 + 0; if (!n[$1] || x < least[$1]) least[$1] = x; if (!n[$1] || x > most[$1]) most[$1] = x; n[$1]++ }
      END { for (g = 0; g < '$groups'; g++) print g "," least[g] "," most[g] "," n[g] }' t.csv | diff - whole
    sw-agg -g g -a 'least=quantile_disc(x,0),most=quantile_disc(x,1),n=count(x)' --partial t.swr | sw-agg --merge | cmp - whole
  done
}
