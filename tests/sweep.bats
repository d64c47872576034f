#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A whole run from one file.
# bats file_tags=plain

load helper

setup_file() {
  export DATA=$BATS_FILE_TMPDIR
  sw-gen --rows 4000 --securities 6 --days 2 --participants 9 --seed 5 -o "$DATA/data"
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  ln -s "$DATA/data" data
  cat >run.conf <<'CONF'
orders = data/orders.csv
trades = data/trades.csv
nbbo = data/nbbo.csv
steps = extract, report, convert, analyse
hours = 10-12
columns = order_id, security_code, timestamp, price, quantity, leavesquantity, totalmatchedquantity, participantid
output = an out
format = csv.gz
workers = 2
log_level = warning
CONF
}

# bats test_tags=check
@test "every step makes what its pipeline makes, in a place of its own" {
  expect_status 0 sweep -C run.conf
  # Nothing but what there is to doubt.
  same "$(grep -cvE '^(sw-simulate: of the simulated orders |analyse: [0-9]+ crossed quotes )' <<<"$output")" 0
  columns=order_id,security_code,timestamp,price,quantity,leavesquantity,totalmatchedquantity,participantid
  gzip -dc 'an out/orders.csv.gz' | cmp - <(extract -H 10-12 -c "$columns" -j 1 -o - data/orders.csv)
  report -H 10-12 -j 1 -o by-hand data/orders.csv
  diff -r by-hand/aggregated 'an out/report/aggregated'
  convert -H 10-12 -c "$columns" -j 1 -o by-hand.swr data/orders.csv
  same "$(sw-info --digest 'an out/orders.swr')" "$(sw-info --digest by-hand.swr)"
  analyse --trades data/trades.csv --nbbo data/nbbo.csv -H 10-12 -j 1 -o analysis data/orders.csv 2>/dev/null
  diff -r analysis/aggregated 'an out/aggregated'
  diff -r analysis/by_security 'an out/by_security'
  expect_status 0 sweep -C run.conf log_level=info
  [[ $output == *'is up to date'* ]]
}

@test "what is said on the command line holds; a file may come from standard input, and be JSON" {
  sw-conf show -f json -C run.conf | sweep -C - steps=extract format=csv columns=order_id hours=all output=here
  tail -n +2 here/orders.csv | cmp - <(tail -n +2 data/orders.csv | cut -d , -f 1)
  [ "$(ls here)" = orders.csv ]
}

@test "all mistakes are told, and nothing is run" {
  expect_status 2 sweep -C run.conf workers=0 hours=25 step=report
  same "$(grep -c 'command line: [a-z]*: ' <<<"$output")" 3
  [[ $output == *$'\nsw-conf: command line: 3 mistakes' ]]
  echo 'retries = many' >>run.conf
  expect_status 2 sweep -C run.conf workers=0
  [[ $output == *$'\nsw-conf: run.conf and command line: 2 mistakes' ]]
  expect_status 2 sweep -C run.conf
  [[ $output == *$'\nsw-conf: run.conf: 1 mistake' ]]
  [ ! -e 'an out' ]
  expect_status 3 sweep -C nowhere.conf
  expect_status 2 sweep
  [[ $output == *'give -C'* ]]
  expect_status 2 sweep --unknown
  expect_status 0 sweep --help
  expect_status 0 sweep --version
}

@test "a dry run shows command lines that do the same, and makes nothing" {
  sweep --dry-run -C run.conf >commands
  [ ! -e 'an out' ]
  same "$(sed 's/ .*//; s/.*\///' commands | paste -s -d ' ')" 'extract report convert analyse'
  mkdir 'an out'
  sed -n 1,2p commands >first
  sh -e first
  mv 'an out' by-hand
  sweep -C run.conf steps=extract,report
  diff -r by-hand/report/aggregated 'an out/report/aggregated'
  cmp by-hand/orders.csv.gz 'an out/orders.csv.gz'
}

@test "a step that fails ends the run, or, where on_failure says so, only itself; the worst status counts" {
  # the quotes are wrong: the analysis alone reads them
  sed '100s/,[^,]*/,x/' data/nbbo.csv >bad.csv
  expect_status 1 sweep -C run.conf steps=analyse,report nbbo=bad.csv
  [[ $output == *'sweep: analyse failed, with status 1'* ]]
  [ ! -e 'an out/report' ]
  expect_status 1 sweep -C run.conf steps=analyse,report nbbo=bad.csv on_failure=never
  [ -e 'an out/report/aggregated/global_summary.csv' ]
  [ ! -e 'an out/aggregated/global_summary.csv' ]
}

@test "steps that put bad rows aside do so in files of their own" {
  sed '100s/,[^,]*/,x/' data/orders.csv >bad.csv
  expect_status 0 sweep -C run.conf steps=report,extract orders=bad.csv bad_rows=aside.tsv ledger=rows.csv hours=all log_level=error
  [ -z "$output" ]
  [ "$(wc -l <report.aside.tsv)" -eq 1 ]
  [ "$(wc -l <extract.aside.tsv)" -eq 1 ]
  [ "$(wc -l <extract.rows.csv)" -eq 3 ]
  [ ! -e aside.tsv ]
}

@test "a signal ends the step that runs, and its jobs; the same run goes on later" {
  mkdir -p shim/bin
  ln -s "$TREE/share" shim/share
  for program in "$SW_BIN"/sw-*; do ln -s "$program" shim/bin/; done
  rm shim/bin/sw-agg
  printf '#!/bin/sh\necho $$ >>"%s/sleepers"\nexec sleep 30\n' "$PWD" >shim/bin/sw-agg
  chmod +x shim/bin/sw-agg
  SW_BIN=$PWD/shim/bin sweep -C run.conf steps=report 2>/dev/null &
  process=$!
  until [ -s sleepers ]; do sleep 0.05; done
  kill -TERM "$process"
  status=0
  wait "$process" || status=$?
  [ "$status" -eq 143 ]
  expect_status 0 flock -w 10 'an out/report/run/lock' true
  sweep -C run.conf steps=report
  [ -s 'an out/report/aggregated/global_summary.csv' ]
}

# bats test_tags=check
@test "example configurations run as they are" {
  for file in "$TREE"/examples/sweep.conf "$TREE"/examples/configurations/*.conf; do
    expect_status 0 sweep -C "$file" preset=laptop log_level=warning
    folder=$(sw-conf show -f json -C "$file" | python3 -c 'import json, sys; print(json.load(sys.stdin)["output"])')
    [ -n "$(find "$folder" -type f)" ]
  done
}

@test "make sweep runs a configuration" {
  expect_status 2 make -s -C "$TREE" sweep
  [[ $output == *'CONF=sweep.conf'* ]]
  same "$(make -n -C "$TREE" sweep CONF="$PWD/run.conf" SET='workers=1' | grep -o 'pipelines/sweep .*')" \
    "pipelines/sweep -C $PWD/run.conf workers=1"
}
