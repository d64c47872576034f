# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # options and settings go from one of these files to the next
#
# pipelines/analyse: the ledger, what is computed over all securities, and the end of the run.

# ledger_by_security.csv; its sums go into ledger.csv. A trade has an order or has none, every event was folded.
ledger_by_security() {
  local code folder
  while IFS=$'\t' read -r code folder _; do
    tr '\n' '\t' <"$work/securities/results/$folder/classify.tally" || exit 3
    printf '%s\t' "$code"
    cat "$work/securities/results/$folder/filter.tally" || exit 3
  done <"$work/securities/list" | awk -F '\t' '
    BEGIN { names = split("events,orders,executed,trades,matched,unmatched,mismatched", name, ","); print "security_code,events,orders,executed,selected,trades,matched,unmatched,mismatched" }
    {
      for (i = 1; i < 2 * names; i += 2) value[$i] = $(i + 1)
      selected = $(NF - 2)
      printf "%s,%s,%s,%s,%s,%s,%s,%s,%s\n", $(2 * names + 1), value["events"], value["orders"], value["executed"], selected, value["trades"], value["matched"], value["unmatched"], value["mismatched"]
      for (i = 1; i <= names; i++) all[name[i]] += value[name[i]]
      all_selected += selected
      if (value["matched"] + value["unmatched"] != value["trades"]) failed = 1
    }
    END {
      printf "all,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f\n", all["events"], all["orders"], all["executed"], all_selected, all["trades"], all["matched"], all["unmatched"], all["mismatched"]
      exit failed
    }' >"$work/ledger_by_security.csv.tmp" || sw_fail 3 'the ledger does not add up: trades are not matched + unmatched'
  mv "$work/ledger_by_security.csv.tmp" "$work/ledger_by_security.csv" || exit 3
}

# ledger.csv: what became of every row, per file and table; sets rows_read, of the orders' files, and orders_selected.
write_ledger() {
  local events selected trades matched mismatched other_trades
  ledger_by_security
  IFS=, read -r _ events _ _ selected trades matched _ mismatched < <(tail -n 1 "$work/ledger_by_security.csv")
  read -r other_trades <"$work/securities/other_trades"
  sw_tallies "$work/chunks" |
    awk -F '\t' -v inputs="$work/chunks/inputs" -v events="$events" -v trades="$trades" -v other_trades="$other_trades" \
      -v matched="$matched" -v mismatched="$mismatched" '
      BEGIN {
        RS = "\0"
        while ((getline name < inputs) > 0) names[files++] = name
        RS = "\n"
        print "table,file,read,kept,rejected,bad,matched,unmatched,mismatched"
      }
      { table[$2] = $1; read[$2] += $3; kept[$2] += $4; rejected[$2] += $5; bad[$2] += $6 }
      function field(text) {
        if (text ~ /[,"\r\n]/) { gsub(/"/, "\"\"", text); text = "\"" text "\"" }
        return text
      }
      function line(table, name, a, b, c, d, more) {
        if (a != b + c + d) failed = 1
        printf "%s,%s,%.0f,%.0f,%.0f,%.0f,%s\n", table, field(name), a, b, c, d, more
      }
      END {
        for (i = 0; i < files; i++) {
          line(table[i], names[i], read[i], kept[i], rejected[i], bad[i], ",,")
          r[table[i]] += read[i]; k[table[i]] += kept[i]; j[table[i]] += rejected[i]; b[table[i]] += bad[i]
        }
        unmatched = k["trades"] - matched
        line("orders", "all", r["orders"], k["orders"], j["orders"], b["orders"], ",," mismatched)
        line("trades", "all", r["trades"], k["trades"], j["trades"], b["trades"], matched "," sprintf("%.0f", unmatched) ",")
        line("nbbo", "all", r["nbbo"], k["nbbo"], j["nbbo"], b["nbbo"], ",,")
        if (k["orders"] != events || k["trades"] != trades + other_trades) failed = 1
        exit failed
      }' >"$work/ledger.csv.tmp" || sw_fail 3 "the ledger does not add up: see $work/ledger.csv.tmp"
  mv "$work/ledger.csv.tmp" "$work/ledger.csv" || exit 3
  orders_selected=$selected
  IFS=, read -r _ _ rows_read _ < <(grep '^orders,all,' "$work/ledger.csv")
  sw_collect_bad_rows "$work/chunks"
}

# The commands of the last stage, a line each; FOLDERS is a glob, for the shell that runs them.
aggregate_commands() {
  local folders=$1 to none options='' i
  printf -v to %q "$output/aggregated"
  printf -v none %q "$work/none"
  # The impact is in the simulated orders.
  for ((i = 0; i < ${#scenario_options[@]}; i += 2)); do
    [ "${scenario_options[i]}" = --impact ] || options+=$(printf ' %q' "${scenario_options[@]:i:2}")
  done
  printf 'sw-agg --reports all --merge --rows-in %q --selectors %q -o %s -- %s.partial.swr %s/partial.swr\n' \
    "$rows_read" "$selectors_text" "$to" "$none" "$folders"
  printf 'sw-metrics -o %s/metrics.csv -- %s.classified.swr %s/classified.swr\n' "$to" "$none" "$folders"
  printf 'sw-metrics --group security_code -o %s/by_security_metrics.csv -- %s.classified.swr %s/classified.swr\n' "$to" "$none" "$folders"
  printf 'sw-simulate --summary%s -o %s/simulation_summary.csv -- %s.simulation.swr %s/simulation.swr\n' "$options" "$to" "$none" "$folders"
}

# So that results are there, with their headers, also where nothing was selected.
make_none() {
  no_rows classified "$classified_columns" >"$work/none.classified.swr" &&
    no_rows nbbo "$quote_columns" >"$work/none.nbbo.swr" &&
    sw-simulate --nbbo "$work/none.nbbo.swr" "${scenario_options[@]}" --per-order "$work/none.per_order.swr" \
      -o "$work/none.simulation.swr" -- "$work/none.classified.swr" &&
    sw-agg --reports all --measures "$measures" --partial "${zone[@]}" "${sizes[@]}" \
      -o "$work/none.partial.swr" -- "$work/none.per_order.swr"
}

aggregate() {
  local key line folders status
  key=$({ sw_with_contents "$made_by" "$rows_read" "$selectors_text" "${scenario_options[@]}"; cat "$work/securities/list"; } | sw_digest)
  if sw_made aggregated "$key" "$output/aggregated"; then return 0; fi
  changed=1
  check_ids
  rm -rf "$output/aggregated" "$work/aggregated" || exit 3
  mkdir -p "$output/aggregated" || exit 3
  make_none || exit $?
  printf -v folders %q "$work/securities/results"
  # A glob without a match stands for nothing here.
  shopt -s nullglob
  while IFS= read -r line; do
    eval "$line" || { status=$?; rm -rf "$output/aggregated"; exit "$status"; }
  done < <(aggregate_commands "$folders/*")
  shopt -u nullglob
  rm -f "$work"/none.*
  reports_agree
  sw_mark_made aggregated "$key" "$output/aggregated"
}

# The orders that the securities' jobs selected are those that the reports hold.
reports_agree() {
  local reported
  reported=$(awk -F, '$1 == "rows" { print $2 }' "$output/aggregated/global_summary.csv")
  [ "$reported" = "$orders_selected" ] ||
    sw_fail 3 "the ledger does not add up: $orders_selected orders were selected, the reports hold $reported"
}

# The run's folder stays as it is when something fails: the next run goes on from there.
sw_clean() {
  :
}

finish_run() {
  sw_drop_other_parts "$work/chunks"
  rm -rf "$work/securities/attempts"
  [ "$changed" -ne 0 ] || printf '%s: %s is up to date\n' "$sw_name" "$output" >&2
  : >"$work/complete" || exit 3
}
