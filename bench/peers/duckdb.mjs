// SPDX-License-Identifier: ISC
// DuckDB. Formats: csv (explicit types, quotes off: its quickest way), native, parquet (zstd).
import { cores, day, format, groupings, hour, input, output, participant, quoted, require, security, task, wantedGroupings, zone } from "./task.mjs";
const { DuckDBInstance } = require("@duckdb/node-api");

const columns = `{order_id: 'BIGINT', timestamp: 'BIGINT', security_code: 'INTEGER', price: 'DECIMAL(18,4)', side: 'TINYINT',
  quantity: 'BIGINT', leavesquantity: 'BIGINT', exchangeordertype: 'INTEGER', participantid: 'INTEGER', orderstatus: 'INTEGER',
  totalmatchedquantity: 'BIGINT', sequence: 'BIGINT'}`;
const csv = `read_csv(${quoted(input)}, header = true, delim = ',', quote = '', escape = '', auto_detect = false, columns = ${columns})`;
const sources = { csv, parquet: `read_parquet(${quoted(input)})`, native: "stored.orders" };
const source = task === "T4" ? csv : sources[format];
const hourOfDay = `((timestamp + ${zone}) // ${hour}) % 24`;

const extract = `SELECT * FROM ${source} WHERE security_code = ${security} AND participantid = ${participant} AND ${hourOfDay} BETWEEN 10 AND 15`;
// (timestamp, sequence) as one number: sequences have fewer than 40 bits. A column apart is quicker than all of them in a struct.
const rank = "timestamp::HUGEINT * 1099511627776 + sequence";
const lastRows = `(SELECT security_code, any_value(participantid) AS participantid, max(timestamp) AS timestamp,
    ${["quantity", "leavesquantity", "totalmatchedquantity", "price"].map((name) => `arg_max(${name}, rank) AS ${name}`)}
  FROM (SELECT *, ${rank} AS rank FROM ${source}) GROUP BY security_code, order_id)`;
const asked = "greatest(quantity, totalmatchedquantity + leavesquantity)"; // an update may set the quantity to what is open
const reportOf = (source) => `
  WITH rows AS (
    SELECT security_code, participantid, (timestamp + ${zone}) // ${day} AS day, ${hourOfDay} AS hour,
      ${asked} AS asked, leavesquantity, totalmatchedquantity, price,
      CASE WHEN asked <= 1000 THEN 0 WHEN asked <= 5000 THEN 1 WHEN asked <= 10000 THEN 2 WHEN asked <= 50000 THEN 3 ELSE 4 END AS size
    FROM ${source})
  SELECT ${groupings.flat().filter((key, i, all) => all.indexOf(key) === i).map((key) => (task === "T2" && key !== "security_code" ? `NULL AS ${key}` : key))},
    count(*) AS rows, count(*) FILTER (totalmatchedquantity = asked AND totalmatchedquantity <> 0) AS full_fills,
    avg(totalmatchedquantity / asked) AS fill_ratio_mean, sum(asked) AS quantity_sum, sum(price * asked) AS value_sum
  FROM rows GROUP BY GROUPING SETS (${wantedGroupings.map((keys) => `(${keys})`)})`;
const report = reportOf(source);
const lastStates = `
  SELECT count(*) AS orders, sum(leaves) AS leaves
  FROM (SELECT arg_max(leavesquantity, ${rank}) AS leaves FROM ${source} GROUP BY order_id)`;
const answers = { T1: extract, T2: report, T3: report, T5: report, T6: extract, T8: lastStates, T9: reportOf(lastRows) };

const instance = await DuckDBInstance.create(":memory:", { threads: String(cores), preserve_insertion_order: "false" });
const connection = await instance.connect();
if (format === "native") {
  await connection.run(`ATTACH ${quoted(task === "T4" ? output : input)} AS stored ${task === "T4" ? "" : "(READ_ONLY)"}`);
}
if (task === "T4" && format === "native") {
  await connection.run(`CREATE TABLE stored.orders AS SELECT * FROM ${csv}`);
  await connection.run("CHECKPOINT stored");
} else if (task === "T4") {
  await connection.run(`COPY (SELECT * FROM ${csv}) TO ${quoted(output)} (FORMAT parquet, COMPRESSION zstd)`);
} else {
  await connection.run(`COPY (${answers[task]}) TO ${quoted(output)} (HEADER)`);
}
