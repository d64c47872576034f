#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Runs that are killed at twenty moments drawn by lot (SEED=N: the same ones again), and go on each time.

load ../helper
load ../endurance

setup_file() {
  export KILLS=${KILLS:-20}
  endurance_data "$BATS_FILE_TMPDIR/data" "${ROWS:-300000}" 1M
  endurance_sweep
}

@test "kill: a report goes on, the shell being the runner" {
  SW_RUNNER=shell endure report "$KILLS"
}

@test "kill: a report goes on, GNU parallel being the runner" {
  SW_RUNNER=parallel endure report "$KILLS"
}

@test "kill: an extract goes on, the shell being the runner" {
  SW_RUNNER=shell endure extract "$KILLS"
}

@test "kill: an extract goes on, GNU parallel being the runner" {
  SW_RUNNER=parallel endure extract "$KILLS"
}

@test "kill: a conversion goes on, the shell being the runner" {
  SW_RUNNER=shell endure convert "$KILLS"
}

@test "kill: a conversion goes on, GNU parallel being the runner" {
  SW_RUNNER=parallel endure convert "$KILLS"
}

@test "kill: an analysis goes on, the shell being the runner" {
  SW_RUNNER=shell endure analyse "$KILLS"
}

@test "kill: an analysis goes on, GNU parallel being the runner" {
  SW_RUNNER=parallel endure analyse "$KILLS"
}

@test "kill: a sweep of all of them goes on" {
  endure sweep "$((KILLS / 2))"
}
