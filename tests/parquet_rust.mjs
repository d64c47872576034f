// SPDX-License-Identifier: ISC
// node parquet_rust.mjs FOLDER ROWS: the same rows as Parquet in the ways that Rust's parquet crate writes them (parquet-wasm): both versions
// of pages, each encoding, with a dictionary or none, each codec; and as rows.csv. NAME.parquet is to be read, NAME.refused is not.
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
const require = createRequire(process.env.SW_NODE_MODULES + "/");
const parquet = require("parquet-wasm/node"), arrow = require("apache-arrow");
const [folder, count] = [process.argv[2], Number(process.argv[3])];
const rows = [...Array(count).keys()];

const whole = (array, type, value) =>
  new arrow.Vector([arrow.makeData({ type, length: count, nullCount: 0, data: array.from(rows, value) })]);
function decimal(precision, value) {
  const data = new Uint32Array(4 * count);
  for (const i of rows) {
    let left = BigInt.asUintN(128, value(i));
    for (let j = 0; j < 4; j++, left >>= 32n) data[4 * i + j] = Number(left & 0xffffffffn);
  }
  return new arrow.Vector([arrow.makeData({ type: new arrow.Decimal(4, precision, 128), length: count, nullCount: 0, data })]);
}
function four(value) {
  const size = value < 0n ? -value : value;
  return `${value < 0n ? "-" : ""}${size / 10000n}.${String(size % 10000n).padStart(4, "0")}`;
}

// name: [its values for Arrow, its values for the CSV]
const wide = (type, value) => [whole(type instanceof arrow.Uint64 ? BigUint64Array : BigInt64Array, type, value), value];
const exact = (precision, value) => [decimal(precision, value), (i) => four(value(i))];
const listed = (type, value) => [arrow.vectorFromArray(rows.map(value), type), (i) => value(i) ?? ""];
const columns = {
  order_id: wide(new arrow.Uint64(), (i) => 9223372036854775000n + BigInt(i)),
  small: [whole(Int32Array, new arrow.Int32(), (i) => i * 7 - 60000), (i) => i * 7 - 60000],
  large: wide(new arrow.Int64(), (i) => BigInt(i - 9000) * 1000000007n),
  timestamp: wide(new arrow.TimestampNanosecond("UTC"), (i) => BigInt(i) * 1001n + 1725494400000000001n),
  millis: [whole(BigInt64Array, new arrow.TimestampMillisecond("UTC"), (i) => BigInt(i) + 1725494400001n), (i) => (BigInt(i) + 1725494400001n) * 1000000n],
  price: exact(9, (i) => BigInt(i * 13 - 70000)),
  value: exact(18, (i) => BigInt(i) * 123456789n),
  big: exact(38, (i) => BigInt(i - 300) * 10n ** 30n),
  note: listed(new arrow.Utf8(), (i) => (i % 3 ? `order ${Math.floor(i / 5)}` : null)),
  code: listed(new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()), (i) => `c${i % 13}`),
  open: listed(new arrow.Bool(), (i) => i % 2 === 0),
  rest: listed(new arrow.Int64(), (i) => (i % 5 ? BigInt(i) : null)),
};
const names = Object.keys(columns);
writeFileSync(`${folder}/rows.csv`, [names.join(), ...rows.map((i) => names.map((name) => columns[name][1](i)).join())].join("\n") + "\n");

const ipc = arrow.tableToIPC(new arrow.Table(Object.fromEntries(names.map((name) => [name, columns[name][0]]))), "stream");
const { Encoding, Compression, WriterVersion } = parquet;
const encodings = {
  plain: {},
  differences: { number: Encoding.DELTA_BINARY_PACKED, text: Encoding.DELTA_LENGTH_BYTE_ARRAY, fixed: Encoding.PLAIN },
  prefixes: { number: Encoding.DELTA_BINARY_PACKED, text: Encoding.DELTA_BYTE_ARRAY, fixed: Encoding.DELTA_BYTE_ARRAY },
  split: { number: Encoding.BYTE_STREAM_SPLIT, text: Encoding.PLAIN, fixed: Encoding.BYTE_STREAM_SPLIT },
};
const kinds = { note: "text", code: "text", big: "fixed" };
const codecs = { none: "UNCOMPRESSED", snappy: "SNAPPY", gzip: "GZIP", zstd: "ZSTD", lz4_raw: "LZ4_RAW", brotli: "BROTLI", lz4: "LZ4" };

function write(version, encoding, dictionary, codec) {
  let how = new parquet.WriterPropertiesBuilder().setWriterVersion(version === 1 ? WriterVersion.V1 : WriterVersion.V2)
    .setCompression(Compression[codecs[codec]]).setDictionaryEnabled(dictionary).setMaxRowGroupSize(Math.ceil(count / 3)).setDataPageSizeLimit(9000);
  for (const name of encoding === "plain" ? [] : names.filter((name) => name !== "open"))
    how = how.setColumnEncoding(name, encodings[encoding][kinds[name] ?? "number"]);
  const refused = codec === "brotli" || codec === "lz4";
  writeFileSync(`${folder}/${version}-${encoding}-${dictionary ? "dictionary" : "none"}-${codec}.${refused ? "refused" : "parquet"}`,
    parquet.writeParquet(parquet.Table.fromIPCStream(ipc), how.build()));
}
for (const version of [1, 2]) {
  for (const encoding of Object.keys(encodings)) for (const dictionary of [false, true]) write(version, encoding, dictionary, "none");
  for (const codec of Object.keys(codecs).filter((codec) => codec !== "none")) write(version, "differences", version === 1, codec);
}
