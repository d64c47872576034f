# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # of common.sh and of the pipelines
#
# What sw-plan says of the inputs, in one call for each table: what each of them is, and the chunks it can be read in. Before
# sw_survey a pipeline sets tables (of each input) and part_kind, and defines plan_words_of TABLE, which sets plan_words, the schema,
# selectors and columns that the parts of the table's inputs are made with, and part_words, all else they depend on.

surveyed='' # the tables that were asked about
in_kind=() in_bytes=() in_table=() in_identity=() in_header=() # of each input; the header as sw-plan writes it
in_holds=()                     # what its rows are: events, orders, trades, …
in_left_out=()                  # what an index proves to be of no use: ROWS:LINES:HEADER:EMPTY:IGNORED
in_begin=() in_rows=()          # where its rows begin; how many it says itself that it has, or -
chunk_first=() chunk_count=()   # of each input, its chunks in the next two
chunk_offset=() chunk_length=() # length: "whole" of all of a gzip, zstd or Parquet file, with an r behind of records

# sw_survey WORD…: asks about all inputs; the words are further options. What is wrong with them is said, and ends the run.
sw_survey() {
  local table asked=' '
  for table in "${tables[@]}"; do
    [[ $asked != *" $table "* ]] || continue
    asked+="$table "
    sw_survey_table "$table" "$@"
  done
}

sw_survey_table() {
  local table=$1 places=() files=() plan_words part_words key plan i
  shift
  for i in "${!inputs[@]}"; do
    [ "${tables[i]}" = "$table" ] || continue
    places+=("$i") files+=("${inputs[i]}")
  done
  plan_words_of "$table"
  printf -v key '%q ' "$table" "$part_kind" "$step" "${bad_rows:+bad rows apart}" "${part_words[@]}"
  plan=(sw-plan "${plan_words[@]}" "${exact[@]}" ${chunk_size:+--chunk-size "$chunk_size"} ${workers:+--workers "$workers"}
    ${verify_inputs:+--verify-inputs} --key "$key" "$@" -- "${files[@]}")
  # What there is to say of the inputs was said the first time; why it fails now was not.
  if [[ $surveyed != *" $table "* ]] || ! said=$("${plan[@]}" 2>/dev/null); then said=$("${plan[@]}") || sw_exit $?; fi
  surveyed+=" $table "
  sw_take_survey <<<"$said"
}

# Of the lines that sw-plan prints, with places: which input each of them is about.
sw_take_survey() {
  local about input one two three four five
  while IFS=$'\t' read -r about input one two three four five; do
    case $about in workers | columns) ;; *) i=${places[input]} ;; esac
    case $about in
      columns) printf -v columns %b "$input" ;;
      workers) : "${workers:=$input}" ;;
      identity) in_identity_now[i]=$one ;;
      holds) in_holds[i]=$one ;;
      left-out) in_left_out[i]=$one:$two:$three:$four:$five ;;
      rows) in_begin[i]=$one in_rows[i]=$two ;;
      input)
        in_kind[i]=$one in_bytes[i]=$two in_table[i]=$three in_identity[i]=$four in_header[i]=$five
        chunk_first[i]=${#chunk_offset[@]} chunk_count[i]=0
        ;;
      chunk)
        case ${in_kind[i]} in
          gzip | zstd | parquet)
            # It is not sent to another machine in parts.
            [ -z "$hosts" ] || [ "$two" -eq 0 ] || continue
            [ -z "$hosts" ] && [ "$three" -lt "${in_bytes[i]}" ] || three=whole
            ;;
          stream) three+=r ;;
        esac
        chunk_offset+=("$two") chunk_length+=("$three")
        chunk_count[i]=$((chunk_count[i] + 1))
        ;;
    esac
  done
}

# Columns are found by name: files that have them in another order are brought into the first one's, files that have others are refused.
sw_unify_columns() {
  local i first header
  [ -z "$columns" ] || return 0
  printf -v first %b "${in_header[0]}"
  for i in "${!inputs[@]}"; do
    [ "${in_header[i]}" != "${in_header[0]}" ] || continue
    printf -v header %b "${in_header[i]}"
    sw_same_columns "$header" "$first" || sw_fail 1 "${inputs[i]}: has other columns than ${inputs[0]}; -c names those wanted"
    columns=$first
  done
  [ -z "$columns" ] || sw_survey
}

# sw_same_columns HEADER HEADER: whether they have the same, in whatever order.
sw_same_columns() {
  [ "$(tr , '\n' <<<"$1" | sort)" = "$(tr , '\n' <<<"$2" | sort)" ]
}

# The files are those that the plan was made of; parts of a file that changed meanwhile are of no use.
sw_check_unchanged() {
  local i in_identity_now=()
  sw_survey --identities
  for i in "${!inputs[@]}"; do
    [ "${in_identity_now[i]}" = "${in_identity[i]}" ] ||
      sw_fail 1 "${inputs[i]}: changed while it was read; the next run reads it again"
  done
}
