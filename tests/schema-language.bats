#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# How schemas say that files are written: separators, no header, lines that are no rows, clocks, units, local times, names of files.
# What comes out is compared with a plain CSV of the same rows, or worked out by python3.

load helper

setup() { cd "$BATS_TEST_TMPDIR" || return; }

digest() { sw-chunk "$@" | sw-info --digest; }

# rows COUNT: made rows, a plain CSV.
rows() {
  awk -v n="$1" 'BEGIN { print "at,side,price,quantity,note"; for (i = 1; i <= n; i++)
    printf "%.0f%09d,%d,%d.%02d,%d,n%d\n", 1600000000 + i, i * 7919, i % 2 + 1, i % 977, i % 100, i % 1000, i % 7 }'
}

columns='column at time
column side int
column price decimal
column quantity int
column note text'

@test "schema: every separator gives the rows that commas give, whole, in ranges, by plans and for selectors" {
  rows 3000 >rows.csv
  printf 'table t\ntime at\nzone UTC\n%s\n' "$columns" >t.schema
  want=$(digest -t ./t.schema rows.csv)
  sw-chunk -t ./t.schema -e 'quantity == 500 && note == "n3"' rows.csv >some.swr
  for pair in $'tab:\t' 'semicolon:;' 'pipe:|' '^:^' 'comma:,'; do
    word=${pair%%:*} byte=${pair#*:}
    tr , "$byte" <rows.csv >other.csv
    { cat t.schema; echo "separator $word"; } >other.schema
    same "$(digest -t ./other.schema other.csv)" "$want"
    same "$(digest -t ./t.schema --separator "$word" other.csv)" "$want"
    sw-chunk -t ./other.schema -e 'quantity == 500 && note == "n3"' other.csv | sw-cut | cmp - <(sw-cut some.swr)
    sw-chunk -t ./other.schema --plan -n 7 other.csv >plan
    [ "$(wc -l <plan)" -eq 7 ]
    while read -r _ offset length; do sw-chunk -t ./other.schema --range "$offset:$length" other.csv; done <plan | sw-info --digest | cmp - <(echo "$want")
    # a comma is a byte of a text then, and a quoted field may hold the separator
    [[ $word == comma ]] || same "$(printf 'at%sside%snote\n1%s2%s"a%sb,c"\n' "$byte" "$byte" "$byte" "$byte" "$byte" |
      sw-chunk -t ./other.schema | sw-cut -c note --no-header)" "\"a${byte}b,c\""
  done
}

@test "schema: without a header the names are the schema's, or the user's; a first line of them is one all the same" {
  rows 500 >rows.csv
  printf 'table t\ntime at\nzone UTC\n%s\n' "$columns" >t.schema
  want=$(digest -t ./t.schema rows.csv)
  sed 1d rows.csv >bare.csv
  { cat t.schema; echo 'names at side price quantity note'; } >bare.schema
  same "$(digest -t ./bare.schema bare.csv)" "$want"
  same "$(digest -t ./bare.schema rows.csv)" "$want"
  same "$(digest -t ./t.schema --names at,side,price,quantity,note bare.csv)" "$want"
  same "$(digest -t ./t.schema --names at,side,price,quantity,note rows.csv)" "$want"
  # ranges begin at byte 0
  read -r index offset _ < <(sw-chunk -t ./bare.schema --plan -n 3 bare.csv)
  same "$index $offset" '1 0'
  sw-chunk -t ./bare.schema --plan -n 5 bare.csv | while read -r _ offset length; do
    sw-chunk -t ./bare.schema --range "$offset:$length" bare.csv
  done | sw-info --digest | cmp - <(echo "$want")
  # lines are counted from the first
  sed '3s/.*/x,1,1,1,n/' bare.csv >bad.csv
  expect_status 1 sw-chunk -t ./bare.schema bad.csv
  same "$output" "sw-chunk: bad.csv:3: at: not a time: 'x'"
  expect_status 1 sw-chunk -t ./bare.schema /dev/null
  # names of a header that finds its schema, said
  printf '1,2024-09-05T10:00:00Z,3\n' | sw-chunk --names order_id,timestamp,price | sw-info -f json | grep -q '"table": *"orders"'
  expect_status 2 sw-chunk --names a,b,c <<<1,2,3
}

@test "schema: ignored lines are no rows, whatever quotes they hold; so are repetitions of the header" {
  rows 2000 >rows.csv
  printf 'table t\ntime at\nzone UTC\nignore # END| "no row"\n%s\n' "$columns" >t.schema
  sed -i 's/^ignore #/ignore "#"/' t.schema
  want=$(digest -t ./t.schema rows.csv)
  awk 'NR == 1 { print "# made by \"hand"; print ""; print "no row, either"; header = $0 }
    { print }
    NR % 7 == 0 { print "# a \"comment, with a quote" }
    NR % 50 == 0 { print header }
    NR % 31 == 0 { print "END|" NR ",,,," }
    END { print "END|1|2" }' rows.csv >noisy.csv
  same "$(digest -t ./t.schema noisy.csv)" "$want"
  sw-chunk -t ./t.schema -s 5 -c at noisy.csv 2>/dev/null || true
  sw-chunk -t ./t.schema -e 'quantity == 500' noisy.csv | sw-cut | cmp - <(sw-chunk -t ./t.schema -e 'quantity == 500' rows.csv | sw-cut)
  for how in '-n 9' '-n 40' '-n 40 --exact' '--rows 100'; do
    # shellcheck disable=SC2086
    sw-chunk -t ./t.schema --plan $how noisy.csv >plan
    while read -r _ offset length; do sw-chunk -t ./t.schema --range "$offset:$length" noisy.csv; done <plan | sw-info --digest | cmp - <(echo "$want")
  done
  same "$(sw-chunk -t ./t.schema --plan --rows 100 noisy.csv | wc -l)" 21 # the trailer stands alone
  # the line of a bad row counts them
  awk '{ print } NR == 30 { print "x,1,2,3,n" }' noisy.csv >bad.csv
  expect_status 1 sw-chunk -t ./t.schema bad.csv
  same "$output" "sw-chunk: bad.csv:31: at: not a time: 'x'"
  # as borders the bytes around all that means something, and the first
  head -n 14 noisy.csv >short.csv
  size=$(wc -c <short.csv)
  start=$(sw-chunk -t ./t.schema --plan -n 1 short.csv | cut -f2)
  want=$(digest -t ./t.schema short.csv)
  # shellcheck disable=SC2013 # numbers
  for cut in $(python3 -c 'import sys
text = open("short.csv", "rb").read()
special = [at for at, byte in enumerate(text) if byte in b"\n\"#|"]
print(*sorted({at + step for at in special for step in (-1, 0, 1, 2)} & set(range(int(sys.argv[1]) + 1, len(text)))))' "$start"); do
    same "$({ sw-chunk -t ./t.schema --range "$start:$((cut - start))" short.csv && sw-chunk -t ./t.schema --range "$cut:$((size - cut))" short.csv; } |
      sw-info --digest)" "$want" || { echo "at $cut"; false; }
  done
}

@test "schema: a comma is the point of numbers, and a point is none then" {
  printf 'table t\nseparator semicolon\npoint comma\ncolumn p decimal:6\ncolumn n int\ncolumn t time:s\nvalue p null "0,00" 99\n' >t.schema
  printf 'p;n;t\n5571,25;2;1704326400,5\n-0,000001;2,0;17\n123456789012,123456;+3;1e3\n0,000;4;0\n99,0;5;1\n,5;6;1\n' >t.csv
  sw-chunk -t ./t.schema t.csv | sw-cut | diff - <(printf 'p,n,t\n5571.25,2,1704326400500000000\n-0.000001,2,17000000000\n123456789012.123456,3,1000000000000\n,4,0\n,5,1000000000\n0.5,6,1000000000\n')
  expect_status 1 sw-chunk -t ./t.schema <<<$'p;n;t\n1.5;2;3'
  same "$output" "sw-chunk: standard input:2: p: not a decimal: '1.5'"
  expect_status 1 sw-chunk -t ./t.schema <<<$'p;n;t\n1.234,5;2;3'
}

@test "schema: exponents in decimals and times are exact; in whole numbers there are none" {
  printf 'table t\ncolumn p decimal:18\ncolumn t time:s\ncolumn n int\n' >t.schema
  python3 - >want.csv <<'END'
import random, decimal
random.seed(3)
decimal.getcontext().prec = 100
with open('t.csv', 'w') as f:
    print('p,t,n', file=f)
    print('p,t,n')
    for i in range(3000):
        digits = str(random.randrange(10 ** random.randrange(1, 16)))
        point = random.randrange(len(digits) + 1)
        text = random.choice(['', '-', '+']) + (digits[:point] + '.' + digits[point:] if random.random() < .7 else digits)
        decimals = len(digits) - point if '.' in text else 0
        exponent = random.randrange(decimals - 18, 4)
        text += random.choice('eE') + random.choice(['', '+'] if exponent >= 0 else ['']) + str(exponent)
        value = decimal.Decimal(text)
        seconds = decimal.Decimal(random.randrange(10 ** 18)).scaleb(-9)
        print(text, format(seconds, 'e'), i, sep=',', file=f)
        value = format(value, 'f')
        if '.' in value: value = value.rstrip('0').rstrip('.')
        if value in ('-0', ''): value = '0'
        print(value, int(seconds.scaleb(9)), i, sep=',')
END
  sw-chunk -t ./t.schema t.csv | sw-cut | cmp - want.csv
  for bad in 'p,1e-19:more than 18 decimals' 'p,1e40:out of range' 'p,1e:not a decimal' 'p,e5:not a decimal' 'p,1e5.0:not a decimal' \
    'n,1e3:not a whole number' 't,1e-10:more than 9 decimals of a second'; do
    column=${bad%%,*} value=${bad#*,} value=${value%%:*}
    expect_status 1 sw-chunk -t ./t.schema <<<"$column"$'\n'"$value"
    same "$output" "sw-chunk: standard input:2: $column: ${bad#*:}: '$value'"
  done
}

@test "schema: units of times and clocks, and what lies beyond them" {
  cat >t.schema <<'END'
table t
column s time:s
column ms time:ms
column us time:us
column ns time:ns
column cs clock:s
column cms clock:ms
column cus clock:us
column cns clock:ns
column c clock
END
  cat >t.csv <<'END'
s,ms,us,ns,cs,cms,cus,cns,c
1704326400,1704326400123,1704326400123456,1704326400,34200,34200000,34200000000,34200000000000,09:30
1704326400.1,1704326400123.000001,1704326400123456.789,978307200,34200.004241176,34200004.241176,34200004241.176,1,09:30:00.004241176
-0.000000001,1.5,.001,-1,34200.004241176000,0,0.0,86400000000000,24:00
,,,,,,,,34200004241176
END
  sw-chunk -t ./t.schema t.csv | sw-cut | diff - <(cat <<'END'
s,ms,us,ns,cs,cms,cus,cns,c
1704326400000000000,1704326400123000000,1704326400123456000,1704326400,34200000000000,34200000000000,34200000000000,34200000000000,34200000000000
1704326400100000000,1704326400123000001,1704326400123456789,978307200,34200004241176,34200004241176,34200004241176,1,34200004241176
-1,1500000,1,-1,34200004241176,0,0,86400000000000,86400000000000
,,,,,,,,34200004241176
END
  )
  for bad in 's|1704326400.1234567891|more than 9 decimals of a second' 's|9999999999999|out of range (1677-09-21 to 2262-04-11)' \
    'cs|86400.000000001|more than a day' 'cms|-1|more than a day' 'cms|x|not a time of day' 'c|34200|counts what since midnight? (clock:s, clock:ms, clock:us, clock:ns)' \
    'c|093000|counts what since midnight? (clock:s, clock:ms, clock:us, clock:ns)' 'c|25:00|not a time of day' 'c|09:30:00.1234567891|more than 9 decimals of a second' \
    's|2024-02-30T00:00:00Z|not a time'; do
    IFS='|' read -r column value reason <<<"$bad"
    expect_status 1 sw-chunk -t ./t.schema <<<"$column"$'\n'"$value"
    same "$output" "sw-chunk: standard input:2: $column: $reason: '$value'"
  done
}

@test "schema: a date and a clock make a time in the schema's zone, as python has it; skipped ones are bad, ambiguous ones the earlier" {
  printf 'table t\nzone America/New_York\ntime at day clock\ncolumn day date\ncolumn clock clock\ncolumn n int\n' >t.schema
  python3 - >want.csv <<'END'
import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo
random.seed(5)
zone = ZoneInfo('America/New_York')
twice = 0
with open('t.csv', 'w') as f, open('skipped', 'w') as bad:
    print('n,clock,day', file=f)
    print('n,clock,day,at')
    for i in range(4000):
        base = random.choice([datetime(2023, 3, 12), datetime(2023, 11, 5), datetime(1974, 1, 6), datetime(2040, 6, 1), datetime(1960, 1, 1)])
        local = base + timedelta(seconds=random.randrange(-100000, 100000))
        ns = random.randrange(10 ** 9)
        day, clock = local.strftime('%Y-%m-%d'), local.strftime('%H:%M:%S') + '.%09d' % ns
        utc = local.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)
        if utc.astimezone(zone).replace(tzinfo=None) != local:
            print(i, clock, day, sep=',', file=bad)
            continue
        twice += local.replace(tzinfo=zone, fold=0).utcoffset() != local.replace(tzinfo=zone, fold=1).utcoffset()
        print(i, clock, day, sep=',', file=f)
        second = (utc - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(seconds=1)
        midnight = (local.hour * 60 + local.minute) * 60 + local.second
        print(i, midnight * 10 ** 9 + ns, day, second * 10 ** 9 + ns, sep=',')
open('twice', 'w').write(str(twice))
END
  sw-chunk -t ./t.schema t.csv 2>said | sw-cut | cmp - want.csv
  same "$(cat said)" "sw-chunk: $(cat twice) times that the clock shows twice were taken for the earlier one"
  sw-chunk -t ./t.schema -c at t.csv 2>/dev/null | sw-cut | cmp - <(cut -d, -f4 want.csv)
  sw-chunk -t ./t.schema -c at,n -e 'at >= "2030-01-01T00:00:00Z"' t.csv 2>/dev/null | sw-cut | cmp - <(awk -F, 'NR == 1 { print "at,n" } $4 > 1893456000000000000 && NR > 1 { print $4 "," $1 }' want.csv)
  # another zone on the command line, and a way to show times that has nothing to do with it
  same "$(printf 'n,clock,day\n1,10:00,2024-09-05\n' | sw-chunk -t ./t.schema --zone Australia/Sydney | sw-cut --iso-time --tz Europe/Berlin -c at --no-header)" 2024-09-05T02:00:00+02:00
  while IFS= read -r row; do
    IFS=, read -r _ clock day <<<"$row"
    expect_status 1 sw-chunk -t ./t.schema <<<$'n,clock,day\n'"$row"
    same "$output" "sw-chunk: standard input:2: at: a local time that the clock skips there: '$day $clock'"
  done < <(head -n 5 skipped)
  { cat t.csv; cat skipped; } | sw-chunk -t ./t.schema --bad-rows bad 2>/dev/null | sw-cut | cmp - want.csv
  same "$(wc -l <bad)" "$(wc -l <skipped)"
  expect_status 1 sw-chunk -t ./t.schema <<<$'n,clock,day\n1,10:00,2024-02-30'
  same "$output" "sw-chunk: standard input:2: day: not a date: '2024-02-30'"
}

@test "schema: dates, clocks and times in forms of their own are those of python's strptime" {
  # N.csv, N.want and N.schema of each, and its form.
  python3 - <<'END' >forms
import random
from datetime import datetime, timedelta, timezone
forms = """date|%d/%m/%Y
date|%Y%m%d
date|%d-%b-%y
date|%B %d, %Y
date|%Y.%j
time|%Y%m%d%H%M%S.%f
time|%m/%d/%Y %H:%M:%S
time|%Y-%m-%dD%H:%M:%S.%f
time|%d.%m.%Y %I:%M:%S.%f %p
time|%Y%m%d-%H:%M:%S.%f
time|%Y-%m-%dT%H:%M:%S%z
time|%F %T
clock|%H%M%S%f
clock|%H:%M
clock|%I:%M %p"""
epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
for number, line in enumerate(forms.splitlines()):
    kind, form = line.split("|")
    random.seed(1)
    print(number, line)
    with open("%d.schema" % number, "w") as schema:
        print('table t\nzone UTC\ncolumn x %s\nformat x "%s"' % (kind, form), file=schema)
    with open("%d.csv" % number, "w") as made, open("%d.want" % number, "w") as want:
        print("x", file=made)
        print("x", file=want)
        for i in range(200):
            t = datetime(1990, 1, 1) + timedelta(seconds=random.randrange(10 ** 9), microseconds=random.randrange(10 ** 6))
            text = t.replace(tzinfo=timezone(timedelta(minutes=15 * random.randrange(-40, 40)))).strftime(form)
            read = datetime.strptime(text, form.replace("%F", "%Y-%m-%d").replace("%T", "%H:%M:%S"))
            print('"%s"' % text, file=made)
            if kind == "date":
                print(read.strftime("%Y-%m-%d"), file=want)
                continue
            if kind == "clock":
                read = read.replace(year=1970, month=1, day=1)
            read = read if read.tzinfo else read.replace(tzinfo=timezone.utc)
            print((read - epoch) // timedelta(microseconds=1) * 1000, file=want)
END
  same "$(wc -l <forms)" 15
  while read -r number form; do
    sw-chunk -t "./$number.schema" "$number.csv" | sw-cut | cmp - "$number.want" || { echo "$form"; false; }
  done <forms
  # a fraction of 1 to 9 digits, and zeros
  printf 'table t\ncolumn x clock\nformat x %%H%%M%%S%%f\n' >f.schema
  printf 'x\n0930001\n093000123456789\n093000123456789000\n0930000\n' | sw-chunk -t ./f.schema | sw-cut --no-header |
    cmp - <(printf '%s\n' 34200100000000 34200123456789 34200123456789 34200000000000)
  expect_status 1 sw-chunk -t ./f.schema <<<$'x\n0930001234567891'
  same "$output" "sw-chunk: standard input:2: x: more than 9 decimals of a second: '0930001234567891'"
  expect_status 1 sw-chunk -t ./f.schema <<<$'x\n09:30'
  same "$output" "sw-chunk: standard input:2: x: not a time of day written %H%M%S%f: '09:30'"
}

@test "schema: scaled numbers, values before scaling, and selectors, the prefilter and the index see what is meant" {
  cat >t.schema <<'END'
table t
time timestamp
column timestamp time:ms
column security_code int code
column side int
column price scaled:9
value side 1 B
value side 2 A
value side null N
value price null 9223372036854775807
END
  {
    echo timestamp,code,side,price
    awk 'BEGIN { srand(4); split("B A N", s); for (i = 1; i <= 30000; i++)
      printf "%.0f,%d,%s,%s\n", 1600000000000 + i, i % 50, s[i % 3 + 1], i % 5 ? sprintf("%.0f", 3675000000000 + i) : "9223372036854775807" }'
  } >t.csv
  awk -F, -v OFS=, 'NR == 1 { print "timestamp,security_code,side,price"; next }
    { side = $3 == "B" ? 1 : $3 == "A" ? 2 : ""; price = ""
      if ($4 != "9223372036854775807") { n = substr($4, 5); sub(/0+$/, "", n); price = substr($4, 1, 4) (n == "" ? "" : "." n) }
      print $1 "000000", $2, side, price }' t.csv >want.csv
  sw-chunk -t ./t.schema t.csv | sw-cut | cmp - want.csv
  sw-chunk -t ./t.schema --index -b 64K t.csv
  for e in 'side == 1' 'side == null' 'price == null' 'price >= 3675.000001' 'price == 3675.000029999' 'security_code == 7 && side == 2' \
    'timestamp == "2020-09-13T12:26:41Z"' 'security_code in (5, 10) && price == null'; do
    sw-chunk -t ./t.schema -e "$e" t.csv | sw-cut >by-index
    sw-chunk -t ./t.schema --no-index -e "$e" t.csv | sw-cut >without
    sw-chunk -t ./t.schema t.csv | sw-filter -e "$e" | sw-cut >behind
    cmp by-index behind && cmp without behind
    [ "$(wc -l <behind)" -gt 1 ] || { echo "$e: nothing"; false; }
  done
  # another schema makes it another file: its index does not count
  sed 's/value side 1 B/value side 2 B X/; /value side 2 A/d' t.schema >other.schema
  sw-chunk -t ./other.schema -e 'side == 2' -c side <(sed 's/,A,/,X,/' t.csv) | sw-cut >/dev/null
  sed 's/value side null N/value side 7 N/' t.schema >seven.schema
  same "$(sw-chunk -t ./seven.schema -e 'side == 7' t.csv 2>/dev/null | sw-info -f json | jq .rows)" 10000
}

@test "schema: columns in a file's name" {
  cat >t.schema <<'END'
table t
file {security_code}_{date}_{}_message_{}.csv
names Time Price
zone America/New_York
time timestamp date clock
column security_code text
column date date
column clock clock:s Time
column price scaled:4 Price
END
  printf '34200.004241176,5853300\n34201,5853200\n' >AAPL_2012-06-21_34200000_message_10.csv
  printf 'Time,Price,security_code,date,timestamp\n' >want
  sw-chunk -t ./t.schema AAPL_2012-06-21_34200000_message_10.csv | sw-cut >ours
  diff ours - <<'END'
clock,price,security_code,date,timestamp
34200004241176,585.33,AAPL,2012-06-21,1340285400004241176
34201000000000,585.32,AAPL,2012-06-21,1340285401000000000
END
  gzip -k AAPL_2012-06-21_34200000_message_10.csv
  sw-chunk -t ./t.schema "$PWD/AAPL_2012-06-21_34200000_message_10.csv.gz" | sw-cut | cmp - ours
  sw-chunk -t ./t.schema --name AAPL_2012-06-21_1_message_5.csv <AAPL_2012-06-21_34200000_message_10.csv | sw-cut | cmp - ours
  sw-chunk -t ./t.schema -e 'security_code == "AAPL" && date == "2012-06-21"' AAPL_2012-06-21_34200000_message_10.csv | sw-cut | cmp - ours
  sw-chunk -t ./t.schema -c price,security_code --range 0:5 AAPL_2012-06-21_34200000_message_10.csv | sw-cut --no-header | cmp - <(echo 585.33,AAPL)
  cp AAPL_2012-06-21_34200000_message_10.csv odd.csv
  expect_status 1 sw-chunk -t ./t.schema odd.csv
  same "$output" "sw-chunk: odd.csv: its name is not written {security_code}_{date}_{}_message_{}.csv, as schema t has it: see --name"
  expect_status 1 sw-chunk -t ./t.schema <odd.csv
  expect_status 1 sw-chunk -t ./t.schema --name AAPL_2012-06-31_1_message_5.csv odd.csv
  [[ $output == *"date: not a date in the file's name: '2012-06-31'" ]]
}

@test "schema: a column may have no name, a name may have blanks" {
  printf 'table t\ncolumn price decimal "Trade Price" # the price\ncolumn n int "# n"\n' >t.schema
  printf ',Trade Price,# n,\n0,1.5,2,x\n' | sw-chunk -t ./t.schema | sw-cut | diff - <(printf 'column_1,price,n,column_4\n0,1.5,2,x\n')
  expect_status 1 sw-chunk -t ./t.schema <<<$',Trade Price,column_1\n1,2,3'
}

@test "schema: CSV that was written is read again with --canonical, to the same digest" {
  cat >t.schema <<'END'
table t
separator semicolon
point comma
zone America/Sao_Paulo
time at day clock
ignore "#"
column day date
column clock clock
column side int
column price scaled:3 Preis
column t time:s
column note text
format day %d/%m/%Y
value side 1 B
value side 2 S
value note null n/a
END
  printf '# x\nday;clock;side;Preis;t;note\n05/09/2024;10:00:00,5;B;1500;1,5;n/a\n06/09/2024;11:00;S;1;978307200;"x,""y"\n' >t.csv
  sw-chunk -t ./t.schema t.csv >t.swr
  sw-cut t.swr >again.csv
  sw-chunk -t ./t.schema --canonical again.csv >again.swr
  same "$(sw-info --digest again.swr)" "$(sw-info --digest t.swr)"
  sw-cut again.swr | cmp - again.csv
  # what is found by no header is not found in what was written either
  same "$(sw-chunk --canonical <<<$'order_id,timestamp\n1,2' | sw-cut)" $'order_id,timestamp\n1,2'
  same "$(sw-info -f json again.swr | jq -c '[.columns[] | [.name, .type, .scale]]')" "$(sw-info -f json t.swr | jq -c '[.columns[] | [.name, .type, .scale]]')"
}

@test "schema: mistakes are errors with their line" {
  while IFS='|' read -r line message; do
    printf 'table t\ncolumn a time b\ncolumn d date\ncolumn c clock\ncolumn n int\n%s\n' "${line//@/$'\n'}" >wrong.schema
    expect_status 2 sw-chunk -t ./wrong.schema <<<$'a\n1'
    [[ $output == "sw-chunk: ./wrong.schema:$message" ]] || { echo "$line: $output"; false; }
  done <<'END'
separators pipe|6: not table, time, rows, zone, column, value, format, separator, point, names, ignore, file, require, require-one or forbid: 'separators'
separator ab|6: separator: not comma, tab, semicolon, pipe or a character that stands in no number or word: 'ab'
separator 1|6: separator: not comma, tab, semicolon, pipe or a character that stands in no number or word: '1'
point dot|6: point: can be told to be a comma: point comma
names a b a|6: names: stands twice: 'a'
names|6: names: needs the names of all columns
ignore|6: ignore: needs what such lines begin with
ignore ""|6: ignore: every line begins with nothing
column n int|6: column: there are two: 'n'
column x int n|6: column: an alias that is another column: 'n'
column x int b|6: column: an alias of two columns: 'b'
column x time:m|6: column: not int, uint, decimal[:0-18], scaled:0-18, time[:UNIT], clock[:UNIT], date or text: 'time:m'
column x scaled|6: column: not int, uint, decimal[:0-18], scaled:0-18, time[:UNIT], clock[:UNIT], date or text: 'scaled'
time x|6: time: no column of type time: 'x'
time n|6: time: no column of type time: 'n'
time b d c|6: time: a column of the file already: 'b'
time at n c|6: time: no column of type date: 'n'
time at d n|6: time: no column of type clock: 'n'
time a@time a|7: time: needs a column, or a name, a date and a clock, once
require x|6: require: no such column: 'x'
require a@require-one b y|7: require-one: no such column: 'y'
format x %Y|6: format: no such column: 'x'
format n %Y|6: format: of a date, a clock or a time, without a unit: 'n'
format d %Y%m|6: format: a date needs year, month and day
format d %H:%M|6: format: there is no date in '%H:%M'
format a %F|6: format: there is no clock in '%F'
format c %H:%M:%f|6: format: %f is of a second: there is no %S
format c %Q|6: format: no directive of a time: '%Q'
format d %d%d%m%Y|6: format: stands twice: '%d'
file {x}.csv|6: file: no such column: 'x'
file x.csv|6: file: no {column} in it: 'x.csv'
file {n}{d}.csv|6: file: two parts side by side: '{n}{d}.csv'
file {n.csv|6: file: a brace without its partner: '{n.csv'
zone Nowhere/City|6: zone: no such time zone: 'Nowhere/City'
value n one x|6: value: not a whole number: 'one'
END
  printf 'table t\npoint comma\ncolumn a int\n' >wrong.schema
  expect_status 2 sw-chunk -t ./wrong.schema <<<a
  expect_status 2 sw-chunk --zone Nowhere/City <<<a
  expect_status 2 sw-chunk --separator xx <<<a
}

@test "schema: a header that has found its schema finds it tomorrow" {
  while IFS='|' read -r table header; do
    same "$(sw-chunk <<<"$header" | sw-info -f json | jq -r .table)" "$table"
  done <<'END'
orders|order_id,exchange,timestamp,security_code,price,side,changereason,orderstatus,quantity,leavesquantity,ordertype,exchangeordertype,national_bid,national_offer,bid,offer,participantid,preferenceonly,midtick,singlefillminimumquantity,minimumquantity,sequence,crossingkey,totalmatchedquantity,shortsellquantity,triggercondition,timevaliditydecoded,row_num,timevalidity,date
orders|order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,participantid,orderstatus,totalmatchedquantity
orders|order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,participantid,orderstatus,totalmatchedquantity,sequence
orders|orderid,timestamp
orders|order_id,timestamp,price
orders|order_id,timestamp,security_code,price,side,quantity
orders|order_id,timestamp,bid,offer
trades|EXCHANGE,sequence,tradedate,tradetime,securitycode,orderid,dealsource,dealsourcedecoded,exchangeinfo,matchgroupid,nationalbidpricesnapshot,nationalofferpricesnapshot,tradeprice,quantity,side,sidedecoded,participantid,passiveaggressive,row_num
trades|tradetime,tradeprice,quantity
trades|timestamp,security_code,order_id,price,quantity,side,dealsource
trades|matchgroupid,price
nbbo|partition,sequence,tradedate,bidprice,creationtime,offerprice,orderbookid,timestamp,userid,runid
nbbo|bid,offer
nbbo|timestamp,bidprice,offerprice,orderbookid
nbbo|timestamp,security_code,bid,offer,sequence
classified|order_id,security_code,date,side,participantid,exchangeordertype,group,price,quantity,leavesquantity,totalmatchedquantity,first_timestamp,initial_quantity,initial_price,completion_timestamp,last_timestamp,trades,traded_quantity,traded_value,actual_quantity,actual_cost,amended,order_quantity,booked_quantity
simulation|order_id,scenario,security_code,date,side,simulated_quantity,simulated_price,simulated_cost,simulated_fill_ratio,cost_difference,savings,cost_improvement_pct,first_timestamp,completion_timestamp,initial_quantity,initial_price,actual_quantity,actual_price,actual_cost,midprice,amended,quotes,quote_age,comparable
END
  expect_status 2 sw-chunk <<<timestamp,price,quantity
  expect_status 2 sw-chunk <<<a,b
}

# bats test_tags=plain
@test "schema: pipelines take --separator, --names and --zone of orders as sw-chunk does" {
  sw-gen --rows 3000 --securities 2 --seed 5 -o made
  tr , ';' <made/orders.csv >semicolons.csv
  sed 1d made/orders.csv >bare.csv
  names=$(head -n 1 made/orders.csv)
  extract -j 1 -c order_id,price -o wanted.csv made/orders.csv
  extract -j 1 -c order_id,price --separator semicolon -o ours.csv semicolons.csv
  cmp ours.csv wanted.csv
  extract -j 2 -b 64K -c order_id,price --names "$names" -o ours.csv bare.csv
  cmp ours.csv wanted.csv
  report -j 1 -o wanted made/orders.csv
  report -j 1 --separator semicolon -o ours semicolons.csv
  diff -r wanted/aggregated ours/aggregated
  analyse -j 1 --trades made/trades.csv --nbbo made/nbbo.csv -o wanted-analysis made/orders.csv
  analyse -j 1 --trades made/trades.csv --nbbo made/nbbo.csv --separator semicolon -o ours-analysis semicolons.csv
  diff -r wanted-analysis/aggregated ours-analysis/aggregated
  # local times of another zone than the schema's
  printf 'order_id,timestamp,price\n1,2024-09-05 10:00:00,5\n' >local.csv
  extract -j 1 --zone UTC -o utc.csv local.csv
  same "$(tail -n 1 utc.csv)" 1,1725530400000000000,5
}

# The same texts twice: as they are mostly read, by what the one before was, and, where a value may stand for another, each by itself.
@test "schema: times, clocks and dates that follow each other are what each is alone, to the last odd one" {
  python3 "$TREE/tests/vendor_times.py" "${SEED:-7}"
  for want in *.want; do
    name=${want%.want}
    sw-chunk -t "./$name.schema" --bad-rows bad "$name.csv" 2>/dev/null | sw-cut | cmp - "$want" || { echo "$name"; false; }
    [ "$(wc -l <bad)" -gt 10 ] && [ "$(wc -l <"$want")" -gt 2000 ]
    { cat "$name.schema"; echo 'value x null nothing-is-written-so'; } >alone.schema
    sw-chunk -t ./alone.schema --bad-rows alone "$name.csv" 2>/dev/null | sw-cut | cmp - "$want" || { echo "$name, alone"; false; }
    cmp bad alone
    cmp <(cut -f1 bad | sed 's/.*@//') <(awk 'NR == FNR { bad[$1] = 1; next } { if (FNR in bad) print at + 0; at += length + 1 }' "$name.bad" "$name.csv")
  done
}
