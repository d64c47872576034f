#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The ledger can fail. What was read is counted from the input's own row ends, blocks and end marks, so that a row that gets lost on
# the way shows: in a program, between two of them, at a border of two chunks. The run ends with 3 then, and has no result.
# bats file_tags=plain

load helper

setup_file() {
  export DATA=$BATS_FILE_TMPDIR/data
  mkdir "$DATA"
  sw-gen --rows 12000 --securities 3 --days 2 --seed 5 -o "$DATA"
  sw-chunk --block-rows 1000 -o "$DATA/orders.swr" "$DATA/orders.csv"
  sw-sort -k timestamp --block-rows 200 --index -o "$DATA/indexed.swr" "$DATA/orders.swr"
  cp "$DATA/orders.csv" "$DATA/sorted.csv"
  sw-chunk --index -b 64K "$DATA/sorted.csv"
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

run_of() {
  local file=${2:-orders.csv}
  case $1 in
    report) report -j 2 -b 256K -o out "$DATA/$file" ;;
    extract) extract -j 2 -b 256K -o out.csv "$DATA/$file" ;;
    selected) extract -j 2 -b 256K -s 110621 -o out.csv "$DATA/$file" ;;
    convert) convert -j 2 -b 256K -k quantity -c quantity,price,timestamp -o out.swr "$DATA/$file" ;;
    analyse) analyse -j 2 -b 256K --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/$file" 2>&1 ;;
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

# bats test_tags=check
@test "ledger: undisturbed, every pipeline comes to what sw-cut and awk come to, of text, of streams, by an index" {
  rows=$(($(wc -l <"$DATA/orders.csv") - 1))
  for file in orders.csv orders.swr sorted.csv; do
    for pipeline in report extract selected convert analyse; do
      rm -rf out out.*
      run_of "$pipeline" $file >log 2>&1 || { cat log; return 1; }
      case $pipeline in
        report) awk -F, -v rows="$rows" 'NR > 1 && ($2 != $3 || $2 != rows) { bad = 1 } END { exit bad || NR != 3 }' out/run/ledger.csv ;;
        extract) cut -d , -f 1-3 out.csv | cmp - <(cut -d , -f 1-3 "$DATA/orders.csv") ;;
        selected) cut -d , -f 1-3 out.csv | cmp - <(awk -F, -v OFS=, 'NR == 1 || $3 == 110621 { print $1, $2, $3 }' "$DATA/orders.csv") ;;
        convert) same "$(sw-cut --no-header out.swr | LC_ALL=C sort)" "$(sw-chunk -c quantity,price,timestamp "$DATA/orders.csv" | sw-cut --no-header | LC_ALL=C sort)" ;;
        analyse) same "$(grep ^orders,all, out/run/ledger.csv | cut -d , -f 3,4)" "$rows,$rows" ;;
      esac
    done
  done
}

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
  same "$(cat one)" $'12000\t12000\t0\t0'
  kept=$(sw-filter -s 110621 --count "$DATA/orders.swr")
  sw-sort -k price -s 110621 --tally two -o some.swr "$DATA/orders.swr"
  same "$(cat two)" "12000"$'\t'"$kept"$'\t'"$((12000 - kept))"$'\t0'
  sw-sort -m -k price -s 110621 --tally three sorted.swr sorted.swr | sw-cut --no-header >/dev/null
  same "$(cat three)" "24000"$'\t'"$((2 * kept))"$'\t'"$((24000 - 2 * kept))"$'\t0'
  for format in csv tsv jsonl parquet arrow; do
    sw-cut -f $format --tally four -o out "$DATA/orders.swr"
    same "$(cat four)" $'12000\t12000\t0\t0'
  done
  sw-optimize --tally five -o small.swr "$DATA/orders.swr"
  same "$(cat five)" $'12000\t12000\t0\t0'
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
      sw-cut) SW_BIN=$PWD/bin is_refused extract ;;
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
