# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # options and settings go from one of these files to the next
#
# pipelines/analyse: which files there are, which columns, and what is wrong with the options, before anything is written.

# Events are selected by what never changes in an order's life; the rest selects classified orders.
event_words='--securities --participants'
divide_selectors() {
  local i
  event_selectors=() trade_selectors=() order_selectors=()
  for ((i = 0; i < ${#selectors[@]}; i += 2)); do
    case " $event_words " in
      *" ${selectors[i]} "*) event_selectors+=("${selectors[@]:i:2}") ;;
      *) order_selectors+=("${selectors[@]:i:2}") ;;
    esac
    [ "${selectors[i]}" != --securities ] || trade_selectors+=("${selectors[@]:i:2}")
  done
}

# What is wanted of trades beside their security, order, time, price, quantity and dealsource: what there has to be, and what is taken where all
# files have it.
trades_need='' trades_may=,side,passiveaggressive,matchgroupid
want_of_trades() {
  :
}

# ask_layout TABLE WORD…: by what its files are read, and which columns they have and may have, as sw-plan --layout is asked. Sets header and
# columns, and where no schema was named, and another one found, that of the table.
ask_layout() {
  local table=$1 holds=$1 schema_of=${1}_schema how=("${schema[@]}") said place files what value
  [ "$table" != nbbo ] || holds+=${quotes_of:+,$quotes_of}
  [ "$table" = orders ] || said=$(layout_of "$table") how=(${said:+--schema "$said"})
  [ "$table" = nbbo ] || how+=(--sides)
  case $table,${quotes_of:-files},${!schema_of-} in
    trades,*,) how+=(--find 'trades,trade_sides') ;;
    nbbo,files,) how+=(--find quotes) ;;
  esac
  sw_files_of "$table"
  header='' columns=''
  said=$(sw_plan_of --layout --pipeline "$sw_name" --holds "$holds" "${how[@]}" "${@:2}") || sw_exit $?
  while IFS=$'\t' read -r what value; do
    [ "$what" != schema ] || what=$schema_of
    printf -v "$what" %b "$value"
  done <<<"$said"
  sw_columns_fit "${columns:-$header}"
}

choose_columns() {
  local bid=bid offer=offer header need named
  case $quotes_of in
    orders) bid=national_bid offer=national_offer ;;
    trades) bid=nationalbidpricesnapshot offer=nationalofferpricesnapshot ;;
  esac
  want_of_trades
  # The columns of the events: those of the first file. Where the order of the others differs, the schema's decides, so that it does not matter
  # which file comes first. Columns are named to the chunks' jobs then.
  ask_layout orders --need order_id,security_code,timestamp,price,side,quantity --same-columns
  order_columns=${columns:-$header} named=$columns
  need=security_code,order_id,timestamp,price,quantity
  ask_layout trades --need "$need$trades_need" --common "$need,dealsource$trades_need$trades_may" --together dealsource
  trade_columns=$columns
  measure_trades
  need=security_code,timestamp,$bid,$offer
  ask_layout nbbo --need "$need" --common "$need,sequence" --together sequence
  quote_columns=$columns
  quote_keys=(--keys 'security_code,timestamp')
  # Of the rows of one moment the first one tells the quote, whatever the order of the files.
  [ -z "$quotes_of" ] || quote_keys=(--keys "security_code,timestamp${quote_columns#*"$offer"}" --last-resort)
  columns=$named
  order_keys=(--keys 'security_code,order_id,timestamp')
  # Without a sequence the order of the files decides between equal events.
  [[ ,$order_columns, != *,sequence,* ]] || order_keys=(--keys 'security_code,order_id,timestamp,sequence' --last-resort)
}

# What the rows of trades are, counted as sw-classify tells them apart. A row is of the first set that it is in; others are the rest.
trade_sets=(market booked reported)
measure_trades() {
  local set=${trades_in[1]-market} market booked
  trade_measures='rows=count(),market=count()'
  case ,$trade_columns, in *,dealsource,*) ;; *) return ;; esac
  [[ $set != [0-9-]* && $set != *,* ]] || set="($set)"
  market="dealsource in $set" booked="dealsource in booked"
  trade_measures="rows=count(),market=count($market),booked=count(!($market) && $booked)"
  trade_measures+=",reported=count(!($market) && !($booked) && dealsource in reported)"
}

# The schema of a table's files, as sw-chunk takes it; empty where the header tells.
layout_of() {
  case $1 in
    orders) [ "${schema[0]-}" != --schema ] || printf '%s' "${schema[1]}" ;;
    trades) printf '%s' "${trades_schema:-trades}" ;;
    nbbo) if [ -n "$quotes_of" ]; then layout_of "$quotes_of"; else printf '%s' "${nbbo_schema:-nbbo}"; fi ;;
  esac
}

# A stream of a table without rows.
no_rows() {
  printf '%s\n' "$2" | sw-chunk --schema "$1"
}

# What is wrong with the options is said before anything is written: no rows go through the stages.
try_options() {
  sw_try_events
  study_options=("${own_groups[@]}" --format "${file_format:=csv.gz}")
  case $file_format in
    csv.gz | csv | parquet | arrow | swr) ;;
    none) no_orders=yes; [ -z "$tables_alone" ] || sw_fail 2 '--tables: not with --format none' ;;
    *) sw_fail 2 "--format: not csv.gz, csv, parquet, arrow, swr or none: '$file_format'" ;;
  esac
  [ -z "$tables_alone" ] || study_options+=(--tables)
  if [ -z "$no_orders" ]; then study_options+=(--columns "$order_columns"); else study_options+=(--no-orders); fi
  memory=()
  [ -z "$memory_size" ] || memory=(--memory "$memory_size")
  sw_first_complaint try_sort
  [ "${#match_options[@]}" -eq 0 ] || [ -n "$sessions" ] || sw_fail 2 '--open: of no use without --sessions'
  [ -z "$no_costs" ] || leave_out_costs
  try_market_tables
  study_options+=("${match_options[@]}") # that is --open, of an analysis
  sw_first_complaint try_study
}

# Sessions bear on costs alone; where a configuration has them for other steps, they are nothing to refuse.
leave_out_costs() {
  [ -z "$sessions" ] || sw_tell info '%s: of no use with --no-costs' --sessions
  study_options+=(--no-costs) sessions='' match_options=()
  result_streams=orders,simulation_sums,partial
}

sw_try_events() {
  # shellcheck disable=SC2034 # for sw_try_stages
  local columns=$order_columns selectors=("${event_selectors[@]}")
  sw_try_stages
}

# Nothing else of an analysis is in TMPDIR: what finds no place there is tried where the results will be.
try_study() {
  local said status=0 place=$output
  if [ -n "$temporary" ]; then
    study_nothing_in "$temporary"
    return
  fi
  said=$(study_nothing_in "${TMPDIR:-/tmp}" 2>&1) || status=$?
  if [ "$status" -ne 3 ]; then
    printf '%s' "$said" >&2
    return "$status"
  fi
  [[ $place == /* ]] || place=$PWD/$place
  until [ -d "$place" ]; do place=${place%/*} place=${place:-/}; done
  study_nothing_in "$place"
}

study_nothing_in() (
  at=$(mktemp -d -- "$1/sw.XXXXXXXXXX") || exit 3
  trap 'trap "" INT TERM HUP; rm -rf -- "$at"' EXIT
  study_nothing "$at"
)

# study_nothing FOLDER: all that a job makes, of no rows.
study_nothing() {
  local at=$1 quotes=$1/nbbo
  [ "$quotes_of" != orders ] || quotes=$at/orders
  header_alone orders "$order_columns" && header_alone trades "$trade_columns" &&
    { [ "$quotes_of" = orders ] || header_alone nbbo "$quote_columns"; } &&
    { [ -z "$sessions" ] || market_table sessions >"$at/sessions"; } &&
    sw-study "${order_selectors[@]}" "${trades_in[@]}" "${scenario_options[@]}" --measures scenarios "${study_options[@]}" "${zone[@]}" "${sizes[@]}" \
      ${sessions:+--sessions "$at/sessions"} --temporary-directory "$at" --trades "$at/trades" --nbbo "$quotes" -o "$at" -- "$at/orders"
}

header_alone() {
  local layout
  layout=$(layout_of "$1")
  printf '%s\n' "$2" | sw-chunk ${layout:+--schema "$layout"} --canonical -o "$at/$1"
}

try_sort() {
  no_rows nbbo security_code,timestamp,bid,offer | sw-sort --keys timestamp "${memory[@]}"
}
