#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Disks of every size (STEP=KIB: in larger steps), from one page to what a run needs: each run that fails goes on when there is space. Needs
# root, for small disks.

load ../helper
load ../endurance

setup_file() {
  endurance_data "$BATS_FILE_TMPDIR/data" 3000 64K
  endurance_sweep
}

setup() {
  small_disk
}

teardown() {
  no_small_disk
}

@test "full disk: a report, on every size" {
  fill_every report "${STEP:-4}"
}

@test "full disk: an extract, on every size" {
  fill_every extract "${STEP:-4}"
}

@test "full disk: a conversion, on every size" {
  fill_every convert "${STEP:-4}"
}

@test "full disk: an analysis, on every size" {
  fill_every analyse "${STEP:-4}"
}

@test "full disk: an analysis under GNU parallel, on every tenth size" {
  SW_RUNNER=parallel fill_every analyse 40
}

@test "full disk: all of them from one file, on every tenth size" {
  fill_every sweep $((10 * ${STEP:-4}))
}
