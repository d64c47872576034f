#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# pipelines/analyse: every file under OUT is what an independent computation over the CSVs says, which in its turn agrees with
# sqlite3 and with what is known of the real data.

load helper

# oracle DATA OUT OPTION…
oracle() {
  local from=$1 out=$2
  shift 2
  python3 "$TREE/tests/analysis_oracle.py" --orders "$from/orders.csv" --trades "$from/trades.csv" --nbbo "${quotes:-$from/nbbo.csv}" \
    -o "$out" "$@"
}

setup_file() {
  export DATA="$BATS_FILE_TMPDIR"
  sw-gen --rows 20000 --securities 8 --participants 30 --days 3 --seed 9 -o "$DATA/large"
  sw-gen --rows 3000 --securities 4 --participants 12 --days 3 --seed 4 -o "$DATA/small"
  oracle "$DATA/large" "$DATA/large/wanted"
}

# analysis DATA OUT OPTION…
analysis() {
  local from=$1 out=$2
  shift 2
  analyse --trades "$from/trades.csv" --nbbo "${quotes:-$from/nbbo.csv}" -o "$out" "$@" "$from/orders.csv"
}

# The results under a folder: names without .gz, one a line. What orders cost is another oracle's (tca.bats).
results() {
  (cd "$1" && find_any by_security aggregated -type f ! -name aggregation_summary.json ! -name 'tca.csv*' ! -path '*/tca/*' | sed 's/\.gz$//' | sort)
}

# same_results WANTED OUT: the same files, and each with the same text; those of OUT may be compressed.
same_results() {
  local file
  same "$(results "$1")" "$(results "$2")"
  results "$1" | while IFS= read -r file; do
    if [ -e "$2/$file.gz" ]; then gzip -dc "$2/$file.gz"; else cat "$2/$file"; fi | cmp - "$1/$file" || return 1
  done
}

# as_the_oracle OPTION…: the small data's study with these options, in the same OUT each time: what an earlier one left there
# and this one does not have must be gone.
as_the_oracle() {
  rm -rf "$BATS_TEST_TMPDIR/wanted"
  oracle "$DATA/small" "$BATS_TEST_TMPDIR/wanted" "$@"
  analysis "$DATA/small" "$BATS_TEST_TMPDIR/out" "$@"
  same_results "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/out"
}

# table OUT NAME: the files of that name of all securities and dates, as one table with one header.
table() {
  find "$1/by_security" -name "$2" | sort | xargs awk 'FNR > 1 || NR == 1'
}

# bats test_tags=plain
@test "analysis: the computation that all is compared with finds the facts of the real data" {
  skip_without real
  oracle "$REAL" "$BATS_TEST_TMPDIR/out" --hours 10-16
  same "$(cat "$BATS_TEST_TMPDIR/out/aggregated/metrics.csv")" \
    'group,orders,full_fills,partial_fills,quantity_traded,asked_quantity,avg_execution_cost,order_fill_ratio
FULLY_FILLED,26,26,0,62968,62968,3361.570560,1.000000
PARTIALLY_FILLED,3,0,3,692,5300,3380.679191,0.130566
NOT_EXECUTED,0,0,0,0,0,,
OVERALL,29,26,3,63660,68268,3361.778275,0.932501'
}

# bats test_tags=plain
@test "analysis: and the 72 rows that an earlier system computed, to the cent, but for the sell order's price impact" {
  skip_without real
  oracle "$REAL" "$BATS_TEST_TMPDIR/out" --hours 10-16
  table "$BATS_TEST_TMPDIR/out" simulation.csv >"$BATS_TEST_TMPDIR/simulation.csv"
  run python3 - "$BATS_TEST_TMPDIR/simulation.csv" "$REAL/simulation_reference.csv" <<'PYTHON'
import csv, sys
from decimal import Decimal

ours, theirs = ({(row["order_id"], row["scenario"]): row for row in csv.DictReader(open(path))} for path in sys.argv[1:])
names = {"T": "first_timestamp", "T_K": "completion_timestamp", "actual_cost": "actual_cost", "midprice": "midprice",
         "simulated_cost": "simulated_cost", "cost_difference": "cost_difference", "initial_qty": "initial_quantity"}
for key, row in theirs.items():
    for name, our_name in names.items():
        if abs(Decimal(row[name]) - Decimal(ours[key][our_name])) >= Decimal("0.01"):
            print(key[1], "side", ours[key]["side"], name)
print(len(theirs))
PYTHON
  same "$output" 'price_impact side 2 simulated_cost
price_impact side 2 cost_difference
72'
}

# bats test_tags=plain
@test "analysis: and what sqlite3 finds with window functions" {
  columns=order_id,security_code,side,participantid,exchangeordertype,quantity,leavesquantity,totalmatchedquantity
  columns+=,first_timestamp,initial_quantity,completion_timestamp,last_timestamp,trades,traded_quantity,actual_quantity,amended
  table "$DATA/large/wanted" classified.csv >"$BATS_TEST_TMPDIR/classified.csv"
  sqlite3 -csv :memory: ".import '$BATS_TEST_TMPDIR/classified.csv' classified" \
    "SELECT $columns FROM classified ORDER BY CAST(security_code AS INTEGER), CAST(order_id AS INTEGER)" \
    >"$BATS_TEST_TMPDIR/wanted"
  sqlite3 -csv :memory: >"$BATS_TEST_TMPDIR/got" <<SQL
CREATE TABLE events (order_id INTEGER, timestamp INTEGER, security_code INTEGER, price TEXT, side INTEGER, quantity INTEGER,
  leavesquantity INTEGER, exchangeordertype INTEGER, participantid INTEGER, orderstatus INTEGER,
  totalmatchedquantity INTEGER, sequence INTEGER);
.import --skip 1 '$DATA/large/orders.csv' events
.import '$DATA/large/trades.csv' deals
CREATE TABLE trades AS SELECT CAST(securitycode AS INTEGER) AS security_code, CAST(orderid AS INTEGER) AS order_id,
  CAST(tradetime AS INTEGER) AS timestamp, CAST(quantity AS INTEGER) AS quantity FROM deals
  WHERE CAST(dealsource AS INTEGER) IN (1, 20, 46, 47, 49, 50, 51, 52, 90);
CREATE INDEX of_order ON trades (security_code, order_id);
CREATE TABLE lives AS
  SELECT *, row_number() OVER (PARTITION BY security_code, order_id ORDER BY timestamp DESC, sequence DESC) AS from_end,
    first_value(quantity) OVER (PARTITION BY security_code, order_id ORDER BY timestamp, sequence DESC) AS initial_quantity,
    min(timestamp) OVER life AS first_timestamp, max(timestamp) OVER life AS last_timestamp,
    max(CASE WHEN leavesquantity = 0 THEN timestamp END) OVER life AS emptied
  FROM events WINDOW life AS (PARTITION BY security_code, order_id);
SELECT order_id, security_code, side, participantid, exchangeordertype, lives.quantity, leavesquantity, totalmatchedquantity,
  first_timestamp, initial_quantity, coalesce(emptied, last_timestamp), last_timestamp, count(*), sum(trades.quantity),
  sum(trades.quantity) FILTER (WHERE trades.timestamp BETWEEN first_timestamp AND coalesce(emptied, last_timestamp)),
  lives.quantity <> initial_quantity
FROM lives JOIN trades USING (security_code, order_id) WHERE from_end = 1
GROUP BY security_code, order_id ORDER BY security_code, order_id;
SQL
  [ "$(wc -l <"$BATS_TEST_TMPDIR/got")" -gt 3000 ]
  diff <(tr -d '\r' <"$BATS_TEST_TMPDIR/wanted") <(tr -d '\r' <"$BATS_TEST_TMPDIR/got") | head
}

# bats test_tags=plain
@test "analysis: every file of the real data's study" {
  skip_without real
  oracle "$REAL" "$BATS_TEST_TMPDIR/wanted" --hours 10-16
  analysis "$REAL" "$BATS_TEST_TMPDIR/out" -H 10-16
  same_results "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/out"
}

# bats test_tags=plain
@test "analysis: a real day: what was executed, and how far it was filled" {
  skip_without real
  mkdir "$BATS_TEST_TMPDIR/day"
  ln -s "$REAL/trades.csv" "$REAL/nbbo.csv" "$BATS_TEST_TMPDIR/day"
  ln -s "$REAL/orders_day.csv" "$BATS_TEST_TMPDIR/day/orders.csv"
  oracle "$BATS_TEST_TMPDIR/day" "$BATS_TEST_TMPDIR/wanted"
  analysis "$BATS_TEST_TMPDIR/day" "$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/said"
  same_results "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/out"
  same "$(cat "$BATS_TEST_TMPDIR/out/aggregated/metrics.csv")" \
    'group,orders,full_fills,partial_fills,quantity_traded,asked_quantity,avg_execution_cost,order_fill_ratio
FULLY_FILLED,1964,1964,0,2157763,2157763,3387.971909,1.000000
PARTIALLY_FILLED,197,0,197,447639,3310109,3388.284309,0.135234
NOT_EXECUTED,0,0,0,0,0,,
OVERALL,2161,1964,197,2605402,5467872,3388.025583,0.476493'
  same "$(grep '^trades,all,' "$BATS_TEST_TMPDIR/out/run/ledger.csv" | cut -d, -f7-8,10-13)" 4200,4102,7008,752,542,0
  same "$(sed -n 2p "$BATS_TEST_TMPDIR/out/aggregated/simulation_summary.csv" | cut -d, -f1-4,17)" unlimited,1597,317,50,20749497963781
  same "$(find "$BATS_TEST_TMPDIR/out/by_security" -name simulation.csv.gz -exec gzip -dc {} + |
    awk -F, '$2 == "unlimited" && $23 != "" { n++; if ($23 > 3600e9) hours++ } END { print n, hours }')" '1908 1426'
  same "$(grep '^simulation,unlimited,' "$BATS_TEST_TMPDIR/out/run/ledger.csv" | cut -d, -f3-6,16-21)" 1964,1597,367,0,317,50,0,1895,20749497963781,603
  grep -q '^analyse: 6101 of 8262 orders have no trade and are left out, 200 of them with bookings$' "$BATS_TEST_TMPDIR/said"
}

# bats test_tags=check
@test "analysis: quotes out of the rows of the trades, or of the orders" {
  local options
  skip_without real
  mkdir "$BATS_TEST_TMPDIR/day"
  # Trades in two files, the later one first; orders with the quotes of the trades at about their time, or with none.
  { head -n 1 "$REAL/trades.csv"; tail -n +4001 "$REAL/trades.csv"; } >"$BATS_TEST_TMPDIR/day/late.csv"
  head -n 4000 "$REAL/trades.csv" >"$BATS_TEST_TMPDIR/day/early.csv"
  python3 - "$REAL" >"$BATS_TEST_TMPDIR/day/orders.csv" <<'PYTHON'
import bisect, csv, sys

trades = sorted(csv.DictReader(open(sys.argv[1] + "/trades.csv")), key=lambda row: int(row["tradetime"]))
times = [int(row["tradetime"]) for row in trades]
rows = list(csv.DictReader(open(sys.argv[1] + "/orders_day.csv")))
out = csv.DictWriter(sys.stdout, [*rows[0], "national_bid", "national_offer"], lineterminator="\n")
out.writeheader()
for number, row in enumerate(rows):
    at = bisect.bisect_right(times, int(row["timestamp"])) - 1
    quote = [trades[at][f"national{side}pricesnapshot"] if at >= 0 else "0" for side in ("bid", "offer")]
    if number % 7 == 0:
        quote[number % 2] = ["0", "-9223372036854775808", ""][number % 3]
    if number % 11 == 0:
        quote.reverse()
    out.writerow({**row, "national_bid": quote[0], "national_offer": quote[1]})
PYTHON
  cd "$BATS_TEST_TMPDIR/day" || return
  for options in 'trades' 'orders --quote-age 2' 'trades --participants 69 --quote-age 60'; do
    # shellcheck disable=SC2086
    python3 "$TREE/tests/analysis_oracle.py" --orders orders.csv --trades early.csv late.csv -o wanted --nbbo $options
    # shellcheck disable=SC2086
    analyse --trades late.csv --trades early.csv -b 200K -o out orders.csv --nbbo $options
    same_results wanted out
    rm -r wanted
  done
  analyse --trades early.csv --trades late.csv -o other orders.csv --nbbo trades --participants 69 --quote-age 60
  diff -r out/aggregated other/aggregated
  expect_status 1 analyse --trades late.csv --nbbo orders -o none "$REAL/orders_day.csv"
  [[ $output == *"no column 'national_bid'"* && ! -e none ]]
}

@test "analysis: every file of 20,000 events, amended orders and those of the evening before among them" {
  analysis "$DATA/large" "$BATS_TEST_TMPDIR/out"
  same_results "$DATA/large/wanted" "$BATS_TEST_TMPDIR/out"
  # Amended ones, those of more than a night, and those in all groups that can be had.
  table "$DATA/large/wanted" classified.csv >"$BATS_TEST_TMPDIR/classified.csv"
  run sqlite3 "" ".import --csv '$BATS_TEST_TMPDIR/classified.csv' orders" \
    "SELECT count(*) > 3000, sum(amended = '1') > 20, count(DISTINCT \"group\"),
       sum(strftime('%Y-%m-%d', first_timestamp / 1000000000 + 36000, 'unixepoch') < date) > 10 FROM orders"
  same "$output" '1|1|2|1'
}

# bats test_tags=plain
@test "analysis: every file of selected orders" {
  local selections=(
    '-s 110621,118540'
    '-d 2024-09-03..2024-09-04 -H 10-12'
    '--times 10:00-10:30 -q 100..1000'
    '-s 110621 -d 2024-09-03 -H 10-16 -p 2,4'
    '-s 1'
  ) words options
  for words in "${selections[@]}"; do
    echo "$words"
    read -ra options <<<"$words"
    as_the_oracle "${options[@]}"
  done
}

# bats test_tags=check
@test "analysis: another impact, in price units and in percent, some scenarios, amended orders included, other zones" {
  local options words
  for words in '--impact 0' '--impact 12.5 --scenarios price_impact,A' '--impact 0.05%' '--amended include --scenarios B' \
    '--unequal include --quote-age 60 --scenarios A,C' '--amended include --unequal include --quote-age 0.25' \
    '--tz Australia/Sydney -H 10' '--tz +03:30 -d 2024-09-02'; do
    echo "$words"
    read -ra options <<<"$words"
    as_the_oracle "${options[@]}"
  done
}

# odd_data: the small data in the full extract's columns and several files, one of them gzip, with what a generator is too tidy for:
# texts with commas and quotes, empty fields of all kinds, orders without a side, quantities of 0, a security without quotes, lost
# events and trades, trades out of their order's time, events with the same time and sequence that disagree.
odd_data() {
  python3 - "$DATA/small" "$1" <<'PYTHON'
import csv, gzip, random, sys

chance = random.Random(7)
columns = """order_id exchange timestamp security_code price side changereason orderstatus quantity leavesquantity ordertype
    exchangeordertype national_bid national_offer bid offer participantid preferenceonly midtick singlefillminimumquantity
    minimumquantity sequence crossingkey totalmatchedquantity shortsellquantity triggercondition timevaliditydecoded row_num
    timevalidity date""".split()
came_from, goes_to = sys.argv[1:]
rows = list(csv.DictReader(open(f"{came_from}/orders.csv")))
kept = []
for number, row in enumerate(rows):
    row.update(exchange="3", midtick=chance.choice(["", "0.5", "-0.25", "12.3450"]), row_num=str(number), date="2024-09-05",
               timevaliditydecoded=chance.choice(["Rest of Day", "Good, till \"cancelled\"", ""]), national_bid="1.0",
               quantity=row["quantity"] + ".0", price=row["price"] + chance.choice(["", "0", "25", "06"]))
    row["side"] = "" if int(row["order_id"]) % 53 == 0 else row["side"]
    row["participantid"] = "" if int(row["order_id"]) % 59 == 0 else row["participantid"]
    for name in ("price", "quantity", "leavesquantity", "totalmatchedquantity", "sequence", "exchangeordertype"):
        row[name] = "" if chance.random() < 0.05 else row[name]
    row["quantity"] = "0" if chance.random() < 0.03 else row["quantity"]
    again = {**row, "price": chance.choice(["", "7.5", row["price"]]), "leavesquantity": chance.choice(["", "0", "5"])}
    if chance.random() < 0.95:
        kept += [row, {**again, "row_num": str(number + 10**6)}][:1 + (chance.random() < 0.05)]
chance.shuffle(kept)
half = len(kept) // 2
for name, part in ("1.csv", kept[:half]), ("2.csv.gz", kept[half:]):
    with (gzip.open if name.endswith("gz") else open)(f"{goes_to}/orders-{name}", "wt", newline="") as out:
        table = csv.DictWriter(out, columns if name == "1.csv" else columns[::-1], restval="", lineterminator="\r\n")
        table.writeheader()
        table.writerows(part)
quotes = list(csv.reader(open(f"{came_from}/nbbo.csv")))
with open(f"{goes_to}/nbbo.csv", "w") as out:
    for quote in quotes:
        if quote[6] != "110621":
            at = chance.choice([3, 5])
            if quote is not quotes[0] and chance.random() < 0.1:
                quote[at] = ""
            print(",".join(quote), file=out)
trades = list(csv.DictReader(open(f"{came_from}/trades.csv")))
for trade in trades:
    for name in ("tradeprice", "quantity"):
        trade[name] = "" if chance.random() < 0.03 else trade[name]
    if chance.random() < 0.1:
        trade["tradetime"] = str(int(trade["tradetime"]) + chance.randint(-10**13, 10**13))
chance.shuffle(trades)
for name, part in ("a", trades[20:900]), ("b", trades[900:]):
    with open(f"{goes_to}/trades-{name}.csv", "w", newline="") as out:
        table = csv.DictWriter(out, trades[0], lineterminator="\n")
        table.writeheader()
        table.writerows(part)
PYTHON
}

@test "analysis: every file of untidy data in several files" {
  cd "$BATS_TEST_TMPDIR" || return
  odd_data .
  python3 "$TREE/tests/analysis_oracle.py" --orders orders-1.csv orders-2.csv.gz --trades trades-?.csv --nbbo nbbo.csv -o wanted
  analyse --trades 'trades-?.csv' --nbbo nbbo.csv -o out orders-1.csv orders-2.csv.gz
  same_results wanted out
  table wanted simulation.csv >rows.csv
  run sqlite3 "" ".import --csv rows.csv rows" \
    "SELECT sum(midprice = '') > 0, sum(initial_price = '') > 0, sum(simulated_cost = '') > 0 FROM rows"
  same "$output" '1|1|1'
}

# bats test_tags=plain
@test "analysis: without a sequence the order of the file decides" {
  cd "$BATS_TEST_TMPDIR" || return
  cut -d, -f1-11 "$DATA/small/orders.csv" >orders.csv
  cp "$DATA/small/"{trades,nbbo}.csv .
  oracle . wanted
  analysis . out
  same_results wanted out
}
