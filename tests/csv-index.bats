#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The index of a CSV file: what it says, what it spares, and that it never changes what comes out.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# rough ROWS: orders over three days in the order of time, with all that CSV allows: quotes around fields and newlines in them,
# nulls, CRLF, empty lines, a byte order mark, no newline at the end.
rough() {
  python3 - "$1" <<'PYTHON'
import random, sys
random.seed(7)
rows = int(sys.argv[1])
out = b'\xef\xbb\xbforder_id,timestamp,security_code,side,quantity,participantid,comment\r\n'
start, step = 1725480000 * 10**9, 3 * 86400 * 10**9 // rows
for i in range(rows):
    security = random.choice([-5, 7, 110621, '']) if i % 97 else 9223372036854775807
    if rows // 3 < i < rows // 2:
        security = 85603 if i % 5 else '"85603"'
    comment = random.choice(['', 'plain', '"with ""quotes"""', '"a line\nand ""more"", of it\r\n"'])
    fields = [18446744073709000000 + i if i % 50 == 0 else 7904794000132347948 + i,
              '' if i % 211 == 0 else start + i * step, security, i % 3 or '', i % 13 * 100,
              '' if rows // 2 < i < rows * 2 // 3 else i * 40 // rows, comment]
    out += ','.join(map(str, fields)).encode() + random.choice([b'\n', b'\n', b'\r\n', b'\n\n'])
sys.stdout.buffer.write(out.rstrip())
PYTHON
}

# both WORDS…: sw-chunk with the words comes to the same with and without the index: records, tally, bad rows, messages and status.
both() {
  local how
  for how in indexed no-index; do
    local option=()
    [ "$how" = indexed ] || option=(--no-index)
    sw-chunk "${option[@]}" --block-rows 1000 --bad-rows "$how.bad" --tally "$how.tally" -o "$how.swr" "$@" 2>"$how.errors" ||
      echo "status $?" >>"$how.errors"
    sed -i "s/$how\.bad/BAD/" "$how.errors"
  done
  cmp indexed.swr no-index.swr || return
  cmp indexed.tally no-index.tally || return
  may_be_empty cmp indexed.bad no-index.bad || return
  may_be_empty cmp indexed.errors no-index.errors
}

# The selections that are tried.
selections() {
  printf '%s\n' '-s 85603' '-s 110621,7' '-s 1' '-d 2024-09-06' '-d ..2024-09-05' '-d 2030-01-01' '-H 10-15' '--times 09:30-10:15' \
    '-p 17' '-p 3,30' '-q 100..300' '-e order_id==7904794000132348000' '-e order_id>=18446744073709000100' \
    '-e participantid==null' '-e !(security_code!=85603)' '-e participantid<5||security_code==9223372036854775807' \
    '-e timestamp==null' '-d 2024-09-05 --tz Australia/Sydney' '-s 85603 -p 15' '-e side==1&&date==2024-09-06' \
    '-e quantity*9223372036854775807>1' '-e hour==9' '-e security_code<0' '-e participantid+1>39'
}

@test "csv-index: it says of each segment what Python finds there" {
  rough 3000 >rough.csv
  sw-chunk --index -b 9000 rough.csv
  sw-cut rough.csv.index >index.csv
  [ "$(wc -l <index.csv)" -gt 10 ]
  python3 - <<'PYTHON'
import csv, io, os, zlib
raw = open('rough.csv', 'rb').read()
names = raw[3:].split(b'\r\n', 1)[0].decode().split(',')
at = raw.index(b'\n') + 1
index = list(csv.DictReader(open('index.csv')))
for row in index:
    offset, length = int(row['offset']), int(row['length'])
    assert offset == at, (offset, at)
    at += length
    assert int(row['line']) == raw[:offset].count(b'\n') + 1
    text = raw[offset:offset + length].decode()
    rows = [dict(zip(names, r)) for r in csv.reader(io.StringIO(text, newline='')) if r]
    assert len(rows) == int(row['rows']) and row['bad'] == '0'
    for name in ('timestamp', 'security_code', 'participantid', 'order_id'):
        values = [int(r[name]) for r in rows if r[name]]
        assert int(row[name + '_nulls']) == len(rows) - len(values)
        assert row[name + '_minimum'] == (str(min(values)) if values else '')
        assert row[name + '_maximum'] == (str(max(values)) if values else '')
        if name + '_values' in row:
            assert row[name + '_values'] == ' '.join(map(str, sorted(set(values))))
    assert int(row['file_size']) == len(raw)
    assert int(row['file_changed']) == os.stat('rough.csv').st_mtime_ns
assert at == len(raw)
PYTHON
}

@test "csv-index: what is selected does not depend on it" {
  rough 3000 >rough.csv
  # In segments of some rows, of some hundred, in a single one; every selection is tried in the first, two of three in another.
  for size in 500 9K 4M; do
    sw-chunk --index -b "$size" rough.csv
    number=0
    while read -ra words; do
      number=$((number + 1))
      [[ $size:$((number % 3)) == @(500:*|9K:0|4M:1) ]] || continue
      echo "${words[*]}"
      both "${words[@]}" -- rough.csv
    done < <(selections)
  done
}

# bats test_tags=check
@test "csv-index: bad rows are told as without it, in their lines" {
  rough 2000 | awk 'NR % 700 == 0 { print "x,y,z" } NR % 900 == 0 { print "1,2,3,three,5,6,7" } { print }' >rough.csv
  expect_status 0 sw-chunk --index -b 4K rough.csv
  [[ $output == *'bad rows: with them '*' segments will always be read' ]]
  while read -ra words; do
    echo "${words[*]}"
    both "${words[@]}" -- rough.csv
    run sw-chunk --no-index "${words[@]}" rough.csv
    without=$output
    run sw-chunk "${words[@]}" rough.csv
    same "$output" "$without"
  done < <(selections | grep -v quantity)
  [ -s indexed.bad ]
}

@test "csv-index: segments without a selected row are not read" {
  sw-gen --rows 20000 --securities 5 --days 3 --seed 2 -o .
  sw-chunk --index -b 64K orders.csv
  before=$(sw-chunk -d 2024-09-04 orders.csv | sw-info --digest)
  [ "${before%% *}" -gt 1000 ]
  # The time of change is put back, and the ends stay as they are: what is written in between can only be seen by reading it.
  touch -r orders.csv stamp
  read -r offset length < <(sw-cut -c offset,length orders.csv.index | tr , ' ' | sed -n 5p)
  printf '%*s' "$length" '' | tr ' ' , | dd of=orders.csv bs=1 seek="$offset" conv=notrunc status=none
  touch -r stamp orders.csv
  same "$(sw-chunk -d 2024-09-04 orders.csv | sw-info --digest)" "$before"
  expect_status 1 sw-chunk --no-index -d 2024-09-04 -o /dev/null orders.csv
}

# bats test_tags=check
@test "csv-index: a plan has the segments that can match, and accounts for the others" {
  rough 4000 >rough.csv
  sw-chunk --index -b 2K rough.csv
  rows=$(sw-chunk rough.csv | sw-info --digest)
  while read -ra words; do
    echo "${words[*]}"
    for ways in '-b 1' '-b 10K' '-n 1' '-n 3' '-n 7'; do
      # shellcheck disable=SC2086 # ways is two words
      sw-chunk --plan $ways --tally left-out "${words[@]}" rough.csv >plan
      awk -F '\t' '$1 != NR || $2 < end { exit 1 } { end = $2 + $3 }' plan
      case $ways in -n*) [ "$(wc -l <plan)" -le "${ways#-n }" ] ;; esac
      total=$(cut -f 1 left-out)
      while read -r _ offset length; do
        sw-chunk --range "$offset:$length" --tally tally "${words[@]}" -o "$offset.part" rough.csv
        total=$((total + $(cut -f 1 tally)))
      done <plan
      [ "$total" -eq "${rows%% *}" ]
      same "$(cut -f 2 plan | sed 's/$/.part/' | xargs cat | sw-info --digest)" \
        "$(sw-chunk --no-index "${words[@]}" rough.csv | sw-info --digest)"
    done
  done < <(selections | sed -n '1p;4p;6p;10p;16p')
}

@test "csv-index: a plan without an index, or not by it, is of the whole file" {
  rough 1000 >rough.csv
  all=$(sw-chunk --plan -b 5K rough.csv)
  same "$(sw-chunk --plan -b 5K -d 2030-01-01 --tally tally rough.csv)" "$all"
  same "$(cut -f -4 tally)" $'0\t0\t0\t0'
  sw-chunk --index -b 1K rough.csv
  same "$(sw-chunk --plan -b 5K -d 2030-01-01 --no-index rough.csv)" "$all"
  same "$(sw-chunk --plan -b 5K rough.csv)" "$all"
  offset=$(cut -f 2 <<<"$all" | head -n 1)
  same "$(sw-chunk --plan -b 5K -d 2030-01-01 --tally tally rough.csv)" $'1\t'"$offset"$'\t0'
  same "$(cut -f -4 tally)" $'1000\t0\t1000\t0'
  expect_status 2 sw-chunk --plan -e 'nowhere == 1' rough.csv
  expect_status 2 sw-chunk --plan --rows 10 -s 1 rough.csv
}

# not_used WORD: sw-chunk goes on without the index, says why once, and finds what there is.
not_used() {
  same "$(sw-chunk -d 2024-09-05 "${layout[@]}" rough.csv 2>errors | sw-info --digest)" \
    "$(sw-chunk --no-index -d 2024-09-05 "${layout[@]}" rough.csv | sw-info --digest)" || return
  [ "$(wc -l <errors)" -eq 1 ] || return
  grep -q "^sw-chunk: rough.csv.index: .*$1.*it is not used\$" errors
}

@test "csv-index: one of another state of the file is not used" {
  layout=()
  rough 2000 >rough.csv
  sw-chunk --index -b 1K rough.csv
  cp -p rough.csv whole.csv
  printf '\n7904794000132349999,1725480000000000009,7,1,1,1,x\n' >>rough.csv
  not_used 'is stale'
  head -c "$(sw-cut -c offset rough.csv.index | sed -n 5p)" whole.csv >rough.csv
  not_used 'is stale'
  cp whole.csv rough.csv
  touch -d 2024-01-01 rough.csv
  not_used 'is stale'
  # the same size and time; the last row's participant differs
  sed '$s/plain/pla1n/; $s/,39,/,38,/' whole.csv >rough.csv
  touch -r whole.csv rough.csv
  same "$(stat -c '%s %.9Y' rough.csv)" "$(stat -c '%s %.9Y' whole.csv)"
  not_used 'is stale'
  cp -p whole.csv rough.csv
  sw-chunk -d 2024-09-05 rough.csv 2>errors >/dev/null
  [ ! -s errors ]
}

@test "csv-index: one of other columns, of another file, or no index at all is not used" {
  layout=()
  rough 2000 >rough.csv
  sw-chunk --index -b 1K rough.csv
  printf 'table orders\ntime timestamp\nzone Australia/Sydney\ncolumn order_id uint\ncolumn timestamp time\ncolumn side decimal:2\ncolumn security_code int\ncolumn participantid int\n' >other.schema
  layout=(-t other.schema)
  not_used 'other types of columns'
  layout=()
  cut -d , -f 1,2 <<<$'order_id,timestamp\n1,2' >short.csv
  sw-chunk --index -o rough.csv.index short.csv
  not_used 'no index of a file with these columns'
  echo nothing >rough.csv.index
  not_used 'not a record stream'
  rm rough.csv.index
  mkdir rough.csv.index
  not_used 'is a directory'
}

@test "csv-index: one that is whole as a stream but lacks a segment is not used" {
  rough 1500 >rough.csv
  sw-chunk --index -b 9000 rough.csv
  mv rough.csv.index whole
  sw-cut --no-header -c offset whole >offsets
  [ "$(wc -l <offsets)" -gt 5 ]
  for number in 1 4 '$'; do
    sw-filter -e "offset != $(sed -n "${number}p" offsets)" -o rough.csv.index whole
    # of the whole time, so that what lies in that segment would be missed
    sw-chunk -e 'order_id > 0' rough.csv 2>said | sw-info --digest >with
    sw-chunk --no-index -e 'order_id > 0' rough.csv | sw-info --digest | cmp - with
    same 'sw-chunk: rough.csv.index: is damaged; it is not used' "$(cat said)"
  done
}

# bats test_tags=check, plain
@test "csv-index: one with any byte flipped, or cut off anywhere, is not used" {
  awk 'BEGIN { print "order_id,timestamp"; for (i = 0; i < 300; i++) printf "%d,1725%06d000000000\n", i, 480000 + i * 600 }' >rough.csv
  sw-chunk --index -b 2K rough.csv
  wanted=$(sw-chunk --no-index -d 2024-09-05 rough.csv | sw-info --digest)
  [ "${wanted%% *}" -gt 0 ]
  same "$(sw-chunk --plan -d 2024-09-05 rough.csv | wc -l)" 1
  cat >every.py <<'PYTHON'
import os, subprocess, sys
whole = open('rough.csv.index', 'rb').read()
def run(*words):
    done = subprocess.run(['sw-chunk', *words, '-d', '2024-09-05', 'rough.csv'], capture_output=True, check=True)
    return done.stdout, done.stderr
wanted, silent = run('--no-index')
assert run() == (wanted, b'')
def look(data, what):
    with open('rough.csv.index', 'r+b') as f:
        f.write(data)
        f.truncate()
    got, said = run()
    assert got == wanted, what
    assert said.count(b'\n') == 1 and said.endswith(b'it is not used\n'), (what, said)
for at in range(len(whole)):
    look(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1:], ('flipped', at))
for length in range(0, len(whole), 9):
    look(whole[:length], ('cut', length))
look(whole + whole, 'twice')
look(whole + b'x', 'more')
PYTHON
  python3 every.py
}

@test "csv-index: it takes one plain file, and stands beside it or where -o says" {
  rough 500 >rough.csv
  gzip -k rough.csv
  expect_status 2 sw-chunk --index
  expect_status 2 sw-chunk --index -o index -
  expect_status 2 sw-chunk --index rough.csv.gz
  [ ! -e rough.csv.gz.index ]
  expect_status 2 sw-chunk --index rough.csv rough.csv
  expect_status 2 sw-chunk --index -s 7 rough.csv
  expect_status 2 sw-chunk --index -o rough.csv rough.csv
  expect_status 2 sw-chunk --index --plan rough.csv
  expect_status 3 sw-chunk --index -o /dev/full rough.csv
  expect_status 3 sw-chunk --index -o nowhere/index rough.csv
  sw-chunk --index -o elsewhere rough.csv
  [ ! -e rough.csv.index ]
  sw-chunk --index rough.csv
  cmp elsewhere rough.csv.index
  verified rough.csv.index
  expect_status 2 sw-chunk -s 7 -o rough.csv.index rough.csv
  head -n 1 rough.csv >empty.csv
  sw-chunk --index empty.csv
  both -s 7 -- empty.csv
  printf 'order_id,timestamp,security_code' >header.csv
  sw-chunk --index header.csv
  both -s 7 -- header.csv
  same "$(sw-chunk --plan -s 7 header.csv)" "$(sw-chunk --plan header.csv)"
}

@test "csv-index: standard input and compressed files have none" {
  rough 500 >rough.csv
  sw-chunk --index rough.csv
  cp rough.csv.index 'standard input.index'
  cp rough.csv.index ./-.index
  touch rough.csv
  gzip -k rough.csv
  cp rough.csv.index rough.csv.gz.index
  wanted=$(sw-chunk --no-index -s 7 rough.csv | sw-info --digest)
  for how in '<rough.csv' '- <rough.csv' rough.csv.gz '<(cat rough.csv)'; do
    same "$(eval "sw-chunk -s 7 $how" 2>errors | sw-info --digest)" "$wanted"
    [ ! -s errors ]
  done
}

@test "csv-index: a list of values ends where it would be long" {
  awk 'BEGIN { print "order_id,timestamp,security_code"; for (i = 0; i < 3000; i++) print i "," i "," (i < 1500 ? i * 7 % 1024 * 2 : 5000 + i) }' >many.csv
  sw-chunk --index -b 18K many.csv
  sw-cut -c rows,security_code_values many.csv.index | awk -F , 'NR > 1 { print (split($2, all, " ") == 0) }' | sort -u >kinds
  same "$(cat kinds)" $'0\n1'
  for security in 0 6 7 1023 2046 2048 6499 6500 7999 8000; do both -s "$security" -- many.csv; done
}

@test "csv-index: one of an edition whose bounds were wrong is not used" {
  layout=()
  rough 2000 >rough.csv
  sw-chunk --index -b 1K rough.csv
  sw-cut -o index.csv rough.csv.index
  { echo table csv_index; sw-info rough.csv.index | awk '$2 ~ /^(int|uint|time|text)$/ { print "column", $1, $2 }'; } >index.schema
  # put together by hand it would do…
  sw-chunk -t index.schema -o rough.csv.index index.csv
  sw-chunk -d 2024-09-05 rough.csv 2>errors >/dev/null
  [ ! -s errors ]
  # …but not of the edition before, which said nothing of itself
  sed 's/,"*2 \(orders by timestamp:\)/,\1/' index.csv >older.csv
  expect_status 1 cmp -s index.csv older.csv
  sw-chunk -t index.schema -o rough.csv.index older.csv
  not_used 'another version'
}
