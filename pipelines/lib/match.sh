# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # options and settings go from one of these files to the next
#
# pipelines/match: what differs from an analysis, whose functions of the same names these take the place of.

run_kind=match
security_job=match-security

# Contras are everybody's: of the selectors only securities select events.
divide_selectors() {
  local i
  event_selectors=() trade_selectors=() order_selectors=()
  for ((i = 0; i < ${#selectors[@]}; i += 2)); do
    case ${selectors[i]} in
      --securities) event_selectors+=("${selectors[@]:i:2}") trade_selectors+=("${selectors[@]:i:2}") ;;
      *) order_selectors+=("${selectors[@]:i:2}") ;;
    esac
  done
}

# Trades are read for a replay alone beyond what an analysis needs.
add_trade_extras() {
  :
}

# A replay needs both sides of each trade, and the quote in its row, where one stands there.
choose_trade_columns() {
  local name
  [ -n "$replay" ] || return 0
  for name in matchgroupid passiveaggressive side participantid; do
    need_columns "${inputs[order_count]}" "${in_header[order_count]}" "$name"
    trade_columns+=,$name
  done
  for name in nationalbidpricesnapshot nationalofferpricesnapshot; do
    case ,${in_header[order_count]}, in *,"$name",*) trade_columns+=,$name ;; esac
  done
  [ "${#order_selectors[@]}" -eq 0 ] || sw_fail 2 '--replay: takes --securities and no other selector'
}

try_options() {
  trades_in=() study_options=()
  scenario_options=("${match_options[@]}" ${replay:+--replay})
  sw_try_events
  sw_first_complaint try_match
  memory=()
  [ -z "$memory_size" ] || memory=(--memory "$memory_size")
  sw_first_complaint try_sort
}

# sw-match of no rows, as the jobs call it; RESULTS is a folder for what it writes, or nothing.
match_nothing() {
  local to=() at=${1-}
  [ -z "$at" ] || to=(--sweeps "$at/sweeps.swr" --partial "$at/rules.swr" -o "$at/matches.swr")
  [ -z "$at" ] || [ -z "$replay" ] || to=(-o "$at/replay.swr")
  printf '%s\n' "$order_columns" | sw-chunk "${schema[@]}" |
    sw-match "${scenario_options[@]}" --trades <(printf '%s\n' "$trade_columns" | sw-chunk --schema "$(layout_of trades)") \
      --nbbo <(no_rows nbbo security_code,timestamp,bid,offer) "${order_selectors[@]}" "${zone[@]}" "${sizes[@]}" "${to[@]}"
  worst_of_pipe "${PIPESTATUS[@]}"
}

# Rules that are off are told at the end, once.
try_match() {
  local said status=0
  said=$(match_nothing 2>&1 >/dev/null) || status=$?
  [ "$status" -eq 0 ] || printf '%s\n' "$said" >&2
  return "$status"
}

tell_rules_off() {
  ! sw_logs info || grep -h '^sw-match: rule [a-z_]* is off: ' "$work"/securities/logs/* 2>/dev/null | sort -u | sed "s/^sw-match:/$sw_name:/" >&2
}

scenario_measures() {
  :
}

# The security's results are there, whole, and made from these parts with these options.
is_done() {
  local folder=$1 key=$2 made=$work/securities/results/$1 file
  [ "$(cat "$made/key" 2>/dev/null)" = "$key" ] && sw_checked "$made" match.tally || return
  find "$output/by_security/$folder" -type f -printf '%s %P\n' 2>/dev/null | sort | cmp -s - "$made/files" || return
  for file in $(result_names); do [ -e "$made/$file.swr" ] || return; done
}

# securities/jobs: NAME CODE KEY FOLDER EVENTS ORDER-PARTS TRADE-PARTS QUOTE-PARTS of those that are to be made, the most events first.
list_jobs() {
  local code key folder rest name=0
  while IFS=$'\t' read -r code key folder rest; do
    is_done "$folder" "$key" && continue
    name=$((name + 1))
    printf '%d\t%s\t%s\t%s\t%s\n' "$name" "$code" "$key" "$folder" "$rest"
  done <"$work/securities/wanted" >"$work/securities/jobs" || exit 3
  cut -f 1,5 "$work/securities/jobs" >"$work/securities/weights" || exit 3
}

analyse_securities() {
  list_wanted
  list_jobs
  remove_others
  [ -s "$work/securities/jobs" ] || return 0
  [ -z "$verbose" ] || show_matrix
  changed=1
  sw_as_the_user mkdir -p "$output/by_security" || exit 3
  remove_aggregates
  stage_now=securities
  sw_run "$work/securities" never "$sw_home/jobs/$security_job"
  [ "${#failed[@]}" -eq 0 ] || fail_securities "$jobs_total"
  [ "$missing" -eq 0 ] || sw_fail 3 "$missing of $jobs_total securities did not finish"
}

# Results of securities that are no longer among those found would pass for this run's.
remove_others() {
  local folder
  local -A listed=()
  while IFS=$'\t' read -r _ folder _; do listed[$folder]=1; done <"$work/securities/list"
  for folder in "$work"/securities/results/* "$output"/by_security/SEC_*; do
    [ -e "$folder" ] || continue
    folder=${folder##*/}
    [ -z "${listed[$folder]-}" ] || continue
    rm -rf "$work/securities/results/$folder" "$output/by_security/$folder" || exit 3
    changed=1
    remove_aggregates
  done
}

result_names() {
  if [ -n "$replay" ]; then echo replay; else echo 'sweeps rules'; fi
}

# ledger_by_security.csv: what sw-match counted, a line a security.
ledger_by_security() {
  local code folder
  while IFS=$'\t' read -r code folder _; do
    printf 'security_code\t%s\t' "$code"
    tr '\n' '\t' <"$work/securities/results/$folder/match.tally" || exit 3
    echo
  done <"$work/securities/list" | awk -F '\t' '
    { line = head = ""
      for (i = 1; i < NF; i += 2) { head = head (i > 1 ? "," : "") $i; line = line (i > 1 ? "," : "") $(i + 1); if (i > 1) { name[i] = $i; all[i] += $(i + 1) } else name[i] = $i; last = i }
      if (NR == 1) print head
      print line }
    END { if (!NR) exit
      line = "all"
      for (i = 3; i <= last; i += 2) line = line sprintf(",%.0f", all[i])
      print line }' >"$work/ledger_by_security.csv" || exit 3
}

# ledger.csv: what became of every row of every file; and of what sweeps wanted.
write_ledger() {
  ledger_by_security
  sw_ledger "$work/chunks"
  sw_about_inputs | sw-ledger rows --tables -- "$work" "$work/chunks" >"$work/ledger.csv.tmp" || sw_exit $?
  mv "$work/ledger.csv.tmp" "$work/ledger.csv" || exit 3
  sw_collect_bad_rows "$work/chunks"
  sw_publish
}

summary_measures() {
  if [ -n "$replay" ]; then
    printf %s 'transactions=count(exact >= 0),exact=sum(exact),exact_ratio=mean(exact),fills=sum(fills),same_fills=sum(same_fills)'
    printf %s ',same_ratio=sum(same_fills)/sum(fills),trades=sum(trades),at_mid=sum(at_mid)'
    printf ',%s=count(reason == "%s")' both_resting both_resting missed_incoming_unknown incoming_unknown missed_resting_unknown resting_unknown \
      missed_quote quote missed_limit limit missed_another_first another_first missed_quantity quantity
    return
  fi
  printf %s 'sweeps=sum(sweeps),quantity=sum(quantity),matched_sweeps=sum(matched_sweeps),matches=sum(matches),orders=sum(orders)'
  printf %s ',matched_quantity=sum(matched_quantity),booked_quantity=sum(booked_quantity),matched_ratio=sum(matched_quantity)/sum(quantity)'
  printf %s ',vwap=sum(matched_value)/sum(matched_quantity),largest_match=max(largest_match)'
  printf %s ',mean_wait_s=sum(waited_s)/sum(matches),longest_wait_s=max(longest_wait_s)'
  printf ',unmatched_%s=sum(unmatched_%s)' {no_contra,no_contra} {not_in_time,not_in_time} {session,session} {quote,quote} {quantity,quantity} \
    {price,price} {minimum,minimum} {key,key}
}

# The commands of the last stage, a line each; FOLDERS is a glob, for the shell that runs them.
aggregate_commands() {
  local folders=$1 to measures_text
  printf -v to %q "$output/aggregated"
  measures_text=$(summary_measures)
  if [ -n "$replay" ]; then
    printf 'sw-agg --measures %q -o %s/replay_summary.csv -- %s/replay.swr\n' "$measures_text" "$to" "$folders"
    return
  fi
  printf 'sw-agg --group line,rule --measures %q -o %s/summary.csv -- %s/rules.swr\n' "$measures_text" "$to" "$folders"
  measures_text='sweeps=count(),quantity=sum(quantity),matched_quantity=sum(matched_quantity),booked_quantity=sum(booked_quantity)'
  measures_text+=',given_quantity=sum(given_quantity),remaining_quantity=sum(remaining_quantity)'
  printf 'sw-agg --group security_code,date --measures %q -o %s/sweeps_by_security_date.csv -- %s/sweeps.swr\n' "$measures_text" "$to" "$folders"
}

remove_aggregates() {
  rm -f -- "$output"/aggregated/{summary,replay_summary,sweeps_by_security_date}.csv{,.??????.tmp} || exit 3
  rm -f "$work/aggregated"
  [ ! -d "$output/aggregated" ] || rmdir --ignore-fail-on-non-empty "$output/aggregated"
}

aggregate() {
  local key line folders status=0
  key=$(sw_reads "$made_by" "$security_options" "$replay") || sw_exit $?
  key=$({ printf '%s\n' "$key" && cat "$work/securities/list"; } | sw_digest)
  if sw_made aggregated "$key"; then return 0; fi
  changed=1
  remove_aggregates
  sw_as_the_user mkdir -p "$output/aggregated" "$output/by_security" || exit 3
  printf -v folders '%q/*' "$work/securities/results"
  if [ ! -s "$work/securities/list" ]; then
    mkdir -p "$work/none" || exit 3
    match_nothing "$work/none" 2>/dev/null || sw_exit $?
    printf -v folders %q "$work/none"
  fi
  while IFS= read -r line; do
    sw_as_the_user sw_traced_line "$line" || { status=$?; remove_aggregates; break; }
  done < <(aggregate_commands "$folders")
  rm -rf "$work/none"
  [ "$status" -eq 0 ] || sw_exit "$status"
  quantities_agree
  sw_mark_made aggregated "$key"
}

# What sweeps wanted they got, had booked, gave away, or have left.
quantities_agree() {
  [ -z "$replay" ] || return 0
  awk -F, 'NR > 1 && $4 != $5 + $6 + $7 + $8 { exit 1 }' "$output/aggregated/sweeps_by_security_date.csv" ||
    sw_fail 3 "the ledger does not add up: see $output/aggregated/sweeps_by_security_date.csv"
}

sw_clean() {
  :
}

finish_run() {
  sw_drop_other_parts "$work/chunks"
  rm -rf "$work/securities/attempts"
  tell_rules_off
  [ "$changed" -ne 0 ] || sw_tell info '%s is up to date' "$output"
  [ "$keep_intermediate" != no ] || find "$work/parts" -name '*.swr' -delete || exit 3
  tell_end
}

tell_end() {
  local level=info rows sweeps matched
  rows=$(awk -F, '$1 == "orders" { rows += $(NF - 3) } END { printf "%.0f", rows }' "$work/ledger.csv")
  if [ -n "$replay" ]; then
    IFS=, read -r sweeps matched _ < <(sed -n 2p "$output/aggregated/replay_summary.csv")
    sw_tell info '%s of %s transactions in the dark reproduced, of %s rows of orders; %s' "${matched:-0}" "${sweeps:-0}" "$rows" "$output"
    return
  fi
  IFS=, read -r _ _ sweeps _ matched _ < <(tail -n 1 "$output/aggregated/summary.csv")
  case $sweeps in [1-9]*) ;; *) sweeps=0 matched=0 level=warning && sw_tell_unseen "${selectors[@]}" ;; esac
  sw_tell "$level" '%s of %s sweeps matched, of %s rows of orders; %s' "$matched" "$sweeps" "$rows" "$output"
}
