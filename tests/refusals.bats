#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2030,SC2031,SC2154 # output is set by bats' run
# What is refused is named for what it is, with its place; and what only looks odd is taken.

bats_require_minimum_version 1.5.0
load helper

setup() { cd "$BATS_TEST_TMPDIR" || return; }

# three: three rows of orders.
three() { printf 'order_id,timestamp,price\n1,1725516166885300001,33.5\n2,1725516166885300002,\n3,1725516166885300003,4\n'; }
cut_of() { sw-chunk "$@" | sw-cut; }

# refused STATUS WORDS COMMAND…: it ends so, and its only line of output has the words.
refused() {
  local words=$2
  expect_status "$1" "${@:3}"
  [[ $output == *"$words"* && $output != *$'\n'* ]] && return
  printf 'not one line with "%s":\n%s\n' "$words" "$output" >&2
  return 1
}

@test "refusals: a gzip may be followed by zeros, as for gzip, and by nothing else" {
  local zeros
  cut_of <(three) >wanted
  three | gzip >one.gz
  { three | head -c 40 | gzip; three | tail -c +41 | gzip; } >two.gz
  for zeros in 1 2 511 300000; do # the last: more than is read at a time
    { cat one.gz; head -c "$zeros" /dev/zero; } >padded.gz
    gzip -dc padded.gz | cmp - <(three)
    cut_of padded.gz | cmp - wanted
    cut_of <padded.gz | cmp - wanted
  done
  { cat two.gz; head -c 700 /dev/zero; } | cut_of | cmp - wanted
}

@test "refusals: other bytes behind a gzip are told with the place where it ended" {
  local size behind cut
  three | gzip >one.gz
  { three | head -c 40 | gzip; three | tail -c +41 | gzip; } >two.gz
  size=$(wc -c <two.gz)
  for behind in rest '\037x' x; do
    { cat two.gz; printf '%b' "$behind"; } >rest.gz
    refused 1 "rest.gz: gzip: ended at byte $size, followed by bytes that are no gzip" sw-chunk -o out rest.gz
    [ ! -e out ]
  done
  for cut in 1 2 9 15; do # the beginning of another member: cut, not foreign
    { cat two.gz; head -c "$cut" one.gz; } >rest.gz
    refused 1 "rest.gz: gzip: ends early before byte $((size + cut))" sw-chunk -o out rest.gz
  done
  { cat two.gz; head -c 512 /dev/zero; cat one.gz; } >mixed.gz
  refused 1 "mixed.gz: gzip: ended at byte $size, followed by zeros and then other bytes" sw-chunk -o out mixed.gz
}

# foreign: the three orders in other kinds of files, one each; their names are what they are called.
foreign() {
  python3 - <<'PYTHON'
import bz2, lzma, zipfile
text = open('three.csv').read()
write = lambda name, data: open(name, 'wb').write(data)
write('zstd', bytes([0x28, 0xb5, 0x2f, 0xfd, 0x20, len(text), 1 | len(text) << 3 & 255, len(text) >> 5, 0]) + text.encode())
write('bzip2', bz2.compress(text.encode()))
write('xz', lzma.compress(text.encode()))
with zipfile.ZipFile('zip', 'w') as packed: packed.writestr('three.csv', text)
write('UTF-16', text.encode('utf-16'))
write('UTF-16.le', text.encode('utf-16-le'))
write('UTF-16.be', text.encode('utf-16-be'))
write('UTF-32', text.encode('utf-32'))
PYTHON
  sw-chunk three.csv | sw-cut -f parquet -o Parquet
  sw-chunk three.csv | sw-cut -f arrow -o Arrow
}

@test "refusals: files of other kinds are named, and the command that is named makes CSV of them" {
  local file kind command
  mkdir files
  three >three.csv
  cut_of three.csv >wanted
  foreign
  # zstd is read where libzstd was there when the programs were built
  if grep -q LIBZSTD "$TREE/build/default/sw_libraries.h"; then
    cut_of zstd | cmp - wanted
    refused 1 "zstd: is zstd, not a record stream: sw-chunk reads it" sw-agg -o out zstd
    rm zstd
  fi
  # Parquet is read, but from a file alone
  cut_of Parquet | cmp - wanted
  cut_of - <Parquet | cmp - wanted
  refused 1 "Parquet: is Parquet, not a record stream: sw-chunk reads it from a file" sw-agg -o out Parquet
  gzip -c Parquet >packed.gz
  refused 1 "packed.gz: is Parquet in a gzip, not CSV: " sw-chunk -o out packed.gz
  for file in zstd bzip2 xz zip UTF-16 UTF-16.le UTF-16.be UTF-32 Arrow; do
    [ -e "$file" ] || continue
    kind=${file%%.*}
    refused 1 "$file: is $kind, not CSV: " sw-chunk -o out "$file"
    command=${output##* with } command=${command%% (*}
    refused 1 "standard input: is $kind, not CSV: " sw-chunk -o out - <"$file"
    refused 1 "$file: is $kind, not a record stream: " sw-agg -o out "$file"
    gzip -c "$file" >packed.gz
    refused 1 "packed.gz: is $kind in a gzip, not CSV: " sw-chunk -o out packed.gz
    expect_status 1 report -o "out of $file" "$file"
    [[ $output == *"$file: is $kind, not CSV: "* ]]
    [ "$file" != Arrow ] || continue
    command -v "${command%% *}" >/dev/null || continue
    # shellcheck disable=SC2086 # a command and its options
    $command "$file" | cut_of | cmp - wanted
  done
  [ ! -e out ]
  sw-chunk three.csv | gzip >stream.gz
  refused 1 "stream.gz: is a gzip of a record stream: unpack it with gzip -dc" sw-chunk stream.gz -o out
  refused 1 "stream.gz: is gzip, not a record stream: " sw-agg stream.gz -o out
}

@test "refusals: letters that other files begin with may begin a header, too" {
  local name
  for name in BZh9 PAR1 ARROW1 DBN1 7zip PK; do
    { printf '%s,order_id,timestamp\nx,1,2\n' "$name"; } | sw-chunk | sw-cut -c order_id | cmp - <(printf 'order_id\n1\n')
  done
}

@test "refusals: line ends of other kinds are said, and the command that is named mends them" {
  local end
  three >three.csv
  cut_of three.csv >wanted
  tr '\n' '\r' <three.csv >cr.csv
  refused 1 "cr.csv: lines end in carriage returns alone: tr '\\r' '\\n' mends them" sw-chunk -o out cr.csv
  tr '\r' '\n' <cr.csv | cut_of | cmp - wanted
  # a large one is not read as one line of it; a header alone has no line of another kind behind it
  refused 1 'lines end in carriage returns alone' sw-chunk -o out < <(printf 'order_id,timestamp\r'; head -c 40000000 /dev/zero | tr '\0' '1')
  printf 'order_id,timestamp\r' | sw-chunk | sw-cut | cmp - <(printf 'order_id,timestamp\n')
  for end in '\r\r' '\r\r\r'; do
    sed "s/\$/$end/" three.csv >returns.csv
    refused 1 "returns.csv: lines end in $((${#end} / 2)) carriage returns and a line feed: tr -d '\\r' mends them" sw-chunk -o out returns.csv
  done
  tr -d '\r' <returns.csv | cut_of | cmp - wanted
  printf 'order_id,timestamp,"no\rte"\r\n1,2,3\r\n' | sw-chunk -c order_id | sw-cut | cmp - <(printf 'order_id\n1\n')
  refused 1 'cr.csv: lines end in carriage returns alone' sw-plan cr.csv
  [ ! -e out ]
}

@test "refusals: other separators, no header and a comma at the header's end are told from a header of no schema" {
  local words separator file
  three >three.csv
  cut_of three.csv >wanted
  for separator in ';semicolon' $'\t'tab '|pipe'; do
    tr , "${separator:0:1}" <three.csv >other.csv
    words="other.csv: the header is separated by ${separator:1}s, not commas: see --separator ${separator:1}"
    refused 2 "$words" sw-chunk -o out other.csv
    refused 2 "$words" sw-chunk -t orders -o out other.csv
    refused 2 "$words" sw-plan other.csv
    sw-chunk --separator "${separator:1}" other.csv | sw-cut | cmp - wanted
  done
  tail -n +2 three.csv >no.csv
  words="no.csv: no header: the first line holds values ('1'): a line with the names of the columns has to stand before it, or see --names"
  refused 2 "$words" sw-chunk -o out no.csv
  refused 2 "$words" sw-chunk -t orders -o out no.csv
  { head -n 1 three.csv; cat no.csv; } | cut_of | cmp - wanted
  refused 2 "no header: the first line holds values ('2024-" sw-chunk -o out < <(printf 'ABC,2024-09-05T10:00:00+10:00,1.5,x\n')
  refused 2 'fits no schema' sw-chunk -o out < <(printf 'code;name,time\nx,y\n') # as many commas as others
  refused 2 'fits no schema' sw-chunk -o out < <(printf '2024,code,time,other\nx,y\n')
  three | sed '1s/order_id/orderID/; 1s/price/leavesquantity/' >near.csv
  # Of a header that is nearly one the schema that it is near to is named first, and what that lacks.
  refused 2 "near.csv: the header fits no schema; nearest is orders, which requires order_id (is 'orderID' meant?); see sw-chunk --explain, and -t with one of " \
    sw-chunk -o out near.csv
  refused 2 'the header fits no schema; see sw-chunk --explain' sw-chunk -o out < <(printf 'a,b\n1,2\n')
  refused 1 '3 fields, not 4' sw-chunk -o out < <(sed '1s/$/,/' three.csv) # a column without a name
  [ ! -e out ]
}

# reason_of ROW: why the row is bad, as --bad-rows has it; it stands between two good ones.
reason_of() {
  printf 'order_id,timestamp,note\n1,2,3\n%b\n4,5,"6"\n' "$1" >row.csv
  sw-chunk --bad-rows bad row.csv 2>/dev/null | sw-cut >kept
  cut -f 3 bad
}

@test "refusals: a blank beside a quote, and a comma at a row's end, are said for what they are" {
  local row
  for row in '1,2, "x"' ' "1",2,3' '1,\t"2",3' '1,2,  "' '1, "",3'; do
    same "$(reason_of "$row")" 'misplaced quote: a blank stands before it'
    cmp kept <(printf 'order_id,timestamp,note\n1,2,3\n4,5,6\n')
  done
  for row in '1,2,"x" ' '"1" ,2,3' '1,"2"\t,3' '1,2,"a""b"  ' '1,"",""  '; do
    same "$(reason_of "$row")" 'misplaced quote: a blank stands behind it'
  done
  for row in '1,2,x"y' '1,2,"x"y' '1,2,"say "hi""' '1,2,"x" y' '1,2,x "' '"1"",2,3"4'; do
    same "$(reason_of "$row")" 'misplaced quote'
  done
  for row in '1,2,x,' '1,2,"x",' ',,,'; do
    same "$(reason_of "$row")" '4 fields, not 3: a comma stands at its end'
  done
  same "$(reason_of '1,2,x,y')" '4 fields, not 3'
  same "$(reason_of '1,2,x,,')" '5 fields, not 3'
  same "$(reason_of '1,2,3\r4,5,6\r7,8,9')" '7 fields, not 3: a carriage return stands in it'
  refused 1 'header: misplaced quote: a blank stands before it' sw-chunk -o out < <(printf 'order_id, "timestamp",x\n')
}

@test "refusals: of a row with an open quote it is said how many lines it took" {
  local swallowed
  for swallowed in 1 2 7 3000; do
    { echo order_id,timestamp,note; echo '1,2,"open'; printf '3,4,plain\n%.0s' $(seq "$swallowed"); echo '5,6,"x"'; echo 7,8,good; } >open.csv
    sw-chunk --bad-rows bad open.csv 2>told | sw-cut | cmp - <(printf 'order_id,timestamp,note\n7,8,good\n')
    cut -f 3 bad | cmp - <(echo "misplaced quote, in a row of $((swallowed + 2)) lines")
    same "$(cut -f 4 bad | grep -o '\\n' | wc -l)" $((swallowed + 1))
    same "$(<told)" 'sw-chunk: 1 bad row: see bad'
    refused 1 "open.csv:2: misplaced quote, in a row of $((swallowed + 2)) lines: " sw-chunk -o out open.csv
  done
  refused 1 'quote never closed, in a row of 3 lines' sw-chunk -o out < <(printf 'order_id,timestamp,note\n1,2,"open\n3,4,5\n6,7,8\n')
  refused 1 '4 fields, not 3, in a row of 2 lines' sw-chunk -o out < <(printf 'order_id,timestamp,note\n1,2,"a\nb",4\n')
}

# time_of TEXT: what it is as a time, in nanoseconds.
time_of() { printf 'order_id,timestamp\n1,%s\n' "$1" | sw-chunk -c timestamp | sw-cut | tail -n 1; }

@test "refusals: times as RFC 3339 and --iso-time write them are read, to the nanosecond" {
  local text zone
  cat >texts <<'TIMES'
2024-09-05t10:00:00z
2024-09-05t10:00:00.5+10:00
2024-09-05 10:00:00z
2024-09-05T10:00:00.1234567890Z
2024-09-05T10:00:00.123456789000000000000000000000-09:30
2024-09-05T10:00:00.000000000000Z
1890-01-01T00:00:00+10:04:52
1890-01-01T00:00:00-00:25:21
2024-09-05T00:00:00+23:59:59
2024-09-05T00:00:00-23:59
TIMES
  # python's own reader says which moment each is
  python3 - >moments <<'PYTHON'
import datetime, re
for text in open('texts'):
    date, clock, fraction, offset = re.fullmatch(r'([-0-9]+)[T ]([:0-9]+)(?:\.([0-9]+))?([-+].*)', text.strip().upper().replace('Z', '+00:00')).groups()
    moment = datetime.datetime.fromisoformat(date + 'T' + clock + offset)
    since = moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    print((since.days * 86400 + since.seconds) * 10**9 + int((fraction or '0').ljust(9, '0')[:9]))
PYTHON
  while read -r text; do time_of "$text"; done <texts | cmp - moments
  same "$(wc -l <moments)" 10
  for zone in Australia/Sydney Africa/Monrovia Europe/Dublin; do # the years before zones
    printf 'order_id,timestamp\n1,-2600000000123456789\n2,-5000000000000000000\n3,1725516166885300001\n' | sw-chunk >old.swr
    sw-cut --iso-time --tz "$zone" old.swr >iso.csv
    grep -q '[-+]..:..:..$' iso.csv
    cut_of iso.csv | cmp - <(sw-cut old.swr)
  done
  same "$(sw-cut --iso-time --tz +10:04:52 -c timestamp <(printf 'order_id,timestamp\n1,0\n' | sw-chunk))" $'timestamp\n1970-01-01T10:04:52+10:04:52'
}

@test "refusals: of a time that is none it is said what is missing, or that it is out of range" {
  local text words zone
  local -A reasons=([out]='out of range (1677-09-21 to 2262-04-11)' [fine]='more than 9 decimals of a second'
    [offset]='a local time without its offset, such as +10:00 or Z' [clock]='a date without a time of day and an offset' [none]='not a time')
  while IFS='|' read -r text words; do
    zone=()
    if [[ $words == offset ]]; then # is of the schema's zone
      zone=(-t ./no-zone.schema)
      printf 'order_id,timestamp\n1,%s\n' "$text" | sw-chunk | sw-cut | cmp - <(printf 'order_id,timestamp\n1,%s+10:00\n' "$text" | sw-chunk | sw-cut)
      printf 'table t\ncolumn order_id int\ncolumn timestamp time\n' >no-zone.schema
    fi
    words=${reasons[$words]}
    refused 1 "standard input:2: timestamp: $words: '$text'" sw-chunk "${zone[@]}" -o out < <(printf 'order_id,timestamp\n1,%s\n' "$text")
    expect_status 2 sw-filter -e "timestamp >= \"$text\"" <(three | sw-chunk)
    [[ $output == *"expression:14: $words"*"'$text'" ]]
    expect_status 2 sw-filter -e "timestamp in (1, \"$text\")" <(three | sw-chunk)
    [[ $output == *"$words"*"'$text'" ]]
  done <<'TIMES'
9999-12-31T00:00:00Z|out
9999-12-31 23:59:59.999999999z|out
1600-01-01T00:00:00+10:00|out
2262-04-11T23:47:16.854775808Z|out
1677-09-21T00:12:43.145224191Z|out
2024-09-05T10:00:00.1234567891Z|fine
2024-09-05T10:00:00|offset
2024-09-05 10:00|offset
2024-09-05t10:00:00.5|offset
2024-09-05|clock
2024-09-05T10:00:00+24:00|none
2024-09-05T10:00:00-24:00|none
2024-09-05T10:00:00+10:60|none
2024-09-05T10:00:00+10:00:60|none
2024-09-05T10:00:00+1000:30|none
2024-09-05T10:00:00+10:|none
2024-09-05T10:00:00Zz|none
2024-09-05T10:00:00.Z|none
2024-13-05T10:00:00Z|none
TIMES
  same "$(time_of 2262-04-11T23:47:16.854775807Z)" 9223372036854775807
  same "$(time_of 1677-09-21T00:12:43.145224192Z)" -9223372036854775808
  expect_status 2 sw-cut --tz +24:00 <(three | sw-chunk)
}

@test "refusals: a range that ends before it starts is told from what is no range" {
  local option range words
  three | sw-chunk >orders.swr
  while read -r option range words; do
    refused 2 "$words: '$range'" sw-filter -o out "$option" "$range" orders.swr
    refused 2 "$words: '$range'" sw-filter -o out "$option" "${range%%..*},$range" orders.swr # one of several
    refused 2 "$words: '$range'" sw-chunk -o out "$option" "$range" <(three)
  done <<'RANGES'
-H 22-2 -H: ends before it starts
-H 1-0 -H: ends before it starts
-d 2024-09-05..2024-09-04 -d: ends before it starts
-d 9999-12-31..2024-09-04 -d: ends before it starts
RANGES
  refused 2 "-q: ends before it starts: '5..4.99'" sw-filter -o out -q 5..4.99 orders.swr
  refused 2 "--times: ends before it starts: '16:00-10:00'" sw-filter -o out --times 16:00-10:00 orders.swr
  refused 2 "--times: ends where it starts: '10:00-10:00:00.0'" sw-filter -o out --times 10:00-10:00:00.0 orders.swr
  refused 2 "-H: not an hour" sw-filter -o out -H 24-2 orders.swr
  refused 2 "-d: not a date" sw-filter -o out -d 2024-02-30..2024-02-01 orders.swr
  expect_status 2 sw-filter -o out -H 22-2 orders.swr # the hint that is given is taken, and means the hours over midnight
  [[ $output =~ \(over\ midnight:\ \'(.*)\'\) ]]
  same "$(sw-filter -H "${BASH_REMATCH[1]}" orders.swr | sw-info --digest)" "$(sw-filter -H 22,23,0,1,2 orders.swr | sw-info --digest)"
}

@test "refusals: a pass beyond what --size or --rows said shows no 100%" {
  local told
  head -c 3000000 /dev/zero >zeros
  told=$(sw-monitor --size 1000000 --interval 60 <zeros 2>&1 >/dev/null)
  [[ $told == *'more than the 976.5 KiB of --size'* && $told != *%* && $told != *ETA* ]]
  told=$(sw-monitor --size 3000000 --interval 60 <zeros 2>&1 >/dev/null)
  [[ $told == *'100.0%  ETA 0:00:00' ]]
  told=$(sw-monitor --size 3000001 --interval 60 <zeros 2>&1 >/dev/null)
  [[ $told == *'99.9%'* ]]
  three | sw-chunk >orders.swr
  told=$(sw-monitor --rows 2 --interval 60 <orders.swr 2>&1 >/dev/null)
  [[ $told == *'more than the 2 of --rows'* && $told != *%* ]]
  told=$(sw-monitor --rows 3 --interval 60 <orders.swr 2>&1 >/dev/null)
  [[ $told == *'100.0%'* ]]
}

# bats test_tags=plain
@test "refusals: a pipeline reads the file behind /dev/stdin, and says why it reads no pipe" {
  local name pipe words='is a pipe, which cannot be cut into chunks, nor read again by a later run; give a file'
  mkdir 'in here'
  three >'in here/three.csv'
  report --per event -g price -a 'n=count()' -o wanted 'in here/three.csv'
  extract -o wanted.csv 'in here/three.csv'
  for name in /dev/stdin /dev/fd/0 /proc/self/fd/0; do
    report --per event -g price -a 'n=count()' -j 2 -o out "$name" <'in here/three.csv'
    diff -r wanted/aggregated out/aggregated
    rm -r out
    extract -o - "$name" <'in here/three.csv' | cmp - wanted.csv
  done
  exec 7<'in here/three.csv'
  convert -o out.swr /dev/fd/7
  sw-cut out.swr | cmp - wanted.csv
  extract -o /dev/fd/7 /dev/fd/7 2>said && return 1
  [[ $(<said) == *'is an input and the output' ]]
  cmp 'in here/three.csv' <(three)
  mkfifo fifo
  for pipe in fifo <(three) /dev/stdin; do
    for name in report extract convert; do
      refused 2 "$name: $pipe: $words" "$name" -o none "$pipe" < <(three)
    done
    [[ $pipe == fifo ]] && continue
    refused 2 "analyse: $pipe: $words" analyse -o none --trades "$pipe" --nbbo 'in here/three.csv' 'in here/three.csv' < <(three)
  done
  cp 'in here/three.csv' gone.csv
  exec 7<gone.csv
  rm gone.csv
  refused 2 'extract: /dev/fd/7: is a file without a name' extract -o none /dev/fd/7
  exec 7<&-
  [ ! -e none ]
}

@test "refusals: what a program says of a pipe that failed before it points there, and hides no truncation" {
  local program cut
  sw-gen --rows 70000 --stdout orders >orders.csv
  sw-chunk --block-rows 1000 orders.csv >orders.swr
  sed '69000s/^[^,]*,[^,]*,/1,x,/' orders.csv >bad.csv
  for program in 'sw-filter -s 1' sw-agg sw-cut sw-info 'sw-sort -k price' sw-optimize; do
    # shellcheck disable=SC2086 # a program and its options
    refused 1 "${program%% *}: standard input: nothing came (see the program before it)" $program < <(true)
    # shellcheck disable=SC2086
    cut=$(sw-chunk --block-rows 1000 bad.csv 2>cause | $program 2>&1 >out) || true
    [[ $cut == "${program%% *}: standard input: ended early after "*' rows (see the program before it)' ]]
    same "$(<cause)" "sw-chunk: bad.csv:69000: timestamp: not a time: 'x'"
    # shellcheck disable=SC2086
    refused 1 'standard input: ended early after ' $program < <(head -c 100000 orders.swr) # nobody else says so
    # shellcheck disable=SC2086
    expect_status 1 $program </dev/null # a file: itself to blame
    [[ $output == *'standard input: empty, not even a header' ]]
  done
  refused 1 'sw-chunk: standard input: nothing came (see the program before it)' sw-chunk < <(true)
  refused 1 'standard input: is empty: there is no header line' sw-chunk </dev/null
  refused 1 'standard input: gzip: ends early before byte 1000 (see the program before it)' sw-chunk -o out.swr < <(gzip -c orders.csv | head -c 1000)
}

# says_once COMMAND…: it fails with two lines, which job and why.
says_once() {
  expect_status 1 "$@"
  same "${output/chunk * failed:/chunk}" "$1: chunk
  sw-chunk: bad.csv:@$place: timestamp: not a time: 'x'"
}

# bats test_tags=check
@test "refusals: of a bad row every pipeline says once what and where it is, whoever runs the jobs" {
  local place runner
  sw-gen --rows 20000 --securities 6 --days 2 -o data
  sed '9000s/^\([^,]*\),[^,]*,/\1,x,/' data/orders.csv >bad.csv
  place=$(head -n 8999 bad.csv | wc -c)
  for runner in shell parallel; do
    export SW_RUNNER=$runner
    says_once report -j 2 -b 384K -o report bad.csv
    says_once extract -j 2 -b 384K -o rows.csv bad.csv
    says_once convert -j 2 -b 384K -o rows.swr bad.csv
    says_once convert -j 2 -b 384K -c timestamp,price -o rows.swr bad.csv
    says_once analyse -j 2 -b 384K -o analysis --trades data/trades.csv --nbbo data/nbbo.csv bad.csv
    says_once report --on-failure now --retries 2 -j 2 -b 384K -o report2 bad.csv
    rm -rf report report2 analysis rows.*
  done
}

@test "refusals: of a program that a signal ended in a pipeline, and of those behind it, the signal is said" {
  mkdir slain
  # shellcheck disable=SC2016 # a script
  printf '#!/bin/sh\n[ "$1" = --plan ] || kill -KILL $$\nexec "%s/sw-chunk" "$@"\n' "$SW_BIN" >slain/sw-chunk
  chmod +x slain/sw-chunk
  for program in "$SW_BIN"/*; do [[ $program == */sw-chunk ]] || ln -s "$program" slain/; done
  ln -s "$TREE/share" share
  sw-gen --rows 2000 --stdout orders >orders.csv
  SW_BIN=$PWD/slain expect_status 3 extract -j 1 -o rows.csv orders.csv
  same "$(tail -n +2 <<<"$output")" '  sw-chunk: was ended by signal KILL'
}

@test "refusals: standard input is one input, whatever asks for it" {
  local call
  for call in 'sw-classify --trades -' 'sw-classify --trades - -' 'sw-simulate --nbbo - -' 'sw-tca --trades - --nbbo q.swr' \
    'sw-tca --trades t.swr --nbbo - -' 'sw-join -k a --with -' 'sw-join -k a --with - -' 'sw-match --trades - --nbbo q.swr' \
    'sw-match --trades - --nbbo - o.swr' 'sw-match --trades t.swr --nbbo q.swr --ticks - - -'; do
    # shellcheck disable=SC2086
    refused 2 "${call%% *}: two inputs cannot both be standard input" $call </dev/null
  done
}
