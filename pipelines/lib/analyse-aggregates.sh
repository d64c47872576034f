# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # options and settings go from one of these files to the next
#
# pipelines/analyse: the ledger, what is computed over all securities, and the end of the run.

ledger_of=analysis # sw-ledger's word for the run
aggregate_files=({metrics,by_security_metrics,simulation_summary}.csv tca) # beside the standard reports

# ledger.csv: what became of every row, per file and table; ledger_by_security.csv, and securities/tally, what the jobs counted.
write_ledger() {
  local tallies=("$work"/securities/results/*/tally)
  [ -e "${tallies[0]}" ] || tallies=()
  sw-ledger "$ledger_of" -- "$work" "$work/chunks" "${tallies[@]}" <"$work/chunks/about" || sw_exit $?
  read_totals
  sw_deliver "$work/chunks"
}

# Sets rows_read, of the orders' files, orders_found and orders_selected.
read_totals() {
  read -r rows_read orders_found orders_selected <"$work/securities/totals" || exit 3
}

# over STREAM WORD…: adds a command of the last stage, over a stream of all folders of results, to aggregate_lines: a line for a shell, in which
# the folders may be a glob.
over() {
  local line
  printf -v line '%q ' "${@:2}"
  aggregate_lines+=("$line-- $folders/$1.swr")
}

# At most ten commands, of which one may take longer than all others.
aggregates() {
  local to=$output/aggregated options=() i
  # The impact and the age of quotes are in the simulated orders.
  for ((i = 0; i < ${#scenario_options[@]}; i += 2)); do
    case ${scenario_options[i]} in --impact | --quote-age) ;; *) options+=("${scenario_options[@]:i:2}") ;; esac
  done
  over partial sw-agg --reports all --merge --rows-in "$rows_read" ${selectors_text:+--selectors "$selectors_text"} -o "$to"
  over orders sw-metrics -o "$to/metrics.csv"
  over orders sw-metrics --group security_code -o "$to/by_security_metrics.csv"
  [ -n "$no_costs" ] || longest=${#aggregate_lines[@]}
  [ -n "$no_costs" ] || over tca sw-agg --reports all --measures costs "${zone[@]}" "${sizes[@]}" "${memory[@]}" -o "$to/tca"
  over simulation_sums sw-simulate --summary "${options[@]}" -o "$to/simulation_summary.csv"
}

# Runs the commands, in a shell of its own, side by side: each worker takes the next one, by its digit, until there is none. The first that fails,
# in their order, ends the run: what it says is said, and what those before it say.
run_aggregates() {
  local next digits workers_here=() fields=() said=() status=() i
  printf -v digits %d "${!aggregate_lines[@]}"
  exec {next}< <(printf %s "$longest" "${digits/"$longest"/}")
  while [ "${#workers_here[@]}" -lt "$workers" ] && [ "${#workers_here[@]}" -lt "${#aggregate_lines[@]}" ]; do
    exec {i}< <(aggregate_worker)
    workers_here+=("$i")
  done
  for i in "${workers_here[@]}"; do
    mapfile -d '' -t -O "${#fields[@]}" fields <&"$i"
  done
  for ((i = 0; i + 2 < ${#fields[@]}; i += 3)); do status[fields[i]]=${fields[i + 1]} said[fields[i]]=${fields[i + 2]}; done
  for i in "${!aggregate_lines[@]}"; do
    # What sw-simulate finds doubtful is no error: where errors alone are asked for, it is said of a failure only.
    if [ -n "${said[i]-}" ] && { sw_logs warning || [ "${status[i]}" -ne 0 ] || [[ ${aggregate_lines[i]} != sw-simulate\ * ]]; }; then
      printf '%s\n' "${said[i]}" >&2
    fi
    [ "${status[i]-137}" -eq 0 ] || return "${status[i]-137}"
  done
}

# Prints of each command that it ran the digit, the status, and what it said.
aggregate_worker() {
  local i status said
  while read -r -N 1 i <&"$next"; do
    status=0
    said=$(sw_as_the_user sw_traced_line "${aggregate_lines[i]}" 2>&1) || status=$?
    printf '%d\0%d\0%s\0' "$i" "$status" "$said"
  done
}

# Where nothing was selected the results are there, with their headers: the securities' streams, without rows.
make_none() {
  study_nothing "$1" || sw_exit $?
}

# The names of the standard reports that are among the aggregates.
standard_files() { sw-agg --list-reports; }

# With what a run that was killed was writing.
remove_aggregates() {
  local name names files=("$work/aggregated")
  names=$(standard_files) || sw_exit $?
  # shellcheck disable=SC2086 # words
  for name in "${aggregate_files[@]}" $names; do files+=("$output/aggregated/$name" "$output/aggregated/$name".??????.tmp); done
  rm -rf -- "${files[@]}" || exit 3
  [ ! -d "$output/aggregated" ] || rmdir --ignore-fail-on-non-empty "$output/aggregated"
}

aggregate() {
  local key folders status=0 aggregate_lines=() longest=''
  key=$(sw_reads "$made_by" "$security_options" "$rows_read" "$selectors_text") || sw_exit $?
  key=$({ printf '%s\n' "$key" && cat "$work/securities/list"; } | sw_digest)
  if sw_made "$key"; then return 0; fi
  changed=1
  remove_aggregates
  sw_as_the_user mkdir -p "$output/aggregated" "$output/by_security" || exit 3
  printf -v folders '%q/*' "$work/securities/results"
  if [ ! -s "$work/securities/list" ]; then
    mkdir -p "$work/none" || exit 3
    make_none "$work/none"
    printf -v folders %q "$work/none"
  fi
  aggregates
  run_aggregates &
  # A program whose shell was killed would still write.
  sw_attend $! sw_end_stage || { status=$?; sw_end_strays; remove_aggregates; }
  rm -rf "$work/none"
  if [ "$status" -ne 0 ]; then
    aggregate_again "$status"
    return
  fi
  aggregates_agree
  sw_mark_made "$key"
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
aggregates_agree() {
  local reported
  reported=$(awk -F, '$1 == "orders" { print $2 }' "$output/aggregated/global_summary.csv")
  [ "$reported" = "$orders_selected" ] ||
    sw_fail 3 "the ledger does not add up: $orders_selected orders were selected, the reports hold $reported"
}

# What a user should know of the data, once it is all there.
tell_doubts() {
  local level line
  sw_logs warning || return 0
  while IFS=$'\t' read -r level line; do sw_tell "$level" '%s' "$line"; done <"$work/securities/doubts"
}

# A run that keeps no chunks is done where it was made from just these, with just these options, and its results are there.
run_is_done() {
  [ "$keep_intermediate" = no ] && [ -e "$work/ledger.csv" ] && { [ -z "$bad_rows" ] || [ -e "$bad_rows" ]; } &&
    run_key | cmp -s - "$work/made" && results_state | cmp -s - "$work/complete"
}

# Of the settings all but the mask, by which nothing is made otherwise.
run_key() {
  {
    printf '%s\n' "$made_by" "$security_options" && cat "$work/chunks/all" "$work/chunks/settings" &&
      sed -z '/^sw_umask$/,+2d' "$work/securities/settings"
  } | sw_digest
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
  local level=info
  read_totals
  [ "$orders_selected" -ne 0 ] || { level=warning && sw_tell_unseen "${selectors[@]}"; }
  sw_tell "$level" '%d of %d orders selected, of %d rows of orders; %s' "$orders_selected" "$orders_found" "$rows_read" "$output"
}

# What make looks at, to see that the results are still there.
results_state() {
  find "$output/by_security" "$output/aggregated" -type f -printf '%s %P\n' | sort | sha256sum
}
