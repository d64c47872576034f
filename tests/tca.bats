#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-tca: against fractions in Python, on made-up and real orders; one order by hand; where arrival is; the end of trading; its errors.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# streams: events.swr, trades.swr, nbbo.swr and classified.swr of orders.csv, trades.csv and nbbo.csv; classified.csv, too.
streams() {
  sw-chunk orders.csv | sw-sort -k security_code,order_id,timestamp,sequence >events.swr
  sw-chunk trades.csv | sw-sort -k security_code,order_id,timestamp >trades.swr
  [[ ! -e nbbo.csv ]] || sw-chunk nbbo.csv | sw-sort -k security_code,timestamp >nbbo.swr
  sw-classify --all --trades trades.swr events.swr >classified.swr 2>/dev/null
  sw-cut classified.swr >classified.csv
}

# made ROWS SEED [WORD…]: made-up files of three securities and days, whose quotes are crossed or lack a side now and then, some of
# them of one nanosecond with others.
made() {
  sw-gen --rows "$1" --seed "$2" --securities 3 --days 3 "${@:3}" -o .
  awk -F, -v OFS=, 'NR == 1 { print; next }
    NR % 17 == 0 { t = $4; $4 = $6 + 10; $6 = t }
    NR % 19 == 0 { $4 = "" }
    { print }
    NR % 23 == 0 { $2 = $2 - 1000000; $4 = $6 - 30; print }' nbbo.csv >changed.csv
  mv changed.csv nbbo.csv
}

tca() {
  sw-tca --trades trades.swr "$@" classified.swr 2>err
}

# agree EVENTS QUOTES [OPTION…]: what is written is what the oracle writes.
agree() {
  local quotes=$2 file=$2
  [[ $quotes != nbbo.csv ]] || file=nbbo.swr
  python3 "$BATS_TEST_DIRNAME/tca_oracle.py" classified.csv trades.csv "$1" "$quotes" >wanted.csv
  [[ $1 == - ]] || set -- "$@" --events events.swr
  tca --nbbo "$file" "${@:3}" -f csv >got.csv
  cmp got.csv wanted.csv
}

@test "tca: every measure of made-up orders, with quotes of a file, of the trades and of the orders" {
  made 3000 5 --full
  streams
  [ "$(grep -c , classified.csv)" -gt 300 ]
  agree orders.csv nbbo.csv
  agree - nbbo.csv
  agree orders.csv trades
  agree orders.csv orders
  # each column says something of these orders, and costs have both signs
  tca --nbbo orders --events events.swr >all.swr
  for column in arrival_cost_bps cost_bps cost_bps_passive cost_bps_aggressive cost_bps_dark realized_spread_300s_bps \
    impact_50ms_bps shortfall_opportunity_bps vwap_cost_bps participation limit_improvement effective_over_quoted_pct; do
    [ "$(sw-agg -a "n=count($column),low=min($column),high=max($column)" all.swr |
      awk -F, 'NR == 2 { print ($1 > 20) + ($2 < $3) }')" = 2 ]
  done
}

# bats test_tags=check
@test "tca: every measure of the orders of a real day" {
  skip_without real
  ln -s "$REAL/orders_day.csv" orders.csv
  ln -s "$REAL/trades.csv" .
  ln -s "$REAL/nbbo.csv" .
  streams
  agree orders.csv trades
  same "$(tail -n +2 got.csv | wc -l)" 8262
  agree orders.csv nbbo.csv
}

@test "tca: the quotes of a file of trades or orders are those in their rows" {
  made 1500 8 --full
  streams
  sw-sort -k security_code,timestamp,sequence trades.swr >rows.swr
  cmp <(tca --nbbo rows.swr -f csv) <(tca --nbbo trades -f csv)
  sw-sort -k security_code,timestamp,sequence events.swr >rows.swr
  cmp <(tca --nbbo rows.swr --events events.swr -f csv) <(tca --nbbo orders --events events.swr -f csv)
}

@test "tca: events are classified first" {
  made 1500 3 --full
  streams
  tca --nbbo orders --events events.swr -f csv >want.csv
  sw-tca --trades trades.swr --nbbo orders --all -f csv events.swr 2>err | cmp - want.csv
  sw-tca --trades trades.swr --nbbo nbbo.swr -f csv events.swr 2>err >got.csv
  sw-filter -e 'trades > 0' classified.swr >executed.swr
  sw-tca --trades trades.swr --nbbo nbbo.swr --events events.swr -f csv executed.swr 2>err | cmp - got.csv
  # in several files, too
  sw-filter -e 'security_code < 120000' events.swr >a.swr
  sw-filter -e 'security_code >= 120000' events.swr >b.swr
  sw-tca --trades trades.swr --nbbo nbbo.swr -f csv a.swr b.swr 2>err | cmp - got.csv
  for words in "--all classified.swr" "--events events.swr events.swr"; do
    # shellcheck disable=SC2086 # words
    expect_status 2 sw-tca --trades trades.swr --nbbo nbbo.swr $words
  done
  expect_status 2 sw-tca --trades - --nbbo nbbo.swr events.swr <trades.swr
}

@test "tca: the same bytes whatever the memory, the blocks and the order of the quotes" {
  made 4000 2
  streams
  tca --nbbo nbbo.swr --events events.swr -f csv >want.csv
  tca --nbbo nbbo.swr --events events.swr -S 1M -T . -f csv | cmp - want.csv
  sw-filter --block-rows 7 trades.swr >small.swr && mv small.swr trades.swr
  sw-sort -k security_code,timestamp,sequence:desc nbbo.swr | sw-filter --block-rows 5 >small.swr
  sw-filter --block-rows 11 classified.swr >c.swr && mv c.swr classified.swr
  sw-filter --block-rows 3 events.swr >e.swr
  tca --nbbo <(cat small.swr) --events e.swr -f csv | cmp - want.csv
  tca --nbbo nbbo.swr --events events.swr | sw-cut | cmp - want.csv
  # a part of the orders is a part of the rows
  sw-filter -s 118540 classified.swr >part.swr
  sw-tca --trades trades.swr --nbbo nbbo.swr --events events.swr part.swr 2>/dev/null | sw-cut --no-header >part.csv
  grep '^118540,' want.csv | cmp - part.csv
}

# bats test_tags=check
@test "tca: an analysis has the costs of its orders, and their means and quartiles" {
  made 2500 6
  streams
  sw-filter -e 'trades > 0' classified.swr | sw-cut >executed.csv
  python3 "$BATS_TEST_DIRNAME/tca_oracle.py" executed.csv trades.csv orders.csv nbbo.csv >wanted.csv
  analyse -j 2 --trades trades.csv --nbbo nbbo.csv -o out orders.csv 2>err
  find out/by_security -name tca.csv.gz -exec gzip -dc {} + | sort -u >got
  sort -u wanted.csv | cmp - got
  same "$(cd out/aggregated/tca && ls)" "$(cd out/aggregated && find . -maxdepth 1 -type f ! -name '*metrics.csv' ! -name simulation_summary.csv -printf '%f\n' | sort)"
  python3 - wanted.csv out/aggregated/tca <<'PYTHON'
import csv, sys
from fractions import Fraction as F
rows = list(csv.DictReader(open(sys.argv[1])))
def shown(x):
    n = int(abs(x) * 10**6 + F(1, 2)) * (1 if x >= 0 else -1)
    return "%s%d.%06d" % ("-" if n < 0 else "", abs(n) // 10**6, abs(n) % 10**6)
def expect(rows):
    out = {}
    for name, part in (("cost_bps", None), ("cost_bps_dark", "dark_share"), ("realized_spread_60s_bps", None)):
        has = [(F(r[name]), F(r["traded_value"]) * (F(r[part]) if part else 1)) for r in rows if r[name]]
        weight = sum(w for _, w in has)
        out[name + "_mean"] = shown(sum(c * w for c, w in has) / weight) if weight else ""
        values = sorted(c for c, _ in has)
        for q, p in (("_q25", F(1, 4)), ("_median", F(1, 2)), ("_q75", F(3, 4))):
            at = (len(values) - 1) * p
            k = int(at)
            out[name + q] = shown(values[k] + (at - k) * (values[min(k + 1, len(values) - 1)] - values[k])) if values else ""
    return out
summary = {r["metric"]: r["value"] for r in csv.DictReader(open(sys.argv[2] + "/global_summary.csv"))}
assert int(summary["orders"]) == len(rows) > 100
groups = [(summary, rows)] + [(r, [x for x in rows if x["date"] == r["date"]]) for r in csv.DictReader(open(sys.argv[2] + "/by_date.csv"))]
assert len(groups) > 2
for got, of in groups:
    for name, value in expect(of).items():
        assert got[name] == value, (name, got[name], value)
PYTHON
}

# bats test_tags=check
@test "tca: an analysis takes changes of session, in any order, and makes all again when these change" {
  made 2500 6
  streams
  sw-filter -e 'trades > 0' classified.swr >executed.swr
  # Each of the three days is open from ten to twelve, of which the last comes first.
  {
    echo security_code,timestamp,name
    for hour in 12 10; do
      sw-agg -g security_code -a 'n=count()' events.swr | awk -F, -v hour=$hour 'NR > 1 { for (day = 2; day >= 0; day--)
        printf "%s,%d000000000,%s\n", $1, 1725235200 + 86400 * day + 3600 * (hour - 10), hour == 10 ? "LIT" : "AUCTION" }'
    done
  } >sessions.csv
  sw-chunk -t sessions sessions.csv | sw-sort -k security_code,timestamp >sessions.swr
  study() { analyse -j 1 --trades trades.csv --nbbo nbbo.csv "$@" -o out orders.csv; }
  costs() { find out/by_security -name tca.csv.gz -exec gzip -dc {} + | sort -u; }
  by_program() { sw-tca --trades trades.swr --nbbo nbbo.swr --events events.swr -f csv "$@" executed.swr 2>/dev/null | sort -u; }
  study 2>/dev/null
  by_program >without
  costs | cmp - without
  study --sessions sessions.csv --open LIT 2>/dev/null
  by_program --sessions sessions.swr --open LIT >with
  costs | cmp - with
  [ "$(diff without with | grep -c '^>')" -gt 50 ]
  study --sessions sessions.csv --open LIT 2>log
  grep -q 'is up to date' log
  sed -i 's/LIT/LAW/' sessions.csv
  study --sessions sessions.csv --open LAW 2>log
  costs | cmp - with
  study --sessions sessions.swr --open LIT 2>/dev/null
  costs | cmp - with
  expect_status 2 study --open LIT
  expect_status 3 study --sessions none.csv
  expect_status 2 study --sessions trades.csv
}

# An order of the manual, a buy of 100. T is 10:00:00 in Sydney.
T=1725494400000000000
by_hand() {
  local header=EXCHANGE,sequence,tradedate,tradetime,securitycode,orderid,dealsource,matchgroupid,tradeprice,quantity,side,passiveaggressive
  at() { echo $((T + $1 * 1000000000)); }
  {
    echo order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,participantid,orderstatus,totalmatchedquantity,sequence
    echo "5,$T,7,102,1,100,100,0,1,1,0,1"
    echo "5,$(at 1),7,102,1,100,60,0,1,1,40,2"
    echo "5,$(at 40),7,102,1,100,40,0,1,1,60,3"
    echo "5,$(at 300),7,102,1,100,40,0,1,2,60,4"
  } >orders.csv
  {
    echo "$header"
    echo "3,1,2024-09-05,$(at 1),7,5,1,1,101,40,1,1"
    echo "3,2,2024-09-05,$(at 1),7,9,1,1,101,40,2,0"
    echo "3,3,2024-09-05,$(at 40),7,5,1,2,101,20,1,0"
    echo "3,4,2024-09-05,$(at 40),7,8,1,2,101,20,2,1"
    echo "3,5,2024-09-05,$(at 20),7,8,1,3,103,20,1,1"
    echo "3,6,2024-09-05,$(at 20),7,9,1,3,103,20,2,0"
    echo "3,7,2024-09-05,$(at 21600),7,8,1,4,103,1,1,1"
  } >trades.csv
  {
    echo partition,sequence,bidprice,offerprice,orderbookid,timestamp,userid,runid
    echo "1,1,99,101,7,$(at -5),1,1"
    echo "1,2,101,103,7,$(at 30),1,1"
    echo "1,3,103,105,7,$(at 120),1,1"
  } >nbbo.csv
  streams
}

# of COLUMN [OPTION…]: the value of the only order
of() {
  tca --nbbo nbbo.swr "${@:2}" | sw-cut --no-header -c "$1"
}

@test "tca: the order of the manual, by hand" {
  by_hand
  while read -r column value; do
    same "$(of "$column" --events events.swr)" "$value"
  done <<'LIST'
vwap 101
fill_ratio 0.6
arrival_from entry
arrival_midprice 100
quote_age 5000000000
arrival_cost_bps 100
cost_bps 33.112583
effective_spread_bps 66.225166
cost_bps_aggressive 100
cost_bps_passive -98.039216
realized_spread_60s_bps -198.675497
impact_60s_bps 264.900662
effective_over_quoted_pct 33.333333
shortfall_execution_bps 60
shortfall_opportunity_bps 160
shortfall_bps 220
limit_improvement 1
passive_share 0.333333
time_to_first_fill 1000000000
time_first_to_last 39000000000
time_volume_weighted 14000000000
participation 0.75
vwap_cost_bps -194.174757
LIST
  # every figure that the page derives is one of these
  for value in 33.112583 66.225166 98.039216 198.675497 264.900662 33.333333 0.333333; do
    grep -q "= .*$value" "$TREE/man/sw-tca.1.in"
  done
}

@test "tca: a sell of the same trades costs what the buy gains" {
  by_hand
  buy=$(of cost_bps,arrival_cost_bps,realized_spread_1s_bps,impact_15s_bps,shortfall_bps,limit_improvement)
  for file in orders trades; do
    awk -F, -v OFS=, -v column="$([[ $file == orders ]] && echo 5 || echo 11)" 'NR > 1 { $column = 3 - $column } 1' $file.csv >x
    mv x $file.csv
  done
  streams
  same "$(of cost_bps,arrival_cost_bps,realized_spread_1s_bps,impact_15s_bps,shortfall_bps,limit_improvement)" \
    "$(tr , '\n' <<<"$buy" | awk '{ sub(/^/, "-"); sub(/^--/, ""); sub(/^-0$/, "0") } 1' | paste -sd,)"
}

@test "tca: the limit in force is that of the last event at or before the trade" {
  by_hand
  sed -i "4s/,102,/,101.5,/; 5s/,102,/,90,/" orders.csv
  streams
  same "$(of limit_improvement --events events.swr)" 0.833333 # (40 × 1 + 20 × 0.5) ÷ 60
  same "$(of side,limit_improvement)" 1,
  grep -q '1 orders whose limit at a trade is not known' err
  sed -i '3s/,102,/,,/' orders.csv
  streams
  same "$(of side,limit_improvement --events events.swr)" 1,
}

@test "tca: no mid past the end of continuous trading, which a file or the last trade tells" {
  by_hand
  same "$(of realized_spread_300s_bps)" -596.02649 # 2·10⁴·(40·(101 − 104) + 20·(101 − 104)) ÷ 6040
  sed -i '$d' trades.csv # the last is that at 10:00:40 now
  streams
  same "$(of realized_spread_15s_bps,realized_spread_1s_bps,cost_bps)" ,,33.112583
  sessions() { printf '%s\n' security_code,timestamp,name "$@" | sw-chunk | sw-sort -k security_code,timestamp >sessions.swr; }
  for closes in 340:-596.02649 339:; do
    sessions "6,$T,OPEN" "7,$T,PRE" "7,$((T + 1)),OPEN" "7,$((T + 9)),PAUSE" "7,$((T + 10)),OPEN" \
      "7,$((T + ${closes%:*} * 1000000000)),CLOSE" "8,$T,OPEN"
    same "$(of side,realized_spread_300s_bps --sessions sessions.swr)" "1,${closes#*:}"
  done
  # what is open has a name of its own elsewhere
  sessions "7,$T,LIT" "7,$((T + 340000000000)),OPEN"
  same "$(of realized_spread_300s_bps --sessions sessions.swr --open CALL,LIT)" -596.02649
  # another security's hours are not this one's
  sessions "8,$T,OPEN"
  same "$(of side,realized_spread_300s_bps --sessions sessions.swr)" 1,
}

@test "tca: a crossed moment takes the quote before it, and is counted" {
  by_hand
  sed -i "\$a 1,9,200,100,7,$((T + 39000000000)),1,1" nbbo.csv
  streams
  same "$(of cost_bps,crossed)" 33.112583,1
  grep -q '1 trades while the quotes were crossed' err
  # the first row of a nanosecond is its quote, by sequence
  sed -i "\$a 1,8,101,103,7,$((T + 39000000000)),1,1" nbbo.csv
  streams
  same "$(of cost_bps,crossed)" 33.112583,0
  # a quote of the very moment is not before it
  sed -i "\$a 1,0,1,3,7,$((T + 40000000000)),1,1" nbbo.csv
  streams
  same "$(of cost_bps)" 33.112583
}

@test "tca: an order that came before the session, or from another day, arrives with the session's first quote" {
  by_hand
  yesterday=$((T - 86400000000000))
  # entered at 9:00, when only yesterday's quote was there
  sed -i "2s/.*/1,1,49,51,7,$((yesterday)),1,1\n1,2,99,101,7,$((T - 5000000000)),1,1/" nbbo.csv
  sed -i "2s/,$T,/,$((T - 3600000000000)),/" orders.csv
  streams
  same "$(of arrival,arrival_from,arrival_midprice,quote_age)" "$((T - 5000000000)),session,100,0"
  # a first event on an earlier date is a reload where no changereason tells
  sed -i "2s/,$((T - 3600000000000)),/,$((yesterday + 5000000000)),/" orders.csv
  streams
  same "$(of arrival,arrival_from,arrival_midprice --events events.swr)" "$((T - 5000000000)),session,100"
  # and where it tells, only 30 is
  for reason in 6:entry,50 30:session,100; do
    awk -F, -v OFS=, -v reason="${reason%:*}" '{ print $0, NR == 1 ? "changereason" : NR == 2 ? reason : 3 }' orders.csv >full.csv
    sw-chunk full.csv | sw-sort -k security_code,order_id,timestamp,sequence >full.swr
    same "$(of arrival_from,arrival_midprice --events full.swr)" "${reason#*:}"
  done
  # no quote of the day, no arrival
  sed -i 3,6d nbbo.csv
  streams
  same "$(of arrival_from,arrival_midprice,arrival_cost_bps,shortfall_bps,vwap)" ,,,,101
  grep -q '1 orders without a quote at their arrival' err
}

@test "tca: columns, their order and types are those of the schema" {
  by_hand
  tca --nbbo nbbo.swr >out.swr
  same "$(sw-info -f json out.swr | jq -r '.columns[] | "\(.name) \(.type)"')" \
    "$(awk '$1 == "column" { sub(/:.*/, "", $3); print $2, $3 }' "$TREE/share/schemas/tca.schema")"
  same "$(sw-info -f json out.swr | jq -r '.table, .row_kind, .time')" "$(printf '%s\n' tca orders arrival)"
  sw-cut out.swr | sw-chunk | sw-cut | cmp - <(sw-cut out.swr)
  # an effective spread has its markouts beside it
  sw-cut out.swr | head -n 1 | grep -q ',effective_spread_bps,realized_spread_50ms_bps,'
}

@test "tca: formats, and the tally" {
  by_hand
  tca --nbbo nbbo.swr -f csv >want.csv
  tca --nbbo nbbo.swr -o out.csv.gz
  gzip -dc out.csv.gz | cmp - want.csv
  tca --nbbo nbbo.swr -o out.jsonl --tally tally
  same "$(jq -r '.cost_bps' out.jsonl)" 33.112583
  tca --nbbo nbbo.swr -f csv --iso-time >iso.csv
  tca --nbbo nbbo.swr -f swr | sw-cut --iso-time | cmp - iso.csv
  grep -qE '^[^,]*,[0-9-]{10}T[0-9:.]*[+]1[01]:00,' iso.csv
  expect_status 2 tca --nbbo nbbo.swr --iso-time -f swr
  grep -qx $'orders\t1' tally
  grep -qx $'trades\t2' tally
  grep -qx $'null_cost_bps_dark\t1' tally
  grep -qx $'null_cost_bps\t0' tally
  same "$(grep -c ^null_ tally)" "$(grep -c ^column "$TREE/share/schemas/tca.schema")"
}

@test "tca: what is wrong is said" {
  by_hand
  fails() {
    expect_status "$1" sw-tca "${@:3}"
    [[ $output == *"$2"* ]] || { echo "no '$2' in: $output" >&2 && return 1; }
  }
  fails 2 'needs --trades' --nbbo nbbo.swr classified.swr
  fails 2 'needs --nbbo' --trades trades.swr classified.swr
  fails 2 '--nbbo orders: needs --events' --trades trades.swr --nbbo orders classified.swr
  fails 1 "no columns 'nationalbidpricesnapshot'" --trades trades.swr --nbbo trades classified.swr
  fails 1 "no such column: 'order_id' (classified orders have it)" --trades trades.swr --nbbo nbbo.swr nbbo.swr
  fails 1 "not trades: table 'orders'" --trades events.swr --nbbo nbbo.swr classified.swr
  fails 1 "not sorted by" --trades trades.swr --nbbo nbbo.swr --events <(sw-sort -k timestamp:desc events.swr) classified.swr
  fails 1 'order 5: is there twice' --trades trades.swr --nbbo nbbo.swr classified.swr classified.swr
  fails 2 "--format: not swr, csv" --trades trades.swr --nbbo nbbo.swr -f xml classified.swr
  fails 2 '--memory: less than 1M' --trades trades.swr --nbbo nbbo.swr -S 1K classified.swr
  fails 2 'standard input' --trades - --nbbo nbbo.swr
  fails 2 'input' --trades trades.swr --nbbo nbbo.swr -o trades.swr classified.swr
  fails 1 "no column 'timestamp'" --trades trades.swr --nbbo nbbo.swr --sessions classified.swr classified.swr
  fails 1 'ended early' --trades trades.swr --nbbo <(head -c -9 nbbo.swr) classified.swr
  head -c -9 trades.swr >cut.swr
  fails 1 'ended early' --trades cut.swr --nbbo nbbo.swr -o none.csv classified.swr
  [ ! -e none.csv ]
  # 2^96 of a ten-thousandth and more
  sed -i '2s/,101,40,/,7922816251426433759354395034,40,/' trades.csv
  streams
  fails 1 'price: out of range' --trades trades.swr --nbbo nbbo.swr classified.swr
}

@test "tca: no orders, no trades, no quotes" {
  by_hand
  tca --nbbo nbbo.swr -f csv >want.csv
  sw-filter -s 1 classified.swr >none.swr
  sw-tca --trades trades.swr --nbbo nbbo.swr -f csv none.swr | cmp - <(head -n 1 want.csv)
  sw-filter -s 1 trades.swr >none.swr
  same "$(sw-tca --trades none.swr --nbbo nbbo.swr classified.swr 2>err | sw-cut --no-header -c trades,vwap,cost_bps,participation)" 0,,,
  # what was never bought is missed, of 100 at 100; that 60 are said to be matched is not believed of trades
  same "$(sw-tca --trades none.swr --nbbo nbbo.swr classified.swr 2>err | sw-cut --no-header -c shortfall_opportunity_bps)" 160
  sw-filter -s 1 nbbo.swr >none.swr
  same "$(tca --nbbo none.swr | sw-cut --no-header -c vwap,arrival_cost_bps,cost_bps,limit_improvement)" 101,,,1
  grep -q '2 trades without a quote before them' err
}
