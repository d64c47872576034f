# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154 # of common.sh: workers, workers_given, work, sw_home, sw_name, jobs_total
#
# Slurm as the runner of a stage's jobs (SW_RUNNER=slurm, which pipelines/slurm sets), where nodes share the file system:
#
#   STAGE/jobs ─▶ sbatch --array, an index for each batch of jobs ─▶ slurm-batch: one after another, as attempts ─▶ STAGE/status
#
# Clusters allow arrays of some 1000 indexes. Batch I of N takes jobs I, I + N, …: where the largest come first, no batch has all of them.
# sbatch --wait tells when the last one ended; what became of the jobs stands in their statuses, as with any runner. A batch that Slurm
# begins anew elsewhere goes on behind the jobs that are done.
#
#   STAGE/slurm/array         the number of the array's job, so that the next run ends what this one left
#   STAGE/slurm/INDEX.log     what a batch said: it opens it by itself, since sbatch takes a file's name for a pattern
#   SW_SLURM_OPTIONS          further words for sbatch, a line each
#   SW_SLURM_BATCHES          indexes of an array at most, 1000 unless set

sw_run_slurm() {
  local batches=${SW_SLURM_BATCHES:-1000} limit='' options=() array
  command -v sbatch >/dev/null || sw_fail 3 'sbatch: not found; Slurm runs jobs from where its programs are'
  [[ $batches =~ ^[1-9][0-9]{0,6}$ ]] || sw_fail 2 "SW_SLURM_BATCHES: not a whole number from 1: '$batches'"
  [ "$batches" -le "$jobs_total" ] || batches=$jobs_total
  [ -z "$workers_given" ] || limit=%$workers
  [ -z "${SW_SLURM_OPTIONS-}" ] || mapfile -t options <<<"${SW_SLURM_OPTIONS%$'\n'}"
  sw_end_array "$stage"
  rm -rf "$stage/slurm" "$stage/attempts"
  mkdir -p "$stage/slurm" || exit 3
  export SW_HOST_STAGE=$stage SW_HOST_COMMAND=$command SW_HOST_WORK=$work SW_HOST_NAME=$sw_name SW_HOST_OUTPUT=${output-}
  sbatch --parsable --wait --job-name="sw-$sw_name" --array="0-$((batches - 1))$limit" --output=/dev/null --export=ALL \
    "${options[@]}" "$sw_home/remote/slurm-batch" "$stage" "$policy" "$batches" >"$stage/slurm/array" 2>"$stage/slurm/error" &
  sw_attend $! sw_end_sbatch || :
  array=$(cut -d ';' -f 1 "$stage/slurm/array")
  [ -n "$array" ] || sw_fail 3 "sbatch: $(tail -n 1 "$stage/slurm/error")"
  rm -rf "$stage/attempts"
}

sw_end_sbatch() {
  sw_end_array "$stage"
  kill "$1" 2>/dev/null
}

# Ends the array that a run has, or had, running.
sw_end_array() {
  local array
  IFS=';' read -r array _ 2>/dev/null <"$1/slurm/array" && [[ $array =~ ^[0-9]+$ ]] || return 0
  scancel "$array" 2>/dev/null || :
}
