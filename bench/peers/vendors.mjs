// SPDX-License-Identifier: ISC
// node vendors.mjs duckdb|polars FORM INPUT OUTPUT: of a file in a vendor's form (bench/vendor_rows.py) a line for each security: rows,
// Σ quantity, Σ price × quantity, first and last time in nanoseconds. Each reader is told all types, and no more columns are made of
// text than the answer needs; DuckDB takes what keeps the digits (TIMESTAMP_NS, DECIMAL), Polars doubles and times in nanoseconds.
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
const require = createRequire((process.env.PEER_DIRECTORY ?? "/nowhere") + "/");
const [peer, form, input, output] = process.argv.slice(2);
const cores = String(process.env.WORKERS || 2);

const words = (text) => text.trim().split(/\s+/);
const trades = words("timestamp symbol side size price tickDirection trdMatchID grossValue homeNotional foreignNotional");
// names: in the file's order; time: how it is written; midnight: of the zone, in seconds since 1970; every: what a price counts
const forms = {
  databento: { names: words("ts_recv ts_event rtype publisher_id instrument_id action side price size channel_id order_id flags ts_in_delta sequence symbol"),
    header: true, security: "instrument_id", price: "price", quantity: "size", time: "ts_event", kind: "iso", both: ["ts_recv"] },
  lobster: { names: words("time type id size price direction"), price: "price", quantity: "size", time: "time", kind: "seconds", places: 9, midnight: 1725508800, every: 10000 },
  taq: { names: words("time exchange symbol condition volume price stop correction sequence id source facility participant trf exempt"), header: true,
    separator: "|", security: "symbol", price: "price", quantity: "volume", time: "time", kind: "digits", places: 9, midnight: 1725508800 },
  "tick-history": { names: words("ric domain time offset type price volume bid ask exchange_time"), header: true, security: "ric", price: "price", quantity: "volume",
    time: "time", kind: "iso" },
  binance: { names: words("id price qty quote_qty time maker best"), price: "price", quantity: "qty", time: "time", kind: "microseconds", fine: true },
  bybit: { names: trades, header: true, security: "symbol", price: "price", quantity: "size", time: "timestamp", kind: "seconds", places: 4, midnight: 0, fine: true },
  b3: { names: words("reference symbol action price quantity time id session day buyer seller"), header: true, separator: ";", comma: true, security: "symbol",
    price: "price", quantity: "quantity", time: "time", kind: "digits", places: 3, midnight: 1725505200 },
  metatrader: { names: words("day time bid ask last volume flags"), header: true, separator: "\t", price: "last", quantity: "volume", time: "time", kind: "apart" },
};
const how = forms[form];

async function duckdb() {
  const { DuckDBInstance } = require("@duckdb/node-api");
  const connection = await (await DuckDBInstance.create(":memory:", { threads: cores, preserve_insertion_order: "false" })).connect();
  const times = { iso: "TIMESTAMP_NS", seconds: `DECIMAL(18,${how.places})`, digits: "BIGINT", microseconds: "BIGINT", apart: "TIME" };
  const types = Object.fromEntries(how.names.map((name) => [name, "VARCHAR"]));
  types[how.time] = times[how.kind];
  for (const name of how.both ?? []) types[name] = "TIMESTAMP_NS";
  types[how.price] = how.every ? "BIGINT" : how.comma ? "DECIMAL(18,3)" : "DECIMAL(18,9)";
  types[how.quantity] = how.fine ? "DECIMAL(18,8)" : "BIGINT";
  if (form === "databento") types.instrument_id = "INTEGER";
  if (how.kind === "apart") types.day = "DATE";
  const columns = how.names.map((name) => `'${name}': '${types[name]}'`).join(", ");
  const source = `read_csv('${input}', header = ${Boolean(how.header)}, delim = '${how.separator ?? ","}', quote = '', escape = '', auto_detect = false` +
    `${how.comma ? ", decimal_separator = ','" : ""}${how.kind === "apart" ? ", dateformat = '%Y.%m.%d'" : ""}, columns = {${columns}})`;
  const clock = (t) => `((${t}) // 10000000000000 * 3600 + (${t}) // 100000000000 % 100 * 60 + (${t}) // 1000000000 % 100) * 1000000000 + (${t}) % 1000000000`;
  const ns = (t) => ({
    iso: `epoch_ns(${t})`,
    seconds: `(${t}::DECIMAL(38,9) * 1000000000)::BIGINT + ${how.midnight}000000000`,
    digits: `${clock(`${t} * ${10 ** (9 - (how.places ?? 9))}`)} + ${how.midnight}000000000`,
    microseconds: `${t} * 1000`,
    apart: `epoch_us(${t}) * 1000`,
  })[how.kind];
  const time = how.kind === "apart" ? "day + time" : how.time;
  const price = how.fine ? `${how.price}::DECIMAL(19,9)` : how.price, quantity = how.fine ? `${how.quantity}::DECIMAL(19,8)` : how.quantity;
  const value = how.every ? `sum(${price} * ${quantity}) / ${how.every}` : `sum(${price} * ${quantity})`;
  await connection.run(`COPY (SELECT ${how.security ? how.security : "1"} AS security, count(*) AS rows, sum(${how.quantity}) AS quantity, ${value} AS value,
    ${ns(`min(${time})`)} AS first, ${ns(`max(${time})`)} AS last FROM ${source} GROUP BY 1 ORDER BY 1) TO '${output}' (HEADER)`);
}

function polars() {
  const pl = require("nodejs-polars");
  const { col, lit } = pl;
  const numbers = new Set([how.price, how.quantity].filter(() => !how.comma));
  const types = { seconds: pl.Float64, digits: pl.Int64, microseconds: pl.Int64 };
  const schema = Object.fromEntries(how.names.map((name) => [name, name === how.time ? types[how.kind] ?? pl.Utf8 : numbers.has(name) ? pl.Float64 : pl.Utf8]));
  if (how.comma) schema[how.quantity] = pl.Float64;
  const rows = pl.scanCSV(input, { schema, sep: how.separator ?? ",", hasHeader: Boolean(how.header) });
  const iso = (name) => col(name).str.strptime(pl.Datetime("ms"), "%Y-%m-%dT%H:%M:%S%.9fZ").cast(pl.Int64);
  const day = how.kind === "apart" ? pl.concatString([col("day"), col("time")], " ").str.strptime(pl.Datetime("ms"), "%Y.%m.%d %H:%M:%S%.3f").cast(pl.Int64) : null;
  const time = { iso: () => iso(how.time), seconds: () => col(how.time), digits: () => col(how.time), microseconds: () => col(how.time), apart: () => day }[how.kind]();
  const price = how.comma ? col(how.price).str.replace(",", ".").cast(pl.Float64) : col(how.price);
  const parts = [how.security ? col(how.security).alias("security") : lit(1).alias("security"), price.mul(col(how.quantity)).alias("value"),
    col(how.quantity).alias("quantity"), time.alias("time"), ...(how.both ?? []).map((name) => iso(name).alias(name))];
  const text = how.kind === "seconds" ? pl.Float64 : pl.Utf8; // a whole number is a double to JavaScript
  const found = rows.select(...parts).groupBy("security").agg(pl.len().alias("rows"), col("quantity").sum(), col("value").sum(), col("time").min().cast(text).alias("first"),
    col("time").max().cast(text).alias("last"), ...(how.both ?? []).map((name) => col(name).max())).collectSync().toRecords();
  const digits = (t) => { const d = BigInt(t) * BigInt(10 ** (9 - how.places)); const s = d / 10n ** 9n;
    return ((s / 10000n) * 3600n + ((s / 100n) % 100n) * 60n + (s % 100n) + BigInt(how.midnight)) * 10n ** 9n + (d % 10n ** 9n); };
  const ns = { iso: (t) => BigInt(t), seconds: (t) => BigInt(Math.round(t * 1e9)) + BigInt(how.midnight) * 10n ** 9n, digits, microseconds: (t) => BigInt(t) * 1000n,
    apart: (t) => BigInt(t) * 1000000n }[how.kind];
  const lines = found.map((row) => [row.security, row.rows, row.quantity, row.value / (how.every ?? 1), ns(row.first), ns(row.last)].join(",")).sort();
  writeFileSync(output, ["security,rows,quantity,value,first,last", ...lines].join("\n") + "\n");
}

await (peer === "duckdb" ? duckdb() : polars());
