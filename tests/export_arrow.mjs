// SPDX-License-Identifier: ISC
// node export_arrow.mjs FILE.arrow: each row as apache-arrow reads it, as tests/parquet_reader.py prints rows. --types: a column's name and
// type a line. --batches: the number of rows of each batch.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const require = createRequire(process.env.SW_NODE_MODULES + "/");
const { RecordBatchReader, Type } = require("apache-arrow");

const [file, mode] = process.argv.slice(2);
const reader = RecordBatchReader.from(readFileSync(file)).open();
const json = (row) =>
  "[" + row.map((value) => JSON.stringify(value).replace(/[\u007f-\uffff]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"))).join(", ") + "]";

// The library's own get() rounds times to milliseconds and dates to numbers of them: these are taken from the values beneath.
const getter = (column) => {
  const data = column.data[0];
  if (column.type.typeId === Type.Decimal) {
    const words = new BigInt64Array(data.values.buffer, data.values.byteOffset, data.values.length / 2);
    return (row) => String((words[2 * row + 1] << 64n) | BigInt.asUintN(64, words[2 * row]));
  }
  if (column.type.typeId === Type.Timestamp || column.type.typeId === Type.Date) return (row) => String(data.values[row]);
  return (row) => String(column.get(row));
};

let lines = [];
if (mode === "--types") lines = reader.schema.fields.map((field) => `${field.name} ${field.type}`);
for (const batch of mode === "--types" ? [] : reader) {
  const columns = reader.schema.fields.map((_, i) => batch.getChildAt(i));
  const getters = columns.map(getter);
  if (mode === "--batches") lines.push(String(batch.numRows));
  else for (let row = 0; row < batch.numRows; row++) lines.push(json(columns.map((column, i) => (column.isValid(row) ? getters[i](row) : null))));
}
process.stdout.write(lines.map((line) => line + "\n").join(""));
