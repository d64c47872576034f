#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A price with one digit more than the column's scale, read from CSV as DECIMAL(18,4), becomes three different prices: DuckDB
# rounds halves away from zero, Polars rounds halves to even, ClickHouse cuts. None of them says a word.
#
#   DuckDB      @duckdb/node-api 1.5.6-r.1    3390.12345 -> 3390.1235   3390.12349 -> 3390.1235   0.00005 -> 0.0001
#   Polars      nodejs-polars 0.26.1          3390.12345 -> 3390.1234   3390.12349 -> 3390.1235   0.00005 -> 0
#   ClickHouse  chdb 3.4.0                    3390.12345 -> 3390.1234   3390.12349 -> 3390.1234   0.00005 -> 0
#
# So the same file, summed at the same scale, has three sums. sw refuses such a row with its place, and a schema gives the
# column the scale that the file needs.
#
# Installs these packages from npm into a folder of its own; fails where what is seen is no longer this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1 nodejs-polars@0.26.1 \
  nodejs-polars-linux-x64-gnu@0.26.1 chdb@3.4.0 >install.log 2>&1 || { cat install.log >&2; exit 1; }

printf '%s\n' price 3390.12345 3390.12349 -3390.12345 0.00005 >prices.csv

cat >duckdb.mjs <<'JS'
import { DuckDBInstance } from "@duckdb/node-api";
const connection = await (await DuckDBInstance.create(":memory:")).connect();
const rows = await connection.runAndReadAll(
  "SELECT price::VARCHAR FROM read_csv('prices.csv', header = true, columns = {'price': 'DECIMAL(18,4)'})");
console.log("DuckDB", rows.getRows().flat().join(" "));
JS
cat >polars.cjs <<'JS'
const polars = require("nodejs-polars");
const frame = polars.readCSV("prices.csv", { dtypes: { price: polars.Decimal(18, 4) } });
console.log("Polars", String(frame).match(/-?\d+\.\d{4}/g).join(" "));
JS
cat >clickhouse.cjs <<'JS'
const { query } = require("chdb");
const text = query("SELECT price FROM file('prices.csv', CSVWithNames, 'price Decimal(18,4)')", "CSV");
console.log("ClickHouse", text.trim().split("\n").join(" "));
JS
seen=$(node duckdb.mjs && node polars.cjs && node clickhouse.cjs)
expected='DuckDB 3390.1235 3390.1235 -3390.1235 0.0001
Polars 3390.1234 3390.1235 -3390.1234 0.0000
ClickHouse 3390.1234 3390.1234 -3390.1234 0'
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { echo 'this is no longer what was found' >&2; exit 1; }
