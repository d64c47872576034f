#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Rows picked out of encoded columns: sw-filter decodes all of a block when rejected rows are wanted too, which is the oracle here.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  sw-gen --rows 30000 --seed 5 --securities 40 --full --stdout orders >full.csv
  # Fields that are now and then, mostly, and always empty; texts; a run; numbers that do not fit 64 bits together.
  awk -F, -v OFS=, 'NR == 1 { print $0, "sometimes", "rarely", "never", "word", "run", "wild"; next }
    { print $0, NR % 3 ? NR * 7919 % 1009 : "", NR % 50 ? "" : NR, "", "w" NR % 17, int(NR / 700), NR % 2 ? "9000000000000000000" NR : "-" NR }' \
    full.csv >odd.csv
  printf '%s\n' 'table odd' 'time timestamp' 'column order_id uint' 'column timestamp time' 'column security_code int' \
    'column price decimal' 'column quantity int' 'column leavesquantity int' 'column totalmatchedquantity int' 'column participantid int' 'column sometimes int' 'column rarely int' \
    'column never int' 'column word text' 'column run int' 'column wild decimal:0' >odd.schema
  sw-chunk -t ./odd.schema odd.csv >plain.swr
  for level in 0 1 9; do sw-optimize -z $level plain.swr >z$level.swr; done
  sw-sort -k security_code,timestamp plain.swr | sw-optimize -z 0 >sorted.swr
  sw-filter --block-rows 129 plain.swr >narrow.swr
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  ln -s "$BATS_FILE_TMPDIR"/*.* .
}

# same_rows FILE OPTION…: picked or not, the same rows in the same bytes.
same_rows() {
  local file=$1
  shift
  sw-filter "$@" --reject rest.swr "$file" | sw-cut >wanted
  sw-filter "$@" "$file" | sw-cut | cmp - wanted
  [ "$(sw-filter "$@" --count "$file")" -eq $(($(wc -l <wanted) - 1)) ]
}

@test "pick: the same rows as without, however the columns are stored" {
  security=$(sw-cut -c security_code --no-header plain.swr | sed -n 100p)
  participant=$(sw-cut -c participantid --no-header plain.swr | sed -n 100p)
  for file in plain z0 z1 z9 sorted narrow; do
    same_rows $file.swr -s "$security"
    same_rows $file.swr -s "$security" -p "$participant"
    same_rows $file.swr -s "$security" -p "$participant" -H 10-12
    same_rows $file.swr -p "$participant" -q 100..500 -H 11
    same_rows $file.swr -e 'rarely > 0 && sometimes >= 0'
    same_rows $file.swr -e 'rarely != null && sometimes == null'
    same_rows $file.swr -e 'word == "w3" && run in (3, 20) && price > 1'
    same_rows $file.swr -e 'sometimes == 5 || rarely == 100'
    same_rows $file.swr -e 'never == null && run == 7 && wild < 0'
    same_rows $file.swr -e 'quantity * 2 > 1000 && rarely > 20000'
    same_rows $file.swr -e 'quantity < 0'
  done
}

@test "pick: few and many rows, at all places of a block" {
  for each in 2 7 8 9 64 127 128 129 1000 4999; do
    same_rows z0.swr -e "sometimes in ($(seq -s , 1 $each))"
    same_rows sorted.swr -e "sometimes in ($(seq -s , 1 $each)) && run >= 3"
  done
}

@test "pick: derived columns and lists of columns are those of the picked rows" {
  for file in z0 sorted narrow; do
    same_rows $file.swr -c order_id,date,time,size,word,wild -e 'rarely > 0 && size == "<=1K" && hour >= 10'
    same_rows $file.swr -c rarely -e 'rarely > 0'
  done
}

@test "pick: what is read of a file is what is read of a pipe" {
  sw-filter -e 'rarely > 0 && run > 4' z1.swr | sw-cut >wanted
  sw-filter -e 'rarely > 0 && run > 4' < <(cat z1.swr) | sw-cut | cmp - wanted
  [ "$(wc -l <wanted)" -gt 10 ]
}

@test "pick: bytes that contradict the directory are 1, whatever their checksum says" {
  for file in plain sorted; do
    sw-cut $file.swr | head -n 1500 | sw-chunk -t ./odd.schema | sw-optimize -z 0 >small.swr
    python3 "$BATS_TEST_DIRNAME/nonsense.py" small.swr 150 sw-filter -e 'rarely > 0'
  done
}
