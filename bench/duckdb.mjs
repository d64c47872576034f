// SPDX-License-Identifier: ISC
// The peer: DuckDB doing the report's group-bys over one CSV, all cores.
// node bench/duckdb.mjs ORDERS.csv OUT.csv   (npm install @duckdb/node-api; NODE_PATH or a node_modules beside)
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
const require = createRequire(process.env.PEER_DIRECTORY ? process.env.PEER_DIRECTORY + "/" : import.meta.url);
const { DuckDBInstance } = require("@duckdb/node-api");

const [orders, out] = process.argv.slice(2);
const quoted = (text) => "'" + text.replaceAll("'", "''") + "'";
const columns = `{order_id: 'UBIGINT', timestamp: 'BIGINT', security_code: 'INTEGER', price: 'DECIMAL(18,4)', side: 'TINYINT',
  quantity: 'BIGINT', leavesquantity: 'BIGINT', exchangeordertype: 'INTEGER', participantid: 'INTEGER', orderstatus: 'INTEGER',
  totalmatchedquantity: 'BIGINT', sequence: 'BIGINT'}`;

const database = await DuckDBInstance.create(":memory:", { threads: String(availableParallelism()) });
const connection = await database.connect();
await connection.run(`
  COPY (
    WITH rows AS (
      SELECT security_code, participantid,
        ((timestamp + 36000000000000) // 86400000000000) AS day,
        ((timestamp + 36000000000000) // 3600000000000) % 24 AS hour,
        CASE WHEN quantity <= 1000 THEN 0 WHEN quantity <= 5000 THEN 1 WHEN quantity <= 10000 THEN 2
          WHEN quantity <= 50000 THEN 3 ELSE 4 END AS size,
        quantity, leavesquantity, totalmatchedquantity, price
      FROM read_csv(${quoted(orders)}, header = true, delim = ',', quote = '', escape = '', columns = ${columns}))
    SELECT security_code, day, participantid, hour, size, count(*) AS rows,
      count(*) FILTER (leavesquantity = 0) AS filled, avg(totalmatchedquantity / quantity) AS fill_ratio_mean,
      sum(quantity) AS quantity_sum, sum(price * quantity) AS value_sum
    FROM rows
    GROUP BY GROUPING SETS ((security_code), (day), (participantid), (hour), (size), (security_code, day))
    ORDER BY ALL
  ) TO ${quoted(out)} (HEADER)`);
