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
  [ "${#files[@]}" -gt 0 ] || sw_fail 2 'no trades; the list of --trades is empty'
  for _ in "${files[@]}"; do tables+=(trades); done
  inputs+=("${files[@]}")
  first_quotes=${#inputs[@]}
  quotes_of=''
  case ${#quote_words[@]},${quote_words[0]} in
    1,orders | 1,trades) quotes_of=${quote_words[0]} && return ;;
  esac
  files=()
  expand "${quote_words[@]}"
  for _ in "${files[@]}"; do tables+=(nbbo); done
  [ "${#files[@]}" -gt 0 ] || sw_fail 2 'no quotes; the list of --nbbo is empty'
  inputs+=("${files[@]}")
}

# --nbbo orders, --nbbo trades: the quotes stand in the rows of these files, which are read once more for them: all rows of the selected
# securities, whosoever they are.
gather_own_quotes() {
  local i own=()
  quote_keys=(--keys 'security_code,timestamp')
  [ -n "$quotes_of" ] || return 0
  for i in "${!inputs[@]}"; do
    [ "${tables[i]}" != "$quotes_of" ] || own+=("${inputs[i]}")
  done
  inputs+=("${own[@]}")
  for _ in "${own[@]}"; do tables+=(nbbo); done
}

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

refuse_inputs_below_output() {
  local i places
  mapfile -d '' -t places < <(readlink -zm -- "$output"/{by_security,aggregated,run} "${inputs[@]}")
  for i in "${!inputs[@]}"; do
    case ${places[i + 3]} in
      "${places[0]}"/* | "${places[1]}"/* | "${places[2]}"/*) sw_fail 2 "${inputs[i]}: is an input, and results go to its folder" ;;
    esac
  done
}

# What is in the files, in one call for each table: what their headers tell must not contradict what they were given as.
survey_headers() {
  local table holds layout how said places files i
  for table in orders trades nbbo; do
    layout=$(layout_of "$table") holds=$table places=() files=()
    [ "$table" != nbbo ] || holds+=${quotes_of:+,$quotes_of}
    for i in "${!inputs[@]}"; do [ "${tables[i]}" != "$table" ] || { places+=("$i") && files+=("${inputs[i]}"); }; done
    how=(${layout:+--schema "$layout"})
    [ "$table" != orders ] || how=("${schema[@]}")
    [ "$table" = nbbo ] || how+=(--sides)
    said=$(sw-plan --headers --holds "$holds" "${how[@]}" -- "${files[@]}") || sw_exit $?
    sw_take_survey <<<"$said"
  done
  for i in "${!inputs[@]}"; do printf -v "in_header[i]" %b "${in_header[i]}"; done
}

# The columns of the events: those of the first file. All files must have the same; where their order differs, the schema's decides, so that
# it does not matter which file comes first.
choose_columns() {
  local i first
  columns=''
  survey_headers
  check_tables
  first=${in_header[0]}
  for ((i = 1; i < order_count; i++)); do
    [ "${in_header[i]}" != "$first" ] || continue
    sw_same_columns "${in_header[i]}" "$first" || sw_fail 1 "${inputs[i]}: has other columns than ${inputs[0]}"
    columns=$(in_schema_order "$first")
  done
  order_columns=${columns:-$first}
  need_columns "${inputs[0]}" "$order_columns" order_id security_code timestamp price side quantity
  order_keys=(--keys 'security_code,order_id,timestamp')
  # Without a sequence the order of the files decides between equal events.
  case ,$order_columns, in
    *,sequence,*) order_keys=(--keys 'security_code,order_id,timestamp,sequence' --last-resort) ;;
  esac
}

# need_columns FILE HEADER NAME…: the header has all of them.
need_columns() {
  local file=$1 header=$2 name
  shift 2
  for name; do
    case ,$header, in
      *,"$name",*) ;;
      *) sw_fail 1 "$file: no column '$name'" ;;
    esac
  done
}

# The columns that are needed are there. Quotes have a sequence, and trades a dealsource, all or none of them.
check_tables() {
  local i header sequences=0 sources=0 bid=bid offer=offer
  case $quotes_of in
    orders) bid=national_bid offer=national_offer ;;
    trades) bid=nationalbidpricesnapshot offer=nationalofferpricesnapshot ;;
  esac
  for i in "${!inputs[@]}"; do
    header=${in_header[i]}
    case ${tables[i]} in
      trades)
        need_columns "${inputs[i]}" "$header" security_code order_id timestamp price quantity
        case ,$header, in *,dealsource,*) sources=$((sources + 1)) ;; esac
        ;;
      nbbo)
        need_columns "${inputs[i]}" "$header" security_code timestamp "$bid" "$offer"
        case ,$header, in *,sequence,*) sequences=$((sequences + 1)) ;; esac
        ;;
    esac
  done
  trade_columns=security_code,order_id,timestamp,price,quantity
  case $sources in
    0) ;;
    "$((first_quotes - order_count))") trade_columns+=,dealsource ;;
    *) sw_fail 1 "some files of trades have a column 'dealsource', others have none" ;;
  esac
  add_trade_extras
  measure_trades
  quote_columns=security_code,timestamp,$bid,$offer
  case $sequences in
    0) ;;
    "$((${#inputs[@]} - first_quotes))") quote_columns+=,sequence ;;
    *) sw_fail 1 "some files of quotes have a column 'sequence', others have none" ;;
  esac
  # Of the rows of one moment the first one tells the quote, whatever the order of the files.
  [ -z "$quotes_of" ] || quote_keys=(--keys "security_code,timestamp${quote_columns#*"$offer"}" --last-resort)
}

# What sw-tca takes of trades beside these, where all files of them have it.
add_trade_extras() {
  local name i
  for name in side passiveaggressive matchgroupid; do
    for i in "${!inputs[@]}"; do
      [ "${tables[i]}" = trades ] || continue
      case ,${in_header[i]}, in *",$name,"*) ;; *) continue 2 ;; esac
    done
    trade_columns+=,$name
  done
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

classified_columns=order_id,security_code,date,side,participantid,exchangeordertype,group,price,quantity,leavesquantity
classified_columns+=,totalmatchedquantity,first_timestamp,initial_quantity,initial_price,completion_timestamp,last_timestamp
classified_columns+=,trades,traded_quantity,traded_value,actual_quantity,actual_cost,amended,order_quantity,booked_quantity

# What is wrong with the options is said before anything is written: no rows go through the stages.
try_options() {
  sw_try_events
  sw_first_complaint try_trades
  sw_first_complaint try_orders
  study_options=("${own_groups[@]}" --format "${file_format:=csv.gz}")
  case $file_format in
    csv.gz | csv | parquet | arrow | swr) ;;
    none) no_orders=yes ;;
    *) sw_fail 2 "--format: not csv.gz, csv, parquet, arrow, swr or none: '$file_format'" ;;
  esac
  if [ -z "$no_orders" ]; then study_options+=(--columns "$order_columns"); else study_options+=(--no-orders); fi
  [ "${#own_groups[@]}" -eq 0 ] || sw_first_complaint try_groups
  memory=()
  [ -z "$memory_size" ] || memory=(--memory "$memory_size")
  sw_first_complaint try_sort
}

sw_try_events() {
  # shellcheck disable=SC2034 # for sw_try_stages
  local columns=$order_columns selectors=("${event_selectors[@]}")
  sw_try_stages
}

try_trades() {
  local layout
  layout=$(layout_of orders)
  printf '%s\n' "$order_columns" | sw-chunk ${layout:+--schema "$layout"} --canonical |
    sw-classify --trades <(printf '%s\n' "$trade_columns" | sw-chunk --schema "$(layout_of trades)") "${trades_in[@]}" "${zone[@]}"
  worst_of_pipe "${PIPESTATUS[@]}"
}

try_orders() {
  no_rows classified "$classified_columns" | sw-filter "${order_selectors[@]}" "${zone[@]}" "${sizes[@]}" |
    sw-simulate --nbbo <(no_rows nbbo security_code,timestamp,bid,offer) "${scenario_options[@]}"
  worst_of_pipe "${PIPESTATUS[@]}"
}

# The keys of an aggregate of the user's own.
try_groups() {
  no_rows classified "$classified_columns" | sw-agg "${own_groups[@]}" --measures 'orders=count()' "${zone[@]}" "${sizes[@]}"
  worst_of_pipe "${PIPESTATUS[@]}"
}

try_sort() {
  no_rows nbbo security_code,timestamp,bid,offer | sw-sort --keys timestamp "${memory[@]}"
}
