# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of the pipelines, or of STAGE/settings: order_selectors, aggregation, zone, sizes, fold_memory, work
#
# One share of the orders of a report, as a job (job.sh): their last states out of all chunks' parts, those that are selected, aggregated.
#
#   parts of all chunks ─▶ sw-classify --merge --share K/N ─▶ sw-agg --partial
#
# STAGE/jobs has NAME K N RESULT; STAGE/parts the parts, each ended by a NUL. The result is RESULT.partial, RESULT.events (what was read and
# kept of each part) and RESULT.tally (rows of the parts, orders kept, and the checksum of the events), which is written last: with it the share is whole.

# fold_share STAGE NAME
fold_share() {
  local share shares result parts read kept rest
  job_begin "$1" "$2"
  job_entry
  IFS=$'\t' read -r _ share shares result <<<"${entry?}"
  result=$work/$result
  mapfile -d '' -t parts <"$stage/parts"
  [ ! -e "$result.events" ] || rm -f -- "$result".* || job_end 3
  job_stage sw-classify --merge --share "$share/$shares" "${order_selectors[@]}" "${zone[@]}" "${sizes[@]}" "${fold_memory[@]}" \
    ${measured_columns:+--columns "$measured_columns"} --ledger "$result.events" --tally "$result.orders" -- "${parts[@]}"
  job_stage sw-agg "${aggregation[@]}" --partial "${zone[@]}" "${sizes[@]}" --tally "$result.agg" -o "$result.partial"
  job_run
  IFS=$'\t' read -r read kept rest <"$result.orders" || job_end 3
  IFS=$'\t' read -r rest _ <"$result.agg" || job_end 3
  if [ "$kept" != "$rest" ]; then
    printf '%s: sw-classify wrote %d rows and sw-agg read %d\n' "${0##*/}" "$kept" "$rest" >&2
    job_end 3
  fi
  job_rows_read=$read job_rows_out=$kept
  printf '%d\t%d\t%s\n' "$read" "$kept" "$(cksum <"$result.events")" >"$result.tally" || job_end 3
  job_end 0
}
