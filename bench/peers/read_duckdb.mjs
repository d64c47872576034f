// SPDX-License-Identifier: ISC
// node read_duckdb.mjs FILE…: for each file a line, the status (0 or 1) of reading it whole, all columns, and a digest of the rows.
import { createRequire } from "node:module";
const require = createRequire(process.env.PEER_DIRECTORY + "/node_modules/");
const { DuckDBInstance } = require("@duckdb/node-api");

const columns = `{'order_id': 'UBIGINT', 'timestamp': 'BIGINT', 'security_code': 'UBIGINT', 'price': 'DECIMAL(18,4)', 'side': 'BIGINT', 'quantity': 'BIGINT',
  'leavesquantity': 'BIGINT', 'exchangeordertype': 'BIGINT', 'participantid': 'BIGINT', 'orderstatus': 'BIGINT', 'totalmatchedquantity': 'BIGINT', 'sequence': 'UBIGINT'}`;
const source = (file) =>
  file.endsWith(".parquet") ? `read_parquet('${file}')` : `read_csv('${file}', header = true, auto_detect = false, delim = ',', columns = ${columns})`;
for (const file of process.argv.slice(2)) {
  let line = "1 -";
  try {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const result = await connection.runAndReadAll(
      `SELECT count(*) || ' ' || coalesce(sum(hash(COLUMNS(*)::VARCHAR)::HUGEINT), 0) FROM (SELECT row(rows)::VARCHAR AS text FROM ${source(file)} AS rows)`);
    line = `0 ${result.getRows()[0][0]}`;
  } catch {
    // refused: line says so
  }
  process.stdout.write(line + "\n");
}
