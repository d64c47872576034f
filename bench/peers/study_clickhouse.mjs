// SPDX-License-Identifier: ISC
// The study in ClickHouse, as the library chdb: a table in memory for each stage, and two ASOF joins over running sums for the midprices.
//   node study_clickhouse.mjs TASK FORMAT MARKET OUTPUT
// What is read and written is what study_duckdb.mjs says. Numbers after a division are binary floating point.
import { mkdirSync } from "node:fs";
import { cores, input, output, quoted, require, task, zone } from "./task.mjs";
import { booked, market, sqlList, stateColumns } from "./study.mjs";
const { Session } = require("chdb");

const settings = `max_threads = ${cores}, max_insert_threads = ${cores}, join_use_nulls = 1, input_format_csv_detect_header = 0, input_format_csv_skip_first_lines = 1,
  max_partitions_per_insert_block = 0, engine_file_truncate_on_insert = 1, format_csv_null_representation = ''`;
const session = new Session();
const run = (statement) => session.query(`${statement} SETTINGS ${settings}`);
const csv = (name, columns) => `file(${quoted(`${input}/${name}.csv`)}, CSV, ${quoted(columns)})`; // columns by their place: names in the headers are others

const price = "Nullable(Decimal(38, 4))"; // wide enough for the number that the exchange has for what is not there
const orders = csv("orders", `order_id UInt64, timestamp Int64, security_code UInt32, price ${price}, side UInt8, quantity Int64,
  leavesquantity Int64, exchangeordertype UInt32, participantid UInt32, orderstatus UInt32, totalmatchedquantity Int64, sequence Int64`);
const trades = csv("trades", `exchange Nullable(Int32), sequence Nullable(Int64), tradedate Nullable(String), tradetime Int64, security_code UInt32,
  order_id UInt64, dealsource UInt32, dealsourcedecoded Nullable(String), exchangeinfo Nullable(String), matchgroupid Nullable(Int64),
  nationalbidpricesnapshot ${price}, nationalofferpricesnapshot ${price}, tradeprice Decimal(18, 4), quantity Int64, side Nullable(UInt8),
  sidedecoded Nullable(String), participantid Nullable(UInt32), passiveaggressive Nullable(Int32), row_num Nullable(Int64)`);
const quotes = csv("nbbo", `partition Nullable(Int32), sequence Int64, tradedate Nullable(Int64), bid ${price}, creationtime Nullable(Int64),
  offer ${price}, security_code UInt32, timestamp Int64, userid Nullable(Int32), runid Nullable(Int64)`);

// (timestamp, sequence) as one number: sequences have fewer than 40 bits.
const rank = "toInt128(timestamp) * 1099511627776 + sequence";
const firstRank = "toInt128(timestamp) * 1099511627776 - sequence";

const ordersInStates = `
  SELECT security_code, order_id, first.1 AS first_timestamp, first.2 AS initial_quantity, first.3 AS initial_price, last.1 AS last_timestamp,
    ${stateColumns.map((name, i) => `last.${i + 2} AS ${name}`)}, completion_timestamp
  FROM (SELECT security_code, order_id, argMin((timestamp, quantity, price), ${firstRank}) AS first,
      argMax((timestamp, ${stateColumns}), ${rank}) AS last,
      if(countIf(leavesquantity = 0) > 0, maxIf(timestamp, leavesquantity = 0), max(timestamp)) AS completion_timestamp
    FROM events GROUP BY security_code, order_id)`;
const tradesOfOrders = `
  SELECT security_code, order_id, countIf(is_trade) AS trades, sumIf(traded, is_trade) AS traded_quantity,
    sumIf(traded * tradeprice, is_trade) AS traded_value, sumOrNullIf(traded, is_trade AND in_time) AS actual_quantity,
    sumOrNullIf(traded * tradeprice, is_trade AND in_time) AS actual_cost, sumIf(traded, NOT is_trade) AS booked_quantity
  FROM (SELECT t.security_code AS security_code, t.order_id AS order_id, t.quantity AS traded, tradeprice, dealsource IN ${sqlList(market)} AS is_trade,
      tradetime BETWEEN s.first_timestamp AND s.completion_timestamp AS in_time
    FROM states AS s INNER JOIN trades AS t ON s.security_code = t.security_code AND s.order_id = t.order_id
    WHERE dealsource IN ${sqlList(market)} OR dealsource IN ${sqlList(booked)})
  GROUP BY security_code, order_id HAVING trades > 0`;
// An update may set the quantity to what is open, so what was asked is the larger one.
const classified = `
  SELECT order_id, security_code, toDate(intDiv(last_timestamp + ${zone}, 86400000000000)) AS date, side, participantid, exchangeordertype,
    multiIf(filled = 0, 'NOT_EXECUTED', filled = asked, 'FULLY_FILLED', 'PARTIALLY_FILLED') AS group, first_timestamp, last_timestamp,
    completion_timestamp, initial_quantity, initial_price, price, quantity, leavesquantity, totalmatchedquantity, trades, traded_quantity,
    traded_value, actual_quantity, actual_cost, booked_quantity, toUInt8(quantity != initial_quantity) AS amended, asked + booked_quantity AS order_quantity
  FROM (SELECT s.*, f.* EXCEPT (security_code, order_id), totalmatchedquantity - booked_quantity AS filled,
      greatest(quantity, totalmatchedquantity, totalmatchedquantity + leavesquantity) - booked_quantity AS asked
    FROM states AS s INNER JOIN fills AS f ON s.security_code = f.security_code AND s.order_id = f.order_id)`;
const sums = `
  SELECT security_code, timestamp, assumeNotNull(bid) + assumeNotNull(offer) AS sides, sum(sides) OVER before AS sum_until, row_number() OVER before AS count_until
  FROM ${quotes} WHERE bid > 0 AND offer > 0 AND bid <= offer
  WINDOW before AS (PARTITION BY security_code ORDER BY timestamp, sequence ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
const ended = `
  SELECT c.*, q.sum_until AS sum_end, q.count_until AS count_end, q.sides AS last_sides, q.timestamp AS quoted
  FROM classified AS c ASOF LEFT JOIN quotes AS q ON c.security_code = q.security_code AND c.completion_timestamp >= q.timestamp
  WHERE group = 'FULLY_FILLED'`;
const withMidprices = `
  SELECT * EXCEPT (sum_end, count_end, last_sides, quoted, sum_within),
    if(quotes > 0, toFloat64(sum_within) / (2 * quotes), toFloat64(last_sides) / 2) AS midprice,
    if(quotes > 0, NULL, completion_timestamp - quoted) AS quote_age
  FROM (SELECT e.*, sum_end - coalesce(q.sum_until, 0) AS sum_within, coalesce(count_end, 0) - coalesce(q.count_until, 0) AS quotes
    FROM ended AS e ASOF LEFT JOIN quotes AS q ON e.security_code = q.security_code AND e.first_timestamp > q.timestamp)`;
const scenario = (name, cost) => `
  SELECT order_id, '${name}' AS scenario, security_code, date, side, initial_quantity AS simulated_quantity, ${cost} AS simulated_cost,
    first_timestamp, completion_timestamp, initial_quantity, initial_price, actual_quantity, paid AS actual_price, toFloat64(actual_cost) AS actual_cost, midprice,
    amended, quotes, quote_age, amended = 0 AND actual_quantity = initial_quantity AS comparable
  FROM priced WHERE initial_quantity > 0`;
const priced = `
  SELECT *, coalesce(midprice, toFloat64(initial_price)) AS middle, coalesce(toFloat64(actual_cost) / actual_quantity, toFloat64(initial_price)) AS paid
  FROM midprices`;
const simulated = `
  SELECT *, simulated_cost / simulated_quantity AS simulated_price, 1 AS simulated_fill_ratio, actual_cost - simulated_cost AS cost_difference,
    (actual_cost - simulated_cost) * if(side = 1, 1, -1) AS savings, 100 * (actual_cost - simulated_cost) / actual_cost AS cost_improvement_pct
  FROM (${scenario("unlimited", "initial_quantity * middle")} UNION ALL
    ${scenario("limited_50", "initial_quantity * middle / 2 + initial_quantity * paid / 2")} UNION ALL
    ${scenario("price_impact", "initial_quantity * middle / 2 + initial_quantity * (middle + if(side = 1, 5, -5)) / 2")})`;
const summary = `
  SELECT scenario, countIf(comparable) AS orders, sum(s.amended) AS amended, countIf(s.amended = 0 AND NOT coalesce(comparable, 0)) AS unequal,
    sumIf(simulated_quantity, comparable) AS quantity, sumIf(s.actual_cost, comparable) AS actual_cost, sumIf(s.simulated_cost, comparable) AS simulated_cost,
    sumIf(s.savings, comparable) AS savings, avgIf(midprice, comparable) AS avg_midprice, countIf(midprice IS NULL) AS without_quote,
    countIf(quote_age > 60000000000) AS old_quotes, max(quote_age) AS oldest_quote_age
  FROM simulated AS s GROUP BY scenario`;
const metrics = `
  SELECT group, count() AS orders, sum(totalmatchedquantity - booked_quantity) AS quantity_traded, sum(order_quantity - booked_quantity) AS asked_quantity,
    toFloat64(sum(traded_value)) / sum(traded_quantity) AS avg_execution_cost
  FROM classified GROUP BY group`;

const table = (name, query) => run(`CREATE TABLE study.${name} ENGINE = Memory AS ${query}`);
const file = (name, query) => run(`INSERT INTO FUNCTION file(${quoted(`${output}/aggregated/${name}.csv`)}, CSVWithNames) ${query}`);
const [ending, format] = task === "T10" ? ["csv.gz", "CSVWithNames"] : ["parquet", "Parquet"];
const files = (name, query) => {
  mkdirSync(`${output}/${name}`);
  run(`INSERT INTO FUNCTION file(${quoted(`${output}/${name}/{_partition_id}.${ending}`)}, ${format})
    PARTITION BY concat(toString(security_code), '-', toString(date)) ${query}`);
};

mkdirSync(`${output}/aggregated`, { recursive: true });
session.query("CREATE DATABASE study");
session.query("USE study");
table("events", `SELECT * FROM ${orders}`);
table("trades", `SELECT security_code, order_id, tradetime, tradeprice, quantity, dealsource FROM ${trades}`);
table("quotes", sums);
table("states", ordersInStates);
table("fills", tradesOfOrders);
table("classified", classified);
table("ended", ended);
table("midprices", withMidprices);
table("priced", priced);
table("simulated", simulated);
if (task !== "T12") {
  files("classified", "SELECT * FROM classified");
  files("simulation", "SELECT * FROM simulated");
  files("orders", `SELECT e.*, c.date AS date FROM events AS e INNER JOIN classified AS c ON e.security_code = c.security_code AND e.order_id = c.order_id
    ORDER BY security_code, date, order_id, timestamp, sequence`);
}
file("simulation_summary", summary);
file("metrics", metrics);
process.exit(0);
