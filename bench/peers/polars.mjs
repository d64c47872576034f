// SPDX-License-Identifier: ISC
// Polars, lazy. Formats: csv (explicit types), parquet (zstd), ipc (lz4).
import { day, format, hour, input, keyColumns, output, participant, require, security, sizeBounds, task, wantedGroupings, writeLines, zone } from "./task.mjs";
const pl = require("nodejs-polars");
const { col, lit } = pl;

const schema = {
  order_id: pl.Int64, timestamp: pl.Int64, security_code: pl.Int32, price: pl.Float64, side: pl.Int8, quantity: pl.Int64,
  leavesquantity: pl.Int64, exchangeordertype: pl.Int32, participantid: pl.Int32, orderstatus: pl.Int32,
  totalmatchedquantity: pl.Int64, sequence: pl.Int64,
};
const scanCSV = () => pl.scanCSV(input, { schema });
const scans = { csv: scanCSV, parquet: () => pl.scanParquet(input), ipc: () => pl.scanIPC(input) };
const rows = task === "T4" ? scanCSV() : scans[format]();

const whole = (value) => lit(value).cast(pl.Int64);
const local = col("timestamp").add(whole(zone));
const dayNumber = local.div(whole(day));
const hourOfDay = local.div(whole(hour)).modulo(whole(24n));
// An update may set the quantity to what is open.
const known = col("totalmatchedquantity").add(col("leavesquantity"));
const asked = pl.when(col("quantity").gt(known)).then(col("quantity")).otherwise(known);
const size = sizeBounds.map((bound) => asked.gt(bound).cast(pl.Int8)).reduce((a, b) => a.plus(b));

// What a row adds to the measures is worked out once for all groupings.
const terms = [
  col("totalmatchedquantity").eq(asked).and(col("totalmatchedquantity").neq(0)).alias("full_fills"),
  col("totalmatchedquantity").cast(pl.Float64).div(asked).alias("fill_ratio_mean"),
  asked.alias("quantity_sum"),
  col("price").mul(asked).alias("value_sum"),
];
const measures = [pl.len().alias("rows"), col("full_fills").sum(), col("fill_ratio_mean").mean(), col("quantity_sum").sum(), col("value_sum").sum()];
const measureNames = ["rows", "full_fills", "fill_ratio_mean", "quantity_sum", "value_sum"];
const keys = {
  security_code: col("security_code"),
  day: dayNumber.cast(pl.Int32).alias("day"),
  participantid: col("participantid"),
  hour: hourOfDay.cast(pl.Int8).alias("hour"),
  size: size.alias("size"),
};

function extract() {
  rows
    .filter(col("security_code").eq(Number(security)).and(col("participantid").eq(Number(participant))))
    .filter(hourOfDay.gtEq(whole(10n)).and(hourOfDay.ltEq(whole(15n))))
    .sinkCSV(output)
    .collectSync();
}

const lastRows = () => rows.sort(["timestamp", "sequence"]).groupBy(["security_code", "order_id"])
  .agg(...["participantid", "timestamp", "quantity", "leavesquantity", "totalmatchedquantity", "price"].map((name) => col(name).last()));

// One grouping streams; several share one frame of the columns they need.
function report() {
  const needed = (task === "T9" ? lastRows() : rows).select(...keyColumns.filter((key) => wantedGroupings.flat().includes(key)).map((key) => keys[key]), ...terms);
  const shared = wantedGroupings.length === 1 ? needed : needed.collectSync().lazy();
  const lines = wantedGroupings.flatMap((grouping) =>
    shared.groupBy(grouping).agg(...measures).collectSync().toRecords().map((record) =>
      [...keyColumns.map((key) => (grouping.includes(key) ? record[key] : "")), ...measureNames.map((name) => record[name])].join(",")));
  writeLines([...keyColumns, ...measureNames].join(","), lines);
}

function convert() {
  if (format === "ipc") rows.collectSync().writeIPC(output, { compression: "lz4" });
  else rows.sinkParquet(output, { compression: "zstd" }).collectSync();
}

function lastStates() {
  rows.select("order_id", "timestamp", "sequence", "leavesquantity").sort(["timestamp", "sequence"])
    .groupBy("order_id").agg(col("leavesquantity").last())
    .select(pl.len().alias("orders"), col("leavesquantity").sum().alias("leaves"))
    .sinkCSV(output).collectSync();
}

({ T1: extract, T2: report, T3: report, T4: convert, T5: report, T6: extract, T8: lastStates, T9: report })[task]();
