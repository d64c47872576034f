# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154 # of common.sh: workers, work, sw_name
#
# Runs the jobs of a stage: one after another where that is enough, else under GNU parallel.
#
#   STAGE/jobs, a line a job, its name (a number) first ─▶ COMMAND STAGE NAME ─▶ STAGE/status/NAME, STAGE/logs/NAME
#
# A job writes its own status (job.sh): GNU parallel's counts failures and knows no worst. Sourced by common.sh.

# sw_run STAGE POLICY COMMAND: POLICY is `soon` (a failure ends the stage) or `never` (the others are finished). Then
# `failed` has the names of the jobs that failed, `worst` their worst status, and `missing` the number of those that never ended; what
# the failed ones said has been told. Sets jobs_total.
sw_run() {
  local stage=$1 policy=$2 command=$3
  rm -rf "$stage/status" "$stage/logs"
  mkdir -p "$stage/status" "$stage/logs" || exit 3
  jobs_total=$(wc -l <"$stage/jobs")
  # parallel's own status is the number of failed jobs: what each job says of itself is looked at instead.
  if [ "$workers" -eq 1 ] || [ "$jobs_total" -le 1 ]; then
    sw_run_in_turn "$stage" "$policy" "$command"
  else
    sw_run_parallel "$stage" "$policy" "$command" || :
  fi
  sw_judge "$stage"
}

sw_run_in_turn() {
  local stage=$1 policy=$2 command=$3 name done=0 begin=$SECONDS left
  while read -r name; do
    "$command" "$stage" "$name" </dev/null || [ "$policy" = never ] || break
    done=$((done + 1))
    if [ -t 2 ]; then
      left=$(((SECONDS - begin) * (jobs_total - done) / done))
      printf '\r%3d%% %d of %d jobs, %ds left ' $((done * 100 / jobs_total)) "$done" "$jobs_total" "$left" >&2
    fi
  done < <(cut -f 1 "$stage/jobs")
  [ ! -t 2 ] || printf '\n' >&2
}

sw_run_parallel() {
  local stage=$1 policy=$2 command=$3 bar=() halt=never
  parallel --version 2>/dev/null | grep -q '^GNU parallel' ||
    sw_fail 3 'GNU parallel: not found (the one of moreutils is another program); install "parallel", or use -j 1'
  [ ! -t 2 ] || bar=(--bar)
  [ "$policy" = never ] || halt=soon,fail=1
  # parallel keeps its state in a folder of the run, so that nobody's profile or home matters.
  mkdir -p "$stage/parallel" || exit 3
  PARALLEL_HOME="$stage/parallel" PARALLEL_SHELL="$BASH" \
    parallel --plain --will-cite "${bar[@]}" --jobs "$workers" --halt "$halt" \
    --joblog "+$work/joblog" -q "$command" "$stage" < <(cut -f 1 "$stage/jobs") &
  local child=$!
  # shellcheck disable=SC2064
  trap "kill -TERM $child 2>/dev/null; wait $child; exit 143" TERM
  # shellcheck disable=SC2064
  trap "kill -TERM $child 2>/dev/null; wait $child; exit 130" INT
  local status=0
  wait "$child" || status=$?
  trap - INT TERM
  rm -rf "$stage/parallel"
  return "$status"
}

# The stage's status is the worst of its jobs'; what they said comes out in the order of the jobs. A job without
# a status did not finish: that is the system's failure unless another one says why.
sw_judge() {
  local stage=$1 name status
  failed=() worst=0 missing=0
  while read -r name; do
    if ! read -r status 2>/dev/null <"$stage/status/$name"; then
      missing=$((missing + 1))
      continue
    fi
    [ "$status" -ne 0 ] || continue
    failed+=("$name")
    [ "$status" -le "$worst" ] || worst=$status
  done < <(cut -f 1 "$stage/jobs")
  for name in "${failed[@]}"; do
    printf '%s: %s failed:\n' "$sw_name" "$(sw_title "$name")" >&2
    sed 's/^/  /' "$stage/logs/$name" >&2
  done
}
