#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A schema drafted from the beginning of a file reads that file, and finds in it what was put there. Files are made by
# tests/explain_files.py, or are real ones of other exchanges where these are at hand.

load helper

VENDORS=$TREE/../shared/vendors

setup() { cd "$BATS_TEST_TMPDIR" || return; }

# drafted FILE: the draft is in draft.schema, the rows of the file, read by it, in rows.swr, the bad ones in bad.
drafted() {
  sw-chunk --explain -o draft.schema "$1" && sw-chunk -t ./draft.schema --bad-rows bad -o rows.swr "$1" 2>said
}

@test "explain: the draft for a made file reads it: rows, times, sums and sides are those that were written" {
  python3 "$TREE/tests/explain_files.py" . >made
  [ "$(wc -l <made)" -eq 36 ]
  clocks=0
  while IFS=$'\t' read -r file clock rows first last prices quantities buys; do
    drafted "$file" || { echo "$file"; cat said; false; }
    [ ! -s bad ] || { echo "$file"; cat bad draft.schema; false; }
    # a file without a header has made names: its columns are the time's, then price, quantity and side
    if [[ $buys == - ]]; then
      names=$(grep -c '^column column_' draft.schema)
      price=column_$((names - 3)) quantity=column_$((names - 2)) measures=
    else
      price=price quantity=quantity measures=",buys=sum(if(side == 1, 1, 0))"
    fi
    time=$(awk '$1 == "time" { print $2 }' draft.schema)
    sw-agg -a "rows=count(),first=min($time),last=max($time),p=sum($price),q=sum($quantity)$measures" rows.swr | tail -n 1 >got
    want=$rows,$first,$last,$prices,$quantities
    [[ $buys == - ]] || want+=,$buys
    same "$(cat got)" "$want" || { echo "$file"; cat draft.schema; head -n 4 "$file"; false; }
    # what a clock showed is not taken for an instant without a word
    if [[ $clock == 1 ]]; then
      grep -q '^zone UTC  *# NOT KNOWN' draft.schema || { echo "$file"; cat draft.schema; false; }
      clocks=$((clocks + 1))
    fi
  done <made
  [ "$clocks" -eq 22 ]
}

# bats test_tags=check
@test "explain: the draft for a real file of another exchange reads it, or the file is refused with a reason" {
  [ -d "$VENDORS" ] || skip 'no files of other exchanges here'
  read=0 refused=0
  while IFS= read -r file; do
    if ! sw-chunk --explain "$VENDORS/$file" >draft.schema 2>said; then
      [[ $(cat said) == "sw-chunk: $VENDORS/$file: "* ]] || { cat said; false; }
      [ ! -s draft.schema ]
      refused=$((refused + 1))
      continue
    fi
    drafted "$VENDORS/$file" || { echo "$file"; cat said; false; }
    told=$(awk '/^# [0-9]+ lines? (is|are) of another width/ { print $2 }' draft.schema)
    same "$(wc -l <bad)" "${told:-0}" || { echo "$file"; cat bad draft.schema; false; }
    read=$((read + 1))
  done < <(cut -f1 "$VENDORS/SOURCES.tsv")
  same "$read $refused" '46 8'
}

# bats test_tags=check
@test "explain: what is drafted of a shipped schema's file names that schema" {
  [ -d "$VENDORS" ] || skip 'no files of other exchanges here'
  python3 "$TREE/tests/vendor_oracle.py" "$VENDORS" >wanted
  named=0
  while IFS=$'\t' read -r file schema _; do
    [ -e "$TREE/share/schemas/$schema.schema" ] || continue
    sw-chunk --explain "$VENDORS/$file" >draft.schema
    if ! grep -q "^# nearest schema: ${schema}[, ]" draft.schema; then
      # of several that the header fits, or that read such rows, another one may be nearer
      grep -qE '^# nearest schema: .*(one of several|as many columns)' draft.schema || { echo "$file: $schema"; head -n 5 draft.schema; false; }
    fi
    named=$((named + 1))
  done <wanted
  [ "$named" -ge 20 ]
}

@test "explain: what the nearest schema lacks is told: names, values, columns that it requires" {
  printf 'order_id,timestamp,security_code,price,colour\n1,2024-09-05T10:00:00Z,A,1,red\n2,2024-09-05T10:00:01Z,B,cheap,blue\n' >x.csv
  sw-chunk --explain x.csv >draft.schema
  grep -q "^# nearest schema: orders, which knows 4 of 5 names" draft.schema
  grep -q '^# it does not know: colour$' draft.schema
  grep -q "^# it does not read: security_code 'A', price 'cheap'$" draft.schema
  drafted x.csv
  [ ! -s bad ]
}

@test "explain: days that may be months, ids that look like times, digits that are no numbers are told as such" {
  printf 'when,id,code,price\n01/02/2024 10:00:00,1609113600001,007,1\n02/03/2024 11:00:00,1609113600000,042,2\n' >a.csv
  drafted a.csv
  [ ! -s bad ]
  grep -q '^column when time .*as well as "%m/%d/%Y %H:%M:%S": these rows do not tell' draft.schema
  grep -q '^column id uint ' draft.schema
  grep -q '^column code text .*zeros in front' draft.schema
  # a day above 12 tells
  printf 'when\n01/02/2024 10:00:00\n25/03/2024 11:00:00\n' >b.csv
  sw-chunk --explain b.csv >draft.schema
  grep -q '^format when "%d/%m/%Y %H:%M:%S"$' draft.schema
  ! grep -q "as well as" draft.schema || false
  # the same with the month first
  printf 'when\n01/02/2024 10:00:00\n03/25/2024 11:00:00\n' >b.csv
  sw-chunk --explain b.csv | grep -q '^format when "%m/%d/%Y %H:%M:%S"$'
  # numbers that no type holds stay text
  printf 'n,d\n99999999999999999999,0.1234567890123456789\n1,1\n' >c.csv
  drafted c.csv
  [ ! -s bad ]
  grep -q '^column n text ' draft.schema
  grep -q '^column d text ' draft.schema
}

@test "explain: names that stand twice, that are missing or that no schema can hold do not keep a file from being read" {
  printf 'a,a,b\n1,2,3\n4,5,6\n' >twice.csv
  printf ',x,"say ""y"""\n0,2,3\n1,5,6\n' >odd.csv
  printf 'a b,#c,\xc3\xa9\n1,2,3\n' >blanks.csv
  for file in twice.csv odd.csv blanks.csv; do
    drafted "$file" || { cat said draft.schema; false; }
    [ ! -s bad ] || { cat bad draft.schema; false; }
  done
  same "$(sw-cut rows.swr | tail -n 1)" 1,2,3
  drafted twice.csv
  same "$(sw-cut rows.swr)" $'a,a_2,b\n1,2,3\n4,5,6'
}

@test "explain: a row that was cut off is no trailer, and a wide line before the rows no reason not to read them" {
  printf 'time,price,n\n2024-09-05T10:00:00Z,1.5,1\n2024-09-05T10:00:01Z,2,2\n2024-09-05T10:00:02Z,3,3\n2024-09-05T10' >cut.csv
  drafted cut.csv
  ! grep -q ^ignore draft.schema || false
  same "$(wc -l <bad)" 1
  printf 'a,b,c,d,e\n1,2,3\n4,5,6\n7,8,9\n' >wide.csv
  drafted wide.csv
  same "$(wc -l <bad)" 1
  same "$(sw-cut --no-header rows.swr)" $'1,2,3\n4,5,6\n7,8,9'
  printf 'a,b,c\n1,2,3\n4,5,6\n7,8,9\nTotal,3\n' >trailer.csv
  drafted trailer.csv
  [ ! -s bad ]
  same "$(sw-cut --no-header rows.swr)" $'1,2,3\n4,5,6\n7,8,9'
}

@test "explain: a clock takes its date from the file's name where that has one" {
  printf '34200.5,10\n34201.25,12\n' >AAPL_2012-06-21_x.csv
  drafted AAPL_2012-06-21_x.csv
  same "$(sw-cut --no-header -c timestamp rows.swr | head -n 1)" 1340271000500000000
  grep -q '^file AAPL_{date}_x.csv' draft.schema
  sw-chunk --explain --name Z_20120621.csv - <AAPL_2012-06-21_x.csv >draft.schema
  same "$(sw-chunk -t ./draft.schema --name Z_20120621.csv AAPL_2012-06-21_x.csv 2>/dev/null | sw-cut --no-header -c timestamp | head -n 1)" 1340271000500000000
  sw-chunk --explain - <AAPL_2012-06-21_x.csv | grep -q '^# no time: column_1 says no date'
}

@test "explain: packed files and standard input are looked at as others are; nothing is written where nothing can be said" {
  printf 'a;price\n1;2,5\n' >x.csv
  gzip -k x.csv
  sw-chunk --explain x.csv | tail -n +3 >one
  sw-chunk --explain x.csv.gz | tail -n +3 | cmp - one
  sw-chunk --explain <x.csv | tail -n +3 | cmp - one
  : >empty.csv
  printf 'PK\003\004zip' >x.zip
  printf 'a\0b' >nul
  for file in empty.csv x.zip nul none.csv; do
    run sw-chunk --explain -o out "$file"
    [ "$status" -eq 1 ] || [ "$file$status" = none.csv3 ] || { echo "$file $status"; false; }
    [[ $output == "sw-chunk: $file: "* ]]
    [ ! -e out ]
  done
  head -c 20 x.csv.gz >cut.gz
  expect_status 1 sw-chunk --explain cut.gz
  for how in '-t orders' '--plan' '-c a' '-s 1' '--names a' '--index' '--range 0:1' '--bad-rows b' '-z 3' '--tally t' '--tally-files t' '-b 1M' '--tz +10:00' '--sizes 5'; do
    # shellcheck disable=SC2086
    expect_status 2 sw-chunk --explain $how x.csv
  done
  expect_status 2 sw-chunk --explain x.csv x.csv
  expect_status 2 sw-chunk --explain -o x.csv x.csv
  printf 'a:b\n1:2\n' | sw-chunk --explain --separator : | grep -q '^separator :  *# 2 of 2 lines have 2 fields so; you said it'
}

@test "explain: a file is looked at from its beginning only, and the draft says so" {
  awk 'BEGIN { print "price,n"; for (i = 0; i < 60000; i++) print i ".5," i; print "dear,1" }' >long.csv
  sw-chunk --explain long.csv >draft.schema
  grep -q '^# What comes behind these lines' draft.schema
  expect_status 1 sw-chunk -t ./draft.schema -o out long.csv
  [[ $output == *"long.csv:60002: price: not a decimal: 'dear'" ]]
}
