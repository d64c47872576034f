#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Files of a run that were damaged since: a byte, a block of zeros, an end that never reached the disk. They are found when they are
# next read, what depends on them is made again, and no result is ever wrong.
# bats file_tags=check, plain

load helper
load endurance

setup_file() {
  endurance_data "$BATS_FILE_TMPDIR/data" 30000
}

# flip FILE [AT]: another byte there, or anywhere.
flip() {
  local size byte at
  size=$(stat -c %s "$1")
  at=${2:-$(((RANDOM * 32768 + RANDOM) % size))}
  byte=$(od -An -tu1 -j "$at" -N 1 "$1")
  printf '%b' "\\$(printf '%03o' $((byte ^ (1 << RANDOM % 8))))" | dd of="$1" bs=1 seek="$at" conv=notrunc status=none
  echo "$1: byte $at" >&2
}

# half_done PIPELINE: a run whose results are gone, its parts being there.
half_done() {
  run_of "$1" --keep yes 2>log || { cat log; return 1; }
  rm -rf out/aggregated out/run/aggregated out/run/complete out/run/ledger.csv out.csv out.swr
}

# goes_on PIPELINE: it does, at once or, where it says what was damaged, with the next run.
goes_on() {
  run_of "$1" 2>log || { grep -q damaged log && run_of "$1" 2>log; } || { cat log; return 1; }
  same_results "$1"
}

intermediate() {
  find_any out/run out.*.run -type f -size +0 ! -path '*/logs/*' ! -path '*/status/*' ! -path '*/running/*' | sort
}

# remade NUMBER: so many of the tallies noted in `before` are others now.
remade() {
  whole_parts | grep tally >after
  [ "$(comm -13 before after | wc -l)" -eq "$1" ]
}

@test "damage: a byte of the rows of an extract is found, and that chunk alone made again" {
  half_done extract
  whole_parts >before
  flip "$(find out.csv.run -name '*.rows' -size +0 | sort | head -n 1)"
  run_of extract --keep yes 2>log
  grep -q 'rows: damaged' log
  same_results extract
  remade 1
}

@test "damage: a byte of a part of a conversion is found, and that chunk alone made again" {
  half_done convert
  whole_parts >before
  flip "$(find out.swr.run -name '*.rows' | sort | head -n 1)"
  run_of convert --keep yes 2>log
  grep -q 'rows: damaged' log
  same_results convert
  remade 1
}

@test "damage: a plan with another digit loses no row" {
  for pipeline in "${PIPELINES[@]}"; do
    half_done "$pipeline"
    plan=$(find_any out/run out.*.run -name plan | sort | head -n 1)
    sed -i '2s/3/4/; 2s/2\t/3\t/' "$plan"
    goes_on "$pipeline"
    forget_run
  done
}

@test "damage: a list or a tally with another digit changes nothing" {
  for ending in list tally; do
    run_of analyse 2>log
    file=$(find out/run/parts -name "*.$ending" | sort | head -n 1)
    sed -i 's/[0-8]\(\t[0-9]*\)*$/9\1/' "$file"
    rm out/aggregated/metrics.csv
    goes_on analyse
    forget_run
  done
}

@test "damage: what an analysis counted and computed of a security is made again where it is another" {
  run_of analyse 2>log
  for file in tally orders.swr simulation_sums.swr tca.swr partial.swr; do
    file=$(find out/run/securities/results -name "$file" | sort | head -n 1)
    flip "$file" $(($(stat -c %s "$file") / 2))
    rm out/aggregated/metrics.csv
    run_of analyse 2>log || { cat log; return 1; }
    same_results analyse
    # what nobody reads has no influence
    [[ $file == */orders.swr || $file == */simulation_sums.swr || $file == */tca.swr || $(wc -l <out/run/securities/jobs) -eq 1 ]]
  done
}

@test "damage: results and the ledger are looked at, not taken as they are" {
  for pipeline in report analyse; do
    run_of "$pipeline" 2>log
    flip out/aggregated/by_date.csv
    run_of "$pipeline" 2>log
    same_results "$pipeline"
    flip out/run/ledger.csv
    run_of "$pipeline" 2>log
    same_results "$pipeline"
    forget_run
  done
}

@test "damage: any byte of any file of a run, finished or not, makes no result wrong" {
  for pipeline in "${PIPELINES[@]}"; do
    for ((round = 0; round < ${ROUNDS:-1}; round++)); do
      half_done "$pipeline"
      mapfile -t files < <(intermediate)
      flip "${files[RANDOM % ${#files[@]}]}" 2>flipped
      cat flipped
      goes_on "$pipeline"
      if [ -e out ]; then
        mapfile -t files < <(intermediate)
        flip "${files[RANDOM % ${#files[@]}]}" 2>flipped
        cat flipped
        goes_on "$pipeline"
      fi
      forget_run
    done
  done
}

@test "damage: files that a machine lost when it went down, empty, torn or full of zeros" {
  for pipeline in "${PIPELINES[@]}"; do
    half_done "$pipeline"
    mapfile -t files < <(intermediate | grep -v /lock)
    for file in "${files[@]}"; do
      case $((RANDOM % 6)) in
        0) : >"$file" ;;
        1) truncate -s $(($(stat -c %s "$file") / 2)) "$file" ;;
        2) head -c "$(stat -c %s "$file")" /dev/zero >"$BATS_TEST_TMPDIR/zeros" && cp "$BATS_TEST_TMPDIR/zeros" "$file" ;;
      esac
    done
    goes_on "$pipeline"
    forget_run
  done
}
