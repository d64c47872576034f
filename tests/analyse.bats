#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# pipelines/analyse as a run: what it makes again, what it leaves, how it fails. tests/analysis.bats has the figures.
# bats file_tags=plain

load helper

# Three days of four securities, in one file and in daily ones; trades in two segments.
setup_file() {
  export DATA="$BATS_FILE_TMPDIR/data"
  mkdir "$DATA"
  cd "$DATA" || return
  sw-gen --rows 6000 --securities 4 --days 3 --participants 8 --seed 3 -o .
  awk -F, -v OFS=, '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == "timestamp") column = i; header = $0; next }
    { day = int((substr($column, 1, 10) + 36000) / 86400); file = "day-" day ".csv"
      if (!(file in seen)) { seen[file] = 1; print header >file }
      print >file }' orders.csv
  { head -n 1 trades.csv; awk 'NR > 1 && NR % 2' trades.csv; } >trades-a.csv
  { head -n 1 trades.csv; awk 'NR > 1 && NR % 2 == 0' trades.csv; } >trades-b.csv
  analyse -j 1 --trades trades.csv --nbbo nbbo.csv -o whole orders.csv 2>whole.log
}

teardown_file() {
  rm -rf "$DATA"
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# What a user gets; how the run went is not compared.
same_results() {
  diff -r "$1/by_security" "$2/by_security" || return
  diff -r "$1/aggregated" "$2/aggregated" "${@:3}"
}

days() {
  printf '%s\n' "$DATA"/day-*.csv
}

@test "analyse: the data is what the tests need" {
  [ "$(days | wc -l)" -ge 3 ]
  [ "$(find "$DATA/whole/by_security" -name simulation.csv.gz | wc -l)" -gt 10 ]
  # orders whose events stand in two daily files
  [ "$(for day in $(days); do tail -n +2 "$day" | cut -d, -f 1 | sort -u; done | sort | uniq -d | wc -l)" -gt 10 ]
}

@test "analyse: any workers and chunk size, the same bytes" {
  analyse -j 2 -b 64K --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  same_results "$DATA/whole" out
}

@test "analyse: daily files and segments in any order, in any zone of the machine, the same bytes" {
  mapfile -t files < <(days | sort -r)
  TZ=America/New_York LC_ALL=C.UTF-8 analyse -j 2 --trades "$DATA/trades-b.csv" --trades "$DATA/trades-a.csv" \
    --nbbo "$DATA/nbbo.csv" -o out "${files[@]}"
  same_results "$DATA/whole" out
  days >list
  analyse -j 1 --trades "$DATA/trades-?.csv" --nbbo "$DATA/nbbo.csv" -o other @list
  same_results "$DATA/whole" other
}

@test "analyse: gzip files and record streams are as good as CSV" {
  gzip -c "$DATA/orders.csv" >orders.csv.gz
  gzip -c "$DATA/nbbo.csv" >nbbo.csv.gz
  sw-chunk "$DATA/trades.csv" -o trades.swr
  analyse -j 2 --trades trades.swr --nbbo nbbo.csv.gz -o out orders.csv.gz
  same_results "$DATA/whole" out
  sw-chunk "$DATA/orders.csv" -o orders.swr
  analyse -j 2 --trades trades.swr --nbbo nbbo.csv.gz -o other orders.swr
  same_results "$DATA/whole" other
}

@test "analyse: columns in another order in one of the files" {
  mapfile -t files < <(days)
  # the second file's columns turned round
  awk -F, -v OFS=, '{ for (i = NF; i >= 1; i--) printf "%s%s", $i, (i > 1 ? "," : "\n") }' "${files[1]}" >turned.csv
  analyse -j 1 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o a "${files[0]}" turned.csv "${files[2]}"
  analyse -j 1 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o b turned.csv "${files[2]}" "${files[0]}"
  same_results a b
  diff -r "$DATA/whole/aggregated" a/aggregated -x aggregation_summary.json ||
    [ "$(days | wc -l)" -gt 3 ]
}

# borders_fold STEP: a border of chunks through each STEP-th row folds the same orders.
borders_fold() {
  # one security's events around the change of a day, and its trades
  code=$(awk -F, 'NR == 2 { print $1 }' "$DATA/whole/run/matrix.csv")
  sw-chunk "$DATA/orders.csv" | sw-filter -s "$code" | sw-cut | awk 'NR == 1 || (NR > 150 && NR <= 260)' >orders.csv
  sw-chunk "$DATA/trades.csv" | sw-filter -s "$code" |
    sw-sort -k security_code,order_id,timestamp -o trades.swr
  keys=security_code,order_id,timestamp,sequence
  sw-chunk orders.csv | sw-sort -k $keys --last-resort | sw-classify --all --trades trades.swr | sw-cut >whole
  [ "$(wc -l <whole)" -gt 20 ]
  size=$(wc -c <orders.csv)
  begin=$(head -n 1 orders.csv | wc -c)
  rows=$(($(wc -l <orders.csv) - 1))
  for ((row = 1; row < rows; row += $1)); do
    border=$(head -n $((row + 1)) orders.csv | wc -c)
    sw-chunk --range "$begin:$((border - begin))" orders.csv | sw-sort -k $keys --last-resort -o a.swr
    sw-chunk --range "$border:$((size - border))" orders.csv | sw-sort -k $keys --last-resort -o b.swr
    sw-sort -m -k $keys --last-resort b.swr a.swr | sw-classify --all --trades trades.swr | sw-cut | cmp - whole
  done
}

@test "analyse: a border of chunks through every fifth row folds the same orders" {
  borders_fold 5
}

# bats test_tags=check
@test "analyse: a border of chunks through every row folds the same orders" {
  borders_fold 1
}

@test "analyse: a second run does nothing" {
  cp -a "$DATA/whole" out
  touch -d '2020-01-01' mark
  find out -exec touch -h -d '2020-01-01' {} +
  find out -exec touch -h -d '2019-01-01' {} +
  cd "$DATA" || return
  analyse -j 2 --trades trades.csv --nbbo nbbo.csv -o whole orders.csv 2>"$BATS_TEST_TMPDIR/log"
  grep -q 'up to date' "$BATS_TEST_TMPDIR/log"
  [ ! -s whole/run/chunks/jobs ]
  [ ! -s whole/run/securities/jobs ]
}

@test "analyse: a new daily file makes only its chunks and its securities again" {
  mapfile -t files < <(days)
  last=${files[-1]}
  unset 'files[-1]'
  code=$(awk -F, 'NR == 2 { print $1 }' "$DATA/whole/run/matrix.csv")
  # the new file has rows of one security only
  sw-chunk "$last" | sw-filter -s "$code" | sw-cut >new.csv
  analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "${files[@]}"
  find out/run/parts -name '*.swr' -exec stat -c '%n %i %y' {} + | sort >before
  analyse -j 1 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "${files[@]}" new.csv
  [ "$(wc -l <out/run/chunks/jobs)" -eq 1 ]
  same "$(cut -f 2 out/run/securities/jobs)" "$code"
  find out/run/parts -name '*.swr' -exec stat -c '%n %i %y' {} + | sort >after
  [ "$(comm -23 before after | wc -l)" -eq 0 ]
  analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o fresh "${files[@]}" new.csv
  same_results out fresh
}

@test "analyse: other options make again what depends on them" {
  cp -a "$DATA/whole" out
  arguments=(-j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv")
  analyse "${arguments[@]}"
  analyse --impact 7 "${arguments[@]}"
  [ ! -s out/run/chunks/jobs ]
  [ "$(wc -l <out/run/securities/jobs)" -eq 4 ]
  analyse -j 1 --impact 7 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o fresh "$DATA/orders.csv"
  same_results out fresh
}

@test "analyse: a result that is missing or cut short is made again, alone" {
  analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  file=$(find out/by_security -name classified.csv.gz | sort | head -n 1)
  truncate -s 20 "$file"
  rm out/aggregated/by_date.csv
  analyse -j 1 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  [ "$(wc -l <out/run/securities/jobs)" -eq 1 ]
  same_results "$DATA/whole" out
}

@test "analyse: a security that fails fails alone, and the next run makes it" {
  analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  rm -r out/run/securities/results out/by_security
  part=$(find out/run/parts -name '*.swr' -size +100k | head -n 1)
  # a byte of the rows of some security: early in the file, behind the header and the first directory
  at=6000
  byte=$(od -An -tu1 -j $at -N 1 "$part")
  printf '%b' "\\$(printf '%03o' $((byte ^ 1)))" | dd of="$part" bs=1 seek=$at conv=notrunc status=none
  expect_status 1 analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  [[ $output == *"security "*" failed:"* ]]
  [[ $output == *"1 of 4 securities failed"* ]]
  [ "$(find out/by_security -mindepth 1 -maxdepth 1 | wc -l)" -eq 3 ]
  [ ! -e out/aggregated ]
  printf '%b' "\\$(printf '%03o' "$byte")" | dd of="$part" bs=1 seek=$at conv=notrunc status=none
  analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  [ "$(wc -l <out/run/securities/jobs)" -eq 1 ]
  same_results "$DATA/whole" out
}

@test "analyse: each kind of trade row is counted, also of securities without orders, and what is none is said" {
  awk -F, -v OFS=, '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; print; next }
    { if (NR % 9 == 0) $column["dealsource"] = 3 + NR % 5; if (NR % 50 == 0) $column["dealsource"] = ""; if (NR % 31 == 0) $column["securitycode"] = 7; print }' \
    "$DATA/trades.csv" >trades.csv
  for values in 1,20,46,47,49,50,51,52,90 44,45,48,91 1,3,44; do
    case $values in 1,20,*) options='' ;; 44,*) options='--trades-in booked' ;; *) options="--trades-in $values" ;; esac
    # shellcheck disable=SC2086
    analyse -j 2 $options --trades trades.csv --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv" 2>said
    sqlite3 :memory: ".import --csv trades.csv t" "
      SELECT count(*) FILTER (WHERE kind = 0) || ',' || count(*) FILTER (WHERE kind = 1) || ',' || count(*) FILTER (WHERE kind = 2) || ',' || count(*) FILTER (WHERE kind = 3)
      FROM (SELECT CASE WHEN source IN ($values) THEN 0
        WHEN source IN (44, 45, 48, 91) THEN 1 WHEN source IN (3, 4, 5, 6) THEN 2 ELSE 3 END AS kind FROM (SELECT CAST(nullif(dealsource, '') AS INTEGER) AS source FROM t))" >kinds
    same "$(grep '^trades,all,' out/run/ledger.csv | cut -d, -f10-13)" "$(cat kinds)"
    grep -q "^analyse: $(cut -d, -f4 kinds) rows of trades are of another dealsource, and taken for no trades$" said
    grep -q "^analyse: [0-9]* of $(cut -d, -f1 kinds) trades have no order$" said
  done
  expect_status 2 analyse --trades-in nothing --trades trades.csv --nbbo "$DATA/nbbo.csv" -o other "$DATA/orders.csv"
  [ ! -e other ]
}

@test "analyse: an order_id under two securities is two orders" {
  id=$(sed -n 2p "$DATA/orders.csv" | cut -d, -f 1)
  awk -F, -v OFS=, -v id="$id" '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
    { print }
    ($1 "") == id && !done { $column["security_code"] = $column["security_code"] + 1; $column["sequence"] = 999999999; print; done = 1 }' \
    "$DATA/orders.csv" >orders.csv
  analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out orders.csv
  same "$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } END { print $at["orders"] }' out/run/ledger_by_security.csv)" "$(cut -d, -f1,3 orders.csv | tail -n +2 | sort -u | wc -l)"
}

@test "analyse: wrong usage is said before anything is written" {
  arguments=(--trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv")
  expect_status 2 analyse --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  expect_status 2 analyse --trades "$DATA/trades.csv" -o out "$DATA/orders.csv"
  expect_status 2 analyse --scenarios D "${arguments[@]}"
  expect_status 2 analyse --impact 5x "${arguments[@]}"
  expect_status 2 analyse --amended perhaps "${arguments[@]}"
  expect_status 2 analyse -H 25 "${arguments[@]}"
  expect_status 2 analyse -e 'no_such_column == 1' "${arguments[@]}"
  expect_status 2 analyse -s x -e 'side ==' "${arguments[@]}"
  expect_status 2 analyse -S lots "${arguments[@]}"
  expect_status 2 analyse -j 0 "${arguments[@]}"
  expect_status 3 analyse "${arguments[@]}" no-such-file.csv
  [ ! -e out ]
}

@test "analyse: needs no folder for what is temporary, whatever OUT is called" {
  arguments=(-j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -s @codes "$DATA/orders.csv")
  sw-chunk "$DATA/orders.csv" | sw-cut -c security_code --no-header | sort -u | head -n 1 >codes
  analyse -o whole "${arguments[@]}" 2>/dev/null
  mkdir @there
  for out in out '@there/-{security_code}'; do
    TMPDIR=$PWD/nowhere analyse -o "$out" "${arguments[@]}" 2>/dev/null
    diff -r whole/aggregated "$out/aggregated"
    [ -z "$(find . -name 'sw.*')" ]
    [ ! -e nowhere ]
  done
  # What is asked for has to be there.
  expect_status 3 analyse -T nowhere -o other "${arguments[@]}"
  [[ $output == *nowhere* ]]
  [ ! -e other ]
}

@test "analyse: a dry run shows the commands and makes nothing but the plan" {
  analyse --dry-run -j 2 -b 256K --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv" >commands
  [ ! -e out/aggregated ]
  [ -z "$(find out/by_security out/run -name '*.swr' -o -name '*.csv*')" ]
  for program in sw-chunk sw-sort sw-agg sw-study sw-metrics sw-simulate; do
    grep -q "^$program \|| $program " commands
  done
  # what it shows is what a run does: the chunks' commands make the parts
  grep -v '^#' commands | sed '/SECURITY/,$d' | bash -e
  cp -a out shown
  find shown -name '*.chunk' -delete
  analyse -j 1 -b 256K --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  find shown/run/parts -name '*.swr' | while read -r part; do cmp "$part" "out/${part#shown/}"; done
  same_results "$DATA/whole" out
}

@test "analyse: selectors of events and of orders" {
  code=$(awk -F, 'NR == 2 { print $1 }' "$DATA/whole/run/matrix.csv")
  analyse -j 2 -s "$code" -H 10-12 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  [ "$(ls out/by_security)" = "SEC_$code" ]
  kept=$(for file in "$DATA/whole/by_security/SEC_$code"/*/classified.csv.gz; do gzip -dc "$file" | tail -n +2; done |
    awk -F, '{ second = substr($16, 1, 10) + 36000; hour = int(second % 86400 / 3600); if (hour >= 10 && hour <= 12) n++ } END { print n }')
  [ "$kept" -gt 10 ]
  same "$(awk -F, '$1 == "orders" { print $2 }' out/aggregated/global_summary.csv)" "$kept"
  # nothing stays of what an earlier run had of other securities
  cp -a "$DATA/whole" other
  analyse -j 2 -s "$code" -H 10-12 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o other "$DATA/orders.csv"
  same_results out other
}

@test "analyse: nothing selected gives headers and zeros" {
  analyse -j 1 -s 1 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  [ -z "$(ls out/by_security)" ]
  for file in "$DATA"/whole/aggregated/by_*.csv; do
    [ "$(basename "$file")" != by_security_metrics.csv ] || continue
    same "$(head -n 1 "$file")" "$(cat "out/aggregated/$(basename "$file")")"
  done
  [ "$(awk -F, '$1 == "orders" { print $2 }' out/aggregated/global_summary.csv)" = 0 ]
  [ "$(wc -l <out/aggregated/metrics.csv)" -eq 5 ]
  [ "$(wc -l <out/aggregated/simulation_summary.csv)" -eq 4 ]
}

@test "analyse: the ledger accounts for every row and trade" {
  cd "$DATA/whole/run" || return
  awk -F, 'NR > 1 && $3 != $4 + $5 + $6 { bad = 1 } END { exit bad }' ledger.csv
  [ "$(awk -F, '$1 == "orders" && $2 == "all" { print $3 }' ledger.csv)" -eq 6000 ]
  trades=$(($(wc -l <"$DATA/trades.csv") - 1))
  [ "$(awk -F, '$1 == "trades" && $2 == "all" { print $7 + $8 }' ledger.csv)" -eq "$trades" ]
  # trades without an order, counted another way
  lonely=$(awk -F, 'FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    FNR == NR { seen[$column["order_id"] "x"] = 1; next }
    !(($column["orderid"] "x") in seen) { n++ } END { print n + 0 }' "$DATA/orders.csv" "$DATA/trades.csv")
  [ "$(awk -F, '$1 == "trades" && $2 == "all" { print $8 }' ledger.csv)" -eq "$lonely" ]
}

@test "analyse: bad rows of all tables go where they are told" {
  { cat "$DATA/orders.csv"; echo 'x,y'; } >orders.csv
  { cat "$DATA/trades.csv"; echo 'x,y'; } >trades.csv
  expect_status 1 analyse -j 2 --trades trades.csv --nbbo "$DATA/nbbo.csv" -o out orders.csv
  analyse -j 2 --bad-rows bad --trades trades.csv --nbbo "$DATA/nbbo.csv" -o out orders.csv
  [ "$(wc -l <bad)" -eq 2 ]
  # which has the number of rows read
  same_results "$DATA/whole" out -x aggregation_summary.json
}

@test "analyse: the job matrix is shown and kept" {
  same "$(grep -c '^security ' "$DATA/whole.log")" 0
  analyse --verbose -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv" 2>log
  grep -q '^security ' log
  grep -q '^4 securities, ' log
  analyse --verbose -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv" 2>log
  same "$(grep -c '^security ' log)" 0
  [ "$(awk -F, 'NR > 1 { n += $3 } END { print n }' "$DATA/whole/run/matrix.csv")" -eq 6000 ]
}

@test "analyse: two runs on one folder are refused" {
  mkdir -p out/run
  exec 9>out/run/lock
  flock 9
  expect_status 3 analyse --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  [[ $output == *'another run writes there'* ]]
}

@test "analyse: a table given as another, and a file given twice, are refused" {
  expect_status 1 analyse --trades "$DATA/orders.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/day-19968.csv"
  [[ $output == *"orders.csv: holds orders, not trades"* ]]
  expect_status 1 analyse --trades "$DATA/trades.csv" --nbbo "$DATA/orders.csv" -o out "$DATA/day-19968.csv"
  [[ $output == *"orders.csv: holds orders, not nbbo"* ]]
  expect_status 1 analyse --trades "$DATA/trades-a.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/trades.csv"
  [[ $output == *"trades.csv: holds trades, not orders"* ]]
  ln -s "$DATA/trades.csv" again.csv
  expect_status 2 analyse --trades "$DATA/trades.csv" --trades again.csv --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  [[ $output == *"is given twice"* ]]
  : >none
  expect_status 2 analyse --trades @none --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  sw-chunk -c order_id,security_code,timestamp,side,quantity,leavesquantity,participantid "$DATA/orders.csv" -o few.swr
  expect_status 1 analyse --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out few.swr
  [[ $output == *"few.swr: no column 'price'"* ]]
  # what one of several files lacks is said of that one; what changes the meaning of rows all have or none
  sw-chunk -c security_code,order_id,timestamp,price,quantity "$DATA/trades.csv" -o plain.swr
  sw-chunk -c security_code,order_id,timestamp,quantity,dealsource "$DATA/trades.csv" -o few.swr
  expect_status 1 analyse --trades "$DATA/trades.csv" --trades few.swr --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  same "$output" "analyse: few.swr: no column 'price'"
  expect_status 1 analyse --trades "$DATA/trades.csv" --trades plain.swr --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  same "$output" "analyse: some files of trades have a column 'dealsource', others have none"
  [ ! -e out ]
}

@test "analyse: sessions without names, --open that cannot be, and a pipe, are refused before anything is written" {
  local usual=(--trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv")
  printf '%s\n' security_code,timestamp,name 110621,1,OPEN >sessions.csv
  cut -d, -f 1-2 sessions.csv >nameless.csv
  sw-chunk -t sessions sessions.csv >sessions.swr
  expect_status 1 analyse --sessions nameless.csv "${usual[@]}"
  [[ $output == *"no column 'name'" ]]
  for sessions in sessions.csv sessions.swr; do
    expect_status 2 analyse --sessions "$sessions" --open A --open B "${usual[@]}"
    same "$output" 'sw-study: --open: given twice'
  done
  for sessions in /dev/stdin -; do
    expect_status 2 analyse --sessions "$sessions" "${usual[@]}" < <(cat sessions.csv)
    same "$output" "analyse: --sessions: $sessions: is read more than once, as a pipe cannot be; give a file"
    expect_status 2 match --ticks "$sessions" "${usual[@]}" < <(cat sessions.csv)
    [[ $output == *": $sessions: is read more than once"* ]]
  done
  [ ! -e out ]
}

@test "analyse: securities that are texts, with schemas of one's own" {
  for table in orders trades nbbo; do
    sed 's/^column security_code int/column security_code text/' "$TREE/share/schemas/$table.schema" >"$table.schema"
    awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^(security_?code|orderbookid)$/) c = i; print; next }
      { $c = "S." $c; print }' "$DATA/$table.csv" >"$table.csv"
  done
  analyse -j 2 -t orders.schema --trades-schema trades.schema --nbbo-schema nbbo.schema \
    --trades trades.csv --nbbo nbbo.csv -o out orders.csv
  cmp <(sed 's/S[.]//' out/aggregated/by_security.csv | sort) <(sort "$DATA/whole/aggregated/by_security.csv")
  cmp out/aggregated/simulation_summary.csv "$DATA/whole/aggregated/simulation_summary.csv"
  [ -d out/by_security/SEC_S.110621 ]
  # a code that no list can hold
  sed 's/S[.]110621/"a,b"/' orders.csv >odd.csv
  expect_status 1 analyse -j 2 -t orders.schema --trades-schema trades.schema --nbbo-schema nbbo.schema \
    --trades trades.csv --nbbo nbbo.csv -o odd odd.csv
  [[ $output == *"security_code 'a,b': cannot be analysed"* ]]
}

@test "analyse: quotes without a sequence" {
  cut -d, -f 3- "$DATA/nbbo.csv" >nbbo.csv
  analyse -j 2 --trades "$DATA/trades.csv" --nbbo nbbo.csv -o out "$DATA/orders.csv"
  cmp out/aggregated/metrics.csv "$DATA/whole/aggregated/metrics.csv"
}

@test "analyse: a file that changes while it is read" {
  cp "$DATA/orders.csv" orders.csv
  mkdir slow
  printf '#!/bin/sh\nsleep 0.5\nexec "%s/sw-sort" "$@"\n' "$SW_BIN" >slow/sw-sort
  chmod +x slow/sw-sort
  for program in "$SW_BIN"/sw-*; do [ -e "slow/${program##*/}" ] || ln -s "$program" slow/; done
  ln -s "$TREE/share" share
  SW_BIN=$PWD/slow analyse -j 1 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out orders.csv >log 2>&1 &
  run=$!
  while [ -z "$(ls out/run/chunks/running 2>/dev/null)" ]; do sleep 0.02; done
  sleep 0.2
  sed -n 2p "$DATA/orders.csv" >>orders.csv
  status=0
  wait "$run" || status=$?
  [ "$status" -eq 1 ]
  grep -q 'orders.csv: changed while it was read' log
  [ ! -e out/aggregated ]
}

@test "analyse: other files in its folders stay" {
  mkdir -p out/aggregated
  echo mine >out/aggregated/notes.txt
  analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  analyse -j 2 --impact 7 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv"
  same mine "$(cat out/aggregated/notes.txt)"
}

@test "analyse: what a job complains of is found in the files" {
  id=$(sed -n 2p "$DATA/orders.csv" | cut -d, -f 1)
  awk -F, -v OFS=, -v id="$id" '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
    { print }
    ($1 "") == id && !done { $column["side"] = 3 - $column["side"]; $column["sequence"] = 999999999; print; done = 1 }' \
    "$DATA/orders.csv" >orders.csv
  expect_status 1 analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out orders.csv
  [[ $output == *"order $id: side changes"* ]]
  [[ $output == *"orders.csv:2:$id,"* ]]
  [[ $output == *"orders.csv:3:$id,"* ]]
  same "$(cut -f 7 out/run/securities/status/* | sort -u | grep .)" "$id"
  expect_status 1 sw-monitor --run out --once --json
  [[ $output == *'1 of '*' jobs failed' ]]
}

# bats test_tags=check
@test "analyse: make runs it, does nothing twice, and makes again what was removed" {
  run_make() {
    make --no-print-directory -C "$TREE" BIN="$SW_BIN" BUILD="$BATS_TEST_TMPDIR/build" ORDERS="$DATA/day-*.csv" TRADES="$DATA/trades.csv" \
      NBBO="$DATA/nbbo.csv" OUT="$BATS_TEST_TMPDIR/out" SELECTORS='-H 10-12' -o all analyse
  }
  [[ $SW_BIN == "$TREE/bin" ]] || skip 'not the build of this tree'
  run_make
  expect_status 0 run_make
  [[ $output == *'is up to date'* ]]
  rm -r out/aggregated
  run_make
  [ -e out/aggregated/metrics.csv ]
}

# aggregates_by CODE: programs in beside/bin, of which sw-agg, sw-metrics and sw-simulate, where they make an analysis' aggregates, run that code for
# a shell first, in which `it` is partial, metrics, by_security, costs or summary; a run of them that needs nothing but its aggregates.
aggregates_by() {
  local program
  mkdir -p beside/bin
  ln -sfn "$TREE/share" beside/share
  ln -sf "$SW_BIN"/sw-* beside/bin/
  for program in sw-agg sw-metrics sw-simulate; do
    rm beside/bin/$program
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/bash\ncase "$* " in *--merge*) it=partial ;; *"measures costs"*/tca\ *) it=costs ;; *--summary*/aggregated/*) it=summary ;;
      */by_security_metrics.csv*) it=by_security ;; */aggregated/metrics.csv*) it=metrics ;; *) exec %s "$@" ;; esac\n%s\nexec %s "$@"\n' \
      "$SW_BIN/$program" "$1" "$SW_BIN/$program" >beside/bin/$program
    chmod +x beside/bin/$program
  done
  aggregated() {
    rm -rf out/aggregated out/run/aggregated out/run/complete log began 'done'
    SW_BIN=$PWD/beside/bin analyse --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$@" "$DATA/orders.csv"
  }
}

@test "analyse: as many of its aggregates are made at a time as there are workers" {
  # shellcheck disable=SC2016 # for the script
  aggregates_by 'echo "begin $it" >>log; trap "echo end \$it >>log" EXIT; [ ! -p began ] || case $it in costs) echo >began ;; partial) read -r _ <began ;; esac
    "$0.real" "$@"; exit'
  for program in sw-agg sw-metrics sw-simulate; do ln -s "$SW_BIN/$program" beside/bin/$program.real; done
  aggregated -j 1 2>/dev/null
  diff -r "$DATA/whole/aggregated" out/aggregated
  same "$(paste -s -d ' ' log)" "$(for it in costs partial metrics by_security summary; do printf 'begin %s end %s ' $it $it; done | sed 's/ $//')"
  # Neither of the first two ends before both have begun.
  cp -r out whole
  rm -rf out/aggregated out/run/aggregated out/run/complete log
  mkfifo began
  SW_BIN=$PWD/beside/bin timeout 60 analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv" 2>/dev/null
  diff -r whole/aggregated out/aggregated
  same "$(sort log | uniq -c | awk '{ print $1 }' | paste -s -d ' ')" '1 1 1 1 1 1 1 1 1 1'
  awk '$1 == "begin" { if (++n > 2) exit 1 } $1 == "end" { n-- }' log
}

@test "analyse: of aggregates that fail the first one, in their order, tells why, and nothing of them is left" {
  # shellcheck disable=SC2016 # for the script
  aggregates_by 'case $it in metrics) until [ -e done ]; do sleep 0.01; done; echo "the first" >&2; exit 3 ;; by_security) echo "the second" >&2; touch done; exit 2 ;; esac'
  analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv" 2>/dev/null
  expect_status 3 aggregated -j 2
  [[ $output == *'the first'* && $output != *'the second'* ]]
  [ ! -e out/aggregated ]
  # shellcheck disable=SC2016 # for the script
  aggregates_by 'case $it in by_security) kill -KILL $$ ;; esac'
  expect_status 3 aggregated -j 2
  [[ $output == *'ended by signal 9'* ]]
  [ ! -e out/aggregated ]
  aggregates_by ''
  aggregated -j 2 2>/dev/null
  diff -r "$DATA/whole/aggregated" out/aggregated
}

@test "analyse: a run that is ended while it makes its aggregates ends these" {
  # shellcheck disable=SC2016 # for the script
  aggregates_by 'case $it in costs | partial) echo $$ >>log; exec sleep 60 ;; esac'
  for signal in TERM HUP; do
    rm -rf out/run/aggregated out/run/complete log
    SW_BIN=$PWD/beside/bin analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv" 2>/dev/null &
    run=$!
    until [ "$(wc -l 2>/dev/null <log)" = 2 ]; do sleep 0.02; done
    mapfile -t sleepers < <(sed 's,^,/proc/,' log)
    kill -s $signal $run
    status=0
    wait $run || status=$?
    same "$status" $((128 + $(kill -l $signal)))
    # Who is nobody's child any more may stay a zombie for a while.
    # shellcheck disable=SC2016 # for awk
    silent awk '$3 != "Z" { print }' <(cat "${sleepers[@]/%//stat}" 2>/dev/null || :)
  done
  analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv" 2>/dev/null
  diff -r "$DATA/whole/aggregated" out/aggregated
}

@test "analyse: which order is wrong the program says, not its message" {
  sw-chunk "$DATA/orders.csv" -o orders.swr && sw-chunk "$DATA/trades.csv" -o trades.swr && sw-chunk "$DATA/nbbo.csv" -o nbbo.swr
  sw-sort -k security_code,order_id,timestamp orders.swr -o sorted.swr
  id=$(sw-cut -c order_id --no-header sorted.swr | uniq -d | sed -n 3p)
  sw-cut sorted.swr | awk -F, -v OFS=, -v id="$id" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } ($1 "") == id && n++ { $at["side"] = 3 - $at["side"] } { print }' >turned.csv
  sw-chunk turned.csv -o turned.swr
  sw-sort -k security_code,order_id,timestamp trades.swr -o trades.sorted.swr
  sw-sort -k security_code,timestamp nbbo.swr -o nbbo.sorted.swr
  expect_status 1 sw-study --wrong-order wrong --trades trades.sorted.swr --nbbo nbbo.sorted.swr -o out turned.swr
  [[ $output == *"order $id: side changes"* ]]
  same "$(cat wrong)" "$id"
  rm wrong
  expect_status 1 sw-match --wrong-order wrong --trades trades.sorted.swr --nbbo nbbo.sorted.swr -o matches turned.swr
  same "$(cat wrong)" "$id"
  rm wrong
  sw-study --wrong-order wrong --trades trades.sorted.swr --nbbo nbbo.sorted.swr -o other sorted.swr
  [ ! -e wrong ]
}
