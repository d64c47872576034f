#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# ClickHouse reads an integer of a CSV file into a column too narrow for it by leaving out the high bits, and an empty field into a
# plain column as 0, both without a word: an order type of 4098 (short sale by block) in a UInt8 is 2 (short sale), an id from 2^63 on in an
# Int64 is negative, 2^32 in a UInt32 is 0; and a quote without a bid has the bid 0, which pulls the mean down.
#
#   chdb 3.4.0   2048 64 256 4098 as UInt8 -> 0 64 0 2      4294967297 as UInt32 -> 1      9784104765547851006 as Int64 -> -8662639308161700610
#                bids 100 (none) 200 as Float64 -> mean 100, as Nullable(Float64) -> mean 150
#
# Say UInt64, Int128 or wider for whatever the file may hold, and Nullable for whatever may be absent. In sw a number that does not
# fit is a bad row with its place, and an empty field is null.
#
# Installs the package from npm into a folder of its own; fails where what is seen is no longer this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund chdb@3.4.0 >install.log 2>&1 || { cat install.log >&2; exit 1; }

printf '%s\n' type 2048 64 256 4098 >types.csv
printf '%s\n' volume 4294967297 >volumes.csv
printf '%s\n' id 9784104765547851006 >ids.csv
printf '%s\n' sequence,bid 1,100 2, 3,200 >quotes.csv
cat >ask.cjs <<'JS'
const { query } = require("chdb");
const ask = (sql) => console.log(query(sql, "CSV").trim().split("\n").join(" "));
ask("SELECT type FROM file('types.csv', CSVWithNames, 'type UInt8')");
ask("SELECT volume FROM file('volumes.csv', CSVWithNames, 'volume UInt32')");
ask("SELECT id FROM file('ids.csv', CSVWithNames, 'id Int64')");
ask("SELECT avg(bid), min(bid) FROM file('quotes.csv', CSVWithNames, 'sequence Int64, bid Float64')");
ask("SELECT avg(bid), min(bid) FROM file('quotes.csv', CSVWithNames, 'sequence Int64, bid Nullable(Float64)')");
JS
seen=$(node ask.cjs)
expected='0 64 0 2
1
-8662639308161700610
100,0
150,100'
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { echo 'this is no longer what was found' >&2; exit 1; }
