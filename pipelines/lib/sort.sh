# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154 # of the pipeline, or of STAGE/settings; inputs, work
#
# One chunk of an analysis, as a job (job.sh): that of sort-chunk. A dry run has the pipeline's shell print it.
#
#   sw-chunk --range, or of some files, or sw-filter of a stream ─▶ sw-sort, blocks cut and indexed by security ─▶ PART.swr
#                                                 sw-agg: what is in it, by security (and date) ─▶ PART.list
#
# PART.tally has the rows counted (read kept rejected bad) and is written last: with it the part is whole.

# sort_chunk STAGE NAME
sort_chunk() {
  local table input offset length part file files layout only select keys list_keys list_measures
  job_begin "$1" "$2"
  job_entry
  IFS=$'\t' read -r _ table input offset length part <<<"${entry?}"
  file=${inputs[input]} files=("${inputs[input]}")
  [[ $length != *f ]] || files=("${inputs[@]:input:${length%f}}")
  part=$work/$part
  describe_table
  [ -n "$job_dry" ] || rm -f "$part".*
  sort_rows
  job_stage sw-sort "${keys[@]}" --block-keys security_code --index "${memory[@]}" --tally "$part.sort" -o "$part.swr"
  job_run
  job_stage sw-agg --group "$list_keys" --measures "$list_measures" --format tsv "${zone[@]}" --tally "$part.listed" -o "$part.list" -- "$part.swr"
  job_run
  [ -n "$job_dry" ] || job_tally "$part" list bad files || job_end 3
  job_end 0
}

# What a table's rows are, which of its columns are read, how it is sorted, and by what it is listed.
describe_table() {
  case $table in
    orders)
      layout=("${schema[@]}") only=(${columns:+--columns "$columns"}) select=("${event_selectors[@]}")
      keys=("${order_keys[@]}") list_keys=security_code,date list_measures='events=count()'
      ;;
    trades)
      layout=(--schema "${trades_schema:-trades}") only=(--columns "$trade_columns") select=("${trade_selectors[@]}")
      keys=(--keys 'security_code,order_id,timestamp') list_keys=security_code list_measures=$trade_measures
      ;;
    nbbo)
      layout=(${quote_layout:+--schema "$quote_layout"}) only=(--columns "$quote_columns") select=("${trade_selectors[@]}")
      keys=("${quote_keys[@]}") list_keys=security_code list_measures='rows=count()'
      ;;
  esac
}

sort_rows() {
  local range=() collect=() ending=bad
  if [[ $length == *r ]]; then
    job_stage sw-filter --range "$offset:${length%r}" "${select[@]}" "${only[@]}" "${zone[@]}" "${sizes[@]}" --tally "$part.filter" -- "$file"
    return
  fi
  # Bad rows of a file that is read for its quotes as well are collected where it is read for its rows.
  if [ "$table" = nbbo ] && [ -n "$quotes_of" ]; then ending=again; fi
  case $length in
    whole) ;;
    *f) range=(--tally-files "$part.files") ;;
    *) range=(--range "$offset:$length") ;;
  esac
  [ -z "$bad_rows" ] || collect=(--bad-rows "$part.$ending")
  job_stage sw-chunk "${layout[@]}" "${only[@]}" "${range[@]}" "${collect[@]}" "${select[@]}" "${zone[@]}" "${sizes[@]}" \
    --tally "$part.chunk" -- "${files[@]}"
}
