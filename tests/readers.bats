#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What sw-readers(7) says of readers that are at hand, run again.
# bats file_tags=plain

load helper
load peers

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  printf '%s\n' 'table t' 'time at' 'column id uint' 'column big uint' 'column at time' 'column price decimal:6' 'column n int' \
    'zone Australia/Sydney' >t.schema
  # the two rows of the page
  sed -n '/^id  *big/,/^\.Ed/p' "$TREE/man/sw-readers.7" | sed '$d' | sed 's/  */,/g; $s/$/,/' >page.csv
  sw-chunk -t t.schema page.csv >t.swr
  sw-cut -o t.csv t.swr
  cmp t.csv page.csv
}

@test "readers: sqlite3, Miller, gnuplot, jq, mawk and Python do as the page says" {
  skip_without sqlite3
  same "$(sqlite3 :memory: 'create table t(id integer, big integer, at integer, price numeric, n integer)' '.import --csv --skip 1 t.csv t' \
    'select id, big, at, quote(n) from t')" "7904794000132347948|9.22337203685478e+18|1725404399999999899|1
7904794000132347949|9.22337203685478e+18|1725404400000000001|''"
  same "$(python3 -c 'import csv; print(*[row["id"] for row in csv.DictReader(open("t.csv"))])')" '7904794000132347948 7904794000132347949'
  skip_without jq
  same "$(sw-cut -f jsonl t.swr | jq -r .id | head -n 1)" 7904794000132347948
  skip_without gnuplot
  sw-cut -c nanos t.swr >nanos.csv
  same "$(gnuplot -e "set datafile separator ','; stats 'nanos.csv' skip 1 using 1 nooutput; print sprintf('%.0f %.0f', STATS_min, STATS_max)" 2>&1)" \
    '32399999999899 32400000000001'
  skip_without mlr
  same "$(mlr --icsv --ojson stats1 -a sum -f big t.csv | tr -d ' \n')" '[{"big_sum":0}]'
  # shellcheck disable=SC2016 # of Miller
  same "$(mlr --icsv --onidx put -q 'emit1 {"a": $at + 1}' t.csv | head -n 1)" 1725404399999999900
}

# bats test_tags=check, plain
@test "readers: DuckDB and apache-arrow do as the page says" {
  need_peers
  duckdb() { node "$TREE/tests/export_duckdb.mjs" "$@"; }
  sw-cut -o t.parquet t.swr
  sw-cut --time-as local -o local.parquet t.swr
  same "$(duckdb t.parquet --query "SELECT typeof(big) FROM read_csv('t.csv') LIMIT 1")" DOUBLE
  same "$(duckdb t.parquet --query "SELECT count(DISTINCT big) FROM read_csv('t.csv')")" 1
  same "$(duckdb t.parquet --query "SELECT big, price FROM read_csv('t.csv', types={'big':'UBIGINT','price':'DECIMAL(38,6)'}) LIMIT 1")" '9223372036854775809 302191'
  same "$(duckdb t.parquet --query 'SELECT epoch_ns("at") FROM file LIMIT 1')" 1725404399999999000
  same "$(duckdb local.parquet --query 'SELECT epoch_ns("at") FROM file LIMIT 1')" 1725440399999999899
  sw-cut -o t.arrow t.swr
  same "$(node -e 'const {tableFromIPC} = require(process.env.SW_NODE_MODULES + "/apache-arrow");
const t = tableFromIPC(require("fs").readFileSync("t.arrow"));
console.log(String(t.getChild("id").get(0)), String(t.getChild("price").get(0)), t.getChild("at").get(0), String(t.getChild("at").toArray()[0]))')" \
    '7904794000132347948 302191 1725404400000 1725404399999999899'
}
