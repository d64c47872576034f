#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The studies of examples/: each is run, and what it prints is computed a second time.
# bats file_tags=check, plain

load helper

# An analysis of data in which some orders that traded claim that nothing was matched.
setup_file() {
  export DATA="$BATS_FILE_TMPDIR" OUT="$BATS_FILE_TMPDIR/out dir"
  sw-gen --rows 12000 --securities 14 --participants 8 --days 3 --seed 21 -o "$DATA"
  awk -F, -v OFS=, 'NR > 1 && $1 % 97 == 0 { $11 = 0 } { print }' "$DATA/orders.csv" >"$DATA/contradicting.csv"
  mv "$DATA/contradicting.csv" "$DATA/orders.csv"
  # prices that are not there have tests of their own, and would make sums here that no double holds
  grep -v -e ',-9223372036854775808,' -e ',0,' "$DATA/nbbo.csv" >"$DATA/quotes.csv"
  mv "$DATA/quotes.csv" "$DATA/nbbo.csv"
  analyse --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o "$OUT" "$DATA/orders.csv"
}

example() {
  local name=$1
  shift
  "$TREE/examples/$name" "$@"
}

# all_of NAME: the CSV files of that name of all securities and dates, under the first one's header.
all_of() {
  find "$OUT/by_security" -name "$1.csv*" -print0 | sort -z -V | xargs -0 -n 1 gzip -dcf |
    awk 'NR == 1 { header = $0 } NR == 1 || $0 != header'
}

@test "examples: the index names every one, and each says how it is called" {
  for file in "$TREE"/examples/*; do
    name=${file##*/}
    grep -qF "\`$name" "$TREE/examples/README.md" || [ "$name" = README.md ]
    if [ -f "$file" ] && [ -x "$file" ]; then
      expect_status 2 "$file"
      [[ $output == "usage: $name "* ]]
    fi
  done
}

@test "examples: fill-ratio-by-hour" {
  example fill-ratio-by-hour 3 "$DATA/orders.csv" >"$BATS_TEST_TMPDIR/got"
  python3 - "$DATA/orders.csv" >"$BATS_TEST_TMPDIR/wanted" <<'PYTHON'
import csv, sys
from decimal import Decimal

hours, last = {}, {}
for row in csv.DictReader(open(sys.argv[1])):
    key, place = (row["security_code"], row["order_id"]), (int(row["timestamp"]), int(row["sequence"]))
    if row["participantid"] == "3" and (key not in last or place > last[key][0]):
        last[key] = place, row
for _, row in last.values():
    hour = (int(row["timestamp"]) // 10**9 // 3600 + 10) % 24
    hours.setdefault(hour, []).append(row)
print("hour,orders,quantity,matched,fill_ratio")
for hour in sorted(hours):
    ids = {row["order_id"] for row in hours[hour]}
    states = [[int(row[name]) for name in ("quantity", "totalmatchedquantity", "leavesquantity")] for row in hours[hour]]
    quantity, matched = sum(max(q, m, m + left) for q, m, left in states), sum(m for _, m, _ in states)
    print(hour, len(ids), quantity, matched, f"{Decimal(matched) / quantity:.6f}", sep=",")
PYTHON
  cmp "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/got"
  [ "$(wc -l <"$BATS_TEST_TMPDIR/got")" -gt 5 ]
}

@test "examples: largest-savings, of each scenario" {
  all_of simulation >"$BATS_TEST_TMPDIR/simulation.csv"
  for scenario in unlimited limited_50 price_impact; do
    example largest-savings "$OUT" "$scenario" >"$BATS_TEST_TMPDIR/got"
    python3 - "$BATS_TEST_TMPDIR/simulation.csv" "$scenario" >"$BATS_TEST_TMPDIR/wanted" <<'PYTHON'
import csv, sys
from decimal import Decimal
from fractions import Fraction

def rounded(value):
    size = (2 * abs(value.numerator) * 10**6 + value.denominator) // (2 * value.denominator)
    return f"{Decimal(size if value >= 0 else -size).scaleb(-6):.6f}"

found = {}
for row in csv.DictReader(open(sys.argv[1])):
    if row["scenario"] == sys.argv[2] and row["comparable"] == "1":
        share = 100 * Fraction(row["savings"]) / Fraction(row["actual_cost"])
        found.setdefault(row["security_code"], []).append((Decimal(row["savings"]), share))
sums = [(-sum(savings for savings, _ in rows), int(code), len(rows), sum(share for _, share in rows) / len(rows))
        for code, rows in found.items()]
print("security_code,{0}_orders,{0}_savings,{0}_avg_savings_pct".format(sys.argv[2]))
for savings, code, orders, share in sorted(sums)[:10]:
    print(code, orders, f"{-savings:f}".rstrip("0").rstrip("."), rounded(share), sep=",")
PYTHON
    cmp "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/got"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/got")" -eq 11 ]
  done
  expect_status 1 example largest-savings "$OUT" unknown
  [[ $output == *'no column unknown_orders'* ]]
}

@test "examples: traded-never-filled" {
  example traded-never-filled "$OUT" | cut -d, -f1,2,5- | sort >"$BATS_TEST_TMPDIR/got"
  python3 - "$DATA" <<'PYTHON' | sort >"$BATS_TEST_TMPDIR/wanted"
import csv, sys
from decimal import Decimal

last, deals = {}, {}
for row in csv.DictReader(open(f"{sys.argv[1]}/orders.csv")):
    last[row["order_id"]] = row  # they come in order of time and sequence
booked = {}
for row in csv.DictReader(open(f"{sys.argv[1]}/trades.csv")):
    if row["dealsource"] in ("44", "45", "48", "91"):
        booked[row["orderid"]] = booked.get(row["orderid"], 0) + int(row["quantity"])
    elif row["dealsource"] in ("1", "20", "46", "47", "49", "50", "51", "52", "90"):
        deals.setdefault(row["orderid"], []).append((int(row["quantity"]), Decimal(row["tradeprice"])))
print("order_id,security_code,price,quantity,trades,traded_quantity,traded_value")
for order_id in deals.keys() & last.keys():  # reports are of no order
    row = last[order_id]
    if int(row["totalmatchedquantity"]) == booked.get(order_id, 0):
        value = sum(quantity * price for quantity, price in deals[order_id])
        numbers = [f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
                   for number in (Decimal(row["price"]), value)]
        print(order_id, row["security_code"], numbers[0], row["quantity"], len(deals[order_id]),
              sum(quantity for quantity, _ in deals[order_id]), numbers[1], sep=",")
PYTHON
  cmp "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/got"
  [ "$(wc -l <"$BATS_TEST_TMPDIR/got")" -gt 10 ]
}

@test "examples: join-names, with commas and quotes in names, and a security without one" {
  printf 'code,name\r\n110621,"Big ""B"", Co"\r\n118540,Plain\r\n1,Nobody\r\n' >"$BATS_TEST_TMPDIR/names.csv"
  example join-names "$OUT" "$BATS_TEST_TMPDIR/names.csv" >"$BATS_TEST_TMPDIR/got"
  run python3 - "$OUT/aggregated/by_security.csv" "$BATS_TEST_TMPDIR/got" <<'PYTHON'
import csv, sys

report, joined = (list(csv.reader(open(path))) for path in sys.argv[1:])
names = {"security_code": "name", "110621": 'Big "B", Co', "118540": "Plain"}
print(joined == [[row[0], names.get(row[0], ""), *row[1:]] for row in report])
print(sum(row[1] == "" for row in joined) > 5)
PYTHON
  same "$output" 'True
True'
}

@test "examples: plot-hours draws what it prints" {
  skip_without gnuplot
  example plot-hours "$OUT" "$BATS_TEST_TMPDIR/it's.svg" >"$BATS_TEST_TMPDIR/hours.csv"
  # Each box of the picture is as high as its hour's quantity.
  run python3 - "$OUT/aggregated/by_time_of_day.csv" "$BATS_TEST_TMPDIR/hours.csv" "$BATS_TEST_TMPDIR/it's.svg" <<'PYTHON'
import csv, re, sys
import xml.etree.ElementTree as xml

report, printed = (list(csv.DictReader(open(path))) for path in sys.argv[1:3])
print(printed == [{name: row[name] for name in ("hour", "matched_sum", "fill_ratio")} for row in report])
heights = []
for shape in xml.parse(sys.argv[3]).iter("{http://www.w3.org/2000/svg}g"):
    if shape.get("id") == "gnuplot_plot_1":
        for box in shape.iter("{http://www.w3.org/2000/svg}polygon"):
            rows = [float(point.split(",")[1]) for point in box.get("points").split()]
            heights.append(max(rows) - min(rows))
quantities = [int(row["matched_sum"]) for row in report]
heights = heights[-len(quantities):]
scale = max(quantities) / max(heights)
print(len(heights) > 5 and all(abs(height * scale - quantity) < scale for height, quantity in zip(heights, quantities)))
PYTHON
  same "$output" 'True
True'
  example plot-hours "$OUT" "$BATS_TEST_TMPDIR/hours.png" >/dev/null
  [ "$(head -c 4 "$BATS_TEST_TMPDIR/hours.png" | tail -c 3)" = PNG ]
  expect_status 2 example plot-hours "$OUT" "$BATS_TEST_TMPDIR/hours.gif"
  same "$(cd "$BATS_TEST_TMPDIR" && echo hours*)" 'hours.csv hours.png'
}

@test "examples: load-sqlite loads every file: each value of each row" {
  example load-sqlite "$OUT" "$BATS_TEST_TMPDIR/study.db"
  run python3 - "$OUT" "$BATS_TEST_TMPDIR/study.db" <<'PYTHON'
import csv, gzip, pathlib, re, sqlite3, sys
from decimal import Decimal

out, base = pathlib.Path(sys.argv[1]), sqlite3.connect(sys.argv[2])
tables = {}
paths = [path for folder in ("aggregated", "aggregated/tca", "run", "by_security/*/*") for path in out.glob(f"{folder}/*.csv*")]
for path in sorted(paths, key=lambda path: [int(part) for part in re.findall(r"[0-9]+", str(path.relative_to(out)))]):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", newline="") as file:
        rows = list(csv.reader(file))[1:]
    name, day = path.name.split(".")[0], path.parent
    if name == "metrics" and day.name != "aggregated":
        name, rows = "day_metrics", [[day.parent.name[len("SEC_"):], day.name, *row] for row in rows]
    if day.name == "tca":
        name = "tca_" + name
    tables.setdefault(name, []).extend(rows)


def equal(text, value):
    if isinstance(value, float):
        return abs(Decimal(text) - Decimal(value)) <= abs(Decimal(text)) * Decimal("1e-15")
    return text == (value or "") if value is None or isinstance(value, str) else Decimal(text) == value


print(sorted(tables) == sorted(name for name, in base.execute("SELECT name FROM sqlite_master")))
for name, wanted in tables.items():
    found = base.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall()
    if len(found) != len(wanted) or not all(all(map(equal, *rows)) and len(rows[0]) == len(rows[1]) for rows in zip(wanted, found)):
        print("differs:", name)
print(base.execute("SELECT count(*) FROM classified WHERE typeof(order_id) != 'integer'").fetchone())
print(len(tables["classified"]) > 1000, len(tables["day_metrics"]) > 100)
PYTHON
  same "$output" 'True
(0,)
True True'
  expect_status 2 example load-sqlite "$OUT" "$BATS_TEST_TMPDIR/study.db"
  [[ $output == *'study.db: is there already'* ]]
}

@test "examples: load-sqlite leaves no half of a database where a file cannot be read" {
  cp -R "$OUT" "$BATS_TEST_TMPDIR/damaged"
  file=$(find "$BATS_TEST_TMPDIR/damaged" -name 'simulation.csv.gz' | sort | tail -n 1)
  head -c 100 "$file" >"$BATS_TEST_TMPDIR/part"
  cp "$BATS_TEST_TMPDIR/part" "$file"
  run example load-sqlite "$BATS_TEST_TMPDIR/damaged" "$BATS_TEST_TMPDIR/study.db"
  [ "$status" -ne 0 ]
  same "$(cd "$BATS_TEST_TMPDIR" && echo study*)" 'study*'
}

# postgres: runs a server of our own, on a socket in a folder of its own; where we are root, whom it refuses, as nobody.
# Sets PGHOST and so on. Ended by teardown.
postgres() {
  local bin
  bin=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1) || bin=$(pg_config --bindir 2>/dev/null) || bin=
  PATH="${bin:+$bin:}$PATH"
  skip_without initdb pg_ctl psql
  server=$(mktemp -d /tmp/sw-postgres.XXXXXX)
  as_nobody=()
  if [ "$(id -u)" -eq 0 ]; then
    as_nobody=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups)
    chown nobody "$server"
  fi
  export PGHOST=$server PGUSER=study PGDATABASE=postgres PGPORT=5432
  unset PGPASSWORD PGSERVICE PGOPTIONS PGSSLMODE PGHOSTADDR
  cd "$server" || return
  "${as_nobody[@]}" initdb --no-sync --auth=trust --username=study --encoding=UTF8 --locale=C -D "$server/data" \
    >initdb.log 2>&1 || { cat initdb.log; return 1; }
  "${as_nobody[@]}" pg_ctl --silent --wait -D "$server/data" -l "$server/log" \
    -o "-c listen_addresses= -c unix_socket_directories=$server -c fsync=off" start 3>&- || { cat "$server/log"; return 1; }
}

teardown() {
  if [ -n "${server-}" ]; then
    cd / || return
    "${as_nobody[@]}" pg_ctl --silent --wait --mode=immediate -D "$server/data" stop || true
    rm -rf "$server"
  fi
}

@test "examples: load-postgres loads every file into a real server: each byte" {
  postgres
  example load-postgres "$OUT" study
  # shellcheck source=examples/common.sh
  tables=$(. "$TREE/examples/common.sh" && table_names "$OUT")
  [ "$(wc -w <<<"$tables")" -gt 15 ]
  same "$(psql -AtXc "SELECT count(*) FROM pg_tables WHERE schemaname = 'study'")" "$(wc -w <<<"$tables")"
  for table in $tables; do
    (. "$TREE/examples/common.sh" && table_rows "$OUT" "$table") >"$BATS_TEST_TMPDIR/wanted"
    psql -Xc "\\copy (SELECT * FROM study.\"$table\") to stdout with (format csv, header)" | cmp - "$BATS_TEST_TMPDIR/wanted"
  done
  # The 19 digits of an id, a sum over all days, and money to the last decimal.
  same "$(psql -AtXc "SELECT sum(savings)::text FROM study.simulation WHERE scenario = 'limited_50' AND amended = 0")" \
    "$(all_of simulation | python3 -c 'import csv, sys, decimal
print(sum(decimal.Decimal(row["savings"]) for row in csv.DictReader(sys.stdin)
          if row["scenario"] == "limited_50" and row["amended"] == "0"))')"
  # A second time it is refused, and a damaged file leaves nothing.
  run example load-postgres "$OUT" study
  [ "$status" -ne 0 ]
  cp -R "$OUT" "$BATS_TEST_TMPDIR/damaged"
  file=$(find "$BATS_TEST_TMPDIR/damaged" -name 'simulation.csv.gz' | sort | tail -n 1)
  head -c 100 "$file" >"$BATS_TEST_TMPDIR/part"
  cp "$BATS_TEST_TMPDIR/part" "$file"
  run example load-postgres "$BATS_TEST_TMPDIR/damaged" half
  [ "$status" -ne 0 ]
  same "$(psql -AtXc "SELECT count(*) FROM pg_namespace WHERE nspname = 'half'")" 0
}

@test "examples: what they make goes to where a link leads, as with every program" {
  skip_without sqlite3 gnuplot
  cd "$BATS_TEST_TMPDIR"
  mkdir elsewhere
  ln -s elsewhere/study.db db
  ln -s elsewhere/hours.svg hours.svg
  echo kept >victim
  # shellcheck disable=SC2016
  bash -c 'ln -s "$PWD/victim" "db.$$"; ln -s "$PWD/victim" "elsewhere/study.db.$$"; exec "$TREE/examples/load-sqlite" "$OUT" db'
  example plot-hours "$OUT" hours.svg
  [[ -L db && -L hours.svg && $(cat victim) == kept ]]
  [[ $(sqlite3 elsewhere/study.db 'select count(*) > 0 from classified') == 1 ]]
  grep -q '</svg>' elsewhere/hours.svg
  [[ $(stat -c %a elsewhere/{study.db,hours.svg}) == $'644\n644' && -z $(find . -name '*.tmp') ]]
}

# Orders by what a vendor's messages say of them, read line by line: ORDER ENTERED HOUR ASKED FILLED CANCELLED.
vendor_orders() {
  python3 - "$1" "$2" <<'PYTHON'
import csv, sys
from decimal import Decimal
kind, path = sys.argv[1:]
orders = {}
for row in csv.reader(open(path)):
    if kind == "lobster":
        time, action, order, size = 1340251200 * 10**9 + int(Decimal(row[0]) * 10**9), row[1], int(row[2]), int(row[3])
        action = {"1": "A", "2": "C", "3": "C", "4": "F"}.get(action, "-")
    elif row[0] == "ts_recv":
        continue
    else:
        time, action, order, size = int(row[1]), row[5], int(row[10]), int(row[8])
    if order == 0 or action == "-":
        continue
    # entered, asked, filled, cancelled
    state = orders.setdefault(order, [time, 0, 0, 0])
    if action in "AM":
        state[1] = max(state[1], size)
    elif action == "F":
        state[2] += size
        state[3] -= size if kind == "databento" else 0
    elif action == "C":
        state[3] += size
for order in sorted(orders):
    entered, asked, filled, cancelled = orders[order]
    assert 0 <= filled and 0 <= cancelled, order
    print(order, entered, entered // (3600 * 10**9), asked, filled, cancelled)
PYTHON
}

@test "examples: fills of LOBSTER's and Databento's orders, each and by hour" {
  cd "$BATS_TEST_TMPDIR"
  example vendor-sample lobster 3000 >AAPL_2012-06-21_34200000_57600000_message_50.csv
  example vendor-sample databento 3000 >mbo.csv
  for kind in lobster databento; do
    file=mbo.csv
    [ $kind = databento ] || file=AAPL_2012-06-21_34200000_57600000_message_50.csv
    vendor_orders $kind $file >wanted
    [ "$(wc -l <wanted)" -gt 1000 ]
    example $kind-fills orders $file | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
      { print $at["order_id"], $at["entered"], ("asked" in at) ? $at["asked"] : $at["largest"], $at["filled"], $at["cancelled"] }' >got
    awk '{ print $1, $2, $4, $5, $6 }' wanted | cmp - got
    example $kind-fills hours $file | tail -n +2 | cut -d, -f3-6 >got
    awk -v OFS=, '{ asked = $4 > $5 ? $4 : $5; n[$3]++; a[$3] += asked; f[$3] += $5 }
      END { for (h in n) print h, n[h], a[h], f[h], sprintf("%.6f", f[h] / a[h]) }' wanted | sort -n | cut -d, -f2- >counted
    cmp got counted
    [ "$(wc -l <got)" -ge 2 ]
  done
  expect_status 2 example lobster-fills days x
  expect_status 2 example vendor-sample nobody 3
}

@test "examples: traded-by-hour, of a vendor's trades" {
  cd "$BATS_TEST_TMPDIR"
  example vendor-sample bybit 4000 >trades.csv
  example traded-by-hour -t bybit-trades trades.csv >got
  python3 - trades.csv >wanted <<'PYTHON'
import csv, sys
from decimal import Decimal, getcontext, ROUND_HALF_UP
getcontext().prec = 60
hours = {}
for row in csv.DictReader(open(sys.argv[1])):
    key = row["symbol"], int(Decimal(row["timestamp"])) // 3600 % 24
    count, volume, value = hours.get(key, (0, Decimal(0), Decimal(0)))
    size = Decimal(row["size"])
    hours[key] = count + 1, volume + size, value + size * Decimal(row["price"])
print("security_code,hour,trades,volume,value,vwap")
plain = lambda x: format(x.normalize(), "f")
for (symbol, hour), (count, volume, value) in sorted(hours.items()):
    print(symbol, hour, count, plain(volume), plain(value), (value / volume).quantize(Decimal("1e-6"), ROUND_HALF_UP), sep=",")
PYTHON
  cmp wanted got
  [ "$(wc -l <got)" -gt 3 ]
}

@test "examples: dark-book" {
  local dir=$BATS_TEST_TMPDIR/study
  cd "$BATS_TEST_TMPDIR"
  example dark-book study >got
  # Again, with what it made the first time as files of one's own.
  example dark-book again study/data/orders.csv study/data/trades.csv study/data/nbbo.csv | cmp got -
  same "$(grep '^# [a-z]' got | paste -sd' ')" '# filled.csv # rules.csv # compared.csv'
  # The last line of the rules, what was paid and how, and the comparison: by sqlite3, of single sweeps and matches.
  sw-cut "$dir/full.swr" >full.csv
  sw-cut "$dir/full_matches.swr" >matches.csv
  sqlite3 >wanted <<'SQL'
.mode csv
.import full.csv sweeps
.import matches.csv matches
select count(distinct sweep_order_id), count(*), sum(quantity) from matches where booked = '0';
select matched_quantity > 0 as m, count(*), round(sum(traded_value * passive_share) / sum(traded_value), 4),
  round(sum(traded_value * cost_bps) / sum(case when cost_bps <> '' then traded_value end), 4) from sweeps group by m order by m;
select count(*), round(sum(case side when '1' then 1 else -1 end * 10000.0 * (vwap - simulated) / vwap * traded_value) / sum(traded_value), 4)
  from sweeps where simulated <> '';
SQL
  {
    tail -n 1 "$dir/rules.csv" | cut -d, -f 3-5
    awk -F, -v OFS=, 'NR > 1 { print $1, $2, sprintf("%.4f", $3) + 0, sprintf("%.4f", $4) + 0 }' "$dir/filled.csv"
    awk -F, -v OFS=, '$1 == "full" && $3 == "matched" { print $4, sprintf("%.4f", $7) + 0 }' "$dir/compared.csv"
  } | diff - <(tr -d '\r' <wanted)
  grep -qE '^# Of [0-9]+ sweeps the simple rules match [0-9]+; ' got
  grep -q '^# In the dark .* of them would have done better' got
}

@test "examples: dark-book of the real day, as sw-match(1) has it" {
  skip_without real
  cd "$BATS_TEST_TMPDIR"
  example dark-book "$BATS_TEST_TMPDIR/study" "$REAL"/{orders_day,trades,trades}.csv >got
  # Each line of the page's table is a line of what came out.
  awk -F' Ta ' '/^\.It simple Ta/ { in_table = 1 } /^\.El/ { in_table = 0 } in_table { sub(/^\.It /, ""); print $1, $2, $3, $4, $5, $6 }' \
    "$TREE/man/sw-match.1.in" >page
  same "$(wc -l <page)" 7
  awk -F, 'NR > 1 && $1 != "elsewhere" { printf "%s %d %d %d %.2f %.1f\n", $1, $3, $4, $5, $7, $8 }' "$BATS_TEST_TMPDIR/study/rules.csv" | diff - page
  grep -q '^# Those 759 had been filled passively (99.7% of their value), at 16.36 basis points better than the mid, and 8.68 worse' got
  grep -q '^# In the dark 9.0% of them would have done better; by value all of them lose 12.52 basis points' got
  grep -q '^full,all,matched,.*,-14.503503,-10.727546,8,participantid$' got
}
