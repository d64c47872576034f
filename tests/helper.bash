# SPDX-License-Identifier: ISC
# Loaded by every test file: `load helper`. Puts the programs under test first on PATH, fixes the surroundings, and sees to it
# that a test of a program that does nothing falls: every command of a pipe counts, in substitutions too, and two outputs of
# which neither has a byte are not taken for equal.
#
#   SW_BIN   where the programs are; bin/ of this tree unless set (make sanitize sets it, to build/asan/bin)
#   TREE     this tree's top        REAL   a few real orders, trades and quotes, where they are at hand
# shellcheck shell=bash

set -o pipefail
shopt -s inherit_errexit

TREE=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
SW_BIN=$(cd "${SW_BIN:-$TREE/bin}" && pwd)
REAL=$TREE/../shared/real
export TREE SW_BIN REAL
export PATH="$SW_BIN:$TREE/pipelines:$PATH" LC_ALL=C PARALLEL_SHELL=/bin/bash PYTHONDONTWRITEBYTECODE=1
CC=${CC:-cc} CC=${CC##* } # the compiler itself of "ccache gcc", for tests in C
export CC
unset TZ TMPDIR POSIXLY_CORRECT
export BATS_TEST_DESCRIPTION # for tests/dead-programs

# Before each command bats 1.8 puts together where it stands, for what may fail; 0.3 ms each time, a fifth of all that the tests
# took. Here that is only kept, and put together when a test has failed. Other versions, and --trace, do as they are used to.
if [[ ${BATS_VERSION:-} == 1.8.* && ${BATS_TRACE_LEVEL:-0} -eq 0 ]]; then
  bats_debug_trap() {
    [[ $1 != "$BATS_ROOT"/lib* && ${FUNCNAME[1]:-} != bats_* ]] || return 0
    PLACE_BEFORE=${PLACE:-} PLACE="${BASH_LINENO[*]}|${FUNCNAME[*]}|${BASH_SOURCE[*]}"
  }

  # As bats has it: where the last trap was that of the error itself, what failed is the place before.
  bats_error_trap() {
    bats_check_status_from_trap
    [[ -n ${BATS_DEBUG_LAST_STACK_TRACE_IS_VALID:-} || ${PLACE:-} != "${BASH_LINENO[*]}|"*"|${BASH_SOURCE[*]}" ]] || PLACE=$PLACE_BEFORE
    BATS_DEBUG_LAST_STACK_TRACE_IS_VALID=1
  }

  # bats_get_failure_stack_trace ARRAY: LINE FUNCTION FILE, the innermost first, as far as the test.
  bats_get_failure_stack_trace() {
    local -n trace=$1
    local place=${PLACE_BEFORE:-} i lines functions files
    [[ -z ${BATS_DEBUG_LAST_STACK_TRACE_IS_VALID:-} ]] || place=${PLACE:-}
    IFS=' ' read -ra lines <<<"${place%%|*}"
    IFS='| ' read -ra functions <<<"${place#*|}"
    IFS=' ' read -ra files <<<"${place##*|}"
    trace=()
    for ((i = 1; i < ${#lines[@]} && i < ${#files[@]}; i++)); do
      trace+=("${lines[i - 1]} ${functions[i]} ${files[i]}")
      case ${functions[i]} in "${BATS_TEST_NAME:-}" | setup | teardown | setup_file | teardown_file) break ;; esac
    done
  }
fi

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

# Comparisons: `same`, `cmp`, `diff`. What is equal because both are empty is a failure, unless it is said that nothing is
# what is expected: `may_be_empty cmp a b`.
may_be_empty() { local EMPTY_IS_FINE=1 && "$@"; }

refuse_empty() {
  [[ -n ${EMPTY_IS_FINE:-} ]] && return
  printf '%s: both are empty, which shows nothing\n' "$*" >&2
  return 1
}

# same A B: the two texts are equal; else shows how they differ.
same() {
  if [[ $1 == "$2" ]]; then
    [[ -n $1 ]] || refuse_empty same
    return
  fi
  diff <(printf '%s\n' "$1") <(printf '%s\n' "$2") >&2
  return 1
}

# silent COMMAND…: it ends with 0 and has nothing to say on standard output.
silent() {
  local said
  said=$("$@") || return
  [[ -z $said ]] && return
  printf '%s: said: %s\n' "$*" "$said" >&2
  return 1
}

# verified [FILE…]: sw-info says so, of the files or of standard input.
verified() {
  local said
  said=$(sw-info --verify "$@") && [[ $said == 'OK: '*' rows in '* ]] && return
  printf 'sw-info --verify %s: %s\n' "$*" "$said" >&2
  return 1
}

cmp() { compare cmp "$@"; }
diff() { compare diff "$@"; }

# compare cmp|diff [OPTION…] A B [OPTION…]: one of the two at least is looked at for a byte; a pipe by way of a copy.
compare() {
  local program=$1 file='' at='' kept='' outcome=0
  shift
  local -a arguments=("$@") files=()
  for at in "${!arguments[@]}"; do
    file=${arguments[at]}
    [[ $file == -?* || ( $at -gt 0 && ${arguments[at - 1]} == -@(x|I) ) ]] || files+=("$at")
  done
  [[ ${#files[@]} -eq 2 ]] || { printf '%s: not two files to compare\n' "$program $*" >&2; return 2; }
  for at in "${files[@]}"; do
    [[ -f ${arguments[at]} || -d ${arguments[at]} ]] && file=${arguments[at]} && break
    file=
  done
  if [[ -z $file ]]; then
    at=${files[0]} kept=$(mktemp "${BATS_TEST_TMPDIR:-${BATS_FILE_TMPDIR:-/tmp}}/compared.XXXXXX") file=$kept
    command cat -- "${arguments[at]}" >"$kept" || return
    arguments[at]=$kept
  fi
  command "$program" "${arguments[@]}" || outcome=$?
  [[ $outcome -ne 0 || ( -f $file && -s $file ) ]] || [[ -d $file && -n $(find "$file" -follow -type f -size +0 -print -quit) ]] ||
    refuse_empty "$program $*" || outcome=1
  [[ -z $kept ]] || rm -f "$kept"
  return "$outcome"
}

# A reader that stops early ends what writes to it by SIGPIPE, or does not, as the two happen to run: here a failure, now and
# then. So head and grep -q take what is left of a pipe, too. (What never ends on its own is no input for them. Where the programs
# are is told by type -P.)
head() { early_reader 0 head "$@"; }
grep() { early_reader 1 grep "$@"; }

# early_reader WORDS head|grep [ARGUMENT…]: WORDS are the operands that are no files.
early_reader() {
  local words=$1 program=$2 argument='' previous='' outcome=0
  shift 2
  for argument; do
    case $program$previous:$argument in
      head-[nc]:* | grep-[mABC]:*) ;;
      grep-[ef]:*) words=0 ;;
      *:-?*) ;;
      *) words=$((words - 1)) ;;
    esac
    previous=$argument
  done
  command "$program" "$@" || outcome=$?
  [[ $words -lt 0 || ! -p /dev/stdin ]] || command cat >/dev/null
  return "$outcome"
}

# find_any FOLDER…: find(1), to which it is no failure that a folder is not there.
find_any() { find "$@" 2>/dev/null || :; }

# test_program NAME: where a test in C is that links the library (tests/NAME.c), built when it is not. The sanitizers' are there.
test_program() {
  if [[ $SW_BIN == */build/asan/bin ]]; then
    printf '%s\n' "${SW_BIN%/bin}/tests/$1"
  else
    local made=$TREE/build/default/tests/$1
    [[ -x $made && $made -nt $TREE/tests/$1.c && $made -nt $TREE/build/default/libsw.a ]] ||
      env -u MAKEFLAGS -u MAKELEVEL make -s -C "$TREE" "build/default/tests/$1" >&2 || return
    printf '%s\n' "$made"
  fi
}

# program_list: the names of all programs, one a line; there are some.
program_list() {
  local file found=1
  for file in "$SW_BIN"/sw-*; do [[ -x $file ]] && printf '%s\n' "${file##*/}" && found=0; done
  return "$found"
}
