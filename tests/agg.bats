#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-agg against agg_oracle.py (Python's integers and fractions), sqlite3 and itself: any split, any order, any block size.

load helper

ALL='n=count(),c=count(price),q=sum(quantity),m=mean(price),s=std(price),i=min(price),a=max(quantity),d=distinct(order_id)'
ALL+=',w=wmean(price,quantity),f=first(price),l=last(order_id),v=sum(value),r=mean(fill_ratio),x=std(quantity)'
ALL+=',y=wmean(fill_ratio,quantity),z=min(timestamp),e=distinct(price),t=sum(price)/sum(quantity),u=sum(value)/sum(price)'
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
    oracle make 1000 "$seed" >orders.csv
    oracle reports expected <orders.csv
    for rows in 1 300 65536; do
      sw-chunk --block-rows "$rows" orders.csv | sw-agg --reports all -o got
      for file in expected/*; do cmp "$file" "got/${file##*/}"; done
    done
  done
}

@test "agg: every measure is the oracle's, for one key, several and none" {
  for seed in 3 4; do
    # all measures, and those that are taken where none is named
    if [ "$seed" = 3 ]; then measures=$ALL; else measures=; fi
    oracle make 800 "$seed" >orders.csv
    sw-chunk --block-rows 120 orders.csv >orders.swr
    for keys in "" side size security_code,date date,hour,side,size sequence hour_start,fill; do
      oracle group "$keys" "$measures" <orders.csv >expected
      sw-agg ${keys:+-g "$keys"} ${measures:+-a "$measures"} orders.swr >got
      cmp expected got
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

# texts FILE…: the first and the last of the notes that Python finds in CSV files, in every way that is asked for below.
texts() {
  python3 - "$@" <<'PYTHON'
import csv, sys
rows = [row for name in sys.argv[1:] for row in csv.DictReader(open(name)) if row["note"]]
by_time = sorted(rows, key=lambda row: (int(row["timestamp"]), row["note"].encode()))
notes = sorted((row["note"] for row in rows), key=str.encode) or [""]
csv.writer(sys.stdout, lineterminator="\n").writerows([
    ["i", "a", "f", "l", "n"], [notes[0], notes[-1], *([by_time[0]["note"], by_time[-1]["note"]] if rows else ["", ""]), len(rows)]])
PYTHON
}

@test "agg: texts have a first and a last without keys, too: of rows, of none, of nulls, merged and in reports" {
  measures='i=min(note),a=max(note),f=first(note),l=last(note),n=count(note)'
  { echo "$HEADER,note"; printf '%s,%s,7,1.5,1,10,10,0,1,1,0,1,%s\n' 1 5 pear 2 9 '' 3 7 "Zoë" 4 2 apple 5 8 '"a,b"' 6 1 ''; } >orders.csv
  head -1 orders.csv >none.csv
  sed -n '1p; /,$/p' orders.csv >nulls.csv
  for file in orders none nulls; do
    texts "$file.csv" >"expected-$file"
    tail -n 1 "expected-$file" | python3 -c 'import csv, sys; [print(t if "," not in t else f"\"{t}\"") for t in next(csv.reader(sys.stdin))]' >"lines-$file"
  done
  for rows in 1 2 1000; do
    for file in orders none nulls; do
      sw-chunk --block-rows "$rows" "$file.csv" >"$file.swr"
      sw-agg -a "$measures" "$file.swr" | cmp "expected-$file" -
      sw-agg -a "$measures" --partial "$file.swr" >"$file.partial"
      sw-agg --merge "$file.partial" | cmp "expected-$file" -
      # beside others, as the last row of a report of one's own
      sw-agg --reports global_summary -a "$measures" -o "of-$file" "$file.swr"
      tail -n 5 "of-$file/global_summary.csv" | sed 's/^.,//' | cmp "lines-$file" -
    done
    for order in "none nulls orders" "orders nulls none" "nulls orders none"; do
      # shellcheck disable=SC2086
      (IFS=' '; set -- $order; sw-agg --merge "$1.partial" "$2.partial" "$3.partial") | cmp expected-orders -
    done
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
  [[ $output == *"group side=1: price_mean: out of range"* ]]
  expect_status 1 sw-agg --reports all -o got orders.swr
  [ -z "$(ls -A got)" ]
  head -2 orders.csv | sw-chunk | sw-agg -a 's=sum(price)' --partial >half
  expect_status 1 sw-agg --merge half half
  [[ $output == *"s=sum(price): out of range"* ]]
  sw-agg -g order_id -a 's=sum(price),m=max(price)' orders.swr | tail -1 >got.csv
  [ "$(cat got.csv)" = "2,${price::35},${price::35}" ]
}

# ebb_and_flow FILE.csv: files of its rows in other orders: the largest prices first, the smallest first, and as they are read backwards.
ebb_and_flow() {
  head -1 "$1" | tee down.csv up.csv >back.csv
  tail -n +2 "$1" | sort -t, -k4,4g | tee -a up.csv | tac >>down.csv
  tail -n +2 "$1" | tac >>back.csv
}

@test "agg: sums, means, deviations and weighted means go through the borders of 128 bits and come back, in any order" {
  skip_without python3
  measures='n=count(),q=sum(price),m=mean(price),w=wmean(price,sequence),v=wmean(sequence,price),s=std(sequence)'
  for seed in 1 2; do
    oracle tides 300 "$seed" >all.csv
    ebb_and_flow all.csv
    oracle group side "$measures" <all.csv | sed '/^[56],/d' >expected
    for file in all up down back; do
      sw-chunk -e 'side < 5' "$file.csv" >"$file.swr"
      sw-agg -g side -a "$measures" "$file.swr" | cmp expected -
      sw-chunk --block-rows 40 -e 'side < 5' "$file.csv" | sw-agg -g side -a "$measures" | cmp expected -
      # three partials, merged in one step or two
      for part in 0 1 2; do
        { head -1 "$file.csv"; tail -n +2 "$file.csv" | awk -v part="$part" 'NR % 3 == part'; } | sw-chunk -e 'side < 5' |
          sw-agg -g side -a "$measures" --partial >"p$part"
      done
      sw-agg --merge p1 p0 p2 | cmp expected -
      sw-agg --merge --partial p2 p1 | sw-agg --merge - p0 | cmp expected -
      # equal aggregates are equal bytes
      sw-agg --merge --partial p0 p1 p2 | sw-cut >"merged-$file"
      sw-agg -g side -a "$measures" --partial "$file.swr" | sw-cut | cmp "merged-$file" -
      cmp merged-all "merged-$file"
    done
  done
}

@test "agg: a sum that is out of range in the end is so in any order, and merged" {
  skip_without python3
  oracle tides 300 1 >all.csv
  ebb_and_flow all.csv
  for file in all up down back; do
    sw-chunk "$file.csv" >"$file.swr"
    expect_status 1 sw-agg -g side -a 'q=sum(price)' "$file.swr"
    same "$output" 'sw-agg: group side=5: q=sum(price): out of range: a sum has more than 127 bits'
    sw-agg -g side -a 'q=sum(price)' --partial "$file.swr" >partial
    expect_status 1 sw-agg --merge partial
    same "$output" 'sw-agg: group side=5: q=sum(price): out of range: a sum has more than 127 bits'
  done
  # what is taken of it may well fit
  oracle tides 700 4 118 >all.csv
  ebb_and_flow all.csv
  oracle group exchangeordertype 'm=mean(price),d=std(price),w=wmean(price,sequence)' <all.csv >expected
  oracle reports reports <all.csv
  for file in all up down back; do
    sw-chunk "$file.csv" | sw-agg -g exchangeordertype -a 'm=mean(price),d=std(price),w=wmean(price,sequence)' | cmp expected -
    sw-chunk --block-rows 7 "$file.csv" | sw-agg --reports all -o got
    for report in reports/*; do cmp "$report" "got/${report##*/}"; done
  done
}

@test "agg: partial aggregates of another version are not merged" {
  oracle make 50 6 >orders.csv
  sw-chunk orders.csv | sw-agg -a 'i=min(price)' --partial >now
  sw-agg --merge now >/dev/null
  # the same stream, but for the table's name
  sw-info now | grep -qx 'table  *aggregate-4'
  { echo table aggregate; sw-info now | awk '$2 ~ /^(int|uint|text|decimal)/ { print "column", $1, $2 }'; } >earlier.schema
  for name in aggregate aggregate-3 'aggregate-3 --tz=+10:00'; do
    sed -i "s/^table .*/table \"$name\"/" earlier.schema
    sw-cut now | sw-chunk -t earlier.schema >earlier
    expect_status 1 sw-agg --merge earlier
    same "$output" 'sw-agg: partial aggregates of another version, which have to be made again'
  done
  # and one that does not say what it was asked for
  sed -i 's/^table .*/table aggregate-4/' earlier.schema
  sw-cut now | sw-chunk -t earlier.schema >earlier
  expect_status 1 sw-agg --merge earlier
  [[ $output == 'sw-agg: not partial aggregates'* ]]
}

@test "agg: partial aggregates say what they were asked for, in any words, and no others are merged with them" {
  oracle make 200 6 | sw-chunk >orders.swr
  sw-agg -g ' side , b=bucket(timestamp,5m)' -a 'n = count(), x=2*sum(price), y=count(side in (1, 2))' --sizes 5,10 --tz +02:00 --partial orders.swr >partial
  sw-info partial | grep '^made with' >said
  same "$(sed 's/^made with  *//' said | sort)" 'group=side,b
measures=n=count(),x=(2*sum(price)),y=count(side in (1, 2))
sizes=5,10
tz=+02:00'
  same "$(sw-info -f json partial | python3 -c 'import json, sys; print(sorted(json.load(sys.stdin)["made_with"].items()))')" \
    "$(sed 's/^made with  *//' said | python3 -c 'import sys; print(sorted(tuple(line.rstrip("\n").split("=", 1)) for line in sys.stdin))')"
  # two ways to write it are one
  sw-agg -g 'side,b=bucket(timestamp,5m)' -a 'n=count(),x=2*sum(price),y=count(side in (1, 2))' --sizes 5,10 --tz +02:00 --partial orders.swr >other
  sw-agg --merge partial other >merged
  sw-filter orders.swr orders.swr | sw-agg -g 'side,b=bucket(timestamp,5m)' -a 'n=count(),x=2*sum(price),y=count(side in (1, 2))' --tz +02:00 | cmp merged -
  # what is asked for again stays what it is
  sw-agg --merge --partial partial >again
  same "$(sw-info again | grep '^made with')" "$(cat said)"
  for way in '--sizes 5,11 --tz +02:00' '--sizes 5,10 --tz +03:00' '--sizes 5,10'; do
    read -ra words <<<"$way"
    sw-agg -g 'side,b=bucket(timestamp,5m)' -a 'n=count(),x=2*sum(price),y=count(side in (1, 2))' "${words[@]}" --partial orders.swr >other
    expect_status 1 sw-agg --merge partial other
    [[ $output == *': a stream made with '*", where partial is made with '"* ]]
  done
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
  [ "$(cat got/by_*.csv got/timeseries_*.csv | grep -c ,events,)" = 8 ]
  [ "$(cat got/by_*.csv got/timeseries_*.csv | wc -l)" = 8 ]
  grep -qx 'events,0' got/global_summary.csv
  grep -qx 'price_min,' got/global_summary.csv
}

@test "agg: keys come in order: numbers as numbers, sizes by bounds, null first" {
  { echo $HEADER
    for quantity in 70000 5 999 20000 '' 1001 6000; do echo "1,5,$((quantity % 13 * 7 - 20)),1,1,$quantity,0,0,1,1,0,1"; done; } |
    sw-chunk >orders.swr
  # What asked for nothing that is known has no size; what was matched is known to have been asked for.
  { echo $HEADER; echo 1,5,1,1,1,,,0,1,1,,1; } | sw-chunk | cat - orders.swr >more.swr
  same "$(sw-agg -g size -a 'n=count()' more.swr | tr '\n' ' ')" 'size,n ,1 <=1K,3 1K-5K,1 5K-10K,1 10K-50K,1 >50K,1 '
  same "$(sw-agg -g size -a 'n=count()' orders.swr | tr '\n' ' ')" 'size,n <=1K,3 1K-5K,1 5K-10K,1 10K-50K,1 >50K,1 '
  sw-agg -g security_code -a 'n=count()' orders.swr | tail -n +2 | cut -d, -f1 | sort -nc
  same "$(sw-agg -g size -a 'n=count()' --sizes 100,1500 more.swr | tail -n +2 | cut -d, -f1 | tr '\n' ' ')" \
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
    '--partial -f csv' '--tz Mars/X' '--sizes 5,4' '--rows-in x' '-g ,' '--reports all -g nope -o d' '--reports all -f foo -o d' '-f csv.gz' '-a x=wmean(price)' \
    '--reports all -g side -a side=count() -o d' '--list-columns --partial' '--list-columns -g nope'; do
    # shellcheck disable=SC2086
    expect_status 2 sw-agg $what orders.swr
    [ "$(wc -l <<<"$output")" = 1 ]
  done
  [ ! -e d ]
  printf 'order_id,timestamp,quantity\n1,2,3\n' | sw-chunk -t orders >short.swr
  same "$(sw-agg short.swr | head -1)" events,quantity_sum,quantity_mean,quantity_std,dates,first_timestamp,last_timestamp
  expect_status 2 sw-agg --reports by_security -o d short.swr
  printf 'table odd\ncolumn price text\ncolumn quantity int\n' >odd.schema
  printf 'price,quantity\n1,2\n' | sw-chunk -t odd.schema >odd.swr
  expect_status 1 sw-agg --reports all -o d odd.swr
  [[ $output == *"column 'price'"*'is of type text' ]]
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

@test "agg: the real orders have the figures that were worked out of them" {
  skip_without real
  sw-chunk "$REAL/orders.csv" | sw-filter -H 10-16 | sw-agg --reports all -o got
  for line in events,156 quantity_sum,522414 matched_sum,79610 quantity_std,3461.973435 fill_ratio_mean,0.184440 \
    price_mean,3342.884615 value_sum,1754584490 filled,54 full_fills,26 partial_fills,28; do
    grep -qx "$line" got/global_summary.csv
  done
}

@test "agg: reports take measures of the user's, behind the standard ones" {
  local list='x=sum(quantity),ids=distinct(order_id),"q"=last(remark),h=distinct(hour),p=distinct(participantid),d=max(date),m=mean(price)'
  sw-gen --rows 4000 --securities 6 --days 3 --stdout orders | python3 -c '
import csv, sys
rows = list(csv.reader(sys.stdin))
for i, row in enumerate(rows):
    row.append("remark" if i == 0 else ["", "a,b", "z", "\"q\""][i * 7 % 4])
    if i % 9 == 4: row[rows[0].index("price")] = ""
csv.writer(sys.stdout, lineterminator="\n").writerows(rows)' >remarked.csv
  sw-chunk --block-rows 500 remarked.csv >remarked.swr
  sw-agg --reports all -o plain remarked.swr
  sw-agg --reports all -a "$list" -o more remarked.swr
  for report in security_code:by_security date:by_date participantid:by_participant hour:by_time_of_day size:by_order_size \
    security_code,date:by_security_date hour_start:timeseries_hourly date:timeseries_daily; do
    file=${report#*:}.csv
    sw-agg -g "${report%:*}" -a "$list" remarked.swr >listed
    python3 - "plain/$file" listed "more/$file" "${report%:*}" <<'PY'
import csv, sys
plain, listed, more = (list(csv.reader(open(name))) for name in sys.argv[1:4])
keys = sys.argv[4].count(",") + 1
assert len(plain) == len(more) and more == [a + b[keys:] for a, b in zip(plain, listed, strict=True)]
PY
  done
  python3 - <(sw-agg -a "$list" remarked.swr) <<'PY'
import csv, sys
names, values = csv.reader(open(sys.argv[1]))
plain, more = (list(csv.reader(open(name + "/global_summary.csv"))) for name in ("plain", "more"))
assert more == plain + [list(pair) for pair in zip(names, values)]
PY
  cmp plain/aggregation_summary.json more/aggregation_summary.json
}

@test "agg: measures of the user's in reports survive any split, and need not be said again" {
  local list='x=sum(quantity),ids=distinct(order_id),l=last(price),w=wmean(price,quantity),s=std(quantity)'
  sw-gen --rows 4000 --securities 6 --days 3 --stdout orders | sw-chunk >orders.swr
  sw-agg --reports all -a "$list" -o whole orders.swr
  sw-filter -e 'side == 1' --reject sells.swr -o buys.swr orders.swr
  sw-filter -e 'quantity > 500' -o some.swr --reject rest.swr buys.swr
  for part in some rest sells; do sw-agg --reports all -a "$list" --partial "$part.swr" >"$part.part"; done
  sw-agg --merge -o merged sells.part some.part rest.part
  diff -r whole merged
  sw-agg --merge --partial sells.part rest.part | sw-agg --merge --reports all -a "$list" -o twice - some.part
  diff -r whole twice
  sw-agg --merge --reports by_date -o one sells.part some.part rest.part
  cmp whole/by_date.csv one/by_date.csv
  sw-agg --reports all --partial orders.swr >plain.part
  expect_status 1 sw-agg --merge -o wrong plain.part some.part
  expect_status 2 sw-agg --merge --reports all -a "$list" -o wrong plain.part
  expect_status 2 sw-agg --merge --reports all -a 'x=sum(price)' -o wrong some.part
  [ ! -e wrong ]
}

@test "agg: what reports cannot take is refused before the first row" {
  sw-gen --rows 100 --stdout orders | sw-chunk >orders.swr
  expect_status 2 sw-agg --reports all -a 'events=sum(quantity)' -o out orders.swr
  [ "$output" = "sw-agg: --measures: a standard measure is called so: 'events'" ]
  expect_status 2 sw-agg --reports all -a 'x=count(),x=sum(quantity)' -o out orders.swr
  expect_status 2 sw-agg --reports all -a 'hour=count()' -o out orders.swr
  [ "$output" = "sw-agg: both a key and a measure are called 'hour'" ]
  expect_status 2 sw-agg --reports all -a 'x=sum(nothing)' -o out orders.swr
  [[ $output == *nothing* ]]
  expect_status 2 sw-agg --reports all -a 'x=distinct(nothing)' -o out orders.swr
  [[ $output == *nothing* ]]
  expect_status 2 sw-agg --reports all -a 'x=sum(date)' -o out orders.swr
  expect_status 2 sw-agg --reports all -a '' -o out orders.swr
  expect_status 2 sw-agg --reports all -g side,side -a 'x=count()' -o out orders.swr
  [ ! -e out ]
}

@test "agg: a report by keys of one's own is what -g makes, and changes no other report" {
  local list='n=count(),ids=distinct(order_id),l=last(price)' keys
  sw-gen --rows 4000 --securities 6 --days 3 --stdout orders | sw-chunk --block-rows 500 >orders.swr
  sw-agg --reports all -a "$list" -o plain orders.swr
  sw-filter -e 'side == 1' --reject sells.swr -o buys.swr orders.swr
  for keys in side hour,fill hour_start,date,hour security_code 'date,side,size,participantid'; do
    rm -rf own merged
    sw-agg --reports all -g "$keys" -a "$list" -o own orders.swr
    diff -r -x groups.csv -x aggregation_summary.json plain own
    grep -q "\"groups\": $(sed 1d own/groups.csv | wc -l)$" own/aggregation_summary.json
    sw-agg -g "$keys" orders.swr >standard
    sw-agg -g "$keys" -a "$list" orders.swr >listed
    python3 - standard listed own/groups.csv "$keys" <<'PY'
import csv, sys
standard, listed, own = (list(csv.reader(open(name))) for name in sys.argv[1:4])
keys = sys.argv[4].count(",") + 1
assert own == [a + b[keys:] for a, b in zip(standard, listed, strict=True)]
PY
    for part in buys sells; do sw-agg --reports all -g "$keys" -a "$list" --partial "$part.swr" >"$part.part"; done
    sw-agg --merge -o merged buys.part sells.part
    diff -r own merged
    sw-agg --merge --reports by_date -g "$keys" -o one buys.part sells.part
    cmp own/groups.csv one/groups.csv
    expect_status 2 sw-agg --merge --reports all -g price -o one buys.part
  done
}

@test "agg: the columns listed are those that are read, and all of them" {
  local what columns
  # Each of the three quantities decides what some order asked for.
  sw-gen --rows 500 --full --stdout orders | awk -F, -v OFS=, '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
    NR > 1 && NR % 3 == 0 { $at["quantity"] += 700 }
    NR > 1 && NR % 3 == 1 { $at["totalmatchedquantity"] += 2 * $at["quantity"]; $at["leavesquantity"] = 0 }
    NR > 1 && NR % 3 == 2 { $at["leavesquantity"] += 900 }
    1' | sw-chunk >orders.swr
  while IFS= read -r what; do
    eval "columns=\$(sw-agg --list-columns $what orders.swr)"
    eval "sw-agg $what -o all orders.swr"
    sw-filter -c "$columns" orders.swr >few.swr
    eval "sw-agg $what -o few few.swr"
    diff -r all few
    while IFS= read -r column; do
      sw-filter -c "$(tr , '\n' <<<"$columns" | grep -vx "$column" | paste -sd ,)" orders.swr >fewer.swr
      eval "run sw-agg $what -o fewer fewer.swr"
      [ "$status" -ne 0 ] || [ "$column" = sequence ] || ! diff -rq all fewer
      rm -rf fewer
    done < <(tr , '\n' <<<"$columns")
    rm -rf all few
  done <<'END'
-g security_code -a 'orders=count(),ratio=mean(fill_ratio),value=sum(value)'
-g hour,size -a 'first=first(price)'
-g fill,side
--reports all
--reports by_date -g side -a 'ids=distinct(order_id)'
END
}

@test "agg: a count of a condition is the count of the rows that sw-filter keeps, by group, in reports and parts" {
  local list='all=count(),buys=count(side == 1),odd=count(quantity in (100, 500) || fill == "full"),dark=count(exchangeordertype in centre_point)'
  sw-gen --rows 4000 --securities 5 --days 2 --stdout orders | sw-chunk --block-rows 300 >orders.swr
  sw-agg -g security_code -a "$list" orders.swr >got
  same "$(head -n 1 got)" security_code,all,buys,odd,dark
  while IFS= read -r condition; do
    sw-filter -e "$condition" orders.swr | sw-agg -g security_code -a 'n=count()' | sed 1d
  done <<<$'side == 1\nquantity in (100, 500) || fill == "full"\nexchangeordertype in centre_point' >filtered
  for column in 3 4 5; do sed 1d got | cut -d, -f "1,$column" | grep -v ',0$'; done | cmp - filtered
  sw-filter -e 'hour < 12' --reject late -o early orders.swr
  for part in early late; do sw-agg -g security_code -a "$list" --partial "$part" >"$part.part"; done
  sw-agg --merge -a "$list" late.part early.part | cmp - got
  sw-agg --reports by_security -g side -a "$list" -o reports orders.swr
  cut -d, -f "1,$(seq -s, 22 25)" reports/by_security.csv | cmp - <(cut -d, -f 1-5 got)
  same "$(cut -d, -f 1,23 reports/groups.csv | sed -n 2,3p)" "1,$(sw-filter -e 'side == 1' --count orders.swr)"$'\n2,0'
  expect_status 2 sw-agg -a 'n=count(side ==)' orders.swr
  [[ $output == *'n=count(side ==)'*expression* ]]
  expect_status 2 sw-agg -a 'n=count(nothing > 1)' orders.swr
  expect_status 2 sw-agg -a 'n=sum(side == 1)' orders.swr
}

@test "agg: the tally is the number of rows, of results, reports and merges" {
  sw-gen --rows 300 --stdout orders | sw-chunk >orders.swr
  sw-agg -g side --tally one -o result orders.swr
  sw-agg --reports all --tally two -o reports orders.swr
  sw-agg -g side -a 'q=sum(quantity)' --partial --tally three -o part orders.swr
  sw-agg --merge --tally four -o merged part part
  same "$(cat one two three four | tr '\t' ' ')" $'300 300 0 0\n300 300 0 0\n300 300 0 0\n600 600 0 0'
  expect_status 2 sw-agg -g side --tally orders.swr -o x orders.swr
}

# Orders as the analysis has them: a stored date, another time column, and decimals of a scenario, some of them null.
@test "agg: reports of classified orders, with what a scenario saved" {
  local list='unlimited_orders=count(unlimited_simulated_cost),unlimited_simulated_cost=sum(unlimited_simulated_cost),unlimited_savings=sum(unlimited_savings),unlimited_avg_savings_pct=mean(unlimited_savings_pct)'
  python3 - >wide.csv <<'PY'
import random
random.seed(11)
print("order_id,security_code,date,side,participantid,exchangeordertype,group,price,quantity,leavesquantity,totalmatchedquantity,"
      "first_timestamp,last_timestamp,unlimited_simulated_cost,unlimited_savings,unlimited_savings_pct")
for i in range(500):
    time = 1725494400000000000 + random.randrange(3 * 86400) * 10**9
    quantity = random.choice([10, 2000, 7000])
    matched = random.choice([0, quantity, quantity // 2])
    group = "NOT_EXECUTED" if matched == 0 else "FULLY_FILLED" if matched == quantity else "PARTIALLY_FILLED"
    day = (time + 36000 * 10**9) // (86400 * 10**9)
    date = "2024-09-%02d" % (day - 19967)
    scenario = ["%.6f" % random.uniform(-9, 9e6) for _ in range(3)] if group == "FULLY_FILLED" else ["", "", ""]
    print(7904794000132347948 + i, random.choice([110621, 85603]), date, 1, random.choice([69, 7]), 2048, group,
          "%.1f" % random.uniform(9, 99), quantity, quantity - matched, matched, time - 5, time, *scenario, sep=",")
PY
  sw-chunk -t classified wide.csv >wide.swr
  sw-agg --reports all -a "$list" -o out wide.swr
  for part in 0 1; do sw-filter -e "participantid == $((69 - 62 * part))" wide.swr | sw-agg --reports all --partial -a "$list" >"$part"; done
  sw-agg --merge -o merged 1 0
  diff -r out merged
  python3 - <<'PY'
import csv, datetime, decimal
from collections import defaultdict
decimal.getcontext().prec = 60
rows = list(csv.DictReader(open("wide.csv")))
def local(row):
    return datetime.datetime.fromtimestamp(int(row["last_timestamp"]) // 10**9, datetime.timezone(datetime.timedelta(hours=10)))
keys = {"by_security": lambda r: r["security_code"], "by_date": lambda r: r["date"], "timeseries_daily": lambda r: r["date"],
        "by_participant": lambda r: r["participantid"], "by_time_of_day": lambda r: str(local(r).hour),
        "timeseries_hourly": lambda r: local(r).strftime("%Y-%m-%dT%H:00:00+10:00"),
        "by_security_date": lambda r: r["security_code"] + "," + r["date"]}
def canonical(value):
    text = "%f" % value
    return text.rstrip("0").rstrip(".")
def expect(group):
    cost, savings, percent = ([decimal.Decimal(r["unlimited_" + n]) for r in group if r["unlimited_" + n]] for n in ("simulated_cost", "savings", "savings_pct"))
    if not cost: return [str(len(group)), "0", "", "", ""]
    mean = (sum(percent) / len(percent)).quantize(decimal.Decimal("0.000001"), decimal.ROUND_HALF_UP)
    return [str(len(group)), str(len(cost)), canonical(sum(cost)), canonical(sum(savings)), "%f" % mean]
for report, key in keys.items():
    groups = defaultdict(list)
    for row in rows: groups[key(row)].append(row)
    seen = list(csv.reader(open("out/%s.csv" % report)))
    width = 2 if report == "by_security_date" else 1
    assert seen[0][-4:] == ["unlimited_" + n for n in ("orders", "simulated_cost", "savings", "avg_savings_pct")]
    assert len(seen) == len(groups) + 1, report
    for line in seen[1:]:
        assert [line[width]] + line[-4:] == expect(groups[",".join(line[:width])]), (report, line)
summary = dict(csv.reader(open("out/global_summary.csv")))
assert [summary[n] for n in ("orders" if "orders" in summary else "rows", "unlimited_orders", "unlimited_simulated_cost", "unlimited_savings", "unlimited_avg_savings_pct")] == expect(rows)
assert summary["last_timestamp"] == max(r["last_timestamp"] for r in rows)
PY
}

@test "agg: groups by numbers near each other, then far apart, then of more than 63 bits, in any order" {
  python3 - >rows.csv <<'PY'
import random
random.seed(7)
near = [str(random.randrange(1000)) for _ in range(500)]
far = [str(random.randrange(2**62)) for _ in range(3000)]
wide = [str(random.randrange(2**63, 2**64)) for _ in range(1000)]
print("order_id,timestamp,sequence,leavesquantity")
for i in range(40000):
    keys = near if i < 2000 else near + far if i < 30000 else near + far + wide
    key = random.choice(keys) if random.random() < 0.99 else ""
    print("%s,%d,%d,%d" % (key, 1725494400 * 10**9 + random.randrange(10**9), random.randrange(3), random.randrange(10**6)))
PY
  cat >plain.schema <<'END'
table plain
column order_id uint
column timestamp time
column sequence uint
column leavesquantity int
time timestamp
END
  python3 - >expected.csv <<'PY'
import csv
last, count = {}, {}
for row in csv.DictReader(open("rows.csv")):
    key = int(row["order_id"]) if row["order_id"] else -1
    moment = (int(row["timestamp"]), int(row["sequence"]), int(row["leavesquantity"]))
    last[key] = max(last.get(key, moment), moment)
    count[key] = count.get(key, 0) + 1
print("order_id,n,leaves")
for key in sorted(last):
    print("%s,%d,%d" % (key if key >= 0 else "", count[key], last[key][2]))
PY
  sw-chunk -t plain.schema --block-rows 1000 rows.csv >rows.swr
  sw-agg -g order_id -a 'n=count(),leaves=last(leavesquantity)' rows.swr >got.csv
  cmp expected.csv got.csv
  # block by block, each with lower numbers than the one before, and then all of them again
  { head -1 rows.csv; sed -n 2,2001p rows.csv | sort -t , -k 1,1nr; sed -n 2,2001p rows.csv; } >down.csv
  for keys in order_id order_id,sequence; do
    sw-chunk -t plain.schema --block-rows 20 down.csv | sw-agg -g $keys -a 'n=count()' | tail -n +2 | sort >got.csv
    tail -n +2 down.csv | awk -F , -v keys=$keys '{ n[keys ~ /,/ ? $1 "," $3 : $1]++ } END { for (key in n) print key "," n[key] }' | sort | cmp - got.csv
  done
  { head -1 rows.csv; tail -n 20000 rows.csv; } | sw-chunk -t plain.schema | sw-agg -g order_id -a 'n=count(),leaves=last(leavesquantity)' --partial >late.swr
  head -20001 rows.csv | sw-chunk -t plain.schema | sw-agg -g order_id -a 'n=count(),leaves=last(leavesquantity)' --partial >early.swr
  sw-agg --merge late.swr early.swr >got.csv
  cmp expected.csv got.csv
}

@test "agg: groups by more numbers than a cache holds, some of which come again soon, some late, and nulls" {
  python3 - >expected.csv <<'PY'
import random
random.seed(11)
ids = sorted(random.sample(range(2**62), 60000))
held, order = {}, []
with open("rows.csv", "w") as rows:
    print("order_id,timestamp,sequence,leavesquantity", file=rows)
    for i in range(150000):
        newest = min(i // 2, len(ids) - 1)
        some = i < 110000 and random.random() < 0.8
        key = ids[max(0, newest - random.randrange(500))] if some else ids[random.randrange(newest + 1)]
        if 30000 < i < 60000 and random.random() < 0.01: key = -1
        moment = (1725494400 * 10**9 + random.randrange(50), random.randrange(2), random.randrange(3))
        print("%s,%d,%d,%d" % (key if key >= 0 else "", *moment), file=rows)
        first, last, count = held.get(key, (moment, moment, 0))
        held[key] = (min(first, moment), max(last, moment), count + 1)
print("order_id,first,last,n")
for key in sorted(held):
    first, last, count = held[key]
    print("%s,%d,%d,%d" % (key if key >= 0 else "", first[2], last[2], count))
PY
  printf '%s\n' 'table plain' 'column order_id uint' 'column timestamp time' 'column sequence uint' 'column leavesquantity int' 'time timestamp' >plain.schema
  local measures='first=first(leavesquantity),last=last(leavesquantity),n=count()'
  sw-chunk -t plain.schema rows.csv >rows.swr
  sw-agg -g order_id -a "$measures" rows.swr | cmp expected.csv -
  sw-agg --merge <(sw-agg --partial -g order_id -a "$measures" rows.swr) | cmp expected.csv -
  # two keys: the same numbers, put row by row
  sw-agg -g order_id,side -a "$measures" <(sed '1s/$/,side/;2,$s/$/,1/' rows.csv | sw-chunk -t <(cat plain.schema; echo 'column side int')) |
    sed 's/side,//;2,$s/,1,/,/' | cmp expected.csv -
}

@test "agg: fill ratios, sizes and hours of rows in any order are Python's, across a change of the clock" {
  python3 - >rows.csv <<'PY'
import random
r = random.Random(3)
print("order_id,timestamp,quantity,leavesquantity,totalmatchedquantity")
for i in range(9000):  # long stretches of usual rows, then all kinds
    whole = r.choice([5, 100, 50000]) if i < 3000 else r.choice([0, 1, 7000, "", -4, 2**40])
    some = r.choice([0, whole, 3]) if i < 6000 else r.choice([0, whole, 3, -2, 2**35])
    left = r.choice([0, 0, 4, 2**62]) if i < 4000 else r.choice([0, "", 5, -7, 2**63 - 1])
    time = (1712400000 + (i if i < 6000 else r.randrange(9000)) * 7) * 10**9
    print("%d,%s,%s,%s,%s" % (i, time if r.random() > 0.01 else "", whole, left, some))
PY
  cat >plain.schema <<'END'
table plain
time timestamp
column order_id uint
column timestamp time
column quantity int
column leavesquantity int
column totalmatchedquantity int
END
  python3 - >expected.csv <<'PY'
import csv
from datetime import datetime, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo
def asked(row):
    whole, left, some = (row[name] for name in ("quantity", "leavesquantity", "totalmatchedquantity"))
    known = [int(number) for number in (whole, some) if number]
    return max(known + ([int(some) + int(left)] if some and left else []), default=None)
def ratio(some, whole):
    if some == "" or not whole:
        return ""
    exact = Fraction(int(some), whole) * 10**18
    size = (abs(exact.numerator) * 2 + exact.denominator) // (2 * exact.denominator)
    text = "%s%d.%018d" % ("-" if exact < 0 and size else "", size // 10**18, size % 10**18)
    return text.rstrip("0").rstrip(".")
def size(whole):
    bounds = ["<=1K", "1K-5K", "5K-10K", "10K-50K", ">50K"]
    return "" if whole is None else bounds[sum(whole > bound for bound in (1000, 5000, 10000, 50000))]
def fill(some, whole):
    return "" if some == "" else "none" if some == "0" else "full" if int(some) == whole else "partial"
def hour(time):
    if time == "":
        return ""
    local = datetime.fromtimestamp(int(time) // 10**9, timezone.utc).astimezone(ZoneInfo("Australia/Sydney"))
    return local.replace(minute=0, second=0).isoformat()
print("order_id,order_quantity,fill,fill_ratio,size,hour_start")
for row in csv.DictReader(open("rows.csv")):
    some, whole = row["totalmatchedquantity"], asked(row)
    print(row["order_id"], "" if whole is None else whole, fill(some, whole), ratio(some, whole), size(whole), hour(row["timestamp"]), sep=",")
PY
  for rows in 100 5000; do
    sw-chunk -t plain.schema --block-rows "$rows" rows.csv |
      sw-cut --tz Australia/Sydney -c order_id,order_quantity,fill,fill_ratio,size,hour_start >got.csv
    cmp expected.csv got.csv
  done
}

@test "agg: sets of members of every kind, in many blocks and of texts that fill one, go through parts" {
  cat >kinds.schema <<'END'
table kinds
column order_id uint
column timestamp time
column side int
column label text
time timestamp
END
  python3 - >rows.csv <<'PY'
import random
random.seed(11)
ids = [str(i) for i in range(3000)] + [str(2**64 - 1 - i) for i in range(40)] + [""]
texts = ["", "a"] + [letter * 600000 for letter in "bcdefghijkl"] + ["t%d" % i for i in range(50)]
print("order_id,timestamp,side,label")
for i in range(16000):
    label = texts[i % 13] if i % 400 < 1 else random.choice(texts[:2] + texts[13:])
    print("%s,%d,%s,%s" % (random.choice(ids), i, random.choice(["", "1", "2", "3"]), label))
PY
  python3 - >expected.csv <<'PY'
import csv
csv.field_size_limit(10**7)
ids, labels, rows = {}, {}, {}
for row in csv.DictReader(open("rows.csv")):
    key = row["side"]
    rows[key] = rows.get(key, 0) + 1
    ids.setdefault(key, set()).add(row["order_id"])
    labels.setdefault(key, set()).add(row["label"])
print("side,n,ids,labels")
for key in sorted(rows):
    print("%s,%d,%d,%d" % (key, rows[key], len(ids[key] - {""}), len(labels[key] - {""})))
PY
  { head -1 rows.csv; tail -n 9000 rows.csv; } | sw-chunk -t kinds.schema >late.swr
  head -7001 rows.csv | sw-chunk -t kinds.schema >early.swr
  for part in early late; do
    sw-agg -g side -a 'n=count(),ids=distinct(order_id),labels=distinct(label)' --partial "$part.swr" >"$part.part"
  done
  sw-agg --merge late.part early.part >got.csv
  cmp expected.csv got.csv
  sw-agg -g label -a 'n=count(),ids=distinct(order_id)' early.swr late.swr >whole.csv
  for part in early late; do sw-agg -g label -a 'n=count(),ids=distinct(order_id)' --partial "$part.swr" >"$part.part"; done
  sw-agg --merge early.part late.part | cmp whole.csv -
}

@test "agg: going on from groups is grouping the rows themselves; --iso-time is the same instant" {
  skip_without sqlite3
  sw-gen --rows 3000 --securities 5 --days 3 --seed 8 --stdout orders | sw-chunk >orders.swr
  sw-agg -g security_code,participantid -a 'n=count(),q=sum(quantity),first=min(timestamp)' -f swr -o groups.swr orders.swr
  same "$(sw-info groups.swr | sed -n 's/^time  *//p; s/^sorted by  *//p')" $'first\nsecurity_code, participantid'
  sw-agg -g security_code -a 'n=sum(n),q=sum(q),first=min(first)' groups.swr |
    diff - <(sw-agg -g security_code -a 'n=count(),q=sum(quantity),first=min(timestamp)' orders.swr)
  sw-cut -c security_code,participantid,date,hour groups.swr |
    sqlite3 -csv :memory: '.import /dev/stdin g' 'SELECT date, count(*) FROM g GROUP BY date ORDER BY date' | tr -d '\r' |
    diff - <(sw-agg -g date -a 'n=count()' groups.swr | sed 1d)
  measures='first=min(timestamp),last=max(timestamp)'
  sw-agg -g side -a "$measures" --iso-time orders.swr >iso
  grep -qE '^1,20[0-9-]{8}T[0-9:.]{8,18}\+1[01]:00,' iso
  sw-agg -g side -a "$measures" --partial orders.swr | sw-agg --merge --iso-time | cmp - iso
  sw-agg -g side -a "$measures" orders.swr >plain
  python3 - <<'PY'
import csv, datetime, re
for plain, iso in zip(csv.reader(open("plain")), csv.reader(open("iso"))):
    for number, text in list(zip(plain, iso))[1:] if plain[0] != "side" else []:
        seconds, fraction, zone = re.fullmatch(r"(.{19})\.?([0-9]*)([+-].*)", text).groups()
        whole = int(datetime.datetime.fromisoformat(seconds + zone).timestamp())
        assert whole * 10**9 + int(fraction.ljust(9, "0")) == int(number), (number, text)
PY
  sw-agg --reports global_summary,by_security --iso-time -o reports orders.swr
  same "$(sed -n 's/^first_timestamp,//p' reports/global_summary.csv)" "$(sw-agg -a 't=min(timestamp)' --iso-time orders.swr | sed 1d)"
  expect_status 2 sw-agg --iso-time -f swr -o out.swr orders.swr
  expect_status 2 sw-agg --iso-time --partial -o out.swr orders.swr
}

@test "agg: a list of measures goes by its name, as far as the rows have its columns" {
  printf '%s\n' a,b,reason 1,2,quote 3,4,limit >rows.csv
  printf '%s\n' 'table t' 'column a int' 'column b int' 'column reason text' >t.schema
  sw-chunk -t t.schema rows.csv >rows.swr
  cp -RL "$(dirname "$SW_BIN")/share" share
  mkdir bin
  cp "$SW_BIN/sw-agg" bin/
  printf '%s\n' '# a comment' 'x=sum(a)' 'y=wmean(a,b)' '' 'z=max(c)' 'q=count(reason == "quote")' 'w=sum(a*2)/sum(b)' \
    'i=count(a in market)' 'j=count(c in market)' >share/measures/mine
  same "$(bin/sw-agg -a 'n=count(),mine,m=min(b)' rows.swr | head -n 1)" n,x,y,q,w,i,m
  same "$(bin/sw-agg -a mine rows.swr)" "$(bin/sw-agg -a 'x=sum(a),y=wmean(a,b),q=count(reason == "quote"),w=sum(a*2)/sum(b),i=count(a in market)' rows.swr)"
  same "$(bin/sw-agg -a mine --partial rows.swr | bin/sw-agg --merge)" "$(bin/sw-agg -a mine rows.swr)"
  expect_status 2 sw-agg -a costs rows.swr
  [[ $output == *"of 'costs' the rows have no columns"* ]]
  # a column that nobody knows is a mistake, and said; one of another table is not, nor one that the list says that rows may have
  bin/sw-agg -a mine rows.swr 2>said >/dev/null
  same "$(cat said)" "sw-agg: mine: z is left out: neither the rows nor any schema has a column 'c'
sw-agg: mine: j is left out: neither the rows nor any schema has a column 'c'"
  printf '%s\n' 'columns  d c' 'x=sum(a)' 'z=max(c)' 'p=sum(price)' 'o=sum(orderid)' 't=max(nanos)' 'r=count(reasn == null)' >share/measures/mine
  same "$(bin/sw-agg -a mine rows.swr 2>said | head -n 1)" x
  same "$(cat said)" "sw-agg: mine: r is left out: neither the rows nor any schema has a column 'reasn'; is 'reason' meant?"
  # what can be derived is there
  printf '%s\n' price,quantity 3,4 5,6 >priced.csv
  printf '%s\n' 'table t' 'column price decimal' 'column quantity int' >priced.schema
  printf '%s\n' 'v=sum(value)' 'h=max(hour)' >share/measures/mine
  same "$(sw-chunk -t priced.schema priced.csv | bin/sw-agg -a mine)" $'v\n42'
  expect_status 2 sw-agg -a nobody rows.swr
}

@test "agg: a block of many rows, which is taken in pieces, is worth its rows in small blocks" {
  awk 'BEGIN {
    print "order_id,timestamp,note,quantity,price"
    for (i = 1; i <= 40001; i++) {
      note = i % 7 == 0 || (i > 16384 && i < 32768 && i % 3 == 0) ? "" : "n" i % 1000
      quantity = i % 11 == 0 || (i > 32768 && i < 33000) ? "" : i == 20000 ? "9223372036854775807" : i % 4000
      printf "%d,%d000000000,%s,%s,%d\n", i % 5000, 1725500000 + i * 7, note, quantity, i
    }
  }' >rows.csv
  sw-chunk --block-rows 65536 rows.csv >large.swr
  sw-chunk --block-rows 999 rows.csv >small.swr
  same "$(sw-info large.swr | sed -n 's/^blocks  *//p')" 1
  for words in '-g note' '-g date,hour -a n=count(quantity),d=distinct(note),m=min(note),q=median(quantity),l=last(price)' \
    '-g note -a n=count(quantity>5&&price<9000),s=sum(quantity)' '-a n=count(),x=max(quantity)'; do
    # shellcheck disable=SC2086
    cmp <(sw-agg $words large.swr) <(sw-agg $words small.swr)
  done
}

@test "agg: quantiles are the same where their rows do not fit in memory, and the file they go to has to be there" {
  awk 'BEGIN {
    print "order_id,timestamp,note,quantity,price"
    for (i = 1; i <= 120000; i++)
      printf "%d,%d000000000,%s,%s,%d\n", i, 1725500000 + i * 7, i % 9 ? "n" i % 31 : "", i % 11 ? i * 7919 % 100003 : "", i * 31 % 65537
  }' >rows.csv
  sw-chunk rows.csv >rows.swr
  local measures='q=median(quantity),r=quantile_disc(price,0.9),s=quantile(price,0.25),n=count()'
  sw-agg -g note,date -a "$measures" rows.swr >held
  sw-agg -g note,date -a "$measures" -S 1M -T . rows.swr >spilled
  cmp held spilled
  expect_status 3 sw-agg -g note,date -a "$measures" -S 1M -T "$PWD/nowhere" rows.swr
  sw-agg -g note,date -a "$measures" -T "$PWD/nowhere" rows.swr | cmp - held
  # partial aggregates hold what they are made of
  sw-agg -g note,date -a "$measures" -S 1M -T "$PWD/nowhere" --partial rows.swr | sw-agg --merge | cmp - held
  expect_status 2 sw-agg -a "$measures" -S 1K rows.swr
}

@test "agg: --list-reports names the files that all reports have" {
  sw-gen --rows 200 --stdout orders | sw-chunk | sw-agg --reports all -o all
  same "$(sw-agg --list-reports | sort)" "$(ls all)"
  for words in 'orders.swr' '--reports all' '-g side' '--list-columns'; do
    # shellcheck disable=SC2086 # words
    expect_status 2 sw-agg --list-reports $words
  done
}
