# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154 # of the pipelines, or of STAGE/settings: step, selectors, zone, sizes, columns and the like; inputs, work
#
# One chunk of a run of report, extract or convert, as a job (job.sh): that of run-chunk.
#
#   sw-chunk --range, or of some files, or sw-filter of a stream ─▶ sw-agg --partial (report of rows), sw-classify --partial (report of orders), sw-cut (extract)
#                                                 or sw-optimize (convert, where sw-chunk alone does not do)
#
# The result is PART.partial, PART.states or PART.rows; PART.tally has the rows counted (read kept rejected bad) and is written last: with it
# the part is whole.

# run_chunk STAGE NAME
run_chunk() {
  local input offset length part file files from=() local_time=("${zone[@]}" "${sizes[@]}") old
  job_begin "$1" "$2"
  job_entry
  IFS=$'\t' read -r _ _ input offset length part <<<"${entry?}"
  file=${inputs[input]} files=("${inputs[input]}")
  [[ $length != *f ]] || files=("${inputs[@]:input:${length%f}}")
  part=$work/$part
  old=("$part".*)
  [ ! -e "${old[0]}" ] || rm -f -- "${old[@]}"
  chunk_make
  job_tally "$part" rows bad files || job_end 3
  job_end 0
}

# The rest has run_chunk's variables.
chunk_make() {
  [[ $length != *r ]] || from=(--range "$offset:${length%r}")
  if [[ $length != *r ]]; then
    stage_csv
    takes_one || stage_result
  elif [ "${#selectors[@]}" -eq 0 ] && [ "$step" = partial ]; then
    stage_result "${from[@]}" -- "$file"
  elif [ "$step" = states ]; then
    job_stage sw-filter "${from[@]}" "${selectors[@]}" --columns "$columns" "${local_time[@]}" --tally "$part.filter" -- "$file"
    stage_result
  elif [ "${#selectors[@]}" -eq 0 ] && [ "$step" = rows ]; then
    count_records
    stage_result "${from[@]}" -- "$file"
  else
    job_stage sw-filter "${from[@]}" "${selectors[@]}" "${local_time[@]}" --tally "$part.filter" -- "$file"
    stage_result
  fi
  job_run
}

# Rows of CSV that stay in their order, with all columns, are written as they are to be kept at once.
takes_one() {
  [ "$step" = stream ] && [ -z "$columns" ] && [ "${#sort_options[@]}" -eq 0 ]
}

stage_csv() {
  local range=() collect=() only=()
  case $length in
    whole) ;;
    *f) range=(--tally-files "$part.files") ;;
    *) range=(--range "$offset:$length") ;;
  esac
  [ -z "$bad_rows" ] || collect=(--bad-rows "$part.bad")
  # Of a report's columns; with an expression any other may be needed, so all are read.
  # Events go to a fold in blocks that stay in the second cache with all their columns.
  if [ "$step" = states ]; then
    only=(--columns "$columns" --block-rows 4096)
  elif [ "$step" = partial ] && [ -n "$columns" ] && [[ " ${selectors[*]-} " != *' --expression '* ]]; then
    only=(--columns "$columns")
  fi
  if takes_one; then only+=("${level[@]:---level=1}" -o "$part.rows"); fi
  job_stage sw-chunk "${schema[@]}" "${range[@]}" "${collect[@]}" "${only[@]}" "${selectors[@]}" "${local_time[@]}" \
    --tally "$part.chunk" -- "${files[@]}"
}

# The rest of the words says what the first program reads, where that is not the pipe.
stage_result() {
  case $step in
    partial) job_stage sw-agg "${aggregation[@]}" --partial "${local_time[@]}" --tally "$part.agg" -o "$part.partial" "$@" ;;
    states) job_stage sw-classify --partial --tally "$part.fold" -o "$part.states" ;;
    rows)
      job_stage sw-cut ${columns:+--columns "$columns"} "${local_time[@]}" "${time_form[@]}" --no-header --tally "$part.cut" -o "$part.rows" "$@"
      ;;
    stream)
      [ -z "$columns" ] || job_stage sw-filter --columns "$columns" "${local_time[@]}" --tally "$part.columns"
      [ "${#sort_options[@]}" -eq 0 ] || job_stage sw-sort "${sort_options[@]}" "${local_time[@]}" --tally "$part.sort"
      job_stage sw-optimize --index "${level[@]}" --tally "$part.optimize" -o "$part.rows"
      ;;
  esac
}

# Rows of a stream, all of them: read where they are wanted, and counted from the blocks' directories.
count_records() {
  job_stage sw-filter "${from[@]}" --count --tally "$part.filter" -o /dev/null -- "$file"
  job_run
}
