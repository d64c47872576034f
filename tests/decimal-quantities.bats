#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Quantities with decimals, as coins have them, from end to end: against Python's fractions, and against the same market in units of
# 0.00012345, whose quantities are whole numbers. And what the files of a role must have, and may lack.

load helper

setup_file() {
  export DATA="$BATS_FILE_TMPDIR"
  cd "$DATA" || return
  sw-gen --rows 5000 --securities 2 --participants 9 --days 2 --seed 4 --full -o whole
  mkdir coins
  for table in orders trades; do
    python3 "$TREE/tests/decimal_quantities.py" to-coins <"whole/$table.csv" >"coins/$table.csv"
    sed -E 's/^(column (quantity|leavesquantity|totalmatchedquantity|minimumquantity|singlefillminimumquantity)) int/\1 decimal:8/' \
      "$TREE/share/schemas/$table.schema" >"$table.schema"
  done
  cp whole/nbbo.csv coins
}

setup() { cd "$BATS_TEST_TMPDIR" || return; }

# of_coins COMMAND [OPTION]…: a pipeline over the files with decimals; of_units: over those without.
of_coins() { "$@" -t "$DATA/orders.schema" --trades-schema "$DATA/trades.schema" --trades "$DATA/coins/trades.csv" "$DATA/coins/orders.csv" 2>said; }
of_units() { "$@" --trades "$DATA/whole/trades.csv" "$DATA/whole/orders.csv" 2>said; }

plain() { case $1 in *.gz) gzip -dc "$1" ;; *) cat "$1" ;; esac; }

# same_in_coins UNITS COINS: the files of one are the other's, but for what quantities are counted in.
same_in_coins() {
  local file
  (cd "$1" && find_any aggregated by_security -name '*.csv*' | sort) >files
  [ -s files ]
  while IFS= read -r file; do
    plain "$1/$file" | python3 "$TREE/tests/decimal_quantities.py" to-coins | cmp - <(plain "$2/$file") || { echo "$file"; return 1; }
  done <files
}

# bats test_tags=plain
@test "decimals: every file of an analysis is what fractions make of them" {
  of_coins analyse --nbbo "$DATA/coins/nbbo.csv" --tz +10:00 -o out
  python3 "$TREE/tests/analysis_oracle.py" --decimal-quantities --orders "$DATA/coins/orders.csv" --trades "$DATA/coins/trades.csv" \
    --nbbo "$DATA/coins/nbbo.csv" -o wanted
  [ "$(find wanted -name classified.csv | wc -l)" -ge 3 ]
  (cd wanted && find . -type f) | while IFS= read -r file; do
    if [ -e "out/$file.gz" ]; then gzip -dc "out/$file.gz"; else cat "out/$file"; fi | cmp - "wanted/$file" || exit
  done
  zcat out/by_security/*/*/classified.csv.gz | grep -q ',0\.0[0-9]*[1-9],'
}

# bats test_tags=check
@test "decimals: the dark book, its replay, and what orders cost are those of the same orders in units" {
  for run in match 'match --rules simple' 'match --replay' analyse; do
    rm -rf units coins
    read -ra command <<<"$run"
    quotes=orders
    [[ $run != *replay ]] || quotes=trades
    of_units "${command[@]}" --nbbo $quotes -o units
    of_coins "${command[@]}" --nbbo $quotes -o coins
    [[ $run != analyse ]] || rm -rf {units,coins}/by_security/*/*/{simulation,classified,metrics,orders}.csv* {units,coins}/aggregated/{*.csv,tca}
    same_in_coins units coins || { echo "$run"; false; }
  done
}

@test "decimals: reports, sizes and measures add them exactly" {
  report -t "$DATA/orders.schema" --sizes 0.001,0.0123,0.1 -g size -a 'n=count(),q=sum(order_quantity),m=sum(totalmatchedquantity),v=sum(value)' -o out \
    "$DATA/coins/orders.csv" 2>/dev/null
  python3 "$TREE/tests/decimal_quantities.py" sizes 0.001 0.0123 0.1 <"$DATA/coins/orders.csv" | cmp - out/aggregated/groups.csv
  same "$(sed 1d out/aggregated/groups.csv | cut -d, -f1 | paste -s -d ' ')" '<=0.001 0.001-0.0123 0.0123-0.1 >0.1'
  sw-chunk "$DATA/whole/orders.csv" -o some.swr
  for sizes in 0.5,0.50 1,0.5 -1 1e3 0.5,,1; do
    expect_status 2 sw-agg --sizes "$sizes" some.swr
    [[ $output == *"--sizes: not ascending numbers: '$sizes'"* ]]
  done
  # what would not fit is refused, with the reason
  sed 's/^column price decimal/&:12/' "$DATA/trades.schema" >fine.schema
  expect_status 1 sw-classify --trades <(sw-chunk -t ./fine.schema "$DATA/coins/trades.csv" | sw-sort -k security_code,order_id,timestamp) \
    <(sw-chunk -t "$DATA/orders.schema" "$DATA/coins/orders.csv" | sw-sort -k security_code,order_id,timestamp,sequence)
  [[ $output == *": price has 12 decimals and quantity 8: their product would have more than 18" ]]
}

@test "decimals: orders in whole numbers and trades in coins, and the other way, are compared by what they are" {
  head=order_id,timestamp,security_code,price,side,quantity,leavesquantity,totalmatchedquantity
  printf '%s\n' $head 7,1725494400000000000,5,10,1,3,3,0 7,1725494400000000009,5,10,1,3,0,3 8,1725494400000000000,5,10,2,3,1,2 | sw-chunk >orders.swr
  printf '%s\n' orderid,tradetime,securitycode,tradeprice,quantity,EXCHANGE,dealsource 7,1725494400000000005,5,9.5,0.00012345,3,1 7,1725494400000000006,5,10,2.99987655,3,1 \
    8,1725494400000000006,5,10,1.5,3,1 >trades.csv
  sw-chunk -t "$DATA/trades.schema" trades.csv | sw-classify --trades - orders.swr 2>said |
    sw-cut -c order_id,group,quantity,totalmatchedquantity,traded_quantity,traded_value,actual_quantity,order_quantity --no-header | cmp - <(
      printf '%s\n' 7,FULLY_FILLED,3,3,3,29.999938275,3,3 8,PARTIALLY_FILLED,3,2,1.5,15,0,3)
}

# bats test_tags=plain
@test "roles: an analysis needs no participant, type, sequence, leaves or matched quantity" {
  sw-chunk -c order_id,timestamp,security_code,price,side,quantity "$DATA/whole/orders.csv" | sw-cut >lean.csv
  for table in trades nbbo; do sed "s/^table $table/table elsewhere_$table/" "$TREE/share/schemas/$table.schema" >"$table.schema"; done
  sw-chunk -t ./trades.schema -c security_code,order_id,timestamp,price,quantity "$DATA/whole/trades.csv" -o trades.swr
  sw-chunk -t ./nbbo.schema -c security_code,timestamp,bid,offer "$DATA/whole/nbbo.csv" -o nbbo.swr
  analyse --trades trades.swr --nbbo nbbo.swr -o out lean.csv 2>said
  # every row of the trades is a trade, and Σ of them stands for what was matched
  traded=$(python3 "$TREE/tests/decimal_quantities.py" traded lean.csv <"$DATA/whole/trades.csv")
  same "$(grep -E '^traded_quantity_sum,' out/aggregated/global_summary.csv)" "traded_quantity_sum,$traded"
  same "$(grep -E '^matched_sum,' out/aggregated/global_summary.csv)" "matched_sum,$traded"
  same "$(grep -E '^participants,' out/aggregated/global_summary.csv)" participants,0
  same "$(zcat out/by_security/*/*/classified.csv.gz | awk -F, '!/^order_id/ && ($5 != "" || $6 != "")' | wc -l)" 0
  expect_status 2 analyse --trades trades.swr --nbbo nbbo.swr -p 1 -o other lean.csv
}

@test "roles: the header of trades and quotes finds their schema, where it is not of the usual kind" {
  sw-chunk "$DATA/whole/trades.csv" | sw-cut -c sequence,dealsource,timestamp,matchgroupid,security_code,order_id,participantid,price,quantity,side |
    sed '1s/.*/Sequence,DealSource,ExecutionTimestamp,MatchGroupId,OrderBookId,OrderId,ParticipantId,Price,Quantity,Side/' >trades.csv
  sw-chunk "$DATA/whole/nbbo.csv" | sw-cut -c security_code,timestamp,bid,offer,sequence | sed '1s/.*/OrderBookId,Timestamp,BidPrice,OfferPrice,Sequence/' >nbbo.csv
  same "$(sw-plan --found trades.csv nbbo.csv "$DATA/whole/orders.csv")" $'trades-capitals\ttrade_sides\nnbbo-capitals\tquotes\norders\tevents'
  sw-chunk trades.csv | sw-cut >lower.csv
  analyse --trades lower.csv --nbbo "$DATA/whole/nbbo.csv" -s 110621 -o usual "$DATA/whole/orders.csv" 2>said
  analyse --trades trades.csv --nbbo nbbo.csv -s 110621 -o found "$DATA/whole/orders.csv" 2>said
  diff -r usual found -x run
  analyse --trades trades.csv --trades-schema trades-capitals --nbbo nbbo.csv --nbbo-schema nbbo-capitals -s 110621 -o named "$DATA/whole/orders.csv" 2>said
  diff -r usual named -x run
  # what several would read is named; what none reads is told as ever
  echo ts_recv,ts_event,action,bid_px_00,ask_px_00,instrument_id >nbbo.csv
  expect_status 2 analyse --trades trades.csv --nbbo nbbo.csv -o other "$DATA/whole/orders.csv"
  same "$output" 'analyse: nbbo.csv: the header fits several schemas (databento-mbp1-pretty, databento-mbp1); see --nbbo-schema'
  cp "$DATA/whole/orders.csv" nbbo.csv
  expect_status 1 analyse --trades trades.csv --nbbo nbbo.csv -o other "$DATA/whole/orders.csv"
  same "$output" 'sw-plan: nbbo.csv: holds orders, not nbbo'
  [ ! -e other ]
}

@test "roles: a side that is neither 1 nor 2 is told once, before a job, with what to do" {
  awk -F, -v OFS=, 'NR > 1 { $5 = $5 == 1 ? "B" : "S" } 1' <(sw-chunk -c order_id,timestamp,security_code,price,side,quantity,exchangeordertype "$DATA/whole/orders.csv" | sw-cut) >letters.csv
  sed 's/^column side int/column side text/' "$TREE/share/schemas/orders.schema" >text.schema
  { cat "$TREE/share/schemas/orders.schema"; printf 'value side %s\n' '-1 S' '1 B'; } >minus.schema
  for schema in text:B minus:-1; do
    for command in analyse match; do
      expect_status 1 "$command" -t "./${schema%:*}.schema" --trades "$DATA/whole/trades.csv" --nbbo "$DATA/whole/nbbo.csv" -o out letters.csv
      same "$output" "sw-plan: letters.csv: side: neither 1 (buys) nor 2 (sells), as a number: '${schema#*:}'; lines such as 'value side 1 B' of a schema say what means which, see sw-schemas(7)"
      [ ! -e out ]
    done
  done
  # behind the first rows the job says so
  sed 's/^value side -1 S/value side 2 S/' minus.schema >good.schema
  sw-chunk -t ./minus.schema letters.csv | sw-sort -k security_code,order_id,timestamp >minus.swr
  expect_status 1 sw-classify --trades <(sw-chunk "$DATA/whole/trades.csv" | sw-sort -k security_code,order_id,timestamp) minus.swr
  [[ $output == *"side: neither 1, a buy, nor 2, a sell: '-1'" ]]
  analyse -t ./good.schema --trades "$DATA/whole/trades.csv" --nbbo "$DATA/whole/nbbo.csv" -o out letters.csv 2>said
  [ "$(sed 1d out/aggregated/by_security.csv | wc -l)" -eq 2 ]
}
