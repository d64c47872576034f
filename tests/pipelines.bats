#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# pipelines/report and pipelines/extract: any split gives the same bytes, nothing is lost, failures leave nothing behind.
# bats file_tags=plain

load helper

setup_file() {
  export DATA="$BATS_FILE_TMPDIR"
  sw-gen --rows 60000 --securities 20 --participants 12 --days 3 --seed 5 --stdout orders >"$DATA/orders.csv"
  report -j 1 -b 1G -o "$DATA/whole" "$DATA/orders.csv"
}

same_tree() {
  diff -r "$1/aggregated" "$2/aggregated"
}

@test "pipelines: --help, --version, and wrong usage is 2" {
  for pipeline in report extract convert; do
    "$pipeline" --help | grep -q "^usage: $pipeline"
    [[ $("$pipeline" --version) == "$pipeline "[0-9]* ]]
    expect_status 2 "$pipeline" --no-such-option
    expect_status 2 "$pipeline" -o "$BATS_TEST_TMPDIR/out"
    expect_status 2 "$pipeline" "$DATA/orders.csv"
    expect_status 2 "$pipeline" -j 0 -o "$BATS_TEST_TMPDIR/out" "$DATA/orders.csv"
    expect_status 2 "$pipeline" -b none -o "$BATS_TEST_TMPDIR/out" "$DATA/orders.csv"
    expect_status 2 "$pipeline" -e 'nothing == 1' -o "$BATS_TEST_TMPDIR/out" "$DATA/orders.csv"
    expect_status 2 "$pipeline" -H 10-25 -o "$BATS_TEST_TMPDIR/out" "$DATA/orders.csv"
    expect_status 2 "$pipeline" --tz Nowhere/Land -H 10 -o "$BATS_TEST_TMPDIR/out" "$DATA/orders.csv"
    expect_status 3 "$pipeline" -o "$BATS_TEST_TMPDIR/out" /no/such/file
  done
  expect_status 2 extract -o "$DATA/orders.csv" "$DATA/orders.csv"
}

# bats test_tags=check
@test "pipelines: an empty argument is 2, and the option is named" {
  for pipeline in report extract convert analyse; do
    options=$("$pipeline" --help | sed -n 's/^  .*--\([a-z-]*\) [A-Z].*/\1/p')
    [[ " ${options//$'\n'/ } " == *' metrics '*' hosts '*' output '* ]] || [ "$pipeline" != report ]
    for option in $options; do
      expect_status 2 "$pipeline" -o "$BATS_TEST_TMPDIR/out" "--$option" '' "$DATA/orders.csv"
      same "$pipeline: --$option: an empty argument" "$output"
    done
    expect_status 2 "$pipeline" -o "$BATS_TEST_TMPDIR/out" -j '' "$DATA/orders.csv"
    same "$pipeline: -j: an empty argument" "$output"
  done
  [ ! -e "$BATS_TEST_TMPDIR/out" ]
}

@test "pipelines: reports of any number of workers and any chunk size have the same bytes" {
  for runner in shell parallel; do
    for split in '1 256K' '2 1M' '7 256K'; do
      [ "$runner${split%% *}" != parallel1 ] || continue
      SW_RUNNER=$runner report -j "${split% *}" -b "${split#* }" -o "$BATS_TEST_TMPDIR/out" "$DATA/orders.csv"
      same_tree "$DATA/whole" "$BATS_TEST_TMPDIR/out"
      cmp "$DATA/whole/run/ledger.csv" "$BATS_TEST_TMPDIR/out/run/ledger.csv"
    done
  done
}

@test "pipelines: workers and chunk size come from the machine unless given" {
  report -o "$BATS_TEST_TMPDIR/out" "$DATA/orders.csv"
  same_tree "$DATA/whole" "$BATS_TEST_TMPDIR/out"
}

@test "pipelines: gzip, records and several files give the same reports as one CSV" {
  gzip -c "$DATA/orders.csv" >"$BATS_TEST_TMPDIR/orders.csv.gz"
  sw-chunk "$DATA/orders.csv" >"$BATS_TEST_TMPDIR/orders.swr"
  head -n 20000 "$DATA/orders.csv" >"$BATS_TEST_TMPDIR/first half.csv"
  (head -n 1 "$DATA/orders.csv" && tail -n +20001 "$DATA/orders.csv") >"$BATS_TEST_TMPDIR/second.csv"
  cd "$BATS_TEST_TMPDIR"
  report -j 2 -b 1M -o gz orders.csv.gz
  same_tree "$DATA/whole" gz
  report -j 2 -o swr orders.swr
  same_tree "$DATA/whole" swr
  report -j 2 -b 1M -o parts second.csv 'first half.csv'
  same_tree "$DATA/whole" parts
  [ "$(sed -n 2p parts/run/ledger.csv | cut -d , -f -5)" = 'second.csv,40001,40001,0,0' ]
  [ "$(tail -n 1 parts/run/ledger.csv | cut -d , -f -5)" = 'all,60000,60000,0,0' ]
}

@test "pipelines: selected reports agree with the same stages by hand, and the ledger adds up" {
  report --per event -j 2 -b 1M -p 1,3,5 -H 10-15 -e 'side == 1 && quantity > 100' -o "$BATS_TEST_TMPDIR/out" "$DATA/orders.csv"
  sw-chunk "$DATA/orders.csv" | sw-filter -p 1,3,5 -H 10-15 -e 'side == 1 && quantity > 100' |
    sw-agg --reports all -o "$BATS_TEST_TMPDIR/hand"
  for file in "$BATS_TEST_TMPDIR"/hand/*.csv; do cmp "$file" "$BATS_TEST_TMPDIR/out/aggregated/${file##*/}"; done
  kept=$(sw-chunk "$DATA/orders.csv" | sw-filter -p 1,3,5 -H 10-15 -e 'side == 1 && quantity > 100' --count)
  [ "$(tail -n 1 "$BATS_TEST_TMPDIR/out/run/ledger.csv" | cut -d , -f -5)" = "all,60000,$kept,$((60000 - kept)),0" ]
  python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$BATS_TEST_TMPDIR/out/aggregated/aggregation_summary.json"
}

@test "pipelines: nothing selected gives headers only and status 0" {
  report -j 2 -s 1 -o "$BATS_TEST_TMPDIR/out" "$DATA/orders.csv"
  for file in by_security by_date by_participant by_time_of_day by_order_size by_security_date timeseries_hourly timeseries_daily; do
    [ "$(wc -l <"$BATS_TEST_TMPDIR/out/aggregated/$file.csv")" -eq 1 ]
  done
  grep -qx 'orders,0' "$BATS_TEST_TMPDIR/out/aggregated/global_summary.csv"
  grep -qx 'price_mean,' "$BATS_TEST_TMPDIR/out/aggregated/global_summary.csv"
}

@test "pipelines: extract gives the rows that awk gives, in file order, for any split" {
  awk -F, 'NR == 1 || ($5 == 1 && $9 == 3)' "$DATA/orders.csv" | sed 's/\.0,/,/' >"$BATS_TEST_TMPDIR/wanted"
  for split in '1 256K' '3 256K' '3 1G'; do
    extract -j "${split% *}" -b "${split#* }" -p 3 -e 'side == 1' -o "$BATS_TEST_TMPDIR/rows.csv" "$DATA/orders.csv"
    cmp "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/rows.csv"
  done
  extract -j 2 -b 1M -p 3 -e 'side == 1' -o - "$DATA/orders.csv" | cmp - "$BATS_TEST_TMPDIR/wanted"
  extract -j 2 -b 256K -p 3 -e 'side == 1' -o "$BATS_TEST_TMPDIR/a.csv.gz" "$DATA/orders.csv"
  extract -j 1 -b 1G -p 3 -e 'side == 1' -o "$BATS_TEST_TMPDIR/b.csv.gz" "$DATA/orders.csv"
  cmp "$BATS_TEST_TMPDIR/a.csv.gz" "$BATS_TEST_TMPDIR/b.csv.gz"
  gzip -dc "$BATS_TEST_TMPDIR/a.csv.gz" | cmp - "$BATS_TEST_TMPDIR/wanted"
}

@test "pipelines: extract -c takes columns, derived ones too, in that order" {
  extract -j 2 -b 1M -c date,hour,order_id -o "$BATS_TEST_TMPDIR/rows.csv" "$DATA/orders.csv"
  [ "$(head -n 1 "$BATS_TEST_TMPDIR/rows.csv")" = date,hour,order_id ]
  cut -d, -f3 "$BATS_TEST_TMPDIR/rows.csv" | cmp - <(cut -d, -f1 "$DATA/orders.csv")
}

@test "pipelines: extract writes a header that is longer than a word of a command line may be" {
  awk -v name="$(printf '%0230d' 0)" 'NR <= 5 { printf "%s", $0; for (i = 1; i <= 700; i++) printf ",%s", NR == 1 ? "n" name i : i; print "" }' \
    "$DATA/orders.csv" >"$BATS_TEST_TMPDIR/wide.csv"
  [ "$(head -n 1 "$BATS_TEST_TMPDIR/wide.csv" | wc -c)" -gt 131072 ]
  extract -o "$BATS_TEST_TMPDIR/out.csv" "$BATS_TEST_TMPDIR/wide.csv"
  cmp <(head -n 1 "$BATS_TEST_TMPDIR/wide.csv") <(head -n 1 "$BATS_TEST_TMPDIR/out.csv")
  same "$(cut -d , -f 13- "$BATS_TEST_TMPDIR/out.csv" | sed 1d)" "$(cut -d , -f 13- "$BATS_TEST_TMPDIR/wide.csv" | sed 1d)"
}

@test "pipelines: columns whose names are longer than a word are refused before anything is made of them" {
  cd "$BATS_TEST_TMPDIR" || return
  awk -v name="$(printf '%0230d' 0)" 'NR <= 5 { printf "%s", $0; for (i = 1; i <= 700; i++) printf ",%s", NR == 1 ? "n" name i : i; print "" }' "$DATA/orders.csv" >wide.csv
  awk -F , -v OFS=, '{ first = $1; $1 = $2; $2 = first; print }' wide.csv >swapped.csv
  sw-gen --rows 50 -o made
  for line in 'extract -o out' 'convert -o out' 'report -e leavesquantity>=0 -o out' 'analyse --trades made/trades.csv --nbbo made/nbbo.csv -o out' \
    'match --trades made/trades.csv --nbbo made/nbbo.csv -o out'; do
    # shellcheck disable=SC2086 # words
    expect_status 3 $line wide.csv swapped.csv
    [[ $output == *'and a command line takes 131071'* && ! -e out ]]
  done
}

@test "pipelines: a bad row fails the run with status 1, names its place, and leaves nothing under a final name" {
  awk 'NR == 40000 { sub(/,[^,]*$/, ",12x") } { print }' "$DATA/orders.csv" >"$BATS_TEST_TMPDIR/bad.csv"
  offset=$(head -n 39999 "$BATS_TEST_TMPDIR/bad.csv" | wc -c)
  expect_status 1 extract -j 2 -b 256K -o "$BATS_TEST_TMPDIR/rows.csv" "$BATS_TEST_TMPDIR/bad.csv"
  [[ $output == *"bad.csv:@$offset: sequence: "*"'12x'"* ]]
  [ ! -e "$BATS_TEST_TMPDIR/rows.csv" ]
  [ -z "$(find "$BATS_TEST_TMPDIR" -name 'rows.csv*')" ]
  awk 'NR == 40000 { sub(/,[0-9]+,/, ",1e9,") } { print }' "$DATA/orders.csv" >"$BATS_TEST_TMPDIR/bad.csv"
  expect_status 1 report -j 2 -b 256K -o "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/bad.csv"
  [[ $output == *"bad.csv:@$offset: timestamp: "* ]]
  [ ! -e "$BATS_TEST_TMPDIR/out/aggregated" ] || [ -z "$(ls "$BATS_TEST_TMPDIR/out/aggregated")" ]
}

@test "pipelines: a failed chunk is told the same by both runners" {
  cd "$BATS_TEST_TMPDIR"
  { head -n 30000 "$DATA/orders.csv"; echo x; tail -n 100 "$DATA/orders.csv"; } >bad.csv
  for runner in shell parallel; do
    SW_RUNNER=$runner expect_status 1 report -j 2 -b 256K -o out bad.csv
    [[ $output == *"report: chunk "*"bad.csv, byte "*") failed:"*"  sw-chunk: bad.csv:@"* ]]
    [ ! -e out/aggregated/by_security.csv ]
  done
}

@test "pipelines: a run that is ended ends its jobs" {
  cd "$BATS_TEST_TMPDIR"
  sw-gen --rows 300000 --stdout orders >long.csv
  for runner in shell parallel; do
    SW_RUNNER=$runner report -j 2 -b 256K -o "$BATS_TEST_TMPDIR/ended-$runner" long.csv &
    run=$!
    while [ ! -e "ended-$runner/run/status/1" ] && kill -0 "$run" 2>/dev/null; do sleep 0.01; done
    kill -TERM "$run"
    status=0
    wait "$run" || status=$?
    [ "$status" -eq 143 ]
    sleep 0.3
    expect_status 1 pgrep -f "ended-$runner"
  done
}

@test "pipelines: --bad-rows collects them in file order, the same for any split, and the ledger counts them" {
  awk 'NR % 9000 == 5 { sub(/,[0-9]+,/, ",x,") } { print }' "$DATA/orders.csv" >"$BATS_TEST_TMPDIR/bad.csv"
  cd "$BATS_TEST_TMPDIR"
  report -j 1 -b 1G --bad-rows one.tsv -o one bad.csv
  report -j 3 -b 256K --bad-rows many.tsv -o many bad.csv
  cmp one.tsv many.tsv
  same_tree one many
  [ "$(wc -l <one.tsv)" -eq 7 ]
  [ "$(tail -n 1 many/run/ledger.csv | cut -d , -f -5)" = all,60000,59993,0,7 ]
}

@test "pipelines: a truncated gzip and a truncated stream fail the run" {
  gzip -c "$DATA/orders.csv" | head -c 100000 >"$BATS_TEST_TMPDIR/cut.csv.gz"
  sw-chunk "$DATA/orders.csv" | head -c 1000000 >"$BATS_TEST_TMPDIR/cut.swr"
  for file in cut.csv.gz cut.swr; do
    expect_status 1 report -j 2 -o "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/$file"
    expect_status 1 extract -j 2 -o "$BATS_TEST_TMPDIR/rows.csv" "$BATS_TEST_TMPDIR/$file"
    [ ! -e "$BATS_TEST_TMPDIR/rows.csv" ]
    [ ! -e "$BATS_TEST_TMPDIR/out/aggregated/by_date.csv" ]
  done
}

@test "pipelines: a full disk is 3" {
  [ -w /dev/full ] || skip 'no /dev/full'
  expect_status 3 extract -j 1 -o /dev/full "$DATA/orders.csv"
}

@test "pipelines: a quoted newline at a chunk's border is refused, and an exact plan is not needed elsewhere" {
  { head -n 1 "$DATA/orders.csv" | sed 's/$/,remark/'
    tail -n +2 "$DATA/orders.csv" | head -n 20000 | sed 's/$/,"two, ""quoted""\nlines"/'; } >"$BATS_TEST_TMPDIR/quoted.csv"
  run report -j 2 -b 100K -o "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/quoted.csv"
  if [ "$status" -eq 0 ]; then
    [ "$(tail -n 1 "$BATS_TEST_TMPDIR/out/run/ledger.csv" | cut -d , -f -5)" = all,20000,20000,0,0 ]
  else
    [ "$status" -eq 1 ]
    [[ $output == *'plan cuts a quoted field: use --exact'* ]]
  fi
  report --exact -j 2 -b 100K -o "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/quoted.csv"
  [ "$(tail -n 1 "$BATS_TEST_TMPDIR/out/run/ledger.csv" | cut -d , -f -5)" = all,20000,20000,0,0 ]
}

@test "pipelines: the real orders' facts" {
  skip_without real
  report --per event -H 10-16 -o "$BATS_TEST_TMPDIR/out" "$REAL/orders.csv"
  summary="$BATS_TEST_TMPDIR/out/aggregated/global_summary.csv"
  for line in events,156 quantity_sum,522414 matched_sum,79610 quantity_std,3461.973435 fill_ratio_mean,0.184440 \
    price_mean,3342.884615 value_sum,1754584490 filled,54 full_fills,26 partial_fills,28; do
    grep -qx "$line" "$summary"
  done
  [ "$(tail -n 1 "$BATS_TEST_TMPDIR/out/run/ledger.csv" | cut -d , -f -5)" = all,173,156,17,0 ]
}

@test "pipelines: several files are one table: columns by name, whatever their order; other columns are refused" {
  cd "$BATS_TEST_TMPDIR" || return
  head -n 300 "$DATA/orders.csv" >a.csv
  awk -F, -v OFS=, '{ for (i = NF; i > 1; i--) printf "%s,", $i; print $1 }' a.csv >b.csv
  extract -o both.csv a.csv b.csv
  (sw-chunk a.csv | sw-cut; sw-chunk a.csv | sw-cut --no-header) | cmp - both.csv
  cut -d, -f1-11 a.csv >c.csv
  expect_status 1 extract -o x.csv a.csv c.csv
  [[ $output == *'c.csv: has other columns than a.csv'* ]]
  [ ! -e x.csv ]
  extract -c order_id,price -o both.csv a.csv c.csv
  [ "$(wc -l <both.csv)" -eq 599 ]
}

@test "pipelines: no output is an input or another output" {
  cd "$BATS_TEST_TMPDIR" || return
  head -n 300 "$DATA/orders.csv" >a.csv
  cp a.csv kept
  echo 110621 >list
  for words in '-o x.csv --ledger a.csv' '-o a.csv' '-o x.csv --bad-rows ./a.csv' '-o list -s @list' '-o same --bad-rows ./same' '-o same --ledger same'; do
    # shellcheck disable=SC2086
    expect_status 2 extract $words a.csv
    cmp a.csv kept
    [ "$(cat list)" = 110621 ]
    [ ! -e same ]
  done
  mkdir -p out/aggregated
  cp a.csv out/aggregated/by_date.csv
  expect_status 2 report -o out out/aggregated/by_date.csv
  cmp a.csv out/aggregated/by_date.csv
  sw-chunk a.csv >by_date.csv
  expect_status 2 sw-agg --reports by_date -o . by_date.csv
  expect_status 2 sw-chunk --tally a.csv a.csv
  expect_status 2 sw-chunk --bad-rows x -o x a.csv
  expect_status 2 sw-filter --tally by_date.csv by_date.csv
  expect_status 2 sw-filter -s @list -o list by_date.csv
  cmp a.csv kept
}

@test "pipelines: names that begin with a dash, and a header alone" {
  cd "$BATS_TEST_TMPDIR" || return
  head -n 300 "$DATA/orders.csv" >a.csv
  extract -o -x.csv a.csv
  cmp ./-x.csv <(sw-chunk a.csv | sw-cut)
  report -o -out a.csv
  [ -e ./-out/aggregated/by_date.csv ]
  head -n 1 a.csv | tr -d '\n' >h.csv
  [ "$(sw-chunk --plan h.csv)" = "1	$(wc -c <h.csv)	0" ]
  extract -o h.out h.csv
  same "$(cat h.out)" "$(head -n 1 a.csv)"
  report -o h h.csv
  grep -qx orders,0 h/aggregated/global_summary.csv
}

@test "pipelines: a second run into the same OUT is refused, and a failed one leaves what was there" {
  cd "$BATS_TEST_TMPDIR" || return
  mkdir -p out/run
  (exec 9>out/run/lock && flock 9 && expect_status 3 report -o out "$DATA/orders.csv" && [[ $output == *'another run writes there'* ]])
  report -o out "$DATA/orders.csv"
  sum=$(cksum out/aggregated/* out/run/ledger.csv)
  { head -n 100 "$DATA/orders.csv"; echo 1,2,3; } >bad.csv
  expect_status 1 report -o out bad.csv
  same "$sum" "$(cksum out/aggregated/* out/run/ledger.csv)"
  mkdir out/aggregated/by_date.jsonl
  head -n 50 "$DATA/orders.csv" >few.csv
  expect_status 3 report -f jsonl -o out few.csv
  rmdir out/aggregated/by_date.jsonl
  same "$sum" "$(cksum out/aggregated/* out/run/ledger.csv)"
}

@test "pipelines: reports that do not hold what the ledger kept are none" {
  cd "$BATS_TEST_TMPDIR" || return
  mkdir bin
  for program in "$SW_BIN"/*; do ln -s "$program" bin/; done
  rm bin/sw-agg
  printf '%s\n' '#!/bin/bash' "'$SW_BIN/sw-agg' \"\$@\" || exit" '[[ " $* " != *" --merge "* ]] || printf "1\t1\t0\t0\n" >out/run/reported' >bin/sw-agg
  chmod +x bin/sw-agg
  report -o out "$DATA/orders.csv"
  expect_status 3 env SW_BIN="$PWD/bin" report -d 2024-09-02 -o out "$DATA/orders.csv"
  [[ $output == *'the reports hold 1'* ]] || { echo "$output"; return 1; }
  [ -z "$(ls out/aggregated)" ] && [ ! -e out/run/ledger.csv ]
}

@test "pipelines: of a report there is only what the last run made" {
  cd "$BATS_TEST_TMPDIR" || return
  report -g side -o out "$DATA/orders.csv"
  same groups.csv "$(ls out/aggregated)"
  report -o out "$DATA/orders.csv"
  [ ! -e out/aggregated/groups.csv ] && [ -e out/aggregated/by_date.csv ]
  touch out/aggregated/{by_date.csv.abc123.tmp,mine.csv}
  report -f csv.gz --reports by_date,aggregation_summary.json -g side -o out "$DATA/orders.csv"
  same "$(printf '%s\n' aggregation_summary.json by_date.csv.gz groups.csv.gz mine.csv)" "$(ls out/aggregated)"
  report -f parquet --reports global_summary -o out "$DATA/orders.csv"
  same "$(printf '%s\n' global_summary.parquet mine.csv)" "$(ls out/aggregated)"
}

@test "pipelines: convert keeps every row, whatever the split, and the other pipelines take what it makes" {
  cd "$BATS_TEST_TMPDIR"
  digest=$(sw-chunk "$DATA/orders.csv" | sw-info --digest)
  rows=$(($(wc -l <"$DATA/orders.csv") - 1))
  for split in '1 1G' '2 1M' '3 256K'; do
    convert -j "${split% *}" -b "${split#* }" -o orders.swr --ledger ledger.csv "$DATA/orders.csv"
    verified orders.swr
    same "$digest" "$(sw-info --digest orders.swr)"
    cmp <(sw-cut orders.swr) <(sw-chunk "$DATA/orders.csv" | sw-cut)
    same "all,$rows,$rows,0,0" "$(tail -n 1 ledger.csv | cut -d , -f -5)"
  done
  report -j 2 -o out orders.swr
  same_tree "$DATA/whole" out
  [ "$(wc -c <orders.swr)" -lt $(($(wc -c <"$DATA/orders.csv") / 4)) ]
  convert -k security_code -z 6 -j 2 -b 1M -o sorted.swr "$DATA/orders.csv"
  same "$digest" "$(sw-info --digest sorted.swr)"
  convert -c order_id,hour -p 1,3 -H 10-12 -o few.swr "$DATA/orders.csv"
  cmp <(sw-cut few.swr) <(sw-chunk "$DATA/orders.csv" | sw-filter -p 1,3 -H 10-12 | sw-cut -c order_id,hour)
}

@test "pipelines: a configuration says where the account goes and what is called, and options hold instead" {
  cd "$BATS_TEST_TMPDIR"
  printf 'orders = %s\noutput = out\nmetrics = m.json\nmemory_limit = none\non_event = echo of the file >>events\n' "$DATA/orders.csv" >run.conf
  extract -C run.conf -o rows.csv
  [ -s m.json ]
  grep -qx 'of the file' events
  rm m.json events
  extract -C run.conf -o others.csv --metrics other.json --on-event 'echo of the line >>events' --memory-limit 90
  [ -s other.json ]
  [ ! -e m.json ]
  same "$(sort -u events)" 'of the line'
  cmp rows.csv others.csv
}

@test "pipelines: a configuration says what the options say, and options hold instead" {
  cd "$BATS_TEST_TMPDIR"
  ln -s "$DATA/orders.csv" orders.csv
  printf 'orders = orders.csv\nhours = 10-12\nparticipants = 1, 2, 3\nworkers = 2\noutput = said\n' >sweep.conf
  report -C sweep.conf
  report -j 1 -H 10-12 -p 1,2,3 -o out "$DATA/orders.csv"
  diff -r said/report/aggregated out/aggregated -x aggregation_summary.json
  report -C sweep.conf -H 9 -p 4 -o other
  report -H 9 -p 4 -o out "$DATA/orders.csv"
  diff -r other/aggregated out/aggregated
  printf 'group = hour, side\nmeasures = n=count(), ids=distinct(order_id)\nreport_format = tsv\n' >>sweep.conf
  report -C sweep.conf
  report --reports all -g hour,side -a 'n=count(),ids=distinct(order_id)' -f tsv -j 1 -H 10-12 -p 1,2,3 -o own "$DATA/orders.csv"
  diff -r said/report/aggregated own/aggregated -x aggregation_summary.json
  report -C sweep.conf -g side --reports by_date -f csv -o other
  same "$(ls other/aggregated)" $'by_date.csv\ngroups.csv'
  same "$(head -n 1 other/aggregated/groups.csv | sed 's/orders.*timestamp/…/')" side,…,n,ids
  echo 'hours = 25' >wrong.conf
  expect_status 2 report -C wrong.conf -o out orders.csv
  expect_status 3 report -C nothing.conf -o out orders.csv
}

@test "pipelines: an index of the file leaves chunks out, and every row is still accounted for" {
  cd "$BATS_TEST_TMPDIR"
  cp "$DATA/orders.csv" orders.csv
  day=$(sw-chunk orders.csv | sw-agg -g date -a 'n=count()' | tail -n 1 | cut -d, -f 1)
  report --per event -j 2 -b 256K -d "$day" -o out orders.csv
  extract -j 2 -b 256K -d "$day" -o out.csv orders.csv
  sw-chunk --index -b 64K orders.csv
  report --per event -j 2 -b 256K -d "$day" -o indexed orders.csv
  extract -j 2 -b 256K -d "$day" -o indexed.csv orders.csv
  diff -r out/aggregated indexed/aggregated
  cmp out/run/ledger.csv indexed/run/ledger.csv
  cmp out.csv indexed.csv
  [ "$(wc -l <indexed/run/all)" -lt "$(wc -l <out/run/all)" ]
}

@test "pipelines: outputs that have no place, too many workers and wrong hosts are refused before anything is written" {
  cd "$BATS_TEST_TMPDIR"
  for pipeline in report extract convert; do
    expect_status 3 "$pipeline" --bad-rows nowhere/bad.tsv -o out "$DATA/orders.csv"
    [ ! -e out ]
    expect_status 3 "$pipeline" --metrics nowhere/metrics.json -o out "$DATA/orders.csv"
    [ ! -e out ]
    expect_status 3 "$pipeline" --metrics . -o out "$DATA/orders.csv"
    [ ! -e out ]
    expect_status 2 "$pipeline" -j 99999999999999999999 -o out "$DATA/orders.csv"
    expect_status 2 "$pipeline" -j 4097 -o out "$DATA/orders.csv"
    expect_status 2 "$pipeline" --hosts 0/: -o out "$DATA/orders.csv"
    expect_status 3 "$pipeline" --hosts @nofile -o out "$DATA/orders.csv"
    [ -z "$(ls -A)" ]
    echo @itself >itself
    expect_status 2 "$pipeline" --hosts @itself -o out "$DATA/orders.csv"
    rm itself
    [ -z "$(ls -A)" ]
  done
  expect_status 3 extract --ledger nowhere/ledger.csv -o out "$DATA/orders.csv"
  expect_status 2 report -o - "$DATA/orders.csv"
  [ -z "$(ls -A)" ]
  report --bad-rows out/run/bad.tsv -o out "$DATA/orders.csv"
  [ -e out/run/bad.tsv ]
}

@test "pipelines: with standard streams closed the bytes are the same, and -o - fails" {
  cd "$BATS_TEST_TMPDIR"
  report -o out "$DATA/orders.csv" <&- >&- 2>&-
  same_tree "$DATA/whole" out
  status=0
  extract -o - "$DATA/orders.csv" >&- || status=$?
  [ "$status" -eq 3 ]
}

@test "pipelines: what cannot be said on standard error changes no status" {
  cd "$BATS_TEST_TMPDIR"
  report -o out "$DATA/orders.csv" 2>/dev/full
  same_tree "$DATA/whole" out
  report -o out "$DATA/orders.csv" 2>&-
  sw report -o out "$DATA/orders.csv" 2>&-
  extract -o rows.csv "$DATA/orders.csv" 2>/dev/full
  cmp rows.csv <(sw-chunk "$DATA/orders.csv" | sw-cut)
  status=0
  report -d 2024-13-01 -o out "$DATA/orders.csv" 2>/dev/full || status=$?
  [ "$status" -eq 2 ]
}

@test "pipelines: extract has times with their offset where that is asked for, in every chunk, and makes nothing of parts that have them not" {
  cd "$BATS_TEST_TMPDIR"
  sw-gen --rows 2000 --stdout orders >orders.csv
  sw-chunk orders.csv | sw-cut --iso-time >wanted.csv
  extract -j 2 -b 20K --iso-time -o iso.csv orders.csv
  cmp iso.csv wanted.csv
  extract -j 2 -b 20K --iso-time --tz UTC -c order_id,timestamp -o utc.csv orders.csv
  sw-chunk orders.csv | sw-cut --iso-time --tz UTC -c order_id,timestamp | cmp - utc.csv
  extract -j 2 -b 20K -o iso.csv orders.csv
  sw-chunk orders.csv | sw-cut | cmp - iso.csv
  expect_status 2 convert --iso-time -o x.swr orders.csv
}

@test "pipelines: records are not converted onto a terminal" {
  run script -qec "convert -o - '$DATA/orders.csv'" /dev/null </dev/null
  [ "$status" -eq 2 ]
  [[ $output == *'is a terminal'* ]]
  run script -qec "convert -o /dev/tty '$DATA/orders.csv'" /dev/null </dev/null
  [ "$status" -eq 2 ]
}
