# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # options and settings go from one of these files to the next
#
# pipelines/analyse: what the parts hold, and the stage that works out every security.

# What results are made with beside the parts is in made_by and security_options; result_streams are those that a folder of results has.
result_streams=orders,simulation_sums,tca,partial

# plan_securities [RANGES]: securities/list and jobs, a security each where they are few, else ranges, so that a security costs no process of
# its own. What is of no use any more goes. Sets total to the securities that are to be worked out.
plan_securities() {
  local from to codes
  while :; do
    rm -rf "$work/securities/attempts" || exit 3
    total=$(sw-ledger plan ${1:+--ranges "$1"} --made-by "$made_by $security_options" --streams "$result_streams" -- "$work" "$output") ||
      sw_exit $?
    if [ -s "$work/securities/remove" ]; then
      xargs -0 rm -rf -- <"$work/securities/remove" || exit 3
      changed=1
      remove_aggregates
    fi
    [ -s "$work/securities/keep" ] || return 0
    changed=1
    while IFS=$'\t' read -r from to codes; do keep_results; done <"$work/securities/keep"
  done
}

# Of a folder of results that holds others, too, those of these securities are kept, in a folder of their own; what cannot be read is made
# again with the rest.
keep_results() {
  local results=$work/securities/results at=$work/securities/attempts/$to
  if sw-filter --securities "$codes" -o "$at/orders.swr" -- "$results/$from/orders.swr" &&
    sw-filter --securities "$codes" -o "$at/simulation_sums.swr" -- "$results/$from/simulation_sums.swr" &&
    { [ -n "$no_costs" ] || sw-filter --securities "$codes" -o "$at/tca.swr" -- "$results/$from/tca.swr"; } &&
    sw-agg --reports all "${own_groups[@]}" --measures scenarios --partial "${zone[@]}" "${sizes[@]}" -o "$at/partial.swr" -- "$at/orders.swr"; then
    rm -rf "${results:?}/$from" "${results:?}/$to" && mv "$at" "$results/$to" || exit 3
  else
    rm -rf "${results:?}/$from" || exit 3
  fi
}

run_securities() {
  sw_run "$work/securities" never "$sw_home/jobs/${security_job:-analyse-security}"
}

# Of a range one of whose securities fails, the others are worked out all the same: one by one.
run_one_by_one() {
  local total names
  [ "${#failed[@]}" -gt 0 ] && [ "$missing" -eq 0 ] && [ -z "$on_failure" ] || return 0
  printf -v names '|%s' "${failed[@]}"
  cut -f 1,2 "$work/securities/jobs" | grep -qE "^(${names#|})"$'\t.*,' || return 0
  sw_tell warning 'the securities of %d ranges are worked out one by one' "${#failed[@]}"
  plan_securities
  run_securities
}

analyse_securities() {
  local total
  plan_securities "$((12 * workers > 24 ? 12 * workers : 24))"
  [ "$total" -ne 0 ] || return 0
  # The job matrix, securities by dates, for people.
  [ -z "$verbose" ] || ! sw_logs info || sw-ledger matrix "$work" | sw-monitor --disarm >&2
  changed=1
  sw_as_the_user mkdir -p "$output/by_security" || exit 3
  remove_aggregates
  run_securities
  run_one_by_one
  [ "${#failed[@]}" -eq 0 ] || fail_securities "$total"
  [ "$missing" -eq 0 ] || sw_fail 3 "$missing of $jobs_total securities did not finish"
}

fail_securities() {
  if [ "$missing" -eq 0 ]; then
    sw_tell error '%d of %d securities failed; the others are done, and the next run makes only these' "${#failed[@]}" "$1"
  else
    sw_tell error '%d of %d securities failed, %d were not made; the next run makes these' "${#failed[@]}" "$1" "$missing"
  fi
  if [ "$worst" -eq 1 ]; then
    find_orders
    sw_drop_damaged "$work/chunks" || :
  fi
  exit "$worst"
}

# Where in the files the orders are that the failed jobs complain of: a job sees its rows sorted, in files of its own.
find_orders() {
  local ids place files
  sw_files_of orders
  ids=$(cd "$work/securities/status" && cut -f 7 "${failed[@]}" | grep . | sort -u | head -n 5 | paste -s -d ,)
  [ -z "$ids" ] || (sw_plan_of --lines-with "$ids" --pipeline "$sw_name") | sw-monitor --disarm >&2
}

# Of the securities' streams those that are damaged: without its list of members, a folder of results is made again. True where there was
# one.
drop_damaged_results() {
  local file dropped=1
  for file in "$work"/securities/results/*/*.swr; do
    sw_is_damaged "$file" || continue
    sw_tell warning '%s: damaged' "$file"
    rm -f "${file%/*}/members" || exit 3
    dropped=0
  done
  return "$dropped"
}
