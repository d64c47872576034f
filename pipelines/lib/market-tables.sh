# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # options and settings go from one of these files to the next
#
# pipelines/analyse and pipelines/match: what --sessions and --ticks have, sorted once for all jobs.

# Whether they are what they have to be; what they hold is a part of what results are known by: market_digests.
try_market_tables() {
  local table
  market_digests=()
  for table in sessions ticks; do
    [ -n "${!table-}" ] || continue
    [[ ${!table} != - && ! -p ${!table} ]] || sw_fail 2 "--$table: ${!table}: is read more than once, as a pipe cannot be; give a file"
    sw_first_complaint market_table "$table"
    market_digests+=("$table" "$(sw_digest <"${!table}")") || exit 3
  done
}

# market_table sessions|ticks: what the option of that name has, CSV or records in any order, as programs take it.
market_table() {
  local keys=security_code,timestamp
  [ "$1" = sessions ] || keys=security_code,price
  if [ "$(sw_kind "${!1}" 2>/dev/null)" = swr ]; then
    sw-sort --keys "$keys" "${memory[@]}" -- "${!1}"
  else
    sw-chunk --schema "$1" -- "${!1}" | sw-sort --keys "$keys" "${memory[@]}"
  fi
  worst_of_pipe "${PIPESTATUS[@]}"
}

# securities/sessions.swr and ticks.swr, for the jobs.
make_market_tables() {
  local table
  for table in sessions ticks; do
    rm -f "$work/securities/$table.swr" || exit 3
    [ -z "${!table-}" ] || market_table "$table" >"$work/securities/$table.swr" || sw_exit $?
  done
}
