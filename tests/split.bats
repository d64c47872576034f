#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-split: every row in exactly one file, safe names, bounded open files, all or nothing.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

@test "split: one file per security and date, rows in order, nothing lost" {
  sw-gen --rows 8000 --securities 8 --days 3 --stdout orders >orders.csv
  sw-chunk orders.csv >orders.swr
  sw-split -k security_code,date -o 'out/{security_code}/{date}/orders.swr' orders.swr
  find out -name orders.swr -print0 | sort -z | xargs -0 cat | sw-info --digest >parts
  sw-info --digest orders.swr | diff - parts
  [ -z "$(find out -name '.sw-split*')" ]
  for file in out/*/*/orders.swr; do
    IFS=/ read -r _ code date _ <<<"$file"
    sw-cut --no-header -c security_code,date "$file" | sort -u | diff - <(echo "$code,$date")
  done
  code=$(find out -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | head -n 1)
  cat out/"$code"/*/orders.swr | sw-cut -c order_id,sequence --no-header | sort >ours
  awk -F, -v code="$code" '$3 == code { print $1 "," $12 }' orders.csv | sort | diff - ours
  date=$(find "out/$code" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | head -n 1)
  sw-cut -c sequence --no-header "out/$code/$date/orders.swr" | sort -nc
}

@test "split: 10,000 keys with few open files" {
  { echo order_id,timestamp,leavesquantity; seq 1 30000 | awk '{ print $1 ",5," $1 % 10000 }'; } >many.csv
  sw-chunk many.csv >many.swr
  (ulimit -n 30 && sw-split -k leavesquantity -o 'out/{leavesquantity}.swr' many.swr)
  [ "$(find out -type f | wc -l)" -eq 10000 ]
  find out -type f -print0 | xargs -0 cat | sw-info --digest | diff - <(sw-info --digest many.swr)
  sw-cut -c order_id --no-header out/77.swr | diff - <(printf '77\n10077\n20077\n')
}

@test "split: a value is never a path" {
  python3 - >evil.csv <<'PY'
import csv, sys
rows = [["order_id", "timestamp", "leavesquantity", "remark"]]
for i, t in enumerate(["../../etc/passwd", "a/b", ".", "..", "", "NULL", "%null", "x y", "é", "a\nb", "~", "-rf", ".hidden"]):
    rows.append([i, 1, 1, t])
csv.writer(sys.stdout, lineterminator="\n").writerows(rows)
PY
  mkdir in
  sw-chunk evil.csv | sw-split -k remark -o 'in/side/{remark}.swr'
  [ "$(ls in)" = side ]
  [ "$(find in -type f | wc -l)" -eq 13 ]
  [ -e in/side/..%2F..%2Fetc%2Fpasswd.swr ] || [ -e in/side/%2E.%2F..%2Fetc%2Fpasswd.swr ]
  [ -e in/side/%null.swr ]
  [ -e in/side/%25null.swr ]
  [ -e in/side/NULL.swr ]
  find in -type f -print0 | xargs -0 cat | sw-info --digest | diff - <(sw-chunk evil.csv | sw-info --digest)
}

@test "split: too long a value is 1, and nothing is left" {
  { echo order_id,timestamp,leavesquantity,remark; echo 1,1,1,short; printf '2,1,1,%0300d\n' 7; } >long.csv
  sw-chunk -o long.swr long.csv
  expect_status 1 sw-split -k remark -o 'out/{remark}.swr' long.swr
  [ -z "$(find out -mindepth 1)" ]
}

@test "split: values that are too long only together are 1, and nothing is left" {
  { echo order_id,timestamp,leavesquantity,a,b; echo 1,1,1,short,short; printf '2,1,1,%0200d,%0200d\n' 7 8; } >long.csv
  expect_status 1 bash -c "sw-chunk long.csv | sw-split -k a,b -o 'out/{a}{b}.swr'"
  [ -z "$(find out -mindepth 1)" ]
  sw-chunk long.csv | sw-split -k a,b -o 'out/{a}/{b}.swr'
  [ "$(find out -type f | wc -l)" -eq 2 ]
}

@test "split: a folder in the way of a name is 3, and no file appears" {
  sw-gen --rows 100 --stdout orders | sw-chunk >orders.swr
  mkdir -p out/2.swr
  expect_status 3 sw-split -k side -o 'out/{side}.swr' orders.swr
  [[ $output == *'out/2.swr: is a directory'* ]]
  [ -z "$(find out -type f)" ]
}

@test "split: a truncated stream leaves nothing" {
  sw-gen --rows 5000 --stdout orders | sw-chunk >orders.swr
  expect_status 1 bash -c "head -c 100000 orders.swr | sw-split -k side -o 'out/{side}.swr'"
  [[ $output == *'ended early after'* ]]
  [ -z "$(find out -mindepth 1)" ]
}

@test "split: SIGTERM leaves nothing" {
  sw-gen --rows 5000 --stdout orders | sw-chunk >orders.swr
  mkfifo pipe
  sw-split -k security_code -o 'out/{security_code}.swr' <pipe &
  child=$!
  exec 7>pipe
  head -c 200000 orders.swr >&7
  for _ in $(seq 100); do [ -d out ] && [ -n "$(find out -name 0)" ] && break; sleep 0.05; done
  kill -TERM "$child"
  status=0
  wait "$child" || status=$?
  [ "$status" -eq 143 ]
  exec 7>&-
  [ -z "$(find out -mindepth 1)" ]
}

@test "split: template and keys must agree" {
  sw-gen --rows 10 --stdout orders | sw-chunk >orders.swr
  expect_status 2 sw-split -k side -o 'out/x.swr' orders.swr
  expect_status 2 sw-split -k side -o 'out/{side}{date}.swr' orders.swr
  expect_status 2 sw-split -k nothing -o 'out/{nothing}.swr' orders.swr
  expect_status 2 sw-split -k side,side -o 'out/{side}.swr' orders.swr
  expect_status 2 sw-split -k side -o 'out/{side' orders.swr
  expect_status 2 sw-split -k side -o 'out/{side}/../all.swr' orders.swr
  expect_status 2 sw-split -o 'out/{side}' orders.swr
  sw-filter -e 'side == 1' -o 1.swr orders.swr
  expect_status 2 sw-split -k side -o '{side}.swr' 1.swr
}

# bats test_tags=check
@test "split: files of text are what sw-cut prints, compressed where they are named so" {
  sw-gen --rows 20000 --securities 40 --days 4 --stdout orders | sw-chunk >orders.swr
  sw-split -k security_code,date -o 'out/{security_code}/{date}.swr' orders.swr
  (ulimit -n 40 && sw-split -k security_code,date -f csv -o 'out/{security_code}/{date}.csv.gz' orders.swr)
  sw-split -k security_code,date -f tsv --iso-time --tz Australia/Sydney -c order_id,timestamp,hour \
    -o 'out/{security_code}/{date}.tsv' orders.swr
  sw-split -k security_code,date -f jsonl --json-numbers -c sequence,size -o 'out/{security_code}/{date}.jsonl.gz' orders.swr
  [ "$(find out -type f | wc -l)" -eq $((4 * $(find out -name '*.swr' | wc -l))) ]
  [ -z "$(find out -name '.sw-split*')" ]
  for file in out/*/*.swr; do
    name=${file%.swr}
    sw-cut "$file" | cmp - <(zcat "$name.csv.gz")
    sw-cut -f tsv --iso-time --tz Australia/Sydney -c order_id,timestamp,hour "$file" | cmp - "$name.tsv"
    sw-cut -f jsonl --json-numbers -c sequence,size "$file" | cmp - <(zcat "$name.jsonl.gz")
  done
  cp -r out again
  sw-split -k security_code,date -f csv -o 'again/{security_code}/{date}.csv.gz' orders.swr
  diff -r out again
}

@test "split: chosen columns of records, with the time and the order that they keep" {
  sw-gen --rows 2000 --stdout orders | sw-chunk >orders.swr
  sw-split -k side -c timestamp,hour,order_id -o '{side}.swr' orders.swr
  sw-filter -e 'side == 1' -c timestamp,hour,order_id orders.swr | sw-info --digest | diff - <(sw-info --digest 1.swr)
  sw-info 1.swr | grep -q '^time  *timestamp$'
  expect_status 2 sw-split -k side -c nothing -o '{side}.swr' orders.swr
  [[ $output == *nothing* ]]
  expect_status 2 sw-split -k side -f xml -o '{side}.xml' orders.swr
  [ -z "$(find . -name '*.xml')" ]
}

@test "split: a full disk is 3, and no file of text appears" {
  sw-gen --rows 20000 --stdout orders | sw-chunk >orders.swr
  expect_status 3 bash -c 'ulimit -f 600; trap "" XFSZ; sw-split -k side -f csv -o "out/{side}.csv" orders.swr'
  [[ $output == *'out/'*'.csv: File too large' ]]
  [ -z "$(find out -mindepth 1)" ]
}
