#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# DuckDB's read_csv takes ISO times with nine decimals, as Databento and Tick History write them, for TIMESTAMP WITH TIME ZONE, which
# counts microseconds: the last three digits are cut, not rounded, with no warning. Events of one microsecond become one time, in
# which they have no order, and the file written again is another.
#
#   @duckdb/node-api 1.5.6-r.1   13:30:00.000000001Z and 13:30:00.000000999Z: one time of two, both .000000
#
# What keeps them: types={'ts_event': 'TIMESTAMP_NS'}, for every such column, by hand. sw reads such times whole, or refuses them.
#
# Installs the package from npm into a folder of its own; fails where what is seen is no longer this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1 >install.log 2>&1 || { cat install.log >&2; exit 1; }
printf '%s\n' ts_event,sequence 2024-09-05T13:30:00.000000999Z,1 2024-09-05T13:30:00.000000001Z,2 >events.csv

cat >times.mjs <<'JS'
import { DuckDBInstance } from "@duckdb/node-api";
const connection = await (await DuckDBInstance.create(":memory:")).connect();
const ask = async (sql) => (await connection.runAndReadAll(sql)).getRows().flat().join(" ");
await ask("SET TimeZone = 'UTC'");
for (const options of ["", ", types = {'ts_event': 'TIMESTAMP_NS'}"])
  console.log(await ask(`SELECT any_value(typeof(ts_event)), count(*), count(DISTINCT ts_event), max(ts_event)::VARCHAR FROM read_csv('events.csv'${options})`));
JS
seen=$(node times.mjs)
expected="TIMESTAMP WITH TIME ZONE 2 1 2024-09-05 13:30:00+00
TIMESTAMP_NS 2 2 2024-09-05 13:30:00.000000999"
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { echo 'this is no longer what was found' >&2; exit 1; }
