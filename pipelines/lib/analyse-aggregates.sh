# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # options and settings go from one of these files to the next
#
# pipelines/analyse: the ledger, what is computed over all securities, and the end of the run.

# of_all NAME: of all securities, a column of ledger_by_security.csv.
of_all() {
  awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i } END { print $at }' "$work/ledger_by_security.csv"
}

# ledger.csv: what became of every row, per file and table; ledger_by_security.csv, and securities/tally, what the jobs counted. Sets rows_read,
# of the orders' files, and orders_selected.
write_ledger() {
  local tallies=("$work"/securities/results/*/tally)
  [ -e "${tallies[0]}" ] || tallies=()
  sw_about_inputs | sw-ledger analysis -- "$work" "$work/chunks" "${tallies[@]}" || sw_exit $?
  orders_selected=$(of_all selected)
  IFS=, read -r _ _ rows_read _ < <(grep '^orders,all,' "$work/ledger.csv")
  sw_collect_bad_rows "$work/chunks"
  sw_publish
}

# What orders cost, behind the standard measures: weighted by what was traded, of parts by the part; then the quartiles over orders.
cost_measures() {
  local name weight measures='traded_quantity_sum=sum(traded_quantity),traded_value_sum=sum(traded_value)'
  for name in arrival_cost_bps cost_bps cost_bps_passive cost_bps_aggressive cost_bps_dark effective_spread_bps \
    realized_spread_60s_bps impact_60s_bps shortfall_bps; do
    weight=traded_value
    case $name in
      cost_bps_*) weight="traded_value*${name#cost_bps_}_share" ;;
      shortfall_bps) weight='order_quantity*arrival_midprice' ;;
    esac
    measures+=",${name}_mean=wmean($name,$weight),${name}_q25=quantile($name,0.25),${name}_median=median($name),${name}_q75=quantile($name,0.75)"
  done
  for name in passive aggressive dark; do measures+=",${name}_share=wmean(${name}_share,traded_quantity)"; done
  printf %s "$measures"
}

# The commands of the last stage, a line each; FOLDERS is a glob, for the shell that runs them.
aggregate_commands() {
  local folders=$1 to options='' told='' cost_options='' i
  [ "${#zone[@]}" -eq 0 ] || printf -v cost_options ' %q' "${zone[@]}"
  [ "${#sizes[@]}" -eq 0 ] || cost_options+=$(printf ' %q' "${sizes[@]}")
  printf -v to %q "$output/aggregated"
  [ -z "$selectors_text" ] || printf -v told ' --selectors %q' "$selectors_text"
  # The impact and the age of quotes are in the simulated orders.
  for ((i = 0; i < ${#scenario_options[@]}; i += 2)); do
    case ${scenario_options[i]} in --impact | --quote-age) continue ;; esac
    options+=$(printf ' %q' "${scenario_options[@]:i:2}")
  done
  printf 'sw-agg --reports all --merge --rows-in %q%s -o %s -- %s/partial.swr\n' \
    "$rows_read" "$told" "$to" "$folders"
  printf 'sw-metrics -o %s/metrics.csv -- %s/orders.swr\n' "$to" "$folders"
  printf 'sw-metrics --group security_code -o %s/by_security_metrics.csv -- %s/orders.swr\n' "$to" "$folders"
  printf 'sw-agg --reports all --measures %q%s -o %s/tca -- %s/tca.swr\n' "$(cost_measures)" "$cost_options" "$to" "$folders"
  printf 'sw-simulate --summary%s -o %s/simulation_summary.csv -- %s/simulation.swr\n' "$options" "$to" "$folders"
}

# Where nothing was selected the results are there, with their headers: the securities' streams, without rows.
make_none() {
  local none=$1
  mkdir -p "$none" || exit 3
  { no_rows classified "$classified_columns" >"$none/classified.swr" &&
    no_rows nbbo security_code,timestamp,bid,offer >"$none/nbbo.swr" &&
    sw_traced sw-simulate --nbbo "$none/nbbo.swr" "${scenario_options[@]}" --per-order "$none/orders.swr" \
      -o "$none/simulation.swr" -- "$none/classified.swr" &&
    printf '%s\n' "$trade_columns" | sw-chunk --schema "$(layout_of trades)" >"$none/trades.swr" &&
    sw_traced sw-tca --trades "$none/trades.swr" --nbbo "$none/nbbo.swr" "${zone[@]}" -o "$none/tca.swr" -- "$none/classified.swr" &&
    sw_traced sw-agg --reports all "${own_groups[@]}" --measures "$measures" --partial "${zone[@]}" "${sizes[@]}" \
      -o "$none/partial.swr" -- "$none/orders.swr"; } || sw_exit $?
}

# With what a run that was killed was writing.
remove_aggregates() {
  local name files=()
  for name in {by_security,by_date,by_participant,by_time_of_day,by_order_size,by_security_date,timeseries_hourly,timeseries_daily}.csv \
    {global_summary,metrics,by_security_metrics,simulation_summary}.csv aggregation_summary.json; do
    files+=("$output/aggregated/$name" "$output/aggregated/$name".??????.tmp)
  done
  rm -f -- "${files[@]}" || exit 3
  rm -rf -- "$output/aggregated/tca" || exit 3
  rm -f "$work/aggregated"
  [ ! -d "$output/aggregated" ] || rmdir --ignore-fail-on-non-empty "$output/aggregated"
}

# What sw-simulate finds doubtful is no error: where errors alone are asked for, it is said of a failure only.
aggregate_line() {
  local said status=0
  if [[ $1 != sw-simulate\ * ]] || sw_logs warning; then
    sw_traced_line "$1"
    return
  fi
  said=$(sw_traced_line "$1" 2>&1) || status=$?
  [ "$status" -eq 0 ] || printf '%s\n' "$said" >&2
  return "$status"
}

aggregate() {
  local key line folders status=0
  key=$(sw_reads "$made_by" "$rows_read" "$selectors_text" "${scenario_options[@]}") || sw_exit $?
  key=$({ printf '%s\n' "$key" && cat "$work/securities/list"; } | sw_digest)
  if sw_made aggregated "$key"; then return 0; fi
  changed=1
  remove_aggregates
  sw_as_the_user mkdir -p "$output/aggregated" "$output/by_security" || exit 3
  printf -v folders '%q/*' "$work/securities/results"
  if [ ! -s "$work/securities/list" ]; then
    make_none "$work/none"
    printf -v folders %q "$work/none"
  fi
  while IFS= read -r line; do
    sw_as_the_user aggregate_line "$line" || { status=$?; remove_aggregates; break; }
  done < <(aggregate_commands "$folders")
  rm -rf "$work/none"
  if [ "$status" -ne 0 ]; then
    aggregate_again "$status"
    return
  fi
  reports_agree
  sw_mark_made aggregated "$key"
}

# Streams of an earlier run may have been damaged since: their securities are made again, once.
aggregate_again() {
  if [ "$1" -ne 1 ] || [ -n "${aggregated_again-}" ] || ! drop_damaged_results; then sw_exit "$1"; fi
  aggregated_again=1
  analyse_securities
  write_ledger
  aggregate
}

# The orders that the securities' jobs selected are those that the reports hold.
reports_agree() {
  local reported
  reported=$(awk -F, 'NR == 2 { print $2 }' "$output/aggregated/global_summary.csv")
  [ "$reported" = "$orders_selected" ] ||
    sw_fail 3 "the ledger does not add up: $orders_selected orders were selected, the reports hold $reported"
}

# The run's folder stays as it is when something fails: the next run goes on from there.
sw_clean() {
  :
}

# What a user should know of the data, once it is all there: trades and orders that do not fit each other, values that cannot be had.
tell_doubts() {
  sw_logs warning || return 0
  local market booked reported other alone orders executed only_booked mismatched
  IFS=, read -r _ _ _ _ _ _ _ _ _ market booked reported other _ < <(grep '^trades,all,' "$work/ledger.csv")
  orders=$(of_all orders) executed=$(of_all executed) only_booked=$(of_all only_booked) mismatched=$(of_all mismatched)
  read -r _ alone _ <"$work/securities/other_trades"
  alone=$((alone + $(of_all unmatched_market)))
  [ "$orders" -eq "$executed" ] ||
    sw_tell info '%d of %d orders have no trade and are left out, %d of them with bookings' $((orders - executed)) "$orders" "$only_booked"
  [ "$alone" -eq 0 ] || sw_tell warning '%d of %d trades have no order' "$alone" "$market"
  read -r _ _ alone _ <"$work/securities/other_trades"
  alone=$((alone + $(of_all unmatched_booked)))
  [ "$alone" -eq 0 ] || sw_tell warning '%d of %d bookings have no order' "$alone" "$booked"
  [ "$other" -eq 0 ] || sw_tell warning '%d rows of trades are of another dealsource, and taken for no trades' "$other"
  IFS=, read -r _ _ _ _ _ _ _ _ _ _ _ _ _ alone _ < <(grep '^nbbo,all,' "$work/ledger.csv")
  [ "$alone" -eq 0 ] || sw_tell warning '%d crossed quotes are left out' "$alone"
  [ "$mismatched" -eq 0 ] || sw_tell warning '%d orders whose trades and bookings are not their totalmatchedquantity' "$mismatched"
  awk -F '\t' -v name="$sw_name" '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^missing_/) { column[++count] = i; of[i] = substr($i, 9) }; next }
    { for (i = 1; i <= count; i++) sum[i] += $(column[i]) }
    END {
      for (i = 1; i <= count; i++) {
        if (!sum[i]) continue
        if (!said++) printf "%s: left empty, since they cannot be had:", name
        printf "%s %.0f %s", (said > 1 ? "," : ""), sum[i], of[column[i]]
      }
      if (said) print ""
    }' "$work/securities/tally" >&2
}

# A run that keeps no chunks is done where it was made from just these, with just these options, and its results are there.
run_is_done() {
  [ "$keep_intermediate" = no ] && [ -e "$work/ledger.csv" ] && { [ -z "$bad_rows" ] || [ -e "$bad_rows" ]; } &&
    run_key | cmp -s - "$work/made" && results_state | cmp -s - "$work/complete"
}

run_key() {
  { printf '%s\n' "$made_by" "$security_options" && cat "$work/chunks/all" "$work/chunks/settings" "$work/securities/settings"; } | sw_digest
}

keep_or_drop() {
  rm -f "$work/made" || exit 3
  [ "$keep_intermediate" = no ] || return 0
  find "$work/parts" "$work/securities/results" -name '*.swr' -delete || exit 3
  run_key >"$work/made" || exit 3
}

finish_run() {
  sw_drop_other_parts "$work/chunks"
  rm -rf "$work/securities/attempts"
  tell_doubts
  [ "$changed" -ne 0 ] || sw_tell info '%s is up to date' "$output"
  keep_or_drop
  results_state >"$work/complete" || exit 3
  tell_end
}

# The last line, of a run that had nothing to do, too.
tell_end() {
  local level=info selected orders
  IFS=, read -r _ _ rows_read _ < <(grep '^orders,all,' "$work/ledger.csv")
  selected=$(of_all selected) orders=$(of_all orders)
  [ "$selected" -ne 0 ] || { level=warning && sw_tell_unseen "${selectors[@]}"; }
  sw_tell "$level" '%d of %d orders selected, of %d rows of orders; %s' "$selected" "$orders" "$rows_read" "$output"
}

# What make looks at, to see that the results are still there.
results_state() {
  find "$output/by_security" "$output/aggregated" -type f -printf '%s %P\n' | sort | sha256sum
}
