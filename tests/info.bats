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

# bats test_tags=plain
@test "info: --verify finds every bit of a directory or an index that is not so, whatever its checksum says" {
  head -n 25 orders.csv | sw-chunk --block-rows 12 -c order_id,timestamp,security_code,price >few.swr
  printf 'order_id,timestamp,leavesquantity,remark\n1,5,,a\n2,6,,b\n3,7,,\n' | sw-chunk >nulls.swr
  sw-optimize --index few.swr >small.swr
  for file in few nulls small; do
    sw-info --verify "$file.swr"
    python3 "$BATS_TEST_DIRNAME/lies.py" "$file.swr" sw-info --verify
  done
}

lie() {
  python3 "$BATS_TEST_DIRNAME/lies.py" --set "$@"
}

@test "info: --verify says what is not so: bounds, nulls' too, the order, the version" {
  awk -F, 'NR == 1 { print "order_id,timestamp,leavesquantity,remark"; next } NR < 102 { print NR ",5," NR % 7 ",t" NR }' orders.csv |
    sw-chunk --block-rows 50 >plain.swr
  lie plain.swr 0.leavesquantity.maximum=4 >lie.swr
  expect_status 1 sw-info --verify lie.swr
  [[ $output == *"column leavesquantity of the block after 0 rows: the directory's maximum is 4, that of its values 6"* ]]
  # What it was good for: a filter that goes by the bounds gives another answer.
  [ "$(sw-filter -e 'leavesquantity > 4' lie.swr | sw-cut | wc -l)" -ne "$(sw-filter -e 'leavesquantity > 4' plain.swr | sw-cut | wc -l)" ]
  lie plain.swr 1.remark.low=6161 >lie.swr
  expect_status 1 sw-info --verify lie.swr
  [[ $output == *"column remark of the block after 50 rows: the directory's minimum is not that of its values"* ]]
  for order in order_id timestamp,order_id; do
    sw-sort -k "$order" --block-rows 50 plain.swr >sorted.swr
    sw-info --verify sorted.swr
    lie sorted.swr swap=0,1 >lie.swr
    expect_status 1 sw-info --verify lie.swr
    [[ $output == *'row 51 is not in the order that the header tells'* ]]
  done
  lie plain.swr order=leavesquantity >lie.swr
  expect_status 1 sw-info --verify lie.swr
  [[ $output == *'is not in the order'* ]]
  lie plain.swr order=order_id | sw-info --verify
  # A stream that has encodings of 1.2, and a header without what came later.
  python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' \
    <"$BATS_TEST_DIRNAME/vectors/record-1.2.hex" >small.swr
  lie small.swr version=0 >lie.swr
  expect_status 1 sw-info --verify lie.swr
  [[ $output == *'newer than the header'* ]]
}

@test "info: the order is that of each stream: what is made of several sorted ones still says no more" {
  sw-sort -k security_code,order_id,timestamp,sequence orders.swr >sorted.swr
  cat sorted.swr sorted.swr >twice.swr
  sw-filter -e 'side == 1' --reject others.swr twice.swr >filtered.swr
  sw-optimize twice.swr >optimized.swr
  sw-split -k side -o 'side.{side}.swr' twice.swr
  for file in filtered others optimized side.1 side.2; do
    sw-info "$file.swr" | grep -q '^sorted by  *security_code, order_id, timestamp, sequence$'
    sw-info --verify "$file.swr"
  done
  same "$(sw-info --digest optimized.swr)" "$(sw-info --digest twice.swr)"
  same "$(sw-cut filtered.swr | sort)" "$(sw-filter -e 'side == 1' orders.swr orders.swr | sw-cut | sort)"
}

@test "info: a dictionary's entry that no row has is no bound of what is written" {
  printf 'order_id,timestamp,leavesquantity,remark\n1,5,,a\n2,6,,b\n' | sw-chunk --block-rows 2 >two.swr
  lie two.swr 0.remark.codes=0000 0.remark.high=61 >one.swr
  sw-info --verify one.swr
  sw-filter --block-rows 2 one.swr >again.swr
  sw-info --verify again.swr
  same "$(sw-info --digest again.swr)" "$(sw-info --digest one.swr)"
}

@test "info: digests agree through chunk, cat, split, optimize and CSV, and differ when a value does" {
  whole=$(sw-info --digest orders.swr)
  index=0
  while read -r _ offset length; do
    sw-chunk --range "$offset:$length" --block-rows 100 orders.csv >"part.$index"
    index=$((index + 1))
  done < <(sw-chunk --plan -n 5 orders.csv)
  same "$(cat part.4 part.2 part.0 part.1 part.3 | sw-info --digest)" "$whole"
  for level in 0 1 6 9; do
    sw-optimize -z "$level" orders.swr >small.swr
    same "$(sw-info --digest small.swr)" "$whole"
    verified small.swr
  done
  same "$(sw-cut orders.swr | sw-chunk | sw-info --digest)" "$whole"
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
