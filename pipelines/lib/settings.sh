# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# Variables of a pipeline as a file, for its jobs, which are processes of their own. It is data, and nothing of it is run: of each variable its
# name, "-" and the value, or, of an array, how many values and these, each ended by a NUL (lib/job/settings.h). What is written behind the rest
# holds instead of it.
#
#   STAGE/settings   what the jobs of a stage have to know

# settings_of COMMAND: sets settings_names to the variables of its jobs; those behind @ are arrays.
settings_of() {
  case $1 in
    run-chunk) settings_names=(@selectors @schema @zone @sizes columns bad_rows step @time_form @sort_options @level @aggregation work) ;;
    fold-share) settings_names=(@order_selectors @zone @sizes @aggregation @fold_memory measured_columns work) ;;
    sort-chunk)
      settings_names=(@schema @event_selectors @trade_selectors @zone @sizes columns @order_keys @memory bad_rows work quote_columns
        trade_columns trade_measures trades_schema quote_layout @quote_keys quotes_of)
      ;;
    analyse-security)
      settings_names=(@order_selectors @zone @sizes @order_keys @memory @trades_in @quote_keys @scenario_options
        @study_options work output sw_umask)
      ;;
    match-security) settings_names=(@order_selectors @zone @sizes @order_keys @memory @quote_keys @match_options replay work output sw_umask) ;;
    *) return 1 ;;
  esac
}

# settings_put COMMAND FILE: writes them.
settings_put() {
  local settings_names settings_name
  settings_of "$1" && { [[ ! -e $2 && ! -L $2 ]] || rm -f -- "$2"; } || exit 3
  for settings_name in "${settings_names[@]}"; do
    local -n settings_value=${settings_name#@}
    if [[ $settings_name != @* ]]; then
      printf '%s\0-\0%s\0' "$settings_name" "$settings_value" || exit 3
    else
      printf '%s\0%d\0' "${settings_name#@}" "${#settings_value[@]}" || exit 3
      [ "${#settings_value[@]}" -eq 0 ] || printf '%s\0' "${settings_value[@]}" || exit 3
    fi
    unset -n settings_value
  done >>"$2" || exit 3
}
