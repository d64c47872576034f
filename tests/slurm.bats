#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Pipelines as Slurm job arrays (pipelines/slurm), in a Slurm of one node that the test begins and ends.
# bats file_tags=check, plain

load helper
# shellcheck source=tests/slurm-rig.sh
. "$TREE/tests/slurm-rig.sh"

setup_file() {
  MISSING=$(slurm_missing)
  export MISSING
  [ -z "$MISSING" ] || return 0
  export DATA="$BATS_FILE_TMPDIR/data"
  sw-gen --rows 8000 --securities 5 --participants 6 --days 2 --seed 3 -o "$DATA"
  slurm_open "$BATS_FILE_TMPDIR/rig"
}

teardown_file() { [ -z "${SLURM_RIG-}" ] || slurm_close; }

setup() {
  [ -z "$MISSING" ] || skip "$MISSING"
  out=$BATS_TEST_TMPDIR/out
  orders=$DATA/orders.csv
}

@test "slurm: a report in batches of one array has one machine's bytes" {
  report -j 1 -o "$BATS_TEST_TMPDIR/one" "$orders"
  SW_SLURM_BATCHES=3 slurm --partition=short --comment='of a test' report -j 2 -b 64K -o "$out" "$orders"
  diff -r "$BATS_TEST_TMPDIR/one/aggregated" "$out/aggregated"
  [ "$(wc -l <"$out/run/jobs")" -gt 3 ]
  same "$(cd "$out/run/slurm" && echo *.log)" '0.log 1.log 2.log'
  same "$(wc -l <"$out/run/joblog")" $(($(cat "$out/run/jobs" "$out/run/orders/jobs" | wc -l) + 1))
}

@test "slurm: an analysis has one machine's bytes" {
  analysis=(--trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" "$orders")
  analyse -j 1 -o "$BATS_TEST_TMPDIR/one" "${analysis[@]}"
  SW_SLURM_BATCHES=4 slurm analyse -b 256K -o "$out" "${analysis[@]}"
  diff -r "$BATS_TEST_TMPDIR/one/by_security" "$out/by_security"
  diff -r "$BATS_TEST_TMPDIR/one/aggregated" "$out/aggregated"
  cmp "$BATS_TEST_TMPDIR/one/run/ledger.csv" "$out/run/ledger.csv"
}

@test "slurm: the dark book has one machine's bytes" {
  analysis=(--trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" "$orders")
  match -j 1 -o "$BATS_TEST_TMPDIR/one" "${analysis[@]}"
  SW_SLURM_BATCHES=4 slurm match -b 256K -o "$out" "${analysis[@]}"
  diff -r "$BATS_TEST_TMPDIR/one/by_security" "$out/by_security"
  diff -r "$BATS_TEST_TMPDIR/one/aggregated" "$out/aggregated"
}

@test "slurm: bad data is status 1, is said as on one machine, and begins no further job" {
  sed '5000s/^\([^,]*\),[^,]*,/\1,x,/' "$orders" >"$BATS_TEST_TMPDIR/orders.csv"
  expect_status 1 slurm report -j 1 -b 128K -o "$out" "$BATS_TEST_TMPDIR/orders.csv"
  [[ $output == *'orders.csv:@'*'timestamp: not a time'* ]]
  [[ ! -e $out/aggregated/global_summary.csv ]]
  [ "$(cat "$out"/run/status/* | wc -l)" -lt "$(wc -l <"$out/run/jobs")" ]
}

@test "slurm: a run that is ended ends its array, and the next one goes on" {
  local array made
  mkdir "$BATS_TEST_TMPDIR/bin"
  ln -s "$SW_BIN"/sw-* "$BATS_TEST_TMPDIR/bin/"
  rm "$BATS_TEST_TMPDIR/bin/sw-agg"
  # The second chunk takes its time.
  # shellcheck disable=SC2016
  printf '#!/bin/sh\ncase "$*" in *--partial*) [ ! -e "%s" ] || sleep 30; : >"%s" ;; esac\nexec "%s" "$@"\n' \
    "$BATS_TEST_TMPDIR/one" "$BATS_TEST_TMPDIR/one" "$SW_BIN/sw-agg" >"$BATS_TEST_TMPDIR/bin/sw-agg"
  chmod +x "$BATS_TEST_TMPDIR/bin/sw-agg"
  ln -s "$TREE/share" "$BATS_TEST_TMPDIR/share"
  SW_BIN=$BATS_TEST_TMPDIR/bin slurm report -j 1 -b 128K -o "$out" "$orders" 3>&- &
  pipeline=$!
  for _ in $(seq 100); do [ "$(cat "$out"/run/status/* 2>/dev/null | wc -l)" -eq 0 ] || break; sleep 0.1; done
  kill "$pipeline"
  wait "$pipeline" || status=$?
  same "$status" 143
  array=$(cat "$out/run/slurm/array")
  for _ in $(seq 100); do [[ -n $(squeue -h -j "$array" 2>/dev/null) ]] || break; sleep 0.1; done
  [ -z "$(squeue -h -j "$array" 2>/dev/null)" ]
  made=$(find "$out/run/parts" -name '*.tally' | wc -l)
  [ "$made" -ge 1 ]
  slurm report -b 128K -o "$out" "$orders"
  same "$(wc -l <"$out/run/jobs")" $(($(wc -l <"$out/run/all") - made))
  report -j 1 -o "$BATS_TEST_TMPDIR/alone" "$orders"
  diff -r "$BATS_TEST_TMPDIR/alone/aggregated" "$out/aggregated"
}

@test "slurm: wrong usage is 2, what sbatch refuses is 3 and said" {
  expect_status 2 slurm
  expect_status 2 slurm --partition short report -o "$out" "$orders"
  expect_status 2 slurm report -o "$out"
  expect_status 3 slurm --partition=none report -b 64K -o "$out" "$orders"
  [[ $output == *'report: sbatch: '*artition* ]]
  slurm --help | grep -q '^usage: slurm'
  [[ $(slurm --version) == 'slurm '[0-9]* ]]
}
