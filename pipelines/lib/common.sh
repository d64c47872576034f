# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# What the pipelines share: where the programs are, and inputs. options.sh reads the command line, run.sh opens
# the run's folder, parts.sh has the chunks, jobs.sh runs them. What only some runs need is read by these: rows.sh where the result is a file,
# results.sh where it is a folder of them, monitor.sh.
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

# sw_say LINE: on standard error, as a terminal may have it, whatever names and data are in it (lib/base/shown.h). What has more lines
# goes through `sw-monitor --disarm` itself. What is done is done where nobody can hear of it.
sw_say() {
  local line=$1
  if [[ $line == *[!\ -~]* ]]; then
    line=$(printf '%s' "${1//$'\n'/\\n}" | sw-monitor --disarm 2>/dev/null) || line=${1//[!\ -~]/?}
  fi
  printf '%s\n' "$line" >&2 || :
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
# shellcheck source=pipelines/lib/jobs.sh
. "$sw_home/lib/jobs.sh"
# shellcheck source=pipelines/lib/inputs.sh
. "$sw_home/lib/inputs.sh"
# shellcheck source=pipelines/lib/parts.sh
. "$sw_home/lib/parts.sh"
sw_trap_interrupt
command -v sw-chunk >/dev/null || sw_fail 3 'sw-chunk: not found; run make, or put the programs on PATH'
