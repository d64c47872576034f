#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-simulate: against fractions in Python over made-up and classified orders, the windows of quotes, its errors.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

oracle() {
  python3 "$BATS_TEST_DIRNAME/simulate_oracle.py" "$@"
}

quotes() {
  sw-chunk "$@" | sw-sort -k security_code,timestamp
}

# invented SEED ROWS: nbbo.csv, nbbo.swr, and classified orders around them, classified.csv and .swr.
invented() {
  # Every seventeenth quote is crossed, every nineteenth has one side.
  sw-gen --rows "$2" --securities 12 --seed "$1" --stdout nbbo |
    awk -F, -v OFS=, 'NR > 1 && NR % 17 == 0 && $4 > 0 && $6 > 0 { t = $4; $4 = $6 + 5; $6 = t } NR > 1 && NR % 19 == 0 { $4 = "" } 1' >nbbo.csv
  quotes nbbo.csv >nbbo.swr
  oracle orders "$1" nbbo.csv >classified.csv
  sw-chunk classified.csv >classified.swr
}

# few: three quotes of 110621 at 100, 200 and 300, a null one at 250, one of 85603 at 150.
few() {
  cat >few.csv <<'CSV'
partition,sequence,tradedate,bidprice,creationtime,offerprice,orderbookid,timestamp,userid,runid
1,7,,10,,12,110621,100,1,1
1,8,,20,,22,110621,200,1,1
1,9,,,,22,110621,250,1,1
1,10,,30.5,,32,110621,300,1,1
1,11,,1000,,1002,85603,150,1,1
CSV
  quotes few.csv >few.swr
}

HEADER=order_id,security_code,date,side,participantid,exchangeordertype,group,price,quantity,leavesquantity,totalmatchedquantity,first_timestamp,initial_quantity,initial_price,completion_timestamp,last_timestamp,trades,traded_quantity,traded_value,actual_quantity,actual_cost,amended

# an_order FROM TO [SECURITY [PRICE]]: a classified order of 10 units as a line of CSV.
an_order() {
  echo "1,${3:-110621},2024-09-05,1,69,2048,FULLY_FILLED,9,10,0,10,$1,10,${4:-9},$2,$2,1,10,90,10,90,0"
}

# midprice FROM TO [SECURITY]
midprice() {
  { echo "$HEADER"; an_order "$@"; } | sw-chunk | sw-simulate --nbbo few.swr --scenarios A 2>/dev/null |
    sw-cut --no-header -c midprice
}

# agree [OPTION…]: all that is written of classified.swr is what the oracle writes of classified.csv. --amended or --unequal is last.
agree() {
  oracle results "$@" classified.csv nbbo.csv
  [[ ${*: -1} != --amended && ${*: -1} != --unequal ]] || set -- "$@" include
  sw-simulate --nbbo nbbo.swr "$@" --per-order each.swr classified.swr 2>err >rows.swr
  sw-cut rows.swr | cmp - rows.csv
  sw-cut each.swr | cmp - each.csv
  sw-simulate --nbbo nbbo.swr "$@" --summary classified.swr 2>/dev/null | cmp - summary.csv
}

@test "simulate: rows, summary and orders as worked out with fractions" {
  invented 1 5000
  agree
  grep -q 'left empty, since they cannot be had: .* midprice$' err
  sw-simulate --summary rows.swr | cmp - summary.csv
  sw-cut rows.swr | sw-chunk | sw-simulate --summary | cmp - summary.csv
  agree --quote-age 60
  agree --quote-age 0
  agree --quote-age 0.5
  agree --impact 0.05%
  agree --scenarios A,C --impact 3.125
  agree --scenarios B
  [ "$(wc -l <summary.csv)" -eq 2 ]
}

@test "simulate: amended orders are left out, or in" {
  invented 3 5000
  agree
  cp summary.csv without.csv
  agree --amended
  run cmp -s summary.csv without.csv
  [ "$status" -eq 1 ]
  sw-simulate --summary --amended include rows.swr | cmp - summary.csv
  sw-simulate --summary rows.swr | cmp - without.csv
}

@test "simulate: orders of unequal quantities are left out, or in" {
  invented 5 5000
  agree
  cp summary.csv without.csv
  agree --unequal
  run cmp -s summary.csv without.csv
  [ "$status" -eq 1 ]
  sw-simulate --summary --unequal include rows.swr | cmp - summary.csv
  sw-simulate --summary rows.swr 2>/dev/null | cmp - without.csv
}

@test "simulate: the empty values are those that are counted" {
  invented 4 5000
  sw-simulate --nbbo nbbo.swr classified.swr 2>err | sw-cut >rows.csv
  sw-simulate --nbbo nbbo.swr --summary classified.swr 2>&1 >/dev/null | cmp - err
  grep 'cannot be had' err | sed 's/.*had: //' | tr -d , | tr ' ' '\n' | paste - - | while read -r count name; do
    same "$(sw-chunk rows.csv | sw-filter -e "$name == null" --count)" "$count"
  done
  grep -q ' savings, ' err
}

# bats test_tags=check
@test "simulate: classified orders, every one of them" {
  sw-gen --rows 100000 -o .
  quotes nbbo.csv >nbbo.swr
  sw-chunk orders.csv | sw-sort -k security_code,order_id,timestamp,sequence >orders.swr
  sw-chunk trades.csv | sw-sort -k security_code,order_id,timestamp >trades.swr
  sw-classify --trades trades.swr orders.swr 2>/dev/null >classified.swr
  sw-cut classified.swr >classified.csv
  agree
  [ "$(sw-filter -e 'amended == 1 && scenario == "unlimited"' --count rows.swr)" -gt 10 ]
  [ "$(sw-filter -e 'side == 2 && scenario == "unlimited"' --count rows.swr)" -gt 100 ]
}

@test "simulate: the real orders agree with the reference to the cent" {
  skip_without real
  quotes "$REAL/nbbo.csv" >nbbo.swr
  sw-chunk "$REAL/orders.csv" | sw-sort -k security_code,order_id,timestamp,sequence >orders.swr
  sw-chunk "$REAL/trades.csv" | sw-sort -k security_code,order_id,timestamp >trades.swr
  sw-classify --trades trades.swr orders.swr 2>/dev/null | sw-filter -H 10-16 |
    sw-simulate --nbbo nbbo.swr | sw-cut >ours.csv
  python3 - "$REAL/simulation_reference.csv" ours.csv <<'PY'
import csv, sys
from decimal import Decimal
theirs, ours = (list(csv.DictReader(open(path))) for path in sys.argv[1:])
ours = {(row["order_id"], row["scenario"]): row for row in ours}
names = {"T": "first_timestamp", "T_K": "completion_timestamp"}
checked, sells = 0, set()
for row in theirs:
    own = ours[row["order_id"], row["scenario"]]
    for name in ("T", "T_K", "actual_cost", "midprice", "simulated_cost", "cost_difference"):
        if own["side"] == "2" and row["scenario"] == "price_impact" and name in ("simulated_cost", "cost_difference"):
            sells.add(row["order_id"])
            continue
        difference = abs(Decimal(row[name]) - Decimal(own[names.get(name, name)]))
        assert difference < Decimal("0.01"), (row["order_id"], row["scenario"], name)
        checked += 1
assert (len(theirs), checked, len(sells)) == (72, 72 * 6 - 2, 1), (len(theirs), checked, sells)
assert len(ours) == 26 * 3
PY
}

@test "simulate: a window takes the quotes at both its ends, of its own security, once each" {
  few
  same "$(midprice 100 300)" 21.083333
  same "$(midprice 101 299)" 21
  same "$(midprice 100 100)" 11
  same "$(midprice 100 200)" 16
  same "$(midprice 200 300)" 26.125
  same "$(midprice 0 1000)" 21.083333
  same "$(midprice 100 300 85603)" 1001
}

@test "simulate: without a quote in the window the last one before its end, else the initial price" {
  few
  same "$(midprice 201 299)" 21
  same "$(midprice 230 260)" 21
  same "$(midprice 400 500)" 31.25
  same "$(midprice 300 250)" 21
  same "$(midprice 10 99)" '""'
  same "$(midprice 10 149 85603)" '""'
  same "$(midprice 100 300 7)" '""'
  { echo "$HEADER"; an_order 10 99 110621 9.25; } | sw-chunk | sw-simulate --nbbo few.swr 2>err |
    sw-cut --no-header -c scenario,simulated_price,midprice >prices
  printf '%s\n' unlimited,9.25, limited_50,9.125, price_impact,11.75, | diff - prices
  same "$(cat err)" 'sw-simulate: left empty, since they cannot be had: 3 midprice
sw-simulate: of the simulated orders 1 without a quote, 1 beyond their own limit in price_impact'
}

@test "simulate: midprices are of quotes that have both sides and are not crossed, and no older than is asked for" {
  few
  # one real quote beside crossed ones, and one that is locked
  { cat few.csv; printf '%s\n' 1,1,,40,,12,110621,110,1,1 1,2,,41,,40,110621,299,1,1 1,3,,50,,50,110621,900,1,1 1,4,,60,,,110621,901,1,1; } >real.csv
  quotes real.csv >few.swr
  same "$(midprice 100 120)" 11
  same "$(midprice 260 299)" 21
  same "$(midprice 850 950)" 50
  { echo "$HEADER"; an_order 260 299; an_order 850 950; } | sw-chunk >two.swr
  sw-simulate --nbbo few.swr --scenarios A --tally tally two.swr 2>err | sw-cut --no-header -c midprice,quotes,quote_age >got
  same "$(cat got)" $'21,0,99\n50,1,'
  same "$(head -n 2 tally)" $'crossed\t2\none_sided\t2'
  grep -q '^sw-simulate: 2 crossed quotes left out$' err
  for age in 99ns 0.099us 1d; do
    sw-simulate --nbbo few.swr --scenarios A --quote-age "$age" two.swr 2>/dev/null | sw-cut --no-header -c midprice | head -n 1 >got
    same "$(cat got)" 21
  done
  for age in 98ns 0; do
    sw-simulate --nbbo few.swr --scenarios A --quote-age "$age" two.swr 2>/dev/null | sw-cut --no-header -c midprice,quotes,quote_age | head -n 1 >got
    same "$(cat got)" ,0,
  done
}

@test "simulate: quotes that stand in the rows of orders and trades: a moment is one, its first's; 0 and the lowest number are none" {
  none=-9223372036854775808
  cat >rows.csv <<CSV
EXCHANGE,sequence,tradetime,securitycode,orderid,dealsource,nationalbidpricesnapshot,nationalofferpricesnapshot,tradeprice,quantity
3,5,100,110621,1,1,10,12,11,1
3,6,100,110621,2,1,90,92,11,1
3,7,200,110621,1,1,0,22,21,1
3,8,200,110621,2,1,20,22,21,1
3,9,300,110621,1,1,$none,32,31,1
3,10,400,110621,1,1,50,40,41,1
3,11,400,110621,2,1,40,42,41,1
3,1,400,85603,2,1,70,72,71,1
CSV
  sw-chunk rows.csv | sw-sort -k security_code,timestamp,sequence >few.swr
  same "$(midprice 100 500)" 11
  same "$(midprice 400 400 85603)" 71
  { echo "$HEADER"; an_order 150 600; } | sw-chunk >one.swr
  for block in 1 2 3; do
    sw-filter --block-rows "$block" few.swr >blocks.swr
    sw-simulate --nbbo blocks.swr --scenarios A --tally tally one.swr 2>/dev/null | sw-cut --no-header -c midprice,quotes,quote_age >got
    same "$(cat got)" 11,0,500
    same "$(head -n 2 tally)" $'crossed\t1\none_sided\t2'
  done
  sw-chunk rows.csv | sw-sort -k security_code,timestamp,sequence:desc >bad.swr
  expect_status 1 sw-simulate --nbbo bad.swr one.swr -o x.swr
  [[ $output == *'not sorted by security_code,timestamp,sequence'* ]]
  # The same of orders, which may have a bid and an offer of their exchange's, too.
  { echo order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,participantid,totalmatchedquantity,national_bid,national_offer,bid,offer,sequence
    echo 1,100,110621,11,1,1,1,64,7,0,10,12,1,99,5; echo 1,100,110621,11,1,1,1,64,7,0,60,70,1,99,6; } | sw-chunk >few.swr
  same "$(midprice 100 500)" 11
  sw-filter -c order_id,timestamp,security_code,bid,offer few.swr >bad.swr
  expect_status 1 sw-simulate --nbbo bad.swr one.swr -o x.swr
  [[ $output == *"bad.swr: not quotes (nbbo): table 'orders'" ]]
}

@test "simulate: the worked example of sw-analysis(7)" {
  # 2024-09-05 10:00:00 in Sydney
  at() { echo $((1725494400 + $1))000000000; }
  { echo order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,participantid,totalmatchedquantity,sequence
    echo "7,$(at 0),9,21,1,100,100,64,7,0,1"; echo "7,$(at 2),9,21,1,100,40,64,7,60,2"; echo "7,$(at 5),9,21,1,100,0,64,7,100,3"; } | sw-chunk >events.swr
  { echo tradetime,securitycode,orderid,tradeprice,quantity,dealsource; echo "$(at 2),9,7,20,60,1"; echo "$(at 5),9,7,21,40,47"; } | sw-chunk >trades.swr
  { echo orderbookid,timestamp,bidprice,offerprice,sequence
    for quote in -10,19,21 1,19,20 3,,21 4,22,21 5,20,21 6,21,22; do echo "9,$(at "${quote%%,*}"),${quote#*,},1"; done; } | sw-chunk -t nbbo >few.swr
  sw-classify --trades trades.swr events.swr >one.swr
  sw-simulate --nbbo few.swr -o rows.swr one.swr 2>err
  sw-cut --no-header -c scenario,simulated_cost,savings,actual_cost,actual_price,midprice,quotes,comparable rows.swr >got
  printf '%s\n' unlimited,2000,40,2040,20.4,20,2,1 limited_50,2020,20,2040,20.4,20,2,1 price_impact,2250,-210,2040,20.4,20,2,1 | diff - got
  sw-simulate --summary rows.swr 2>/dev/null | cut -d, -f1,14,18 | tail -n +2 >got
  printf '%s\n' unlimited,196.078431,0 limited_50,98.039216,0 price_impact,-1029.411765,1 | diff - got
  sw-filter -e "timestamp < 1725494400000000000" few.swr >older.swr
  sw-simulate --nbbo older.swr --scenarios A one.swr 2>/dev/null | sw-cut --no-header -c midprice,quotes,quote_age >got
  same "$(cat got)" 20,0,15000000000
  for number in '2000   savings    40' '2020   savings    20' '2250   savings  -210' 196.078431; do grep -q -e "$number" "$TREE/man/sw-analysis.7"; done
}

@test "simulate: negative prices, and a cost of zero" {
  few
  { head -n 1 few.csv; echo 1,1,,-10,,-8,110621,100,1,1; echo 1,2,,-1,,1,85603,100,1,1; } >negative.csv
  quotes negative.csv >few.swr
  { echo "$HEADER"; an_order 50 150 110621 -9.5 | sed 's/,90,0$/,-95,0/'; an_order 50 150 85603 1 | sed 's/,90,0$/,0,0/'; } | sw-chunk >two.swr
  sw-simulate --nbbo few.swr --scenarios A,C two.swr 2>/dev/null |
    sw-cut --no-header -c scenario,midprice,simulated_cost,savings,cost_improvement_pct >got
  printf '%s\n' unlimited,-9,-90,-5,5.263158 price_impact,-9,-65,-30,31.578947 unlimited,0,0,0, price_impact,0,25,-25, | diff - got
  sw-simulate --nbbo few.swr --scenarios A --summary two.swr 2>/dev/null | cut -d, -f6,7,9,10,14 | tail -n 1 >got
  same "$(cat got)" -95,-90,-5,5.263158,526.315789
}

@test "simulate: of several last quotes the largest sequence, then bid, then offer, in any order" {
  head -n 1 <(few && cat few.csv) >header
  printf '%s\n' 1,5,,10,,12,110621,100,1,1 1,6,,20,,22,110621,100,1,1 1,6,,21,,22,110621,100,1,1 1,6,,21,,23,110621,100,1,1 \
    1,,,90,,92,110621,100,1,1 >lines
  for order in cat tac 'sort -k 3' 'sort -R'; do
    { cat header; $order lines; } | sw-chunk | sw-sort -k security_code,timestamp >few.swr
    same "$(midprice 150 160)" 22
    same "$(midprice 100 160)" 33.3
  done
}

@test "simulate: scenarios in the order A B C, named or lettered" {
  few
  { echo "$HEADER"; an_order 100 300; } | sw-chunk >one.swr
  for list in C,A price_impact,unlimited c,Unlimited; do
    sw-simulate --nbbo few.swr --scenarios "$list" one.swr | sw-cut --no-header -c scenario | diff - <(printf '%s\n' unlimited price_impact)
  done
  for list in D '' 'A,' ',A' A,unlimited 'A B' limited; do
    expect_status 2 sw-simulate --nbbo few.swr --scenarios "$list" one.swr
    [[ $output == *'--scenarios: '* ]]
  done
}

@test "simulate: an impact is a price or a percentage, never negative" {
  few
  { echo "$HEADER"; an_order 100 100; an_order 100 100 | sed 's/,1,69,/,2,69,/'; } | sw-chunk >two.swr
  price() {
    sw-simulate --nbbo few.swr --scenarios C "$@" two.swr | sw-cut --no-header -c simulated_price | paste -sd ' '
  }
  same "$(price)" '13.5 8.5'
  same "$(price --impact 1)" '11.5 10.5'
  same "$(price --impact 0)" '11 11'
  same "$(price --impact 10%)" '11.55 10.45'
  same "$(price --impact 0.000001)" '11.000001 11'
  same "$(price --impact 0.00000099)" '11 11'
  for impact in -1 -0.5% % '' 5%% x 1e3 '5 %' 0.1234567890123456789; do
    expect_status 2 sw-simulate --nbbo few.swr --impact="$impact" two.swr
    [[ $output == *'--impact: '* ]]
  done
}

@test "simulate: no orders, a header and a line of nothing each" {
  few
  echo "$HEADER" | sw-chunk >none.swr
  same "$(sw-simulate --nbbo few.swr none.swr | sw-cut | wc -l)" 1
  sw-simulate --nbbo few.swr --summary none.swr | tail -n +2 |
    diff - <(printf '%s,0,0,0,0,0,0,0,0,,,,,,0,0,,0\n' unlimited limited_50 price_impact)
  sw-simulate --nbbo few.swr --summary --scenarios B -f jsonl none.swr | jq -r '[.orders, .savings, .avg_midprice] | @csv' |
    diff - <(echo '0,"0",')
  sw-simulate --nbbo few.swr none.swr | sw-simulate --summary -f tsv --scenarios A | cut -f 1-3 | tail -n 1 |
    diff - <(printf 'unlimited\t0\t0\n')
  { head -n 1 few.csv | sw-chunk >noquotes.swr; an_order 100 300; } >line
  { echo "$HEADER"; cat line; } | sw-chunk | sw-simulate --nbbo noquotes.swr 2>/dev/null | sw-cut --no-header -c midprice,simulated_price |
    diff - <(printf '%s\n' ,9 ,9 ,11.5)
}

@test "simulate: quotes from a FIFO, from standard input, and orders from several files" {
  invented 5 5000
  sw-simulate --nbbo nbbo.swr classified.swr 2>/dev/null | sw-info --digest >wanted
  sw-simulate --nbbo <(cat nbbo.swr) classified.swr 2>/dev/null | sw-info --digest | diff wanted -
  sw-simulate --nbbo - classified.swr <nbbo.swr 2>/dev/null | sw-info --digest | diff wanted -
  sw-simulate --nbbo nbbo.swr <classified.swr 2>/dev/null | sw-info --digest | diff wanted -
  sw-filter -e 'side == 1' --reject rest.swr -o buys.swr classified.swr
  sw-simulate --nbbo nbbo.swr buys.swr rest.swr 2>/dev/null >both.swr
  sw-info --digest both.swr | diff wanted -
  sw-cut -c order_id both.swr | uniq >ours
  sw-cut -c order_id,group <(cat buys.swr rest.swr) | sed -n '/FULLY/s/,.*//p' | diff - <(tail -n +2 ours)
}

@test "simulate: blocks of other securities are stepped over, and change nothing" {
  sw-gen --rows 20000 --securities 12 --stdout nbbo >nbbo.csv
  quotes nbbo.csv | sw-filter --block-rows 50 >nbbo.swr
  oracle orders 9 nbbo.csv >all.csv
  code=$(sw-cut --no-header -c security_code nbbo.swr | uniq | sed -n 5p)
  awk -F, -v code="$code" 'NR == 1 || $2 == code' all.csv >classified.csv
  sw-chunk classified.csv >classified.swr
  agree
  sw-optimize --index nbbo.swr -o indexed.swr
  sw-simulate --nbbo indexed.swr classified.swr 2>/dev/null | sw-cut | cmp - rows.csv
  sw-simulate --nbbo <(cat nbbo.swr) classified.swr 2>/dev/null | sw-cut | cmp - rows.csv
  # the row is counted from the first one of the stream
  row=$(sw-cut --no-header -c security_code nbbo.swr | grep -n -m 1 "^$code$" | cut -d : -f 1)
  sw-cut nbbo.swr | awk -F, -v OFS=, -v row=$((row + 1)) 'NR == row + 1 { $8 = 1 } { print }' | sw-chunk --block-rows 50 >bad.swr
  expect_status 1 sw-simulate --nbbo bad.swr classified.swr -o out.swr
  [[ $output == *"bad.swr: row $((row + 1)): not sorted by security_code,timestamp: timestamp 1 comes after "* ]]
  head -c -5 nbbo.swr >bad.swr
  expect_status 1 sw-simulate --nbbo bad.swr classified.swr -o out.swr
}

@test "simulate: bytes do not depend on memory, nothing is left of what was spilled" {
  sw-gen --rows 60000 --stdout nbbo >nbbo.csv
  quotes nbbo.csv >nbbo.swr
  oracle orders 6 nbbo.csv >few.csv
  { cat few.csv; for _ in $(seq 40); do tail -n +2 few.csv; done; } | sw-chunk >many.swr
  mkdir temporary
  sw-simulate --nbbo nbbo.swr many.swr 2>/dev/null >wanted.swr
  sw-simulate --nbbo nbbo.swr -S 1M -T temporary many.swr 2>/dev/null | sw-cut | cmp - <(sw-cut wanted.swr)
  [ -z "$(ls -A temporary)" ]
  expect_status 2 sw-simulate --nbbo nbbo.swr -S 1000 many.swr
  expect_status 2 sw-simulate --nbbo nbbo.swr -S lots many.swr
}

@test "simulate: a signal leaves nothing behind" {
  sw-gen --rows 20000 --stdout nbbo >nbbo.csv
  quotes nbbo.csv >nbbo.swr
  oracle orders 7 nbbo.csv >few.csv
  { cat few.csv; for _ in $(seq 40); do tail -n +2 few.csv; done; } | sw-chunk >many.swr
  mkdir temporary out
  mkfifo quotes
  for signal in TERM HUP; do
    sw-simulate --nbbo quotes -S 1M -T temporary -o out/rows.swr --per-order out/each.swr many.swr 3>&- &
    pid=$!
    exec 8>quotes
    head -c 2000 nbbo.swr >&8
    sleep 0.3
    [ -n "$(ls -A out)" ]
    kill -s "$signal" "$pid"
    wait "$pid" || true
    exec 8>&-
    [ -z "$(ls -A temporary)" ]
    [ -z "$(ls -A out)" ]
  done
}

@test "simulate: what the stream says of itself" {
  invented 8 3000
  sw-sort -k security_code,order_id classified.swr >sorted.swr
  sw-simulate --nbbo nbbo.swr --impact 0.1% --per-order each.swr sorted.swr 2>/dev/null >rows.swr
  sw-info rows.swr >about
  grep -q 'simulation' about
  grep -q 'security_code, *order_id' about
  grep -q -- "sw-simulate.*--impact=0.1%" about
  run grep -q 'nbbo.swr\|each.swr' about
  [ "$status" -eq 1 ]
  sw-info each.swr | grep -q 'security_code, *order_id'
  sw-cut rows.swr | sw-chunk | sw-info --digest | diff - <(sw-info --digest rows.swr)
  sw-cut each.swr | sw-chunk | sw-info --digest | diff - <(sw-info --digest each.swr)
  sw-cut sorted.swr | sw-chunk | sw-info --digest | diff - <(sw-info --digest sorted.swr)
}

@test "simulate: quotes that are out of order, without a time, cut short, or no quotes are 1" {
  few
  { echo "$HEADER"; an_order 100 300; } | sw-chunk >one.swr
  refused() {
    expect_status 1 sw-simulate --nbbo "$1" -o out.swr one.swr
    [ ! -e out.swr ]
  }
  sw-chunk few.csv | sw-sort -k timestamp:desc >bad.swr
  refused bad.swr
  [[ $output == *'bad.swr: row 2: not sorted by security_code,timestamp: '* ]]
  sed '2s/,100,/,,/' few.csv | sw-chunk | sw-sort -k security_code,timestamp >bad.swr
  refused bad.swr
  [[ $output == *'bad.swr: row '*': timestamp: null' ]]
  head -c -5 few.swr >bad.swr
  refused bad.swr
  sw-chunk -c timestamp,bid,security_code few.csv >bad.swr
  refused bad.swr
  [[ $output == *"bad.swr: no such column: 'offer'" ]]
  refused one.swr
  [[ $output == *"one.swr: not quotes (nbbo): table 'classified'" ]]
  printf 'table nbbo\ncolumn security_code text orderbookid\ncolumn timestamp time\ncolumn bid decimal bidprice\ncolumn offer decimal offerprice\ncolumn sequence uint\n' >text.schema
  sw-chunk -t text.schema few.csv | sw-sort -k security_code,timestamp >bad.swr
  refused bad.swr
  [[ $output == *'security_code is int in one.swr and text in bad.swr' ]]
  { echo "$HEADER"; an_order 100 300 | sed 's/^/9/'; } | sw-chunk | head -c -9 >cut.swr
  expect_status 1 sw-simulate --nbbo few.swr cut.swr
  expect_status 1 sw-simulate --nbbo few.swr few.swr
  [[ $output == *"few.swr: no such column: 'order_id'"* ]]
}

@test "simulate: securities may be text" {
  few
  printf 'table nbbo\ncolumn security_code text orderbookid\ncolumn timestamp time\ncolumn bid decimal bidprice\ncolumn offer decimal offerprice\ncolumn sequence uint\n' >nbbo.schema
  sed 's/column security_code int/column security_code text/' "$TREE/share/schemas/classified.schema" >classified.schema
  sw-chunk -t nbbo.schema <(sed 's/110621/BHP/; s/85603/ANZ/' few.csv) | sw-sort -k security_code,timestamp >few.swr
  { echo "$HEADER"; an_order 100 300 BHP; an_order 100 300 ANZ; an_order 100 300 BH; } | sw-chunk -t classified.schema |
    sw-simulate --nbbo few.swr --scenarios A 2>/dev/null | sw-cut --no-header -c security_code,midprice |
    diff - <(printf '%s\n' BHP,21.083333 ANZ,1001 BH,)
}

@test "simulate: sums go through the borders of 128 bits and come back" {
  # quotes that nobody asks for, of 2^128 in all, before those that somebody does
  top=6000000000000000000000000000000000
  { head -n 1 <(few; cat few.csv); for at in 1 2 3 4; do echo "1,$at,,$top,,$top,110621,$at,1,1"; done; echo 1,7,,10,,12,110621,100,1,1; } >large.csv
  quotes large.csv >few.swr
  same "$(midprice 100 200)" 11
  # costs and savings of rows that were written before
  { echo "$HEADER"; an_order 100 300; } | sw-chunk | sw-simulate --nbbo few.swr --scenarios A 2>/dev/null | sw-cut >row.csv
  python3 - row.csv >all.csv <<'PYTHON'
import csv, sys
(row,) = csv.DictReader(open(sys.argv[1]))
out = csv.DictWriter(sys.stdout, row, lineterminator="\n")
out.writeheader()
for i, size in enumerate([160, 150, 140, -160, -150, -138]):
    text = f"{size * 10**30}.5"
    out.writerow(dict(row, order_id=i, actual_cost=text, simulated_cost=text, cost_difference=text, savings=text, midprice=text))
PYTHON
  for file in all back; do
    sw-chunk "$file.csv" 2>/dev/null | sw-simulate --summary 2>/dev/null | cut -d, -f6-9,13 | sed -n 2p >"$file.got" || return
    { head -n 1 all.csv; tail -n +2 all.csv | tac; } >back.csv
  done
  cmp all.got back.got
  same "$(cat all.got)" 2000000000000000000000000000000,2000000000000000000000000000000,2000000000000000000000000000000,2000000000000000000000000000000,333333333333333333333333333333.333333
  { head -n 3 all.csv; } | sw-chunk >two.swr
  expect_status 1 sw-simulate --summary two.swr
  [[ $output == *'sw-simulate: unlimited: actual_cost: the sum is out of range' ]]
}

@test "simulate: what does not fit is an error that names the order" {
  few
  { echo "$HEADER"; an_order 10 20; an_order 10 20 110621 99999999999999999999999999999999 | sed 's/^1,/77,/; s/,10,0,10,/,9000000000000000000,0,10,/; s/,20,10,/,20,9000000000000000000,/; s/,10,9999/,9000000000000000000,9999/'; } |
    sw-chunk >large.swr
  expect_status 1 sw-simulate --nbbo few.swr large.swr -o out.swr
  [[ $output == *'order 77 of 110621: '*': out of range' ]]
  [ ! -e out.swr ]
}

@test "simulate: wrong usage is 2" {
  few
  { echo "$HEADER"; an_order 100 300; } | sw-chunk >one.swr
  sw-simulate --nbbo few.swr one.swr >rows.swr
  expect_status 2 sw-simulate one.swr
  expect_status 2 sw-simulate --summary one.swr
  expect_status 2 sw-simulate --nbbo - <one.swr
  expect_status 2 sw-simulate --nbbo - one.swr - <few.swr
  expect_status 2 sw-simulate --nbbo few.swr --amended exclude one.swr
  expect_status 2 sw-simulate --nbbo few.swr --unequal exclude one.swr
  for age in 1y -5s 1.5ns s '' '5 s' 99999999999d; do expect_status 2 sw-simulate --nbbo few.swr --quote-age "$age" one.swr; done
  expect_status 2 sw-simulate --summary --quote-age 60s rows.swr
  expect_status 2 sw-simulate --nbbo few.swr -f tsv one.swr
  expect_status 2 sw-simulate --nbbo few.swr --summary -f swr one.swr
  expect_status 2 sw-simulate --nbbo few.swr --per-order - one.swr
  expect_status 2 sw-simulate --nbbo few.swr -o few.swr one.swr
  expect_status 2 sw-simulate --nbbo few.swr --per-order one.swr one.swr
  expect_status 2 sw-simulate --nbbo few.swr --per-order x.swr -o x.swr one.swr
  expect_status 2 sw-simulate --nbbo few.swr rows.swr
  expect_status 2 sw-simulate --summary --impact 3 rows.swr
  [ ! -e x.swr ]
  sw-cut rows.swr | sed 's/unlimited/D/' | sw-chunk >unknown.swr
  expect_status 1 sw-simulate --summary unknown.swr
  [[ $output == *"unknown.swr: row 1: scenario: unknown: 'D'" ]]
}

@test "simulate: no order is told of orders that come in several streams" {
  few
  { echo "$HEADER"; an_order 150 250; } | sw-chunk | sw-sort -k order_id,completion_timestamp >one.swr
  { echo "$HEADER"; an_order 100 160; } | sw-chunk | sw-sort -k order_id,completion_timestamp >other.swr
  cat one.swr other.swr >both.swr
  sw-simulate --nbbo few.swr --per-order each.swr one.swr 2>err | sw-info >about
  grep -q '^sorted by' about
  sw-simulate --nbbo few.swr --per-order each.swr both.swr 2>err >rows.swr
  sw-info --verify rows.swr
  sw-info --verify each.swr
}
