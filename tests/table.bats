#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Tables for eyes: what a terminal gets, and the formats that names of outputs stand for.

# shellcheck disable=SC2154
bats_require_minimum_version 1.5.0
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  sw-gen --rows 500 --securities 5 --days 2 --stdout orders >orders.csv
  sw-chunk orders.csv >orders.swr
}

# on_terminal COLUMNS COMMAND: its output, as a terminal of that width got it.
on_terminal() {
  skip_without script
  script -qec "stty cols $1; $2" /dev/null </dev/null | tr -d '\r'
}

# cells FILE: the cells of a table, by the places of its rule, as CSV; rows that are none are left out.
cells() {
  python3 - "$1" <<'PY'
import csv, sys
lines = open(sys.argv[1], encoding="utf8").read().splitlines()
rule = next(i for i, line in enumerate(lines) if line.startswith("─"))
ends, spans = 0, []
for dashes in lines[rule].split("  "):
    spans.append((ends, ends + len(dashes)))
    ends += len(dashes) + 2
out = csv.writer(sys.stdout, lineterminator="\n")
for line in lines[rule - 1:rule] + [l for l in lines[rule + 1:] if not l.startswith("…")]:
    if line[:1].isdigit() and " columns fit" in line:
        break
    if line[:1].isdigit() and " rows, of which " in line:
        continue
    assert all(line[a - 2:a].strip() == "" for a, _ in spans[1:]), line
    out.writerow(line[a:b if b < ends - 2 else None].strip() for a, b in spans)
PY
}

@test "table: every cell is CSV's, numbers to the right, others to the left" {
  sw-agg -g security_code,fill,date -a 'n=count(),mean=mean(price),sum=sum(totalmatchedquantity)' orders.swr >want.csv
  sw-agg -g security_code,fill,date -a 'n=count(),mean=mean(price),sum=sum(totalmatchedquantity)' -f table orders.swr >seen
  cells seen | cmp - want.csv
  # n ends where its rule does, fill begins there.
  python3 - <<'PY'
header, rule, *rows = open("seen", encoding="utf8").read().splitlines()
ends = [i for i, c in enumerate(rule + " ") if c == " " and rule[i - 1] == "─"]
starts = [i for i, c in enumerate(rule) if c == "─" and (i == 0 or rule[i - 1] == " ")]
assert header[starts[1]:].startswith("fill") and header[:ends[3]].endswith(" n")
assert len(rows) > 5
for row in rows:
    assert row[starts[1]] != " " and row[ends[3] - 1].isdigit() and row[ends[0] - 1].isdigit(), row
PY
  sw-cut -c order_id,price,participantid orders.swr | head -n 21 >first.csv
  sw-cut -c order_id,price,participantid -f table orders.swr >long
  cells long | head -n 21 | cmp - first.csv
  sw-cut -c order_id,price,participantid orders.swr | tail -n 20 >last.csv
  cells long | tail -n 20 | cmp - last.csv
  grep -qx '… 460 rows …' long
  same "$(tail -n 1 long)" '500 rows, of which 40 are shown'
}

@test "table: a terminal gets one that fits, a pipe and a file get CSV" {
  for columns in 40 80 160; do
    on_terminal "$columns" 'sw-agg -g security_code orders.swr' >seen
    [[ $(wc -l <seen) -gt 5 ]]
    grep -v ' columns fit; left out: ' seen | python3 -c '
import sys
assert max(len(line.decode().rstrip("\n")) for line in sys.stdin.buffer) <= int(sys.argv[1])' "$columns"
    cells seen >shown.csv
    sw-agg -g security_code orders.swr | cut -d , -f "1-$(head -n 1 shown.csv | tr , '\n' | wc -l)" | cmp - shown.csv
  done
  on_terminal 80 'sw-agg -g security_code orders.swr' | sed -n '/of 21 columns fit; left out: /,$p' | grep -q ' last_timestamp$'
  on_terminal 80 'sw-cut -c side -f csv orders.swr' | cmp - <(sw-cut -c side orders.swr)
  on_terminal 80 'sw-cut -c side -o side.csv orders.swr'
  cmp side.csv <(sw-cut -c side orders.swr)
  on_terminal 80 'sw-metrics --help' >/dev/null
}

@test "table: sw-info has one of columns and one of blocks, with local times and the bounds of the rows" {
  sw-info -f table orders.swr >seen
  sed '1,/^$/d' seen | sed '/^$/,$d' >table
  cells table >cells.csv
  python3 - <<'PY'
import csv, datetime, zoneinfo
rows = list(csv.DictReader(open("orders.csv")))
seen = {row["column"]: row for row in csv.DictReader(open("cells.csv"))}
assert list(seen) == list(rows[0]), seen
for name in ("order_id", "quantity", "side", "participantid"):
    values = [int(row[name]) for row in rows]
    assert (seen[name]["minimum"], seen[name]["maximum"], seen[name]["nulls"]) == (str(min(values)), str(max(values)), "0"), seen[name]
ends = [end(int(row["timestamp"]) for row in rows) for end in (min, max)]
for end, name, word in zip(ends, ("minimum", "maximum"), ("from", "to")):
    local = datetime.datetime.fromtimestamp(end // 10**9, zoneinfo.ZoneInfo("Australia/Sydney")).strftime("%Y-%m-%d %H:%M:%S")
    text = f"{local}.{end % 10**9:09}".rstrip("0").rstrip(".")
    assert seen["timestamp"][name] == text, (seen["timestamp"], text)
    assert f"{word:13}{text}\n" in open("seen"), word
PY
  # The lines around it are those of the text, which a pipe gets as ever.
  sw-info orders.swr >plain
  same "$(on_terminal 200 'sw-info orders.swr')" "$(cat seen)"
  diff <(sed '/^$/,$d' plain) <(sed '/^$/,$d' seen | grep -vE '^(from|to) ')
  same "$(sed '1,/^made by/d' seen)" "$(sed '1,/^made by/d' plain)"
  on_terminal 200 'sw-info --blocks orders.swr' >seen
  cells seen | tr , '\t' | cmp - <(sw-info --blocks orders.swr)
  expect_status 2 sw-info --digest -f table orders.swr
  # No rows are at no time.
  sw-filter -e 'side > 7' orders.swr | sw-info -f table >empty
  [ "$(grep -cE '^(from|to) ' empty)" -eq 0 ]
}

@test "table: who looks on is told where nothing was selected, who does not is not" {
  local rows
  rows=$(sed 1d orders.csv | wc -l)
  same "$(on_terminal 80 'sw-filter -e "side > 7" orders.swr >out')" "sw-filter: 0 of $rows rows selected"
  same "$(on_terminal 80 'sw-filter -e "side > 7" <orders.swr >out')" "sw-filter: 0 of $rows rows selected"
  same "$(on_terminal 80 'sw-chunk -s 1 orders.csv >out')" "sw-chunk: 0 of $rows rows selected"
  same "$(on_terminal 80 'sw-filter --count -s 1 orders.swr')" 0
  silent on_terminal 80 'sw-filter -e "side > 0" orders.swr >out'
  sw-filter -e 'side > 7' orders.swr 2>err >out
  sw-chunk -s 1 orders.csv 2>>err | sw-cut >out
  [ ! -s err ]
  same "$(cat out)" "$(head -n 1 orders.csv)"
}

@test "table: times are local ones" {
  sw-cut -c timestamp,order_id --iso-time --tz Australia/Sydney orders.swr | head -n 21 | sed -E 's/T/ /; s/[+-][0-9]{2}:[0-9]{2},/,/' >want
  sed -i '1s/.*/timestamp,order_id/' want
  sw-cut -c timestamp,order_id -f table --tz Australia/Sydney orders.swr >seen
  cells seen | head -n 21 | cmp - want
}

@test "table: what a terminal must not have is escaped, and characters count once" {
  printf 'table t\ncolumn a text\ncolumn b int\n' >t.schema
  printf 'a,b\n\033[31mred,1\nna\xc3\xafve,22\n"two\nlines",3\n' | sw-chunk -t t.schema >odd.swr
  sw-cut -f table odd.swr >seen
  same "$(cat seen)" 'a             b
───────────  ──
\x1b[31mred   1
naïve        22
two\nlines    3'
}

@test "table: no rows, one column, no room" {
  sw-filter -e 'price < 0' orders.swr | sw-cut -c order_id -f table >seen
  same "$(cat seen)" $'order_id\n────────'
  on_terminal 20 'sw-cut -c order_id,price orders.swr' >seen
  grep -A 1 -x '1 of 2 columns fit; left out:' seen | grep -qx price
}

@test "table: where tables are not for, they are wrong usage" {
  expect_status 2 sw-agg --reports all -f table -o out orders.swr
  expect_status 2 sw-split -k security_code -f table -o '{security_code}.txt' orders.swr
  expect_status 2 sw-cut -f table --no-header orders.swr
}

@test "names of outputs: each ending is its format, an explicit -f wins" {
  local name
  for name in csv tsv jsonl parquet arrow arrows; do
    sw-cut -o "x.$name" orders.swr
    sw-cut -f "$name" orders.swr | cmp - "x.$name"
    sw-agg -g side -o "y.$name" orders.swr
    sw-agg -g side -f "$name" orders.swr | cmp - "y.$name"
  done
  for name in csv tsv jsonl; do
    sw-cut -o "x.$name.gz" orders.swr
    zcat "x.$name.gz" | cmp - "x.$name"
  done
  sw-agg -g side -o y.swr orders.swr
  sw-cut y.swr | cmp - <(sw-cut <(sw-agg -g side -f swr orders.swr))
  sw-cut -f tsv -o odd.csv orders.swr
  cmp odd.csv x.tsv
  sw-cut -o plain orders.swr
  cmp plain x.csv
  sw-cut -o csv orders.swr
  cmp csv x.csv
  expect_status 2 sw-cut -o x.parquet.gz orders.swr
}

@test "names of outputs: a pipeline that writes one format refuses the name of another" {
  local name
  for name in x.tsv x.jsonl.gz x.parquet x.arrow x.arrows x.swr; do
    expect_status 2 extract -o "$name" orders.csv
    [[ $output == *"the rows are written as CSV, whatever the name"*"'$name'" && ! -e $name ]]
  done
  for name in x.csv.gz x.parquet x.arrows; do
    expect_status 2 convert -o "$name" orders.csv
    [[ $output == *"records are written, whatever the name"*"'$name'" && ! -e $name ]]
  done
  extract -o x.txt orders.csv 2>err
  cmp x.txt <(sw-cut orders.swr)
}

@test "table: what is left out is named in lines that fit" {
  on_terminal 60 'sw-agg -g side orders.swr' >got
  [ "$(awk '{ if (length > most) most = length } END { print most }' <(LC_ALL=C.UTF-8 sed 's/─/-/g' got))" -le 60 ]
  sed -n '/left out:/,$p' got | tr '\n' ' ' | sed 's/.*left out: //; s/ *$/\n/; s/, /\n/g' >left
  sw-agg -g side orders.swr | head -n 1 | tr , '\n' | tail -n "$(wc -l <left)" | diff - left
}

@test "table: a run ends with tables on a terminal, in a pipe with none" {
  report -o out orders.csv >piped
  [ ! -s piped ]
  sw-page --tables out >whole
  on_terminal 300 "$(command -v sw) report -o out orders.csv" | sed 1d | diff - whole
  cells whole | cut -d, -f1-3 | diff - <(cut -d, -f1-3 out/aggregated/by_security.csv)
  sw-page --tables -o file out
  cmp file whole
  expect_status 2 sw-page --tables --no-plots out
  expect_status 2 sw-page --tables -o out/aggregated/by_security.csv out
  report -g side,hour -a 'n=count(),note=min(orderstatus)' -o own orders.csv
  sw-page --tables own >own.txt
  cells own.txt | diff - own/aggregated/groups.csv
}
