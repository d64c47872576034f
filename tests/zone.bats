#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What a row is, and the zone of local time: from the schema into the stream, and through every program.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  # Midnight of 2025-01-08 in Sydney, in summer, and an hour before; one in winter.
  printf 'order_id,timestamp,security_code,price,side,quantity,leavesquantity,totalmatchedquantity,sequence\n' >orders.csv
  printf '%s\n' 1,1736254800000000000,7,10,1,5,5,0,1 2,1736251200000000000,7,10,1,5,5,0,2 \
    3,1725408000000000000,8,10,2,5,0,5,3 >>orders.csv
}

# about FILE…: version, rows and zone of each stream, by the reader that was written from the manual.
about() {
  cat "$@" | python3 "$BATS_TEST_DIRNAME/record_reader.py" --about | grep -P '^\d\.\d\t'
}

# own ZONE NAME: this exchange's orders.schema in another zone (none: "").
own() {
  sed "/^zone/d" "$TREE/share/schemas/orders.schema" >"$2.schema"
  [[ -z $1 ]] || echo "zone $1" >>"$2.schema"
}

@test "zone: a stream says what a row is, and its zone" {
  sw-chunk orders.csv >orders.swr
  same "$(about orders.swr)" $'2.3\tevents\tAustralia/Sydney'
  sw-info orders.swr >info
  grep -qx 'a row is     one of events' info
  grep -qx 'zone         Australia/Sydney' info
  same "$(sw-info -f json orders.swr | jq -r '.row_kind, .zone')" $'events\nAustralia/Sydney'
}

@test "zone: the kinds of rows of the shipped schemas" {
  sw-gen --rows 300 --seed 2 -o made
  for pair in orders:events trades:trade_sides nbbo:quotes; do
    sw-chunk "made/${pair%:*}.csv" >x.swr
    same "$(about x.swr)" $'2.3\t'"${pair#*:}"$'\tAustralia/Sydney'
  done
}

@test "zone: every program hands both on" {
  own Europe/Berlin berlin
  sw-chunk -t ./berlin.schema orders.csv >in.swr
  sw-filter -s 7 in.swr >filter.swr
  sw-filter -c price,security_code in.swr >narrow.swr
  sw-sort -k security_code,order_id,timestamp,sequence in.swr >sort.swr
  sw-sort -m -k security_code,order_id,timestamp,sequence sort.swr sort.swr >merge.swr
  sw-optimize --index in.swr >optimize.swr
  sw-split -k security_code -o 'split-{security_code}.swr' in.swr
  sw-join -k order_id --with in.swr in.swr >join.swr
  for file in filter narrow sort merge optimize split-7 split-8 join; do
    same "$(about $file.swr | cut -f 2-)" $'events\tEurope/Berlin'
  done
  sw-agg -g security_code -a 'n=count()' -f swr in.swr >groups.swr
  same "$(about groups.swr | cut -f 2-)" $'rows\tEurope/Berlin'
}

@test "zone: one behind the other only in one zone, and the error names both" {
  own Europe/Berlin berlin
  own +02:00 two
  own +0200 also-two
  sw-chunk orders.csv >sydney.swr
  for name in berlin two also-two; do sw-chunk -t "./$name.schema" orders.csv >$name.swr; done
  expect_status 1 sw-info sydney.swr berlin.swr
  [[ $output == *'berlin.swr: byte 0: a stream in the zone Europe/Berlin, where sydney.swr is in Australia/Sydney'* ]]
  expect_status 1 sw-sort -m -k order_id sydney.swr berlin.swr
  [[ $output == *Europe/Berlin*Australia/Sydney* ]]
  cat sydney.swr berlin.swr >both.swr
  expect_status 1 sw-cut both.swr
  [[ $output == *Europe/Berlin*Australia/Sydney* ]]
  same "$(sw-cut --no-header two.swr also-two.swr | wc -l)" 6
  sed 's/^rows .*/rows orders/' "$TREE/share/schemas/orders.schema" >folded.schema
  sw-chunk -t ./folded.schema orders.csv >folded.swr
  expect_status 1 sw-info sydney.swr folded.swr
  [[ $output == *'whose rows are orders, where those of sydney.swr are events'* ]]
}

@test "zone: only streams of another zone than +10:00 have the new major version" {
  own +10:00 ten
  own '' none
  for name in ten none; do sw-chunk -t "./$name.schema" orders.csv >$name.swr; done
  same "$(about ten.swr)" $'1.3\tevents\t+10:00'
  same "$(about none.swr)" $'2.3\tevents\tUTC, assumed'
  # What is older than zones stays so, whoever hands it on.
  python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' \
    <"$BATS_TEST_DIRNAME/vectors/record-1.2.hex" >old.swr
  sw-filter old.swr | sw-optimize >again.swr
  same "$(about again.swr | cut -c 1)" 1
}

@test "zone: a schema's mistakes are errors with their line" {
  printf 'table t\nzone Australia/Sidney\ncolumn a int\n' >x.schema
  expect_status 2 sw-chunk -t ./x.schema orders.csv
  [[ $output == *"x.schema:2: zone: no such time zone: 'Australia/Sidney'"* ]]
  printf 'table t\ncolumn a int\nrows messages\n' >x.schema
  expect_status 2 sw-chunk -t ./x.schema orders.csv
  [[ $output == *"x.schema:3: rows: not events, orders, trades, trade_sides or quotes: 'messages'"* ]]
  printf 'table t\ncolumn a int\nrows events\nrows events\n' >x.schema
  expect_status 2 sw-chunk -t ./x.schema orders.csv
  [[ $output == *"x.schema:4: rows: needs one name, once"* ]]
}
