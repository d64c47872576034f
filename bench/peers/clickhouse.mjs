// SPDX-License-Identifier: ISC
// ClickHouse, as the library chdb. Formats: csv, parquet, mergetree (a folder, sorted by the key of T6).
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { cores, day, format, hour, input, keyColumns, output, participant, quoted, require, security, task, wantedGroupings, zone } from "./task.mjs";
const { query, Session } = require("chdb");

const columns = `order_id UInt64, timestamp Int64, security_code UInt32, price Float64, side UInt8, quantity Int64, leavesquantity Int64,
  exchangeordertype UInt32, participantid UInt32, orderstatus UInt32, totalmatchedquantity Int64, sequence Int64`;
const csv = `file(${quoted(input)}, CSVWithNames, ${quoted(columns)})`;
const sources = { csv, parquet: `file(${quoted(input)}, Parquet)`, mergetree: "stored.orders" };
const source = task === "T4" ? csv : sources[format];
const hourOfDay = `intDiv(timestamp + ${zone}, ${hour}) % 24`;
const settings = `SETTINGS max_threads = ${cores}, max_insert_threads = ${cores}, input_format_csv_detect_header = 0`;

const extract = `SELECT * FROM ${source} WHERE security_code = ${security} AND participantid = ${participant} AND ${hourOfDay} BETWEEN 10 AND 15`;
const keys = {
  security_code: "security_code",
  day: `intDiv(timestamp + ${zone}, ${day})`,
  participantid: "participantid",
  hour: hourOfDay,
  size: "(asked > 1000) + (asked > 5000) + (asked > 10000) + (asked > 50000)",
};
const used = keyColumns.filter((key) => wantedGroupings.flat().includes(key));
// (timestamp, sequence) as one number, which is quicker than a tuple: sequences have fewer than 40 bits.
const rank = "toInt128(timestamp) * 1099511627776 + sequence";
const lastRows = `(SELECT security_code, any(participantid) AS participantid, max(at) AS timestamp,
    ${["quantity", "leavesquantity", "totalmatchedquantity", "price"].map((name) => `argMax(${name}_, rank) AS ${name}`)}
  FROM (SELECT security_code, order_id, participantid, timestamp AS at, ${rank} AS rank,
    ${["quantity", "leavesquantity", "totalmatchedquantity", "price"].map((name) => `${name} AS ${name}_`)} FROM ${source})
  GROUP BY security_code, order_id)`;
const asked = "greatest(quantity, totalmatchedquantity + leavesquantity)"; // an update may set the quantity to what is open
const reportOf = (source) => `
  SELECT ${keyColumns.map((key) => (used.includes(key) ? key : `NULL AS ${key}`))},
    count() AS rows, countIf(totalmatchedquantity = asked AND totalmatchedquantity != 0) AS full_fills,
    avg(totalmatchedquantity / asked) AS fill_ratio_mean, sum(asked) AS quantity_sum, sum(price * asked) AS value_sum
  FROM (SELECT ${used.map((key) => `${keys[key]} AS ${key}`)}, price, ${asked} AS asked, leavesquantity, totalmatchedquantity FROM ${source})
  GROUP BY GROUPING SETS (${wantedGroupings.map((set) => `(${set})`)})`;
const report = reportOf(source);
const lastStates = `
  SELECT count() AS orders, sum(leaves) AS leaves
  FROM (SELECT argMax(leavesquantity, ${rank}) AS leaves FROM ${source} GROUP BY order_id)`;
const answers = { T1: extract, T2: report, T3: report, T5: report, T6: extract, T8: lastStates, T9: reportOf(lastRows) };

function convertToMergeTree() {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output);
  const session = new Session(output);
  session.query("CREATE DATABASE stored");
  session.query(`CREATE TABLE stored.orders (${columns}) ENGINE = MergeTree ORDER BY (security_code, participantid, timestamp)`);
  session.query(`INSERT INTO stored.orders SELECT * FROM ${csv} ${settings}`);
}

function answer(run) {
  writeFileSync(output, run(`${answers[task]} ${settings}, group_by_use_nulls = 1, format_csv_null_representation = ''`, "CSVWithNames"));
}

if (task === "T4" && format === "mergetree") convertToMergeTree();
else if (task === "T4") query(`INSERT INTO FUNCTION file(${quoted(output)}, Parquet) SELECT * FROM ${csv} ${settings}, engine_file_truncate_on_insert = 1`);
else if (format === "mergetree") answer((sql, as) => new Session(input).query(sql, as));
else answer(query);
process.exit(0);
