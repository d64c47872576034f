#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Arithmetic over measures, in sw-agg and in the pipelines, against Python's fractions (tests/formula_oracle.py).

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

oracle() {
  python3 "$TREE/tests/formula_oracle.py" "$@"
}

refused() {
  local wanted=$1 message=$2
  shift 2
  expect_status "$wanted" "$@"
  [[ $output == *"$message"* ]] || { echo "$output"; false; }
}

@test "formula: any arithmetic over any measures is that of fractions, rounded once; so it is of parts, merged in any order" {
  printf '%s\n' 'table t' 'zone UTC' 'time t' 'column g text' 'column p decimal:4' 'column q int' 'column t time' >t.schema
  list=$(oracle list)
  for seed in 1 2; do
    oracle rows 400 "$seed" >made.csv
    oracle want <made.csv >wanted
    sw-chunk -t ./t.schema made.csv | sw-agg -g g -a "$list" >got
    cmp wanted got
    for part in 2,90 91,91 92,401; do
      { head -n 1 made.csv; sed -n "${part}p" made.csv; } | sw-chunk -t ./t.schema | sw-agg -g g -a "$list" --partial -o "part${part%,*}.swr"
    done
    sw-agg --merge --partial part92.swr part2.swr -o two.swr
    sw-agg --merge part91.swr two.swr | cmp wanted -
    sw-agg --merge -g g -a "$list" two.swr part91.swr | cmp wanted -
    rm part*.swr two.swr
  done
}

@test "formula: in every format, in reports beside the standard measures, and in the stream that is aggregated further" {
  sw-gen --rows 2000 --securities 3 --stdout orders | sw-chunk >o.swr
  how=(-g security_code -a 'n=count(),range=max(price)-min(price),last=max(timestamp)')
  sw-agg "${how[@]}" o.swr >want.csv
  awk -F, 'NF != 4 || $3 !~ (NR == 1 ? "^range$" : "^[0-9]+[.]000000$") { exit 1 }' want.csv
  same "$(sw-agg "${how[@]}" -f swr o.swr | sw-cut -c security_code,n,range,last | sed 's/\.000000//')" "$(sed 's/\.000000//' want.csv)"
  sw-agg "${how[@]}" -f jsonl o.swr | head -n 1 >line
  grep -q '"n":[0-9]*,"range":[0-9.]*,"last":"' line
  sw-agg --reports all "${how[@]}" -o reports o.swr
  head -n 1 reports/by_security.csv | grep -q ',n,range,last$'
  cut -d, -f 1 want.csv | paste -d, - <(sed 's/.*,\([^,]*,[^,]*,[^,]*\)$/\1/' reports/by_security.csv) | cmp - want.csv
  grep -q '^range,[0-9]*\.000000$' reports/global_summary.csv
  sw-agg --reports all "${how[@]}" --partial o.swr | sw-agg --merge --reports all -o merged
  diff -r reports merged
}

@test "formula: pipelines take it, and read no more columns than it is made of" {
  sw-gen --rows 3000 --securities 4 --days 1 --participants 4 --seed 3 -o made
  list='vwap=sum(value)/sum(order_quantity),share=100*count(side == 1)/count(),spread=(max(price)-min(price))/median(price)'
  sw-chunk made/orders.csv | sw-agg -g security_code,hour -a "$list" >want
  same "$(sw-chunk made/orders.csv | sw-agg --list-columns -g side -a 'x=(max(price)-min(price))/mean(price)')" 'price,side'
  for part in 60K 10M; do
    report --per event -j 2 -b "$part" -g security_code,hour -a "$list" -o "out.$part" made/orders.csv 2>log
    cmp want "out.$part/aggregated/groups.csv"
  done
  for part in 60K 10M; do
    report -j 2 -b "$part" -a "$list" -o "last.$part" made/orders.csv 2>log
    head -n 1 "last.$part/aggregated/by_date.csv" | grep -q ',vwap,share,spread$'
  done
  diff -r last.60K/aggregated last.10M/aggregated
  printf 'orders = made/orders.csv\noutput = of-file\nmeasures = %s\n' "$list" >sweep.conf
  sw-conf check -C sweep.conf
  printf 'orders = made/orders.csv\noutput = of-file\nmeasures = x=sum(price)-prize\n' >wrong.conf
  refused 2 'prize' sw-conf check -C wrong.conf
}

@test "formula: what is none is wrong usage, and is told; what does not fit is an error with its group" {
  sw-gen --rows 10 --stdout orders | sw-chunk >o.swr
  refused 2 "x: no measure before this one is called 'price'" sw-agg -a 'x=price' o.swr
  refused 2 "x: no measure before this one is called 'y'" sw-agg -a 'x=y+1,y=count()' o.swr
  refused 2 'x: there is no measure in it' sw-agg -a 'x=1+2' o.swr
  refused 2 "x: a ')' is due" sw-agg -a 'x=(sum(price)' o.swr
  refused 2 "x: an operator is due before '3'" sw-agg -a 'x=sum(price) 3' o.swr
  refused 2 "x: a measure or a number is due" sw-agg -a 'x=sum(price)+' o.swr
  refused 2 "no such function: 'foo(price)'" sw-agg -a 'x=1-foo(price)' o.swr
  refused 2 "no such column: 'prize'; is 'price' meant?" sw-agg -a 'x=sum(prize)-1' o.swr
  refused 2 'x: a number of decimals is due' sw-agg -a 'x=round(sum(price),side)' o.swr
  refused 2 'at most 18' sw-agg -a 'x=round(sum(price),19)' o.swr
  refused 2 'x=min(fill): a text, in arithmetic' sw-agg -a 'x=min(fill)-1' o.swr
  refused 2 'more than 32 parentheses' sw-agg -a "x=$(printf '(%.0s' {1..40})sum(price)$(printf ')%.0s' {1..40})" o.swr
  refused 2 'more than 32 parentheses' sw-agg -a "x=$(printf -- '-%.0s' {1..9999})sum(price)" o.swr
  refused 2 'more than 128 steps' sw-agg -a "x=sum(price)$(printf '+1%.0s' {1..100})" o.swr
  refused 2 'longer than 960 bytes' sw-agg -a "x=sum(price)$(printf '+1000000000000000000%.0s' {1..50})" o.swr
  refused 2 'a name stands twice' sw-agg -a 'x=sum(price)-1,x=count()' o.swr
  a='s=sum(order_id)/1000000000000000000,c=s*s,d=c*c*c*c*c*c*c*c*c*c*c'
  refused 1 'side=1: d: out of range' sw-agg -g side -a "$a" o.swr
  refused 1 'round: more than 127 bits with 18 decimals' sw-agg -a 'x=round(max(order_id)*1000000000000000000000,18)' o.swr
  # What is taken may be merged: parentheses around all of it, which a stream's names have, do not count.
  a="x=$(printf '(%.0s' {1..31})sum(price)$(printf ')%.0s' {1..31})+1"
  same "$(sw-agg -a "$a" --partial o.swr | sw-agg --merge)" "$(sw-agg -a "$a" o.swr)"
  # on the way it may be larger than what comes out
  same "$(sw-agg -a 's=sum(order_id),x=s*s*s*s/s/s/s-s' o.swr | tail -n 1 | cut -d, -f 2)" 0.000000
}
