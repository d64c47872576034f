# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# What the pipelines share: where the programs are, and inputs. options.sh reads the command line, run.sh opens
# the run's folder, parts.sh has the chunks, jobs.sh runs them.
#
#   inputs ─▶ plan ─▶ a job for every chunk that is not there yet ─▶ parts, in order ─▶ results

# shellcheck source=pipelines/lib/surroundings.sh
. "${BASH_SOURCE[0]%/*}/surroundings.sh"
# What a pipeline says to its jobs is its own.
unset -v SW_ATTEMPT "${!SW_HOST_@}" "${!SW_JOB_@}"

# A standard stream that is closed would be the number of the next file that is opened; what is written to one still fails. (Not tried by a
# redirection: while messages of that go to /dev/null, that may be the closed number.)
[ -e /dev/fd/0 ] || exec </dev/null
[ -e /dev/fd/1 ] || exec 1</dev/null
[ -e /dev/fd/2 ] || exec 2>/dev/null

# Bad data 1, usage 2, system 3: the same everywhere.
sw_name=${0##*/}
sw_fail() {
  local status=$1
  shift
  sw_say "$sw_name: $*"
  exit "$status"
}

# sw_exit STATUS: ends with a program's status. One that a signal ended is the system's failure, and said nothing.
sw_exit() {
  [ "$1" -gt 3 ] || exit "$1"
  [ "$1" -gt 128 ] || exit 3
  sw_fail 3 "a program was ended by signal $(($1 - 128))"
}

# sw_fields NAME COMMAND…: the array of the NUL-ended fields that a command prints; where it fails the run ends with its status. The
# status comes along with the fields: a `wait` for a process whose end the shell has seen before may say 127 or 255 (bash 5.2).
sw_fields() {
  local -n sw_array=$1
  shift
  mapfile -d '' -t sw_array < <( ("$@"); printf 'status %d\0' $?)
  [[ ${#sw_array[@]} -gt 0 && ${sw_array[-1]} == 'status '* ]] || sw_fail 3 "$1: was ended"
  [ "${sw_array[-1]}" = 'status 0' ] || sw_exit "${sw_array[-1]#status }"
  unset 'sw_array[-1]'
}

# sw_say LINE: on standard error, as a terminal may have it, whatever names and data are in it (lib/base/shown.h). What has more lines
# goes through `sw-monitor --disarm` itself.
sw_say() {
  local line=$1 shown
  case $line in
    *[!\ -~]*)
      line=${line//$'\n'/\\n}
      if shown=$(printf '%s' "$line" | sw-monitor --disarm 2>/dev/null); then line=$shown; else line=${line//[!\ -~]/?}; fi
      ;;
  esac
  printf '%s\n' "$line" >&2
}

sw_home=${BASH_SOURCE[0]%/lib/*}
[[ $sw_home == /* ]] || sw_home=$PWD/${sw_home#./}
# The programs: those of $SW_BIN, else those beside this folder, else those on PATH.
for folder in "${SW_BIN-}" "$sw_home/../bin" "$sw_home/../../../bin"; do
  if [ -n "$folder" ] && [ -x "$folder/sw-chunk" ]; then
    [[ $folder == /* ]] || folder=$PWD/$folder
    PATH=$folder:$PATH
    break
  fi
done
export PATH
# shellcheck source=pipelines/lib/options.sh
. "$sw_home/lib/options.sh"
# shellcheck source=pipelines/lib/run.sh
. "$sw_home/lib/run.sh"
# shellcheck source=pipelines/lib/monitor.sh
. "$sw_home/lib/monitor.sh"
# shellcheck source=pipelines/lib/settings.sh
. "$sw_home/lib/settings.sh"
# shellcheck source=pipelines/lib/jobs.sh
. "$sw_home/lib/jobs.sh"
# shellcheck source=pipelines/lib/inputs.sh
. "$sw_home/lib/inputs.sh"
# shellcheck source=pipelines/lib/parts.sh
. "$sw_home/lib/parts.sh"
sw_trap_interrupt
command -v sw-chunk >/dev/null || sw_fail 3 'sw-chunk: not found; run make, or put the programs on PATH'

# What only runs over several machines need is read by these alone.
sw_use_hosts() {
  # shellcheck source=pipelines/remote/hosts.sh
  . "$sw_home/remote/hosts.sh"
  sw_check_hosts
}

# What is wrong with the selectors or columns is said before anything is written: no rows of the first input go through
# the stages. (Of what is packed the first chunk says it.)
sw_try_stages() {
  [ "$(sw_kind "${inputs[0]}")" != csv ] || sw_first_complaint sw_try_first_input
}

sw_try_first_input() {
  sw_no_rows_of "${inputs[0]}" "${schema[@]}" |
    sw-filter "${selectors[@]}" "${zone[@]}" "${sizes[@]}" |
    sw-cut ${columns:+--columns "$columns"} "${zone[@]}" "${sizes[@]}"
  worst_of_pipe "${PIPESTATUS[@]}"
}

# csv, gzip, zstd, parquet or swr, by the first bytes.
sw_kind() {
  local head='' LC_ALL=C
  IFS= read -r -N 4 head <"$1"
  case $head in
    $'\x89SWR') echo swr ;;
    $'\x1f\x8b'*) echo gzip ;;
    $'\x28\xb5\x2f\xfd' | [P-_]$'\x2a\x4d\x18') echo zstd ;;
    PAR1) echo parquet ;;
    *) echo csv ;;
  esac
}

# A stream of the header of one input alone; the words behind the file are sw-chunk's.
sw_no_rows_of() {
  local file=$1
  shift
  if [ "$(sw_kind "$file")" = swr ]; then sw-filter --range 0:0 -- "$file"; else sw-chunk "$@" --range 0:0 -- "$file"; fi
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
  [ -z "$said" ] || sw_causes <<<"$said" | sw-monitor --disarm >&2
  sw_exit "$status"
}

# sw_causes: of what programs of a pipe said, what does not merely follow from the failure of one before it; all, where all does.
# Such lines end in the words that lib/files/input.h has for them.
sw_causes() {
  local said
  said=$(cat; printf x)
  said=${said%x}
  grep -v ' (see the program before it)$' <<<"${said%$'\n'}" || printf '%s' "$said"
}
