#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# fault.bats without leaving any call out: of every program each one of them fails in turn, and of every pipeline's programs many do.

load ../helper
load ../endurance

setup_file() {
  build_fault "$BATS_FILE_TMPDIR/fault.so" || leave_out 'nothing can be preloaded here' || return 0
  endurance_data "$BATS_FILE_TMPDIR/data" 12000
}

@test "fault: every call of every program" {
  python3 "$TREE/tests/fault_sweep.py" --every "$FAULT_SO" "$SW_BIN" made
}

@test "fault: calls of the programs of every pipeline" {
  for pipeline in "${PIPELINES[@]}"; do
    for how in write:ENOSPC+ write:EIO write:short read:EIO pread:EIO open:EMFILE close:EIO rename:EIO malloc:ENOMEM+ mkdir:ENOSPC fork:EAGAIN; do
      for n in 1 2 3 5 8 13 21 34 55 89; do
        disturbed_run "$pipeline" "${how%:*}:$n:${how#*:}"
      done
    done
  done
}
