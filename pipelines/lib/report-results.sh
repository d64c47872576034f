# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # options and settings go from one of these files to the next
#
# pipelines/report: what is computed, and its files. The standard reports, or those named; a report by keys of the user's own,
# beside them or alone.

# What the standard reports read of order events: known, so that nobody has to be asked where a header has them all.
report_columns=security_code,timestamp,price,quantity,leavesquantity,totalmatchedquantity,participantid

# Sets aggregation, sw-agg's words, and columns, what is read for it of CSV. What is wrong with them is said before anything is
# written, by no rows of the first input. Where all standard reports of rows are asked for, its survey tells.
report_plan() {
  [ -n "$group" ] || reports=${reports:-all}
  [ "${#time_form[@]}" -eq 0 ] || time_form+=("${zone[@]}") # parts have the zone of the rows
  case ${time_form[*]}$format in --iso*swr | --iso*parquet | --iso*arrow*) sw_fail 2 "--iso-time: not with '$format', which has times as such" ;; esac
  aggregation=(${reports:+--reports "$reports"} ${group:+--group "$group"} ${measures:+--measures "$measures"})
  columns=$report_columns
  if [ "${aggregation[*]}" != '--reports all' ] || { [ "$per" != event ] && ! report_has_columns ''; }; then report_ask_columns; fi
}

report_ask_columns() { columns=$(report_reads 2>/dev/null) || sw_first_complaint report_reads; }

# report_has_columns HEADER: whether it, or where it is empty one of CSV that the first input begins with, has the columns by these names.
report_has_columns() {
  local header=$1 column
  [ -n "$header" ] || { IFS= read -r -n 65536 header <"${inputs[0]}"; } 2>/dev/null
  for column in ${columns//,/ }; do
    [[ ,${header%$'\r'}, == *,"$column",* ]] || return
  done
}

report_reads() {
  sw_no_rows_of "${inputs[0]}" "${schema[@]}" | sw-agg --list-columns "${aggregation[@]}" "${zone[@]}" "${sizes[@]}"
  worst_of_pipe "${PIPESTATUS[@]}"
}

report_merge_parts() {
  local parts=() share line to=$output/aggregated form=$format
  if [ "$step" = states ]; then
    for ((share = 1; share <= shares; share++)); do parts+=("$work/orders/made/$share.partial"); done
  else
    sw_list_parts "$work" partial
  fi
  if [ -z "$reports" ]; then
    sw_as_the_user mkdir -p -- "$to" || exit 3
    to+=/groups.$format form=${format%.gz}
  fi
  # It is the run's own, and keeps the permissions that it has.
  : >"$work/reported" || exit 3
  printf -v line ' %q' "${aggregation[@]}" --merge "${time_form[@]}" --format "$form" --rows-in "$rows_read" ${selectors_text:+--selectors "$selectors_text"} \
    --tally "$work/reported" -o "$to" -- "${parts[@]}"
  sw_as_the_user sw_traced_line "sw-agg$line"
}

# Parts of an earlier run may have been damaged since: those are made again, once.
report_merge() {
  report_merge_parts && return
  local status=$?
  [ "$status" -eq 1 ] || sw_exit "$status"
  if sw_drop_damaged "$work"; then
    sw_plan_parts "$work"
    sw_make_parts "$work" "$sw_home/jobs/run-chunk"
  elif [ "$step" != states ]; then
    sw_exit "$status"
  fi
  forget_shares
  report_fold
  sw_ledger "$work"
  report_merge_parts || sw_exit $?
}

# What the ledger kept, or the orders that its events are of, is what the reports hold; if not, they are no results.
report_agrees() {
  local reported kept=$rows_kept
  read -r reported _ <"$work/reported" || exit 3
  [ "$step" != states ] || kept=$orders_kept
  [ "$reported" != "$kept" ] || return 0
  reports='' group=''
  forget_shares
  report_remove_old
  rm -f -- "$work/ledger.csv"
  sw_fail 3 "the ledger kept $kept rows, the reports hold $reported"
}

# Results of an earlier run stay until this one's have come into their place, all at once; what it did not make itself would pass for its
# own then. And a run that was killed may have left what it was writing.
report_remove_old() {
  local file old=()
  for file in "$output"/aggregated/{by_{security,date,participant,time_of_day,order_size,security_date},timeseries_{hourly,daily}}.* \
    "$output"/aggregated/{global_summary,groups,aggregation_summary}.*; do
    case $file in
      *.csv | *.csv.gz | *.tsv | *.jsonl | *.swr | *.parquet | *.arrow | *.arrows | *.json | *.??????.tmp)
        [ ! -e "$file" ] || report_is_made "${file##*/}" || old+=("$file")
        ;;
    esac
  done
  [ "${#old[@]}" -eq 0 ] || rm -f -- "${old[@]}" || exit 3
}

# report_is_made NAME: whether this run made a file of that name.
report_is_made() {
  case $1 in
    groups."$format") [ -n "$group" ] ;;
    aggregation_summary.json | *."$format") [ "$reports" = all ] || [[ ,$reports, =~ ,${1%%.*}(\.[a-z]+)*, ]] ;;
    *) false ;;
  esac
}
