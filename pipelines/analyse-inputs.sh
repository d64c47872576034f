# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # options and settings go from one of these files to the next
#
# pipelines/analyse: which files there are, which columns, and what is wrong with the options, before anything is written.

# expand WORD…: appends to `files` what a file name, a glob or @LIST stands for.
expand() {
  local word line matches
  for word; do
    if [ ! -e "$word" ] && [[ $word == @* ]]; then
      [ -r "${word#@}" ] || sw_fail 3 "${word#@}: $([ -e "${word#@}" ] && echo 'Permission denied' || echo 'No such file or directory')"
      while IFS= read -r line || [ -n "$line" ]; do [ -z "$line" ] || files+=("$line"); done <"${word#@}"
    elif [ ! -e "$word" ] && mapfile -t matches < <(compgen -G "$word") && [ "${#matches[@]}" -gt 0 ]; then
      files+=("${matches[@]}")
    else
      files+=("$word")
    fi
  done
}

# The inputs of all tables, with the table of each.
gather_inputs() {
  local files
  [ "${#trade_words[@]}" -gt 0 ] || sw_fail 2 'no trades; give --trades'
  [ "${#quote_words[@]}" -gt 0 ] || sw_fail 2 'no quotes; give --nbbo'
  files=()
  expand "${inputs[@]}"
  inputs=("${files[@]}")
  tables=()
  for _ in "${inputs[@]}"; do tables+=(orders); done
  order_count=${#inputs[@]}
  files=()
  expand "${trade_words[@]}"
  for _ in "${files[@]}"; do tables+=(trades); done
  inputs+=("${files[@]}")
  files=()
  expand "${quote_words[@]}"
  for _ in "${files[@]}"; do tables+=(nbbo); done
  inputs+=("${files[@]}")
}

# Events are selected by what never changes in an order's life; the rest selects classified orders.
divide_selectors() {
  local i
  event_selectors=() trade_selectors=() order_selectors=()
  for ((i = 0; i < ${#selectors[@]}; i += 2)); do
    case ${selectors[i]} in
      --securities) event_selectors+=("${selectors[@]:i:2}") trade_selectors+=("${selectors[@]:i:2}") ;;
      --participants) event_selectors+=("${selectors[@]:i:2}") ;;
      *) order_selectors+=("${selectors[@]:i:2}") ;;
    esac
  done
}

refuse_inputs_below_output() {
  local file place
  for file in "${inputs[@]}"; do
    for place in by_security aggregated run; do
      case $(readlink -f -- "$file")/ in
        "$(readlink -m -- "$output/$place")"/*) sw_fail 2 "$file: is an input, and results go to its folder" ;;
      esac
    done
  done
}

# The columns of the events: those of the first file. All files must have the same; where their order differs, the schema's decides, so that
# it does not matter which file comes first.
choose_columns() {
  local first here i
  columns=''
  first=$(header_of "${inputs[0]}")
  [ -n "$first" ] || sw_fail 1 "${inputs[0]}: no header"
  for ((i = 1; i < order_count; i++)); do
    here=$(header_of "${inputs[i]}")
    [ "$here" != "$first" ] || continue
    [ "$(tr , '\n' <<<"$here" | sort)" = "$(tr , '\n' <<<"$first" | sort)" ] ||
      sw_fail 1 "${inputs[i]}: has other columns than ${inputs[0]}"
    columns=$(in_schema_order "$first")
  done
  order_columns=${columns:-$first}
  order_keys=(--keys 'security_code,order_id,timestamp')
  # Without a sequence the order of the files decides between equal events.
  case ,$order_columns, in
    *,sequence,*) order_keys=(--keys 'security_code,order_id,timestamp,sequence' --last-resort) ;;
  esac
}

in_schema_order() {
  local file=$sw_home/../share/schemas/orders.schema
  [ "${#schema[@]}" -eq 0 ] || [[ ${schema[1]} != *.schema ]] || file=${schema[1]}
  tr , '\n' <<<"$1" | awk '
    FNR == NR { if ($1 == "column") rank[$2] = FNR; next }
    { print ($1 in rank) ? rank[$1] : 1000000, $0 }' "$file" - | sort -k 1,1n -k 2 | cut -d ' ' -f 2- | paste -s -d ,
}

# A stream of a table without rows.
no_rows() {
  printf '%s\n' "$2" | sw-chunk --schema "$1"
}

classified_columns=order_id,security_code,date,side,participantid,exchangeordertype,group,price,quantity,leavesquantity
classified_columns+=,totalmatchedquantity,first_timestamp,initial_quantity,initial_price,completion_timestamp,last_timestamp
classified_columns+=,trades,traded_quantity,traded_value,actual_quantity,actual_cost,amended
quote_columns=security_code,timestamp,sequence,bid,offer

# What is wrong with the options is said before anything is written: no rows go through the stages.
try_options() {
  local status
  sw_try_events
  no_rows classified "$classified_columns" | sw-filter "${order_selectors[@]}" "${zone[@]}" "${sizes[@]}" |
    sw-simulate --nbbo <(no_rows nbbo "$quote_columns") "${scenario_options[@]}" >/dev/null
  # A program that is not read to its end ends by a closed pipe: what the reader says counts.
  for status in "${PIPESTATUS[@]}"; do [ "$status" -eq 0 ] || [ "$status" -eq 141 ] || exit "$status"; done
  memory=()
  [ -z "$memory_size" ] || memory=(--memory "$memory_size")
  no_rows nbbo "$quote_columns" | sw-sort --keys timestamp "${memory[@]}" >/dev/null || exit $?
}

sw_try_events() {
  # shellcheck disable=SC2034 # for sw_try_stages
  local columns=$order_columns selectors=("${event_selectors[@]}")
  sw_try_stages
}
