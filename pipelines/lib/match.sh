# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # options and settings go from one of these files to the next
#
# pipelines/match: what differs from an analysis, whose functions of the same names these take the place of.

run_kind=match
security_job=match-security
result_streams=sweeps,rules
ledger_of=match
aggregate_files=({match_summary,replay_summary,sweeps_by_{security,date,reason,security_date}}.csv)

standard_files() { :; }

# Contras are everybody's: of the selectors only securities select events.
event_words='--securities'

trades_may=''

# The sums of a range's rules are those of all its securities: where a part of them is asked for, that is made again.
keep_results() {
  rm -rf "${work:?}/securities/results/$from" "$work/securities/attempts/$to" || exit 3
}

# A replay needs both sides of each trade, and the quote in its row, where one stands there.
want_of_trades() {
  [ -n "$replay" ] || return 0
  trades_need=,matchgroupid,passiveaggressive,side,participantid
  trades_may=,nationalbidpricesnapshot,nationalofferpricesnapshot
  [ "${#order_selectors[@]}" -eq 0 ] || sw_fail 2 '--replay: takes --securities and no other selector'
}

try_options() {
  trades_in=() study_options=()
  [ -z "$replay" ] || result_streams=replay
  scenario_options=("${match_options[@]}" ${replay:+--replay})
  sw_try_events
  memory=()
  [ -z "$memory_size" ] || memory=(--memory "$memory_size")
  sw_first_complaint try_sort
  try_market_tables
  sw_first_complaint try_match
}

# match_nothing [RESULTS [OPTION…]]: sw-match of no rows, as the jobs call it; RESULTS is a folder for what it writes, or nothing.
match_nothing() {
  local to=(-o /dev/null) at=${1-}
  [ -z "$at" ] || to=(--sweeps "$at/sweeps.swr" --partial "$at/rules.swr" -o "$at/matches.swr")
  [ -z "$at" ] || [ -z "$replay" ] || to=(-o "$at/replay.swr")
  printf '%s\n' "$order_columns" | sw-chunk "${schema[@]}" |
    sw-match "${match_options[@]}" ${replay:+--replay} --trades <(printf '%s\n' "$trade_columns" | sw-chunk --schema "$(layout_of trades)") \
      --nbbo <(no_rows nbbo security_code,timestamp,bid,offer) "${order_selectors[@]}" "${zone[@]}" "${sizes[@]}" "${to[@]}" "${@:2}" \
      ${sessions:+--sessions <(market_table sessions)} ${ticks:+--ticks <(market_table ticks)}
  worst_of_pipe "${PIPESTATUS[@]}"
}

# Rules that are off are told at the end, once.
try_match() {
  local said status=0
  said=$(match_nothing 2>&1 >/dev/null) || status=$?
  [ "$status" -eq 0 ] || printf '%s\n' "$said" >&2
  return "$status"
}

tell_doubts() {
  local rule why
  sw_logs info || return 0
  while IFS=$'\t' read -r rule why; do
    sw_tell info 'rule %s is off: %s' "$rule" "$why"
  done < <(match_nothing '' --rules-off /dev/stdout 2>/dev/null)
}

aggregates() {
  local folder=$output/aggregated keys name
  if [ -n "$replay" ]; then
    over replay sw-agg --measures replay -o "$folder/replay_summary.csv"
    return
  fi
  over rules sw-agg --group line,rule --measures match -o "$folder/match_summary.csv"
  for keys in security_code date reason security_code,date; do
    name=${keys/_code/}
    over sweeps sw-agg --group "$keys" --measures sweeps -o "$folder/sweeps_by_${name/,/_}.csv"
  done
}

make_none() {
  match_nothing "$1" 2>/dev/null || sw_exit $?
}

# What sweeps wanted they got, had booked, gave away, or have left.
aggregates_agree() {
  [ -z "$replay" ] && [ -s "$work/securities/list" ] || return 0
  local wrong
  wrong=$(sw-filter --count -e 'quantity != matched_quantity + booked_quantity + given_quantity + remaining_quantity' -- \
    "$work"/securities/results/*/sweeps.swr) || sw_exit $?
  [ "$wrong" = 0 ] ||
    sw_fail 3 "the ledger does not add up: see $output/aggregated/sweeps_by_security_date.csv"
}

# run/asked: what was asked, a line each, for who shows the results.
write_asked() {
  local i
  {
    [ -z "$replay" ] || printf 'Replay\tyes\n'
    for ((i = 0; i < ${#match_options[@]}; i += 2)); do printf '%s\t%s\n' "${match_options[i]#--}" "${match_options[i + 1]//[$'\n\t']/ }"; done
    printf '%s\t%s\n' Quotes "${quotes_of:-of files}"
    [ -z "$sessions" ] || printf 'Sessions\t%s\n' "${sessions//[$'\n\t']/ }"
    [ -z "$ticks" ] || printf 'Tick sizes\t%s\n' "${ticks//[$'\n\t']/ }"
    printf 'Selectors\t%s\n' "${selectors_text:-none: all sweeps}"
  } >"$work/asked" || exit 3
}

prepare_jobs() {
  make_market_tables
  [ -n "$dry_run" ] || write_asked
}

# value_of FILE NAME: a field of the last line of a CSV file of the run's own.
value_of() {
  awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i } END { if (NR > 1) print $at }' "$1"
}

tell_end() {
  local level=info file=$output/aggregated/match_summary.csv sweeps matched
  read_totals
  if [ -n "$replay" ]; then
    file=$output/aggregated/replay_summary.csv
    sweeps=$(value_of "$file" transactions) matched=$(value_of "$file" exact)
    sw_tell info '%s of %s transactions in the dark reproduced, of %s rows of orders; %s' "${matched:-0}" "${sweeps:-0}" "$rows_read" "$output"
    return
  fi
  sweeps=$(value_of "$file" sweeps) matched=$(value_of "$file" matched_sweeps)
  case $sweeps in [1-9]*) ;; *) sweeps=0 matched=0 level=warning && sw_tell_unseen "${selectors[@]}" ;; esac
  sw_tell "$level" '%s of %s sweeps matched, of %s rows of orders; %s' "$matched" "$sweeps" "$rows_read" "$output"
}
