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

# What the programs of a job are called in the names of their tallies, in the order in which rows go through them.
job_counters=(chunk filter columns sort cut optimize fold agg listed)

# job_tally PART ENDING…: what the programs counted (PART.chunk, PART.filter and so on, as far as there) as PART.tally: read kept rejected
# bad; lines header empty ignored, each - where it was no text; and what the part's files of these endings are, as far as there (seals.sh). What one wrote the next must have read.
job_tally() {
  local part=$1 checks='' file crc size by before='' read=0 kept=0 rejected=0 bad=0 lines=(- - - -) now
  for file in "${job_tallies[@]}"; do
    [ -f "$file" ] && continue
    printf '%s: %s: is not there: a program has counted nothing\n' "${0##*/}" "$file" >&2
    return 3
  done
  for by in "${job_counters[@]}"; do
    [ -f "$part.$by" ] || continue
    IFS=$'\t' read -r -a now <"$part.$by" && [[ ${now[*]} =~ ^[0-9]+(\ [0-9]+){3}((\ [0-9]+){4})?$ ]] || return 3
    [ "${#now[@]}" -eq 4 ] || lines=("${now[@]:4}")
    [ -n "$before" ] || read=${now[0]} kept=${now[0]}
    if [ "$kept" -ne "${now[0]}" ]; then
      printf '%s: %s wrote %d rows and %s read %d\n' "${0##*/}" "$before" "$kept" "$by" "${now[0]}" >&2
      return 3
    fi
    before=$by kept=${now[1]} rejected=$((rejected + now[2])) bad=$((bad + now[3]))
  done
  if [ -z "$before" ] || [ "$read" -ne $((kept + rejected + bad)) ]; then
    printf '%s: the rows do not add up: %d read, but %d kept, %d rejected, %d bad\n' "${0##*/}" "$read" "$kept" "$rejected" "$bad" >&2
    return 3
  fi
  for file in "${@:2}"; do
    [ -e "$part.$file" ] || continue
    read -r crc size _ < <(cksum -- "$part.$file") || return 3
    checks+=" $file:$crc:$size"
  done
  printf '%d\t%d\t%d\t%d\t%s\t%s\t%s\t%s\t%s\n' "$read" "$kept" "$rejected" "$bad" "${lines[@]}" "${checks# }" >"$part.tally" || return 3
  job_rows_read=$read job_rows_out=$kept
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
