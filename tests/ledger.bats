#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The ledger can fail. What was read is counted from the input's own row ends, blocks and end marks, so that a row that gets lost on
# the way shows: in a program, between two of them, at a border of two chunks. The run ends with 3 then, and has no result.
# bats file_tags=plain

load helper

setup_file() {
  export DATA=$BATS_FILE_TMPDIR/data
  mkdir "$DATA"
  sw-gen --rows 8000 --securities 3 --days 2 --seed 5 -o "$DATA"
  sw-chunk --block-rows 1000 -o "$DATA/orders.swr" "$DATA/orders.csv"
  sw-sort -k timestamp --block-rows 200 --index -o "$DATA/indexed.swr" "$DATA/orders.swr"
  cp "$DATA/orders.csv" "$DATA/sorted.csv"
  sw-chunk --index -b 64K "$DATA/sorted.csv"
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

run_of() {
  local file=${2:-orders.csv} size=256K
  [[ $file != *.swr ]] || size=32K # which is smaller: several chunks of it, too
  case $1 in
    report) report -j 2 -b "$size" -o out "$DATA/$file" ;;
    extract) extract -j 2 -b "$size" -o out.csv "$DATA/$file" ;;
    selected) extract -j 2 -b "$size" -s 110621 -o out.csv "$DATA/$file" ;;
    convert) convert -j 2 -b "$size" -k quantity -c quantity,price,timestamp -o out.swr "$DATA/$file" ;;
    analyse) analyse -j 2 -b "$size" --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/$file" 2>&1 ;;
  esac
}

# is_refused RUN [FILE]: it ends with 3, says why, and has no result.
is_refused() {
  rm -rf out out.*
  expect_status 3 run_of "$@"
  [[ $output == *"${said:-add up}"* || $output == *' wrote '*' read '* ]] || { printf '%s\n' "$output" >&2; return 1; }
  [ ! -e out.csv ] && [ ! -e out.swr ] && [ ! -e out/run/ledger.csv ] && [ -z "$(find out/aggregated -type f 2>/dev/null)" ]
}

# instead_of PROGRAM <SCRIPT: bin/ has the programs, and this in the place of one; REAL_BIN leads to the others.
instead_of() {
  export REAL_BIN=$SW_BIN
  rm -rf bin
  mkdir bin
  ln -sfn "$TREE/share" share
  ln -s "$SW_BIN"/sw-* bin/
  rm "bin/$1"
  { printf '#!/bin/bash\n' && cat; } >"bin/$1"
  chmod +x "bin/$1"
}

# total_of_ranges FILE ROWS WORDS: of the file's `ranges`, together.
total_of_ranges() {
  local offset length total=0
  while read -r offset length; do
    # shellcheck disable=SC2086 # words
    sw-chunk $3 --range "$offset:$length" --tally tally --bad-rows bad -o part.swr "$1" 2>/dev/null || return
    total=$((total + $(cut -f 1 tally)))
  done <ranges
  same "$2" "$total"
}

# bats test_tags=check
@test "ledger: what is read is what Python reads, in one go, in ranges, with selectors, by an index, from a gzip" {
  python3 - >rough.csv <<'PYTHON'
import random, sys
random.seed(11)
out = 'order_id,timestamp,security_code,side,quantity,comment\n'
for i in range(4000):
    quantity = 'none' if i % 401 == 300 else i
    comment = random.choice(['', 'plain', '"with ""quotes"""', '"a line\nand more\n"'] if i // 500 % 2 else ['', 'plain'])
    out += f'{i},{1725480000000000000 + i},{7 + i // 1000},{i % 2 + 1},{quantity},{comment}'
    out += random.choice(['\n', '\n', '\r\n', '\n\n', '\n\r\n\n'])
sys.stdout.write(out.rstrip())
PYTHON
  rows=$(python3 -c '
import csv
print(sum(1 for row in csv.reader(open("rough.csv", newline="")) if row) - 1)')
  gzip -k rough.csv
  grep -v '"' "$DATA/orders.csv" | sed 's/participantid/comment/; 5~7s/$/\n/' >plain.csv
  plain=$(($(grep -c . plain.csv) - 1))
  for words in '' '-s 8' '-s 8,9 -q 100..2500' '-e side==1' '-c timestamp'; do
    # shellcheck disable=SC2086 # words
    for file in rough.csv rough.csv.gz; do
      sw-chunk $words --tally tally --bad-rows bad -o all.swr $file 2>/dev/null
      same "$rows" "$(cut -f 1 tally)"
      awk -F '\t' '{ exit $1 != $2 + $3 + $4 }' tally
    done
    # at rows, and anywhere
    sw-chunk --plan --exact -b 9000 rough.csv | cut -f 2,3 >ranges
    total_of_ranges rough.csv "$rows" "$words"
    size=$(stat -c %s plain.csv)
    for ((at = 0; at < size; at += 79190)); do printf '%d\t%d\n' "$at" $((at + 79190 > size ? size - at : 79190)); done >ranges
    total_of_ranges plain.csv "$plain" "$words"
    [ -e rough.csv.index ] || [ "$words" != '-s 8' ] || sw-chunk --index -b 9K rough.csv 2>/dev/null
  done
}

# lines_of FILE: its lines as Python finds them, a line ending where quotes are closed, or with the file: all, header, empty, ignored.
lines_of() {
  python3 - "$1" <<'PYTHON'
import gzip, sys
data = open(sys.argv[1], 'rb').read()
if data[:2] == b'\x1f\x8b':
    data = gzip.decompress(data)
ends, quoted, start = [], False, 0
for at, byte in enumerate(data):
    quoted ^= byte == ord('"')
    if byte == ord('\n') and not quoted:
        ends.append(data[start:at].rstrip(b'\r'))
        start = at + 1
if start < len(data):
    ends.append(data[start:].rstrip(b'\r'))
print(len(ends), 1, sum(not line for line in ends), 0, sep='\t')
PYTHON
}

# lined FILE: text with empty lines of every kind, before its header too, and quotes over several lines.
lined() {
  python3 - "$DATA/orders.csv" >"$1" <<'PYTHON'
import random, sys
random.seed(3)
lines = open(sys.argv[1]).read().split('\n')[:-1]
out = ['\n', '\r\n', lines[0] + ',comment\n']
for i, line in enumerate(lines[1:]):
    out.append(line + ',' + (random.choice(['', '"a, b"', '"two\nlines"', '"\n\n"']) if 4000 < i < 6000 else 'plain'))
    out.append(random.choice(['\n', '\n', '\n', '\r\n', '\n\n', '\n\r\n\n']))
sys.stdout.write(''.join(out).rstrip() + '\n\r\n')
PYTHON
}

# lines_in LEDGER: the lines, header, empty and ignored of its first line, by their names.
lines_in() {
  python3 -c '
import csv, sys
row = next(csv.DictReader(open(sys.argv[1])))
assert int(row["lines"]) == sum(int(row[name]) for name in ("header", "empty", "ignored", "read"))
print(row["lines"], row["header"], row["empty"], row["ignored"], sep="\t")' "$1"
}

@test "ledger: lines are the header, empty ones, ignored ones and rows, as Python counts them, in one go, in ranges, by an index" {
  lined rough.csv
  gzip -k rough.csv
  wanted=$(lines_of rough.csv)
  for words in '' '-s 110621' '-e side==1' '-c timestamp'; do
    for file in rough.csv rough.csv.gz; do
      # shellcheck disable=SC2086 # words
      sw-chunk $words --tally tally -o all.swr $file
      same "$wanted" "$(cut -f 5- tally)"
      awk -F '\t' '{ exit $5 != $6 + $7 + $8 + $1 || $8 != 0 }' tally
    done
  done
  # every line is in one range, the header with the first row's, wherever they are cut
  sw-chunk --plan --exact -b 70000 rough.csv | cut -f 2,3 >planned
  size=$(stat -c %s rough.csv)
  printf '%d\t%d\n' 0 5 5 $((size - 5)) >early
  for ranges in planned early; do
    while read -r offset length; do
      sw-chunk --range "$offset:$length" --tally tally -o part.swr rough.csv
      cat tally
    done <"$ranges" >tallies
    same "$wanted" "$(awk -F '\t' -v OFS='\t' '{ for (i = 5; i <= 8; i++) sum[i] += $i } END { print sum[5], sum[6], sum[7], sum[8] }' tallies)"
  done
  # what an index leaves out is counted by it, in the plan of its ranges too
  sw-chunk --index -b 64K rough.csv 2>/dev/null
  for words in '-s 110621' '-s 1' '-e timestamp<1'; do
    # shellcheck disable=SC2086 # words
    sw-chunk $words --tally tally -o some.swr rough.csv
    same "$wanted" "$(cut -f 5- tally)"
    # shellcheck disable=SC2086 # words
    sw-chunk --plan $words --tally tallies rough.csv >planned
    while IFS=$'\t' read -r _ offset length; do
      # shellcheck disable=SC2086 # words
      sw-chunk $words --range "$offset:$length" --tally tally -o part.swr rough.csv
      cat tally >>tallies
    done <planned
    same "$wanted" "$(awk -F '\t' -v OFS='\t' '{ for (i = 5; i <= 8; i++) sum[i] += $i } END { print sum[5], sum[6], sum[7], sum[8] }' tallies)"
  done
}

@test "ledger: ignored lines are those of the schema, before the header, among the rows, and the header again" {
  { cat "$TREE/share/schemas/orders.schema" && echo 'ignore "#" -- TRAILER'; } >mine.schema
  awk 'NR == 1 { header = $0; print "# made on a day\n\n#" } { print } NR % 900 == 0 { print header } NR % 700 == 0 { print "# \"open" } NR % 800 == 0 { print "" }
    END { print "--\nTRAILER 8000" }' "$DATA/orders.csv" >mine.csv
  wanted=$(awk -v OFS='\t' '!/^7/ { if ($0 == "") empty++; else if (/^order_id/ && !header) header = 1; else ignored++ } END { print NR, header, empty, ignored }' mine.csv)
  for words in '' '-s 110621'; do
    # shellcheck disable=SC2086 # words
    sw-chunk -t mine.schema $words --tally tally -o all.swr mine.csv
    same "$wanted" "$(cut -f 5- tally)"
    awk -F '\t' '{ exit $1 != 8000 || $5 != $6 + $7 + $8 + $1 }' tally
  done
  gzip -k mine.csv
  for file in mine.csv mine.csv.gz; do
    extract -j 2 -b 128K -t mine.schema --ledger ledger -o out.csv $file
    same "$wanted" "$(lines_in ledger)"
  done
  sw-chunk --index -b 32K -t mine.schema mine.csv
  extract -b 64K -t mine.schema -s 110621 --ledger ledger -o out.csv mine.csv
  same "$wanted" "$(lines_in ledger)"
}

@test "ledger: a file without rows has its header, one without an end of line has its last line, records have no lines" {
  head -n 1 "$DATA/orders.csv" >none.csv
  printf '\n\n' >>none.csv
  sw-chunk --tally tally -o none.swr none.csv
  same "$(cat tally)" "0$(printf '\t0%.0s' 1 2 3)"$'\t3\t1\t2\t0'
  extract --ledger ledger -o out.csv none.csv
  same "$(tail -n 1 ledger)" all,0,0,0,0,3,1,2,0
  printf %s "$(head -n 1 "$DATA/orders.csv")" >bare.csv
  extract --ledger ledger -o out.csv bare.csv
  same "$(tail -n 1 ledger)" all,0,0,0,0,1,1,0,0
  printf %s "$(head -n 3 "$DATA/orders.csv")" >open.csv
  extract --ledger ledger -o out.csv open.csv
  same "$(tail -n 1 ledger)" all,2,2,0,0,3,1,0,0
  extract --ledger ledger -o out.csv open.csv "$DATA/orders.swr"
  same "$(cut -d , -f 6- ledger)" $'lines,header,empty,ignored\n3,1,0,0\n,,,\n,,,'
}

# bats test_tags=check
@test "ledger: every pipeline's has the lines of its files, also of those that an index leaves unread" {
  lined rough.csv
  gzip -k rough.csv
  lined indexed.csv
  sw-chunk --index -b 32K indexed.csv 2>/dev/null
  wanted=$(lines_of rough.csv)
  for file in rough.csv rough.csv.gz indexed.csv; do
    for words in '' '-s 110621' '-s 1'; do
      # shellcheck disable=SC2086 # words
      extract -j 2 -b 256K --exact $words --ledger ledger -o out.csv $file
      same "$wanted" "$(lines_in ledger)"
    done
  done
  convert -j 2 -b 256K --exact -k price --ledger ledger -o out.swr rough.csv
  same "$wanted" "$(lines_in ledger)"
  report -j 2 -b 256K --exact -o report rough.csv
  same "$wanted" "$(lines_in report/run/ledger.csv)"
  # what a run goes on from says the same
  rm -r report/run/parts/*/*.partial report/run/parts/*/*.states report/aggregated 2>/dev/null || :
  report -j 1 -b 256K --exact -o report rough.csv
  same "$wanted" "$(lines_in report/run/ledger.csv)"
}

@test "ledger: an analysis has the lines of every table" {
  lined rough.csv
  sed 's/$/\r\n/; 3~5s/$/\n/' "$DATA/trades.csv" >trades.csv
  analyse -j 2 -b 256K --exact --trades trades.csv --nbbo "$DATA/nbbo.csv" -o out rough.csv 2>/dev/null
  python3 - out/run/ledger.csv "$(lines_of rough.csv)" "$(lines_of trades.csv)" "$(lines_of "$DATA/nbbo.csv")" <<'PYTHON'
import csv, sys
wanted = dict(zip(("orders", "trades", "nbbo"), (text.split("\t") for text in sys.argv[2:])))
names = ("lines", "header", "empty", "ignored")
found = 0
for row in csv.DictReader(open(sys.argv[1])):
    if row["table"] not in wanted:
        assert all(row[name] == "" for name in names), row
        continue
    found += 1
    assert [row[name] for name in names] == wanted[row["table"]], row
    assert int(row["lines"]) == sum(int(row[name]) for name in names[1:] + ("read",)), row
assert found == 6
PYTHON
}

@test "ledger: of a gzip that is read in ranges the header is one line" {
  { printf '\n\r\n' && cat "$DATA/orders.csv"; } >rough.csv
  sw-chunk rough.csv | sw-cut -o ours.csv.gz
  python3 - <<'PYTHON'
import struct, zlib
data = open("rough.csv", "rb").read()
with open("members.csv.gz", "wb") as to:  # as bgzip writes them: each says how long it is
    for at in list(range(0, len(data), 60000)) + [None]:
        text = b"" if at is None else data[at:at + 60000]
        pack = zlib.compressobj(6, zlib.DEFLATED, -15)
        body = pack.compress(text) + pack.flush()
        head = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0" + struct.pack("<H", len(body) + 25)
        to.write(head + body + struct.pack("<II", zlib.crc32(text), len(text)))
PYTHON
  sw-chunk --plan -b 32K members.csv.gz >plan
  [ "$(wc -l <plan)" -gt 2 ]
  for file in members.csv.gz ours.csv.gz; do
    extract -j 2 -b 32K --ledger ledger -o out.csv $file
    same "$(lines_of $file)" "$(lines_in ledger)"
  done
}

@test "ledger: a run whose lines do not add up fails, a file's header counted twice too" {
  # shellcheck disable=SC2016 # for awk
  for change in '$5 += 1' '$7 += 1' '$5 += 1; $6 += 1'; do
    instead_of sw-chunk <<SCRIPT
"\$REAL_BIN/sw-chunk" "\$@" || exit
[[ "\$*" == *' --tally '* ]] || exit 0
while [ "\$1" != --tally ]; do shift; done
awk 'BEGIN { FS = OFS = "\t" } NR == 1 && \$6 == 0 { $change } 1' "\$2" >"\$2.less" && mv "\$2.less" "\$2"
SCRIPT
    SW_BIN=$PWD/bin is_refused extract
  done
  for pipeline in report analyse; do SW_BIN=$PWD/bin is_refused "$pipeline"; done
}

# undisturbed FILE: every pipeline comes to what sw-cut and awk come to.
undisturbed() {
  local rows pipeline
  rows=$(($(wc -l <"$DATA/orders.csv") - 1))
  for pipeline in report extract selected convert analyse; do
    run_of "$pipeline" "$1" >log 2>&1 || { cat log; return 1; }
    case $pipeline in
      report) awk -F, -v rows="$rows" 'NR > 1 && ($2 != $3 || $2 != rows) { bad = 1 } END { exit bad || NR != 3 }' out/run/ledger.csv ;;
      extract) cut -d , -f 1-3 out.csv | cmp - <(cut -d , -f 1-3 "$DATA/orders.csv") ;;
      selected) cut -d , -f 1-3 out.csv | cmp - <(awk -F, -v OFS=, 'NR == 1 || $3 == 110621 { print $1, $2, $3 }' "$DATA/orders.csv") ;;
      convert) same "$(sw-cut --no-header out.swr | LC_ALL=C sort)" "$(sw-chunk -c quantity,price,timestamp "$DATA/orders.csv" | sw-cut --no-header | LC_ALL=C sort)" ;;
      analyse) same "$(grep ^orders,all, out/run/ledger.csv | cut -d , -f 3,4)" "$rows,$rows" ;;
    esac
    rm -rf out out.*
  done
}

@test "ledger: undisturbed, of text" { undisturbed orders.csv; }

@test "ledger: undisturbed, of streams" { undisturbed orders.swr; }

@test "ledger: undisturbed, by an index" { undisturbed sorted.csv; }

@test "ledger: what an index of blocks leaves out is counted, and no more than that" {
  rows=$(sw-info -f json "$DATA/indexed.swr" | jq .rows)
  begin=$(cut -d , -f 2 "$DATA/orders.csv" | tail -n +2 | sort -n | sed -n 3000p)
  end=$(cut -d , -f 2 "$DATA/orders.csv" | tail -n +2 | sort -n | sed -n 7000p)
  for words in "timestamp >= $begin && timestamp < $end" "timestamp < $begin" "timestamp >= $end"; do
    kept=$(sw-cut --no-header -c timestamp "$DATA/indexed.swr" |
      python3 -c 'import sys; print(sum(eval(sys.argv[1]) for timestamp in map(int, sys.stdin)))' "${words//&&/and}")
    sw-filter -e "$words" --tally tally -o some.swr "$DATA/indexed.swr"
    same "$(cat tally)" "$rows"$'\t'"$kept"$'\t'"$((rows - kept))"$'\t0'
  done
}

@test "ledger: tallies of sw-sort, sw-cut and sw-optimize are what went through them" {
  sw-sort -k price --tally one -o sorted.swr "$DATA/orders.swr"
  same "$(cat one)" $'8000\t8000\t0\t0'
  kept=$(sw-filter -s 110621 --count "$DATA/orders.swr")
  sw-sort -k price -s 110621 --tally two -o some.swr "$DATA/orders.swr"
  same "$(cat two)" "8000"$'\t'"$kept"$'\t'"$((8000 - kept))"$'\t0'
  sw-sort -m -k price -s 110621 --tally three sorted.swr sorted.swr | sw-cut --no-header >/dev/null
  same "$(cat three)" "16000"$'\t'"$((2 * kept))"$'\t'"$((16000 - 2 * kept))"$'\t0'
  for format in csv tsv jsonl parquet arrow; do
    sw-cut -f $format --tally four -o out "$DATA/orders.swr"
    same "$(cat four)" $'8000\t8000\t0\t0'
  done
  sw-optimize --tally five -o small.swr "$DATA/orders.swr"
  same "$(cat five)" $'8000\t8000\t0\t0'
  for program in sw-sort sw-cut sw-optimize; do
    words=()
    [ $program != sw-sort ] || words=(-k price)
    expect_status 2 $program "${words[@]}" --tally "$DATA/orders.swr" -o x "$DATA/orders.swr"
    expect_status 2 $program "${words[@]}" --tally x -o x "$DATA/orders.swr"
  done
}

# bats test_tags=check
@test "ledger: a row that is lost before the last program of a chunk" {
  LAST=$(tail -n 1 "$DATA/orders.csv" | cut -d , -f 2)
  export LAST
  for program in sw-agg sw-cut sw-optimize sw-sort; do
    instead_of "$program" <<'SCRIPT'
case " $* " in
  *' --merge '* | *' --list-columns '*) ;;
  *' --tally '*) if [ ! -t 0 ] && [[ "$*" != *' -- '* ]]; then exec "$REAL_BIN/${0##*/}" "$@" < <("$REAL_BIN/sw-filter" -e "timestamp != $LAST"); fi ;;
esac
exec "$REAL_BIN/${0##*/}" "$@"
SCRIPT
    case $program in
      sw-agg) SW_BIN=$PWD/bin is_refused report ;;
      sw-cut) SW_BIN=$PWD/bin is_refused selected orders.swr ;;
      *) SW_BIN=$PWD/bin is_refused convert ;;
    esac
    [ $program != sw-sort ] || SW_BIN=$PWD/bin is_refused analyse
  done
}

# bats test_tags=check
@test "ledger: a chunk that the plan forgets, and one that begins too late" {
  # shellcheck disable=SC2016 # for awk
  for how in '$1 == "chunk" && $3 == 2 { next }' '$1 == "chunk" && $3 == 2 { $4 += 100; $5 -= 100 }' '$1 == "chunk" && $3 == 1 { $4 += 100; $5 -= 100 }' \
    '$1 == "chunk" && $3 == 2 { $5 -= 100 }'; do
    instead_of sw-plan <<SCRIPT
"\$REAL_BIN/sw-plan" "\$@" | awk 'BEGIN { FS = OFS = "\t" } $how { print }'
SCRIPT
    for pipeline in report extract convert analyse; do SW_BIN=$PWD/bin said='' is_refused "$pipeline"; done
  done
  # of a stream, and of a file with an index, a chunk may be forgotten and yet be no gap
  instead_of sw-plan <<'SCRIPT'
"$REAL_BIN/sw-plan" "$@" | awk 'BEGIN { FS = OFS = "\t" } $1 == "chunk" { last = $0; if (held != "") print held; held = last; next } { print }'
SCRIPT
  SW_BIN=$PWD/bin is_refused extract orders.swr
  SW_BIN=$PWD/bin is_refused selected sorted.csv
}

@test "ledger: a program of a chunk that has counted nothing" {
  for program in sw-filter sw-cut; do
    instead_of $program <<'SCRIPT'
words=("$@")
for i in "${!words[@]}"; do [ "${words[i]}" != --tally ] || { unset "words[i]" "words[i + 1]" && break; }; done
exec "$REAL_BIN/${0##*/}" "${words[@]}"
SCRIPT
    SW_BIN=$PWD/bin said='has counted nothing' is_refused extract orders.swr
  done
}

@test "ledger: a stream of which a block is lost between its plan and its end mark" {
  instead_of sw-filter <<'SCRIPT'
if [[ "$*" == *' --count '* ]]; then
  "$REAL_BIN/sw-filter" "$@" || exit
  while [ "$1" != --tally ]; do shift; done
  awk 'BEGIN { FS = OFS = "\t" } { $1 -= 1000; $2 -= 1000; print }' "$2" >"$2.less" && mv "$2.less" "$2"
  exit
fi
exec "$REAL_BIN/sw-filter" "$@"
SCRIPT
  SW_BIN=$PWD/bin is_refused extract orders.swr
}

@test "ledger: a part's tally is what its programs counted, one after another, with the checksums of its text" {
  seal=$(test_program part_seal_test)
  printf '10\t7\t2\t1\t12\t1\t0\t1\n' >p.chunk
  printf '7\t5\t2\t0\n' >p.cut
  printf 'some rows\n%.0s' {1..9999} >p.rows
  : >p.bad
  same "$("$seal" --tally p.chunk --tally p.cut p rows bad files)" '10 5'
  same "$(cat p.tally)" $'10\t5\t4\t1\t12\t1\t0\t1\trows:'"$(cksum <p.rows | tr ' ' :) bad:$(cksum <p.bad | tr ' ' :)"
  printf '5\t5\t0\t0\n' >p.agg
  rm p.chunk
  same "$("$seal" p)" '7 5'
  same "$(cat p.tally)" $'7\t5\t2\t0\t-\t-\t-\t-\t'
  rm p.tally
  for bad in $'7\t4\t3\t0' $'7\t5\t1\t0' $'7\t5\t2' $'7\t5\t2\tx' ''; do
    printf '%s\n' "$bad" >p.cut
    expect_status 3 "$seal" p
    [[ ! -e p.tally ]]
  done
  rm p.cut p.agg
  expect_status 3 "$seal" p
  expect_status 3 "$seal" --tally p.cut p
}

@test "ledger: what has room for a part of it says why the rest has none" {
  for i in {1..200}; do sed -n "1p;$((i + 1))p" "$DATA/orders.csv" >"$i.csv"; done
  extract -j 1 --keep-intermediate yes -o out.csv {1..200}.csv
  rm out.csv
  (trap '' XFSZ && ulimit -f 4 && expect_status 3 sw-ledger deliver --rows out.csv --count counts -- out.csv.run out.csv.run && echo "$output" >said)
  same "$(cat said)" 'sw-ledger: out.csv.run/counted.csv: File too large'
  [ ! -e out.csv ]
}
