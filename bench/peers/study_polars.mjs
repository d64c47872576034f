// SPDX-License-Identifier: ISC
// The study in Polars for node, lazy up to where a frame is used twice: two ASOF joins over running sums for the midprices.
//   node study_polars.mjs TASK FORMAT MARKET OUTPUT
// What is read and written is what study_duckdb.mjs says. Prices are binary floating point, as Polars' own reader has them; what it
// cannot compress itself, .csv.gz, is compressed by node at level 1.
import { mkdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { day, input, output, require, task, zone } from "./task.mjs";
import { booked, market, stateColumns } from "./study.mjs";
const pl = require("nodejs-polars");
const { col, lit, when } = pl;

const whole = (value) => lit(value).cast(pl.Int64);
// The columns by their place, named here: the names in the headers are others.
const scan = (name, schema) => pl.scanCSV(`${input}/${name}.csv`, { schema });
const events = scan("orders", {
  order_id: pl.Int64, timestamp: pl.Int64, security_code: pl.Int32, price: pl.Float64, side: pl.Int8, quantity: pl.Int64, leavesquantity: pl.Int64,
  exchangeordertype: pl.Int32, participantid: pl.Int32, orderstatus: pl.Int32, totalmatchedquantity: pl.Int64, sequence: pl.Int64,
}).collectSync();
const trades = scan("trades", {
  exchange: pl.Int32, sequence: pl.Int64, tradedate: pl.Utf8, tradetime: pl.Int64, security_code: pl.Int32, order_id: pl.Int64, dealsource: pl.Int32,
  dealsourcedecoded: pl.Utf8, exchangeinfo: pl.Utf8, matchgroupid: pl.Int64, nationalbidpricesnapshot: pl.Float64, nationalofferpricesnapshot: pl.Float64,
  tradeprice: pl.Float64, quantity: pl.Int64, side: pl.Int8, sidedecoded: pl.Utf8, participantid: pl.Int32, passiveaggressive: pl.Int32, row_num: pl.Int64,
}).select("security_code", "order_id", "tradetime", "tradeprice", col("quantity").alias("traded"), "dealsource");
const quotes = scan("nbbo", {
  partition: pl.Int32, sequence: pl.Int64, tradedate: pl.Int64, bid: pl.Float64, creationtime: pl.Int64, offer: pl.Float64, security_code: pl.Int32,
  timestamp: pl.Int64, userid: pl.Int32, runid: pl.Int64,
}).filter(col("bid").gt(0).and(col("offer").gt(0)).and(col("bid").ltEq(col("offer"))))
  .sort(["timestamp", "sequence"])
  .select("security_code", col("timestamp").alias("quoted"), col("bid").plus(col("offer")).alias("sides"))
  .withColumns(col("sides").cumSum().over("security_code").alias("sum_until"), col("sides").cumCount().over("security_code").cast(pl.Int64).alias("count_until"))
  .collectSync();

const key = ["security_code", "order_id"];

const states = events.lazy().sort(["timestamp", "sequence"]).groupBy(key).agg(
  col("timestamp").first().alias("first_timestamp"), col("quantity").first().alias("initial_quantity"), col("price").first().alias("initial_price"),
  col("timestamp").last().alias("last_timestamp"), ...stateColumns.map((name) => col(name).last()),
  col("timestamp").filter(col("leavesquantity").eq(0)).max().alias("closed"),
).withColumns(when(col("closed").isNull()).then(col("last_timestamp")).otherwise(col("closed")).alias("completion_timestamp")).drop("closed").collectSync();

const isTrade = col("dealsource").isIn(market);
const inTime = isTrade.and(col("tradetime").gtEq(col("first_timestamp"))).and(col("tradetime").ltEq(col("completion_timestamp")));
const value = col("tradeprice").mul(col("traded"));
const fills = trades.filter(col("dealsource").isIn([...market, ...booked]))
  .join(states.lazy().select(...key, "first_timestamp", "completion_timestamp"), { on: key, how: "inner" })
  .groupBy(key).agg(
    isTrade.sum().alias("trades"), col("traded").filter(isTrade).sum().alias("traded_quantity"), value.filter(isTrade).sum().alias("traded_value"),
    col("traded").filter(inTime).sum().alias("actual_quantity"), value.filter(inTime).sum().alias("actual_cost"), inTime.sum().alias("in_time"),
    col("traded").filter(col("dealsource").isIn(booked)).sum().alias("booked_quantity"),
  ).filter(col("trades").gt(0));

// An update may set the quantity to what is open, so what was asked is the larger one.
const known = col("totalmatchedquantity").plus(col("leavesquantity"));
const asked = when(col("quantity").gt(known)).then(col("quantity")).otherwise(known).minus(col("booked_quantity"));
const filled = col("totalmatchedquantity").minus(col("booked_quantity"));
const classified = states.lazy().join(fills, { on: key, how: "inner" }).withColumns(
  when(filled.eq(0)).then(lit("NOT_EXECUTED")).when(filled.eq(asked)).then(lit("FULLY_FILLED")).otherwise(lit("PARTIALLY_FILLED")).alias("group"),
  col("quantity").neq(col("initial_quantity")).cast(pl.Int64).alias("amended"),
  asked.plus(col("booked_quantity")).alias("order_quantity"),
  col("last_timestamp").plus(whole(zone)).div(whole(day)).cast(pl.Int32).cast(pl.Date).alias("date"),
).collectSync();

const until = (left, on, suffix) => left.joinAsof(
  quotes.select("security_code", col("quoted").alias(`quoted${suffix}`), col("sum_until").alias(`sum${suffix}`), col("count_until").alias(`count${suffix}`), col("sides").alias(`sides${suffix}`)),
  { leftOn: on, rightOn: `quoted${suffix}`, by: "security_code", strategy: "backward" });
const orZero = (name) => when(col(name).isNull()).then(lit(0)).otherwise(col(name));
const ended = until(classified.filter(col("group").eq(lit("FULLY_FILLED"))).sort("completion_timestamp"), "completion_timestamp", "_end");
// Before the first event: times are whole, so it is not after one nanosecond earlier.
const begun = until(ended.withColumns(col("first_timestamp").minus(whole(1n)).alias("before_first")).sort("before_first"), "before_first", "_begin");
const within = orZero("count_end").minus(orZero("count_begin"));
const paid = col("actual_cost").div(col("actual_quantity"));
const priced = begun.lazy().withColumns(
  within.alias("quotes"),
  when(within.gt(0)).then(col("sum_end").minus(orZero("sum_begin")).div(within.mul(2))).otherwise(col("sides_end").div(2)).alias("midprice"),
  when(within.gt(0)).then(lit(null)).otherwise(col("completion_timestamp").minus(col("quoted_end"))).alias("quote_age"),
).withColumns(
  when(col("midprice").isNull()).then(col("initial_price")).otherwise(col("midprice")).alias("middle"),
  when(col("in_time").gt(0)).then(paid).otherwise(col("initial_price")).alias("paid"),
  col("amended").eq(0).and(col("actual_quantity").eq(col("initial_quantity"))).and(col("in_time").gt(0)).alias("comparable"),
  when(col("in_time").gt(0)).then(col("actual_cost")).otherwise(lit(null)).alias("actual_cost"),
).filter(col("initial_quantity").gt(0)).collectSync();

const quantity = col("initial_quantity");
const impact = when(col("side").eq(1)).then(lit(5)).otherwise(lit(-5));
const costs = {
  unlimited: quantity.mul(col("middle")),
  limited_50: quantity.mul(col("middle")).div(2).plus(quantity.mul(col("paid")).div(2)),
  price_impact: quantity.mul(col("middle")).div(2).plus(quantity.mul(col("middle").plus(impact)).div(2)),
};
const difference = col("actual_cost").minus(col("simulated_cost"));
const simulatedBy = (name) => priced.lazy().select(
  "order_id", lit(name).alias("scenario"), "security_code", "date", "side", quantity.alias("simulated_quantity"), costs[name].alias("simulated_cost"),
  "first_timestamp", "completion_timestamp", "initial_quantity", "initial_price", "actual_quantity", col("paid").alias("actual_price"), "actual_cost",
  "midprice", "amended", "quotes", "quote_age", "comparable",
).withColumns(
  col("simulated_cost").div(col("simulated_quantity")).alias("simulated_price"), lit(1).alias("simulated_fill_ratio"), difference.alias("cost_difference"),
  difference.mul(when(col("side").eq(1)).then(lit(1)).otherwise(lit(-1))).alias("savings"), difference.mul(100).div(col("actual_cost")).alias("cost_improvement_pct"),
);
const simulated = pl.concat(Object.keys(costs).map((name) => simulatedBy(name).collectSync()));

const of = (name) => col(name).filter(col("comparable"));
const summary = simulated.lazy().groupBy("scenario").agg(
  col("comparable").sum().alias("orders"), col("amended").sum(), col("amended").eq(0).and(col("comparable").not()).sum().alias("unequal"),
  of("simulated_quantity").sum().alias("quantity"), ...["actual_cost", "simulated_cost", "savings"].map((name) => of(name).sum()),
  of("midprice").mean().alias("avg_midprice"), col("midprice").isNull().sum().alias("without_quote"),
  col("quote_age").gt(60000000000).sum().alias("old_quotes"), col("quote_age").max().alias("oldest_quote_age"),
).collectSync();
const metrics = classified.lazy().groupBy("group").agg(
  pl.len().alias("orders"), filled.sum().alias("quantity_traded"), asked.sum().alias("asked_quantity"),
  col("traded_value").sum().div(col("traded_quantity").sum()).alias("avg_execution_cost"),
).collectSync();

function files(name, frame) {
  mkdirSync(`${output}/${name}`);
  for (const part of frame.partitionBy(["security_code", "date"], true)) {
    const path = `${output}/${name}/${part.getColumn("security_code").get(0)}-${part.getColumn("date").cast(pl.Utf8).get(0)}`;
    if (task === "T10") writeFileSync(`${path}.csv.gz`, gzipSync(part.writeCSV(), { level: 1 }));
    else part.writeParquet(`${path}.parquet`);
  }
}

mkdirSync(`${output}/aggregated`, { recursive: true });
if (task !== "T12") {
  files("classified", classified);
  files("simulation", simulated);
  files("orders", events.join(classified.select(...key, "date"), { on: key, how: "inner" }).sort(["order_id", "timestamp", "sequence"]));
}
summary.writeCSV(`${output}/aggregated/simulation_summary.csv`);
metrics.writeCSV(`${output}/aggregated/metrics.csv`);
