# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# Variables of a pipeline as a file, for its jobs, which are processes of their own. It is data, and nothing of it is run: of each variable its
# name, "-" and the value, or, of an array, how many values and these, each ended by a NUL. A reader says which variables it wants; a file
# with another name, without one of these, or not of this form is none. What is written behind the rest holds instead of it.
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
        @study_options measures work output sw_umask)
      ;;
    match-security) settings_names=(@order_selectors @zone @sizes @order_keys @memory @quote_keys @match_options replay work output sw_umask) ;;
    *) return 1 ;;
  esac
}

# settings_write FILE NAME…: appends the variables.
settings_write() {
  local settings_file=$1 settings_name
  shift
  for settings_name; do
    local -n settings_value=${settings_name#@}
    if [[ $settings_name == @* ]]; then
      printf '%s\0%d\0' "${settings_name#@}" "${#settings_value[@]}" || return
      [ "${#settings_value[@]}" -eq 0 ] || printf '%s\0' "${settings_value[@]}" || return
    else
      printf '%s\0-\0%s\0' "$settings_name" "$settings_value" || return
    fi
    unset -n settings_value
  done >>"$settings_file"
}

# settings_read FILE NAME…: sets the variables, all of them; false where it cannot.
settings_read() {
  local settings_file=$1 settings_fields settings_name settings_count i=0
  local -A settings_wanted=() settings_there=()
  shift
  for settings_name; do settings_wanted[${settings_name#@}]=${settings_name%"${settings_name#@}"}x; done
  mapfile -d '' -t settings_fields <"$settings_file" || return
  while [ "$i" -lt "${#settings_fields[@]}" ]; do
    settings_name=${settings_fields[i]} settings_count=${settings_fields[i + 1]-}
    i=$((i + 2))
    case ${settings_wanted[${settings_name:-none}]-}$settings_count in
      x-) settings_count=1 ;;
      @x0) settings_count=0 ;;
      @x[1-9]*) [[ $settings_count =~ ^[0-9]{1,6}$ ]] || return ;;
      *) return 1 ;;
    esac
    [ $((i + settings_count)) -le "${#settings_fields[@]}" ] || return
    local -n settings_value=$settings_name
    if [ "${settings_wanted[$settings_name]}" = x ]; then
      settings_value=${settings_fields[i]}
    else
      settings_value=("${settings_fields[@]:i:settings_count}")
    fi
    unset -n settings_value
    settings_there[$settings_name]=1
    i=$((i + settings_count))
  done
  [ "${#settings_there[@]}" -eq $# ]
}

# settings_take COMMAND FILE: the variables of its jobs.
settings_take() {
  local settings_names
  settings_of "$1" && settings_read "$2" "${settings_names[@]}" && return
  printf '%s: not the settings of %s\n' "$2" "$1" >&2
  exit 3
}

# settings_put COMMAND FILE: writes them.
settings_put() {
  local settings_names
  settings_of "$1" && { [[ ! -e $2 && ! -L $2 ]] || rm -f -- "$2"; } && settings_write "$2" "${settings_names[@]}" || exit 3
}
