// SPDX-License-Identifier: ISC
// node sql_duckdb.mjs SQL: runs it; its rows on standard output, as JSON. What DuckDB says of an error goes to standard error, on one
// line, and the status is 1.
import { createRequire } from "node:module";
const require = createRequire(process.env.PEER_DIRECTORY + "/node_modules/");
const { DuckDBInstance } = require("@duckdb/node-api");

try {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const rows = (await connection.runAndReadAll(process.argv[2])).getRowsJson();
  for (const row of rows) console.log(JSON.stringify(row));
} catch (error) {
  console.error(String(error.message ?? error).replace(/\s*\n\s*/g, " "));
  process.exitCode = 1;
}
