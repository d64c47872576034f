# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # options and settings go from one of these files to the next
#
# pipelines/analyse: the plan, and the stage that makes of every chunk a sorted part (lib/job/sort_chunk.c).

open_run() {
  sw_make_output
  output=$(readlink -v -f -- "$output") || exit 3
  sw_open_folder "$output/run" "$output" "${run_kind:-analyse}"
  mkdir -p "$work/parts" "$work/chunks" "$work/securities/results" || exit 3
  [[ ${temporary:-/} == /* ]] || temporary=$PWD/$temporary
  memory+=(--temporary-directory "${temporary:-$work}")
  made_by=$(sw_reads "${zone[@]}" "${sizes[@]}") || sw_exit $?
  security_options=$(sw_reads "${order_selectors[@]}" "${trades_in[@]}" "${trade_sets[@]}" "${scenario_options[@]}" "${study_options[@]}" \
    "${order_keys[@]}" "${market_digests[@]}") || sw_exit $?
}

# What the parts of a table's inputs are made with. A chunk is small enough to be sorted in memory.
plan_words_of() {
  part_words=()
  case $1 in
    orders)
      plan_words=("${schema[@]}" "${event_selectors[@]}" "${zone[@]}" ${columns:+--columns "$columns"})
      part_words=("${order_keys[@]}")
      ;;
    *)
      plan_words=("${trade_selectors[@]}")
      [ -z "$(layout_of "$1")" ] || plan_words+=(--schema "$(layout_of "$1")")
      case $1 in
        trades) plan_words+=(--columns "$trade_columns") part_words=("${trades_in[@]}" "${trade_sets[@]}") ;;
        nbbo) plan_words+=(--columns "$quote_columns") part_words=("${quote_keys[@]}") ;;
      esac
      ;;
  esac
  plan_words+=(--largest 128M)
}

plan_chunks() {
  local table
  part_kind=swr each_input=''
  sw_survey
  sw_plan_parts "$work/chunks"
  for table in orders trades nbbo; do
    awk -F '\t' -v table="$table" '$1 == table { print $5 }' "$work/chunks/all" >"$work/securities/$table" || exit 3
  done
  quote_layout=$(layout_of nbbo)
  settings_put sort-chunk "$work/chunks/settings"
  settings_put "${security_job:-analyse-security}" "$work/securities/settings"
}

show_commands() {
  local code folders aggregate_lines=() longest rows_read=ROWS
  printf '# %d of %d chunks are to be made\n' "$(wc -l <"$work/chunks/jobs")" "$(wc -l <"$work/chunks/all")"
  cut -f 1 "$work/chunks/jobs" | xargs -r sw-job --show --job sort-chunk -- "$work/chunks" || exit 3
  printf '# then, for every security that is found, with the parts that have rows of it:\n'
  code='SECURITY'
  printf '1\t%s\t-\tSEC_%s\t0\t%s\t%s\t%s\tSEC_%s\n' "$code" "$code" "$(numbers_of orders)" "$(numbers_of trades)" \
    "$(numbers_of nbbo)" "$code" >"$work/securities/jobs" || exit 3
  sw-job --show --job "${security_job:-analyse-security}" -- "$work/securities" 1 || sw_exit $?
  printf '# and over all of them:\n'
  printf -v folders '%q/*' "$work/securities/results"
  aggregates
  printf '%s\n' "${aggregate_lines[@]}"
}

numbers_of() {
  awk '{ printf "%s%d", (NR > 1 ? "," : ""), NR - 1 }' "$work/securities/$1"
}
