// SPDX-License-Identifier: ISC
// node export_duckdb.mjs FILE.parquet: each row as DuckDB reads it, as tests/parquet_reader.py prints rows. DuckDB keeps microseconds of a
// time in UTC; they are printed as nanoseconds. --types: a column's name and type a line.
// node export_duckdb.mjs FILE.parquet --query SQL: what a query over the table `file` gives.
import { createRequire } from "node:module";
const require = createRequire(process.env.SW_NODE_MODULES + "/");
const { DuckDBInstance } = require("@duckdb/node-api");

const [file, mode, sql] = process.argv.slice(2);
const database = await DuckDBInstance.create(":memory:");
const connection = await database.connect();
await connection.run(`CREATE VIEW file AS SELECT * FROM read_parquet('${file.replaceAll("'", "''")}')`);

const digits = (value) =>
  value === null ? null
  : typeof value === "object" && "micros" in value ? String(value.micros * 1000n)
  : typeof value === "object" && "days" in value ? String(value.days)
  : typeof value === "object" ? String(value.value)
  : String(value);
// Python's json: a space behind commas, ASCII only.
const json = (row) =>
  "[" + row.map((value) => JSON.stringify(value).replace(/[\u007f-\uffff]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"))).join(", ") + "]";

const queries = { "--types": "SELECT column_name, column_type FROM (DESCRIBE file)", "--query": sql };
const result = await connection.stream(queries[mode] ?? "SELECT * FROM file");
let lines = [];
for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount; chunk = await result.fetchChunk()) {
  for (const row of chunk.getRows()) lines.push(mode ? row.map(digits).join(" ") : json(row.map(digits)));
}
process.stdout.write(lines.map((line) => line + "\n").join(""));
