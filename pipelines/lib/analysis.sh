# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154 # of common.sh
#
# What pipelines/analyse does, step by step; pipelines/match does the same, of which some steps are its own (match.sh).

# shellcheck source=pipelines/lib/results.sh
. "$sw_home/lib/results.sh"
# shellcheck source=pipelines/lib/analyse-inputs.sh
. "$sw_home/lib/analyse-inputs.sh"
# shellcheck source=pipelines/lib/market-tables.sh
. "$sw_home/lib/market-tables.sh"
# shellcheck source=pipelines/lib/analyse-chunks.sh
. "$sw_home/lib/analyse-chunks.sh"
# shellcheck source=pipelines/lib/analyse-securities.sh
. "$sw_home/lib/analyse-securities.sh"
# shellcheck source=pipelines/lib/analyse-aggregates.sh
. "$sw_home/lib/analyse-aggregates.sh"

# What the jobs need beside settings and parts.
prepare_jobs() {
  make_market_tables
}

# sw_analysis WORD…
sw_analysis() {
  sw_options "$@"
  divide_selectors
  choose_columns
  try_options
  open_run
  plan_chunks
  prepare_jobs
  if [ -n "$dry_run" ]; then
    show_commands
    exit 0
  fi
  if run_is_done; then
    sw_tell info '%s is up to date' "$output"
    tell_end
    exit 0
  fi
  rm -f "$work/complete"
  sw_make_parts "$work/chunks" "$sw_home/jobs/sort-chunk"
  # What was found, and the job matrix.
  sw-ledger securities "$work" || sw_exit $?
  analyse_securities
  write_ledger
  aggregate
  finish_run
}
