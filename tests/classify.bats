#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-classify: every column of every order as a computation from the definitions has it (classify_oracle.py), whatever the blocks;
# what must not change within an order; what happens to every event and trade.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  sw-gen --rows 8000 --securities 6 --days 3 -o .
  python3 "$BATS_TEST_DIRNAME/classify_disturb.py" orders.csv trades.csv odd_orders.csv odd_trades.csv
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  DATA=$BATS_FILE_TMPDIR
  SCHEMA=$TREE/share/schemas/orders.schema
}

# by_key FILE KEY…: the header, then the lines as sort(1) puts them.
by_key() {
  head -n 1 "$1"
  tail -n +2 "$1" | sort -t, "${@:2}"
}

events() { by_key "$1" -k3,3n -k1,1n -k2,2n -k12,12n; }
trades() { by_key "$1" -k5,5n -k6,6n -k4,4n; }

# classify ORDERS.csv TRADES.csv [OPTION…]: from CSV to CSV; blocks of $block rows.
classify() {
  trades "$2" | sw-chunk --block-rows "${block:-0}" >trades.swr
  events "$1" | sw-chunk --block-rows "${block:-0}" | sw-classify --trades trades.swr "${@:3}" 2>said | sw-cut
}

oracle() {
  python3 "$BATS_TEST_DIRNAME/classify_oracle.py" --schema "$SCHEMA" "$@"
}

# A few events by hand, in the short layout, and their trades.
header=order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,participantid,orderstatus,totalmatchedquantity,sequence
trade_header=tradetime,securitycode,orderid,tradeprice,quantity,dealsource

stream() {
  printf '%s\n' "$header" "$@" | sw-chunk
}

no_trades() {
  echo "$trade_header" | sw-chunk >none.swr
}

@test "classify: generated data, executed orders, as the definitions say" {
  classify "$DATA/orders.csv" "$DATA/trades.csv" >ours
  oracle "$DATA/orders.csv" "$DATA/trades.csv" | diff - ours
  [ "$(wc -l <ours)" -gt 1000 ]
  grep -q ',PARTIALLY_FILLED,.*,1,[0-9]*,0$' ours
  # Nothing that a generator gets right: each trade has its order, each row its kind.
  [[ $(cat said) != *@('without an order'|'another dealsource')* ]]
}

@test "classify: ties, nulls, duplicates, unmatched trades; --all, --tally" {
  classify "$DATA/odd_orders.csv" "$DATA/odd_trades.csv" --all --tally tally >ours
  oracle --all "$DATA/odd_orders.csv" "$DATA/odd_trades.csv" | diff - ours
  oracle --tally "$DATA/odd_orders.csv" "$DATA/odd_trades.csv" | diff - tally
  unmatched=$(awk '$1 == "unmatched" { print $2 }' tally)
  mismatched=$(awk '$1 == "mismatched" { print $2 }' tally)
  [ "$unmatched" -gt 0 ]
  [ "$mismatched" -gt 0 ]
  awk -F '\t' '
    { n[$1] = $2 }
    function line(text, a, of) { if (n[a] > 0) printf "sw-classify: %d of %d %s\n", n[a], n[of], text }
    END {
      line("trades without an order", "unmatched_market", "market")
      line("bookings without an order", "unmatched_booked", "booked")
      line("rows of the trades file are of another dealsource, and taken for no trades", "other", "trades")
      line("orders have bookings and no trade", "only_booked", "orders")
      line("orders whose trades and bookings are not their totalmatchedquantity", "mismatched", "orders")
    }' tally | diff - said
  same "$(wc -l <said)" 5
  awk -F '\t' '{ n[$1] = $2 } END { exit n["matched"] + n["unmatched"] != n["trades"] || n["market"] + n["booked"] + n["reported"] + n["other"] != n["trades"] }' tally
}

# bats test_tags=plain
@test "classify: --trades-in takes other rows for trades" {
  for values in 44,48 20 1,3,7; do
    classify "$DATA/odd_orders.csv" "$DATA/odd_trades.csv" --all --trades-in "$values" --tally tally >ours
    oracle --all --trades-in "$values" "$DATA/odd_orders.csv" "$DATA/odd_trades.csv" | diff - ours
  done
  oracle --tally --trades-in "$values" "$DATA/odd_orders.csv" "$DATA/odd_trades.csv" | diff - tally
  classify "$DATA/odd_orders.csv" "$DATA/odd_trades.csv" --all --trades-in booked >ours
  oracle --all --trades-in 44,45,48,91 "$DATA/odd_orders.csv" "$DATA/odd_trades.csv" | diff - ours
  no_trades
  stream >o.swr
  expect_status 2 sw-classify --trades none.swr --trades-in nothing o.swr
  [[ $output == *nothing* ]]
  expect_status 2 sw-classify --trades none.swr --trades-in 'market || side == 1' o.swr
  echo "${trade_header%,*}" | sw-chunk -t trades >plain.swr
  expect_status 2 sw-classify --trades plain.swr --trades-in market o.swr
  same "$output" "sw-classify: --trades-in: plain.swr: no column 'dealsource'"
}

@test "classify: without a dealsource every row is a trade" {
  cut -d, -f7 --complement "$DATA/odd_trades.csv" >plain.csv
  classify "$DATA/odd_orders.csv" plain.csv --all --tally tally >ours
  oracle --all "$DATA/odd_orders.csv" plain.csv | diff - ours
  same "$(grep -c -x -E "(booked|reported|other)$(printf '\t')0" tally)" 3
}

@test "classify: bookings are no trades, and what they took is neither filled nor asked for" {
  stream 1,5,9,10,1,100,0,64,7,1,100,1 2,5,9,10,1,100,0,64,7,1,100,2 3,5,9,10,1,100,60,64,7,1,40,3 4,5,9,10,1,1159,22,64,7,1,996,4 >o.swr
  printf '%s\n' "$trade_header" 5,9,1,10,70,20 5,9,1,10,30,48 5,9,2,10,100,44 5,9,3,10,30,47 5,9,3,10,10,3 5,9,4,10,996,1 | sw-chunk >t.swr
  sw-classify --all --trades t.swr o.swr 2>said | sw-cut --no-header -c order_id,group,totalmatchedquantity,trades,traded_quantity,order_quantity,booked_quantity >got
  same "$(cat got)" '1,FULLY_FILLED,100,1,70,100,30
2,NOT_EXECUTED,100,0,0,100,100
3,PARTIALLY_FILLED,40,1,30,100,0
4,PARTIALLY_FILLED,996,1,996,1159,0'
  same "$(sw-classify --trades t.swr o.swr 2>/dev/null | sw-cut --no-header -c order_id | paste -sd,)" 1,3,4
  same "$(cat said)" 'sw-classify: 1 of 4 orders have bookings and no trade
sw-classify: 1 of 4 orders whose trades and bookings are not their totalmatchedquantity'
}

@test "classify: without leavesquantity and totalmatchedquantity what was traded and booked stands for them" {
  cut -d, -f7,11 --complement "$DATA/odd_orders.csv" >narrow.csv
  { trades "$DATA/odd_trades.csv" | sw-chunk; } >trades.swr
  by_key narrow.csv -k3,3n -k1,1n -k2,2n -k10,10n | sw-chunk -t orders >narrow.swr
  sw-classify --all --trades trades.swr narrow.swr 2>/dev/null | sw-cut >ours
  oracle --all narrow.csv "$DATA/odd_trades.csv" | diff - ours
  grep -q FULLY_FILLED ours
}

@test "classify: the size of the blocks changes nothing" {
  head -n 600 "$DATA/odd_orders.csv" >orders.csv
  classify orders.csv "$DATA/odd_trades.csv" --all >whole
  oracle --all orders.csv "$DATA/odd_trades.csv" | diff - whole
  for block in 1 2 3 5 64; do
    classify orders.csv "$DATA/odd_trades.csv" --all | diff whole -
  done
}

@test "classify: orders over two files, and a pipe for the trades" {
  classify "$DATA/orders.csv" "$DATA/trades.csv" >whole
  events "$DATA/orders.csv" >sorted.csv
  head -n 7777 sorted.csv | sw-chunk >one.swr
  { head -n 1 sorted.csv; tail -n +7778 sorted.csv; } | sw-chunk >two.swr
  trades "$DATA/trades.csv" | sw-chunk | sw-classify --trades - one.swr two.swr | sw-cut | diff whole -
  sw-classify --trades <(cat trades.swr) one.swr two.swr | sw-cut | diff whole -
}

@test "classify: rows that agree in the sort keys may come in any order, where there is a sequence" {
  python3 - "$SCHEMA" >wide.csv <<'PY'
import random, sys
names = [line.split()[1] for line in open(sys.argv[1]) if line.startswith("column ")]
keys = ["order_id", "security_code", "timestamp", "sequence"]
others = [name for name in names if name not in keys] + ["zeta", "alpha"]
constant = {"side": 1, "participantid": 7}
rng = random.Random(11)
columns = others[:-2] + keys
rng.shuffle(columns)
columns += others[-2:]
print(",".join(columns))
for order in range(2 * len(others)):
    # Rows of a tie agree in the columns before this one and differ in it; behind it anything goes.
    at, time = order % len(others), rng.choice([5, 9])
    base = {name: rng.randrange(2, 9) for name in others}
    for variant in rng.sample(["", 1, 10, 9], 4):
        row = dict(base, order_id=order, security_code=1, timestamp=time, sequence="" if order % 3 else 4)
        row.update({name: rng.randrange(2, 9) for name in others[at + 1:]})
        row[others[at]] = variant
        print(",".join(str(dict(row, **constant)[name]) for name in columns))
    print(",".join(str(dict(row, timestamp=7, **constant)[name]) for name in columns))
PY
  echo "$trade_header" >none.csv
  oracle --all wide.csv none.csv >theirs
  sw-chunk none.csv >none.swr
  keys=$(head -n 1 wide.csv | tr , '\n' | awk '{ at[$1] = NR } END {
    printf "-k%d,%dn -k%d,%dn -k%d,%dn", at["order_id"], at["order_id"], at["timestamp"], at["timestamp"], at["sequence"], at["sequence"] }')
  for seed in 1 2 3; do
    # shellcheck disable=SC2086
    { head -n 1 wide.csv; tail -n +2 wide.csv | shuf --random-source=<(yes $seed) | sort -s -t, $keys; } |
      sw-chunk -t "$SCHEMA" --block-rows 3 | sw-classify --all --trades none.swr 2>/dev/null | sw-cut | diff theirs -
  done
}

@test "classify: the columns that break ties are those of the orders' schema, in its order" {
  deciding=$(sed -n '/deciding\[\] = {/,/};/p' "$TREE/lib/states/state_columns.c" | grep -o '"[a-z_]*"' | tr -d '"')
  same "$(tr '\n' ' ' <<<"$deciding")" 'totalmatchedquantity leavesquantity quantity price orderstatus '
  awk '$1 == "column" && $2 !~ /^(order_id|security_code|timestamp|sequence)$/ { print $2 }' "$SCHEMA" | grep -v -x -F "$deciding" >schema
  sed -n '/tie_order\[\] = {/,/};/p' "$TREE/lib/states/state_columns.c" | grep -o '"[a-z_]*"' | tr -d '"' | diff schema -
}

@test "classify: without a sequence the later row counts" {
  no_trades
  printf '%s\n' "${header%,sequence}" 1,5,9,10,1,100,100,64,7,1,0 1,5,9,20,1,90,90,64,7,1,0 1,6,9,40,1,80,50,64,7,1,30 1,6,9,30,1,70,40,64,7,1,30 |
    sw-chunk | sw-classify --all --trades none.swr 2>/dev/null | sw-cut -c initial_price,price,amended --no-header >got
  same "$(cat got)" 20,30,1
}

@test "classify: the real data has what is known of it" {
  skip_without real
  classify "$REAL/orders.csv" "$REAL/trades.csv" >ours
  oracle "$REAL/orders.csv" "$REAL/trades.csv" | diff - ours
  classify "$REAL/orders.csv" "$REAL/trades.csv" --all >all
  [ "$(wc -l <all)" -eq 71 ]
  # order, T, T_K, initial quantity and price, actual quantity and cost of the reference
  awk -F, 'NR > 1 { printf "%s,%s,%s,%s,%s,%s,%.2f\n", $1, $9, $10, $11, $12, $13, $15 }' "$REAL/simulation_reference.csv" |
    sort -u >reference
  awk -F, 'NR > 1 { printf "%s,%s,%s,%s,%s,%s,%.2f\n", $1, $12, $15, $13, $14, $20, $21 }' ours | sort >computed
  [ "$(wc -l <reference)" -eq 24 ]
  [ -z "$(comm -23 reference computed)" ]
}

@test "classify: times and dates: T_K, an evening's order, another zone" {
  no_trades
  # 2024-09-04T23:30Z is 09:30 of the 5th in Sydney; the order was entered the evening before
  stream 1,1725448941554442720,9,10,1,100,100,64,7,1,0,1 1,1725492600000000000,9,10,1,100,0,64,7,1,100,2 1,1725492600000000001,9,10,1,100,3,64,7,1,97,3 >a.swr
  sw-classify --all --trades none.swr a.swr 2>/dev/null >c.swr
  same "$(sw-cut --no-header -c date,completion_timestamp,last_timestamp c.swr)" 2024-09-05,1725492600000000000,1725492600000000001
  same "$(sw-cut --no-header -c hour,time,fill,size c.swr)" '9,09:30:00.000000001,partial,<=1K'
  # completed in one block, and something left again in the next
  sw-filter --block-rows 1 a.swr | sw-classify --all --trades none.swr 2>/dev/null | sw-cut | diff <(sw-cut c.swr) -
  sw-classify --all --tz UTC --trades none.swr a.swr 2>/dev/null | sw-cut --no-header -c date >utc
  same "$(cat utc)" 2024-09-04
  sw-info c.swr | grep -q '^sorted by *security_code, order_id$'
  expect_status 2 sw-classify --tz Nowhere/Else --trades none.swr a.swr
}

@test "classify: security, participant and text ids under a user's schema" {
  sed -e 's/^column security_code int/column security_code text/' -e 's/^column participantid int/column participantid text/' \
    -e 's/^column order_id uint/column order_id text/' "$SCHEMA" >orders.schema
  sed -e 's/^column security_code int/column security_code text/' -e 's/^column order_id uint/column order_id text/' \
    "$TREE/share/schemas/trades.schema" >trades.schema
  printf '%s\n' "$header" b,5,BHP,10,1,100,100,64,alpha,1,0,1 b,6,BHP,10,1,100,60,64,alpha,1,40,2 a,5,CBA,10,1,1,1,64,,1,0,3 | sw-chunk -t orders.schema --block-rows 1 >o.swr
  printf '%s\n' "$trade_header" 6,BHP,b,10.5,40,1 6,CBA,b,1,1,1 | sw-chunk -t trades.schema >t.swr
  sw-classify --all --trades t.swr o.swr 2>said | sw-cut --no-header -c order_id,security_code,participantid,traded_value >got
  same "$(cat got)" $'b,BHP,alpha,420\na,CBA,,0'
  grep -q '^sw-classify: 1 of 2 trades without an order$' said
  expect_status 1 bash -c "echo $trade_header | sw-chunk | sw-classify --trades - o.swr"
  [[ $output == *"security_code' is of type int, but of type text in the orders"* ]]
}

@test "classify: what changes within an order is named with its row" {
  no_trades
  stream 7904794000132347948,5,9,10,1,1,1,64,7,1,0,1 7904794000132347948,6,9,10,2,1,1,64,7,1,0,2 >side.swr
  stream 1,5,9,10,1,1,1,64,7,1,0,1 1,6,9,10,1,1,1,64,,1,0,2 >participant.swr
  expect_status 1 sw-classify --trades none.swr -o out.swr side.swr
  same "$output" 'sw-classify: side.swr: row 2: order 7904794000132347948: side changes from 1 to 2'
  expect_status 1 sw-classify --trades none.swr -o out.swr participant.swr
  same "$output" 'sw-classify: participant.swr: row 2: order 1: participantid changes from 7 to null'
  sw-cut side.swr | sw-chunk --block-rows 1 >blocks.swr
  expect_status 1 sw-classify --trades none.swr -o out.swr blocks.swr
  [[ $output == *'row 2: order 7904794000132347948: side changes from 1 to 2' ]]
  [ ! -e out.swr ]
}

@test "classify: an order_id under two securities is two orders" {
  stream 5,5,9,10,1,2,1,64,7,1,1,1 6,5,9,10,1,1,1,64,7,1,0,1 5,5,10,10,2,3,0,64,8,1,3,1 >o.swr
  printf '%s\n' "$trade_header" 5,9,5,10,1,1 5,10,5,11,3,1 | sw-chunk >t.swr
  sw-classify --trades t.swr o.swr | sw-cut --no-header -c order_id,security_code,side,group,traded_value >got
  same "$(cat got)" $'5,9,1,PARTIALLY_FILLED,10\n5,10,2,FULLY_FILLED,33'
}

@test "classify: rows of several files are counted in each" {
  no_trades
  stream 1,5,9,10,1,1,1,64,7,1,0,1 1,6,9,10,1,1,1,64,7,1,0,2 >one.swr
  stream >empty.swr
  stream 1,7,9,10,1,1,1,64,7,1,0,3 1,8,9,10,2,1,1,64,7,1,0,4 >side.swr
  stream 1,7,9,10,2,1,1,64,7,1,0,3 >first.swr
  stream 2,7,9,10,1,1,1,64,7,1,0,1 1,7,9,10,1,1,1,64,7,1,0,3 >order.swr
  stream 0,7,9,10,1,1,1,64,7,1,0,1 >behind.swr
  classified() { sw-classify --trades none.swr one.swr empty.swr "$@" | cat; return "${PIPESTATUS[0]}"; }
  expect_status 1 classified side.swr
  same "$output" 'sw-classify: side.swr: row 2: order 1: side changes from 1 to 2'
  expect_status 1 classified first.swr
  same "$output" 'sw-classify: first.swr: row 1: order 1: side changes from 1 to 2'
  expect_status 1 classified order.swr
  [[ $output == *'order.swr: row 2: not sorted by '*': order_id 1 comes after 2'* ]]
  expect_status 1 classified behind.swr
  [[ $output == *'behind.swr: row 1: not sorted by '*': order_id 0 comes after 1'* ]]
}

@test "classify: what is not sorted is 1, with its place" {
  no_trades
  stream 5,5,9,10,1,1,1,64,7,1,0,1 4,5,9,10,1,1,1,64,7,1,0,1 >order.swr
  expect_status 1 sw-classify --trades none.swr order.swr
  [[ $output == *'order.swr: row 2: not sorted by security_code,order_id,timestamp,sequence: order_id 4 comes after 5'* ]]
  stream 5,5,9,10,1,1,1,64,7,1,0,2 5,5,9,10,1,1,1,64,7,1,0,1 >sequence.swr
  expect_status 1 sw-classify --trades none.swr sequence.swr
  [[ $output == *'row 2: '*'sequence 1 comes after 2'* ]]
  stream 5,5,9,10,1,1,1,64,7,1,0,1 >good.swr
  printf '%s\n' "$trade_header" 6,9,5,1,1,1 6,9,4,1,1,1 | sw-chunk >trades.swr
  expect_status 1 sw-classify --trades trades.swr -o out.swr good.swr
  [[ $output == *'trades.swr: row 2: not sorted by security_code,order_id,timestamp: order_id 4 comes after 5'* ]]
  [ ! -e out.swr ]
}

@test "classify: an event without order, security or time is 1; a missing column is 1 and named" {
  no_trades
  stream ,5,9,10,1,1,1,64,7,1,0,1 >order.swr
  expect_status 1 sw-classify --trades none.swr order.swr
  [[ $output == *'order.swr: row 1: order null: an event without an order_id' ]]
  stream 5,,9,10,1,1,1,64,7,1,0,1 >time.swr
  expect_status 1 sw-classify --trades none.swr time.swr
  [[ $output == *'row 1: order 5: an event without a timestamp' ]]
  stream 5,5,,10,1,1,1,64,7,1,0,1 >security.swr
  expect_status 1 sw-classify --trades none.swr security.swr
  [[ $output == *'row 1: order 5: an event without a security_code' ]]
  stream 5,5,9,10,1,1,1,64,7,1,0,1 | sw-filter -c order_id,timestamp,security_code,side >narrow.swr
  expect_status 1 sw-classify --trades none.swr narrow.swr
  [[ $output == *"narrow.swr: no column 'price'" ]]
}

@test "classify: sums past 64 and 128 bits" {
  stream 5,5,9,10,1,1,0,64,7,1,1,1 >o.swr
  max=9223372036854775807
  printf '%s\n' "$trade_header" "5,9,5,1000000000000000,$max,1" | sw-chunk >t.swr
  sw-classify --trades t.swr o.swr 2>/dev/null | sw-cut --no-header -c traded_quantity,traded_value,actual_cost >got
  same "$(cat got)" "$max,${max}000000000000000,${max}000000000000000"
  printf '%s\n' "$trade_header" "5,9,5,1,$max,1" 5,9,5,1,1,1 | sw-chunk >t.swr
  expect_status 1 sw-classify --trades t.swr -o out.swr o.swr
  same "$output" 'sw-classify: t.swr: order 5: the quantity of its trades does not fit 64 bits'
  # a sum comes back from there, whatever the order of its trades at one moment
  top=1700000000000000000000
  for prices in "$top $top -$top -$top 3" "-$top -$top 3 $top $top" "3 -$top $top $top -$top"; do
    { echo "$trade_header"; for price in $prices; do echo "5,9,5,$price,10000000000000,1"; done; } | sw-chunk >t.swr
    sw-classify --trades t.swr o.swr 2>/dev/null | sw-cut --no-header -c traded_quantity,traded_value,actual_cost >got
    same "$(cat got)" 50000000000000,30000000000000,30000000000000
  done
  printf '%s\n' "$trade_header" "5,9,5,1000000000000000000000,$max,1" | sw-chunk >t.swr
  expect_status 1 sw-classify --trades t.swr -o out.swr o.swr
  same "$output" 'sw-classify: t.swr: order 5: price times quantity of its trades does not fit 128 bits'
  [ ! -e out.swr ]
}

@test "classify: words it does not take" {
  no_trades
  stream >o.swr
  # shellcheck disable=SC2086
  for word in --all '--trades-in market' '--share 1/2' '--ledger x' '-s 1' '--partial --merge' --merge; do expect_status 2 sw-classify $word - <o.swr; done
  expect_status 2 sw-classify --trades -
  expect_status 2 sw-classify --trades - o.swr -
  expect_status 2 sw-classify --trades none.swr -o none.swr o.swr
  expect_status 2 sw-classify --trades none.swr --tally o.swr o.swr
  expect_status 2 sw-classify --trades none.swr --tally x -o x o.swr
  [ ! -e x ]
  expect_status 3 sw-classify --trades /no/such/file o.swr
  expect_status 1 sw-classify --trades <(head -c 60 none.swr) o.swr
}

@test "classify: a truncated input leaves no output" {
  classify "$DATA/orders.csv" "$DATA/trades.csv" >/dev/null
  events "$DATA/orders.csv" | sw-chunk >o.swr
  head -c -40 trades.swr >cut_trades.swr
  head -c -40 o.swr >cut.swr
  expect_status 1 sw-classify --trades cut_trades.swr --tally tally -o out.swr o.swr
  expect_status 1 sw-classify --trades trades.swr --tally tally -o out.swr cut.swr
  [ ! -e out.swr ]
  [ ! -e tally ]
}

@test "classify: memory stays below 64 MiB" {
  { echo "$header"; seq 1 400000 | awk '{ print int($1 / 2) ",5" $1 ",9,10,1,1,1,64,7,1,0,1" }'; } | sw-chunk >many.swr
  no_trades
  python3 "$BATS_TEST_DIRNAME/peak.py" 64 sw-classify --all --trades none.swr -o out.swr many.swr
  same 200001 "$(sw-cut -c order_id --no-header out.swr | uniq | wc -l)"
}
