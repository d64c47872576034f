#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The bench's harness on little data, without peers: that it measures, that it compares answers, that it notices a wrong one. No test here
# looks at how long anything took.
# bats file_tags=check, plain

load helper

setup() {
  [[ $SW_BIN != *asan* ]] || skip 'figures of a sanitizer are nobody'\''s'
  export DATA=$BATS_TEST_TMPDIR/data RESULTS=$BATS_TEST_TMPDIR/results RUNS=1 ROWS=10000 PEERS=
}

@test "bench: every task of the table, without peers" {
  "$TREE/bench/run" T1 T2 T3 T4 T5 T6 T8 T10 T11 T12 >"$BATS_TEST_TMPDIR/out"
  local task
  for task in T1 T2 T3 T4 T5 T6 T8 T10 T11 T12; do
    # A run that was watched and one that was timed; seconds and bytes that are more than nothing.
    [ "$(awk -F, -v task="$task" '$1 == task && $2 == "sw" && $5 > 0 && $9 > 0' "$RESULTS/runs.csv" | wc -l)" -eq 2 ]
    grep -q "^$task  *sw " "$RESULTS/table.txt"
  done
  [ "$(awk -F, 'NR > 1 && $4 == 0 && $8 > 0' "$RESULTS/runs.csv" | wc -l)" -eq 10 ]
  # What the study's tasks write: text, Parquet, and no files of orders.
  ls "$DATA"/answers/T10-sw/by_security/*/*/simulation.csv.gz "$DATA"/answers/T11-sw/by_security/*/*/simulation.parquet >/dev/null
  [ -z "$(find "$DATA/answers/T12-sw/by_security" -type f)" ]
  [ ! -e "$DATA/away" ]
  cmp "$BATS_TEST_TMPDIR/out" "$RESULTS/table.txt"
}

@test "bench: ours by security are the groups that awk finds" {
  "$TREE/bench/run" T2 >/dev/null
  awk -F, 'NR > 1 { rows[$3]++; full[$3] += $7 == 0 && $11 > 0; asked = $6 > $7 + $11 ? $6 : $7 + $11; quantity[$3] += asked; value[$3] += $4 * asked }
    END { for (s in rows) printf "%s,%d,%d,%.0f,%.15g\n", s, rows[s], full[s], quantity[s], value[s] }' \
    "$DATA/orders-$ROWS.csv" | sort >"$BATS_TEST_TMPDIR/wanted"
  [ -s "$BATS_TEST_TMPDIR/wanted" ]
  tail -n +2 "$DATA/answers/T2-sw/aggregated/groups.csv" | cut -d, -f 1-3,5- | sort >"$BATS_TEST_TMPDIR/ours"
  cmp "$BATS_TEST_TMPDIR/ours" "$BATS_TEST_TMPDIR/wanted"
}

@test "bench: files of vendors, without peers" {
  VENDOR_ROWS=500 "$TREE/bench/vendors" b3 >"$BATS_TEST_TMPDIR/out"
  cmp "$BATS_TEST_TMPDIR/out" "$RESULTS/vendors.txt"
  grep -q '^b3  *sw ' "$RESULTS/vendors.txt"
  python3 "$TREE/bench/vendor_rows.py" b3 500 | tr , . | awk -F';' 'NR > 1 { rows[$2]++; quantity[$2] += $5; value[$2] += $4 * $5 }
    END { for (s in rows) printf "%s,%d,%d,%.10g\n", s, rows[s], quantity[s], value[s] }' | sort >"$BATS_TEST_TMPDIR/wanted"
  [ "$(wc -l <"$BATS_TEST_TMPDIR/wanted")" -eq 6 ]
  tail -n +2 "$DATA/vendor-answers/sw/aggregated/groups.csv" | cut -d, -f 1-4 | cmp - "$BATS_TEST_TMPDIR/wanted"
}

@test "bench: ours of the last states are those that sqlite finds" {
  skip_without sqlite3
  sw-gen --rows 10000 --stdout orders >"$BATS_TEST_TMPDIR/orders.csv"
  "$TREE/bench/ours/last-states" "$BATS_TEST_TMPDIR/orders.csv" "$BATS_TEST_TMPDIR/ours"
  run sqlite3 -csv :memory: ".import '$BATS_TEST_TMPDIR/orders.csv' events" "
    SELECT count(*), sum(leavesquantity) FROM (SELECT leavesquantity, row_number() OVER (PARTITION BY order_id
      ORDER BY cast(timestamp AS int) DESC, cast(sequence AS int) DESC) AS place FROM events) WHERE place = 1"
  same "$(tail -n 1 "$BATS_TEST_TMPDIR/ours")" "$output"
}

@test "bench: another sum of a study is another answer, the eleventh digit of a float is none" {
  cd "$BATS_TEST_TMPDIR"
  . "$TREE/bench/answers.sh"
  mkdir -p ours/aggregated
  printf '%s\n' scenario,orders,amended,unequal,quantity,actual_cost,simulated_cost,cost_difference,savings,avg_midprice,without_quote,old_quotes,oldest_quote_age \
    unlimited,290,14,2,803,3926.5,3925.25,1.25,-316687778.115302,4902.591839,3,12,874 >ours/aggregated/simulation_summary.csv
  printf '%s\n' group,orders,full_fills,quantity_traded,asked_quantity,avg_execution_cost FULLY_FILLED,290,290,803,803,4.889788 \
    NOT_EXECUTED,0,0,0,0, OVERALL,290,290,803,803,4.889788 >ours/aggregated/metrics.csv
  # Theirs: columns in another order, quoted, no line of a group without orders.
  other() {
    rm -rf theirs
    mkdir -p theirs/aggregated
    printf '%s\n' '"savings","orders",scenario,amended,unequal,quantity,actual_cost,simulated_cost,avg_midprice,without_quote,old_quotes,oldest_quote_age' \
      "$1,$2,\"unlimited\",14,2,803,3926.5000,3925.25,4902.5918391,3,12,874" >theirs/aggregated/simulation_summary.csv
    printf '%s\n' group,orders,quantity_traded,asked_quantity,avg_execution_cost FULLY_FILLED,290,803,803,4.88978829 >theirs/aggregated/metrics.csv
  }
  other -316687778.11530 290
  same_answer T10 ours theirs
  other -316687778.31530 290
  run same_answer T10 ours theirs
  [ "$status" -ne 0 ]
  other -316687778.115302 291
  run same_answer T10 ours theirs
  [ "$status" -ne 0 ]
}

@test "bench: a peer that answers otherwise ends it, before a time is printed" {
  skip_without mawk
  mkdir "$BATS_TEST_TMPDIR/path"
  printf '#!/bin/sh\n"%s" "$@" | sed "s/,[0-9]*$/,7/"\n' "$(command -v mawk)" >"$BATS_TEST_TMPDIR/path/mawk"
  chmod +x "$BATS_TEST_TMPDIR/path/mawk"
  PATH="$BATS_TEST_TMPDIR/path:$PATH" PEERS=grep-mawk expect_status 1 "$TREE/bench/run" T1
  [[ $output == *'T1: grep-mawk gives another answer than sw'* ]]
  [ ! -e "$RESULTS/table.txt" ]
  PEERS=grep-mawk expect_status 0 "$TREE/bench/run" T1
  grep -q 'times as fast as grep-mawk' "$RESULTS/table.txt"
}

@test "bench: a study without costs stands beside ours, and has no file of them" {
  PEERS=sw-no-costs "$TREE/bench/run" T12 >/dev/null
  same "$(awk -F, '$1 == "T12" && $2 == "sw-no-costs" && $5 > 0' "$RESULTS/runs.csv" | wc -l)" 2
  grep -q '^T12  *sw-no-costs ' "$RESULTS/table.txt"
  [ -e "$DATA/answers/T12-sw/aggregated/tca" ]
  [ -e "$DATA/answers/T12-sw-no-costs/aggregated/by_date.csv" ]
  [ ! -e "$DATA/answers/T12-sw-no-costs/aggregated/tca" ]
  printf '%s\n' task,who,pair,run,seconds,cpu_seconds,largest_kib,together_kib,bytes T12,sw,sw-no-costs,1,8,8,1,1,1 T12,sw-no-costs,sw-no-costs,1,4,4,1,1,1 \
    T12,sw,duckdb-csv,1,9,9,1,1,1 T12,duckdb-csv,duckdb-csv,1,27,27,1,1,1 >"$BATS_TEST_TMPDIR/runs.csv"
  awk -f "$TREE/bench/table.awk" "$BATS_TEST_TMPDIR/runs.csv" | grep -qx 'T12      3.00 times as fast as duckdb-csv, the best of the peers here; 6.00 without costs'
}

@test "bench: a peer that fails is left out and told" {
  skip_without mawk
  mkdir "$BATS_TEST_TMPDIR/path"
  printf '#!/bin/sh\nexit 9\n' >"$BATS_TEST_TMPDIR/path/mawk"
  chmod +x "$BATS_TEST_TMPDIR/path/mawk"
  PATH="$BATS_TEST_TMPDIR/path:$PATH" PEERS=grep-mawk expect_status 0 "$TREE/bench/run" T1
  [[ $output == *'T1: grep-mawk is left out'* ]]
}

@test "bench: a task that does not exist is wrong usage" {
  expect_status 2 "$TREE/bench/run" T7
}

@test "bench: the meter sees all processes, and passes the status on" {
  cc -std=gnu11 -D_GNU_SOURCE -o "$BATS_TEST_TMPDIR/measure" "$TREE/bench/measure.c"
  local grow='bytearray(60 << 20); import time; time.sleep(0.4)'
  run "$BATS_TEST_TMPDIR/measure" -s 10 -o "$BATS_TEST_TMPDIR/figures" \
    bash -c "python3 -c 'a = $grow' & python3 -c 'a = $grow' & wait; exit 7"
  [ "$status" -eq 7 ]
  local seconds largest together
  IFS=$'\t' read -r seconds _ largest together <"$BATS_TEST_TMPDIR/figures"
  [[ $seconds != 0.0* ]]
  [ "$largest" -gt $((60 * 1024)) ]
  [ "$largest" -lt $((100 * 1024)) ]
  [ "$together" -gt $((120 * 1024)) ]
  run "$BATS_TEST_TMPDIR/measure" -o "$BATS_TEST_TMPDIR/figures" sh -c 'kill -TERM $$'
  [ "$status" -eq 143 ]
}

@test "bench: what grows with the rows has its slope" {
  PIPE_ROWS='10000 20000' FILE_ROWS=10000 ANALYSE_ROWS='' "$TREE/bench/scale" >"$BATS_TEST_TMPDIR/out"
  [ "$(grep -c '^pipe ' "$RESULTS/scale.txt")" -eq 2 ]
  [ "$(awk '$1 == "pipe" && NF == 7' "$RESULTS/scale.txt" | wc -l)" -eq 1 ]
}
