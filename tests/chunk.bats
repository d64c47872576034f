#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2030,SC2031,SC2154 # output and stderr are set by bats' run
# shellcheck disable=SC2094 # cmp - FILE reads both
# sw-chunk: schemas, values, bad rows, gzip, ranges and plans. Oracles: awk, python3, and the other routes through itself.

bats_require_minimum_version 1.5.0
load helper

setup() { cd "$BATS_TEST_TMPDIR" || return; }

short=order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,participantid,orderstatus,totalmatchedquantity,sequence
full=order_id,exchange,timestamp,security_code,price,side,changereason,orderstatus,quantity,leavesquantity,ordertype,exchangeordertype,national_bid,national_offer,bid,offer,participantid,preferenceonly,midtick,singlefillminimumquantity,minimumquantity,sequence,crossingkey,totalmatchedquantity,shortsellquantity,triggercondition,timevaliditydecoded,row_num,timevalidity,date

# table_of: the table that a header on stdin is taken for.
table_of() { sw-chunk | sw-info | sed -n 's/^table  *//p'; }
cut_of() { sw-chunk "$@" | sw-cut; }
digest_of() { sw-info --digest; }

# small [ROWS]: orders from a formula, in the short form.
small() {
  awk -v rows="${1:-100}" -v header="$short" 'BEGIN {
    print header
    for (i = 1; i <= rows; i++)
      printf "79047940001323%05d,17255161668853%05d,110621,%d.%d,%d,%d,0,2048,69,1,%d,%d\n",
        i, i, 3300 + i % 50, i % 10, 1 + i % 2, i * 7, i * 7, 1000 + i }'
}

# quoted [SEED [ROWS]]: orders with a text column of every nasty kind, rows and all.
quoted() {
  python3 - "${1:-1}" "${2:-40}" <<'PYTHON'
import csv, random, sys
random.seed(int(sys.argv[1]))
words = ['plain', '', 'a,b', 'l\nm', '\n', 'say "x"', '"', '\r\n', ',"\n', '",\n1,2,', 'é']
out = csv.writer(open('quoted.csv', 'w', newline=''), lineterminator='\n')
out.writerow(['order_id', 'timestamp', 'note', 'quantity'])
for i in range(int(sys.argv[2])): out.writerow([i + 1, 1000 + i, random.choice(words), i])
PYTHON
}

@test "chunk: the headers of the real extracts are understood" {
  [ "$(table_of <<<"$full")" = orders ]
  [ "$(table_of <<<"$short")" = orders ]
  [ "$(table_of <<<"${short%,sequence}")" = orders ]
  [ "$(table_of <<<"${short/leavesquantity,/}")" = orders ]
  [ "$(table_of <<<EXCHANGE,sequence,tradedate,tradetime,securitycode,orderid,dealsource,dealsourcedecoded,exchangeinfo,matchgroupid,nationalbidpricesnapshot,nationalofferpricesnapshot,tradeprice,quantity,side,sidedecoded,participantid,passiveaggressive,row_num)" = trades ]
  [ "$(table_of <<<partition,sequence,tradedate,bidprice,creationtime,offerprice,orderbookid,timestamp,userid,runid)" = nbbo ]
}

@test "chunk: canonical headers are understood again" {
  for header in "$full" EXCHANGE,sequence,tradedate,tradetime,securitycode,orderid,dealsource,tradeprice,quantity \
    partition,sequence,tradedate,bidprice,creationtime,offerprice,orderbookid,timestamp,userid,runid; do
    cut_of <<<"$header" >canonical
    same "$(table_of <<<"$header")" "$(table_of <canonical)"
    cut_of <canonical | cmp - canonical
  done
  [[ $(cut_of <<<"$full") == *,timevalidity,file_date ]]
}

@test "chunk: blanks around names do not count, an exact name wins over its alias" {
  [ "$(cut_of <<<' order_id , timestamp,price ')" = order_id,timestamp,price ]
  printf 'order_id,timestamp,orderid\n1,2,x\n' | sw-chunk | sw-info -f json >about
  python3 -c 'import json; c = json.load(open("about"))["columns"]; assert [(x["name"], x["type"]) for x in c] == [("order_id", "uint"), ("timestamp", "time"), ("orderid", "text")], c'
}

@test "chunk: a header that fits none, or one name twice, or no name" {
  expect_status 2 sw-chunk <<<a,b,c
  [[ $output == *nbbo*orders*trades* ]]
  expect_status 1 sw-chunk <<<order_id,timestamp,order_id
  [[ $output == *"stands twice: 'order_id'"* ]]
  same "$(printf 'order_id,timestamp,\n1,2,3\n' | sw-chunk | sw-cut)" $'order_id,timestamp,column_3\n1,2,3'
  expect_status 2 sw-chunk -t nonsense <<<a,b
  [[ $output == *" nbbo, "*" orders, "*" trades, "* ]]
}

@test "chunk: a schema of one's own" {
  printf 'table ticks\ntime at  # when\ncolumn at time AT\ncolumn level decimal:2\ncolumn n int\n' >ticks.schema
  printf 'AT,level,n,rest\n2024-09-05T10:00:00+10:00,1.25,7,x\n' | sw-chunk -t ticks.schema | sw-cut >ours
  same "$(cat ours)" $'at,level,n,rest\n1725494400000000000,1.25,7,x'
  printf 'AT,level\n1,1.255\n' >fine.csv
  expect_status 1 sw-chunk -t ./ticks.schema fine.csv
  same "$output" "sw-chunk: fine.csv:2: level: more than 2 decimals: '1.255'"
  printf 'table t\ncolumn a fancy\n' >bad.schema
  expect_status 2 sw-chunk -t bad.schema fine.csv
  [[ $output == *bad.schema:2:* ]]
  { cat ticks.schema; head -c 1048500 /dev/zero | tr '\0' '#'; } >long.schema
  expect_status 2 sw-chunk -t ./long.schema fine.csv
  same "$output" 'sw-chunk: ./long.schema: longer than 1048576 bytes'
  { cat ticks.schema; head -c 1048000 /dev/zero | tr '\0' '#'; } >long.schema
  expect_status 1 sw-chunk -t ./long.schema fine.csv
}

@test "chunk: real orders and trades come back exactly" {
  skip_without real
  [ "$(sw-chunk "$REAL/orders.csv" | sw-filter -H 10-16 --count)" = 156 ]
  [ "$(cut_of "$REAL/orders.csv" | wc -l)" = 174 ]
  awk -F, 'NR > 1 { sub(/\r$/, ""); sub(/\.0$/, "", $4); print $1, $2, $4, $7, $8 }' "$REAL/orders.csv" >expected
  cut_of -c order_id,timestamp,price,leavesquantity,exchangeordertype "$REAL/orders.csv" | sed 1d | tr , ' ' | cmp - expected
  cut_of "$REAL/trades.csv" >once
  sw-chunk once | sw-cut | cmp - once
}

@test "chunk: values of every type" {
  cat >values.csv <<'END'
order_id,timestamp,price,changereason,midtick,triggercondition
18446744073709551615,9223372036854775807,17014118346046923173168730371588410.5727,-9223372036854775808,-0.0001,"a ""b"""
007,2024-09-05T10:00:00.5Z,.5,2048.0,5.,x
0,-1,+12345678.9000000,-0,-12.50,""
,,,,,
1,1725494400000000000,99999999.9999,12345678.000,1234567.8,é
END
  cut_of values.csv >ours
  same "$(cat ours)" 'order_id,timestamp,price,changereason,midtick,triggercondition
18446744073709551615,9223372036854775807,17014118346046923173168730371588410.5727,-9223372036854775808,-0.0001,"a ""b"""
7,1725530400500000000,0.5,2048,5,x
0,-1,12345678.9,0,-12.5,
,,,,,
1,1725494400000000000,99999999.9999,12345678,1234567.8,é'
}

# bad COLUMN VALUE REASON: the value in that column of the second row is refused.
bad() {
  { small 1; small 1 | sed 1d | awk -F, -v OFS=, -v c="$1" -v v="$2" '{ $c = v; print }'; } >bad.csv
  expect_status 1 sw-chunk bad.csv
  same "$output" "sw-chunk: bad.csv:3: $3: '$2'"
}

@test "chunk: what is not of its column's type is an error with its place" {
  bad 4 33x0 'price: not a decimal'
  bad 4 1e 'price: not a decimal'
  bad 4 1e-5 'price: more than 4 decimals'
  bad 6 1e3 'quantity: not a whole number'
  bad 4 1.23456 'price: more than 4 decimals'
  bad 4 . 'price: not a decimal'
  bad 4 1.2.3 'price: not a decimal'
  # what is past 128 bits, by itself or with its decimals, and would come round to something small
  bad 4 340282366920938463463374607431768211457 'price: out of range'
  bad 4 17014118346046923173168730371588410.5728 'price: out of range'
  bad 6 1.5 'quantity: not a whole number'
  bad 6 9223372036854775808 'quantity: out of range'
  bad 6 ' 5' 'quantity: not a whole number'
  bad 1 -1 'order_id: out of range'
  bad 1 18446744073709551616 'order_id: out of range'
  bad 2 2024-09-05 'timestamp: a date without a time of day and an offset'
  bad 2 2024-10-06T02:30:00 'timestamp: a local time that the clock skips there'
  printf 'order_id,timestamp,quantity\n1,2,1\0002\n' >nul.csv
  expect_status 1 sw-chunk nul.csv
  printf 'matchgroupid,tradedate\n1,2024-02-30\n' >date.csv
  expect_status 1 sw-chunk date.csv
  [[ $output == *"date.csv:2: tradedate: not a date: '2024-02-30'" ]]
}

@test "chunk: only asked-for columns are checked" {
  { small 3; echo '1,2,3,x,5,6,7,8,9,1,1,1'; } >bad.csv
  sw-chunk -c order_id,timestamp bad.csv | sw-cut >ours
  [ "$(tail -1 ours)" = 1,2 ]
  expect_status 1 sw-chunk -c price,order_id bad.csv
  same "$(sw-chunk -c securitycode,orderid <(small 1) | sw-cut | head -1)" security_code,order_id
  expect_status 2 sw-chunk -c order_id,nothing bad.csv
  expect_status 2 sw-chunk -c order_id,order_id bad.csv
}

@test "chunk: the first bad row of the file, its first column, the right line" {
  printf '\n%s\r\n\r\n1,2,"a\nb",4\n\n\n1,2,x,4\n1,y,x,z\n1,2,3\n' order_id,timestamp,note,quantity >lines.csv
  expect_status 1 sw-chunk lines.csv
  same "$output" "sw-chunk: lines.csv:9: timestamp: not a time: 'y'"
  printf 'order_id,timestamp,note\n1,2,3\n1,2\nx,2,3\n' >count.csv
  expect_status 1 sw-chunk count.csv
  same "$output" "sw-chunk: count.csv:3: 2 fields, not 3: '1,2'"
}

@test "chunk: bad rows are collected, the others kept, their sum is what was read" {
  { small 3; printf '1,2\n'; printf 'x,2,3,y,5,6,7,8,9,1,1,1\r\n'; small 2 | sed 1d
    printf '1,2,3,"a\tb\\\n",5,6,7,8,9,1,1,1\n1,2,3,4"5,5,6,7,8,9,1,1,1\n'; } >bad.csv
  run -0 --separate-stderr sw-chunk --bad-rows bad.txt -o kept.swr bad.csv
  [ "$stderr" = "sw-chunk: 4 bad rows: see bad.txt" ]
  [ "$(sw-info --digest kept.swr | awk '{ print $1 }')" = 5 ]
  cut -f 2- bad.txt >reasons
  printf '%s\t%s\t%s\n' - '2 fields, not 12' '1,2' order_id 'not a whole number' x,2,3,y,5,6,7,8,9,1,1,1 \
    price 'not a decimal' '1,2,3,"a\tb\\\n",5,6,7,8,9,1,1,1' - 'misplaced quote' '1,2,3,4"5,5,6,7,8,9,1,1,1' | cmp - reasons
  sed -n 's/^bad.csv:@\([0-9]*\)\t.*/\1/p' bad.txt | while read -r at; do tail -c "+$((at + 1))" bad.csv | head -1; done |
    cut -c 1-3 >starts
  same "$(cat starts)" $'1,2\nx,2\n1,2\n1,2'
  expect_status 1 sw-chunk --bad-rows none.txt -o none.swr -c order_id <(small 2) /dev/null
  [ ! -e none.txt ]
  [ ! -e none.swr ]
}

@test "chunk: an expression keeps the rows that awk keeps, and bad rows it drops do not matter" {
  small 5000 >orders.csv
  sw-chunk -e 'side == 1 && quantity > 7000 && price >= 3320.5' -c order_id,price orders.csv | sw-cut --no-header >ours
  awk -F, 'NR > 1 && $5 == 1 && $6 > 7000 && $4 >= 3320.5 { sub(/\.0$/, "", $4); print $1 "," $4 }' orders.csv | cmp - ours
  sw-chunk -e 'side == 1 && quantity > 7000 && price >= 3320.5' orders.csv | digest_of >here
  sw-chunk orders.csv | sw-filter -e 'side == 1 && quantity > 7000 && price >= 3320.5' | digest_of | cmp - here
  { small 2; echo '1,2,3,x,2,6,7,8,9,1,1,1'; } >bad.csv
  [ "$(sw-chunk -e 'side == 1' bad.csv | sw-cut | wc -l)" = 2 ]
  expect_status 1 sw-chunk -e 'side == 2' bad.csv
  expect_status 1 sw-chunk -e 'price > 0 && side == 2' bad.csv
  [ "$(sw-chunk -e 'price > 0 && side == 1' bad.csv | sw-cut | wc -l)" = 2 ]
  sw-chunk -e 'side == 2' --bad-rows b bad.csv | sw-cut >ours
  [ "$(wc -l <ours)-$(wc -l <b)" = 2-1 ]
  expect_status 2 sw-chunk -e 'nothing == 1' bad.csv
  [[ $output == *'^'* ]]
}

# spelled SEED: orders.csv, in which numbers are written in many ways, rarely those that are asked for; with nulls,
# texts, CRLF, empty lines, and quotes in the middle of the file only.
spelled() {
  python3 - "$1" <<'PYTHON'
import random, sys
random.seed(int(sys.argv[1]))
def number(n):
    n = str(n) + random.choice(['', '', '', '.0', '.', '.000'])
    return random.choice(['', '', '', '+', '0', '00', '+00']) + n
def price():
    return random.choice(['12.5', '12.50', '.25', '0.25', '00.250', '-12.5', '1.25', '112.5', '12.51', '', '7', '12'])
def row(quotes):
    code = random.choice([110621] * 2 + [random.randrange(110000, 112000) for _ in range(40)] + [''])
    who = random.choice([69] * 2 + [random.choice([6, 9, 690, 169, 6900, 696]) for _ in range(40)] + [''])
    when = 1725490000000000000 + random.randrange(86400) * 10**9
    if random.random() < .05: when = '2024-09-05T10:00:69+10:00'.replace(':69', ':09')
    fields = [random.randrange(69110621690), when, code and number(code), price(),
              random.randrange(1, 999), who and number(who), random.choice(['x', '69', 'x69', '', 'day 69'])]
    fields = [str(field) for field in fields]
    if quotes:
        fields = ['"%s"' % field if random.random() < .3 else field for field in fields]
        if random.random() < .2: fields[6] = random.choice(['"a,69,b"', '"l\n69,\n"', '"say ""69"""', '"\r\n"', '"69"'])
    return ','.join(fields)
with open('orders.csv', 'w', newline='') as to:
    to.write('order_id,timestamp,security_code,price,quantity,participantid,triggercondition\n')
    end = random.choice(['\n', '\r\n'])
    for i in range(5000):
        to.write(row(2500 < i < 3000 and random.random() < .1) + end)
        if 4000 < i < 4100 and random.random() < .1: to.write(end)
    to.write(row(False))
PYTHON
}

# same_as_filter SELECTOR…: sw-chunk with selectors writes and counts what sw-filter behind it does.
same_as_filter() {
  sw-chunk -t orders "$@" --tally here orders.csv | sw-cut >ours
  sw-chunk -t orders orders.csv | sw-filter "$@" --tally there | sw-cut | cmp - ours
  cut -f -4 here | cmp - there
  sw-chunk --plan -b 100000 orders.csv | while read -r _ at length; do
    sw-chunk -t orders "$@" --range "$at:$length" orders.csv | sw-cut --no-header
  done | cmp - <(sed 1d ours)
  kept=$(cut -f 2 here)
  [ $((kept > 0)) = 1 ]
}

@test "chunk: selectors are those of sw-filter" {
  small 5000 | awk -F, -v OFS=, 'NR > 1 { $3 = 110600 + NR % 50; $9 = NR % 97 } 1' >orders.csv
  for selector in '-s 110621' '-s 110621,110640,5' '-p 69' '-q 700..1400' '-d 2024-09-01..' '-H 16' '--times 16:02:46-16:03' \
    '-p 69 -s 110621,110622 -q ..30000' '-H 0-23 --tz Australia/Sydney' '-p 3 -e price>3300'; do
    # shellcheck disable=SC2086 # a selector and its argument
    same_as_filter $selector
  done
  printf '69\n70\n' >list
  same_as_filter -p @list
  sw-chunk -p @list orders.csv orders.csv | digest_of >twice
  sw-chunk -p @<(cat list) orders.csv orders.csv | digest_of | cmp - twice
  [ "$(sw-chunk -p @/dev/null orders.csv | sw-cut | wc -l)" = 1 ]
  expect_status 2 sw-chunk -p 6x orders.csv
  expect_status 2 sw-chunk -H 24 orders.csv
  expect_status 3 sw-chunk -s @nowhere orders.csv
  expect_status 2 sw-chunk -p @list -o list orders.csv
  expect_status 2 sw-chunk --plan -c side orders.csv
}

@test "chunk: rows chosen by their bytes are those that sw-filter chooses, however numbers are written" {
  for seed in 1 2; do
    [[ $SW_BIN != *asan* || $seed == 1 ]] || continue
    spelled "$seed"
    same_as_filter -p 69
    same_as_filter -s 110621
    same_as_filter -s 110621,111000 -p 69,6
    same_as_filter -e 'participantid == 69 && security_code == 110621.0'
    same_as_filter -e 'price == 12.5 && participantid == 69'
    same_as_filter -e '(price == 0.25 || participantid in (69, 169)) && security_code == 110621'
    same_as_filter -e 'price == -12.5' -s 110621
    same_as_filter -e "triggercondition == 'day 69'" -s 110621
    same_as_filter -e "triggercondition in ('69', 'x69')" -p 69
    same_as_filter -e '!(participantid == 69) && security_code == 110621'
    same_as_filter -e 'participantid != 69 && price == 12.5'
    same_as_filter -e "timestamp == '2024-09-05T10:00:09+10:00'" -p 69
    same_as_filter -e 'security_code == 110621 && participantid == null'
    same_as_filter -e 'participantid + 0 == 69 && quantity >= 69'
  done
}

@test "chunk: rows chosen by their bytes, longer than what is read at a time" {
  python3 - >orders.csv <<'PYTHON'
print('order_id,timestamp,participantid,triggercondition')
for i in range(3000):
    print(i, 1000 + i, 69 if i % 100 == 7 else 6, 'x' * (i * 100 if i % 500 == 7 or i % 700 == 0 else 10), sep=',')
PYTHON
  sw-chunk -p 69 --tally tally orders.csv | sw-cut --no-header | cut -d, -f 1 >ours
  seq 7 100 2999 | cmp - ours
  same "$(cut -f -4 tally)" $'3000\t30\t2970\t0'
  sw-chunk orders.csv | sw-filter -p 69 | digest_of >there
  sw-chunk -p 69 orders.csv | digest_of | cmp - there
}

@test "chunk: what a rejected row holds matters in the same way wherever it stands" {
  small 20000 | awk -F, -v OFS=, 'NR > 1 { $3 = NR % 100 } 1' >good.csv
  for at in 2 700 19000; do
    # Without the number that is asked for, in its column, a row is not looked at, whether quotes are near or not.
    awk -F, -v OFS=, -v at="$at" 'NR == at { $3 = "x"; $9 = "9x"; $10 = 69; $11 = 77 } 1' good.csv >bad.csv
    { sed 3q good.csv; echo '"1",2,3,4,5,6,7,8,9,1,1,1'; sed 1,3d bad.csv; } >near.csv
    sw-chunk -s 77 -p 69 bad.csv | digest_of >here
    sw-chunk -s 77 -p 69 good.csv | digest_of | cmp - here
    sw-chunk -s 77 -p 69 near.csv | digest_of | cmp - here
    sw-chunk -s 77 -p 69 --tally tally --bad-rows b near.csv | digest_of | cmp - here
    same "$(cut -f -4 tally)" $'20001\t200\t19801\t0'
    # With it, it is.
    awk -F, -v OFS=, -v at="$at" 'NR == at { $3 = "77"; $9 = "69.x" } 1' good.csv >bad.csv
    expect_status 1 sw-chunk -s 77 -p 69 bad.csv
    same "$output" "sw-chunk: bad.csv:$at: participantid: not a whole number: '69.x'"
    awk -F, -v OFS=, -v at="$at" 'NR == at { $3 = "77"; $9 = 69; $6 = "7x" } 1' good.csv >bad.csv
    expect_status 1 sw-chunk -s 77 -p 69 -q 1..9 bad.csv
    same "$output" "sw-chunk: bad.csv:$at: quantity: not a whole number: '7x'"
    # The number of its fields always is.
    for change in 's/,[^,]*$//' 's/$/,1/' 's/,/"x,/'; do
      sed "${at}$change" good.csv >bad.csv
      expect_status 1 sw-chunk -s 77 -p 69 bad.csv
      [[ $output == "sw-chunk: bad.csv:$at: "* ]]
      sw-chunk -s 77 -p 69 --tally tally --bad-rows b -o out bad.csv 2>/dev/null
      same "$(cut -f 1,4 tally)" $'20000\t1'
    done
    sed "${at}s/,[^,]*\$//; $((at + 1))s/\$/,1/" good.csv >bad.csv
    sw-chunk -s 77 -p 69 --tally tally --bad-rows b -o out bad.csv 2>/dev/null
    same "$(cut -f 1,4 tally)" $'20000\t2'
  done
}

@test "chunk: blocks of any size hold the same rows" {
  small 3000 >orders.csv
  sw-chunk orders.csv | digest_of >whole
  for rows in 1 7 1000 65536; do sw-chunk --block-rows "$rows" orders.csv | digest_of | cmp - whole; done
  expect_status 2 sw-chunk --block-rows 65537 orders.csv
}

# of_rows FILE [OPTION of sw-chunk…]: partial aggregates that `agg` asks for, by `view`, are the same of the rows and at once; and the same rows are counted.
of_rows() {
  local file=$1
  shift
  set -- "$@" "${view[@]}"
  sw-chunk "$@" --tally rows "$file" 2>/dev/null | sw-agg --partial "${agg[@]}" "${view[@]}" >behind
  sw-chunk "$@" --partial "${agg[@]}" --tally groups -o within "$file" 2>/dev/null
  cmp rows groups
  cmp <(sw-cut behind) <(sw-cut within)
}

@test "chunk: partial aggregates are those that sw-agg makes of the rows" {
  local agg view=()
  sw-gen --rows 30000 --securities 5 --days 2 --seed 3 --stdout orders >orders.csv
  sed -e '1500s/,[^,]*/,x/' -e '9000s/$/,1/' -e '20,30s/^\(\([^,]*,\)\{3\}\)[^,]*/\1/' -e '40s/^\(\([^,]*,\)\{5\}\)[^,]*/\19223372036854775807/' orders.csv >odd.csv
  gzip -k orders.csv
  quoted 1 400
  for words in '--reports all' '-g security_code,side' '--reports by_date,by_order_size -g side -a d=distinct(order_id)' \
    '-g date,hour -a n=count(side==1),v=vwap(),q=quantile(price,0.5),l=last(leavesquantity)' '-g big=if(quantity>1000,1,0) -a costs=count(),x=sum(value)/count()'; do
    read -ra agg <<<"$words"
    of_rows orders.csv
    view=(--sizes '100,200' --tz +01:00)
    of_rows orders.csv -c security_code,side,timestamp,price,quantity,leavesquantity,totalmatchedquantity,participantid,order_id,sequence
    view=()
    of_rows orders.csv.gz -p 1,3 -H 10-12
    of_rows orders.csv --range 4000:500001 -e 'side == 1 && price > 5000'
    of_rows odd.csv --bad-rows bad
    of_rows orders.csv -s 0
  done
  agg=(-g note -a 'n=count(),least=min(note),q=sum(quantity)')
  of_rows quoted.csv -t orders
  # of several files, and in parts
  sw-chunk --plan -n 3 orders.csv >plan
  while read -r i at length; do sw-chunk --range "$at:$length" --partial --reports all -o "$i.part" orders.csv; done <plan
  sw-chunk --partial --reports all -o both.part orders.csv orders.csv.gz
  sw-agg --merge -o twice [123].part [123].part
  sw-agg --merge -o both both.part
  diff -r twice both
}

@test "chunk: partial aggregates that cannot be" {
  small 10 >orders.csv
  for words in '-g side' '-a n=count()' '--reports all' '--partial -z 1' '--partial --block-rows 9' '--partial --apart' '--partial --plan' '--partial --index' \
    '--partial -g nothing' '--partial -a n=odd(price)' '--partial --reports by_nothing' '--partial -c side -g security_code' '--partial --explain'; do
    # shellcheck disable=SC2086
    expect_status 2 sw-chunk $words -o out orders.csv
    [ ! -e out ]
  done
  expect_status 1 sw-chunk --partial -a 's=sum(order_id*order_id*order_id*price)' -o out orders.csv
  [ ! -e out ]
  # no rows are one group without keys, and none with some
  sw-chunk -s 0 --partial -a 'n=count()' orders.csv | sw-agg --merge | cmp - <(printf 'n\n0\n')
  same "$(sw-chunk -s 0 --partial -g side orders.csv | sw-agg --merge -f csv | wc -l)" 1
}

@test "chunk: byte order mark, CRLF, no last newline, empty lines" {
  small 9 >orders.csv
  sw-chunk orders.csv | digest_of >whole
  { printf '\357\273\277'; sed 's/$/\r/' orders.csv; } | sw-chunk | digest_of | cmp - whole
  { echo; sed 's/$/\n\n/' orders.csv; } | sw-chunk | digest_of | cmp - whole
  head -c -1 orders.csv | sw-chunk | digest_of | cmp - whole
  sed 's/$/\r/' orders.csv | head -c -1 | sw-chunk | digest_of | cmp - whole
}

@test "chunk: gzip, of one member or more, truncated, damaged, followed by something else" {
  small 2000 >orders.csv
  sw-chunk orders.csv | digest_of >whole
  gzip -c orders.csv >one.gz
  { head -c 5000 orders.csv | gzip; tail -c +5001 orders.csv | gzip; } >two.gz
  sw-chunk one.gz | digest_of | cmp - whole
  sw-chunk <two.gz | digest_of | cmp - whole
  for length in 3 20 500 $(($(wc -c <one.gz) - 1)); do
    head -c "$length" one.gz >cut.gz
    expect_status 1 sw-chunk -o out cut.gz
    [ ! -e out ]
  done
  { cat one.gz; echo rest; } >rest.gz
  expect_status 1 sw-chunk -o out rest.gz
  size=$(wc -c <one.gz)
  same "$(sw-chunk --plan -n 9 one.gz)" "1"$'\t'0$'\t'"$size"
  sw-chunk --range "0:$size" one.gz | digest_of | cmp - whole
  expect_status 2 sw-chunk --range 5:10 one.gz
}

@test "chunk: several files in order, all of one schema" {
  small 5 >a.csv
  small 9 | awk 'NR == 1 || NR > 6' >b.csv
  small 9 | sw-chunk | sw-cut >whole
  cut_of a.csv b.csv | cmp - whole
  awk -F, -v OFS=, '{ t = $1; $1 = $2; $2 = t; print }' b.csv >c.csv
  cut_of a.csv c.csv | cmp - whole
  cut -d, -f 1-11 b.csv >d.csv
  expect_status 1 sw-chunk -o out a.csv d.csv
  [[ $output == *d.csv*sequence*a.csv* ]]
  expect_status 1 sw-chunk -o out d.csv a.csv
  sw-chunk -c order_id,price a.csv d.csv | sw-cut | cmp - <(cut_of -c order_id,price a.csv b.csv)
}

@test "chunk: empty, header only, a stream, a directory, a terminal's worth of refusals" {
  : >empty
  expect_status 1 sw-chunk empty
  small 0 | sw-chunk | verified
  small 3 | sw-chunk >orders.swr
  expect_status 1 sw-chunk orders.swr
  [[ $output == *"record stream already"* ]]
  expect_status 3 sw-chunk .
  small 3 >orders.csv
  expect_status 2 sw-chunk -o orders.csv orders.csv
  expect_status 2 sw-chunk --bad-rows orders.csv orders.csv
  expect_status 2 sw-chunk --exact orders.csv
  expect_status 2 sw-chunk --plan
}

@test "chunk: limits" {
  python3 - <<'PYTHON'
M = 1 << 20
def write(name, columns, row): open(name, 'w').write(','.join(columns) + '\n' + row + '\n')
base = ['order_id', 'timestamp']
write('wide.csv', base + ['c%d' % i for i in range(4094)], ','.join(['7'] * 4096))
write('wider.csv', base + ['c%d' % i for i in range(4095)], ','.join(['7'] * 4097))
write('field.csv', base + ['t'], '1,2,' + 'x' * M)
write('longer.csv', base + ['t'], '1,2,' + 'x' * (M + 1))
write('quoted.csv', base + ['t'], '1,2,"' + 'x' * (M - 1) + '\n"')
write('quoted_longer.csv', base + ['t'], '1,2,"' + 'x' * M + '\n"')
write('row.csv', base + ['t%d' % i for i in range(18)], '1,2' + (',' + 'y' * M) * 18)
write('commas.csv', base, ',' * 100000)
PYTHON
  [ "$(cut_of wide.csv | wc -l)" = 2 ]
  expect_status 1 sw-chunk wider.csv
  cut_of field.csv | cmp - field.csv
  cut_of quoted.csv | cmp - quoted.csv
  expect_status 1 sw-chunk longer.csv
  expect_status 1 sw-chunk --bad-rows b quoted_longer.csv
  expect_status 1 sw-chunk row.csv
  [[ $output == *"row longer than 16777216 bytes"* ]]
  expect_status 1 sw-chunk commas.csv
  [[ $output == *"100001 fields, not 2"* ]]
}

# partition FILE: splits at every byte (under a sanitizer at every ninth); each row must be in exactly one half, or a border be refused
# for being inside quotes.
partition() {
  python3 - "$1" <<'PYTHON'
import functools, os, subprocess, sys
name = sys.argv[1]
data = open(name, 'rb').read()
def rows(offset, length):
    chunk = subprocess.run(['sw-chunk', '-t', 'orders', '--range', f'{offset}:{length}', name], capture_output=True)
    return chunk.stderr.decode() if chunk.returncode else chunk.stdout
@functools.lru_cache(None)
def text(*streams):
    return subprocess.run(['sw-cut', '--no-header'], input=b''.join(streams), capture_output=True, check=True).stdout
whole = text(rows(0, len(data)))
assert whole
header = data.index(b'\n') + 1
refused = 0
for cut in range(0, len(data) + 1, 9 if 'asan' in os.environ['SW_BIN'] else 1):
    left, right = rows(0, cut), rows(cut, len(data) - cut)
    inside = cut > header and data[:cut].count(b'"') % 2 == 1
    if isinstance(left, str) or isinstance(right, str):
        assert inside or data[cut:cut + 1] == b'"', (cut, left, right)
        assert any(isinstance(x, str) and 'use --exact' in x for x in (left, right)), (cut, left, right)
        refused += 1
    else:
        assert text(left, right) == whole, cut
        assert not inside, cut
print(len(data), refused)
PYTHON
}

@test "chunk: ranges cut at any byte hold every row once (plain)" {
  # short rows, of which each byte is tried
  { small 4; printf '\n\n'; small 2 | sed 1d; } | cut -d, -f 1,2,6,7 >plain.csv
  run -0 partition plain.csv
  [[ $output == *' 0' ]]
  small 3 | cut -d, -f 1,2,6,7 | sed 's/$/\r/' | head -c -2 >crlf.csv
  run -0 partition crlf.csv
  [[ $output == *' 0' ]]
}

@test "chunk: ranges cut at any byte hold every row once, or are refused inside quotes" {
  quoted 1 20
  run -0 partition quoted.csv
  [[ $output != *' 0' ]]
}

# covers PLAN FILE: the plan's ranges lie one behind another, from the header's end to the file's.
covers() {
  awk -v at="$(head -1 "$2" | wc -c)" -v size="$(wc -c <"$2")" '
    $1 != NR || $2 != at { exit 1 }
    { at += $3 }
    END { exit !(NR && at == size) }' "$1"
}

@test "chunk: plans have no gap, and their ranges hold every row in order" {
  small 1000 >orders.csv
  cut_of orders.csv | sed 1d >whole
  for how in '-n 1' '-n 7' '-n 5000' '-b 1000' '-b 1' '--rows 13' '--rows 100000' '-n 7 --exact' '-b 999 --exact' ''; do
    read -ra options <<<"$how"
    sw-chunk --plan "${options[@]}" orders.csv >plan
    covers plan orders.csv
    [ "$(wc -l <plan)" -gt 60 ] || while read -r _ offset length; do
      sw-chunk --range "$offset:$length" orders.csv | sw-cut --no-header
    done <plan | cmp - whole
  done
  [ "$(sw-chunk --plan -n 7 orders.csv | wc -l)" = 7 ]
  [ "$(sw-chunk --plan --rows 13 orders.csv | wc -l)" = 77 ]
  sw-chunk --plan --rows 13 orders.csv | head -76 | while read -r _ offset length; do
    tail -c "+$((offset + 1))" orders.csv | head -c "$length" | wc -l
  done | sort -u | grep -qx 13
  small 0 >header.csv
  same "$(sw-chunk --plan -n 3 header.csv)" "1"$'\t'"$(wc -c <header.csv)"$'\t'0
  sw-chunk --range "$(wc -c <header.csv):0" header.csv | verified
}

@test "chunk: an exact plan is right where quotes hide newlines" {
  for seed in 1 2; do
    quoted "$seed"
    cut_of quoted.csv | sed 1d >whole
    for how in '-n 5' '-b 40' '--rows 3'; do
      read -ra options <<<"$how"
      sw-chunk --plan --exact "${options[@]}" quoted.csv >plan
      covers plan quoted.csv
      while read -r _ offset length; do sw-chunk --range "$offset:$length" quoted.csv | sw-cut --no-header; done <plan | cmp - whole
    done
  done
}

@test "chunk: a border deep inside a large quoted text is told from one outside" {
  python3 - <<'PYTHON'
filler = ('x' * 60 + '\n') * 12000
with open('deep.csv', 'w') as to:
    to.write('order_id,timestamp,note\n')
    for i in range(6): to.write(f'{i},{i},"{filler}"\n')
    for i in range(30000): to.write(f'{i},{i},plain text that says nothing about it\n')
PYTHON
  expect_status 1 sw-chunk --range 24:1000000 -o out deep.csv
  [[ $output == *"deep.csv:@1000024: plan cuts a quoted field: use --exact" ]]
  sw-chunk deep.csv | sw-info --digest >whole
  sw-chunk --plan -n 9 --exact deep.csv | while read -r index offset length; do
    sw-chunk --range "$offset:$length" deep.csv -o "part$index"
  done
  cat part? | sw-info --digest | cmp - whole
}

@test "chunk: a range beyond the file, a range that is none" {
  small 10 >orders.csv
  size=$(wc -c <orders.csv)
  expect_status 1 sw-chunk --range "100:$size" orders.csv
  expect_status 2 sw-chunk --range 100 orders.csv
  expect_status 2 sw-chunk --range 1:-5 orders.csv
  { small 10; echo 'x,2,3,4,5,6,7,8,9,1,1,1'; } >bad.csv
  expect_status 1 sw-chunk --range "300:$(($(wc -c <bad.csv) - 300))" bad.csv
  [[ $output == *"bad.csv:@$size: order_id: not a whole number: 'x'" ]]
}

@test "a schema whose time is none of its columns, or no time, is status 2" {
  for time in b c; do
    printf 'table t\ntime %s\ncolumn a time\ncolumn b int\n' "$time" >t.schema
    expect_status 2 sw-chunk -t ./t.schema <<<$'a,b\n1,2'
    [[ $output == "sw-chunk: ./t.schema:2: time: no column of type time: '$time'" ]]
  done
}

@test "chunk: rows as text are those that sw-cut makes of the stream" {
  small 300 >orders.csv
  quoted 3 200
  gzip -k orders.csv
  for words in '' '--no-header' '--iso-time --tz=Asia/Kathmandu' '--print=price,date,value,order_id' '--print=hour,size --tz=-09:30 --sizes=70,700 --no-header'; do
    for selectors in '' '-e side==1' '-e price>3320.5&&hour>0'; do
      read -ra cut <<<"${words/--print/--columns}"
      read -ra local_time <<<"$(grep -oE -- '--(tz|sizes)=[^ ]*' <<<"$words" | paste -s -d ' ')"
      # shellcheck disable=SC2086 # words
      sw-chunk --csv $words $selectors orders.csv >ours
      # shellcheck disable=SC2086
      sw-chunk $selectors "${local_time[@]}" orders.csv | sw-cut "${cut[@]}" | cmp ours -
      [[ -n $selectors ]] || [ "$(wc -l <ours)" -ge 300 ]
    done
  done
  for file in quoted.csv orders.csv.gz; do
    sw-chunk --csv "$file" | cmp - <(sw-chunk "$file" | sw-cut)
    sw-chunk --csv --range 40:900 -o part.gz "$file" 2>/dev/null || continue
    zcat part.gz | cmp - <(sw-chunk --range 40:900 "$file" | sw-cut)
  done
  # what is not printed is checked, and what is printed are the rows that are counted
  sed '9s/,1008$/,none/' orders.csv >bad.csv
  expect_status 1 sw-chunk --csv --print price -o x bad.csv
  [[ $output == *'bad.csv:9:'* && ! -e x ]]
  sw-chunk --csv --print price --bad-rows bad --tally tally -o rows bad.csv 2>/dev/null
  same "$(cut -f 1-4 tally) $(wc -l <rows)" $'300\t299\t0\t1 300'
  sw-chunk --csv --print price -c price -o rows bad.csv
  same "$(wc -l <rows)" 301
  for words in '--plan' '--index' '-z 1' '--apart' '--partial -g side'; do
    # shellcheck disable=SC2086
    expect_status 2 sw-chunk --csv $words orders.csv
  done
  expect_status 2 sw-chunk --csv --print none orders.csv
  expect_status 2 sw-chunk --iso-time orders.csv
}

@test "chunk: the likely schema is tried first, and makes no difference" {
  small 50 >orders.csv
  printf 'order_id,tradetime,tradeprice,dealsource\n1,1725516166885305000,2,3\n' >trades.csv
  sed '1s/order_id/nothing/;1s/timestamp/nor this/' orders.csv >none.csv
  for file in orders trades none; do
    ended=0
    sw-chunk -e 'order_id!=7' "$file.csv" >wanted 2>wanted.said || ended=$?
    for likely in orders trades xetra not/there; do
      expect_status "$ended" sw-chunk --likely "$likely" -e 'order_id!=7' -o ours "$file.csv"
      [[ $output == "$(cat wanted.said)" ]]
      [ "$ended" -ne 0 ] || cmp ours wanted
      expect_status "$ended" sw-chunk --likely "$likely" -o /dev/null <"$file.csv"
      expect_status 2 sw-chunk --likely "$likely" -e 'order_id!=' -o ours "$file.csv"
      [[ $(grep -c 'order_id!=' <<<"$output") -eq $((ended == 0)) ]]
    done
  done
  sw-chunk --likely trades <orders.csv | cmp - <(sw-chunk orders.csv)
  # it is what is read: of a folder of schemas whose others cannot be
  mkdir -p share/schemas
  cp "$TREE"/share/schemas/orders.schema share/schemas/
  echo 'no such word' >share/schemas/zzz.schema
  mkdir bin
  cp "$SW_BIN/sw-chunk" bin/
  expect_status 2 bin/sw-chunk -o ours orders.csv
  bin/sw-chunk --likely orders orders.csv | cmp - <(sw-chunk orders.csv)
}

@test "chunk: what all inputs have found is told to the chunks of a run" {
  small 50 >orders.csv
  printf 'order_id,tradetime,tradeprice,dealsource\n1,1725516166885305000,2,3\n' >trades.csv
  same "$(sw-plan orders.csv orders.csv | grep ^found)" $'found\torders'
  same "$(sw-plan -t orders orders.csv | grep -c ^found)" 0
  same "$(sw-plan orders.csv trades.csv | grep -c ^found)" 0
  [[ $(extract --log-level debug -o x orders.csv 2>&1) == *'sw-chunk --range '*' --likely orders '* ]]
}
