#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-cut: canonical text that reads back to the same records, for csv, jq, sqlite3 and awk.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# Texts with everything that quoting is about.
torture() {
  python3 - <<'PY'
import csv, sys
rows = [["order_id", "timestamp", "price", "leavesquantity", "remark"]]
texts = ["plain", "comma, inside", 'say "hi"', "two\nlines", "cr\rinside", "crlf\r\nx", " blanks ", "", "é", '"', '""', ",", "\n", "tab\there", "back\\slash", "NULL", "\\N", "-", "#x", "'"]
for i, text in enumerate(texts):
    rows.append([str(7904794000132347948 + i), str(1725516166885349741 + i), "%d.5000" % i, "0", text])
csv.writer(sys.stdout, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
PY
}

# canonical TABLE: what is left of its rows when no price is written as an empty field; of quotes, 0 is none, too.
canonical() {
  local none=-9223372036854775808
  tail -n +2 | sed -E 's/(\.[0-9]*[1-9])0+(,|$)/\1\2/g; s/\.0+(,|$)/\1/g' |
    awk -F , -v OFS=, -v none="$none" -v quotes="$([[ $1 != nbbo ]] || echo 1)" '{
      for (i = 1; i <= NF; i++) if ($i == none || quotes && (i == 4 || i == 6) && $i == "0") $i = ""
      print
    }'
}

@test "cut: CSV to records to CSV is the identity in canonical form, twice" {
  sw-gen --rows 20000 --full --seed 3 -o .
  for table in orders trades nbbo; do
    sw-chunk "$table.csv" | sw-cut >once.csv
    sw-chunk once.csv | sw-cut | cmp - once.csv
    # apart from the header's canonical names, from trailing zeros and from what stands for no price, it is the file
    diff <(canonical "$table" <"$table.csv") <(tail -n +2 once.csv)
    same "$(sw-chunk "$table.csv" | sw-info --digest)" "$(sw-chunk once.csv | sw-info --digest)"
  done
}

@test "cut: texts with commas, quotes and newlines survive, as python's csv reads them" {
  torture >torture.csv
  sw-chunk torture.csv | sw-cut >ours.csv
  python3 - <<'PY'
import csv
wanted = list(csv.reader(open("torture.csv", newline="")))
ours = list(csv.reader(open("ours.csv", newline="")))
assert [r[4] for r in wanted] == [r[4] for r in ours], (wanted, ours)
PY
  same "$(sw-chunk torture.csv | sw-info --digest)" "$(sw-chunk ours.csv | sw-info --digest)"
}

@test "cut: a first field that begins as a byte order mark keeps it" {
  mark=$'\xef\xbb\xbf'
  printf ' %sremark,order_id,timestamp\n%sx,5,1725516166885349741\n' "$mark" "$mark" | sw-chunk -t orders >marked.swr
  sw-cut marked.swr >marked.csv
  same "$(cat marked.csv)" "\"${mark}remark\",order_id,timestamp"$'\n'"\"${mark}x\",5,1725516166885349741"
  sw-chunk -t orders marked.csv | sw-cut | cmp marked.csv -
  same "$(sw-optimize --stats -o again.swr marked.swr 2>&1 | grep -c remark)" 1
}

@test "cut: a first column named as another kind of file begins is read back" {
  for name in '\xff\xfex' '\xfe\xffx' '\x1f\x8b\x08x' '\x28\xb5\x2f\xfdx' 'BZh91AY&SYx' '\xfd7zXZx' 'DBN\x01' 'PAR1\x15' '7z\xbc\xaf\x27\x1c' 'PK\x03\x04'; do
    printf ' %b,order_id,timestamp\nx,5,1725516166885349741\n' "$name" | tee -a all-named.csv >named.csv
    sw-chunk -t orders named.csv | sw-cut | tee -a all-back.csv >back.csv
    sw-chunk -t orders back.csv | sw-cut | cmp back.csv -
  done
  python3 - all-named.csv all-back.csv <<'PYTHON'
import csv, sys
named, back = ([row[0].strip() for row in csv.reader(open(file, encoding="latin-1", newline=""))] for file in sys.argv[1:])
assert len(named) == 20 and named == back, (named, back)
PYTHON
}

@test "chunk: a file of one column may be named by the letters that DBN and Parquet begin with" {
  for name in DBN PAR1; do
    printf '%s\nx\n' "$name" >one.csv
    printf '%s\r\nx\r\n' "$name" >one-crlf.csv
    for file in one.csv one-crlf.csv; do
      run sw-chunk -t orders "$file"
      [[ $output == *"has no column of schema"* ]] || { echo "$output"; false; }
    done
  done
}

@test "cut: TSV escapes, one line a row" {
  torture >torture.csv
  sw-chunk torture.csv | sw-cut -f tsv -c remark >ours.tsv
  python3 - <<'PY'
import csv
wanted = [r[4] for r in csv.reader(open("torture.csv", newline=""))]
lines = open("ours.tsv", newline="").read().split("\n")[:-1]
back = [l.replace("\\\\", "\0").replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r").replace("\0", "\\") for l in lines]
assert wanted == back, (wanted, back)
PY
}

@test "cut: JSON lines keep ids, times and texts exact, for python and for jq" {
  skip_without jq
  torture >torture.csv
  sw-chunk torture.csv | sw-cut -f jsonl >ours.jsonl
  python3 - <<'PY'
import csv, json
wanted = list(csv.DictReader(open("torture.csv", newline="")))
ours = [json.loads(line) for line in open("ours.jsonl")]
assert len(wanted) == len(ours)
for a, b in zip(wanted, ours):
    assert a["order_id"] == b["order_id"] and a["timestamp"] == b["timestamp"]
    assert (a["remark"] or None) == b["remark"], (a, b)
    assert b["leavesquantity"] == 0 and float(a["price"]) == b["price"]
PY
  jq -r .order_id ours.jsonl | diff - <(sw-chunk torture.csv | sw-cut -c order_id --no-header)
  sw-chunk torture.csv | sw-cut -f jsonl --json-numbers -c order_id | grep -qx '{"order_id":7904794000132347948}'
}

@test "cut: bytes that are not UTF-8 become lone surrogates in JSON and stay bytes in CSV" {
  printf 'order_id,timestamp,leavesquantity,remark\n1,2,3,a\xffb\n' >bytes.csv
  sw-chunk bytes.csv | sw-cut -f jsonl -c remark | grep -qxF '{"remark":"a\udcffb"}'
  sw-chunk bytes.csv | sw-cut | cmp - bytes.csv
}

@test "cut: -c takes stored and derived columns in that order; an unknown one is 2" {
  sw-gen --rows 100 --stdout orders | sw-chunk >orders.swr
  [ "$(sw-cut -c quantity,date,order_id orders.swr | head -n 1)" = quantity,date,order_id ]
  expect_status 2 sw-cut -c order_id,nothing orders.swr
  [[ $output == *"'nothing'"* ]]
  expect_status 2 sw-cut -c order_id,order_id orders.swr
  expect_status 2 sw-cut -c '' orders.swr
  expect_status 2 sw-cut -f xml orders.swr
}

@test "cut: --iso-time is right on both sides of a change of the clock" {
  skip_without python3
  printf 'order_id,timestamp,leavesquantity\n1,1728143999999999999,0\n2,1728144000000000000,0\n3,1712419199000000000,0\n4,1712419200000000000,0\n5,-1,0\n' >times.csv
  sw-chunk times.csv | sw-cut -c timestamp --no-header --iso-time --tz Australia/Sydney >ours
  cat >wanted <<'END'
2024-10-06T01:59:59.999999999+10:00
2024-10-06T03:00:00+11:00
2024-04-07T02:59:59+11:00
2024-04-07T02:00:00+10:00
1970-01-01T09:59:59.999999999+10:00
END
  diff wanted ours
  sw-chunk times.csv >times.swr
  expect_status 2 sw-cut --iso-time --tz No/Where times.swr
}

@test "cut: sqlite3 loads it and agrees on sums" {
  skip_without sqlite3
  sw-gen --rows 5000 --stdout orders >orders.csv
  sw-chunk orders.csv | sw-cut >ours.csv
  sum() { sqlite3 :memory: -cmd '.mode csv' -cmd ".import $1 t" 'select count(*), sum(quantity), sum(leavesquantity), min(order_id), max(order_id) from t'; }
  same "$(sum orders.csv)" "$(sum ours.csv)"
}

@test "cut: JSON shows as strings just those numbers that a double would change, block after block" {
  python3 - >numbers.csv <<'PY'
print("order_id,timestamp,leavesquantity,quantity,price")
quantities = ["0", "0", "1", "-1", "", "9007199254740992", "9007199254740993", "-9007199254740992", "-9007199254740993", "9223372036854775807", "-9223372036854775807", "7", "7"]
prices = ["12.5", "12.5", "12.5", "", "-0.0001", "99999999999.9999", "123456789012.3456", "12345678901234.5", "-999999999999999", "1234567890123456", "1000000000000000000000000", "-1000000000000000000000000.5", "0", "100", "3344.1"]
for i in range(600):
    print("%d,%d,%d,%s,%s" % (18446744073709551615 - i // 3, 5 - i // 50, i // 7, quantities[i % len(quantities)], prices[i % len(prices)]))
PY
  for rows in 1 2 7 600; do
    sw-chunk --block-rows "$rows" numbers.csv | sw-cut | cmp - numbers.csv
    sw-chunk --block-rows "$rows" numbers.csv | sw-cut -f jsonl >"$rows.jsonl"
    cmp 1.jsonl "$rows.jsonl"
  done
  sw-chunk numbers.csv | sw-cut -f jsonl --json-numbers >plain.jsonl
  python3 - <<'PY'
import csv, decimal, json
decimal.getcontext().prec = 60
rows = list(csv.DictReader(open("numbers.csv")))
def lines(name):
    return [json.loads(line, parse_int=decimal.Decimal, parse_float=decimal.Decimal) for line in open(name)]
for row, careful, plain in zip(rows, lines("1.jsonl"), lines("plain.jsonl"), strict=True):
    for name, text in row.items():
        if text == "":
            assert careful[name] is None and plain[name] is None
            continue
        value = decimal.Decimal(text)
        assert plain[name] == value and decimal.Decimal(careful[name]) == value
        digits = len(text.strip("-").replace(".", "").lstrip("0"))
        string = name in ("order_id", "timestamp") or (digits > 15 if name == "price" else abs(value) > 2**53)
        assert isinstance(careful[name], str) == string, (name, text, careful[name])
PY
}

@test "cut: a null of a single column is a row, too" {
  printf 'order_id,timestamp,leavesquantity,price\n1,2,3,\n2,2,3,1.5\n3,2,3,\n' >nulls.csv
  sw-chunk nulls.csv | sw-cut -c leavesquantity,price | cmp - <(printf 'leavesquantity,price\n3,\n3,1.5\n3,\n')
  sw-chunk nulls.csv | sw-cut -c price >one.csv
  cmp one.csv <(printf 'price\n""\n1.5\n""\n')
  sw-chunk -t orders one.csv | sw-cut | cmp - one.csv
  same "$(sw-chunk -t orders one.csv | sw-info --digest)" "$(sw-chunk nulls.csv | sw-filter -c price | sw-info --digest)"
}

@test "cut: a name in .gz makes gzip, the same bytes every time" {
  sw-gen --rows 30000 --stdout orders | sw-chunk >orders.swr
  sw-cut -o one.csv.gz orders.swr
  sw-cut -o two.csv.gz orders.swr
  gzip -t one.csv.gz
  cmp one.csv.gz two.csv.gz
  zcat one.csv.gz | cmp - <(sw-cut orders.swr)
  [ "$(stat -c %s one.csv.gz)" -lt $(($(zcat one.csv.gz | wc -c) / 2)) ]
  # neither a name nor a time, and an extra field alone
  same "$(head -c 10 one.csv.gz | od -A n -t x1 | tr -d ' \n')" 1f8b08040000000000ff
  same "$(sw-chunk one.csv.gz | sw-info --digest)" "$(sw-info --digest orders.swr)"
  sw-filter -e 'quantity < 0' orders.swr | sw-cut --no-header -o none.csv.gz
  [ "$(zcat none.csv.gz | wc -c)" -eq 0 ]
  sw-cut -f jsonl -o one.jsonl.gz orders.swr
  zcat one.jsonl.gz | cmp - <(sw-cut -f jsonl orders.swr)
  sw-agg -g side -o sides.csv.gz orders.swr
  zcat sides.csv.gz | cmp - <(sw-agg -g side orders.swr)
  sw-agg -g side -f swr -o sides.gz orders.swr
  sw-info sides.gz | grep -q rows
}

@test "cut: a compressed file is whole or not there" {
  [ -w /dev/full ] || skip 'no /dev/full'
  sw-gen --rows 5000 --stdout orders | sw-chunk >orders.swr
  ln -s /dev/full full.gz
  expect_status 3 sw-cut -o full.gz orders.swr
  [ "$output" = 'sw-cut: full.gz: No space left on device' ]
  expect_status 1 bash -c 'head -c 100000 orders.swr | sw-cut -o part.csv.gz'
  expect_status 3 bash -c 'ulimit -f 16; trap "" XFSZ; sw-cut -o part.csv.gz orders.swr'
  [ -z "$(find . -name 'part*')" ]
}

@test "cut: what only its last write loses is not there either" {
  sw-gen --rows 100 --stdout orders | sw-chunk >orders.swr
  for name in part.csv part.csv.gz part.jsonl; do
    # shellcheck disable=SC2016 # for the inner shell
    expect_status 3 bash -c 'ulimit -f 1; trap "" XFSZ; sw-cut -o "$1" orders.swr' - $name
    [[ $output == "sw-cut: $name: "* ]]
  done
  [ -z "$(find . -name 'part*')" ]
}

@test "cut: numbers of every length come out as they went in, next to like and unlike ones" {
  python3 - >numbers.csv <<'PYTHON'
import random
random.seed(11)
edges = [sign * (10 ** power + step) for power in range(19) for step in (-1, 0, 1) for sign in (1, -1)]
edges = [str(value) for value in edges if -2 ** 63 <= value < 2 ** 63] + [str(2 ** 63 - 1), str(-2 ** 63)]
def value():
    kind = random.randrange(6)
    if kind == 0: return ""
    if kind == 1: return random.choice(edges)
    if kind == 2: return str(random.randrange(10 ** random.randrange(1, 19)))
    return str(7904398176 * 10 ** 8 + random.randrange(3 * 10 ** 8))
print("a,b,c")
last = ["", "", ""]
for row in range(20000):
    last = [old if random.randrange(3) == 0 else value() for old in last]
    print(",".join(last) if any(last) else "0,,")
PYTHON
  printf '%s\n' 'table numbers' 'column a int' 'column b int' 'column c time' >numbers.schema
  # No times before 1970, and none that would be seconds, milliseconds or microseconds of our days.
  sed -E 's/,-[0-9]*$/,/; s/,([0-9]{9,10}|[0-9]{12,13}|[0-9]{15,16})$/,/' numbers.csv >signed.csv
  sw-chunk -t ./numbers.schema signed.csv >numbers.swr
  sw-cut numbers.swr | cmp - signed.csv
  sw-cut -f tsv numbers.swr | tr '\t' , | cmp - signed.csv
  sw-cut -f jsonl --json-numbers numbers.swr | python3 -c 'import json, sys
print("a,b,c")
for line in sys.stdin:
    print(",".join("" if value is None else str(value) for value in json.loads(line).values()))' | cmp - signed.csv
}

@test "cut: --rows has the first ones, of any format and blocks, and reads the rest all the same" {
  cd "$BATS_TEST_TMPDIR"
  sw-gen --rows 500 --stdout orders | sw-chunk --block-rows 64 >orders.swr
  for rows in 0 1 63 64 65 499 500 501; do
    sw-cut --rows "$rows" --tally tally orders.swr | cmp - <(sw-cut orders.swr | head -n $((rows + 1)))
    kept=$((rows < 500 ? rows : 500))
    same "$(cat tally)" "500	$kept	$((500 - kept))	0"
    same "$(sw-cut --rows "$rows" -f jsonl orders.swr | wc -l)" "$kept"
  done
  head -c $(($(stat -c %s orders.swr) - 40)) orders.swr >cut.swr
  expect_status 1 sw-cut --rows 3 -o out.csv cut.swr
  [ ! -e out.csv ]
}
