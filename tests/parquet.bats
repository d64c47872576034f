#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Parquet in: what others write, by tests/parquet_forms.py and by DuckDB, and what sw writes itself, gives the records that the same rows as
# a CSV give; and what is damaged, or is written in a way that is not read, is refused by name.

load helper
load peers

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  python3 "$BATS_TEST_DIRNAME/parquet_forms.py" . 1500 wrong
  sw-gen --rows 3000 --securities 4 --days 1 --participants 4 --seed 5 -o made
  for kind in orders trades nbbo; do
    sw-chunk "made/$kind.csv" | sw-cut -f parquet -z 1 -o "$kind.parquet"
  done
  printf '%s\n' 'table t' 'rows events' 'zone Australia/Sydney' 'time timestamp' 'column order_id uint' 'column timestamp time' 'column price decimal:2' \
    'column quantity int' 'column side int' 'column big decimal:4' 'column millis time:ms' 'column micros time' 'column local time' 'column day date' \
    'column clock clock' 'column open text' 'column note text' >forms.schema
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  ln -s "$BATS_FILE_TMPDIR"/* .
}

# refused STATUS MESSAGE COMMAND…: ends so, says so, leaves no `out`.
refused() {
  local status_wanted=$1 message=$2
  shift 2
  expect_status "$status_wanted" "$@"
  [[ $output == *"$message"* ]] || { echo "$output"; false; }
  [ ! -e out ]
}

# planned FILE HOW…: the ranges of a plan are the file, without gap or overlap, and have the rows whose digest $want is.
planned() {
  local file=$1
  shift
  sw-chunk -t ./forms.schema --plan "$@" "$file" >plan
  awk -v size="$(wc -c <"$file")" '$2 != at || $3 <= 0 { exit 1 } { at = $2 + $3 } END { exit at != size }' plan
  while read -r _ offset length; do
    sw-chunk -t ./forms.schema --range "$offset:$length" "$file"
  done <plan | sw-info --digest | cmp - <(echo "$want") || { echo "$file $*"; false; }
}

@test "parquet: every way of writing the same rows gives the same records, whole, in ranges and selected" {
  want=$(sw-chunk -t ./forms.schema rows.csv | sw-info --digest)
  sw-chunk -t ./forms.schema -e 'price > 3000 && side == 1 && note == "order 8"' -c order_id,big,note rows.csv >some.swr
  [ "$(sw-cut --no-header some.swr | wc -l)" -ge 1 ]
  for file in *.parquet; do
    [[ $file != orders.* && $file != trades.* && $file != nbbo.* ]] || continue
    same "$(sw-chunk -t ./forms.schema "$file" | sw-info --digest)" "$want" || { echo "$file"; false; }
    sw-chunk -t ./forms.schema -e 'price > 3000 && side == 1 && note == "order 8"' -c order_id,big,note "$file" | sw-cut | cmp - <(sw-cut some.swr)
    planned "$file" -n 3
  done
  # as many ranges as row groups, where that many are asked for
  same "$(sw-chunk -t ./forms.schema --plan -n 40 plain-2.parquet | wc -l)" 5
  same "$(sw-chunk -t ./forms.schema --plan -n 40 snappy-2.parquet | wc -l)" 1
}

# bats test_tags=check
@test "parquet: every plan of every form has every row once" {
  want=$(sw-chunk -t ./forms.schema rows.csv | sw-info --digest)
  for file in plain-1 gzip-delta prefixes one-by-one; do
    planned $file.parquet -n 40
    planned $file.parquet -b 20K
    planned $file.parquet --rows 600
  done
}

@test "parquet: rows and lines are counted as those of the CSV are, in ranges, too" {
  sw-chunk -t ./forms.schema --tally whole -e 'side == 1' rows.csv | sw-cut | wc -l >kept
  sw-chunk -t ./forms.schema --tally tally -e 'side == 1' plain-2.parquet | sw-cut | wc -l | cmp - kept
  # a text may hold a newline: lines of the CSV are those of the text
  cmp whole tally
  sw-chunk -t ./forms.schema --plan -n 4 plain-2.parquet | while read -r i offset length; do
    sw-chunk -t ./forms.schema --tally "part$i" -e 'side == 1' --range "$offset:$length" plain-2.parquet >rows.swr
  done
  cat part* | awk -F '\t' -v OFS='\t' '{ for (i = 1; i <= NF; i++) sum[i] += $i } END { for (i = 1; i < NF; i++) printf "%d\t", sum[i]; print sum[NF] }' |
    cmp - whole || { cat whole part*; false; }
}

@test "parquet: what sw writes comes back, at every level and of every kind of table" {
  for kind in orders trades nbbo; do
    want=$(sw-chunk "made/$kind.csv" | sw-info --digest)
    same "$(sw-chunk "$kind.parquet" | sw-info --digest)" "$want"
    sw-chunk "made/$kind.csv" | sw-cut -f parquet -z 0 -o raw.parquet
    same "$(sw-chunk raw.parquet | sw-info --digest)" "$want"
    same "$(sw-chunk <raw.parquet | sw-info --digest)" "$want"
    sw-chunk "made/$kind.csv" | sw-cut -f parquet --time-as integer -o numbers.parquet
    same "$(sw-chunk numbers.parquet | sw-info --digest)" "$want"
    rm raw.parquet numbers.parquet
  done
}

# bats test_tags=check
@test "parquet: what sw writes of extremes, of nothing, of long texts and of many columns comes back" {
  for kind in extremes full nothing one empty long many; do
    python3 "$BATS_TEST_DIRNAME/export_data.py" "$kind"
    sw-chunk -t table.schema "$kind.csv" >"$kind.swr"
    sw-cut -f parquet -o "$kind.parquet" "$kind.swr"
    same "$(sw-chunk -t table.schema "$kind.parquet" 2>&1 | sw-info --digest 2>&1)" "$(sw-info --digest "$kind.swr")" || { echo "$kind"; false; }
  done
}

@test "parquet: a schema's units, scales, values and forms mean what they mean in a CSV; its separator and names mean nothing" {
  cat >vendor.csv <<'END'
ts,px,side,day
1725494400000001,338500,B,20240905
1725494400000002,,S,20240906
END
  printf '%s\n' 'table v' 'zone UTC' 'time timestamp' 'column timestamp time:us ts' 'column price scaled:2 px' 'column side int' 'value side 1 B' 'value side 2 S' \
    'column day date' 'format day %Y%m%d' >v.schema
  want=$(sw-chunk -t ./v.schema vendor.csv | sw-info --digest)
  # the same columns as numbers and texts, and as what they are
  printf 'table v\ncolumn ts int\ncolumn px int\n' >raw.schema
  sw-chunk -t ./raw.schema vendor.csv | sw-cut -f parquet -o raw.parquet
  same "$(sw-chunk -t ./v.schema raw.parquet | sw-info --digest)" "$want"
  sw-chunk -t ./v.schema vendor.csv | sw-cut -f parquet -o typed.parquet
  same "$(sw-chunk -t ./v.schema typed.parquet | sw-info --digest)" "$want"
  { cat v.schema; printf 'separator semicolon\npoint comma\nignore 17\nnames a b c d\n'; } >semicolon.schema
  same "$(sw-chunk -t ./semicolon.schema typed.parquet | sw-info --digest)" "$want"
  # a time of a clock is of the zone
  same "$(sw-chunk -t ./forms.schema -c local plain-1.parquet | sw-cut --no-header | head -n 1)" "$(sw-chunk -t ./forms.schema -c local rows.csv | sw-cut --no-header | head -n 1)"
}

@test "parquet: bad values are told by row and column, and put aside" {
  printf 'table v\ncolumn order_id uint\ncolumn note int\n' >v.schema
  refused 1 "plain-2.parquet:3: note: not a whole number: 'order 0'" sw-chunk -t ./v.schema -c order_id,note -o out plain-2.parquet
  sw-chunk -t ./v.schema -c order_id,note --bad-rows bad plain-2.parquet 2>said | sw-cut >rows
  same "$(($(wc -l <rows) - 1 + $(wc -l <bad)))" 1500
  grep -q ' bad rows: see bad' said
}

@test "parquet: what cannot be read exactly, or is written in another way, is refused by name; what is not asked for is not read" {
  refused 1 "double.wrong: Parquet: column 'price': floating point" sw-chunk -t orders -o out double.wrong
  same "$(sw-chunk -t orders -c order_id double.wrong | sw-cut --no-header | wc -l)" 1500
  refused 1 "double.wrong: Parquet: column 'price': floating point" sw-chunk -t orders -c order_id -e 'price > 1' -o out double.wrong
  refused 1 "brotli.wrong: Parquet: column 'order_id'" sw-chunk -t orders -o out brotli.wrong
  [[ $output == *'packed with brotli, which is not read'* ]]
  # of bytes of any length there is no such encoding
  refused 1 "values in the encoding BYTE_STREAM_SPLIT, which is not read" sw-chunk -t orders -o out split.wrong
  same "$(sw-chunk -t orders -c order_id split.wrong | sw-cut --no-header | wc -l)" 1500
  expect_status 2 bash -c 'cat plain-1.parquet | sw-chunk -t ./forms.schema'
  [[ $output == *'from a file, not from a pipe'* ]]
  expect_status 2 sw-chunk --index -o out orders.parquet
  refused 2 'the header fits no schema' sw-chunk -o out double.wrong
}

@test "parquet: truncated or damaged, at whatever byte, it is an error with its place, or the rows are those that were written" {
  size=$(wc -c <snappy-1.parquet)
  want=$(sw-chunk -t ./forms.schema snappy-1.parquet | sw-info --digest)
  for keep in 5 11 12 100 $((size / 2)) $((size - 8)) $((size - 1)); do
    head -c "$keep" snappy-1.parquet >cut.parquet
    refused 1 'cut.parquet: Parquet: truncated' sw-chunk -t ./forms.schema -o out cut.parquet
  done
  # snappy-1 has checksums of its pages; its headers and its end have none
  python3 - "$size" <<'END'
import random, sys
draw, data = random.Random(7), open('snappy-1.parquet', 'rb').read()
for i in range(60):
    damaged = bytearray(data)
    at = draw.randrange(4, len(data) - 12) if i % 2 else draw.randrange(len(data) - 3000, len(data) - 12)
    damaged[at] ^= 1 << draw.randrange(8)
    open(f'damaged{i}', 'wb').write(damaged)
END
  refusals=0
  for file in damaged*; do
    if sw-chunk -t ./forms.schema -o got.swr "$file" 2>said; then
      sw-info --digest got.swr >/dev/null
    else
      [[ $? -le 2 && $(cat said) == "sw-chunk: $file"* ]] || { cat said; false; }
      refusals=$((refusals + 1))
    fi
  done
  [ "$refusals" -ge 30 ]
  # in a page it is always found
  python3 - <<'END'
data = bytearray(open('snappy-1.parquet', 'rb').read())
for at in range(200, 20000, 1500):
    damaged = bytearray(data)
    damaged[at] ^= 4
    open(f'page{at}', 'wb').write(damaged)
END
  for file in page*; do
    if sw-chunk -t ./forms.schema -o got.swr "$file" 2>said; then same "$(sw-info --digest got.swr)" "$want"; fi
  done
}

@test "parquet: a schema is drafted of one, by its own types; what is not read is marked" {
  for file in plain-1 snappy-2 prefixes; do
    sw-chunk --explain "$file.parquet" >draft.schema
    grep -q '^column big decimal:4 .*DECIMAL of scale 4' draft.schema
    grep -q '^column micros time ' draft.schema
    grep -q '^column side int ' draft.schema
    same "$(sw-chunk -t ./draft.schema "$file.parquet" | sw-agg -a 'n=count(),q=sum(quantity),p=sum(price),b=sum(big),m=max(micros),d=max(day)')" \
      "$(sw-chunk -t ./forms.schema rows.csv | sw-agg -a 'n=count(),q=sum(quantity),p=sum(price),b=sum(big),m=max(micros),d=max(day)')"
  done
  sw-chunk --explain double.wrong >draft.schema
  grep -q '^column price text .*NOT READ: floating point' draft.schema
  same "$(sw-chunk -t ./draft.schema -c order_id double.wrong | sw-cut --no-header | wc -l)" 1500
}

# bats test_tags=check
@test "parquet: report, extract, convert and analyse take it as they take a CSV" {
  report -o of-csv made/orders.csv 2>said.csv
  report -o of-parquet orders.parquet 2>said.parquet
  diff -r of-csv of-parquet -x run
  extract -s 110621 -o a.csv made/orders.csv
  extract -s 110621 -o b.csv orders.parquet
  cmp a.csv b.csv
  convert -o b.swr orders.parquet
  same "$(sw-info --digest b.swr)" "$(sw-chunk made/orders.csv | sw-info --digest)"
  analyse --trades made/trades.csv --nbbo made/nbbo.csv -o ana-csv made/orders.csv
  analyse --trades trades.parquet --nbbo nbbo.parquet -o ana-parquet orders.parquet
  diff -r ana-csv ana-parquet -x run
  # every row is accounted for
  cut -d, -f3- ana-csv/run/ledger.csv >ledger.csv
  cut -d, -f3- ana-parquet/run/ledger.csv | cmp - ledger.csv
}

# bats test_tags=check
@test "parquet: DuckDB's files, of each codec and version, give the records of its CSV" {
  need_peers
  columns="i::BIGINT AS order_id, TIMESTAMPTZ '2024-09-05 10:00:00+00' + to_microseconds(i * 1001) AS timestamp, CAST(i * 1.25 AS DECIMAL(18,4)) AS price, CAST(i * 1000000007.125 AS DECIMAL(38,4)) AS big, (i % 5000)::INTEGER AS quantity, (i % 2 + 1)::UTINYINT AS side,
    CASE WHEN i % 3 = 0 THEN NULL ELSE 'order ' || i // 5 END AS note, 'x\"y,' || i % 7 AS code, DATE '2024-01-01' + (i % 400)::INTEGER AS day,
    CASE WHEN i % 5 = 0 THEN NULL ELSE (i * 1000003)::UBIGINT END AS u, i % 7 = 0 AS open"
  duckdb orders.parquet --query "COPY (SELECT $columns FROM range(200000) r(i)) TO 'duck.csv'" >/dev/null
  printf '%s\n' 'table t' 'zone UTC' 'time timestamp' 'column order_id uint' 'column timestamp time' 'column price decimal:4' 'column big decimal:4' \
    'column quantity int' 'column side int' 'column day date' 'column u uint' >duck.schema
  want=$(sw-chunk -t ./duck.schema duck.csv | sw-info --digest)
  for how in '' ', CODEC zstd' ', CODEC gzip, PARQUET_VERSION v2' ', CODEC uncompressed, PARQUET_VERSION v2, ROW_GROUP_SIZE 30000'; do
    if [[ $how == *zstd* ]] && ! grep -q LIBZSTD "$TREE/build/default/sw_libraries.h"; then continue; fi
    duckdb orders.parquet --query "COPY (SELECT $columns FROM range(200000) r(i)) TO 'duck.parquet' (FORMAT parquet$how)" >/dev/null
    same "$(sw-chunk -t ./duck.schema duck.parquet | sw-info --digest)" "$want" || { echo "$how"; false; }
    sw-chunk -t ./duck.schema --plan -n 5 duck.parquet | while read -r _ offset length; do
      sw-chunk -t ./duck.schema --range "$offset:$length" duck.parquet
    done | sw-info --digest | cmp - <(echo "$want")
  done
}

# bats test_tags=check
@test "parquet: files of Rust's parquet crate, in each encoding, version and codec, give the records of their CSV" {
  need_rust
  node "$TREE/tests/parquet_rust.mjs" . 3000
  printf '%s\n' 'table t' 'zone UTC' 'time timestamp' 'column order_id uint' 'column small int' 'column large int' 'column timestamp time:ns' 'column millis time:ns' \
    'column price decimal:4' 'column value decimal:4' 'column big decimal:4' 'column rest int' >rust.schema
  want=$(sw-chunk -t ./rust.schema rows.csv | sw-info --digest)
  read_files=0
  for file in [12]-*.parquet; do
    if [[ $file == *zstd* ]] && ! grep -q LIBZSTD "$TREE/build/default/sw_libraries.h"; then continue; fi
    same "$(sw-chunk -t ./rust.schema "$file" | sw-info --digest)" "$want" || { echo "$file"; false; }
    sw-chunk -t ./rust.schema --plan -n 3 "$file" >plan
    [ "$(wc -l <plan)" -ge 2 ]
    while read -r _ offset length; do
      sw-chunk -t ./rust.schema --range "$offset:$length" "$file"
    done <plan | sw-info --digest | cmp - <(echo "$want")
    read_files=$((read_files + 1))
  done
  [ "$read_files" -ge 22 ]
  for file in *brotli.refused; do refused 1 'is packed with brotli, which is not read' sw-chunk -t ./rust.schema -o out "$file"; done
  for file in *lz4.refused; do refused 1 'is packed with LZ4, which is not read' sw-chunk -t ./rust.schema -o out "$file"; done
}
