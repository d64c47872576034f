#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Ids of 64 bits are written into JSON as texts, so that no reader makes a double of them. Perspective takes a text of digits alone for an
# integer of 32 bits all the same, and what does not fit for the largest there is: every order of a day has the id 2147483647, and so has
# every time in nanoseconds. The same id as a number, which was to be avoided, is a float and at least near; one text among them that is
# no number, and all are kept as they are.
#
#   @finos/perspective 3.8.0   "7904794000132347948" -> 2147483647      "4294967296" -> 2147483647
#                              7904794000132347948 -> 7904794000132348000 (float)
#                              with "a1" in the column, or a schema that says string: 7904794000132347948
#
# So say what the columns are: perspective.table({order_id: "string", …}), then update it. The same goes for CSV, where ids are integers
# of 64 bits inside, and rounded when they are handed to JavaScript.
#
# Installs the package from npm into a folder of its own; fails where what is seen is no longer this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @finos/perspective@3.8.0 >install.log 2>&1 || { cat install.log >&2; exit 1; }

cat >read.mjs <<'JS'
const { default: perspective } = await import("@finos/perspective");
const show = async (table) => {
  const view = await table.view();
  console.log((await table.schema()).id, JSON.stringify(await view.to_json()));
};
await show(await perspective.table([{ id: "7904794000132347948" }, { id: "7904794000132347949" }]));
await show(await perspective.table([{ id: "12345" }, { id: "4294967296" }]));
await show(await perspective.table([{ id: 7904794000132347948 }]));
await show(await perspective.table([{ id: "a1" }, { id: "7904794000132347948" }]));
const told = await perspective.table({ id: "string" });
await told.update([{ id: "7904794000132347948" }]);
await show(told);
process.exit(0);
JS
seen=$(node read.mjs)
printf '%s\n' "$seen"
expected='integer [{"id":2147483647},{"id":2147483647}]
integer [{"id":12345},{"id":2147483647}]
float [{"id":7904794000132348000}]
string [{"id":"a1"},{"id":"7904794000132347948"}]
string [{"id":"7904794000132347948"}]'
[[ $seen == "$expected" ]] || { echo 'this is no longer what was found' >&2; exit 1; }
