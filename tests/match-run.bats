#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# pipelines/match: it makes what sw-match makes, whatever the chunks, goes on, and accounts for every row.
# bats file_tags=plain

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  sw-gen --rows 6000 --securities 4 --days 2 --seed 21 -o made
}

# by_hand [OPTION…]: matches.csv and sweeps.csv of all, as sw-match writes them.
by_hand() {
  sw-chunk made/orders.csv | sw-sort -k security_code,order_id,timestamp,sequence >orders.swr
  sw-chunk made/trades.csv | sw-sort -k security_code,order_id,timestamp >trades.swr
  sw-chunk made/nbbo.csv | sw-sort -k security_code,timestamp >nbbo.swr
  sw-match "$@" --trades trades.swr --nbbo nbbo.swr --sweeps sweeps.swr --summary rules.csv -o matches.swr orders.swr 2>/dev/null
  sw-cut matches.swr >matches.csv
  sw-cut sweeps.swr >sweeps.csv
}

# gathered OUT NAME: of all securities and dates, with one header.
gathered() {
  find "$1/by_security" -name "$2.csv.gz" | sort | xargs gzip -dc | awk 'NR == 1 { head = $0 } NR == 1 || $0 != head'
}

@test "match: the pipeline makes what the program makes, however it is cut, and goes on" {
  by_hand
  match --trades made/trades.csv --nbbo made/nbbo.csv -j 2 -b 64K -o one made/orders.csv 2>log
  match --trades made/trades.csv --nbbo made/nbbo.csv -j 1 -o two made/orders.csv 2>/dev/null
  diff -r one/by_security two/by_security
  diff -r one/aggregated two/aggregated
  for name in matches sweeps; do
    cmp <(gathered one $name | sort) <(sort $name.csv)
  done
  # The sums of all securities are those of the program.
  cmp <(cut -d, -f2-8 one/aggregated/match_summary.csv) <(cut -d, -f1-7 rules.csv)
  cmp <(cut -d, -f9-13 one/aggregated/match_summary.csv) <(cut -d, -f9-13 rules.csv)
  grep -qx 'match: rule session is off: no file of sessions' log
  grep -qE '^match: [0-9]+ of [1-9][0-9]* sweeps matched, of [0-9]+ rows of orders; .*one$' log
  # What is there is not made again; what other options change is.
  find one/by_security -type f -printf '%p %i\n' | sort >before
  match --trades made/trades.csv --nbbo made/nbbo.csv -j 2 -b 64K -o one made/orders.csv 2>log
  grep -q 'is up to date' log
  cmp before <(find one/by_security -type f -printf '%p %i\n' | sort)
  match --rules simple --trades made/trades.csv --nbbo made/nbbo.csv -o one made/orders.csv 2>/dev/null
  by_hand --rules simple
  cmp <(gathered one sweeps | sort) <(sort sweeps.csv)
  same "$(wc -l <one/aggregated/match_summary.csv)" 2
  expect_status 2 report -o one made/orders.csv
}

@test "match: the ledger of the pipeline, bad rows, selections, and nothing selected" {
  { cat made/orders.csv; echo 'x,1,2,3'; } >bad.csv
  expect_status 1 match --trades made/trades.csv --nbbo made/nbbo.csv -o out bad.csv
  match --bad-rows rejected --trades made/trades.csv --nbbo made/nbbo.csv -o out bad.csv 2>/dev/null
  same "$(wc -l <rejected)" 1
  awk -F, 'NR > 1 { if ($3 != $4 + $5 + $6) exit 1; rows[$1] = $3 } END { exit rows["orders"] == 0 || rows["nbbo"] == 0 }' out/run/ledger.csv
  grep -q '^orders,bad.csv,.*,1$' out/run/ledger.csv
  awk -F, 'NR > 1 { wanted += $4; rest += $5 + $6 + $7 + $8 } END { exit wanted == 0 || wanted != rest }' out/aggregated/sweeps_by_security_date.csv
  same "$(tail -n 1 out/run/ledger_by_security.csv | cut -d, -f1)" all
  one=$(sed -n 2p out/run/ledger_by_security.csv | cut -d, -f1)
  match -s "$one" --trades made/trades.csv --nbbo made/nbbo.csv -o some made/orders.csv 2>/dev/null
  diff -r "some/by_security/SEC_$one" "out/by_security/SEC_$one"
  match -d 2020-01-01 --trades made/trades.csv --nbbo made/nbbo.csv -o none made/orders.csv 2>log
  grep -q '0 of 0 sweeps matched' log
  same "$(cut -d, -f3 none/aggregated/match_summary.csv | sort -u)" $'0\nsweeps'
}

@test "match: a job has a range of securities where there are many, and makes what a job each makes" {
  sw-gen --rows 6000 --securities 30 --days 2 --seed 5 -o many
  local words=(--trades many/trades.csv --nbbo many/nbbo.csv -j 1) one
  match "${words[@]}" -o all many/orders.csv 2>/dev/null
  cut -f 2 all/run/securities/jobs | grep -q ,
  same "$(wc -l <all/run/ledger_by_security.csv)" 32
  one=$(cut -f 2 all/run/securities/jobs | grep -m 1 ,)
  match "${words[@]}" -s "$one" -o some many/orders.csv 2>/dev/null
  same "$(cut -f 2 some/run/securities/jobs | grep -c , || :)" 0
  for code in ${one//,/ }; do
    [ ! -e "all/by_security/SEC_$code" ] && [ ! -e "some/by_security/SEC_$code" ] || # it has no sweep
      diff -r "all/by_security/SEC_$code" "some/by_security/SEC_$code"
    cmp <(grep "^$code," all/run/ledger_by_security.csv) <(grep "^$code," some/run/ledger_by_security.csv)
  done
  cmp <(grep -E "^(security_code|${one//,/|})," all/aggregated/sweeps_by_security.csv) some/aggregated/sweeps_by_security.csv
  # A part of a range is made again, alone, and the sums are those of that part.
  match "${words[@]}" -s "$one" -o all many/orders.csv 2>/dev/null
  diff -r all/by_security some/by_security
  diff -r all/aggregated some/aggregated
}

@test "match: more dates without a match than a process may have files open" {
  sw-gen --rows 8000 --securities 1 --days 60 --seed 5 -o many
  (ulimit -n 35 && match --trades many/trades.csv --nbbo many/nbbo.csv -j 1 --no-monitor -b 100M -o few many/orders.csv 2>/dev/null)
  match --trades many/trades.csv --nbbo many/nbbo.csv -j 1 --no-monitor -b 100M -o one many/orders.csv 2>/dev/null
  diff -r one/by_security few/by_security
  [ "$(find few/by_security -name matches.csv.gz | wc -l)" -gt 35 ]
}

@test "match: a replay by the pipeline, of made-up and of the real trades" {
  match --replay --trades made/trades.csv --nbbo trades -o out made/orders.csv 2>log
  same "$(sed -n 's/^\([^,]*\),\([^,]*\),.*/\1 \2/p' out/aggregated/replay_summary.csv | head -n 1)" 'transactions exact'
  grep -qE '^match: [0-9]+ of [0-9]+ transactions in the dark reproduced' log
  expect_status 2 match --replay -d 2024-09-02 --trades made/trades.csv --nbbo trades -o out made/orders.csv
  skip_without real
  match --replay -b 400K -j 2 --trades "$REAL/trades.csv" --nbbo trades -o real "$REAL/orders_day.csv" 2>/dev/null
  same "$(sed -n 2p real/aggregated/replay_summary.csv | cut -d, -f1,4,7-9)" 472,540,547,511,33
}

@test "match: wrong words of the pipeline, and what it would run" {
  expect_status 2 match --nbbo trades -o out made/orders.csv
  expect_status 2 match --rules full,-nothing --trades made/trades.csv --nbbo trades -o out made/orders.csv
  [[ $output == *"no rule '-nothing'"* ]]
  [ ! -e out/by_security ]
  match --dry-run --trades made/trades.csv --nbbo trades -o dry made/orders.csv >lines
  grep -q '^sw-match --trades ' lines
  [ ! -e dry/by_security ]
}

@test "match: the pipeline finds what was planted, whatever the chunks" {
  sw-gen --planted 900 --full --securities 5 --days 3 --seed 9 -o made
  for rules in simple full; do
    match --rules $rules --trades made/trades.csv --nbbo made/nbbo.csv -j 2 -b 100K -o "$rules" made/orders.csv 2>/dev/null
    gathered $rules matches | tail -n +2 | awk -F, -v OFS=, '{ print $6, $7, $1, $2, $3, $4, $5, $14 }' | sort >got
    awk -F, -v OFS=, -v rules=$rules '$1 == rules && $10 == "" { print $2, $3, $4, $5, $6, $7, $8, $9 }' made/expected.csv | sort | cmp got -
    gathered $rules sweeps | tail -n +2 | awk -F, -v OFS=, '{ print $2, $3, $1, $NF }' | sort >got
    awk -F, -v OFS=, -v rules=$rules '$1 == rules { key = $2 "," $3 "," $4; why[key] = why[key] $10 } END { for (key in why) print key, why[key] }' \
      made/expected.csv | sort | cmp got -
  done
}

@test "match: what must hold of any result holds of the pipeline's, on random books" {
  local rules
  python3 "$BATS_TEST_DIRNAME/match_oracle.py" book 1
  for rules in simple full,-session,-minimum 'full,-session,-limit,-inventory'; do
    match --rules "$rules" --trades trades.csv --nbbo nbbo.csv -j 2 -o "$rules" orders.csv 2>/dev/null
    gathered "$rules" matches >matches.csv
    gathered "$rules" sweeps >sweeps.csv
    on=
    for rule in limit half_tick midtick inventory elsewhere book preferencing minimum crossing quote inside; do
      [[ $rules == simple || $rules == *"-$rule"* ]] || on+=" $rule"
    done
    # shellcheck disable=SC2086
    python3 "$BATS_TEST_DIRNAME/match_laws.py" $on >counts
    [[ $(<counts) == [1-9]*' '[1-9]* ]]
  done
}

@test "match: the pipeline takes sessions and tick sizes, and makes all again when these change" {
  python3 "$BATS_TEST_DIRNAME/match_oracle.py" book 3
  run_match() {
    match --trades trades.csv --nbbo nbbo.csv --sessions sessions.csv --ticks ticks.csv -o out orders.csv "$@"
  }
  python3 "$BATS_TEST_DIRNAME/match_oracle.py" match --rules full --sessions --ticks
  # in another order, packed, or as records they are the same
  { head -n 1 sessions.csv; tail -n +2 sessions.csv | sort -r; } >turned && mv turned sessions.csv
  run_match 2>/dev/null
  for name in matches sweeps; do
    cmp <(gathered out $name | sort) <(sort $name.csv)
  done
  run_match 2>log
  grep -q 'is up to date' log
  sw-chunk -t ticks ticks.csv >ticks.swr
  gzip -k sessions.csv
  match --trades trades.csv --nbbo nbbo.csv --sessions sessions.csv.gz --ticks ticks.swr -o packed orders.csv 2>/dev/null
  diff -r out/by_security packed/by_security
  # other contents under the same name and of the same length
  touch -r sessions.csv when
  sed -i 's/,OPEN$/,SHUT/' sessions.csv
  touch -r when sessions.csv
  run_match 2>log
  grep -q ' 0 of [1-9][0-9]* sweeps matched' log
  run_match --open SHUT 2>/dev/null
  diff -r out/by_security packed/by_security
  run_match --dry-run | grep -q -- ' --sessions .*/sessions.swr --ticks .*/ticks.swr '
  expect_status 3 match --trades trades.csv --nbbo nbbo.csv --sessions none.csv -o out orders.csv
  expect_status 2 match --trades trades.csv --nbbo nbbo.csv --sessions ticks.csv -o out orders.csv
  expect_status 2 match --trades trades.csv --nbbo nbbo.csv --open OPEN -o out orders.csv
  head -c 60 ticks.swr >cut.swr
  expect_status 1 match --trades trades.csv --nbbo nbbo.csv --ticks cut.swr -o out orders.csv
}

@test "match: a step of a whole run, with what sweep.conf says of it" {
  python3 "$BATS_TEST_DIRNAME/match_oracle.py" book 1
  cat >sweep.conf <<'CONF'
orders = orders.csv
trades = trades.csv
nbbo = nbbo.csv
output = whole
steps = report, match
rules = full, -limit
sweep = limit 3
sessions = sessions.csv
ticks = ticks.csv
CONF
  sweep -C sweep.conf 2>log
  match --rules full,-limit --sweep 'limit 3' --trades trades.csv --nbbo nbbo.csv --sessions sessions.csv --ticks ticks.csv -o alone orders.csv \
    2>/dev/null
  diff -r whole/match/by_security alone/by_security
  diff -r whole/match/aggregated alone/aggregated
  sweep -C sweep.conf 2>log
  grep -q 'whole/match is up to date' log
  match -C sweep.conf -o configured 2>/dev/null
  diff -r configured/by_security alone/by_security
  sed -i 's/^steps.*/steps = match/; s/^trades.*//' sweep.conf
  expect_status 2 sw-conf check -C sweep.conf
  [[ $output == *'trades: not given, and to match needs it'* ]]
  expect_status 2 sw-conf check -C sweep.conf trades=trades.csv rules=full,-nothing
  expect_status 2 sw-conf check -C sweep.conf trades=trades.csv sweep=often
  expect_status 2 sw-conf check -C sweep.conf trades=trades.csv sessions= open=OPEN
  expect_status 2 sw-conf check -C sweep.conf trades=trades.csv sessions=ticks.csv
}
