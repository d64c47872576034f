# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154 # of job.sh: stage, job, job_begun, job_retries, job_seconds
#
# Keeps a job that may be tried again or has a time limit; sourced by job.sh where one of them is asked for, whoever runs the jobs.
#
#   keeper, a process group ─▶ attempt, a process group of its own: COMMAND STAGE NAME with SW_ATTEMPT set
#
# What the data or the usage is to blame for (1, 2) is final; all else (3, a signal, the time limit) is tried again as often as asked for.
# STAGE/logs/NAME is the last attempt's log, NAME.1, NAME.2, … are those before it.

job_grace=5 # seconds from SIGTERM to SIGKILL

job_keep() {
  local attempt=1 pause=500
  trap 'job_stop' TERM INT HUP
  while job_attempt "$attempt"; [ "$job_status" -eq 3 ] && [ "$attempt" -le "$job_retries" ]; do
    mv -f "$stage/logs/$job" "$stage/logs/$job.$attempt" || exit 3
    job_sleep "$pause"
    attempt=$((attempt + 1)) pause=$((pause < 16000 ? 2 * pause : 30000))
  done
  job_settle "$job_status"
}

# Runs the job once. The pipe that it inherits, and whatever it starts, ends with the last of them.
job_attempt() {
  local pipe writing limited=()
  exec {pipe}<> <(:) || exit 3
  exec {job_alive}<"/dev/fd/$pipe" {writing}>"/dev/fd/$pipe" {pipe}>&- || exit 3
  set -m
  SW_ATTEMPT=$1 "$0" "$stage" "$job" {job_alive}<&- </dev/null &
  job_process=$!
  set +m
  exec {writing}>&-
  writing=''
  [ "$job_seconds" -eq 0 ] || limited=(-t "$job_seconds")
  if read -r "${limited[@]}" -u "$job_alive" _; [ $? -gt 128 ]; then
    job_kill
    job_say "took longer than its time limit, $job_seconds s, and was ended"
  fi
  exec {job_alive}<&-
  job_status=0
  wait "$job_process" || job_status=$?
  # The signal that ends what took too long has been told of.
  if [ "$job_status" -gt 128 ] && [ ! -s "$stage/logs/$job" ]; then
    job_say "was ended by signal $(kill -l "$job_status")"
  fi
  case $job_status in [012]) [ -s "$stage/status/$job" ] || job_status=3 ;; *) job_status=3 ;; esac
}

job_say() {
  printf '%s: %s\n' "${0##*/}" "$1" >>"$stage/logs/$job"
}

# Ends the attempt and all that it started; what is suspended hears no other signal.
job_kill() {
  # A signal may come before the attempt has the only end.
  [ -z "${writing-}" ] || exec {writing}>&-
  writing=''
  kill -s TERM -- "-$job_process" 2>/dev/null
  kill -s CONT -- "-$job_process" 2>/dev/null
  if read -r -t "$job_grace" -u "$job_alive" _; [ $? -gt 128 ]; then kill -s KILL -- "-$job_process" 2>/dev/null; fi
  return 0
}

# The run is being ended: no status, as of any job that did not finish.
job_stop() {
  trap '' TERM INT HUP
  [ -z "${job_alive-}" ] || job_kill
  exit 143
}

# job_sleep MILLISECONDS, without a process.
job_sleep() {
  local nothing
  exec {nothing}<> <(:)
  read -r -t "$(($1 / 1000)).$(($1 % 1000))" -u "$nothing" _
  exec {nothing}<&-
}

# The status that holds. What is final the attempt has written.
job_settle() {
  [ "$1" -ne 3 ] || job_end 3
  exit "$1"
}
