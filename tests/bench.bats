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
  "$TREE/bench/run" T1 T2 T3 T4 T5 T6 T8 >"$BATS_TEST_TMPDIR/out"
  local task
  for task in T1 T2 T3 T4 T5 T6 T8; do
    # A run that was watched and one that was timed; seconds and bytes that are more than nothing.
    [ "$(awk -F, -v task="$task" '$1 == task && $2 == "sw" && $5 > 0 && $9 > 0' "$RESULTS/runs.csv" | wc -l)" -eq 2 ]
    grep -q "^$task  *sw " "$RESULTS/table.txt"
  done
  [ "$(awk -F, 'NR > 1 && $4 == 0 && $8 > 0' "$RESULTS/runs.csv" | wc -l)" -eq 7 ]
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

@test "bench: ours of the last states are those that sqlite finds" {
  skip_without sqlite3
  sw-gen --rows 10000 --stdout orders >"$BATS_TEST_TMPDIR/orders.csv"
  "$TREE/bench/ours/last-states" "$BATS_TEST_TMPDIR/orders.csv" "$BATS_TEST_TMPDIR/ours"
  run sqlite3 -csv :memory: ".import '$BATS_TEST_TMPDIR/orders.csv' events" "
    SELECT count(*), sum(leavesquantity) FROM (SELECT leavesquantity, row_number() OVER (PARTITION BY order_id
      ORDER BY cast(timestamp AS int) DESC, cast(sequence AS int) DESC) AS place FROM events) WHERE place = 1"
  same "$(tail -n 1 "$BATS_TEST_TMPDIR/ours")" "$output"
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
