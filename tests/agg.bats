#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-agg against agg_oracle.py (Python's integers and fractions), sqlite3 and itself: any split, any order, any block size.

load helper

ALL='n=count(),c=count(price),q=sum(quantity),m=mean(price),s=std(price),i=min(price),a=max(quantity),d=distinct(order_id)'
ALL+=',w=wmean(price,quantity),f=first(price),l=last(order_id),v=sum(value),r=mean(fill_ratio),x=std(quantity)'
ALL+=',y=wmean(fill_ratio,quantity),z=min(timestamp),e=distinct(price)'
HEADER=order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,participantid,orderstatus
HEADER+=,totalmatchedquantity,sequence

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

oracle() {
  python3 "$TREE/tests/agg_oracle.py" "$@"
}

# parts FILE.csv: cuts its rows into three files of very different lengths.
parts() {
  head -1 "$1" | tee part1.csv part2.csv >part3.csv
  sed -n '2,700p' "$1" >>part1.csv
  sed -n '701,703p' "$1" >>part2.csv
  sed -n '704,$p' "$1" >>part3.csv
}

@test "agg: every report is the oracle's, with nulls and without, for blocks of any size" {
  for seed in 1 2; do
    oracle make 2000 "$seed" >orders.csv
    oracle reports expected <orders.csv
    for rows in 1 1000 65536; do
      sw-chunk --block-rows "$rows" orders.csv | sw-agg --reports all -o got
      for file in expected/*; do cmp "$file" "got/${file##*/}"; done
    done
  done
}

@test "agg: every measure is the oracle's, for one key, several and none" {
  for seed in 3 4; do
    oracle make 2000 "$seed" >orders.csv
    sw-chunk --block-rows 300 orders.csv >orders.swr
    for keys in "" side size security_code,date date,hour,side,size sequence hour_start,fill; do
      for measures in "$ALL" ""; do
        oracle group "$keys" "$measures" <orders.csv >expected
        sw-agg ${keys:+-g "$keys"} ${measures:+-a "$measures"} orders.swr >got
        cmp expected got
      done
    done
  done
}

@test "agg: sqlite3 counts, sums and takes extremes alike" {
  skip_without sqlite3
  sw-gen --rows 20000 --stdout orders >orders.csv
  sqlite3 -batch -csv >expected <<'SQL'
.import orders.csv orders
select security_code + 0, count(*), sum(quantity), count(distinct order_id), min(price + 0), max(timestamp + 0)
from orders group by 1 order by 1;
SQL
  measures='n=count(),q=sum(quantity),o=distinct(order_id),p=min(price),t=max(timestamp)'
  sw-chunk orders.csv | sw-agg -g security_code -a "$measures" | tail -n +2 >got
  sed 's/\r//; s/\.0,/,/g' expected | cmp - got
}

@test "agg: any split, merged in any order, in one step or two, gives the bytes of the whole" {
  oracle make 2000 5 >orders.csv
  parts orders.csv
  for i in 1 2 3; do sw-chunk "part$i.csv" >"part$i.swr"; done
  sw-chunk orders.csv >orders.swr
  # shellcheck disable=SC2086 # several words each
  for what in "-g security_code,date -a $ALL" "-g size" "-a $ALL" "-g participantid -a n=count()"; do
    sw-agg $what orders.swr >whole
    for i in 1 2 3; do sw-agg $what --partial "part$i.swr" >"p$i"; done
    sw-agg --merge p3 p1 p2 | cmp whole -
    cat p2 p3 p1 | sw-agg $what --merge | cmp whole -
    sw-agg --merge --partial p3 p2 >p4
    sw-agg --merge p4 p1 | cmp whole -
    sw-agg --merge --partial p1 p4 | sw-cut >merged
    sw-agg $what --partial orders.swr | sw-cut | cmp merged -
  done
}

@test "agg: reports survive any split too, and some of them may be chosen" {
  oracle make 2000 6 >orders.csv
  parts orders.csv
  sw-chunk orders.csv | sw-agg --reports all -o whole
  for i in 1 2 3; do sw-chunk "part$i.csv" | sw-agg --reports all --partial -o "p$i"; done
  sw-agg --merge --reports all -o got p2 p3 p1
  diff -r whole got
  cat p1 p3 | sw-agg --merge --partial -o p4
  sw-agg --merge -o again p4 p2
  diff -r whole again
  sw-agg --merge --reports by_date.csv,by_participant -o some p4 p2
  [ "$(echo some/*)" = "some/by_date.csv some/by_participant.csv" ]
  cmp some/by_participant.csv whole/by_participant.csv
  for name in by_security by_date by_participant by_time_of_day by_order_size by_security_date timeseries_hourly \
    timeseries_daily global_summary; do
    sw-chunk orders.csv | sw-agg --reports "$name" --partial | sw-agg --merge -o "one-$name"
    diff "one-$name/$name.csv" "whole/$name.csv"
  done
}

@test "agg: what is merged must agree with what is asked and with its like" {
  oracle make 50 6 >orders.csv
  sw-chunk orders.csv >orders.swr
  sw-agg -g side -a 'n=count()' --partial orders.swr >p1
  sw-agg -g size -a 'n=count()' --partial orders.swr >p2
  sw-agg -g size -a 'n=count()' --sizes 5,6 --partial orders.swr >p3
  sw-agg --reports by_date --partial orders.swr >p4
  expect_status 2 sw-agg --merge -g size p1
  expect_status 2 sw-agg --merge -g side -a 'm=count()' p1
  expect_status 1 sw-agg --merge p1 p2
  expect_status 1 sw-agg --merge p2 p3
  expect_status 1 sw-agg --merge orders.swr
  expect_status 2 sw-agg --merge --reports by_size -o got p4
  expect_status 2 sw-agg --merge --reports by_participant -o got p4
  expect_status 2 sw-agg --merge p4
  [ ! -e got ]
  sw-agg --merge -g side -a 'n = count()' p1
}

@test "agg: a sum that does not fit is an error that names measure and group" {
  price=120000000000000000000000000000000000
  { echo $HEADER; printf "%s,5,7,${price::35},1,0,0,0,1,1,0,1\n" 1 2; } >orders.csv
  sw-chunk orders.csv >orders.swr
  expect_status 1 sw-agg -g security_code,date -a 's=sum(price)' orders.swr
  [[ $output == *"group security_code=7,date=1970-01-01: s=sum(price): out of range"* ]]
  expect_status 1 sw-agg -g side orders.swr
  [[ $output == *"group side=1: price_sum: out of range"* ]]
  expect_status 1 sw-agg --reports all -o got orders.swr
  [ ! -e got ]
  head -2 orders.csv | sw-chunk | sw-agg -a 's=sum(price)' --partial >half
  expect_status 1 sw-agg --merge half half
  [[ $output == *"s=sum(price): out of range"* ]]
  sw-agg -g order_id -a 's=sum(price),m=max(price)' orders.swr | tail -1 >got.csv
  [ "$(cat got.csv)" = "2,${price::35},${price::35}" ]
}

@test "agg: values past 64 bits take another way to the same place" {
  oracle make 500 2 >small.csv
  for row in 1,1725500000000000000,110600,9000000000000000000000.5,1,70000000000,5,0,1,1,3,1 \
    1,1725500000000000000,110600,3.5,1,900000000000000000,5,0,1,1,900000000000000000,1; do
    { echo $HEADER; echo "$row"; tail -n +2 small.csv; } >orders.csv
    oracle reports expected <orders.csv
    sw-chunk orders.csv | sw-agg --reports all -o got
    for file in expected/*; do cmp "$file" "got/${file##*/}"; done
  done
}

@test "agg: no rows make a header, or one group of counts 0" {
  echo $HEADER | sw-chunk >empty.swr
  [ "$(sw-agg -g side -a 'n=count(),q=sum(quantity)' empty.swr)" = side,n,q ]
  [ "$(sw-agg -a 'n=count(),q=sum(quantity),d=distinct(side)' empty.swr | tail -1)" = 0,,0 ]
  sw-agg --reports all --partial empty.swr | sw-agg --merge -o got
  [ "$(cat got/by_*.csv got/timeseries_*.csv | grep -c rows)" = 8 ]
  [ "$(cat got/by_*.csv got/timeseries_*.csv | wc -l)" = 8 ]
  grep -qx 'rows,0' got/global_summary.csv
  grep -qx 'price_min,' got/global_summary.csv
}

@test "agg: keys come in order: numbers as numbers, sizes by bounds, null first" {
  { echo $HEADER
    for quantity in 70000 5 999 20000 '' 1001 6000; do echo "1,5,$((quantity % 13 * 7 - 20)),1,1,$quantity,0,0,1,1,0,1"; done; } |
    sw-chunk >orders.swr
  same "$(sw-agg -g size -a 'n=count()' orders.swr | tr '\n' ' ')" 'size,n ,1 <=1K,2 1K-5K,1 5K-10K,1 10K-50K,1 >50K,1 '
  sw-agg -g security_code -a 'n=count()' orders.swr | tail -n +2 | cut -d, -f1 | sort -nc
  same "$(sw-agg -g size -a 'n=count()' --sizes 100,1500 orders.swr | tail -n +2 | cut -d, -f1 | tr '\n' ' ')" \
    ' <=100 100-1500 >1500 '
}

@test "agg: text has extremes, ends and distinct values, which merge as well" {
  oracle make 400 1 >orders.csv
  sw-chunk orders.csv >orders.swr
  what='f=first(fill),l=last(size),i=min(hour_start),a=max(fill),d=distinct(size),t=max(date)'
  sw-agg -g side -a "$what" orders.swr >whole
  sw-agg -g side -a "$what" --partial orders.swr | sw-agg --merge | cmp whole -
  sw-cut -c side,hour_start orders.swr |
    awk -F, 'NR > 1 && $2 != "" && (!($1 in least) || $2 < least[$1]) {least[$1] = $2} END {for (s in least) print s "," least[s]}' |
    sort >expected
  sed 1d whole | cut -d, -f1,4 | sort | cmp expected -
}

@test "agg: what is wrong is said before the first row, with status 2" {
  oracle make 5 2 | sw-chunk >orders.swr
  for what in '-g nope' '-a x=sum(nope)' '-a x=sum(fill)' '-a x=foo(price)' '-a x' '-a x=sum()' '-a x=sum(side,side)' \
    '-a x=count(),x=count()' '-g side,side' '-g side -a side=count()' '--reports nope -o d' '--reports all' '-f foo' \
    '--partial -f csv' '--tz Mars/X' '--sizes 5,4' '--rows-in x' '-g ,' '--reports all -g side -o d' '-a x=wmean(price)'; do
    # shellcheck disable=SC2086
    expect_status 2 sw-agg $what orders.swr
    [ "$(wc -l <<<"$output")" = 1 ]
  done
  [ ! -e d ]
  printf 'order_id,timestamp,quantity\n1,2,3\n' | sw-chunk -t orders >short.swr
  expect_status 1 sw-agg short.swr
  expect_status 1 sw-agg --reports all -o d short.swr
  [ ! -e d ]
}

@test "agg: results as records read back as the CSV" {
  oracle make 500 1 | sw-chunk >orders.swr
  sw-agg -g security_code,size -a 'n=count(),q=sum(quantity),f=first(fill)' orders.swr >expected
  sw-agg -g security_code,size -a 'n=count(),q=sum(quantity),f=first(fill)' -f swr orders.swr | sw-cut | cmp expected -
  sw-agg -g side -a 'q=sum(quantity),t=min(timestamp)' -f jsonl orders.swr | grep -q '"q":"[0-9]*","t":"[0-9]*"'
  sw-agg -g side -a 'q=sum(quantity)' -f jsonl --json-numbers orders.swr | grep -q '"q":[0-9]*}'
}

@test "agg: the summary says what the pipeline knows" {
  oracle make 90 2 | sw-chunk | sw-agg --reports all --partial |
    sw-agg --merge -o got --rows-in 12345 --selectors '-e "a\b" -H 10-16'
  python3 - <<'PY'
import json
summary = json.load(open("got/aggregation_summary.json"))
assert summary["rows_in"] == 12345 and summary["rows_out"] == 90, summary
assert summary["selectors"] == '-e "a\\b" -H 10-16', summary
assert summary["groups"]["timeseries_daily"] == sum(1 for _ in open("got/timeseries_daily.csv")) - 1
assert len(summary["groups"]) == 8
PY
}

@test "agg: many groups of ids, by hash" {
  awk -v header=$HEADER 'BEGIN {
    print header
    for (i = 0; i < 100000; i++) printf "79047940000%08d,%d,1,1,1,%d,0,0,1,1,0,1\n", i % 30000 * 3331, i, i
  }' >orders.csv
  sw-chunk orders.csv | sw-agg -g order_id,side -a 'n=count(),q=sum(quantity)' >got
  awk -F, 'NR > 1 {n[$1]++; q[$1] += $6} END {for (id in n) print id ",1," n[id] "," q[id]}' orders.csv | sort >expected
  sed 1d got | cmp expected -
}

@test "agg: the real orders have the figures of the issue" {
  skip_without real
  sw-chunk "$REAL/orders.csv" | sw-filter -H 10-16 | sw-agg --reports all -o got
  for line in rows,156 quantity_sum,522414 matched_sum,79610 quantity_std,3461.973435 fill_ratio_mean,0.184440 \
    price_mean,3342.884615 value_sum,1754584490 filled,54 full_fills,26 partial_fills,28; do
    grep -qx "$line" got/global_summary.csv
  done
}
