#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Calls that fail, fall short or are interrupted, by count (tests/fault.c): of every program one after another, and of the programs of
# every pipeline. tests/soak/fault.bats leaves none out.

load helper
load endurance

setup_file() {
  [[ $SW_BIN != *asan* ]] || skip 'a sanitizer has an allocator of its own'
  build_fault "$BATS_FILE_TMPDIR/fault.so" || skip 'nothing can be preloaded here'
  endurance_data "$BATS_FILE_TMPDIR/data" 12000
}

@test "fault: of every program a call fails, it ends with a message and leaves nothing" {
  python3 "$TREE/tests/fault_sweep.py" "$FAULT_SO" "$SW_BIN" made
}

@test "fault: of every pipeline's programs a call fails, and the next run comes to the same" {
  disturbed_run report write:2:ENOSPC+
  disturbed_run report malloc:40:ENOMEM
  disturbed_run extract close:3:EIO
  disturbed_run extract read:2:EINTR
  disturbed_run convert rename:1:EIO
  disturbed_run convert write:3:short
  disturbed_run analyse open:4:EMFILE
  disturbed_run analyse write:5:EIO
}
