#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The reports of a some ten thousand events have the same bytes however the work is split, and are what sqlite3 makes of the CSV.

load helper

# These are of rows as they stand; orders.bats has those of orders in their last state.
report() { command report --per event "$@"; }

setup_file() {
  export DATA="$BATS_FILE_TMPDIR"
  export EVENTS=80000
  # The sanitizers are some ten times slower; what they look for shows with fewer rows.
  [[ $SW_BIN != *asan* ]] || EVENTS=30000
  sw-gen --rows "$EVENTS" --stdout orders >"$DATA/orders.csv"
  report -j 1 -b 1G -o "$DATA/whole" "$DATA/orders.csv"
}

# bats test_tags=check
@test "reports: the same bytes with 1, 2 and 7 workers and chunks of 256K, 1M and the whole file" {
  for split in '1 1M' '2 256K' '2 1G' '7 1M'; do
    read -r workers chunk <<<"$split"
    report -j "$workers" -b "$chunk" -o "$BATS_TEST_TMPDIR/out" "$DATA/orders.csv"
    diff -r "$DATA/whole/aggregated" "$BATS_TEST_TMPDIR/out/aggregated"
  done
}

@test "reports: the same bytes with blocks of 1, 1000 and 65536 rows" {
  for rows in 1 1000 65536; do
    sw-chunk --block-rows "$rows" "$DATA/orders.csv" | sw-agg --reports all -o "$BATS_TEST_TMPDIR/out"
    for file in "$BATS_TEST_TMPDIR"/out/*.csv; do cmp "$file" "$DATA/whole/aggregated/${file##*/}"; done
  done
}

@test "reports: the same bytes through cat of the parts in any order, and through partial merges of merges" {
  sw-chunk --plan -n 7 "$DATA/orders.csv" >"$BATS_TEST_TMPDIR/plan"
  index=0
  while read -r _ offset length; do
    sw-chunk --range "$offset:$length" "$DATA/orders.csv" >"$BATS_TEST_TMPDIR/$index.swr"
    sw-agg --reports all --partial "$BATS_TEST_TMPDIR/$index.swr" >"$BATS_TEST_TMPDIR/$index.part"
    index=$((index + 1))
  done <"$BATS_TEST_TMPDIR/plan"
  cd "$BATS_TEST_TMPDIR" || return
  cat 3.swr 0.swr 6.swr 1.swr 5.swr 2.swr 4.swr | sw-agg --reports all -o cat
  cat 6.part 2.part 4.part 0.part 5.part 1.part 3.part | sw-agg --reports all --merge -o parts
  sw-agg --reports all --merge --partial 0.part 6.part 3.part >a.part
  sw-agg --reports all --merge --partial 5.part 1.part 2.part 4.part >b.part
  sw-agg --reports all --merge -o merged b.part a.part
  for how in cat parts merged; do
    for file in "$how"/*.csv; do cmp "$file" "$DATA/whole/aggregated/${file##*/}"; done
    [ "$(find "$how" -name '*.csv' | wc -l)" -eq 9 ]
  done
}

@test "reports: counts, sums, means and distinct counts are sqlite3's" {
  skip_without sqlite3
  sqlite3 "$BATS_TEST_TMPDIR/db" -cmd '.mode csv' -cmd ".import '$DATA/orders.csv' o" '' 
  # Integers only: prices in ten-thousandths, fill ratios are left to agg.bats, whose oracle has fractions.
  query() {
    sqlite3 -csv "$BATS_TEST_TMPDIR/db" "
      with asked as (select *, max(quantity + 0, totalmatchedquantity + 0, totalmatchedquantity + leavesquantity) as asked from o)
      select $1, count(*), sum(totalmatchedquantity + 0 > 0), sum(totalmatchedquantity + 0 > 0 and totalmatchedquantity + 0 = asked),
        sum(totalmatchedquantity + 0 > 0 and totalmatchedquantity + 0 < asked),
        sum(totalmatchedquantity = 0), sum(asked), sum(totalmatchedquantity + 0),
        count(distinct participantid), count(distinct security_code),
        count(distinct (timestamp + 36000000000000) / 86400000000000), min(timestamp + 0), max(timestamp + 0)
      from asked group by 1 order by 1" | tr -d '\r'
  }
  ours() { awk -F, -v OFS=, 'NR > 1 { print $1, $2, $3, $4, $5, $6, $7, $10, $17, $18, $19, $20, $21 }' "$DATA/whole/aggregated/$1.csv"; }
  diff <(query 'security_code + 0') <(ours by_security)
  diff <(query 'participantid + 0') <(ours by_participant)
  diff <(query '(timestamp + 36000000000000) / 3600000000000 % 24') <(ours by_time_of_day)
  diff <(query "date((timestamp + 36000000000000) / 1000000000, 'unixepoch')") <(ours by_date)
}
