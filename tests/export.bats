#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-cut -f parquet and -f arrow: every value read back, by a reader written from the format's documents alone (tests/parquet_reader.py), by
# DuckDB and by apache-arrow. The two come from the npm registry, once, into build/peers; SW_NODE_MODULES names a node_modules folder
# that has them. Where they cannot be had, their tests are skipped.

load helper
load peers

KINDS='extremes full nothing one empty long many'

setup_file() {
  local kind
  cd "$BATS_FILE_TMPDIR" || return
  for kind in $KINDS; do
    python3 "$BATS_TEST_DIRNAME/export_data.py" "$kind"
    sw-chunk -t table.schema "$kind.csv" >"$kind.swr"
    sw-cut -f parquet -o "$kind.parquet" "$kind.swr"
  done
}

# Each test in a folder of its own: they run side by side.
setup() {
  cd "$BATS_TEST_TMPDIR" || return
  ln -s "$BATS_FILE_TMPDIR"/*.* .
}

# same_rows FILE: what a reader found of $kind; that kind alone which has no rows has none.
same_rows() {
  if [ "$kind" = empty ]; then [ ! -s "$1" ] && [ ! -s "$kind.truth" ]; else cmp "$1" "$kind.truth"; fi
}

# Each value of many rows takes the reader, which is Python, some seconds.
@test "export: Parquet, every value of every kind of table, by a reader of our own" {
  for kind in ${KINDS% many}; do
    echo "$kind"
    parquet_reader "$kind.parquet" >read.own
    same_rows read.own
  done
}

# bats test_tags=check, plain
@test "export: Parquet, every value of many rows, by a reader of our own" {
  kind=many
  parquet_reader many.parquet >read.own
  same_rows read.own
}

@test "export: Parquet, the same uncompressed and smallest" {
  for level in 0 9; do
    sw-cut -f parquet -z "$level" full.swr >"level.$level"
    parquet_reader "level.$level" | cmp - full.truth
  done
  [ "$(wc -c <level.9)" -lt "$(wc -c <level.0)" ]
}

@test "export: Parquet of a few rows is not compressed, since that would not pay; columns of many are where it does" {
  awk 'BEGIN { print "table t\ncolumn n int\ncolumn price decimal:4\ncolumn word text" }' >few.schema
  for rows in 5 5000; do
    awk -v OFS=, -v rows="$rows" 'BEGIN { print "n,price,word"; for (i = 0; i < rows; i++) print i * i, i "." i % 100, "w" i % 3 }' |
      sw-chunk -t few.schema >"$rows.swr"
    for level in 0 1; do sw-cut -f parquet -z "$level" -o "$rows.$level" "$rows.swr"; done
    parquet_reader "$rows.1" | cmp - <(parquet_reader "$rows.0")
  done
  cmp 5.1 5.0
  [ "$(wc -c <5000.1)" -lt "$(wc -c <5000.0)" ]
}

# bats test_tags=check, plain
@test "export: Parquet, every value of every kind of table, by DuckDB" {
  need_peers
  for kind in $KINDS; do
    echo "$kind"
    sw-cut -f parquet --time-numbers -o duckdb.parquet "$kind.swr"
    duckdb duckdb.parquet >read.duckdb
    same_rows read.duckdb
  done
}

# bats test_tags=check, plain
@test "export: Parquet, the types DuckDB sees, and a time in UTC to the microsecond" {
  need_peers
  same "$(duckdb full.parquet --types)" 'i BIGINT
u UBIGINT
d DECIMAL(38,4)
w DECIMAL(38,18)
at TIMESTAMP WITH TIME ZONE
day DATE
t VARCHAR
s VARCHAR'
  duckdb full.parquet >micro.duckdb
  python3 - <<'PY'
import json
with open("full.truth") as truth, open("micro.duckdb") as read:
    for a, b in zip(truth, read, strict=True):
        a, b = json.loads(a), json.loads(b)
        a[4] = a[4] and str(int(a[4]) // 1000 * 1000)
        assert a == b, (a, b)
PY
}

# bats test_tags=check, plain
@test "export: Parquet, DuckDB's filters by bounds find what they should" {
  need_peers
  local at
  at=$(tail -n 1 full.truth | python3 -c 'import json, sys; print(json.loads(sys.stdin.read())[1])')
  same "$(duckdb full.parquet --query "SELECT count(*) FROM file WHERE u = $at")" 1
  same "$(duckdb full.parquet --query "SELECT count(*) FROM file WHERE s = 'order 1999'")" 1
  same "$(duckdb extremes.parquet --query 'SELECT count(*) FROM file WHERE u = 18446744073709551615')" \
    "$(grep -c '^[^,]*, "18446744073709551615"' extremes.truth)"
  same "$(duckdb extremes.parquet --query 'SELECT count(*) FROM file WHERE d < 0')" \
    "$(python3 -c 'import json; print(sum(1 for l in open("extremes.truth") if int(json.loads(l)[2] or 0) < 0))')"
}

# bats test_tags=check, plain
@test "export: Parquet, into DuckDB, out as CSV and back to the same records" {
  need_peers
  sw-gen --rows 3000 --full --stdout orders | sw-chunk >orders.swr
  sw-cut -f parquet --time-numbers -o orders.parquet orders.swr
  duckdb orders.parquet --query "COPY (FROM 'orders.parquet') TO 'orders.csv'"
  same "$(sw-chunk orders.csv | sw-info --digest)" "$(sw-info --digest orders.swr)"
  sw-cut -f parquet -o orders.parquet orders.swr
  duckdb orders.parquet --query "COPY (FROM 'orders.parquet') TO 'orders.csv'"
  sw-chunk orders.csv | sw-cut --no-header -c order_id,timestamp,price >ours
  sw-cut --no-header -c order_id,timestamp,price orders.swr |
    python3 -c 'import re, sys; sys.stdout.writelines(re.sub("(?<=,)([0-9]{16})[0-9]{3},", r"\g<1>000,", line) for line in sys.stdin)' |
    cmp - ours
}

# bats test_tags=check
@test "export: Arrow, every value of every kind of table, by a reader of our own" {
  for kind in $KINDS; do
    echo "$kind"
    for format in arrow arrows; do
      sw-cut -f "$format" <"$kind.swr" >read.arrow
      python3 "$BATS_TEST_DIRNAME/arrow_reader.py" read.arrow >read.ours
      same_rows read.ours
    done
  done
}

# bats test_tags=check, plain
@test "export: Arrow, every value of every kind of table, by apache-arrow" {
  need_peers
  for kind in $KINDS; do
    echo "$kind"
    for format in arrow arrows; do
      sw-cut -f "$format" <"$kind.swr" >read.arrow
      arrow read.arrow >read.js
      same_rows read.js
    done
  done
}

# bats test_tags=check, plain
@test "export: Arrow, the types apache-arrow sees" {
  need_peers
  sw-cut -o types.arrow one.swr
  sw-cut -o types.arrows one.swr
  same "$(arrow types.arrow --types)" "$(arrow types.arrows --types | sed 's/Dictionary<Int32, Utf8>/Utf8/')"
  same "$(arrow types.arrows --types)" 'i Int64
u Uint64
d Decimal[38e+4]
w Decimal[38e+18]
at Timestamp<NANOSECOND, UTC>
day Date32<DAY>
t Dictionary<Int32, Utf8>
s Dictionary<Int32, Utf8>'
}

@test "export: Arrow, marked as it begins and ends, and in messages of a multiple of eight bytes" {
  sw-cut -f arrows -o marks.arrow many.swr
  python3 - <<'PY'
data = open("marks.arrow", "rb").read()
assert data[:4] == b"\xff\xff\xff\xff"
assert int.from_bytes(data[4:8], "little") % 8 == 0
assert data[-8:] == b"\xff\xff\xff\xff\0\0\0\0"
assert len(data) % 8 == 0
PY
}

@test "export: the same rows give the same bytes, in whatever blocks and files they come" {
  sw-cut -f arrow -o whole.arrow many.swr
  sw-cut -f arrows -o whole.arrows many.swr
  for rows in 1000 7777 65536; do
    sw-chunk --block-rows "$rows" -t table.schema many.csv >blocks.swr
    sw-cut -f parquet blocks.swr | cmp - many.parquet
    sw-cut -f arrow blocks.swr | cmp - whole.arrow
    sw-cut -f arrows blocks.swr | cmp - whole.arrows
  done
  sw-chunk --block-rows 7 -t table.schema long.csv >blocks.swr
  sw-cut -f parquet blocks.swr | cmp - long.parquet
  { head -n 1 many.csv && sed -n '2,100001p' many.csv; } | sw-chunk -t table.schema >part.1
  { head -n 1 many.csv && sed -n '100002,$p' many.csv; } | sw-chunk -t table.schema >part.2
  [ "$(wc -l <many.csv)" -gt 100001 ]
  sw-cut -f parquet part.1 part.2 | cmp - many.parquet
}

@test "export: row groups end at fixed rows, and tell how they are sorted" {
  same "$(parquet_reader many.parquet --groups | cut -d ' ' -f 1 | tr '\n' ' ')" '131072 8928 '
  parquet_reader empty.parquet --groups >groups
  [ ! -s groups ]
  # columns 2 and 1; ascending, nulls first, then descending, nulls last
  sw-sort -k d,u:desc full.swr | sw-cut -f parquet >sorted.parquet
  same "$(parquet_reader sorted.parquet --groups | cut -d ' ' -f 10-)" '[{1: 2, 2: False, 3: True}, {1: 1, 2: True, 3: False}]'
}

@test "export: a column that is asked for, stored or derived" {
  sw-gen --rows 2000 --stdout orders >orders.csv
  sw-chunk orders.csv | sw-cut -f parquet -c hour,date,value,fill,order_id >derived.parquet
  parquet_reader derived.parquet | tr -d '"[] ' | cut -d , -f 1,4,5 >ours
  sw-chunk orders.csv | sw-cut --no-header -c hour,fill,order_id | cmp - ours
}

@test "export: what sw-agg gives as records keeps its values" {
  sw-gen --rows 2000 --stdout orders | sw-chunk | sw-agg -g date,security_code -f swr >groups.swr
  sw-cut -f parquet -o groups.parquet groups.swr
  parquet_reader groups.parquet | sed -e 's/null//g' | tr -d '"[] ' | cut -d , -f 2,3 >ours
  sw-cut --no-header -c security_code,events groups.swr | cmp - ours
}

# bats test_tags=check, plain
@test "export: what sw-agg gives as records keeps its types, as DuckDB sees them" {
  need_peers
  sw-gen --rows 2000 --stdout orders | sw-chunk | sw-agg -g date,security_code -f swr | sw-cut -f parquet -o groups.parquet
  duckdb groups.parquet --types >types
  grep -x 'date DATE' types
  grep -x 'events BIGINT' types
  grep -x 'quantity_mean DECIMAL(38,6)' types
}

@test "export: what does not fit is refused with its row" {
  printf 'table t\ncolumn p decimal\n' >t.schema
  printf 'p\n1\n10000000000000000000000000000000000.5\n' | sw-chunk -t t.schema >wide.swr
  for format in parquet arrow arrows; do
    expect_status 1 sw-cut -f "$format" -o never wide.swr
    same "$output" 'sw-cut: wide.swr: row 2: p: does not fit decimal(38, 4): 10000000000000000000000000000000000.5'
    [ ! -e never ]
  done
  { echo p,remark; printf '1,x\n%.0s' {1..20000}; printf '1,caf\351\n'; } | sw-chunk -t t.schema >latin.swr
  for format in parquet arrow arrows; do
    expect_status 1 sw-cut -f "$format" -o never latin.swr latin.swr
    [[ $output == "sw-cut: 2 inputs: row 20001: remark: not UTF-8: 'caf"* ]]
  done
  printf 'caf\351,p\n1,2\n' | sw-chunk -t t.schema >name.swr
  expect_status 1 sw-cut -f parquet -o never name.swr
  [[ $output == *'column 1: its name is not UTF-8'* ]]
}

# written ZONE: what full.csv has as Parquet with --decimals=double --time-as=local has to hold, from the canonical CSV by Python.
written() {
  sw-cut full.swr | python3 -c '
import csv, datetime, json, sys, zoneinfo
zone = zoneinfo.ZoneInfo(sys.argv[1])
epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
rows = csv.reader(sys.stdin)
next(rows)
for i, u, d, w, at, day, t, s in rows:
    instant = epoch + datetime.timedelta(seconds=int(at) // 10**9)
    local = int(at) + int(instant.astimezone(zone).utcoffset().total_seconds()) * 10**9
    days = (datetime.date.fromisoformat(day) - datetime.date(1970, 1, 1)).days
    print(json.dumps([i, u, str(float(d)), str(float(w)), str(local), str(days), t, s]))' "$1"
}

@test "export: decimals as doubles are the nearest ones, and times as local times those of the wall" {
  skip_without python3
  for zone in Australia/Sydney America/New_York +05:30; do
    sw-cut -f parquet --decimals double --time-as local --tz "$zone" -o written.parquet full.swr
    parquet_reader written.parquet --local >ours
    [[ $zone != +* ]] || zone=Asia/Kolkata
    written "$zone" | cmp - ours
  done
}

@test "export: decimals as texts are those of CSV, times as integers their nanoseconds; in Arrow as in Parquet" {
  for kind in full extremes nothing; do
    sw-cut -f parquet --decimals text --time-as integer -o written.parquet "$kind.swr"
    sw-cut -f arrow --decimals text --time-as integer -o written.arrow "$kind.swr"
    parquet_reader written.parquet >ours
    python3 "$BATS_TEST_DIRNAME/arrow_reader.py" written.arrow | cmp - ours
    sw-cut -c d,w,at "$kind.swr" | tail -n +2 >expected
    jq -r '[.[2], .[3], .[4]] | map(. // "") | join(",")' ours | cmp - expected
  done
  sw-cut -f parquet --time-numbers -o numbers.parquet full.swr
  sw-cut -f parquet --time-as integer -o integer.parquet full.swr
  cmp numbers.parquet integer.parquet
}

@test "export: doubles and local times in Arrow as in Parquet" {
  for format in arrow arrows; do
    sw-cut -f "$format" --decimals double --time-as local --tz Australia/Sydney -o written.arrow full.swr
    python3 "$BATS_TEST_DIRNAME/arrow_reader.py" written.arrow --local >ours
    written Australia/Sydney | cmp - ours
  done
}

@test "export: the order of rows is told as far as what is written is still in it" {
  sw-sort -k d,u full.swr >by-price.swr
  for as in exact double text; do
    sw-cut -f parquet --decimals "$as" -o sorted.parquet by-price.swr
    parquet_reader sorted.parquet --groups | cut -d ' ' -f 3- | head -n 1 >"order.$as"
  done
  cmp order.exact order.double
  grep -q '{1: 2,' order.exact
  same "$(sed 's/.*\] //' order.text)" None
}

@test "export: a local time that 64 bits do not hold is 1, with its row" {
  expect_status 1 sw-cut -f parquet --time-as local --tz +10:00 -o never.parquet extremes.swr
  [[ $output == *'row '*': at: local time beyond the years 1677 to 2262: 9223372036854775807'* ]]
  [ ! -e never.parquet ]
}

# bats test_tags=check, plain
@test "export: DuckDB keeps the nanoseconds of local times and of integers, and takes doubles and texts" {
  need_peers
  sw-cut -f parquet --decimals double --time-as local --tz +00:00 -o local.parquet full.swr
  same "$(duckdb local.parquet --types | sed -n '3p;5p')" "d DOUBLE
at TIMESTAMP_NS"
  sw-cut -f parquet --decimals text --time-as integer -o text.parquet full.swr
  same "$(duckdb text.parquet --types | sed -n '3p;5p')" "d VARCHAR
at BIGINT"
  duckdb local.parquet --query 'SELECT epoch_ns("at") FROM file' >ours
  sw-cut --no-header -c at full.swr | cmp - ours
}

@test "export: options that do not go together are 2" {
  expect_status 2 sw-cut -f parquet --decimals float one.swr
  expect_status 2 sw-cut -f parquet --time-as iso one.swr
  expect_status 2 sw-cut -f parquet --time-numbers --time-as utc one.swr
  expect_status 2 sw-cut -f csv --decimals text one.swr
  expect_status 2 sw-cut -f csv --time-as local one.swr
  expect_status 2 sw-cut -f parquet --no-header one.swr
  expect_status 2 sw-cut -f arrow --iso-time one.swr
  expect_status 2 sw-cut -f parquet --json-numbers one.swr
  expect_status 2 sw-cut -f arrow -z 3 one.swr
  expect_status 2 sw-cut -z 3 one.swr
  expect_status 2 sw-cut -f parquet -z 10 one.swr
  expect_status 2 sw-cut --time-numbers one.swr
  expect_status 2 sw-cut -f parquet -o one.parquet.gz one.swr
  expect_status 2 sw-cut -f parquett one.swr
  [[ $output == *"--format: not csv, tsv, jsonl, table, parquet, arrow or arrows: 'parquett'"* ]]
  expect_status 2 sw-cut -o other.swr one.swr
  [[ $output == *'records are what sw-filter writes'* ]]
}

@test "export: never to a terminal, never half a file" {
  skip_without script
  expect_status 2 script -qec "sw-cut -f parquet one.swr" /dev/null
  expect_status 2 script -qec "sw-cut -f arrow one.swr" /dev/null
  head -c 200000 many.swr >cut.swr
  for format in parquet arrow arrows; do
    expect_status 1 sw-cut -f "$format" -o half cut.swr
    [ ! -e half ]
    expect_status 3 sw-cut -f "$format" -o /dev/full many.swr
  done
  expect_status 2 sw-cut -f parquet -o one.swr one.swr
}

# bats test_tags=check
@test "export: memory does not grow with the rows, nor with long texts" {
  [[ $SW_BIN != *asan* ]] || skip 'under a sanitizer'
  for format in parquet arrow arrows; do
    python3 "$BATS_TEST_DIRNAME/peak.py" 64 sw-gen --size 100M --full --stdout orders '|' sw-chunk '|' sw-cut -f "$format"
    python3 "$BATS_TEST_DIRNAME/peak.py" 64 sw-cut -f "$format" long.swr
  done
}

# bats test_tags=check
@test "export: 4096 columns" {
  python3 - <<'PY'
with open("columns.schema", "w") as schema, open("columns.csv", "w") as table, open("columns.truth", "w") as truth:
    print("table t", *("column c%d int" % i for i in range(4096)), sep="\n", file=schema)
    print(*("c%d" % i for i in range(4096)), sep=",", file=table)
    for row in range(300):
        values = [row * row * i for i in range(4096)]
        print(*values, sep=",", file=table)
        print("[" + ", ".join('"%d"' % value for value in values) + "]", file=truth)
PY
  sw-chunk -t columns.schema columns.csv >columns.swr
  sw-cut -f parquet columns.swr >columns.parquet
  parquet_reader columns.parquet | cmp - columns.truth
}

# bats test_tags=check, plain
@test "export: tickers that look like truth values, numbers and dates stay text, byte for byte" {
  need_peers
  printf '%s\n' order_id,timestamp,symbol 1,1725494400000000000,T 2,1725494400000000000,INF 3,1725494400000000000,NA \
    4,1725494400000000000,037833100 5,1725494400000000000,12345E108 6,1725494400000000000,NAN >tickers.csv
  sw-chunk tickers.csv >tickers.swr
  sw-cut tickers.swr | cmp - tickers.csv
  sw-cut -f parquet -o tickers.parquet tickers.swr
  same "$(duckdb tickers.parquet --query 'SELECT symbol FROM file')" "$(tail -n +2 tickers.csv | cut -d, -f3)"
}
