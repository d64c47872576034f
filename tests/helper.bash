# SPDX-License-Identifier: ISC
# Loaded by every test file: `load helper`. Puts the programs under test first on PATH, fixes the surroundings.
#
#   SW_BIN   where the programs are; bin/ of this tree unless set (make sanitize sets it, to build/asan/bin)
#   TREE     this tree's top        REAL   a few real orders, trades and quotes, where they are at hand
# shellcheck shell=bash

TREE=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
SW_BIN=$(cd "${SW_BIN:-$TREE/bin}" && pwd)
REAL=$TREE/../shared/real
export TREE SW_BIN REAL
export PATH="$SW_BIN:$TREE/pipelines:$PATH" LC_ALL=C PARALLEL_SHELL=/bin/bash PYTHONDONTWRITEBYTECODE=1
unset TZ TMPDIR POSIXLY_CORRECT

# skip_without WHAT…: skips the test where something is missing: `real` (the real data) or a command's name.
skip_without() {
  local what
  for what; do
    if [[ $what == real ]]; then
      [[ -d $REAL ]] || skip "no real data at ../shared/real"
    else
      command -v "$what" >/dev/null || skip "no $what here"
    fi
  done
}

# shellcheck disable=SC2154 # status and output are set by bats' run
# expect_status N COMMAND…: runs it (bats' `run`), fails with its output unless it ends with N.
expect_status() {
  local wanted=$1
  shift
  run "$@"
  [[ $status -eq $wanted ]] && return
  printf '%s: status %s, not %s\n%s\n' "$*" "$status" "$wanted" "$output" >&2
  return 1
}

# same A B: the two texts are equal; else shows how they differ.
same() {
  [[ $1 == "$2" ]] && return
  diff <(printf '%s\n' "$1") <(printf '%s\n' "$2") >&2
  return 1
}

# program_list: the names of all programs, one a line.
program_list() {
  local file
  for file in "$SW_BIN"/sw-*; do [[ -x $file ]] && printf '%s\n' "${file##*/}"; done
}
