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

@test "zone: local time is the schema's; --tz says otherwise; a morning in January lies in its hour" {
  # Against Python's own reading of the same database.
  skip_without python3
  sw-chunk orders.csv | sw-cut --no-header -c order_id,date,hour,hour_start >ours
  python3 - >theirs <<'EOF'
from datetime import datetime
from zoneinfo import ZoneInfo
for order, second in ((1, 1736254800), (2, 1736251200), (3, 1725408000)):
    at = datetime.fromtimestamp(second, ZoneInfo("Australia/Sydney"))
    print(order, at.date(), at.hour, at.replace(minute=0, second=0).isoformat(), sep=",")
EOF
  diff theirs ours
  same "$(sw-chunk orders.csv | sw-cut --tz +10:00 --no-header -c date,hour)" $'2025-01-07,23\n2025-01-07,22\n2024-09-04,10'
  same "$(sw-chunk -d 2025-01-08 orders.csv | sw-cut --no-header -c order_id)" 1
  same "$(sw-chunk orders.csv | sw-filter -H 23 | sw-cut --no-header -c order_id)" 2
  same "$(sw-chunk orders.csv | sw-cut --no-header --iso-time -c timestamp | head -n 1)" 2025-01-08T00:00:00+11:00
  same "$(sw-chunk orders.csv | sw-agg -g hour -a 'n=count()')" $'hour,n\n0,1\n10,1\n23,1'
}

@test "zone: local time follows the clock wherever it is changed, as the system's own does" {
  # Every hour of two years, and the seconds around the changes.
  python3 - >times.csv <<'EOF'
print("order_id,timestamp")
seconds = list(range(1704067200, 1704067200 + 2 * 366 * 86400, 3600))
for change in (1712419200, 1728144000, 1743868800, 1759593600):
    seconds += range(change - 3, change + 3)
for i, s in enumerate(seconds):
    print("%d,%d" % (i, s * 10**9))
EOF
  for zone in Australia/Sydney Australia/Lord_Howe America/New_York Asia/Kolkata; do
    sw-chunk times.csv | sw-cut --tz "$zone" --no-header -c timestamp,date,time >ours
    ZONE=$zone python3 - times.csv >theirs <<'EOF'
import os, sys
from datetime import datetime
from zoneinfo import ZoneInfo
zone = ZoneInfo(os.environ["ZONE"])
for line in list(open(sys.argv[1]))[1:]:
    stamp = int(line.split(",")[1])
    at = datetime.fromtimestamp(stamp // 10**9, zone)
    print(stamp, at.date(), at.strftime("%H:%M:%S"), sep=",")
EOF
    diff theirs ours >difference || { head "difference"; false; }
  done
}

@test "zone: where none was said it is UTC, and a stream older than zones is of +10:00; either is said once, where it matters" {
  own '' none
  sw-chunk -t ./none.schema orders.csv >none.swr 2>said
  silent cat said
  same "$(sw-cut --no-header -c hour none.swr 2>said)" $'13\n12\n0'
  same "$(cat said)" 'sw-cut: local time is UTC: neither the schema (zone NAME) nor --tz says the zone'
  sw-chunk -t ./none.schema -H 12 -e 'hour == 12' orders.csv orders.csv 2>said | sw-cut --no-header -c order_id >out
  same "$(cat said)" 'sw-chunk: local time is UTC: neither the schema (zone NAME) nor --tz says the zone'
  same "$(cat out)" $'2\n2'
  same "$(sw-cut --tz UTC -c hour none.swr 2>&1 >/dev/null | wc -l)" 0
  same "$(sw-cut -c price none.swr 2>&1 >/dev/null | wc -l)" 0
  # A header of version 1.2, made of one of 2.3: what came later is taken off.
  python3 - none.swr "$BATS_TEST_DIRNAME" >old.swr <<'EOF'
import struct, sys
sys.path.insert(0, sys.argv[2])
from record_reader import crc32c
data = open(sys.argv[1], "rb").read()
length = struct.unpack_from("<I", data, 8)[0]
body, rest = bytearray(data[24:24 + length - 6]), data[24 + length:]
struct.pack_into("<HH", body, 0, 1, 2)
lead = struct.pack("<8sIII", data[:8], len(body), crc32c(body), 0)
sys.stdout.buffer.write(lead + struct.pack("<I", crc32c(lead)) + body + rest)
EOF
  same "$(sw-cut --no-header -c hour old.swr 2>said)" $'23\n22\n10'
  same "$(cat said)" 'sw-cut: local time is +10:00: the stream is older than zones; --tz says another'
  sw-filter old.swr 2>said | sw-info >info
  silent cat said
  grep -qx 'zone         +10:00 (the stream is older than zones)' info
}

@test "zone: dates of classified orders, and pipelines, are of the schema's zone" {
  printf 'EXCHANGE,sequence,tradedate,tradetime,securitycode,orderid,tradeprice,quantity,side,participantid,dealsource\n' >trades.csv
  printf '%s\n' 1,9,2025-01-08,1736254800000000001,7,1,10,5,1,69,1 >>trades.csv
  sed -i '1s/$/,exchangeordertype,participantid/; 2,$s/$/,0,69/' orders.csv
  sw-chunk trades.csv | sw-sort -k security_code,order_id,timestamp >trades.swr
  sw-chunk orders.csv | sw-sort -k security_code,order_id,timestamp,sequence >orders.swr
  sw-classify --trades trades.swr orders.swr >classified.swr
  same "$(sw-cut --no-header -c date,hour classified.swr)" 2025-01-08,0
  same "$(about classified.swr | cut -f 2-)" $'orders\tAustralia/Sydney'
  report -o out orders.csv
  same "$(cut -d, -f1 out/aggregated/timeseries_hourly.csv)" \
    $'hour_start\n2024-09-04T10:00:00+10:00\n2025-01-07T23:00:00+11:00\n2025-01-08T00:00:00+11:00'
  own '' none
  report -t "$PWD/none.schema" -o utc orders.csv 2>said
  same "$(cut -d, -f1 utc/aggregated/by_date.csv)" $'date\n2024-09-04\n2025-01-07'
  same "$(grep -c 'local time is UTC' said)" 1
}
