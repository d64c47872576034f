#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A column of decimals in an Arrow file, written by Polars, read by the Arrow project's own library for JavaScript: the type still
# knows its scale, but every value, as text and as a number, is the unscaled integer. A fill ratio of 0.302191 becomes 302191,
# and 12.5 becomes 12500000: columns of other scales are wrong by other powers of ten, and nothing is said.
#
#   nodejs-polars 0.26.1     writes decimal[38,6]: 0.302191, 12.500000
#   apache-arrow 21.2.0      String(value) and Number(value): 302191, 12500000; type.scale: 6
#
# So what plots or lists such a column has to divide by 10 ** type.scale itself. For readers of this kind sw writes
# decimals as doubles or as texts: sw-cut --decimals double, --decimals text.
#
# Installs these packages from npm into a folder of its own; fails where what is seen is no longer this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund apache-arrow@21.2.0 nodejs-polars@0.26.1 nodejs-polars-linux-x64-gnu@0.26.1 \
  >install.log 2>&1 || { cat install.log >&2; exit 1; }

printf '%s\n' order_id,fill_ratio 1,0.302191 2,12.5 >ratios.csv

cat >write.cjs <<'JS'
const polars = require("nodejs-polars");
const types = { order_id: polars.Int64, fill_ratio: polars.Decimal(38, 6) };
const frame = polars.readCSV("ratios.csv", { dtypes: types });
frame.writeIPC("ratios.arrow");
console.log("Polars", String(frame).match(/\d+\.\d{6}/g).join(" "));
JS
cat >read.mjs <<'JS'
import { readFileSync } from "node:fs";
import { tableFromIPC } from "apache-arrow";
const table = tableFromIPC(readFileSync("ratios.arrow"));
const values = [...table].map((row) => row.fill_ratio);
console.log("scale", table.schema.fields[1].type.scale);
console.log("texts", values.map(String).join(" "));
console.log("numbers", values.map(Number).join(" "));
JS
seen=$(node write.cjs && node read.mjs)
expected='Polars 0.302191 12.500000
scale 6
texts 302191 12500000
numbers 302191 12500000'
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { echo 'this is no longer what was found' >&2; exit 1; }
