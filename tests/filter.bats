#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-filter and its conditions, against Python's fractions and zoneinfo, sqlite3's three-valued logic, and awk.
# shellcheck disable=SC2016 # awk programs and expressions stand in single quotes

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# Orders in CSV, those on standard input behind the header: order_id,timestamp,price,side,quantity,leavesquantity,note
orders() {
  { echo order_id,timestamp,price,side,quantity,leavesquantity,note; cat; } | sw-chunk "$@"
}

# nine_rows: with every combination of 1, 2 and null in side and quantity.
nine_rows() {
  for side in 1 2 ''; do
    for quantity in 1 2 ''; do echo "$side$quantity,1725500000000000000,1,$side,$quantity,0,x"; done
  done
}

made() {
  sw-gen --rows 20000 --securities 12 --days 3 --participants 60 --seed 5 -o .
  sw-chunk --block-rows 700 orders.csv >orders.swr
}

@test "filter: real orders in trading hours" {
  skip_without real
  [ "$(sw-chunk "$REAL/orders.csv" | sw-filter -H 10-16 --count)" = 156 ]
  [ "$(sw-chunk "$REAL/orders.csv" | sw-filter -e "time >= '10:00' && time < '17:00'" --count)" = 156 ]
}

@test "filter: random conditions select what Python's fractions select" {
  local wanted expression
  python3 "$TREE/tests/filter_oracle.py" cases . 11 120
  sw-chunk --block-rows 60 orders.csv >small.swr
  sw-chunk orders.csv >large.swr
  number=0
  while IFS=$'\t' read -r wanted expression; do
    echo "$expression"
    number=$((number + 1))
    same "$wanted" "$(sw-filter -e "$expression" --count small.swr)"
    [ $((number % 3)) -ne 0 ] || same "$wanted" "$(sw-filter -e "$expression" --count large.swr)"
  done <cases
}

@test "filter: conditions with null agree with sqlite3" {
  skip_without sqlite3
  local condition text
  nine_rows | orders >nine.swr
  sw-cut nine.swr >nine.csv
  while IFS= read -r condition; do
    echo "$condition"
    text=${condition//&&/AND}
    text=${text//||/OR}
    text=${text//!(/NOT (}
    text=${text//== null/IS NULL}
    same "$(sqlite3 -cmd '.import --csv nine.csv o' :memory: "
        update o set side = nullif(side, ''), quantity = nullif(quantity, '');
        select order_id from o where $text")" \
      "$(sw-filter -e "$condition" nine.swr | sw-cut --no-header -c order_id | tr -d '"')"
  done <<'CONDITIONS'
side == 1
!(side == 1)
side == 1 && quantity == 1
side == 1 || quantity == 1
!(side == 1 && quantity == 1)
!(side == 1 || quantity == 1)
!(side == 1) && !(quantity == 1)
!(!(side == 1) || quantity == 2)
side == null
!(side == null) && quantity == null
side == null || quantity == 2
side + quantity == 3
side * quantity == null
!(side in (2, 3))
side in (1, 2) || quantity in (1)
side == quantity
!(side < quantity)
CONDITIONS
}

@test "filter: local dates and hours on both sides of a change of the clock" {
  local zone hours wanted
  for zone in Australia/Sydney Australia/Lord_Howe; do
    [ -e "/usr/share/zoneinfo/$zone" ] || skip "no time zone database"
    python3 "$TREE/tests/filter_oracle.py" clock "$zone" >clock.csv
    tail -n +2 clock.csv | sort -n | sed 's/,.*/,1,1,1,1,1/; s/^/1,/' | orders --block-rows 50 >clock.swr
    sort -n clock.csv | cmp - <(sw-cut --tz "$zone" -c timestamp,date,hour,time,hour_start clock.swr)
    for hours in 1 2 3 10-16 0-1,23; do
      wanted=$(awk -F, -v list="$hours" '
        BEGIN {
          for (n = split(list, part, ","); n; n--) {
            ends = split(part[n], end, "-")
            for (hour = end[1]; hour <= end[ends]; hour++) among[hour]
          }
        }
        NR > 1 && $3 in among' clock.csv | wc -l)
      same "$wanted" "$(sw-filter --tz "$zone" -H "$hours" --count clock.swr)"
    done
    for date in 2024-04-07 2024-10-06; do
      wanted=$(grep -c ",$date," clock.csv)
      same "$wanted" "$(sw-filter --tz "$zone" -d "$date" --count clock.swr)"
    done
  done
}

@test "filter: a zone that does not exist is wrong usage" {
  nine_rows | orders >nine.swr
  expect_status 2 sw-filter --tz Australia/Sidney -H 10 --count nine.swr
  [[ $output == *Sidney* ]]
}

@test "filter: selectors say what awk says" {
  made
  count() { awk -F, "NR == 1 { for (i = 1; i <= NF; i++) column[\$i] = i; next } $1" orders.csv | wc -l; }
  code=$(awk -F, 'NR == 5 { print $3 }' orders.csv)
  same "$(count "\$column[\"security_code\"] == $code")" "$(sw-filter -s "$code" --count orders.swr)"
  same "$(count '$column["participantid"] <= 3')" "$(sw-filter -p '1, 2,3' --count orders.swr)"
  same "$(count '$column["quantity"] >= 100 && $column["quantity"] <= 500')" \
    "$(sw-filter -q 100..500 --count orders.swr)"
  same "$(count '$column["quantity"] >= 1000 || $column["quantity"] == 100')" \
    "$(sw-filter -q 100,1000.. --count orders.swr)"
  same "$(count '(substr($column["timestamp"], 1, 10) + 36000) % 86400 >= 36000 &&
                 (substr($column["timestamp"], 1, 10) + 36000) % 86400 < 58320')" \
    "$(sw-filter --times 10:00-16:12 --count orders.swr)"
  # the last moment before an end, and the end itself
  printf '%s,5,1,1,0,x\n' 1,1725516719999999999 2,1725516720000000000 3,1725494399999999999 4,1725494400000000000 | orders >ends.swr
  same "$(sw-filter --times 10:00-16:12 -c order_id ends.swr | sw-cut --no-header | paste -s -d ' ')" '1 4'
  [ "$(sw-filter --times 00:00-24:00 --count orders.swr)" = 20000 ]
  same "$(sw-filter -H 10-11 --count orders.swr)" "$(sw-filter --times 10:00-12:00 --count orders.swr)"
  same "$(sw-filter -d 2024-09-03 --count orders.swr)" \
    "$(sw-filter -e 'date == "2024-09-03"' --count orders.swr)"
  [ "$(($(sw-filter -d ..2024-09-02 --count orders.swr) + $(sw-filter -d 2024-09-03.. --count orders.swr)))" = 20000 ]
}

@test "filter: selectors together select what all of them select" {
  made
  code=$(awk -F, 'NR == 5 { print $3 }' orders.csv)
  same "$(sw-filter -s "$code" orders.swr | sw-filter -H 10-12 | sw-filter -q 100.. | sw-filter -e 'side == 2' | sw-info --digest)" \
    "$(sw-filter -s "$code" -H 10-12 -q 100.. -e 'side == 2' orders.swr | sw-info --digest)"
}

@test "filter: kept and rejected are together the input, row by row" {
  made
  for expression in 'side == 1' 'side > 9' 'side < 9' 'timestamp < "2024-09-03T10:30:00+10:00"'; do
    kept=$(sw-filter -e "$expression" --count --reject rejected.swr orders.swr)
    sw-filter -e "$expression" -o kept.swr orders.swr
    same "$(sw-cut --no-header kept.swr | wc -l)" "$kept"
    same "$(sw-info --digest orders.swr)" "$(cat kept.swr rejected.swr | sw-info --digest)"
    [ "$(sw-filter -e "$expression" --count rejected.swr)" = 0 ]
  done
}

@test "filter: rows stay in order, and blocks do not matter" {
  made
  sw-cut -c sequence,price,side orders.swr | awk -F, 'NR == 1 || $3 == 2' >wanted.csv
  for rows in 1 33 65536; do
    sw-filter -e 'side == 2' -c sequence,price,side --block-rows "$rows" orders.swr >some.swr
    sw-cut some.swr | cmp - wanted.csv
  done
}

@test "filter: when nothing is selected, a stream without rows remains" {
  made
  sw-filter -s 1 -o none.swr orders.swr
  verified none.swr
  same "$(sw-cut orders.swr | head -1)" "$(sw-cut none.swr)"
  [ "$(sw-filter --count none.swr)" = 0 ]
}

@test "filter: columns are kept in the order they are named, derived ones too" {
  printf '%s\n' 1,1725516166885349741,3500.5,1,10,0,x 2,1725516166885349741,2,1,2000,5,y | orders >two.swr
  same "$(printf '%s\n' size,value,order_id,date '5-500,35005,1,2024-09-05' '>500,4000,2,2024-09-05')" \
    "$(sw-filter --sizes 5,500 -c size,value,order_id,date two.swr | sw-cut)"
  # a quantity on a bound is below it
  same "$(printf '%s\n' size '<=10' 10-2K)" "$(sw-filter --sizes 10,2000 -c size two.swr | sw-cut)"
  expect_status 2 sw-filter -c order_id,order_id two.swr
  expect_status 2 sw-filter -c nothing two.swr
  expect_status 2 sw-filter --sizes 500,5 two.swr
}

@test "filter: a mistake in an expression is shown with its place before the first row" {
  nine_rows | orders >nine.swr
  expect_status 2 sw-filter -e 'side == 1 && sied == 2' nine.swr
  same "$(printf '%s\n' 'sw-filter: side == 1 && sied == 2' \
    'sw-filter:              ^' \
    "sw-filter: expression:14: no such column: 'sied'; is 'side' meant?")" "$output"
  expect_status 2 sw-filter -e "note == 'é' && side == 'x'" nine.swr
  same "$(printf '%s\n' "sw-filter: note == 'é' && side == 'x'" \
    'sw-filter:                     ^' \
    "sw-filter: expression:21: a number is compared with text")" "$output"
  while IFS= read -r expression; do
    echo "$expression"
    expect_status 2 sw-filter -e "$expression" nine.swr
    [[ ${lines[-1]} == 'sw-filter: expression:'* && $output == *^* ]]
  done <<'EXPRESSIONS'
side
!side
side = 1
side == 1 &&
side == 1 quantity == 2
1 < side < 3
side ==
(side == 1
side == 1)
side in 1
side in ()
side in (1,)
side in (1, null)
side in (1, 'x')
side in nowhere
note in (1)
note > 1
note == timestamp
note + 1 == 2
side < null
null == null
side == 1e3
side == 1.2.3
side == 'x
side & 1 == 1
side == ''
date == '2024-02-30'
date == 1
time == '25:00'
timestamp == '2024-09-05'
size == 5
(side == 1) == (side == 2)
-note == 1
-(side == 1) == 1
side == 999999999999999999999999999999999999999999
170141183460469231731687303715884105727 + 1 == side
$side == 1
participantid == 1
fill == 'full'
EXPRESSIONS
}

@test "filter: long and deep expressions have stated limits" {
  nine_rows | orders >nine.swr
  repeat() { awk -v text="$1" -v times="$2" 'BEGIN { while (times--) printf "%s", text }'; }
  expect_status 2 sw-filter -e "$(repeat '(' 100000)" nine.swr
  expect_status 2 sw-filter -e "$(repeat '!' 100000)side == 1" nine.swr
  expect_status 2 sw-filter -e "$(repeat '-' 100000)side == 1" nine.swr
  expect_status 2 sw-filter -e "1$(repeat '+1' 50000) == side" nine.swr
  [ "$(sw-filter --count -e "$(repeat '(' 200)side == 1$(repeat ')' 200)" nine.swr)" = 3 ]
  [ "$(sw-filter --count -e "$(repeat '!' 198)(side == 1)" nine.swr)" = 3 ]
  [ "$(sw-filter --count -e "$(repeat '1+' 198)side == 199" nine.swr)" = 3 ]
  [ "$(sw-filter --count -e "side == 1$(repeat ' && side == 1' 9000)" nine.swr)" = 3 ]
  [ "$(sw-filter --count -e "side == 7$(repeat ' || side == 2' 9000)" nine.swr)" = 3 ]
}

@test "filter: arithmetic that does not fit is an error with its row, however rows are blocked" {
  for quantity in 1 2 9223372036854775807; do echo "$quantity,1,1,1,$quantity,0,x"; done >rows.csv
  for rows in 1 2 100; do
    orders --block-rows "$rows" <rows.csv >some.swr
    expect_status 1 sw-filter -e 'side == 2 && quantity * quantity * quantity > 5' --count some.swr
    [[ ${lines[-1]} == *"row 3: the result of '*' does not fit 128 bits" ]]
  done
  [ "$(sw-filter -e 'quantity * quantity > 5' --count some.swr)" = 1 ]
}

@test "filter: large integers are exact" {
  for id in 7904794000132347947 7904794000132347948 7904794000132347949 18446744073709551615; do
    echo "$id,1,1,1,1,0,x"
  done | orders >ids.swr
  [ "$(sw-filter -e 'order_id == 7904794000132347948' --count ids.swr)" = 1 ]
  [ "$(sw-filter -e 'order_id > 7904794000132347948' --count ids.swr)" = 2 ]
  [ "$(sw-filter -e 'order_id in (18446744073709551615, 7904794000132347947)' --count ids.swr)" = 2 ]
  [ "$(sw-filter -e 'order_id >= 7904794000132347947.5' --count ids.swr)" = 3 ]
}

@test "filter: the least number of 128 bits is a literal like any other" {
  local least=-170141183460469231731687303715884105728 condition
  printf 'table t\ncolumn a decimal:0\n' >a.schema
  printf 'a\n%s\n-5\n' "$least" | sw-chunk -t a.schema >a.swr
  for condition in "a == $least" "a in ($least, 7)" "a <= $least" "a == - 000${least#-}.00" "a + 0 == $least"; do
    [ "$(sw-filter -e "$condition" a.swr | sw-cut | tail -n +2)" = "$least" ]
  done
  for condition in 'a == -5' 'a == - 5' 'a == ---5' 'a == 5 -10' 'a in (-5)' "a > $least"; do
    [ "$(sw-filter -e "$condition" a.swr | sw-cut | tail -n +2)" = -5 ]
  done
  # One further, and its positive twin, do not fit.
  expect_status 2 sw-filter -e "a == ${least%8}9" a.swr
  expect_status 2 sw-filter -e "a == ${least#-}" a.swr
}

@test "filter: a list of 100,000 codes, and lists in files" {
  made
  seq 1 100000 >all
  same "$(sw-filter -s @all --count orders.swr)" "$(sw-filter -e 'security_code <= 100000' --count orders.swr)"
  awk 'BEGIN { for (i = 1; i <= 100000; i++) printf "%d\n", i * 7919 * 100003 }' >sparse
  code=$(awk -F, 'NR == 5 { print $3 }' orders.csv)
  echo "$code" >>sparse
  same "$(sw-filter -s @sparse --count orders.swr)" "$(sw-filter -s "$code" --count orders.swr)"
  printf '1, 2\r\n\n 3\n' >three
  same "$(sw-filter -p @three --count orders.swr)" "$(sw-filter -p 1,2,3 --count orders.swr)"
  : >empty
  [ "$(sw-filter -p @empty --count orders.swr)" = 0 ]
  expect_status 3 sw-filter -p @missing --count orders.swr
}

@test "filter: selectors that cannot be read are wrong usage" {
  made
  while read -r option value; do
    echo "$option $value"
    expect_status 2 sw-filter "$option" "$value" --count orders.swr
    [[ $output == "sw-filter: $option: "* ]]
  done <<'SELECTORS'
-H 24
-H 16-10
-H 10-
-H x
-H 9,,10
-H 1.5
-d 2024-9-5
-d 2024-09-31
-d 2024-09-05..2024-09-04
-d ..
-d 2024-09-05...2024-09-06
--times 10:00
--times 10:00-
--times 10:00-10:00
--times 10:00-09:00
--times 10-11
--times 10:00-24:01
-q 5..1
-q ..
-q x
-q 1e3
-s 110621,
-s 1.5
-s x
-p @
SELECTORS
  expect_status 2 sw-filter -s '' --count orders.swr
  sw-filter -c order_id,price orders.swr >narrow.swr
  expect_status 2 sw-filter -s 1 --count narrow.swr
  expect_status 2 sw-filter -H 10 --count narrow.swr
  [[ $output == *"'hour'"* ]]
}

@test "filter: blocks that cannot match are not read, and change nothing" {
  made
  # damage the last byte of the last block's last column: only who reads it may notice
  size=$(stat -c %s orders.swr)
  python3 - orders.swr damaged.swr <<'PY'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
end = len(data) - 24 - 16          # the end mark's frame and body
data[end - 1 - 8] ^= 1
open(sys.argv[2], "wb").write(data)
PY
  same "$(stat -c %s damaged.swr)" "$size"
  last=$(tail -1 orders.csv | cut -d, -f2)
  early="timestamp < $((last - 3600 * 1000000000 * 20))"
  same "$(sw-filter -e "$early" orders.swr | sw-info --digest)" \
    "$(sw-filter -e "$early" damaged.swr | sw-info --digest)"
  [ "$(sw-filter -e 'timestamp > 0' --count damaged.swr)" = 20000 ]
  expect_status 1 sw-filter -o some.swr damaged.swr
  expect_status 1 sw-filter -e "$early" --reject some.swr -o other.swr damaged.swr
  [ ! -e some.swr ]
  [ ! -e other.swr ]
}

@test "filter: an output that is an input, or another output, is refused" {
  made
  cp orders.swr before.swr
  expect_status 2 sw-filter -o orders.swr orders.swr
  expect_status 2 sw-filter --reject orders.swr -o x.swr orders.swr
  expect_status 2 sw-filter --reject ./x.swr -o x.swr orders.swr
  expect_status 2 sw-filter --reject - orders.swr
  cmp orders.swr before.swr
  [ ! -e x.swr ]
  sw-filter -H 12 --count -o count orders.swr
  same "$(cat count)" "$(sw-filter -H 12 --count orders.swr)"
}

@test "filter: several streams are one" {
  made
  sw-filter -H 10 -o ten.swr orders.swr
  sw-filter -H 11 -o eleven.swr orders.swr
  same "$(sw-filter -H 10-11 --count orders.swr)" "$(sw-filter --count ten.swr eleven.swr)"
  same "$(sw-filter -H 10-11 --count orders.swr)" "$(cat ten.swr eleven.swr | sw-filter --count)"
  # with other columns, though as many, they are not
  sw-filter -c order_id,price -o ids.swr ten.swr
  sw-filter -c timestamp,price -o times.swr ten.swr
  expect_status 1 sw-filter --count ids.swr times.swr
  same "$output" 'sw-filter: times.swr: byte 0: a stream with other columns than ids.swr'
  cat ids.swr times.swr >both.swr
  expect_status 1 sw-filter --count both.swr
  same "$output" "sw-filter: both.swr: byte $(stat -c %s ids.swr): a stream with other columns than both.swr"
}

@test "filter: what it keeps names the condition and no file" {
  nine_rows | orders >nine.swr
  sw-filter -e 'side == 1' --reject rejected.swr -o kept.swr nine.swr
  run sw-info kept.swr
  [[ $output == *"sw-filter"*"--expression='side == 1'"* ]]
  [[ $output != *rejected.swr* ]]
}

@test "filter: sizes are compared by == and in, not by their labels' letters" {
  made
  same "$(sw-filter -e "size == '5K-10K'" --count orders.swr)" "$(sw-filter -e 'order_quantity > 5000 && order_quantity <= 10000' --count orders.swr)"
  expect_status 2 sw-filter -e "size > '5K-10K'" --count orders.swr
  expect_status 2 sw-filter -e "'5K-10K' <= size" --count orders.swr
}
