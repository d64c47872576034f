// SPDX-License-Identifier: ISC
// The study in DuckDB, as its user would write it: a statement a stage, and two ASOF joins over running sums for the midprices.
//   node study_duckdb.mjs TASK FORMAT MARKET OUTPUT
// MARKET is a folder with orders.csv, trades.csv and nbbo.csv. What is written is the task's: T10 .csv.gz and T11 .parquet, a file of
// classified orders, simulated ones and events for each security and date, T12 none of them; and always OUTPUT/aggregated/{simulation_summary,
// metrics}.csv with the columns that are compared. Numbers behind a division are binary floating point, as DuckDB's own are.
import { mkdirSync } from "node:fs";
import { cores, input, output, quoted, require, task, zone } from "./task.mjs";
import { booked, market, sqlList, stateColumns } from "./study.mjs";
const { DuckDBInstance } = require("@duckdb/node-api");

const csv = (name, columns) =>
  `read_csv(${quoted(`${input}/${name}.csv`)}, header = true, delim = ',', quote = '', escape = '', auto_detect = false,
    nullstr = ['', '-9223372036854775808'], columns = {${columns}})`; // the number is the exchange's for what is not there
const price = "'DECIMAL(18,4)'";
const orders = csv("orders", `order_id: 'BIGINT', timestamp: 'BIGINT', security_code: 'INTEGER', price: ${price}, side: 'TINYINT',
  quantity: 'BIGINT', leavesquantity: 'BIGINT', exchangeordertype: 'INTEGER', participantid: 'INTEGER', orderstatus: 'INTEGER',
  totalmatchedquantity: 'BIGINT', sequence: 'BIGINT'`);
const trades = csv("trades", `exchange: 'INTEGER', sequence: 'BIGINT', tradedate: 'VARCHAR', tradetime: 'BIGINT', security_code: 'INTEGER',
  order_id: 'BIGINT', dealsource: 'INTEGER', dealsourcedecoded: 'VARCHAR', exchangeinfo: 'VARCHAR', matchgroupid: 'BIGINT',
  nationalbidpricesnapshot: ${price}, nationalofferpricesnapshot: ${price}, tradeprice: ${price}, quantity: 'BIGINT', side: 'TINYINT',
  sidedecoded: 'VARCHAR', participantid: 'INTEGER', passiveaggressive: 'INTEGER', row_num: 'BIGINT'`);
const quotes = csv("nbbo", `partition: 'INTEGER', sequence: 'BIGINT', tradedate: 'BIGINT', bid: ${price}, creationtime: 'BIGINT',
  offer: ${price}, security_code: 'INTEGER', timestamp: 'BIGINT', userid: 'INTEGER', runid: 'BIGINT'`);

// (timestamp, sequence) as one number: sequences have fewer than 40 bits.
const rank = "timestamp::HUGEINT * 1099511627776 + sequence";
const firstRank = "timestamp::HUGEINT * 1099511627776 - sequence";

const ordersInStates = `
  SELECT security_code, order_id,
    arg_min({first_timestamp: timestamp, initial_quantity: quantity, initial_price: price}, ${firstRank}) AS first,
    arg_max({last_timestamp: timestamp, ${stateColumns.map((name) => `${name}: ${name}`)}}, ${rank}) AS last,
    coalesce(max(timestamp) FILTER (leavesquantity = 0), max(timestamp)) AS completion_timestamp
  FROM events GROUP BY ALL`;
const tradesOfOrders = `
  SELECT security_code, order_id, count(*) FILTER (is_trade) AS trades,
    sum(quantity) FILTER (is_trade) AS traded_quantity, sum(quantity * tradeprice) FILTER (is_trade) AS traded_value,
    sum(quantity) FILTER (is_trade AND in_time) AS actual_quantity,
    sum(quantity * tradeprice) FILTER (is_trade AND in_time) AS actual_cost,
    coalesce(sum(quantity) FILTER (NOT is_trade), 0) AS booked_quantity
  FROM (SELECT security_code, order_id, t.quantity, tradeprice, dealsource IN ${sqlList(market)} AS is_trade,
      tradetime BETWEEN s.first.first_timestamp AND s.completion_timestamp AS in_time
    FROM trades t JOIN states s USING (security_code, order_id)
    WHERE dealsource IN ${sqlList(market)} OR dealsource IN ${sqlList(booked)})
  GROUP BY ALL HAVING count(*) FILTER (is_trade) > 0`;
// An update may set the quantity to what is open, so what was asked is the larger one.
const classified = `
  SELECT order_id, security_code, make_timestamp_ns(last_timestamp + ${zone})::DATE AS date, side, participantid, exchangeordertype,
    CASE WHEN filled = 0 THEN 'NOT_EXECUTED' WHEN filled = asked THEN 'FULLY_FILLED' ELSE 'PARTIALLY_FILLED' END AS "group",
    * EXCLUDE (order_id, security_code, side, participantid, exchangeordertype, filled, asked),
    (quantity <> initial_quantity)::TINYINT AS amended, asked + booked_quantity AS order_quantity
  FROM (SELECT *, totalmatchedquantity - booked_quantity AS filled,
      greatest(quantity, totalmatchedquantity, totalmatchedquantity + leavesquantity) - booked_quantity AS asked
    FROM (SELECT order_id, security_code, unnest(last), unnest(first), completion_timestamp, * EXCLUDE (order_id, security_code, first, last, completion_timestamp)
      FROM states JOIN fills USING (security_code, order_id)))`;
const sums = `
  SELECT security_code, timestamp, bid + offer AS sides, sum(bid + offer) OVER before AS sum_until, row_number() OVER before AS count_until
  FROM ${quotes} WHERE bid > 0 AND offer > 0 AND bid <= offer
  WINDOW before AS (PARTITION BY security_code ORDER BY timestamp, sequence ROWS UNBOUNDED PRECEDING)`;
const withMidprices = `
  WITH ended AS (
    SELECT c.*, q.sum_until, q.count_until, q.sides, q.timestamp AS quoted
    FROM classified c ASOF LEFT JOIN quotes q ON c.security_code = q.security_code AND c.completion_timestamp >= q.timestamp),
  begun AS (
    SELECT e.*, e.sum_until - coalesce(q.sum_until, 0) AS sum_within, e.count_until - coalesce(q.count_until, 0) AS quotes
    FROM ended e ASOF LEFT JOIN quotes q ON e.security_code = q.security_code AND e.first_timestamp > q.timestamp)
  SELECT * EXCLUDE (sum_until, count_until, sides, quoted, sum_within),
    CASE WHEN quotes > 0 THEN sum_within::DOUBLE / (2 * quotes) ELSE sides::DOUBLE / 2 END AS midprice,
    CASE WHEN quotes = 0 THEN completion_timestamp - quoted END AS quote_age
  FROM begun WHERE "group" = 'FULLY_FILLED'`;
const scenario = (name, cost) => `
  SELECT order_id, '${name}' AS scenario, security_code, date, side, initial_quantity AS simulated_quantity, ${cost} AS simulated_cost,
    first_timestamp, completion_timestamp, initial_quantity, initial_price, actual_quantity, paid AS actual_price, actual_cost, midprice,
    amended, quotes, quote_age, (amended = 0 AND actual_quantity = initial_quantity)::TINYINT AS comparable
  FROM priced WHERE initial_quantity > 0`;
const simulated = `
  WITH priced AS (
    SELECT *, coalesce(midprice, initial_price) AS middle, coalesce(actual_cost::DOUBLE / actual_quantity, initial_price) AS paid FROM midprices)
  SELECT *, simulated_cost / simulated_quantity AS simulated_price, 1 AS simulated_fill_ratio, actual_cost - simulated_cost AS cost_difference,
    (actual_cost - simulated_cost) * if(side = 1, 1, -1) AS savings, 100 * (actual_cost - simulated_cost) / actual_cost AS cost_improvement_pct
  FROM (${scenario("unlimited", "initial_quantity * middle")} UNION ALL
    ${scenario("limited_50", "initial_quantity * middle / 2 + initial_quantity * paid / 2")} UNION ALL
    ${scenario("price_impact", "initial_quantity * middle / 2 + initial_quantity * (middle + if(side = 1, 5, -5)) / 2")})`;
const summary = `
  SELECT scenario, count(*) FILTER (comparable = 1) AS orders, sum(amended) AS amended,
    count(*) FILTER (amended = 0 AND comparable IS DISTINCT FROM 1) AS "unequal",
    sum(simulated_quantity) FILTER (comparable = 1) AS quantity, sum(actual_cost) FILTER (comparable = 1) AS actual_cost,
    sum(simulated_cost) FILTER (comparable = 1) AS simulated_cost, sum(savings) FILTER (comparable = 1) AS savings,
    avg(midprice) FILTER (comparable = 1) AS avg_midprice, count(*) FILTER (midprice IS NULL) AS without_quote,
    count(*) FILTER (quote_age > 60000000000) AS old_quotes, max(quote_age) AS oldest_quote_age
  FROM simulated GROUP BY scenario`;
const metrics = `
  SELECT "group", count(*) AS orders, sum(totalmatchedquantity - booked_quantity) AS quantity_traded,
    sum(order_quantity - booked_quantity) AS asked_quantity, sum(traded_value)::DOUBLE / sum(traded_quantity) AS avg_execution_cost
  FROM classified GROUP BY "group"`;

const instance = await DuckDBInstance.create(":memory:", { threads: String(cores), preserve_insertion_order: "false" });
const connection = await instance.connect();
const table = (name, query) => connection.run(`CREATE TEMP TABLE ${name} AS ${query}`);
const file = (name, query) => connection.run(`COPY (${query}) TO ${quoted(`${output}/aggregated/${name}.csv`)} (HEADER)`);
const files = (name, query) =>
  connection.run(`COPY (${query}) TO ${quoted(`${output}/${name}`)} (PARTITION_BY (security_code, date), ${task === "T10" ? "FORMAT csv, HEADER, COMPRESSION gzip" : "FORMAT parquet"})`);

mkdirSync(`${output}/aggregated`, { recursive: true });
await table("events", `SELECT * FROM ${orders}`);
await table("trades", `SELECT security_code, order_id, tradetime, tradeprice, quantity, dealsource FROM ${trades}`);
await table("quotes", sums);
await table("states", ordersInStates);
await table("fills", tradesOfOrders);
await table("classified", classified);
await table("midprices", withMidprices);
await table("simulated", simulated);
if (task !== "T12") {
  await files("classified", "SELECT * FROM classified ORDER BY security_code, date");
  await files("simulation", "SELECT * FROM simulated ORDER BY security_code, date");
  await files("orders", `SELECT events.*, classified.date FROM events JOIN classified USING (security_code, order_id)
    ORDER BY security_code, date, order_id, timestamp, sequence`);
}
await file("simulation_summary", summary);
await file("metrics", metrics);
