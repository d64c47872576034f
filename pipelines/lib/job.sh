# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# What every job of a stage does: `job_begin STAGE NAME`, the work, `job_end STATUS`. What the job says goes to STAGE/logs/NAME. While it runs
# there is STAGE/running/NAME: PROCESS HOST BEGIN, which is empty from its end on; then there is STAGE/status/NAME: STATUS HOST BEGIN END
# ROWS-READ ROWS-OUT (times are seconds since 1970). Each is one write of one line, so that nobody finds half of it.
#
# A stage may have thousands of jobs, and a program takes a millisecond to start: the shell does by itself what it can.
#
# What STAGE/policy (RETRIES SECONDS LOG-LEVEL) asks for beyond that, sw-job does around it.
#
# The work is command lines, made by job_stage and run by job_run, or printed where job_dry is set: what a dry run shows is what a run does.
set -u
export LC_ALL=C
# shellcheck source=pipelines/lib/settings.sh
. "${BASH_SOURCE[0]%/*}/settings.sh"
job_dry=${SW_DRY_RUN-}
job_retries=0 job_seconds=0 job_level=info

# job_begin STAGE NAME: sets stage and job. The process is the job's own.
job_begin() {
  stage=$1
  job=$2
  [[ $job =~ ^[1-9][0-9]*$ ]] || exit 3
  job_begun=$EPOCHREALTIME
  umask u+rwx,go-w
  job_rows_read=0 job_rows_out=0
  [ -z "$job_dry" ] || return 0
  [ ! -e "$stage/policy" ] || read -r job_retries job_seconds job_level <"$stage/policy" || exit 3
  [[ "$job_retries $job_seconds" =~ ^[0-9]+\ [0-9]+$ ]] || exit 3
  job_is_attempt=${SW_ATTEMPT-}
  unset SW_ATTEMPT
  if [ -z "$job_is_attempt" ] && [ $((job_retries + job_seconds)) -gt 0 ]; then
    exec sw-job --retries "$job_retries" --time-limit "$job_seconds" -- "$stage" "$job" "$0"
  fi
  # A signal goes to the job's whole group: its shell is the last to end, so that whoever waits for the group need not wait for the
  # process that takes over what it leaves, which looks once a second on some machines and never on others.
  trap 'wait; exit 143' TERM
  exec 2>"$stage/logs/$job" || exit 3
  printf '%d\t%s\t%s\n' "$BASHPID" "$HOSTNAME" "$job_begun" >"$stage/running/$job" || exit 3
}

# Sets entry to the job's line in STAGE/jobs.
job_entry() {
  # shellcheck disable=SC2034 # for the job
  mapfile -t -s $((job - 1)) -n 1 entry <"$stage/jobs"
}

# worst_of STATUS…: the worst of a pipeline's statuses; a closed pipe is its follower's doing, and a program that a signal ended is
# the system's failure.
worst_of() {
  local worst=0 status
  for status; do
    case $status in
      0 | 141) ;;
      [123]) [ "$status" -le "$worst" ] || worst=$status ;;
      *) worst=3 ;;
    esac
  done
  return "$worst"
}

# job_stage WORD…: adds a command to the pipeline under construction.
job_line='' job_programs=() job_tallies=()
job_stage() {
  local text word before=''
  for word; do
    # What follows are files, of which there may be many.
    [ "$word" != -- ] || break
    [[ $before != --tally || $word != "${part-}".* ]] || job_tallies+=("$word")
    before=$word
  done
  printf -v text ' %q' "$@"
  job_line+=${job_line:+ |}$text
  job_programs+=("$1")
}

# Runs the pipeline, or prints it. The job ends where one of its commands fails.
job_run() {
  local line=${job_line# }
  job_line=''
  if [ -n "$job_dry" ]; then
    printf '%s\n' "$line"
    return 0
  fi
  [ "$job_level" != debug ] || printf '+ %s\n' "$line" >&2
  # One word a command was made by %q, so that this evaluates to just those words.
  eval "$line"' ; job_judge "${PIPESTATUS[@]}"' || job_end $?
  job_programs=()
}

# The statuses of the pipeline's programs. One that a signal ended says nothing itself, and those behind it only what follows from it; of
# one alone the shell does.
job_judge() {
  local i=0 status
  for status; do
    if [ "$status" -gt 128 ] && [ "$status" -ne 141 ] && [ $# -gt 1 ]; then
      printf '%s: was ended by signal %s\n' "${job_programs[i]}" "$(kill -l "$status")" >&2
    fi
    i=$((i + 1))
  done
  worst_of "$@"
}

# job_tally PART ENDING…: what the programs counted becomes PART.tally, with the checksums of the part's files of these endings.
job_tally() {
  local counts
  counts=$(sw-ledger part "${job_tallies[@]/#/--tally=}" -- "$@") || return 3
  read -r job_rows_read job_rows_out <<<"$counts"
}

job_end() {
  [ -z "$job_dry" ] || exit "$1"
  # Whether an attempt that failed by the system is the last one, its keeper knows.
  [ -z "${job_is_attempt-}" ] || [ "$1" -ne 3 ] || exit 3
  printf '%d\t%s\t%s\t%s\t%d\t%d\n' "$1" "$HOSTNAME" "$job_begun" "$EPOCHREALTIME" "$job_rows_read" "$job_rows_out" \
    >"$stage/status/$job" || exit 3
  : >"$stage/running/$job"
  exit "$1"
}
