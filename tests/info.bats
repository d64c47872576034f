#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-info and sw-optimize: what a stream holds, and that rewriting it loses nothing.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  sw-gen --rows 30000 --seed 9 --stdout orders >orders.csv
  sw-chunk orders.csv >orders.swr
}

@test "info: rows, columns, types and bounds are right" {
  sw-info -f json orders.swr >about.json
  python3 - <<'PY'
import csv, json
about = json.load(open("about.json"))
rows = list(csv.DictReader(open("orders.csv")))
assert about["rows"] == len(rows) == 30000 and about["table"] == "orders" and about["time"] == "timestamp"
assert [c["name"] for c in about["columns"]] == list(rows[0])
for column in about["columns"]:
    if column["name"] in ("order_id", "quantity", "timestamp", "side", "participantid"):
        values = [int(r[column["name"]]) for r in rows]
        assert (int(column["minimum"]), int(column["maximum"])) == (min(values), max(values)), column
assert about["made_by"][0].startswith("sw-chunk ")
PY
}

@test "info: text, blocks and several files" {
  sw-info orders.swr | grep -q '^rows  *30000$'
  sw-info orders.swr orders.swr | grep -q '^rows  *60000$'
  sw-chunk --block-rows 1000 orders.csv | sw-info --blocks >blocks
  [ "$(wc -l <blocks)" -eq $((1 + 30 * 12)) ]
  sw-info --verify orders.swr | grep -qx 'OK: 30000 rows in 2 blocks'
}

@test "info: provenance tells programs and options, never a path, a range or a block size" {
  cp orders.csv secret-name.csv
  sw-chunk --block-rows 777 -c order_id,side,timestamp secret-name.csv | sw-filter -e 'side == 1' | sw-info >about
  grep -q 'sw-chunk .* --columns=order_id,side,timestamp' about
  grep -q "sw-filter .* --expression='side == 1'" about
  [ "$(grep -Ec "secret|777|block-rows" about)" -eq 0 ]
}

@test "info: digests agree through chunk, cat, split, optimize and CSV, and differ when a value does" {
  whole=$(sw-info --digest orders.swr)
  index=0
  while read -r _ offset length; do
    sw-chunk --range "$offset:$length" --block-rows 100 orders.csv >"part.$index"
    index=$((index + 1))
  done < <(sw-chunk --plan -n 5 orders.csv)
  [ "$(cat part.4 part.2 part.0 part.1 part.3 | sw-info --digest)" = "$whole" ]
  for level in 0 1 6 9; do
    sw-optimize -z "$level" orders.swr >small.swr
    [ "$(sw-info --digest small.swr)" = "$whole" ]
    sw-info --verify small.swr
  done
  [ "$(sw-cut orders.swr | sw-chunk | sw-info --digest)" = "$whole" ]
  [ "$(awk -F, -v OFS=, 'NR == 777 { $6 += 1 } { print }' orders.csv | sw-chunk | sw-info --digest)" != "$whole" ]
  [ "$(sw-cut -c order_id,timestamp,leavesquantity orders.swr | sw-chunk | sw-info --digest)" != "$whole" ]
}

@test "optimize: smaller, the same rows in the same order, full blocks" {
  sw-optimize -z 9 --stats orders.swr >small.swr 2>stats
  [ "$(wc -c <small.swr)" -lt "$(wc -c <orders.swr)" ]
  sw-cut small.swr | cmp - <(sw-cut orders.swr)
  sw-info small.swr | grep -q '^blocks  *1$'
  grep -q '^all ' stats
  expect_status 2 sw-optimize -z 10 orders.swr
  expect_status 2 sw-optimize -z x orders.swr
}

@test "info: modes that do not go together are 2" {
  expect_status 2 sw-info --verify --digest orders.swr
  expect_status 2 sw-info -f xml orders.swr
  expect_status 2 sw-info -f json --blocks orders.swr
}

@test "info: JSON is UTF-8, whatever the names of the columns" {
  printf 'order_id,timestamp,leavesquantity,caf\xe9,\xc3\xa9t\xc3\xa9,"a ""b"""\n1,2,3,x,y,z\n' | sw-chunk | sw-info -f json >about.json
  python3 - <<'PY'
import json
about = json.loads(open("about.json", "rb").read().decode("utf-8", "strict"))
assert [c["name"] for c in about["columns"]][3:] == ["caf\udce9", "\u00e9t\u00e9", 'a "b"'], about
PY
}

@test "sw-info: provenance names no folder" {
  cd "$BATS_TEST_TMPDIR"
  sw-gen --rows 10 --stdout orders >orders.csv
  mkdir secret
  echo 110621 >secret/codes
  cp "$TREE/share/schemas/orders.schema" secret/mine.schema
  sw-chunk -t secret/mine.schema -s @secret/codes orders.csv | sw-filter -s "@$PWD/secret/codes" | sw-info >about
  grep -q 'sw-chunk .*--schema=mine.schema --securities=@codes' about
  grep -q 'sw-filter .*--securities=@codes' about
  expect_status 1 grep secret about
}
