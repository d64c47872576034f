#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Runs that are ended in the middle, and go on.
# bats file_tags=plain

load helper

setup_file() {
  export DATA="$BATS_FILE_TMPDIR/data"
  mkdir "$DATA"
  cd "$DATA" || return
  sw-gen --rows 60000 --securities 12 --days 3 --seed 5 -o .
  report -j 1 -o whole-report orders.csv
  extract -j 1 -H 10-13 -o whole.csv orders.csv
  analyse -j 1 --trades trades.csv --nbbo nbbo.csv -o whole-analyse orders.csv 2>/dev/null
}

teardown_file() {
  rm -rf "$DATA"
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

run_of() {
  case $1 in
    report) report -j 2 -b 256K -o out "${@:2}" "$DATA/orders.csv" ;;
    extract) extract -j 2 -b 256K -H 10-13 -o out.csv "${@:2}" "$DATA/orders.csv" ;;
    analyse) analyse -j 2 -b 256K --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "${@:2}" "$DATA/orders.csv" ;;
  esac
}

# end_of_run SIGNAL SECONDS PIPELINE: begins a run in a group of its own, and sends all of the group the signal.
end_run() {
  local process
  export -f run_of
  # shellcheck disable=SC2016 # for the inner shell
  setsid bash -c 'run_of "$0"' "$3" >log 2>&1 &
  process=$!
  sleep "$2"
  kill -s "$1" -- "-$process" 2>/dev/null || :
  wait "$process" 2>/dev/null || :
}

# The parts that are there, with the file each of them is.
parts() {
  find_any out/run/parts out.csv.run/parts -name '*.tally' -size +0 -printf '%p %i\n' | sort
}

same_results() {
  case $1 in
    report) diff -r "$DATA/whole-report/aggregated" out/aggregated ;;
    extract) cmp "$DATA/whole.csv" out.csv ;;
    analyse) diff -r "$DATA/whole-analyse/aggregated" out/aggregated && diff -r "$DATA/whole-analyse/by_security" out/by_security ;;
  esac
}

# Ends a run of the pipeline again and again, a little later each time, and lets the last one end by itself.
end_again_and_again() {
  local pipeline=$1 delay
  for delay in 0.1 0.25 0.4 0.6 0.9; do
    end_run KILL "$delay" "$pipeline"
    parts >before
    run_of "$pipeline" --kill-orphans >log 2>&1 || { cat log; return 1; }
    # nothing that was whole was made again
    if [ "$pipeline" != extract ]; then
      parts >after
      silent comm -23 before after
    fi
    same_results "$pipeline"
    rm -rf out out.csv out.csv.run
  done
}

# bats test_tags=check
@test "resume: a report that is killed goes on where it was" {
  end_again_and_again report
}

@test "resume: an extract that is killed goes on where it was, and leaves nothing but its result" {
  end_again_and_again extract
  run_of extract
  [ ! -e out.csv.run ]
}

# bats test_tags=check
@test "resume: an analysis that is killed goes on where it was" {
  end_again_and_again analyse
}

@test "resume: jobs that outlive a killed run are waited for, or ended" {
  # the run alone is killed; its jobs go on, until they may end, and hold the folder
  mkdir slow
  printf '#!/bin/sh\nuntil [ -e "%s/go" ]; do sleep 0.05; done\nexec "%s/sw-classify" "$@"\n' "$PWD" "$SW_BIN" >slow/sw-classify
  for program in "$SW_BIN"/sw-*; do [ -e "slow/${program##*/}" ] || ln -s "$program" slow/; done
  chmod +x slow/sw-classify
  ln -sfn "$TREE/share" share
  for option in '' --kill-orphans; do
    rm -rf out go
    # shellcheck disable=SC2086
    SW_BIN=$PWD/slow report -j 2 -b 1M -o out "$DATA/orders.csv" 2>/dev/null &
    process=$!
    while [ -z "$(ls out/run/running 2>/dev/null)" ]; do sleep 0.02; done
    sleep 0.3
    kill -KILL "$process"
    wait "$process" 2>/dev/null || :
    # shellcheck disable=SC2086
    report -j 2 -b 1M $option -o out "$DATA/orders.csv" 2>log &
    process=$!
    if [ -z "$option" ]; then
      until grep -q 'waiting for jobs of a run that was killed' log; do kill -0 "$process"; sleep 0.05; done
      : >go
    fi
    wait "$process" || { cat log; return 1; }
    diff -r "$DATA/whole-report/aggregated" out/aggregated
  done
}

@test "resume: a changed file is noticed by its size, its time, its ends, or wholly where that is asked for" {
  cp "$DATA/orders.csv" orders.csv
  report -j 2 -b 1M -o out orders.csv
  touch -r orders.csv mark
  # a digit in the middle, size and time as they were
  at=$(($(wc -c <orders.csv) / 2))
  line=$(head -c "$at" orders.csv | wc -l)
  awk -F, -v OFS=, -v line="$line" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "quantity") q = i } NR == line { $q = ($q + 1) % 10 substr($q, 2) } { print }' orders.csv >changed.csv
  [ "$(wc -c <changed.csv)" -eq "$(wc -c <orders.csv)" ]
  expect_status 1 cmp -s changed.csv orders.csv
  cat changed.csv >orders.csv
  touch -r mark orders.csv
  report -j 2 -b 1M -o fresh changed.csv
  report -j 2 -b 1M --verify-inputs -o out orders.csv
  diff -r fresh/aggregated out/aggregated
  # with another time it needs no reading
  cat "$DATA/orders.csv" >orders.csv
  report -j 2 -b 1M -o out orders.csv
  diff -r "$DATA/whole-report/aggregated" out/aggregated
}

# another_version FOLDER: the programs as they would be, said they another version.
another_version() {
  local program version
  version=$(sw-chunk --version)
  version=${version##* }
  mkdir -p "$1/bin"
  ln -s "$TREE/share" "$1/share"
  for program in "$SW_BIN"/sw-*; do
    sed "s/${version//./\\.}/${version//[0-9]/9}/g" "$program" >"$1/bin/${program##*/}"
    chmod +x "$1/bin/${program##*/}"
  done
  [ "$("$1/bin/sw-chunk" --version)" = "sw-chunk ${version//[0-9]/9}" ]
}

# bats test_tags=check
@test "resume: nothing that another version made is kept" {
  another_version "$PWD/other"
  for pipeline in report analyse; do
    SW_BIN=$PWD/other/bin run_of "$pipeline" 2>log || { cat log; return 1; }
    parts >before
    [ -s before ]
    run_of "$pipeline" 2>log
    parts >after
    same "$(wc -l <before)" "$(wc -l <after)"
    silent comm -12 before after
    same_results "$pipeline"
    [ "$pipeline" = report ] || [ "$(wc -l <out/run/securities/jobs)" -eq 12 ]
    # but what this one made is
    run_of "$pipeline" 2>log
    parts | cmp after -
    rm -rf out
  done
}

# damage FILE AT: another byte there.
damage() {
  local byte
  byte=$(od -An -tu1 -j "$2" -N 1 "$1")
  printf '%b' "\\$(printf '%03o' $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

@test "resume: a damaged part of a report is found and made again" {
  run_of report
  part=$(find out/run/parts -name '*.states' | head -n 1)
  damage "$part" 2000
  parts >before
  rm out/aggregated/by_date.csv
  run_of report 2>log
  grep -q "${part##*/}: damaged" log
  same_results report
  parts >after
  [ "$(comm -13 before after | wc -l)" -eq 1 ]
}

# bats test_tags=check
@test "resume: a damaged part of an analysis fails its security, and the next run makes both again" {
  run_of analyse
  rm -r out/run/securities/results out/by_security
  part=out/run/$(awk -F '\t' '$1 == "orders" { print $5; exit }' out/run/chunks/all).swr
  damage "$part" 6000
  expect_status 1 run_of analyse
  [[ $output == *"1 of 12 securities failed"*"${part##*/}: damaged"* ]]
  run_of analyse
  [ "$(wc -l <out/run/chunks/jobs)" -eq 1 ]
  [ "$(wc -l <out/run/securities/jobs)" -eq 1 ]
  same_results analyse
}
