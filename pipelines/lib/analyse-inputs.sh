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
trades_need=() trades_may=(side passiveaggressive matchgroupid)
want_of_trades() {
  :
}

# ask COMMAND…: runs it; `said` is what it writes to standard output, `complaint` what it says besides.
ask() {
  local status
  { IFS= read -r -d '' complaint; IFS= read -r -d '' said; read -r status; } < <(
    { said=$("$@"); printf '\0%s\0%d\n' "$said" $?; } 2>&1
  )
  return "$status"
}

# ask_headers TABLE [COLUMN…]: what is in the files of a table, in one call: what their headers tell must not contradict what they were given as.
# Sets `columns` to those of these that all of them have.
ask_headers() {
  local table=$1 holds=$1 layout said how=("${schema[@]}") wanted place files i
  printf -v wanted ',%s' "${@:2}"
  layout=$(layout_of "$table")
  [ "$table" != nbbo ] || holds+=${quotes_of:+,$quotes_of}
  [ "$table" = orders ] || how=(${layout:+--schema "$layout"} --common "${wanted#,}")
  [ "$table" = nbbo ] || how+=(--sides)
  sw_files_of "$table"
  columns=''
  ask sw_plan_of --headers --holds "$holds" "${how[@]}" || return
  sw_take_survey "$place"
  for ((i = place; i < place + ${#files[@]}; i++)); do
    [[ ${in_header[i]} != *\\* ]] || printf -v "in_header[i]" %b "${in_header[i]}"
  done
}

survey_headers() {
  local complaint='' status=0
  ask_headers "$@" || status=$?
  printf %s "$complaint" >&2
  [ "$status" -eq 0 ] || sw_exit "$status"
}

# survey_role TABLE KIND COLUMN…: the same of trades or quotes, which must have the columns `need`. Where they have not, and no schema was named, it
# is the one that the header of the first file finds, if its rows are of that kind.
survey_role() {
  local table=$1 kind=$2 complaint=''
  local -n role_schema=${table}_schema
  shift 2
  if [ -n "$role_schema" ] || [ "$table,${quotes_of:+own}" = nbbo,own ]; then
    survey_headers "$table" "$@"
  elif ask_headers "$table" "$@" && has_columns "$table" "${need[@]}"; then
    printf %s "$complaint" >&2
  else
    find_role_schema "$table" "$kind"
    survey_headers "$table" "$@"
  fi
  need_columns "$table" "${need[@]}"
}

# Sets role_schema, where there is one to find; that several would do is told.
find_role_schema() {
  local said='' complaint='' place files
  sw_files_of "$1"
  files=("${files[0]}")
  if ask sw_plan_of --found; then
    [[ ${said#*$'\t'} != "$2"* || ${said%$'\t'*} = - ]] || role_schema=${said%$'\t'*}
  elif [[ $complaint == *'fits several schemas'* ]]; then
    complaint=${complaint%%; see -t*}
    sw_fail 2 "${complaint#sw-plan: }; see --$1-schema"
  fi
}

# has_columns TABLE COLUMN…: whether all its files have them.
has_columns() {
  local i name
  for i in "${!inputs[@]}"; do
    [ "${tables[i]}" = "$1" ] || continue
    for name in "${@:2}"; do [[ ,${in_header[i]}, == *",$name,"* ]] || return; done
  done
}

# need_columns TABLE COLUMN…: all its files have them.
need_columns() {
  local i name last=''
  for i in "${!inputs[@]}"; do
    # Most have the columns of the one before.
    [[ ${tables[i]} == "$1" && ${in_header[i]} != "$last" ]] || continue
    last=${in_header[i]}
    for name in "${@:2}"; do
      [[ ,${in_header[i]}, == *",$name,"* ]] || sw_fail 1 "${inputs[i]}: no column '$name'"
    done
  done
}

# all_or_none TABLE WHAT COLUMN: that not some of its files alone have it. COLUMNS are those that all have.
all_or_none() {
  local i
  [[ ,$columns, != *",$3,"* ]] || return 0
  for i in "${!inputs[@]}"; do
    [ "${tables[i]}" != "$1" ] || [[ ,${in_header[i]}, != *",$3,"* ]] ||
      sw_fail 1 "some files of $2 have a column '$3', others have none"
  done
}

choose_columns() {
  local bid=bid offer=offer need
  case $quotes_of in
    orders) bid=national_bid offer=national_offer ;;
    trades) bid=nationalbidpricesnapshot offer=nationalofferpricesnapshot ;;
  esac
  want_of_trades
  survey_headers orders
  need=(security_code order_id timestamp price quantity "${trades_need[@]}")
  survey_role trades trade security_code order_id timestamp price quantity dealsource "${trades_need[@]}" "${trades_may[@]}"
  all_or_none trades trades dealsource
  trade_columns=$columns
  measure_trades
  need=(security_code timestamp "$bid" "$offer")
  survey_role nbbo quotes "${need[@]}" sequence
  all_or_none nbbo quotes sequence
  quote_columns=$columns
  quote_keys=(--keys 'security_code,timestamp')
  # Of the rows of one moment the first one tells the quote, whatever the order of the files.
  [ -z "$quotes_of" ] || quote_keys=(--keys "security_code,timestamp${quote_columns#*"$offer"}" --last-resort)
  choose_order_columns
}

# The columns of the events: those of the first file. All files must have the same; where their order differs, the schema's decides, so that
# it does not matter which file comes first. Columns are named to the chunks' jobs then.
choose_order_columns() {
  local i first=${in_header[0]}
  columns=''
  for ((i = 1; i < order_count; i++)); do
    [ "${in_header[i]}" != "$first" ] || continue
    sw_same_columns "${in_header[i]}" "$first" || sw_fail 1 "${inputs[i]}: has other columns than ${inputs[0]}"
    columns=$(in_schema_order "$first")
  done
  order_columns=${columns:-$first}
  sw_columns_fit "$order_columns"
  need_columns orders order_id security_code timestamp price side quantity
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

in_schema_order() {
  local file=$sw_home/../share/schemas/orders.schema
  [ "${schema[0]-}" != --schema ] || [[ ${schema[1]} != *.schema ]] || file=${schema[1]}
  tr , '\n' <<<"$1" | awk '
    FNR == NR { if ($1 == "column") rank[$2] = FNR; next }
    { print ($1 in rank) ? rank[$1] : 1000000, $0 }' "$file" - | sort -k 1,1n -k 2 | cut -d ' ' -f 2- | paste -s -d ,
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

try_study() (
  at=$(mktemp -d -- "${temporary:-${TMPDIR:-/tmp}}/sw.XXXXXXXXXX") || exit 3
  trap 'rm -rf -- "$at"' EXIT
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
