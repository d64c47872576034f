#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-conf: every mistake in one pass, where each value comes from, what a pipeline is told, the job matrix.

load helper

setup_file() {
  export DATA=$BATS_FILE_TMPDIR
  sw-gen --rows 4000 --securities 6 --days 2 --participants 9 --seed 5 -o "$DATA/data"
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  ln -s "$DATA/data" data
}

# mistakes NAME: what sw-conf check says of the file, without its name in front.
mistakes() {
  run sw-conf check -C "$1"
  mapfile -t said <<<"${output//sw-conf: /}"
}

# right KEY=value…: passes where orders and output are given.
right() { expect_status 0 sw-conf check orders=data/orders.csv output=out "$@"; }

# wrong REASON KEY=value…: fails with 2, and says so.
wrong() {
  local reason=$1
  shift
  expect_status 2 sw-conf check orders=data/orders.csv output=out "$@"
  [[ $output == *"command line: ${1%%=*}: "*"$reason"* ]] || { echo "$output" >&2; return 1; }
}

# value KEY ARGUMENT…: what holds, as JSON says it.
value() {
  local key=$1
  shift
  sw-conf show -f json "$@" | python3 -c '
import json, sys
value = json.load(sys.stdin)[sys.argv[1]]
print(",".join(value) if isinstance(value, list) else value)' "$key"
}

@test "ten mistakes and more are all named, each with its line, key and value" {
  cat >ten.conf <<'CONF'
orders = none*.csv
output = data/orders.csv/out
wrokers = 3
workers = 0
dates = 2024-09-30..2024-09-01
hours = 9-25, 16-10
chunk_size = 12Q
scenarios = unlimited, limted_50
tz = Mars/Olympus
expression = side == 1 &&
retries = 2
retries = 3
time_limit = 5 minutes
just words
preset = desktop
CONF
  mistakes ten.conf
  [ "$status" -eq 2 ]
  same "$output" "$(sed 's/^/sw-conf: /' <<'SAID'
ten.conf:1: orders: No such file or directory: 'none*.csv'
ten.conf:2: output: Not a directory: 'data/orders.csv/out'
ten.conf:3: wrokers: unknown key; is 'workers' meant?
ten.conf:4: workers: not auto or a whole number from 1 to 4096: '0'
ten.conf:5: dates: ends before it starts: '2024-09-30..2024-09-01'
ten.conf:6: hours: not an hour (0 to 23) or hours such as 10-16: '9-25'
ten.conf:6: hours: ends before it starts: '16-10' (over midnight: '16-23,0-10')
ten.conf:7: chunk_size: not auto or a size such as 64M: '12Q'
ten.conf:8: scenarios: not one of unlimited,limited_50,price_impact,A,B,C: 'limted_50'; is 'limited_50' meant?
ten.conf:9: tz: no such time zone: 'Mars/Olympus' (an offset such as +10:00, or a name such as Australia/Sydney from the system's tzdata)
ten.conf:10: expression: character 13: it ends where a value is due: 'side == 1 &&'
ten.conf:12: retries: given twice, first in line 11
ten.conf:13: time_limit: not none or a time such as 90s, 30m, 2h or 1d: '5 minutes'
ten.conf:14: not KEY = value: 'just words'
ten.conf:15: preset: not one of auto,laptop,workstation,server: 'desktop'
ten.conf: 15 mistakes
SAID
)"
}

@test "only what the system lacks is 3, what was said is 2, a file of other data 2 too" {
  expect_status 3 sw-conf check orders=nowhere.csv output=out
  same "$output" "$(printf 'sw-conf: %s\n' "command line: orders: No such file or directory: 'nowhere.csv'" '1 mistake')"
  expect_status 3 sw-conf check orders=data output=out
  expect_status 3 sw-conf check orders='data/*.swr' output=out
  expect_status 3 sw-conf check orders=@nowhere output=out
  expect_status 3 sw-conf check orders=data/orders.csv output=out hosts=@nowhere
  expect_status 3 sw-conf check -C nowhere.conf
  expect_status 2 sw-conf check orders=nowhere.csv output=out workers=0
  expect_status 2 sw-conf check orders=data/trades.csv output=out
  [[ $output == *"orders: holds trades, not orders: 'data/trades.csv'"* ]]
  : >empty.csv
  expect_status 1 sw-conf check orders=empty.csv output=out
  cut -d, -f 1-11 data/orders.csv >fewer.csv
  expect_status 1 sw-conf check orders=data/orders.csv,fewer.csv output=out
  [[ $output == *"other columns than in the first file: 'fewer.csv'"* ]]
  awk -F, -v OFS=, '{ last = $12; $12 = $1; $1 = last; print }' data/orders.csv >turned.csv
  expect_status 0 sw-conf check orders=data/orders.csv,turned.csv output=out
}

@test "what has to be given" {
  expect_status 2 sw-conf check
  same "$output" "$(printf 'sw-conf: %s\n' 'orders: not given; a file, a glob or @LIST' \
    'output: not given; a folder that can be written' '2 mistakes')"
  expect_status 2 sw-conf check steps=analyse orders=data/orders.csv output=out trades=data/trades.csv
  [[ $output == *'nbbo: not given, and to analyse needs it'* ]]
  right steps=analyse trades=data/trades.csv nbbo='data/nb*.csv'
}

@test "values of every kind, right and wrong" {
  right securities=110621,85603 dates=2024-09-05,2024-09-01.. hours=9,10-16 times=10:00-16:12 quantities=..500
  right tz=Australia/Sydney sizes=10,20 columns=order_id,fill_ratio keys=price:desc,hour measures='n=count(), w=wmean(price,quantity)'
  right group=security_code,hour steps=report,extract,convert level=9 hosts='8/alpha, user@beta, :' time_limit=1d
  wrong "unknown key; is 'securities' meant?" securitys=1
  wrong "'all' stands alone" securities=110621,all
  wrong "not a date" dates=2024-02-30
  wrong 'ends before it starts' times=16:00-10:00
  wrong 'ends before it starts' quantities=5..4.5
  wrong "'abc'" securities=110621,abc
  wrong 'no such column' columns=order_id,nothing
  wrong "; is 'security_code' meant?" columns=securty_code
  wrong "; is 'fill_ratio' meant?" group=fillratio
  wrong "; is 'price' meant?" keys=prcie:desc
  wrong 'no such column' group=nothing
  wrong 'no such column' keys=nothing:desc
  wrong 'neither :asc nor :desc' keys=price:down
  wrong 'no such column' 'measures=q=sum(nothing)'
  wrong '' 'measures=q=mode(price)'
  wrong 'not one of' amended=maybe
  wrong 'HOST' hosts='two words'
  wrong 'HOST' hosts=0/alpha
  wrong "'-5'" impact=-5
  wrong '' sizes=20,10
  wrong 'twice' steps=report,report
  wrong 'from 0 to 9' level=10
  wrong '1M or more' memory=1K
  wrong 'no value' workers=
  wrong '' schema=nothing
  wrong 'an empty value in a list' securities=1,,2
  wrong 'the closing quote is missing' 'expression="side == 1'
  wrong 'text behind the closing quote' 'ledger="a" b'
}

@test "an expression is held against the columns that it will see" {
  right 'expression=exchangeordertype in centre_point && orderstatus == 1'
  wrong "'group'" 'expression=group == "FULLY_FILLED"'
  analysis=(steps=analyse trades=data/trades.csv nbbo=data/nbbo.csv)
  right 'expression=group == "FULLY_FILLED"' "${analysis[@]}"
  wrong "'orderstatus'" 'expression=orderstatus == 1' "${analysis[@]}"
  wrong 'character 6' 'expression=side == "buy"'
  cut -d, -f 1-5 data/orders.csv >narrow.csv
  expect_status 2 sw-conf check orders=narrow.csv output=out 'expression=quantity > 1'
  sw-chunk data/orders.csv >orders.swr
  gzip -c data/orders.csv >orders.csv.gz
  expect_status 0 sw-conf check orders='orders.*' output=out
}

@test "an input is no output" {
  wrong 'is an input' bad_rows=data/orders.csv
  wrong 'is an input' ledger=data/orders.csv
  printf 'orders = data/orders.csv\noutput = out\nmetrics = itself.conf\n' >itself.conf
  expect_status 2 sw-conf check -C itself.conf
  [[ $output == *'itself.conf:3: metrics: '*'is an input'* ]]
  wrong 'bad_rows go there' ledger=rows bad_rows=rows
  mkdir -p out/run
  cp data/orders.csv out/run/orders.csv
  expect_status 2 sw-conf check orders=out/run/orders.csv output=out
  [[ $output == *'an input lies where results go'* ]]
}

@test "default, preset, file, command line: the last one wins and is named" {
  printf '%s\n' '# a comment' '' 'preset = laptop   # here' 'chunk_size=128M' 'retries =  3' >some.conf
  run sw-conf show -C some.conf retries=4 workers=3
  same "$(grep -E '^(preset|workers|chunk_size|memory|retries|mode) ' <<<"$output" | tr -s ' ')" \
'preset = laptop # some.conf:3
mode = parallel # default
workers = 3 # command line
chunk_size = 128M # some.conf:4
memory = 256M # preset laptop
retries = 4 # command line'
  same "$(for preset in laptop workstation server auto; do
    echo "$(value workers preset=$preset) $(value memory preset=$preset)"
  done)" $'2 256M\n7 400M\n30 2000M\nauto auto'
}

@test "auto says what it comes to here" {
  eval "$(sw-hwinfo -f sh)"
  run sw-conf show
  [[ $output == *"workers = auto "*"# preset auto; here $SW_WORKERS"$'\n'* ]]
  [[ $output == *"chunk_size = auto "*"# preset auto; here at most $((SW_CHUNK_BYTES >> 20))M"$'\n'* ]]
}

without_origins() { sed -E 's/ +# (default|command line|(preset|one).*)$//' "$1"; }

# Every value that is hard to write down.
# shellcheck disable=SC1003,SC2054
awkward=('orders="a,b.csv", "c #d.csv", e\f.csv, " g "' 'expression="\"x\" == \"#\\\\\" "'
  "output=it's \$HOME \`here\` 50% #not a comment" 'measures=n=count(), w=wmean(price,quantity)' 'group="a(b",c' 'bad_rows=end\'
  'ledger=\# \\#x' hosts=8/alpha,: keep_intermediate=yes workers=3 securities=@list,1)

@test "text and JSON read back to the same configuration" {
  for format in text json; do
    sw-conf show -f "$format" "${awkward[@]}" >"one.$format"
    sw-conf show -f "$format" -C "one.$format" >"two.$format"
    same "$(without_origins "two.$format")" "$(without_origins "one.$format")"
    sw-conf show -f json -C "one.$format" >again.json
    cmp again.json <(sw-conf show -f json "${awkward[@]}")
  done
  python3 - one.json <<'PYTHON'
import json, sys
value = json.load(open(sys.argv[1]))
assert value["orders"] == ["a,b.csv", "c #d.csv", "e\\f.csv", " g "], value["orders"]
assert value["expression"] == '"x" == "#\\\\" ', value["expression"]
assert value["output"] == "it's $HOME `here` 50%", value["output"]
assert value["measures"] == ["n=count()", "w=wmean(price,quantity)"]
assert value["group"] == ["a(b", "c"]
assert value["keep_intermediate"] is True and value["workers"] == 3 and value["level"] is None
PYTHON
}

@test "bytes that are no UTF-8 come back from JSON as they were" {
  printf 'output = caf\xe9\xff \xf0\x9f\x98\x80 \xc3\xa9\t!\n' >bytes.conf
  sw-conf show -f json -C bytes.conf >bytes.json
  same "$(sw-conf show --arguments report -C bytes.json)" "$(sw-conf show --arguments report -C bytes.conf)"
  printf '{"output": "\\u00e9\\ud83d\\ude00\\t"}' >escaped.json
  same "$(sw-conf show --arguments report --null -C escaped.json | tr '\0' '\n')" $'--output\né😀\t/report'
}

@test "what a shell and make read is what was said" {
  sw-conf show -f sh "${awkward[@]}" >conf.sh
  sw-conf show -f make "${awkward[@]}" >conf.mk
  # shellcheck disable=SC2016
  printf 'include conf.mk\nall:\n\t@printf "%%s\\n" "$$OUTPUT" "$$BAD" "$$LEDGER" "$$MEASURES"\n%s\n' \
    'export OUTPUT = $(SW_CONF_OUTPUT)' 'export BAD = $(SW_CONF_BAD_ROWS)' 'export LEDGER = $(SW_CONF_LEDGER)' \
    'export MEASURES = $(SW_CONF_MEASURES)' >Makefile
  # shellcheck disable=SC2016,SC1003
  by_sh=$(sh -c '. ./conf.sh; printf "%s\n" "$SW_CONF_OUTPUT" "$SW_CONF_BAD_ROWS" "$SW_CONF_LEDGER" "$SW_CONF_MEASURES"')
  # shellcheck disable=SC1003
  same "$by_sh" "$(printf '%s\n' "it's \$HOME \`here\` 50%" 'end\' '\# \\#x' 'n=count(),w=wmean(price,quantity)')"
  same "$(make -s --no-print-directory)" "$by_sh"
  # shellcheck disable=SC2016
  same "$(sh -c '. ./conf.sh; eval "set -- $SW_CONF_ORDERS"; printf "<%s>" "$@"')" '<a,b.csv><c #d.csv><e\f.csv>< g >'
}

@test "JSON: what is wrong has its line, and ends the reading" {
  check_json() {
    printf '%b' "$1" >wrong.json
    mistakes wrong.json
    [ "$status" -eq 2 ]
    [[ ${said[0]} == "wrong.json:$2: "*"$3"* ]] || { echo "$1: $output" >&2; return 1; }
  }
  check_json '{\n"workers": 0}' 2 'workers: not auto'
  check_json '{"wrokers": 1}' 1 "is 'workers' meant"
  check_json '{"output": "a",\n"output": "b"}' 2 'given twice, first in line 1'
  check_json '{"output": ["a"]}' 1 'takes one value'
  check_json '{"output": {"a": 1}}' 1 'output.a: unknown'
  check_json '{\n\n"output": "a' 3 'not JSON: a text without its end'
  check_json '{"output": "a"' 1 'not JSON'
  check_json '{"output": "a"} x' 1 'text behind'
  check_json '{"output": tru}' 1 'not JSON'
  check_json '{"output": "a\\nb"}' 1 'several lines'
  check_json '{"output": "\\u0000"}' 1 'NUL'
  check_json '{"output": "\\ud800x"}' 1 'surrogate'
  check_json '{"orders": "x",}' 1 'a key in quotes'
}

@test "files of any shape crash nothing" {
  # shellcheck disable=SC1003
  for text in '' '=' '= x' '#' '"' '{' '{}' '{"' '{"a' '[]' 'orders' 'orders=' 'orders=,' 'orders="' 'orders="\\' \
    '\xef\xbb\xbf' '\xef\xbb\xbf# x' '\0' 'output = \0x' 'orders = a\0b' '\r\n\r\n' 'workers = 2\r\n' '{"orders":[' '{"orders":[]}' \
    '{"orders":["\\u' '{"orders":[1,2,null,true]}' 'measures = ))((' 'group = ((((' '\x7f\x01 = \x02'; do
    # shellcheck disable=SC2059
    printf "$text" >odd.conf
    run sw-conf check -C odd.conf
    [ "$status" -eq 2 ]
    run sw-conf show -C odd.conf
    [ "$status" -le 2 ]
  done
  head -c 300000 /dev/urandom >odd.conf
  run sw-conf check -C odd.conf
  [ "$status" -eq 2 ]
  sw-conf show -C <(printf '\xef\xbb\xbfworkers = 2\r\n') | grep -q '^workers = 2 '
}

# bats test_tags=plain
@test "a pipeline that is told by a configuration makes what it makes of its options" {
  cat >run.conf <<'CONF'
orders = data/ord*.csv
output = by-conf
hours = 10-12
expression = side == 1 && price > 0
workers = 1
CONF
  eval "report $(sw-conf show --arguments report -C run.conf)"
  report -H 10-12 -e 'side == 1 && price > 0' -j 1 -o by-hand data/orders.csv
  diff -r by-conf/report/aggregated by-hand/aggregated
  mapfile -d '' -t words < <(sw-conf show --arguments extract --null -C run.conf columns=order_id,hour format=csv.gz)
  mkdir -p by-conf
  extract "${words[@]}"
  gzip -dc by-conf/orders.csv.gz | cmp - <(extract -H 10-12 -e 'side == 1 && price > 0' -c order_id,hour -j 1 -o - data/orders.csv)
}

@test "arguments: only what was said, files expanded, sequential is one worker, exceptions left out" {
  touch -- 'a 1.csv' 'a 2.csv' -b.csv
  silent sw-conf show --arguments report
  same "$(sw-conf show --arguments report orders='a*.csv,-b.csv' output=o mode=sequential exact=yes verify_inputs=yes)" \
    "--exact --verify-inputs --workers 1 --output o/report 'a 1.csv' 'a 2.csv' ./-b.csv"
  printf '%s\n' 'a 2.csv' '' missing.csv >list
  conf=(orders=@list trades='a*' scenarios=A amended=include output=o preset=server dates=2024-09-05 temporary_directory=t tz=Z)
  same "$(sw-conf show --arguments analyse "${conf[@]}")" "--trades 'a 1.csv' --trades 'a 2.csv' --dates 2024-09-05 --tz Z \
--scenarios A --amended include --temporary-directory t --workers 30 --memory 2000M --output o 'a 2.csv' missing.csv"
  same "$(sw-conf show --arguments analyse --except=-d,--tz,S,trades,temporary-directory,orders "${conf[@]}")" \
    '--scenarios A --amended include --workers 30 --output o'
  same "$(sw-conf show --arguments convert keys=price:desc level=3 columns=price output=o ledger=l)" \
    '--columns price --keys price:desc --level 3 --ledger l --output o/orders.swr'
  expect_status 2 sw-conf show --arguments nothing
  expect_status 2 sw-conf show --arguments report --except colour
}

@test "arguments: what happens to jobs, and files that several steps would write" {
  for pipeline in report analyse extract convert; do
    silent sw-conf show --arguments "$pipeline" --except=workers,memory on_failure=auto retries=0 time_limit=none \
      log_level=info keep_intermediate=auto
    same "$(sw-conf show --arguments "$pipeline" --except=workers,memory on_failure=soon retries=3 time_limit=90m \
      log_level=debug keep_intermediate=no)" \
      '--time-limit 90m --on-failure soon --retries 3 --log-level debug --keep-intermediate no'
  done
  same "$(sw-conf show --arguments extract bad_rows=a.d/rows.gz ledger=l steps=extract)" '--bad-rows a.d/rows.gz --ledger l'
  same "$(sw-conf show --arguments extract bad_rows=a.d/rows.gz ledger=l steps=extract,convert)" \
    '--bad-rows a.d/extract.rows.gz --ledger extract.l'
  same "$(value keep_intermediate) $(value keep_intermediate keep_intermediate=no)" 'auto False'
  right on_failure=now keep_intermediate=yes log_level=error
  wrong 'not one of auto,now,soon,never' on_failure=later
  wrong 'not one of yes,no,auto' keep_intermediate=maybe
  wrong 'not one of error,warning,info,debug' log_level=loud
}

@test "arguments: what is watched" {
  for pipeline in report analyse extract convert; do
    silent sw-conf show --arguments "$pipeline" --except=workers,memory memory_limit=85 steps=report
    same "$(sw-conf show --arguments "$pipeline" --except=workers,memory metrics=a/m.json memory_limit=none on_event='echo x' \
      steps=report)" "--metrics a/m.json --memory-limit none --on-event 'echo x'"
  done
  same "$(sw-conf show --arguments extract metrics=a/m.json steps=extract,convert --except workers)" '--metrics a/extract.m.json'
  silent sw-conf show --arguments extract --except=metrics,on-event,memory-limit,workers metrics=m memory_limit=1 on_event=e
  same "$(value memory_limit) $(value on_event on_event=x) $(value metrics metrics=m)" '85 x m'
  right memory_limit=100 on_event='exit 3' metrics=m.json
  for limit in 0 101 01 many; do wrong 'not none or a whole number from 1 to 100' memory_limit="$limit"; done
  expect_status 3 sw-conf check orders=data/orders.csv output=out metrics=nowhere/m.json
  [[ $output == *"command line: metrics: No such file or directory: 'nowhere/m.json'"* ]]
  wrong 'the ledger goes there' metrics=same.csv ledger=same.csv
  wrong 'bad_rows go there' metrics=same.csv bad_rows=same.csv
}

@test "jobs: what the files hold, by another route" {
  python3 - data/orders.csv >wanted <<'PYTHON'
import collections, csv, datetime, sys
days = collections.Counter()
for row in csv.DictReader(open(sys.argv[1])):
    if row["side"] == "1":
        day = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=int(row["timestamp"]) // 10**9 + 36000)
        days[int(row["security_code"]), day.date()] += 1
for (code, day), count in sorted(days.items()):
    print(code, day, count, sep=",")
PYTHON
  sw-conf jobs orders=data/orders.csv expression='side == 1' >got
  same "$(head -n 1 got)" 'security_code,date,events'
  cmp <(tail -n +2 got) wanted
  [ "$(wc -l <got)" -gt 10 ]
  sw-chunk data/orders.csv >orders.swr
  gzip -c data/orders.csv >orders.csv.gz
  for file in orders.swr orders.csv.gz; do
    cmp got <(sw-conf jobs orders="$file" expression='side == 1')
  done
  sw-conf jobs orders=orders.swr,data/orders.csv expression='side == 1' |
    awk -F, -v OFS=, 'NR > 1 { $3 /= 2 } { print }' | cmp - got
}

# bats test_tags=plain
@test "jobs: the same matrix as the analysis, and its formats agree" {
  analysis=(--trades data/trades.csv --nbbo data/nbbo.csv -j 1)
  analyse "${analysis[@]}" -o out data/orders.csv
  sw-conf jobs orders=data/orders.csv steps=analyse hours=10 >got.csv
  cmp got.csv out/run/matrix.csv
  sw-conf jobs -f json orders=data/orders.csv | python3 -c '
import json, sys
print("security_code,date,events")
for job in json.load(sys.stdin):
    print(job["security_code"], job["date"], job["events"], sep=",")' | cmp - got.csv
  pairs=$(tail -n +2 got.csv | awk -F, '{ printf "%s%s/%s", (NR > 1 ? " " : ""), $1, $2 }')
  eval "$(sw-conf jobs -f sh orders=data/orders.csv)"
  # shellcheck disable=SC2153
  same "$SW_CONF_JOBS" "$pairs"
  same "$(sw-conf jobs -f make orders=data/orders.csv)" "SW_CONF_JOBS = $pairs"
}

@test "jobs: from the configuration alone" {
  printf '85603\n2, 110621\n' >list
  same "$(sw-conf jobs securities=@list,85603 dates=2024-02-28..2024-03-01,2024-02-29)" 'security_code,date,events
2,2024-02-28,
2,2024-02-29,
2,2024-03-01,
85603,2024-02-28,
85603,2024-02-29,
85603,2024-03-01,
110621,2024-02-28,
110621,2024-02-29,
110621,2024-03-01,'
  same "$(sw-conf jobs --listed orders=data/orders.csv securities=9 dates=2024-09-05 -f json)" \
    $'[\n  {"security_code": "9", "date": "2024-09-05"}\n]'
  expect_status 2 sw-conf jobs securities=1
  [[ $output == *'dates: all of them'* ]]
  expect_status 2 sw-conf jobs securities=1 dates=2024-09-01..
  expect_status 3 sw-conf jobs securities=@nowhere dates=2024-09-01
}

@test "jobs: bad rows end it with their place, or are put aside" {
  sed '5s/^\([^,]*\),[^,]*/\1,x/' data/orders.csv >bad.csv
  expect_status 1 sw-conf jobs orders=bad.csv
  [[ $output == 'sw-conf: bad.csv:5: timestamp: '* ]]
  sw-conf jobs orders=bad.csv bad_rows=aside >got
  same "$(awk -F, '{ n += $3 } END { print n }' got)" "$(($(wc -l <data/orders.csv) - 2))"
  [ ! -e aside ]
}

@test "real files: the job matrix and their headers" {
  skip_without real
  orders=$(find "$REAL" -name '*orders*.csv' | head -n 1)
  [ -n "$orders" ] || skip 'no real orders'
  sw-conf jobs orders="$orders" >got
  same "$(awk -F, '{ n += $3 } END { print n }' got)" "$(sw-chunk "$orders" | sw-filter --count)"
}

@test "every example configuration passes its check" {
  count=0
  for file in "$TREE"/examples/sweep.conf "$TREE"/examples/configurations/*; do
    expect_status 0 sw-conf check -C "$file"
    [ -z "$output" ]
    count=$((count + 1))
  done
  [ "$count" -ge 5 ]
}

@test "usage" {
  expect_status 2 sw-conf
  expect_status 2 sw-conf chekc
  expect_status 2 sw-conf show -f xml
  expect_status 2 sw-conf check --arguments report
  expect_status 2 sw-conf show -f sh --arguments report
  expect_status 2 sw-conf show --null
  expect_status 2 sw-conf show --listed
  expect_status 2 sw-conf show workers
  expect_status 2 sw-conf show workers=1 workers=2
  [[ $output == *'command line: workers: given twice'* ]]
  printf 'workers = 2\n' >some.conf
  expect_status 2 sw-conf show -C some.conf -o some.conf
  sw-conf show -C some.conf -f sh -o here
  cmp here <(sw-conf show -C - -f sh <some.conf)
}

@test "take: a command line and a file take the same values" {
  touch t n
  while read -r pipeline key values; do
    needed=()
    [ "$pipeline" != analyse ] || needed=(--trades t --nbbo n)
    for value in $values; do
      by_file=0 by_words=0
      sw-conf check orders=data/orders.csv output=out "$key=$value" 2>/dev/null || by_file=$?
      sw-conf take "$pipeline" -- "--${key//_/-}=$value" "${needed[@]}" -o out data/orders.csv >/dev/null 2>said || by_words=$?
      [ "$by_file,$by_words" = 0,0 ] || [ "$by_file,$by_words" = 2,2 ] || { echo "$key=$value: $by_file, $by_words" >&2; return 1; }
      [ "$by_words" = 0 ] || [[ $(cat said) == "$pipeline: --${key//_/-}: not "*": '"* ]]
    done
  done <<'VALUES'
report workers 0 1 01 +1 4096 4097 1e3 auto
report hosts anna a+b 2/anna 0/anna 02/anna -o : 8/: anna,:,berta a,,b a@b.c [::1] a/b
report retries 0 00 7 07 100 101 -1
report time_limit 90s 090s 0s 5 none 2h 1w 1000000d 1000001d
report memory_limit 1 0 100 101 none 08
report chunk_size 64M 0 64 64MiB 12Q none auto 0x10
report on_failure now soon never auto later
report keep_intermediate yes no auto maybe
report log_level error debug loud
report per order event row
convert level 0 9 10 01
analyse memory 1M 1K 256M auto
analyse amended include exclude maybe
analyse unequal include exclude maybe
analyse trades_in market 1 1,20 a.b a;b
analyse scenarios A unlimited,B all
VALUES
}

@test "take: settings are data, in the order given, and a file's words stand in front of those given" {
  touch t n ./-y
  settings() { sw-conf take "$@" | tr '\0\n' '\n|' | paste -s -d ' '; }
  [[ $(settings report -- -s 1 -H 10-16 -s 2 -o -x --time-limit 2h --hosts a,b --hosts : -j auto -- -y) == *\
' selectors 6 --securities 1 --hours 10-16 --securities 2 selectors_text - securities=1 hours=10-16 securities=2 '*\
' workers -  hosts - a,b,: '*' time_limit - 7200 '*' output - ./-x configuration - '*' target_names 1 ./-x target_kinds 1 file '*' tables 1 rows table_counts 1 1 inputs 1 -y' ]]
  printf 'orders = data/orders.csv\noutput = o\nhours = 10-16\nretries = 3\nquote_age = 5m\nunequal = include\ntrades_in = 1, 20\n' >run.conf
  [[ $(settings report -- -C run.conf -H 9 -e $'1 <\n2') == *' selectors 4 --hours 9 --expression 1 <|2 '*' retries - 3 '*' output - o/report '*' inputs 1 data/orders.csv' ]]
  [[ $(settings analyse -- -C run.conf --trades t --nbbo n --impact 1 --quote-age 1h) == 'trade_words 1 t quote_words 1 n scenario_options 6 '*\
'--unequal include --impact 1 --quote-age 1h trades_in 2 --trades-in 1,20 '* ]]
  for words in '' '-o out' 'orders.csv' '--colour -o out orders.csv' '-o out --tz= orders.csv' '-o' '--exact=1 -o out orders.csv'; do
    # shellcheck disable=SC2086 # words
    expect_status 2 sw-conf take report -- $words
    [[ $output == 'report: '* ]]
  done
  expect_status 2 sw-conf take report -- --orderz -o out orders.csv
  expect_status 2 sw-conf take reprot -- -o out orders.csv
  expect_status 2 sw-conf take analyse -- -o out --nbbo n orders.csv
  same "$output" 'analyse: no trades; give --trades'
  expect_status 2 sw-conf take extract -- --colums order_id -o out orders.csv
  same "$output" "extract: --colums: no such option, or of several; is '--columns' meant?"
}

@test "take: separated fields are those that end in NULs" {
  words=(-s 1 -H 10-16 -e $'1 <\n2 \x02\x03\x04' -j 3 -o $'odd\x05 * name' --bad-rows bad data/orders.csv)
  for pipeline in report extract convert; do
    sw-conf take "$pipeline" -- "${words[@]}" >fields
    sw-conf take "$pipeline" --separated -- "${words[@]}" >separated
    python3 - <<'PYTHON'
def read(fields):
    values, i = {}, 0
    while i < len(fields):
        name, count = fields[i], fields[i + 1]
        many = 1 if count == b'-' else int(count)
        values[name] = fields[i + 2:i + 2 + many] if count != b'-' else fields[i + 2]
        i += 2 + many
    return values
plain = read(open('fields', 'rb').read().split(b'\0')[:-1])
text = open('separated', 'rb').read()
fields = text[1:].split(text[:1])
assert fields.pop() == b'' and b'\0' not in text and text[:1] not in b'\2\3\4\5 \t\n'
ones = int(fields[0])
values = dict(field.split(b'=', 1) for field in fields[1:1 + ones])
nones = int(fields[1 + ones])
for field in fields[2 + ones:2 + ones + nones]:
    assert field.endswith(b'=()')
    values[field[:-3]] = []
more = read(fields[2 + ones + nones:])
assert not values.keys() & more.keys()
assert {**values, **more} == plain and [b'--hours', b'10-16'] == plain[b'selectors'][2:4]
PYTHON
  done
  answer=$(sw-conf take report --separated -- --version)
  [[ $answer == *answer=report* ]]
}

@test "take: no help is wider than 100, and pages have the options" {
  for pipeline in report analyse match extract convert sweep; do
    [ "$(sw-conf take "$pipeline" -- --help | tr '\0' '\n' | LC_ALL=C.UTF-8 wc -L)" -le 100 ]
    sw-conf take "$pipeline" -- --help=mdoc | tr '\0' '\n' | grep -q '^\.It Fl'
  done
  expect_status 2 sw-conf take report -- --help=html
}

@test "the sections of an earlier system are keys of ours, each its own" {
  cat >sections.json <<'JSON'
{
  "orders": "data/orders.csv", "trades": "data/trades.csv", "nbbo": "data/nbbo.csv", "steps": ["report", "analyse"],
  "processing": {"mode": "parallel", "max_workers": 3, "chunk_size_mb": 64, "temp_dir": null},
  "data_selection": {
    "security_codes": [110621, "118540"],
    "date_range": {"start": "2024-09-02", "end": "2024-09-04", "all_dates": false},
    "participant_ids": [], "trading_hours": {"start": 10, "end": 15}
  },
  "simulation": {"dark_pool_scenarios": ["A", "price_impact"], "price_impact_percent": 0.05},
  "output": {"format": "parquet", "aggregate_by": ["security_code", "hour"], "detailed_logs": true}
}
JSON
  cat >same.conf <<'CONF'
orders = data/orders.csv
trades = data/trades.csv
nbbo = data/nbbo.csv
steps = report, analyse
workers = 3
chunk_size = 64M
securities = 110621, 118540
dates = 2024-09-02..2024-09-04
hours = 10-15
scenarios = A, price_impact
impact = 0.05%
orders_format = parquet
group = security_code, hour
log_level = debug
CONF
  sw-conf check -C sections.json output=out
  same "$(sw-conf show -f json -C sections.json output=out)" "$(sw-conf show -f json -C same.conf output=out)"
  same "$(sw-conf show --arguments analyse -C sections.json output=out)" "$(sw-conf show --arguments analyse -C same.conf output=out)"
  same "$(value orders_format -C <(printf '{"output": {"format": "gzip"}}'))" csv.gz
  same "$(value times -C <(printf '{"data_selection": {"trading_hours": {"start": "10:00", "end": "16:12"}}}'))" 10:00-16:12
  same "$(value dates -C <(printf '{"data_selection": {"date_range": {"start": "2024-09-02", "end": null, "all_dates": true}}}'))" all
  # what is wrong is named, with its line
  printf '{"orders": "data/orders.csv",\n"processing": {"threads": 4},\n"simulation": {"price_impact_percent": "much"},\n"data_selection": {"date_range": {"start": "2024-09-02"}}}' >wrong.json
  mistakes wrong.json
  [[ ${said[*]} == *'wrong.json:2: processing.threads: unknown'* && ${said[*]} == *'wrong.json:3: impact: '* ]]
  [[ ${said[*]} == *'wrong.json:4: date_range: no end'* ]]
  printf '{"processing": {"mode": "parallel"' >open.json
  mistakes open.json
  [[ ${said[*]} == *"not JSON: a ',' or '}' is missing"* ]]
  printf '{"elsewhere": {"mode": "parallel"}}' >no.json
  mistakes no.json
  [[ ${said[*]} == *'elsewhere: no section: there are processing, data_selection, simulation and output'* ]]
}

@test "analysis: its formats, groups and tables are keys, and wrong ones are told before a row is read" {
  printf '%s\n' 'orders = orders.csv' 'trades = trades.csv' 'nbbo = nbbo.csv' 'output = out' 'steps = analyse' >run.conf
  sw-gen --rows 200 --securities 2 -o .
  same "$(sw-conf show -C run.conf --arguments analyse orders_format=csv.gz no_orders=no costs=yes tables=no)" "$(sw-conf show -C run.conf --arguments analyse)"
  [[ $(sw-conf show -C run.conf --arguments analyse orders_format=swr orders_group='side, hour' no_orders=yes costs=no tables=yes) == \
    *' --no-costs --format swr --no-orders --tables --group side,hour '* ]]
  for word in costs no-costs --no-costs; do
    [[ $(sw-conf show -C run.conf --arguments analyse --except "$word" costs=no) != *costs* ]]
  done
  # Of a report's own format and columns they say nothing.
  [[ $(sw-conf show -C run.conf --arguments report orders_format=swr orders_group=side report_format=tsv) != *swr* ]]
  expect_status 2 sw-conf check -C run.conf orders_group='side, hours'
  [[ $output == *orders_group*hours* ]]
  expect_status 2 sw-conf check -C run.conf orders_group='side, side'
  for wrong in orders_format=xlsx no_orders=maybe costs=maybe tables=maybe; do
    expect_status 2 sw-conf check -C run.conf "$wrong"
    [[ $output == *"${wrong%=*}"* ]]
  done
  expect_status 2 sw-conf check -C run.conf tables=yes orders_format=none
  [[ $output == *'tables'*'orders_format = none'* ]]
  printf 'tables = yes\norders_format = csv\norders_group = side\nno_orders = yes\n' >>run.conf
  expect_status 0 sw-conf check -C run.conf
  analyse -C run.conf 2>/dev/null
  [ "$(find out/by_security -name classified.csv | wc -l)" -gt 0 ]
  [ -z "$(find out/by_security -name 'orders.*')" ]
  same "$(sed -n '1s/,.*//p' out/aggregated/groups.csv)" side
  # The command line holds instead.
  analyse -C run.conf -f csv.gz -o other 2>/dev/null
  [ "$(find other/by_security -name classified.csv.gz | wc -l)" -gt 0 ]
}
