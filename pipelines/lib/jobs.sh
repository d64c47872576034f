# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of common.sh: workers, work, sw_name, on_failure, retries, time_limit, log_level; and what sw_run sets
#
# Runs the jobs of a stage: by sw-job where that is enough, else under GNU parallel.
#
#   STAGE/jobs, a line a job, its name (a number) first ─▶ COMMAND STAGE NAME ─▶ STAGE/{running,status,logs}/NAME
# STAGE/settings has what they have to know, variables of the pipeline; for they are processes of their own.
# STAGE/weights has, for each job, how much it has to do, in bytes or rows: what an estimate of the time left goes by.
# STAGE/policy has RETRIES SECONDS LOG-LEVEL, for the jobs themselves (lib/job/work.h): what becomes of one is the same under every runner.
# WORK/stages has a line for each stage that was begun: NAME FOLDER BEGIN WORKERS.
# STAGE/verdict has what became of them: WORST MISSING FAILED…; then "unchanged", where the inputs certainly are,
# or "delivered" and what was counted (rows.sh).
# WORK/coming has NAME SHARE of the stages that there may be.
# WORK/workers has the number of workers, 1 or more: who renames a file with another into its place, as sw-monitor does, changes it from the next job on.
#
# A job writes its own status (lib/job/work.h): GNU parallel's counts failures and knows no worst. Sourced by common.sh.

sw_grace=6 # seconds from SIGTERM to SIGKILL; a job that ends its own (sw-job) takes one less
delivery=() delivering=() delivered='' # of rows.sh
monitor=${SW_MONITOR:-on} # off: --no-monitor
monitor_process='' stages_noted=''

# sw_run STAGE POLICY COMMAND: what a failure does, unless --on-failure says it: `soon` lets the running jobs finish and starts no other,
# `now` ends them, `never` goes on with the others. Then `failed` has the names of the jobs that failed, `worst` their worst status, and
# `missing` the number of those that never ended; what the failed ones said has been told. Sets jobs_total.
sw_run() {
  local stage=$1 policy=${on_failure:-$2} command=$3 begin=$EPOCHREALTIME
  local stage_name=${stage##*/} runner names='' rows='' verdict
  unchanged=''
  # A pipeline of one stage, of chunks, has it in its own folder.
  [ "$stage" != "$work" ] || stage_name=chunks
  sw_has_no_jobs_yet "$stage" || { rm -rf "$stage"/{status,logs,running} && mkdir -p "$stage"/{status,logs,running}; } || exit 3
  mapfile -t failed <"$stage/jobs" || exit 3
  jobs_total=${#failed[@]}
  [ -e "$work/stages" ] || printf '%d\n' "$workers" >"$work/workers" || exit 3
  printf '%s\t%s\t%s\t%d\n' "$stage_name" "$stage" "$begin" "$workers" >>"$work/stages" || exit 3
  printf '%d %d %s\n' "$retries" "$time_limit" "$log_level" >"$stage/policy" || exit 3
  [ "$stage" = "$work" ] || sw_link_logs "$stage"
  sw_monitor_start
  # What one said of a stage that was ended is nothing of this one.
  [ ! -e "$stage/runner.log" ] || rm -f "$stage/runner.log" || exit 3
  # The runners' own statuses say how many jobs failed, at best: what each job says of itself is looked at instead.
  sw_choose_runner
  case $runner in
    shell)
      [ "${#delivery[@]}" -eq 0 ] || sw_deliver_at_once
      sw_job_stage --joblog "${delivering[@]}"
      ;;
    slurm)
      # shellcheck source=pipelines/remote/slurm.sh
      . "$sw_home/remote/slurm.sh"
      sw_run_slurm
      sw_job_stage --judge --joblog
      ;;
    *)
      sw_run_parallel
      sw_job_stage --judge
      rm -f "$stage/runner.log"
      ;;
  esac
  { read -r worst missing names && { read -r unchanged rows || :; }; } <&"$verdict" || exit 3
  exec {verdict}<&-
  delivered=$rows
  # A folder that has gone, with its lock, may be there again, as the next run's.
  [ -z "$delivered" ] || ! sw_removes || run_ended=1
  read -ra failed <<<"$names"
  sw_tell debug '%s: %d jobs in %d ms' "$stage_name" "$jobs_total" \
    $(((${EPOCHREALTIME/./} - ${begin/./}) / 1000))
}

# sw_job_stage [--judge] [--joblog]: has sw-job run the jobs, or judge what another has run. With sw_run's variables, as the runners are.
sw_job_stage() {
  # It may remove it with the folder.
  : >"$stage/verdict" && exec {verdict}<"$stage/verdict" || exit 3
  sw-job --stage "$stage" --run "$work" --pipeline "$sw_name" --workers "$workers" --on-failure "$policy" "$@" -- "$BASH" -p "$command" \
    >"$stage/verdict" {verdict}<&- &
  sw_attend $! sw_end_stage || sw_exit $(($? < 3 ? 3 : $?))
}

# sw_attend PROCESS COMMAND: waits for it; where a signal is to end the run, the command does first, with the process as its word.
sw_attend() {
  local child=$1 end=$2 status=0
  trap '"$end" "$child"; exit 143' TERM
  trap '"$end" "$child"; exit 130' INT
  trap '"$end" "$child"; exit 129' HUP
  wait "$child" || status=$?
  trap - TERM HUP
  sw_trap_interrupt
  return "$status"
}

# The jobs end before whoever runs them.
sw_end_stage() {
  kill -s TERM "$1" 2>/dev/null
  sw_is_lost "$1" || wait "$1" 2>/dev/null
  sw_end_strays
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

# Sets runner. GNU parallel takes a sixth of a second to start and some milliseconds a job; what is done in seconds sw-job runs.
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

# GNU parallel takes its command line for a template, in which {}, {#}, {= PERL =} and more stand for something else, and so would names that
# hold them. So no name is part of it: the run's folder is a descriptor, the job reads its own words from the surroundings, and what
# parallel itself adds is the job's number.
sw_run_parallel() {
  local halt=never run_folder at places
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
    < <(cut -f 1 "$stage/jobs") 2>"$stage/runner.log" &
  printf '%d\n' $! >"$stage/runner"
  sw_attend $! sw_end_parallel || :
  exec {run_folder}<&-
  rm -rf "$stage/parallel" "$stage/runner" "$stage/attempts"
}

# GNU parallel hears no SIGTERM before its first job is due, so it is told until it has ended.
sw_end_parallel() {
  while kill -s TERM "$1" 2>/dev/null; do sleep 0.05; done
  sw_is_lost "$1" || wait "$1" 2>/dev/null
  sw_end_strays
}

# A job may have begun in the moment in which the signal came, before whoever began it knew its number.
sw_end_strays() {
  sw-job --holders "$work/lock" --but $$ --end {lock}>&-
}

# Once a run, before its first job.
sw_monitor_start() {
  sw_note_stages
  [ -z "$monitor_process" ] && sw_monitor_is_wanted || return 0
  # shellcheck source=pipelines/lib/monitor.sh
  . "$sw_home/lib/monitor.sh"
  sw_monitor_begin
}

# What becomes of rows in a second or two needs no watching, where nobody looks and nothing is left of it.
sw_monitor_is_wanted() {
  [ "$monitor" != off ] && command -v sw-monitor >/dev/null || return 1
  [ -z "$metrics$on_event$memory_limit" ] && ! sw_monitor_shows || return 0
  [ "${work##*/}" = run ] || [ "$input_bytes" -ge 1073741824 ]
}

# Whether how far the run is goes where messages go.
sw_monitor_shows() {
  [ -n "$progress" ] || [ "$log_level" = debug ] || { [ -t 2 ] && sw_logs info; }
}

# The stages that the run may come to, in their order, and how long each takes beside the others, for whoever shows how far it is. Where
# nothing is left to do in one, it is passed over.
sw_note_stages() {
  local kind=''
  [ -z "$stages_noted" ] || return 0
  stages_noted=1
  read -r kind 2>/dev/null <"$work/kind" || :
  case $kind-${step-} in
    report-states) printf 'chunks 6\norders 1\n' ;;
    analyse-*) printf 'chunks 1\nsecurities 4\n' ;;
    match-*) printf 'chunks 1\nsecurities 1\n' ;;
    *) printf 'chunks 1\n' ;;
  esac 2>/dev/null >"$work/coming" || sw_cannot_write "$work/coming"
  sw_tell_kept
}

# What an earlier run made and this one need not.
sw_tell_kept() {
  local folder all left
  for folder in "$work" "$work/chunks"; do
    if [ ! -s "$folder/all" ] || [ ! -e "$folder/jobs" ]; then continue; fi
    mapfile -t all <"$folder/all"
    mapfile -t left <"$folder/jobs"
    [ "${#left[@]}" -ge "${#all[@]}" ] ||
      sw_tell info 'goes on: %d of %d chunks are there from before' $((${#all[@]} - ${#left[@]})) "${#all[@]}"
  done
}

# settings_of COMMAND: sets settings_names to the variables of its jobs; those behind @ are arrays.
settings_of() {
  case $1 in
    run-chunk) settings_names=(@selectors @schema @likely @zone @sizes columns bad_rows step @time_form @sort_options @level @aggregation work) ;;
    fold-share) settings_names=(@order_selectors @zone @sizes @aggregation @fold_memory measured_columns work) ;;
    sort-chunk)
      settings_names=(@schema @event_selectors @trade_selectors @zone @sizes columns @order_keys @memory bad_rows work quote_columns trade_columns
        trade_measures trades_schema quote_layout @quote_keys quotes_of) ;;
    analyse-security)
      settings_names=(@order_selectors @zone @sizes @order_keys @memory @trades_in @quote_keys @scenario_options @study_options work output sw_umask) ;;
    match-security) settings_names=(@order_selectors @zone @sizes @order_keys @memory @quote_keys @match_options replay work output sw_umask) ;;
    *) return 1 ;;
  esac
}

# settings_put COMMAND FILE: writes them as data, of which nothing is run (lib/job/settings.h): of each its name, "-" and the value, or, of an array,
# how many values and these, each ended by a NUL. What is written behind the rest holds instead of it.
settings_put() {
  local settings_names settings_name
  settings_of "$1" && { [[ ! -e $2 && ! -L $2 ]] || rm -f -- "$2"; } || exit 3
  for settings_name in "${settings_names[@]}"; do
    local -n settings_value=${settings_name#@}
    if [[ $settings_name == @* ]]; then
      printf '%s\0' "${settings_name#@}" "${#settings_value[@]}" "${settings_value[@]}" || exit 3
    else
      printf '%s\0-\0%s\0' "$settings_name" "$settings_value" || exit 3
    fi
  done >>"$2" || exit 3
}
