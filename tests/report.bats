#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What pipelines/report computes besides the standard reports, and the formats of all of them.
# bats file_tags=plain

load helper
load peers

# These are of rows as they stand; orders.bats has those of orders in their last state.
report() { command report --per event "$@"; }

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  sw-gen --rows 6000 --securities 12 --days 3 --full --seed 31 -o .
  report -j 1 -o whole orders.csv
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  ORDERS=$BATS_FILE_TMPDIR/orders.csv
  WHOLE=$BATS_FILE_TMPDIR/whole/aggregated
}

@test "report: -g alone makes the one report, what sqlite3 makes of the file, with any chunks and workers" {
  report -g security_code -o out -a 'orders=count(),quantity=sum(quantity),least=min(price),sides=distinct(side)' "$ORDERS"
  same "$(ls out/aggregated)" groups.csv
  {
    echo security_code,orders,quantity,least,sides
    sqlite3 -csv :memory: ".import $ORDERS o" "SELECT security_code, count(*), sum(quantity), min(CAST(price AS REAL)),
      count(DISTINCT side) FROM o GROUP BY 1 ORDER BY CAST(security_code AS INTEGER)" | tr -d '\r' | sed 's/\.0,/,/'
  } >expected
  cmp expected out/aggregated/groups.csv
  cp out/aggregated/groups.csv first
  for how in '-j 3 -b 64K' '-j 2 -b 300K' '-j 1 -b 1G'; do
    # shellcheck disable=SC2086
    report $how -g security_code -o out -a 'orders=count(),quantity=sum(quantity),least=min(price),sides=distinct(side)' "$ORDERS"
    cmp first out/aggregated/groups.csv
  done
}

@test "report: -g reads no more columns than it needs, of CSV" {
  awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 { $at["bid"] = "x"; $at["price"] = "y" } { print }' \
    "$ORDERS" >spoilt.csv
  report -g security_code,fill -a 'n=count(),q=sum(quantity)' -o out spoilt.csv
  report -g security_code,fill -a 'n=count(),q=sum(quantity)' -o right "$ORDERS"
  cmp out/aggregated/groups.csv right/aggregated/groups.csv
  # What was there before stays.
  expect_status 1 report -g security_code -a 'v=sum(value)' -o out spoilt.csv
  cmp out/aggregated/groups.csv right/aggregated/groups.csv
  expect_status 1 report -g security_code -a 'v=sum(value)' -o new spoilt.csv
  [ ! -e new/aggregated/groups.csv ]
}

@test "report: a report that is named twice is refused" {
  for twice in by_date,by_date by_date,global_summary,by_date.csv; do
    expect_status 2 report --reports "$twice" -o out "$ORDERS"
    [[ $output == *"--reports: '${twice##*,}' stands twice"* ]]
    expect_status 2 sw-agg --reports "$twice" -o out <(sw-chunk "$ORDERS")
    [[ $output == *"--reports: '${twice##*,}' stands twice"* ]]
  done
  [ ! -e out ]
}

@test "report: --reports all and -g make both, and the standard reports stay as they are" {
  report -j 2 -b 200K --reports all -g hour,side -o out "$ORDERS"
  diff -r -x groups.csv -x aggregation_summary.json "$WHOLE" out/aggregated
  sw-chunk "$ORDERS" | sw-agg -g hour,side | cmp - out/aggregated/groups.csv
  report -g hour,side -H 10-12 -e 'side == 1' -o out "$ORDERS"
  same "$(ls out/aggregated)" groups.csv
  sw-chunk "$ORDERS" | sw-filter -H 10-12 -e 'side == 1' | sw-agg -g hour,side | cmp - out/aggregated/groups.csv
  report --reports by_date,global_summary -o out "$ORDERS"
  same "$(ls out/aggregated)" $'by_date.csv\nglobal_summary.csv'
  cmp "$WHOLE/by_date.csv" out/aggregated/by_date.csv
  report -a 'ids=distinct(order_id)' -o out "$ORDERS"
  same "$(tail -n 1 out/aggregated/global_summary.csv | tr -d '\r')" \
    "ids,$(sw-chunk -c order_id "$ORDERS" | sw-cut --no-header | sort -u | wc -l)"
}

@test "report: gzip and streams in, by keys of one's own" {
  gzip -c "$ORDERS" >orders.csv.gz
  sw-chunk "$ORDERS" >orders.swr
  sw-agg -g date,size orders.swr >expected
  for file in orders.csv.gz orders.swr; do
    report -g date,size -o out "$file"
    cmp expected out/aggregated/groups.csv
  done
}

@test "report: what is wrong with keys, measures and formats is status 2, before anything is written" {
  local what
  for what in '-g nothing' '-g side,side' '-g , -a n=count()' '-a n=sum(nothing)' '-a events=count()' '-f xlsx' '--reports nothing' --group=; do
    # shellcheck disable=SC2086
    run report $what -o out "$ORDERS"
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
    [ ! -e out ]
  done
}

@test "report: a run is made again where keys, measures or the format change, and only then" {
  report -g side -o out "$ORDERS"
  touch -d '2001-01-01' out/aggregated/groups.csv out/run/parts/*/*
  report -g side -o out "$ORDERS"
  same "$(find out/aggregated -newermt 2002-01-01 -type f | wc -l)" 0
  report -g side -f csv.gz -o out "$ORDERS"
  same "$(ls out/aggregated)" groups.csv.gz
  same "$(find out/run/parts -name '*.partial' -newermt 2002-01-01 | wc -l)" 0
  report -g side -a 'n=count()' -f csv.gz -o out "$ORDERS"
  same "$(zcat out/aggregated/groups.csv.gz | head -n 1)" side,n
}

@test "report: csv.gz, tsv and jsonl have what csv has" {
  report -f csv.gz -o out "$ORDERS"
  for file in "$WHOLE"/*.csv; do zcat "out/aggregated/${file##*/}.gz" | cmp - "$file"; done
  report -f tsv -o out "$ORDERS"
  tr '\t' , <out/aggregated/by_security.tsv | cmp - "$WHOLE/by_security.csv"
  report -f jsonl --reports by_size,by_order_size -o none "$ORDERS" && return 1
  report -f jsonl --reports by_order_size -o out "$ORDERS"
  same "$(wc -l <out/aggregated/by_order_size.jsonl)" "$(sed 1d "$WHOLE/by_order_size.csv" | wc -l)"
}

# bats test_tags=check
@test "report: Parquet has every value of every report, by a reader of our own, and the same bytes with any chunks" {
  report -j 1 --reports all -g fill,exchangeordertype -f parquet -o out "$ORDERS"
  report -j 2 -b 100K --reports all -g fill,exchangeordertype -f parquet -o parts "$ORDERS"
  diff -r out/aggregated parts/aggregated
  report --reports all -g fill,exchangeordertype -o text "$ORDERS"
  for file in text/aggregated/*.csv; do
    name=${file##*/}
    parquet_reader "out/aggregated/${name%.csv}.parquet" >rows
    python3 "$BATS_TEST_DIRNAME/report_values.py" "$file" rows
  done
  cmp "$WHOLE/by_date.csv" text/aggregated/by_date.csv
  [ -e out/aggregated/aggregation_summary.json ]
}

# bats test_tags=check, plain
@test "report: Parquet is read by DuckDB, with its types" {
  need_peers
  report -f parquet -o out "$ORDERS"
  for file in "$WHOLE"/*.csv; do
    name=${file##*/}
    duckdb "out/aggregated/${name%.csv}.parquet" >rows
    python3 "$BATS_TEST_DIRNAME/report_values.py" "$file" rows --microseconds
  done
  duckdb out/aggregated/by_security_date.parquet --types >types
  for column in 'security_code BIGINT' 'date DATE' 'events BIGINT' 'quantity_sum DECIMAL(38,0)' 'fill_ratio DECIMAL(38,6)'; do
    grep -x "$column" types
  done
  grep -x 'first_timestamp TIMESTAMP.*' types
}

# bats test_tags=check, plain
@test "report: Arrow is read by apache-arrow" {
  need_peers
  report -f arrow --reports by_security -o out "$ORDERS"
  arrow out/aggregated/by_security.arrow >rows
  python3 "$BATS_TEST_DIRNAME/report_values.py" "$WHOLE/by_security.csv" rows
}

@test "report: no rows are empty reports in every format" {
  for format in csv parquet arrow; do
    report -g side -s 1 -f "$format" -o out "$ORDERS"
    [ -s "out/aggregated/groups.$format" ]
  done
  report -s 1 -f parquet -o out "$ORDERS"
  same "$(parquet_reader out/aggregated/by_security.parquet | wc -l)" 0
  same "$(parquet_reader out/aggregated/global_summary.parquet | wc -l)" 1
}

@test "report: --iso-time, what sw-agg makes of the rows, of orders, too, and other times are other results" {
  words=(--reports all -g 'date,side' -a 'n=count(),first=min(timestamp)')
  sw-chunk "$ORDERS" >rows.swr
  for more in '' '--tz Asia/Tokyo'; do
    rm -rf wanted
    # shellcheck disable=SC2086 # words
    sw-agg "${words[@]}" --iso-time $more -o wanted rows.swr
    # shellcheck disable=SC2086
    report -j 2 -b 300K --iso-time $more "${words[@]}" -o out "$ORDERS" 2>/dev/null
    diff -r wanted out/aggregated -x aggregation_summary.json
    grep -q ',20[0-9T:.-]*[+]' out/aggregated/groups.csv
  done
  report -j 2 -b 300K "${words[@]}" -o out "$ORDERS" 2>/dev/null
  sw-agg "${words[@]}" -o plain rows.swr
  cmp plain/groups.csv out/aggregated/groups.csv
  report -j 2 -b 300K --iso-time "${words[@]}" -o out "$ORDERS" 2>/dev/null
  [ ! -s out/run/jobs ] && grep -q ',20[0-9T:.-]*[+]10:00' out/aggregated/groups.csv
  command report --iso-time -o orders "$ORDERS"
  grep -qE '^first_timestamp,20[0-9]{2}-.*[+]10:00$' orders/aggregated/global_summary.csv
  for format in swr parquet arrow; do
    expect_status 2 report --iso-time -f $format -o other "$ORDERS"
    same "$output" "report: --iso-time: not with '$format', which has times as such"
  done
  [ ! -e other ]
}
