#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Calls that fail, fall short or are interrupted, by count (tests/fault.c): of every program one after another, and of the programs of
# every pipeline. tests/soak/fault.bats leaves none out.
# bats file_tags=check, plain

load helper
load endurance

setup_file() {
  [[ $SW_BIN != *asan* ]] || leave_out 'a sanitizer has an allocator of its own' || return 0
  build_fault "$BATS_FILE_TMPDIR/fault.so" || leave_out 'nothing can be preloaded here' || return 0
  endurance_data "$BATS_FILE_TMPDIR/data" 12000
}

@test "fault: of every program a call fails, it ends with a message and leaves nothing" {
  python3 "$TREE/tests/fault_sweep.py" "$FAULT_SO" "$SW_BIN" made
}

@test "fault: a program that a signal ends, before the first job too, is a failure of the system" {
  for program in sw-plan sw-chunk sw-conf; do
    rm -rf killed
    mkdir -p killed/bin
    ln -s "$TREE/share" killed/share
    ln -s "$SW_BIN"/sw-* killed/bin/
    rm "killed/bin/$program"
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/sh\nkill -KILL $$\n' >"killed/bin/$program"
    chmod +x "killed/bin/$program"
    printf 'orders = %s\noutput = conf\nsteps = extract\n' "$DATA/orders.csv" >run.conf
    case $program in
      sw-conf)
        SW_BIN=$PWD/killed/bin expect_status 3 extract -C run.conf
        SW_BIN=$PWD/killed/bin expect_status 3 sweep -C run.conf
        ;;
      *) for pipeline in "${PIPELINES[@]}"; do SW_BIN=$PWD/killed/bin expect_status 3 run_of "$pipeline"; done ;;
    esac
    [ -n "$output" ]
  done
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
