# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# What the pipelines share: where the programs are, inputs, outputs. options.sh reads the command line, run.sh opens
# the run's folder, parts.sh has the chunks, jobs.sh runs them.
#
#   inputs ─▶ plan ─▶ a job for every chunk that is not there yet ─▶ parts, in order ─▶ results

# A standard stream that is closed would be the number of the next file that is opened; what is written to one still fails.
stdout_is_closed=''
{ : <&0; } 2>/dev/null || exec </dev/null
{ : >&1; } 2>/dev/null || { exec 1</dev/null && stdout_is_closed=1; }
{ : >&2; } 2>/dev/null || exec 2>/dev/null

# Bad data 1, usage 2, system 3: the same everywhere.
sw_name=${0##*/}
sw_fail() {
  local status=$1
  shift
  printf '%s: %s\n' "$sw_name" "$*" >&2
  exit "$status"
}

sw_home=${BASH_SOURCE[0]%/*}
[[ $sw_home == /* ]] || sw_home=$PWD/${sw_home#./}
# The programs: those of $SW_BIN, else those beside this folder, else those on PATH.
for folder in "${SW_BIN-}" "$sw_home/../bin" "$sw_home/../../../bin"; do
  if [ -n "$folder" ] && [ -x "$folder/sw-chunk" ]; then
    [[ $folder == /* ]] || folder=$PWD/$folder
    PATH=$folder:$PATH
    break
  fi
done
export PATH LC_ALL=C
# shellcheck source=pipelines/options.sh
. "$sw_home/options.sh"
# shellcheck source=pipelines/run.sh
. "$sw_home/run.sh"
# shellcheck source=pipelines/monitor.sh
. "$sw_home/monitor.sh"
# shellcheck source=pipelines/job.sh
. "$sw_home/job.sh"
# shellcheck source=pipelines/chunk.sh
. "$sw_home/chunk.sh"
# shellcheck source=pipelines/jobs.sh
. "$sw_home/jobs.sh"
# shellcheck source=pipelines/seals.sh
. "$sw_home/seals.sh"
# shellcheck source=pipelines/inputs.sh
. "$sw_home/inputs.sh"
# shellcheck source=pipelines/parts.sh
. "$sw_home/parts.sh"
sw_trap_interrupt
unset CDPATH GREP_OPTIONS POSIXLY_CORRECT SW_DRY_RUN
command -v sw-chunk >/dev/null || sw_fail 3 'sw-chunk: not found; run make, or put the programs on PATH'

# What only runs over several machines need is read by these alone.
sw_use_hosts() {
  # shellcheck source=pipelines/hosts.sh
  . "$sw_home/hosts.sh"
  sw_check_hosts
}

# sw_same A B: whether the two names are, or would be, one file. Devices and FIFOs are nobody's.
sw_same() {
  [ -n "$1" ] && [ -n "$2" ] && [ "$1" != - ] || return 1
  { [ ! -e "$1" ] || [ -f "$1" ]; } || return 1
  [ "$1" = "$2" ] || [ "$1" -ef "$2" ] || { [ ! -e "$1" ] && [ ! -e "$2" ] && [ "$(readlink -m -- "$1")" = "$(readlink -m -- "$2")" ]; }
}

# No output is an input (a list or a schema counts), and no two are one file.
sw_check_outputs() {
  local out file read=("${inputs[@]}") word
  for word in "${selectors[@]}"; do [[ $word != @* ]] || read+=("${word#@}"); done
  [ "${#schema[@]}" -eq 0 ] || [[ ${schema[1]} != *.* ]] || read+=("${schema[1]}")
  for out in "$output" "$bad_rows" "$ledger" "$metrics"; do
    for file in "${read[@]}"; do
      if sw_same "$out" "$file"; then sw_fail 2 "$file: is an input and the output"; fi
    done
  done
  if sw_same "$output" "$bad_rows" || sw_same "$output" "$ledger" || sw_same "$bad_rows" "$ledger" ||
    sw_same "$metrics" "$output" || sw_same "$metrics" "$bad_rows" || sw_same "$metrics" "$ledger"; then
    sw_fail 2 'two outputs into one file'
  fi
  for out in "$bad_rows" "$ledger" "$metrics"; do sw_check_folder_of "$out"; done
}

# sw_check_folder_of FILE: what is written at a run's end is to have a place before the run begins. Below the output it gets one.
sw_check_folder_of() {
  local folder
  [ -n "$1" ] && [ "$1" != - ] || return 0
  [ ! -d "$1" ] || sw_fail 3 "$1: is a directory"
  folder=.
  [[ $1 != */* ]] || folder=${1%/*}/
  [ -d "$folder" ] || [[ $(readlink -m -- "$folder")/ == "$(readlink -m -- "$output")"/* ]] || sw_fail 3 "$1: no such folder: $folder"
}

sw_check_inputs() {
  local i file
  for i in "${!inputs[@]}"; do
    file=${inputs[i]}
    [ "$file" != - ] || sw_fail 2 'standard input cannot be cut into chunks; give a file'
    [ -e "$file" ] || sw_fail 3 "$file: No such file or directory"
    [ ! -p "$file" ] || sw_fail 2 "$file: is a pipe, which cannot be cut into chunks, nor read again by a later run; give a file"
    [ -f "$file" ] || sw_fail 3 "$file: not a regular file"
    [ -r "$file" ] || sw_fail 3 "$file: Permission denied"
    case $file in /dev/* | /proc/*) sw_name_of_descriptor ;; esac
  done
  sw_check_outputs
}

# /dev/stdin is another file in each job, so a descriptor's file gets the name that it has of its own. Has sw_check_inputs' variables.
sw_name_of_descriptor() {
  local real
  real=$(readlink -f -- "$file"; printf x)
  real=${real%$'\nx'}
  [ "$real" -ef "$file" ] || sw_fail 2 "$file: is a file without a name; give one that has one"
  inputs[i]=$real
}

# What is wrong with the selectors or columns is said before anything is written: no rows of the first input go through
# the stages. (A gzip file cannot be entered in its middle; there the first chunk says it.)
sw_try_stages() {
  [ "$(sw_kind "${inputs[0]}")" != csv ] || sw_first_complaint sw_try_first_input
}

sw_try_first_input() {
  sw_no_rows_of "${inputs[0]}" "${schema[@]}" |
    sw-filter "${selectors[@]}" "${zone[@]}" "${sizes[@]}" |
    sw-cut ${columns:+--columns "$columns"} "${zone[@]}" "${sizes[@]}"
  worst_of_pipe "${PIPESTATUS[@]}"
}

# csv, gzip or swr, by the first bytes.
sw_kind() {
  local first
  first=$(head -c 4 -- "$1" | od -An -tx1 | tr -d ' \n')
  case $first in
    89535752) echo swr ;;
    1f8b*) echo gzip ;;
    *) echo csv ;;
  esac
}

# The canonical header of one input, by a stream of its header alone; the words behind the file are sw-chunk's. What is wrong with it
# is said under the file's name, and is the status.
header_of() {
  local said status=0
  { said=$({ sw_no_rows_of "$@" | sw-cut | head -n 1; worst_of_pipe "${PIPESTATUS[@]}"; } 2>&1 >&3) || status=$?; } 3>&1
  [ -z "$said" ] || sw_causes <<<"$said" >&2
  return "$status"
}

# The name of its table.
table_of() {
  sw_no_rows_of "$@" | sw-info -f json | sed 's/^{"table":"\([^"]*\)".*/\1/'
  worst_of_pipe "${PIPESTATUS[@]}"
}

sw_no_rows_of() {
  local file=$1 offset
  shift
  case $(sw_kind "$file") in
    swr) sw-filter --expression '1 == 2' -- "$file" ;;
    gzip) gzip -dc -- "$file" 2>/dev/null | head -n 1 | sw-chunk "$@" ;;
    *)
      offset=$(sw-chunk "$@" --plan -n 1 -- "$file" | cut -f 2; exit "${PIPESTATUS[0]}") || return
      sw-chunk "$@" --range "$offset:0" -- "$file"
      ;;
  esac
}

# The first status that is none of success and of a closed pipe: what a later program makes of too little follows from it.
worst_of_pipe() {
  local status
  for status; do
    [ "$status" -eq 0 ] || [ "$status" -eq 141 ] || return "$status"
  done
}

# Runs a pipeline of programs for what they say: the first line of it, under the status of the first that failed.
sw_first_complaint() {
  local said status=0
  said=$("$@" 2>&1 >/dev/null) || status=$?
  [ "$status" -ne 0 ] || return 0
  sw_causes <<<"$said" >&2
  exit "$status"
}

# sw_causes [FILE]: of what programs of a pipe said, what does not merely follow from the failure of one before it; all, where all does.
# Such lines end in the words that lib/base/input.h has for them.
sw_causes() {
  local said
  said=$(cat -- "$@"; printf x)
  said=${said%x}
  grep -v ' (see the program before it)$' <<<"${said%$'\n'}" || printf '%s' "$said"
}

# What run-chunk has to know.
sw_settings() {
  declare -p selectors schema zone sizes columns bad_rows step sort_options level aggregation work >"$work/settings" || exit 3
}

# sw_write FILE COMMAND…: what the command prints as FILE, which appears whole or not at all; "-", a FIFO or a device
# is written directly; what ends in .gz is compressed, as one member, so that its bytes do not depend on the chunks.
sw_write() {
  local to=$1 into pack=cat ended
  shift
  into="$to.$$.tmp"
  if [ "$to" = - ]; then
    into=/dev/stdout
  elif [ -e "$to" ] && [ ! -f "$to" ]; then
    into=$to
  else
    sw_unfinished "$into"
    pack=
  fi
  case $to in *.gz) pack='gzip -n -6' ;; esac
  if [ "$pack" ]; then
    "$@" | $pack >"$into"
    ended="${PIPESTATUS[*]}"
  else
    ("$@") >"$into"
    ended="$? 0"
  fi
  case $ended in
    '0 0')
      [ "$into" != "$to.$$.tmp" ] || mv -f -- "$into" "$to" || exit 3
      return 0
      ;;
  esac
  local reason=''
  if [ "$into" = "$to.$$.tmp" ]; then
    reason=$(sw_why_not "$into")
    rm -f -- "$into"
  fi
  case $ended in *' 141') kill -PIPE $$ ;; esac
  sw_fail 3 "$to: ${reason:-cannot write}"
}
