#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-sort: the order against Python's, any memory the same rows, merging any split the whole, the index.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  printf '%s\n' 'table mixed' 'time at' 'column id uint' 'column few int' 'column text text' 'column price decimal' \
    'column wide decimal:2' 'column big uint' 'column at time' 'column long text' >mixed.schema
}

oracle() {
  python3 "$BATS_TEST_DIRNAME/sort_oracle.py" "$@"
}

# mixed ROWS SEED: random rows in mixed.swr.
mixed() {
  oracle make "$1" "$2" >made.csv
  sw-chunk -t mixed.schema --block-rows 700 made.csv >mixed.swr
}

# The same in mixed.csv, too.
mixed_csv() {
  mixed "$@"
  sw-cut mixed.swr >mixed.csv
}

# orders ROWS: rows in orders.swr, not in the order of anything but time.
orders() {
  sw-gen --rows "$1" --securities 7 --days 2 --seed 5 --stdout orders | sw-chunk --block-rows 500 >orders.swr
}

readonly specs='few text,few:desc wide:desc,text big,price price:desc,at:desc at,text:desc,few long:desc few,text,price,wide,big'

@test "sort: any keys, ascending and descending, nulls first, as Python sorts them, and stably" {
  mixed_csv 5000 1
  for keys in $specs; do
    echo "$keys"
    oracle sort "$keys" <mixed.csv >wanted.csv
    sw-sort -k "$keys" mixed.swr | sw-cut | cmp - wanted.csv
  done
}

@test "sort: --last-resort puts equal rows in the order of the other columns" {
  mixed_csv 5000 2
  for keys in few,text few:desc text,few; do
    oracle sort "$keys" last <mixed.csv >wanted.csv
    sw-sort --last-resort -k "$keys" mixed.swr | sw-cut | cmp - wanted.csv
    # The order of the input no longer matters.
    sw-sort -k big mixed.swr | sw-sort --last-resort -k "$keys" | sw-cut | cmp - wanted.csv
  done
}

@test "sort: as sort(1) does" {
  orders 20000
  sw-cut --no-header -c security_code,order_id,timestamp,sequence orders.swr |
    sort -s -t, -k1,1n -k2,2nr -k3,3n -k4,4n >wanted
  sw-sort -k security_code,order_id:desc,timestamp,sequence orders.swr |
    sw-cut --no-header -c security_code,order_id,timestamp,sequence | cmp - wanted
}

@test "sort: any memory gives the same stream, and every row" {
  mixed 40000 3
  for keys in few,text long:desc,wide; do
    sw-sort -k "$keys" mixed.swr >all.swr
    same "$(sw-info --digest all.swr)" "$(sw-info --digest mixed.swr)"
    for memory in 1M 1500K 3M 7M; do
      sw-sort -S "$memory" -k "$keys" mixed.swr | cmp - all.swr
    done
  done
}

@test "sort: many runs take several passes" {
  # Rows of a kilobyte: 1M holds some hundred of them, and merges few blocks at once.
  python3 -c '
import random
print("id,few,text,price,wide,big,at,long")
random.seed(4)
for i in range(20000):
    print("%d,%d,,,,0,,%s" % (i, random.randrange(100), random.randbytes(500).hex()))
' | sw-chunk -t mixed.schema >long.swr
  sw-sort -k few,long long.swr | sw-cut >all.csv
  sw-sort -S 1M -k few,long long.swr >all.swr
  sw-cut all.swr | cmp - all.csv
  same "$(sw-info --digest all.swr)" "$(sw-info --digest long.swr)"
}

@test "sort: derived keys are computed and not written, sizes are in the order of their bounds" {
  orders 5000
  sw-cut -c date,hour,order_id,quantity orders.swr --no-header | sort -s -t, -k1,1 -k2,2nr | cut -d, -f3,4 >wanted
  sw-sort -k date,hour:desc orders.swr | sw-cut --no-header -c order_id,quantity | cmp - wanted
  sw-sort -k size orders.swr | sw-cut --no-header -c size | uniq >sizes
  same "$(sort sizes)" "$(sort -u sizes)"
  same "$(head -n 2 sizes)" $'<=1K\n1K-5K'
  same "$(sw-sort -k size,date orders.swr | sw-info --digest)" "$(sw-info --digest orders.swr)"
}

@test "sort: a key that is computed, by a name or without, is in the order of its values and not written" {
  sw-gen --rows 2000 --stdout orders | grep -v -e ',-9223' -e ',,' >orders.csv
  sw-chunk orders.csv >orders.swr
  python3 - >wanted <<'PY'
import csv
from decimal import Decimal
rows = [row for row in csv.DictReader(open("orders.csv"))]
value = lambda row: int(Decimal(row["price"]) * int(row["quantity"]))
for row in sorted(rows, key=lambda row: (-value(row), int(row["timestamp"]) // 300000000000)):
    print(value(row), row["order_id"], row["sequence"], sep=",")
PY
  sw-sort -k 'notional=price*quantity:desc,bucket(timestamp,5m)' -o sorted.swr orders.swr
  sw-cut --no-header -c 'notional=price*quantity,order_id,sequence' sorted.swr | diff - wanted
  sw-sort -k 'notional=price*quantity' orders.swr | sw-cut --no-header -c 'notional=price*quantity' | diff - <(cut -d, -f1 wanted | sort -n)
  same "$(sw-info sorted.swr | grep -c notional)" "$(sw-info sorted.swr | grep -c 'keys=.notional')"
  sw-sort -m -k 'notional=price*quantity:desc,bucket(timestamp,5m)' sorted.swr | sw-info --digest | diff - <(sw-info --digest orders.swr)
  expect_status 2 sw-sort -k 'price=price*quantity' orders.swr
  [[ $output == *"'price' is a column already"* ]]
}

@test "sort: the header says how the rows are sorted, up to the first derived key" {
  orders 1000
  sorted_by() { sw-info -f json | jq -c '[.sorted_by[] | [.column, .descending]]'; }
  same "$(sw-sort -k side,price:desc orders.swr | sorted_by)" '[["side",false],["price",true]]'
  same "$(sw-sort -k side,date,price orders.swr | sorted_by)" '[["side",false]]'
  same "$(sw-sort --last-resort -k side orders.swr | sorted_by)" '[["side",false]]'
  # Rows that pass a filter stay in order; those of two files do not come in one.
  sw-sort -k side orders.swr >a.swr
  same "$(sw-filter -e 'price > 0' a.swr | sorted_by)" '[["side",false]]'
  same "$(sw-filter -e 'price > 0' a.swr a.swr | sorted_by)" '[]'
  same "$(sw-optimize a.swr a.swr | sorted_by)" '[]'
}

@test "sort: nothing to sort, one row, no rows of the security" {
  orders 1000
  sw-filter -e 'side == 9' orders.swr >none.swr
  same "$(sw-sort -k price none.swr | sw-cut)" "$(sw-cut none.swr)"
  same "$(sw-sort -m -k price none.swr none.swr | sw-cut)" "$(sw-cut none.swr)"
  same "$(sw-sort -s 1 -k price orders.swr | sw-cut)" "$(sw-cut none.swr)"
  sw-cut orders.swr | head -n 2 | sw-chunk >one.swr
  same "$(sw-sort -k price one.swr | sw-cut)" "$(sw-cut one.swr)"
}

# --- merging ---------------------------------------------------------------

# bats test_tags=plain
@test "sort -m: any split of the rows, sorted and merged, is the whole sorted" {
  mixed_csv 6000 5
  for keys in few,text wide:desc at,long:desc; do
    sw-sort -k "$keys" mixed.swr | sw-cut >wanted.csv
    for parts in 1 2 9 60; do
      [[ $parts != 60 || $keys == few,text ]] || continue
      rm -f part.*
      awk -v parts="$parts" 'NR == 1 { for (i = 0; i < parts; i++) print > sprintf("part.%03d", i); next }
        { print > sprintf("part.%03d", int((NR - 2) * parts / 6000)) }' mixed.csv
      for part in part.*; do
        sw-chunk -t mixed.schema "$part" | sw-sort -k "$keys" --block-rows 50 -o "$part.swr"
      done
      sw-sort -m -k "$keys" part.*.swr | sw-cut | cmp - wanted.csv
      sw-sort -m -S 1M -k "$keys" part.*.swr | sw-cut | cmp - wanted.csv
    done
  done
}

# bats test_tags=check
@test "sort -m: ten thousand files with 64 open at a time" {
  orders 300
  sw-sort --last-resort -k order_id,timestamp orders.swr >part.swr
  for _ in {1..10000}; do echo part.swr; done >names
  (
    ulimit -n 64
    xargs sw-sort -m --last-resort -k order_id,timestamp <names >all.swr
  )
  # Each row ten thousand times, in order.
  same "$(sw-cut --no-header all.swr | uniq -c | awk '{ print $1 }' | sort -u)" 10000
  same "$(sw-cut all.swr | uniq)" "$(sw-cut part.swr)"
}

@test "sort -m: a row out of order is named" {
  orders 1000
  sw-sort -k price orders.swr >good.swr
  sw-sort -k price:desc orders.swr >bad.swr
  expect_status 1 sw-sort -m -k price -o out.swr good.swr bad.swr
  [[ $output == 'sw-sort: bad.swr: row '*': not sorted by price: price '*' comes after '* ]]
  row=${output#*row }
  row=${row%%:*}
  # That row is the first of its kind.
  same "$(sw-cut --no-header -c price bad.swr | awk 'NR > 1 && $1 + 0 < last + 0 { print NR; exit } { last = $1 }')" "$row"
  [ ! -e out.swr ]
}

@test "sort -m: files with other columns, and a file that ends early" {
  orders 1000
  sw-sort -k price orders.swr >good.swr
  sw-filter -c price,side good.swr >other.swr
  expect_status 1 sw-sort -m -k price good.swr other.swr
  [[ $output == *'other.swr: a stream with other columns than good.swr' ]]
  head -c 20000 good.swr >cut.swr
  expect_status 1 sw-sort -m -k price good.swr cut.swr
  [[ $output == *'cut.swr: ended early after '*' rows' ]]
}

# --- blocks and their index ------------------------------------------------

@test "sort: --block-keys ends a block where a key changes" {
  orders 5000
  sw-sort -k security_code,side --block-keys security_code,side orders.swr >blocks.swr
  for column in security_code side; do
    sw-info --blocks blocks.swr | awk -F '\t' -v column="$column" '$3 == column && $9 != $10 { exit 1 }'
  done
  same "$(sw-info --digest blocks.swr)" "$(sw-info --digest orders.swr)"
  # Neighbouring blocks differ, unless the first of them was full.
  same "$(sw-info -f json blocks.swr | jq .blocks)" "$(sw-cut --no-header -c security_code,side blocks.swr | uniq | wc -l)"
}

@test "sort: an indexed stream is read by every route, by the page's own reader too" {
  orders 3000
  mixed 3000 6
  sw-sort -k security_code,timestamp --block-keys security_code --index orders.swr >a.swr
  sw-sort -k long,wide --block-rows 100 --index mixed.swr >b.swr
  for file in a b; do
    same "$(python3 "$BATS_TEST_DIRNAME/record_reader.py" <$file.swr | tail -n 1)" "$(sw-info --digest $file.swr)"
    same "$(sw-info --digest <$file.swr)" "$(sw-info --digest $file.swr)"
    same "$(cat $file.swr $file.swr | sw-info --verify)" "$(sw-info --verify $file.swr $file.swr)"
  done
  same "$(sw-info a.swr | grep ^index)" "index        $(sw-info -f json a.swr | jq .blocks) entries: timestamp, security_code"
  # A stream of what was there at first, without an index, is version 1.0, as it was.
  python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' \
    <"$BATS_TEST_DIRNAME/vectors/record-1.0.hex" >old.swr
  same "$(sw-sort -k a old.swr | head -c 28 | tail -c 2 | od -An -tx1)" ' 00 00'
}

# An index has room for 4 MiB of entries, and makes one of every two where there are more: their bounds are those of both.
@test "sort -s: an index of more blocks than it has room for leaves no row out" {
  columns=$(printf 'c%d,' {1..12})
  { printf 'table wide\ntime at\ncolumn at time\ncolumn id int\n' && printf 'column c%d int\n' {1..12}; } >wide.schema
  { echo "id,at,${columns%,}" && seq 9000 | awk '{ print $1 ",17255161659999" 100000 - $1 ",1,1,1,1,1,1,1,1,1,1,1,1" }'; } |
    sw-chunk -t wide.schema >rows.swr
  for order in '' :desc; do
    sw-sort -k "id$order,${columns%,}" --block-rows 1 --index -o sorted.swr rows.swr
    same "$(sw-info -f json sorted.swr | jq '.blocks == 9000 and .index_entries < 9000')" true
    verified sorted.swr
    for id in 1 2 3 4 4499 4500 7000 7001 8999 9000; do
      same "$(sw-filter --count -e "id == $id" sorted.swr)" 1
      same "$(sw-filter --count -e "at == $((1725516166000000000 - id))" sorted.swr)" 1
    done
  done
}

@test "sort -s: by the index, without one, and from a pipe the same rows" {
  orders 20000
  sw-sort -k security_code,order_id,timestamp orders.swr >plain.swr
  sw-sort -k security_code,order_id,timestamp --index --block-keys security_code orders.swr >keyed.swr
  sw-sort -k security_code,order_id,timestamp --index --block-rows 33 orders.swr >small.swr
  sw-cut --no-header -c security_code orders.swr | sort -u >codes
  while read -r code; do
    sw-filter -s "$code" plain.swr | sw-cut >wanted.csv
    for file in plain keyed small; do
      sw-sort -m -k security_code,order_id,timestamp -s "$code" "$file.swr" | sw-cut | cmp - wanted.csv
      sw-sort -k security_code,order_id,timestamp -s "$code" "$file.swr" | sw-cut | cmp - wanted.csv
      sw-sort -m -k security_code,order_id,timestamp -s "$code" <"$file.swr" | sw-cut | cmp - wanted.csv
    done
    cat keyed.swr small.swr >both.swr
    same "$(sw-sort -k security_code -s "$code" both.swr | sw-info --digest)" \
      "$(sw-filter -s "$code" keyed.swr small.swr | sw-info --digest)"
  done <codes
  same "$(sw-sort -k security_code -s "$(paste -sd, codes)" keyed.swr | sw-info --digest)" "$(sw-info --digest keyed.swr)"
}

@test "sort -m: the list of securities is read once, also from a pipe" {
  orders 2000
  sw-sort -k security_code orders.swr >a.swr
  code=$(sw-cut --no-header -c security_code orders.swr | sort -u | head -n 1)
  same "$(sw-sort -m -k security_code -s @<(echo "$code") a.swr a.swr a.swr | sw-info --digest)" \
    "$(sw-filter -s "$code" a.swr a.swr a.swr | sw-info --digest)"
  same "$(sw-sort -m -k security_code -s @/dev/null a.swr a.swr | sw-cut)" "$(sw-cut a.swr | head -n 1)"
}

@test "sort -s: only the blocks of the security are looked at" {
  orders 20000
  sw-sort -k security_code --index --block-keys security_code orders.swr >keyed.swr
  code=$(sw-cut --no-header -c security_code orders.swr | sort -n | tail -n 1)
  sw-sort -m -k security_code -s "$code" keyed.swr >wanted.swr
  # Damage to another security's frame is not seen; without the index it would be.
  python3 - <<'PY'
data = bytearray(open("keyed.swr", "rb").read())
data[data.index(b"SWRblock") + 9] ^= 1
open("hurt.swr", "wb").write(data)
PY
  sw-sort -m -k security_code -s "$code" hurt.swr | cmp - wanted.swr
  expect_status 1 sw-sort -m -k security_code hurt.swr
  expect_status 1 sw-sort -m -k security_code -s "$code" <(cat hurt.swr)
}

@test "sort: an index that would grow too large joins neighbouring blocks" {
  sw-gen --rows 60000 --securities 5 --seed 5 --stdout orders | sw-chunk -c security_code,timestamp,order_id >orders.swr
  sw-sort -k security_code,timestamp --index --block-rows 1 orders.swr >tiny.swr
  [ "$(sw-info -f json tiny.swr | jq '.index_entries < .blocks and .index_entries > 1000')" = true ]
  code=$(sw-cut --no-header -c security_code orders.swr | sort | uniq -c | sort -n | awk 'NR == 1 { print $2 }')
  same "$(sw-sort -m -k security_code -s "$code" tiny.swr | sw-info --digest)" "$(sw-filter -s "$code" orders.swr | sw-info --digest)"
}

# bats test_tags=check, plain
@test "sort: no byte of an indexed file can be wrong, or missing, and give another answer" {
  printf '%s\n' 'table small' 'time at' 'column security_code int' 'column at time' >small.schema
  printf 'security_code,at\n5,1\n5,2\n7,1\n7,9\n9,3\n' | sw-chunk -t small.schema |
    sw-sort -k security_code,at --block-keys security_code --index >small.swr
  oracle flip small.swr sw-sort -m -k security_code -s 7
}

# --- memory, disk, signals -------------------------------------------------

@test "sort: a size or a column that is not understood is 2" {
  orders 100
  for size in 1023K 0 x 5Q -1; do
    expect_status 2 sw-sort -S "$size" -k price orders.swr
  done
  for keys in nothing price:up price,price '' 'price,' '#size'; do
    expect_status 2 sw-sort -k "$keys" orders.swr
  done
  expect_status 2 sw-sort orders.swr
  expect_status 2 sw-sort -k price --block-keys nothing orders.swr
  expect_status 2 sw-sort -k price --block-rows 65537 orders.swr
  expect_status 2 sw-sort -k date --tz Nowhere/Land orders.swr
  expect_status 2 sw-sort -k price -o orders.swr orders.swr
}

@test "sort: no temporary file is left, nor has a name while it is used" {
  mixed 40000 7
  mkdir runs
  sw-sort -S 1M -T runs -k wide mixed.swr >all.swr
  [ -z "$(ls -A runs)" ]
  for signal in INT TERM HUP KILL; do
    mkfifo feed
    # An INT that a shell sends to the background is ignored: env --default-signal sets it back.
    env --default-signal=INT sw-sort -S 1M -T runs -k wide feed -o out.swr &
    pid=$!
    exec 7>feed
    cat mixed.swr >&7
    while ! find "/proc/$pid/fd" -lname '*/runs/*' | grep -q .; do sleep 0.01; done
    [ -z "$(ls -A runs)" ]
    kill "-$signal" "$pid"
    wait "$pid" && return 1
    exec 7>&-
    rm feed
    [ -z "$(ls -A runs)" ]
    [ "$signal" = KILL ] || [ -z "$(find . -name 'out.swr*')" ]
  done
}

@test "sort: a full disk is 3 and names the folder, as does a folder that is not there" {
  mixed 40000 8
  mkdir runs
  # shellcheck disable=SC2016 # for the inner shell
  expect_status 3 bash -c 'ulimit -f 1000; trap "" XFSZ; sw-sort -S 1M -T runs -k wide mixed.swr | cat >/dev/null; exit ${PIPESTATUS[0]}'
  [[ $output == 'sw-sort: runs: '* ]]
  expect_status 3 sw-sort -S 1M -T nowhere -k wide -o out.swr mixed.swr
  [[ $output == 'sw-sort: nowhere: '* ]]
  TMPDIR=$PWD/other expect_status 3 sw-sort -S 1M -k wide -o out.swr mixed.swr
  [[ $output == *'/other: '* ]]
}

# bats test_tags=check
@test "sort: memory keeps to -S and 24 MiB more, 32 with long texts" {
  # A sanitizer's shadow memory is not the program's.
  [[ $SW_BIN != *asan* ]] || skip 'under a sanitizer'
  sw-gen --rows 1500000 --seed 5 --stdout orders | sw-chunk >orders.swr
  for memory in 1 16 64; do
    python3 "$BATS_TEST_DIRNAME/peak.py" $((memory + 24)) sw-sort -S "${memory}M" -k price,order_id,timestamp orders.swr
  done
  sw-split -k side,participantid -o 'parts/{side}-{participantid}.swr' orders.swr
  for part in parts/*; do sw-sort -k timestamp "$part" -o "$part"x; done
  for memory in 1 16; do
    python3 "$BATS_TEST_DIRNAME/peak.py" $((memory + 24)) sw-sort -m -S "${memory}M" -k timestamp parts/*x
  done
  python3 -c '
import random
print("id,few,text,price,wide,big,at,long")
for i in range(20000):
    print("%d,,,,,0,,%s" % (i, random.randbytes(2000).hex()))
' | sw-chunk -t mixed.schema >long.swr
  for memory in 1 16; do
    python3 "$BATS_TEST_DIRNAME/peak.py" $((memory + 32)) sw-sort -S "${memory}M" -k long long.swr
  done
}

@test "a word that begins with an at sign, first in a list's file, is no file's name" {
  printf 'table t\ncolumn security_code text\ncolumn n int\n' >t.schema
  printf '@here,b\n' >list
  printf 'outside\n' >here
  printf 'security_code,n\n@here,1\noutside,2\nb,3\n' >rows.csv
  sw-chunk -t ./t.schema -o rows.swr rows.csv
  same "$(sw-sort -k n -s @list rows.swr | sw-cut)" $'security_code,n\n@here,1\nb,3'
  same "$(sw-sort -m -k n -s @list rows.swr rows.swr | sw-cut)" $'security_code,n\n@here,1\n@here,1\nb,3\nb,3'
}

@test "sort: many rows, whose first keys agree, by parts, in one piece and spilled, are Python's" {
  cd "$BATS_TEST_TMPDIR" || return
  printf 'table t\ncolumn a int\ncolumn b int\ncolumn c decimal:4\ncolumn d text\ncolumn e int\ncolumn row int\n' >t.schema
  python3 - <<'PY' >t.csv
import random
chance = random.Random(5)
print("a,b,c,d,e,row")
for row in range(150000):
    # A few securities, orders whose ids take a word, several rows each; some of the rest is absent.
    a, order = chance.choice([7, 85603, 110621]), chance.randrange(30000)
    print(a, 7904794000132347948 + order * 1234567, chance.choice(["", "-3.25", "17", "0.0001"]), chance.choice(["", "x", "yy", "yyy"]),
          chance.randrange(-5, 5) if a > 7 else "", row, sep=",")
PY
  sw-chunk -t t.schema t.csv >t.swr
  python3 - <<'PY' >wanted
import csv
from decimal import Decimal
rows = list(csv.DictReader(open("t.csv")))
last = lambda row: (row["e"] != "", int(row["e"] or 0))
rows.sort(key=lambda row: (row["d"] != "", row["d"].encode()))
rows.sort(key=lambda row: (row["c"] != "", Decimal(row["c"] or 0)), reverse=True)
rows.sort(key=lambda row: (int(row["a"]), int(row["b"])))
print("\n".join(row["row"] for row in rows))
PY
  sw-sort -k a,b,c:desc,d t.swr | sw-cut -c row --no-header | cmp - wanted
  sw-sort -S 3M -T . -k a,b,c:desc,d --block-keys a t.swr | sw-cut -c row --no-header | cmp - wanted
  # With a column of 16 bytes, too, which stay where they are.
  sw-filter -c a,b,c,d,e,row,'w=b*1000000000' t.swr | sw-sort -k a,b,c:desc,d --block-keys a,d | sw-cut -c row,w --no-header >wide
  cut -d , -f 1 wide | cmp - wanted
  same "$(sw-filter -c a,b,c,d,e,row,'w=b*1000000000' t.swr | sw-info --digest)" \
    "$(sw-filter -c a,b,c,d,e,row,'w=b*1000000000' t.swr | sw-sort -k a,b,c:desc,d --block-keys a,d | sw-info --digest)"
}

@test "sort: rows that came in the order of the last keys, or nearly, are Python's" {
  cd "$BATS_TEST_TMPDIR" || return
  printf 'table t\ncolumn a int\ncolumn t int\ncolumn s int\ncolumn u int\ncolumn w text\ncolumn row int\n' >t.schema
  cat >case.py <<'PY'
import csv, random, sys
chance, case = random.Random(sys.argv[1]), sys.argv[1]
rows, step = [], {"wide": 10**12, "ties": 1}.get(case, 300)
t = s = 0
for row in range(700):
    t, s = t + chance.choice([0, 0, step]), s + chance.choice([0, 1])
    rows.append([chance.randrange(4), t, s, chance.randrange(9), "xyz"[row * 3 // 700], row])
if case == "last": rows[-1][2] = 0
if case == "first": rows[0][1] = t
if case == "beside": rows[350][1:3] = [rows[349][1], rows[349][2] - 1]
if case == "falling": rows = [[a, -t, -s, u, w, row] for a, t, s, u, w, row in rows]
if case == "none": rows[100][2] = ""
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["a", "t", "s", "u", "w", "row"])
out.writerows(rows)
PY
  cat >wanted.py <<'PY'
import csv, sys
rows = list(csv.DictReader(open("t.csv")))
for key in reversed(sys.argv[1].split(",")):
    name, _, way = key.partition(":")
    rows.sort(key=lambda row: (0, 0) if row[name] == "" else (1, row[name] if name == "w" else int(row[name])), reverse=way == "desc")
print("\n".join(row["row"] for row in rows))
PY
  for case in even wide ties last first beside falling none; do
    python3 case.py $case >t.csv
    sw-chunk -t t.schema t.csv >t.swr
    for keys in a,t,s a,s t,s s,t a,t:desc,s:desc a,t:desc,s a:desc,t,s,u u,w,t,s t,a w,s:desc; do
      python3 wanted.py "$keys" >wanted
      sw-sort -k "$keys" t.swr | sw-cut -c row --no-header | cmp - wanted || return
    done
  done
}
