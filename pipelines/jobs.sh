# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154 # of common.sh: workers, work, sw_name
#
# Runs the jobs of a stage: one after another where that is enough, else under GNU parallel.
#
#   STAGE/jobs, a line a job, its name (a number) first ─▶ COMMAND STAGE NAME ─▶ STAGE/{running,status,logs}/NAME
# STAGE/weights has, for each job, how much it has to do, in bytes or rows: what an estimate of the time left goes by.
# WORK/stages has a line for each stage that was begun: NAME FOLDER BEGIN WORKERS.
#
# A job writes its own status (job.sh): GNU parallel's counts failures and knows no worst. Sourced by common.sh.

# sw_run STAGE POLICY COMMAND: POLICY is `soon` (a failure ends the stage) or `never` (the others are finished). Then
# `failed` has the names of the jobs that failed, `worst` their worst status, and `missing` the number of those that never ended; what
# the failed ones said has been told. Sets jobs_total.
sw_run() {
  local stage=$1 policy=$2 command=$3
  rm -rf "$stage/status" "$stage/logs" "$stage/running"
  mkdir -p "$stage/status" "$stage/logs" "$stage/running" || exit 3
  jobs_total=$(wc -l <"$stage/jobs")
  printf '%s\t%s\t%s\t%d\n' "$(sw_stage_name "$stage")" "$stage" "$EPOCHREALTIME" "$workers" >>"$work/stages" || exit 3
  # The runners' own statuses say how many jobs failed, at best: what each job says of itself is looked at instead.
  case $(sw_runner) in
    shell) sw_run_here "$stage" "$policy" "$command" || : ;;
    slurm) sw_run_slurm "$stage" "$policy" "$command" || : ;;
    *) sw_run_parallel "$stage" "$policy" "$command" || : ;;
  esac
  sw_judge "$stage"
}

# A pipeline of one stage, of chunks, has it in its own folder.
sw_stage_name() {
  if [ "$1" = "$work" ]; then echo chunks; else echo "${1##*/}"; fi
}

# GNU parallel takes a sixth of a second to start and some milliseconds a job; what is done in seconds the shell runs itself.
sw_runner() {
  if [ -n "$hosts" ]; then
    echo parallel
  elif [ -n "${SW_RUNNER-}" ]; then
    printf '%s\n' "$SW_RUNNER"
  elif [ "$workers" -eq 1 ] || [ "$jobs_total" -le 1 ] || [ "$input_bytes" -lt $((workers * 2147483648)) ]; then
    echo shell
  else
    echo parallel
  fi
}

# As many jobs at a time as there are workers, each in a process group of its own, so that a signal reaches all of it.
sw_run_here() {
  local stage=$1 policy=$2 command=$3 name running=0 done=0 begin=$SECONDS ended ended_status
  local -A process=()
  set -m
  trap 'sw_stop_jobs TERM; exit 143' TERM
  trap 'sw_stop_jobs INT; exit 130' INT
  trap 'sw_stop_jobs HUP; exit 129' HUP
  while read -r name; do
    if [ "$running" -eq "$workers" ]; then
      sw_wait_one || break
    fi
    "$command" "$stage" "$name" </dev/null &
    process[$!]=$name
    running=$((running + 1))
  done < <(cut -f 1 "$stage/jobs")
  while [ "$running" -gt 0 ]; do sw_wait_one || :; done
  trap - TERM INT HUP
  set +m
  sw_write_joblog "$stage"
  [ ! -t 2 ] || printf '\n' >&2
}

# Waits for one job of sw_run_here, whose variables it keeps; false where its failure ends the stage.
sw_wait_one() {
  ended_status=0
  wait -n -p ended "${!process[@]}" || ended_status=$?
  unset "process[$ended]"
  running=$((running - 1))
  done=$((done + 1))
  if [ -t 2 ]; then
    printf '\r%3d%% %d of %d jobs, %ds left ' $((done * 100 / jobs_total)) "$done" "$jobs_total" \
      $(((SECONDS - begin) * (jobs_total - done) / done)) >&2
  fi
  [ "$ended_status" -eq 0 ] || [ "$policy" = never ]
}

# In the form of GNU parallel's.
sw_write_joblog() {
  [ -s "$work/joblog" ] ||
    printf 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n' >"$work/joblog" || exit 3
  awk -F '\t' -v OFS='\t' -v command="$command" '{
    name = FILENAME
    sub(/.*\//, "", name)
    print name, $2, $3, sprintf("%.3f", $4 - $3), 0, 0, $1, 0, command " " name
  }' "$1"/status/* >>"$work/joblog" 2>/dev/null || :
}

sw_stop_jobs() {
  local id
  for id in "${!process[@]}"; do kill -s TERM -- "-$id" 2>/dev/null; done
  wait
}

sw_run_parallel() {
  local stage=$1 policy=$2 command=$3 bar=() halt=never places=(--jobs "$workers")
  parallel --version 2>/dev/null | grep -q '^GNU parallel' ||
    sw_fail 3 'GNU parallel: not found (the one of moreutils is another program); install "parallel", or use -j 1'
  [ ! -t 2 ] || bar=(--bar)
  [ "$policy" = never ] || halt=soon,fail=1
  [ -z "$hosts" ] || sw_host_words "$stage" "$command"
  # parallel keeps its state in a folder of the run, so that nobody's profile or home matters.
  mkdir -p "$stage/parallel" || exit 3
  PARALLEL_HOME="$stage/parallel" PARALLEL_SHELL="$BASH" \
    parallel --plain --will-cite "${bar[@]}" "${places[@]}" --halt "$halt" \
    --joblog "+$work/joblog" -q "$command" "$stage" < <(cut -f 1 "$stage/jobs") &
  local child=$!
  printf '%d\n' "$child" >"$stage/runner"
  # shellcheck disable=SC2064
  trap "kill -TERM $child 2>/dev/null; wait $child; exit 143" TERM
  # shellcheck disable=SC2064
  trap "kill -TERM $child 2>/dev/null; wait $child; exit 130" INT
  # shellcheck disable=SC2064
  trap "kill -TERM $child 2>/dev/null; wait $child; exit 129" HUP
  local status=0
  wait "$child" || status=$?
  trap - INT TERM HUP
  rm -rf "$stage/parallel" "$stage/runner" "$stage/attempts"
  return "$status"
}

# The stage's status is the worst of its jobs'; what they said comes out in the order of the jobs. A job without
# a status did not finish: that is the system's failure unless another one says why.
sw_judge() {
  local stage=$1 name status
  failed=() worst=0 missing=0
  while read -r name; do
    if ! read -r status _ 2>/dev/null <"$stage/status/$name"; then
      missing=$((missing + 1))
      continue
    fi
    [ "$status" -ne 0 ] || continue
    failed+=("$name")
    [ "$status" -le "$worst" ] || worst=$status
  done < <(cut -f 1 "$stage/jobs")
  for name in "${failed[@]}"; do
    printf '%s: %s failed:\n' "$sw_name" "$(sw_title "$name")" >&2
    # What a later program says of an empty input follows from what the first one said.
    { grep -v 'standard input: empty, not even a header' "$stage/logs/$name" || cat "$stage/logs/$name"; } | sed 's/^/  /' >&2
  done
}
