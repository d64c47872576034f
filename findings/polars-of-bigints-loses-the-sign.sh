#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A DataFrame of nodejs-polars made of JavaScript's BigInts, which ids of 19 digits have to be, loses the sign of every number
# below zero, and says nothing: a position of -300 becomes 300. Asked for Int64 it makes nulls of all of them, positive ones too.
#
#   nodejs-polars 0.26.1, on node's BigInt:
#     DataFrame({position: [-300n, 100n]}), the sum        400, of type UInt64      (it is -200)
#     Series("id", [7904794000132347948n, 5n], Int64)      null, null
#     Series("id", [7904794000132347948n, 5n], UInt64)     7904794000132347948, 5
#     Series("position", BigInt64Array.from([-300n, 100n]))  -300, 100
#
# So rows that come as objects with BigInts (as sw-cut's JSON, with a reviver, or hyparquet's) are put into a BigInt64Array for
# what has a sign, and into UInt64 for ids; or the frame is read from the Parquet file itself, which keeps both.
#
# Installs the package from npm into a folder of its own; fails where what is seen is no longer this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund nodejs-polars@0.26.1 nodejs-polars-linux-x64-gnu@0.26.1 >install.log 2>&1 || { cat install.log >&2; exit 1; }

cat >polars.cjs <<'JS'
const polars = require("nodejs-polars");
const summed = polars.DataFrame({ position: [-300n, 100n] }).select(polars.col("position").sum());
console.log("sum", String(summed.getColumn("position").get(0)), String(summed.getColumn("position").dtype));
const ids = [7904794000132347948n, 5n];
console.log("Int64", polars.Series("id", ids, polars.Int64).toArray().map(String).join(" "));
console.log("UInt64", polars.Series("id", ids, polars.UInt64).toArray().map(String).join(" "));
console.log("BigInt64Array", polars.Series("position", BigInt64Array.from([-300n, 100n])).toArray().map(String).join(" "));
JS
seen=$(node polars.cjs)
expected='sum 400 DataType(UInt64)
Int64 null null
UInt64 7904794000132347948 5
BigInt64Array -300 100'
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { echo 'this is no longer what was found' >&2; exit 1; }
