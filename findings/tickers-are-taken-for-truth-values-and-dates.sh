#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A file of one security has one ticker in every row, and readers that tell a column's type from its values take some tickers
# for something else: T and F (AT&T and Ford) become true and false, INF becomes the date "infinity", NAN a number that is none, a CUSIP
# with an E in it a power of ten, NA nothing at all. The names are gone, and a join with anything else finds no partner.
#
#   DuckDB  @duckdb/node-api 1.5.6-r.1   T, F -> BOOLEAN true, false   INF -> DATE infinity   NAN -> DOUBLE nan
#   Polars  nodejs-polars 0.26.1         CUSIP-shaped 12345E108, 00123E106 -> Float64 1.2345e112, 1.23e108   037833100 -> Int64 37833100
#   csvkit  1.0.7-1 (csvsort)            T -> True   NA -> (empty)   037833100 -> 37833100   0 and 1, as in passiveaggressive -> False and True
#
# In sw a column has the type that a schema says, and what no schema knows is text, byte for byte; who reads its CSV with one of
# these says the types there, too (DuckDB: types={'security_code':'VARCHAR'}; Polars: dtypes; csvkit: --no-inference).
#
# Installs these packages, from npm and as Debian's, into a folder of its own; fails where what is seen is no longer this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1 nodejs-polars@0.26.1 \
  nodejs-polars-linux-x64-gnu@0.26.1 >install.log 2>&1 || { cat install.log >&2; exit 1; }
apt-get download csvkit=1.0.7-1 python3-csvkit=1.0.7-1 python3-agate=1.6.3-2 python3-agatedbf python3-agateexcel \
  python3-agatesql python3-babel python-babel-localedata python3-dbfread python3-et-xmlfile python3-greenlet python3-isodate \
  python3-leather python3-olefile python3-openpyxl python3-parsedatetime python3-pytimeparse python3-six python3-slugify \
  python3-sqlalchemy python3-text-unidecode python3-tz python3-xlrd >install.log 2>&1 || { cat install.log >&2; exit 1; }
for package in *.deb; do dpkg -x "$package" .; done

column() { printf '%s\n' symbol,quantity "$@" >symbols.csv; }
cat >duckdb.mjs <<'JS'
import { DuckDBInstance } from "@duckdb/node-api";
const connection = await (await DuckDBInstance.create(":memory:")).connect();
const rows = await connection.runAndReadAll("SELECT typeof(symbol), symbol::VARCHAR FROM 'symbols.csv'");
console.log("DuckDB", rows.getRows().flat().join(" "));
JS
cat >polars.cjs <<'JS'
const symbols = require("nodejs-polars").readCSV("symbols.csv").getColumn("symbol");
console.log("Polars", symbols.toArray().map((value) => `${typeof value} ${value}`).join(" "));
JS
csvsort() { PYTHONPATH=$folder/usr/lib/python3/dist-packages /usr/bin/python3 usr/bin/csvsort -c quantity symbols.csv 2>csvsort.log | tail -n +2; }

seen=$(
  column T,100 F,200 && node duckdb.mjs
  column INF,100 && node duckdb.mjs
  column NAN,100 && node duckdb.mjs
  column 12345E108,100 00123E106,200 && node polars.cjs
  column 037833100,100 && node polars.cjs
  column T,100 && echo "csvkit $(csvsort)"
  column NA,100 && echo "csvkit $(csvsort)"
  column 037833100,100 && echo "csvkit $(csvsort)"
  column 0,100 1,100 && echo "csvkit $(csvsort | paste -sd ' ')"
)
expected='DuckDB BOOLEAN true BOOLEAN false
DuckDB DATE infinity
DuckDB DOUBLE nan
Polars number 1.2345e+112 number 1.23e+108
Polars number 37833100
csvkit True,100
csvkit ,100
csvkit 37833100,100
csvkit False,100 True,100'
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { echo 'this is no longer what was found' >&2; exit 1; }
