#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# DuckDB's sum of a BIGINT column is a HUGEINT, exact in memory, in its own tables and in CSV. Written to Parquet the same column is
# a DOUBLE: a sum of quantities, values or ids from 2^53 on comes back as another number, with no warning at writing or reading.
#
#   @duckdb/node-api 1.5.6-r.1   sum 9007199254740993: HUGEINT in a table, 9007199254740993 in CSV, DOUBLE 9007199254740992 in Parquet
#
# What keeps it: sum(x)::DECIMAL(38,0). sw writes 128-bit sums to Parquet as decimals, and refuses what does not fit.
#
# Installs the package from npm into a folder of its own; fails where what is seen is no longer this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1 >install.log 2>&1 || { cat install.log >&2; exit 1; }

cat >sums.mjs <<'JS'
import { DuckDBInstance } from "@duckdb/node-api";
const connection = await (await DuckDBInstance.create(":memory:")).connect();
const ask = async (sql) => (await connection.runAndReadAll(sql)).getRows().flat().join(" ");
await ask("CREATE TABLE fills AS SELECT 9007199254740992 AS quantity UNION ALL SELECT 1");
await ask("CREATE TABLE sums AS SELECT sum(quantity) AS total FROM fills");
await ask("COPY sums TO 'sums.csv'");
await ask("COPY sums TO 'sums.parquet'");
await ask("COPY (SELECT total::DECIMAL(38,0) AS total FROM sums) TO 'cast.parquet'");
for (const source of ["sums", "'sums.csv'", "'sums.parquet'", "'cast.parquet'"])
  console.log(source, await ask(`SELECT typeof(total), total::DECIMAL(38,0)::VARCHAR FROM ${source}`));
JS
seen=$(node sums.mjs)
expected="sums HUGEINT 9007199254740993
'sums.csv' BIGINT 9007199254740993
'sums.parquet' DOUBLE 9007199254740992
'cast.parquet' DECIMAL(38,0) 9007199254740993"
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { echo 'this is no longer what was found' >&2; exit 1; }
