# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154 # of common.sh: workers, work, sw_name, on_failure, retries, time_limit, log_level
#
# Runs the jobs of a stage: one after another where that is enough, else under GNU parallel.
#
#   STAGE/jobs, a line a job, its name (a number) first ─▶ COMMAND STAGE NAME ─▶ STAGE/{running,status,logs}/NAME
# STAGE/weights has, for each job, how much it has to do, in bytes or rows: what an estimate of the time left goes by.
# STAGE/policy has RETRIES SECONDS LOG-LEVEL, for the jobs themselves (job.sh): what becomes of one is the same under every runner.
# WORK/stages has a line for each stage that was begun: NAME FOLDER BEGIN WORKERS.
# WORK/workers has the number of workers: who renames a file with another into its place (sw-monitor does) changes it from the next job on.
#
# A job writes its own status (job.sh): GNU parallel's counts failures and knows no worst. Sourced by common.sh.

sw_grace=6 # seconds from SIGTERM to SIGKILL; a job that ends its own (sw-job) takes one less

# sw_run STAGE POLICY COMMAND: what a failure does, unless --on-failure says it: `soon` lets the running jobs finish and starts no other,
# `now` ends them, `never` goes on with the others. Then `failed` has the names of the jobs that failed, `worst` their worst status, and
# `missing` the number of those that never ended; what the failed ones said has been told. Sets jobs_total.
sw_run() {
  local stage=$1 policy=${on_failure:-$2} command=$3 begin=$EPOCHREALTIME
  local names stage_name=${stage##*/} runner
  # A pipeline of one stage, of chunks, has it in its own folder.
  [ "$stage" != "$work" ] || stage_name=chunks
  sw_has_no_jobs_yet "$stage" || { rm -rf "$stage"/{status,logs,running} && mkdir -p "$stage"/{status,logs,running}; } || exit 3
  mapfile -t names <"$stage/jobs" || exit 3
  names=("${names[@]%%$'\t'*}")
  jobs_total=${#names[@]}
  [ -e "$work/stages" ] || printf '%d\n' "$workers" >"$work/workers" || exit 3
  printf '%s\t%s\t%s\t%d\n' "$stage_name" "$stage" "$begin" "$workers" >>"$work/stages" || exit 3
  printf '%d %d %s\n' "$retries" "$time_limit" "$log_level" >"$stage/policy" || exit 3
  [ "$stage" = "$work" ] || sw_link_logs "$stage"
  sw_monitor_start
  # The runners' own statuses say how many jobs failed, at best: what each job says of itself is looked at instead.
  sw_choose_runner
  case $runner in
    shell) sw_run_here "$stage" "$policy" "$command" || : ;;
    slurm)
      # shellcheck source=pipelines/remote/slurm.sh
      . "$sw_home/remote/slurm.sh"
      sw_run_slurm "$stage" "$policy" "$command" || :
      ;;
    *) sw_run_parallel "$stage" "$policy" "$command" || : ;;
  esac
  sw_judge "$stage"
  sw_tell debug '%s: %d jobs in %d ms' "$stage_name" "$jobs_total" \
    $(((${EPOCHREALTIME/./} - ${begin/./}) / 1000))
}

# Whether the stage's folders are there, with nothing of earlier jobs in them.
sw_has_no_jobs_yet() {
  local entry
  for entry in "$1"/{status,logs,running}; do [ -d "$entry" ] || return; done
  for entry in "$1"/{status,logs,running}/*; do [ ! -e "$entry" ] || return; done
}

# Whoever looks for logs finds them all in WORK/logs.
sw_link_logs() {
  local link=$work/logs/${1##*/}
  [ -L "$link" ] || { { [ -d "$work/logs" ] || mkdir -p "$work/logs"; } && ln -s "../${1##*/}/logs" "$link"; } || exit 3
}

# Sets runner. GNU parallel takes a sixth of a second to start and some milliseconds a job; what is done in seconds the shell runs itself.
sw_choose_runner() {
  runner=parallel
  if [ -n "$hosts" ]; then
    return
  elif [ -n "${SW_RUNNER-}" ]; then
    runner=$SW_RUNNER
  elif [ "$workers" -eq 1 ] || [ "$jobs_total" -le 1 ] || [ "$input_bytes" -lt $((workers * 2147483648)) ]; then
    runner=shell
  fi
}

# As many jobs at a time as there are workers, each in a process group of its own, so that a signal reaches all of it.
sw_run_here() {
  local stage=$1 policy=$2 command=$3 name places failing='' call
  local -A process=()
  # A job that the shell knows how to do needs no other shell, unless it is to be kept (sw-job).
  call=${command##*/}
  call=${call//-/_}
  [ $((retries + time_limit)) -eq 0 ] && declare -F "$call" >/dev/null || call=$command
  trap 'sw_stop_jobs; sw_end_strays; exit 143' TERM
  trap 'sw_stop_jobs; sw_end_strays; exit 130' INT
  trap 'sw_stop_jobs; sw_end_strays; exit 129' HUP
  for name in "${names[@]}"; do
    while sw_count_places; [ "${#process[@]}" -ge "$places" ]; do sw_wait_one; done
    [ -z "$failing" ] || [ "$policy" = never ] || break
    # Job control makes the group; while it is on, a job that is only stopped would end the wait.
    set -m
    "$call" "$stage" "$name" </dev/null &
    process[$!]=$name
    set +m
  done
  while [ "${#process[@]}" -gt 0 ]; do
    [ -z "$failing" ] || [ "$policy" != now ] || break
    sw_wait_one
  done
  sw_stop_jobs
  trap - TERM HUP
  sw_trap_interrupt
  sw_write_joblog "$stage"
}

# Sets places: how many jobs may run now.
sw_count_places() {
  places=''
  read -r places 2>/dev/null <"$work/workers"
  case $places in '' | *[!0-9]* | 0*) places=$workers ;; esac
}

# Waits for one job of sw_run_here, whose variables it keeps: for one that has ended, not for one that was stopped and may go on.
sw_wait_one() {
  local ended='' id status=0
  wait -n -p ended "${!process[@]}" 2>/dev/null || status=$?
  if [ -n "$ended" ] && kill -0 "$ended" 2>/dev/null; then ended=''; fi
  if [ -z "$ended" ]; then
    # All that are left are stopped, or the shell has lost sight of one.
    sleep 0.1
    for id in "${!process[@]}"; do kill -0 "$id" 2>/dev/null || ended=$id; done
    [ -n "$ended" ] || return 0
    sw_status_of "$stage" "${process[$ended]}" || status=3
  fi
  unset "process[$ended]"
  [ "$status" -eq 0 ] || failing=1
}

# sw_status_of STAGE NAME: sets status to the job's; false where there is none.
sw_status_of() {
  read -r status _ 2>/dev/null <"$1/status/$2" && [[ $status == [0-3] ]]
}

# In the form of GNU parallel's.
sw_write_joblog() {
  local name status host begin end took
  [ -s "$work/joblog" ] ||
    printf 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n' >"$work/joblog" || exit 3
  for name in "${names[@]}"; do
    sw_status_of "$1" "$name" && IFS=$'\t' read -r _ host begin end _ <"$1/status/$name" &&
      [[ $begin,$end =~ ^[0-9]+\.[0-9]{6},[0-9]+\.[0-9]{6}$ ]] || continue
    took=$((${end/./} - ${begin/./}))
    printf '%s\t%s\t%s\t%d.%03d\t0\t0\t%d\t0\t%s %s\n' "$name" "$host" "$begin" $((took / 1000000)) $((took / 1000 % 1000)) \
      "$status" "$command" "$name"
  done >>"$work/joblog" || exit 3
}

# Ends the jobs of sw_run_here that still run.
sw_stop_jobs() {
  local id tenths=0
  for id in "${!process[@]}"; do
    kill -s TERM -- "-$id" 2>/dev/null
    # What is suspended hears no other signal.
    kill -s CONT -- "-$id" 2>/dev/null
  done
  for id in "${!process[@]}"; do
    while kill -0 "$id" 2>/dev/null && [ $((tenths += 1)) -le $((10 * sw_grace)) ]; do sleep 0.1; done
    kill -s KILL -- "-$id" 2>/dev/null
  done
  for id in "${!process[@]}"; do sw_is_lost "$id" || wait "$id" 2>/dev/null; done
  return 0
}

# GNU parallel takes its command line for a template, in which {}, {#}, {= PERL =} and more stand for something else, and so would names that
# hold them. So no name is part of it: the run's folder is a descriptor, the job reads its own words from the surroundings, and what
# parallel itself adds is the job's number.
sw_run_parallel() {
  local stage=$1 policy=$2 command=$3 halt=never run_folder at places
  parallel --version 2>/dev/null | grep -q '^GNU parallel' ||
    sw_fail 3 'GNU parallel: not found (the one of moreutils is another program); install "parallel", or use -j 1'
  [ "$policy" = never ] || halt=$policy,fail=1
  # parallel keeps its state in a folder of the run, so that nobody's profile or home matters, and runs what it finds there: so nothing
  # of another run.
  rm -rf "$stage/parallel" && mkdir -p "$stage/parallel" || exit 3
  exec {run_folder}<"$work" || exit 3
  at=/proc/self/fd/$run_folder
  places=(--jobs "$at/workers")
  [ -z "$hosts" ] || sw_host_words "$stage" "$command" "$at"
  # shellcheck disable=SC2016 # a shell of parallel's expands it
  SW_JOB_COMMAND=$command SW_JOB_STAGE=$stage SW_JOB_TMPDIR=${TMPDIR-} \
    PARALLEL_HOME="$at${stage#"$work"}/parallel" PARALLEL_SHELL="$BASH" \
    parallel --plain --will-cite --tmpdir "$at${stage#"$work"}/parallel" "${places[@]}" --halt "$halt" \
    --termseq "TERM,0,CONT,$((sw_grace * 1000)),KILL,100" \
    --joblog "+$at/joblog" 'TMPDIR=$SW_JOB_TMPDIR exec "$SW_JOB_COMMAND" "$SW_JOB_STAGE"' \
    < <(printf '%s\n' "${names[@]}") 2>"$stage/runner.log" &
  local child=$!
  printf '%d\n' "$child" >"$stage/runner"
  # shellcheck disable=SC2064
  trap "sw_end_parallel $child; exit 143" TERM
  # shellcheck disable=SC2064
  trap "sw_end_parallel $child; exit 130" INT
  # shellcheck disable=SC2064
  trap "sw_end_parallel $child; exit 129" HUP
  local status=0
  wait "$child" || status=$?
  trap - TERM HUP
  sw_trap_interrupt
  exec {run_folder}<&-
  sw_show_runner "$stage/runner.log"
  rm -rf "$stage/parallel" "$stage/runner" "$stage/runner.log" "$stage/attempts"
  return "$status"
}

# What GNU parallel has to say itself, without its notes on a job that failed: sw_judge tells of those, in words of the run.
sw_show_runner() {
  [ -s "$1" ] || return 0
  if sw_logs debug; then cat -- "$1"; else
    awk '/^parallel: This job failed:$/ { getline; next }
      /^parallel: Starting no more jobs\. Waiting for [0-9]+ jobs? to finish\.$/ { next } { print }' "$1"
  fi | sw-monitor --disarm >&2
}

# GNU parallel hears no SIGTERM before its first job is due, so it is told until it has ended.
sw_end_parallel() {
  while kill -s TERM "$1" 2>/dev/null; do sleep 0.05; done
  sw_is_lost "$1" || wait "$1" 2>/dev/null
  sw_end_strays
}

# A job may have begun in the moment in which the signal came, before whoever began it knew its number.
sw_end_strays() {
  local holders signal
  for signal in TERM KILL; do
    sw_find_holders
    [ "${#holders[@]}" -gt 0 ] || return 0
    kill -s "$signal" "${holders[@]}" 2>/dev/null
    sleep 0.2
  done
}

# The stage's status is the worst of its jobs'; what they said comes out in the order of the jobs. A job without
# a status did not finish: that is the system's failure unless another one says why.
sw_judge() {
  local stage=$1 name status
  failed=() worst=0 missing=0
  for name in "${names[@]}"; do
    if ! sw_status_of "$stage" "$name"; then
      missing=$((missing + 1))
      # It was begun, and whatever ended it left nobody to say so.
      [ "$policy" = now ] || [ ! -s "$stage/running/$name" ] || sw_tell error '%s did not finish' "$(sw_title "$name")"
      continue
    fi
    if [ "$status" -ne 0 ]; then
      failed+=("$name")
      [ "$status" -le "$worst" ] || worst=$status
      sw_tell error '%s failed:' "$(sw_title "$name")"
      sw_show_logs "$stage/logs/$name"
    elif [ -e "$stage/logs/$name.1" ]; then
      sw_tell warning '%s failed at first, and was tried again:' "$(sw_title "$name")"
      ! sw_logs warning || sw_show_logs "$stage/logs/$name"
    elif sw_logs debug; then
      sw_tell debug '%s:' "$(sw_title "$name")"
      sw_show_logs "$stage/logs/$name"
    fi
  done
}

# sw_show_logs LOG: of a job, with those of the attempts before its last one.
sw_show_logs() {
  local attempt=1
  while [ -e "$1.$attempt" ]; do
    printf '  attempt %d:\n' "$attempt" >&2
    sw_show_log "$1.$attempt" '    '
    attempt=$((attempt + 1))
  done
  [ "$attempt" -eq 1 ] || printf '  attempt %d, the last one:\n' "$attempt" >&2
  sw_show_log "$1" '  '
}

sw_show_log() {
  [ -s "$1" ] || return 0
  sw-monitor --disarm -- "$1" | sw_causes | sed "s/^/$2/" >&2
}
