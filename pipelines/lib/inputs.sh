# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # of common.sh and of the pipelines
#
# What sw-plan says of the inputs, in one call for each table: what each of them is, and the chunks it can be read in. Before
# sw_survey a pipeline sets part_kind, and defines plan_words_of TABLE, which sets plan_words, the schema, selectors and columns that the
# parts of the table's inputs are made with, and part_words, all else they depend on. Of how many inputs, one behind the other, each of the
# tables is, table_counts has.

surveyed='' # the tables that were asked about
each_input=1 # what is said of each input is of use; else it is no more than a part of survey
in_kind=() in_bytes=() in_table=() in_identity=() in_header=() # of each input, then; the header as sw-plan writes it
in_holds=()                     # what its rows are: events, orders, trades, …
survey=''                       # all that was said of chunks and the like, for sw-ledger chunks
input_bytes=0                   # of all of them
likely=()                       # for sw-chunk, the schema that all have found

# Asks about all inputs. What is wrong with them is said, and ends the run.
sw_survey() {
  local table
  survey='' input_bytes=0
  for table in "${tables[@]}"; do sw_survey_table "$table"; done
}

# sw_plan_of WORD…: asks sw-plan about the array files, which may have more names than a command line takes; in a shell of its own, whose end it is.
sw_plan_of() {
  if [ "${#files[@]}" -lt 1000 ]; then
    exec sw-plan "$@" -- "${files[@]}"
  else
    exec sw-plan "$@" --files <(printf '%s\0' "${files[@]}")
  fi
}

# Sets place and files to those of a table.
sw_files_of() {
  local i
  place=0
  for i in "${!tables[@]}"; do
    [ "${tables[i]}" != "$1" ] || break
    place=$((place + table_counts[i]))
  done
  files=("${inputs[@]:place:table_counts[i]}")
}

# sw_ask_table TABLE WORD…: what sw-plan says of its files, in a shell of its own.
sw_ask_table() {
  local table=$1 plan_words part_words key plan
  shift
  plan_words_of "$table"
  printf -v key '%q ' "$table" "$part_kind" "$step" "${bad_rows:+bad rows apart}" "${part_words[@]}"
  plan=(sw_plan_of "${plan_words[@]}" "${exact[@]}" ${chunk_size:+--chunk-size "$chunk_size"} ${workers:+--workers "$workers"}
    ${verify_inputs:+--verify-inputs} --key "$key" "$@")
  # Small files are taken together, as one chunk; but a group is not sent to another machine.
  [ -n "$hosts" ] || plan+=(--group)
  "${plan[@]}"
}

# sw_ask_again TABLE WORD…: the same. What there is to say of the inputs was said the first time; why it fails now was not.
sw_ask_again() {
  said=$(sw_ask_table "$@" 2>/dev/null) || said=$(sw_ask_table "$@") || sw_exit $?
}

sw_survey_table() {
  local place files said
  sw_files_of "$1"
  if [[ $surveyed == *" $1 "* ]]; then sw_ask_again "$1"; else said=$(sw_ask_table "$1") || sw_exit $?; fi
  surveyed+=" $1 " survey+="table"$'\t'"$1"$'\t'"$place"$'\n'"$said"$'\n'
  sw_take_survey "$place"
}

# sw_take_survey PLACE: of said, the lines that sw-plan printed of inputs from this one on. There may be tens of thousands, so that each costs few
# commands: a line is split into words by the shell itself.
sw_take_survey() {
  local IFS=$'\n' place=$1 lines line header='' i
  set -f
  # shellcheck disable=SC2206 # its lines, none of which is empty; mapfile would read them byte by byte
  lines=($said)
  IFS=$'\t'
  for line in "${lines[@]}"; do
    case $line in
      chunk* | rows*) ;;
      input*)
        [ -n "$each_input" ] || continue
        # shellcheck disable=SC2086 # its fields, none of which is empty but the last
        set -- $line
        i=$((place + $2))
        [ -z "${8-}" ] || header=$8
        in_kind[i]=$3 in_bytes[i]=$4 in_table[i]=$5 in_identity[i]=$6 in_holds[i]=$7 in_header[i]=$header
        ;;
      columns*)
        printf -v columns %b "${line#*$'\t'}"
        sw_columns_fit "$columns"
        ;;
      found*) likely=(--likely "${line#*$'\t'}") ;;
      workers*) : "${workers:=${line#*$'\t'}}" ;;
      bytes*) input_bytes=$((input_bytes + ${line#*$'\t'})) ;;
    esac
  done
  set +f
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
  [ -n "$columns" ] || return 0
  sw_columns_fit "$columns" '; -c names those wanted'
  sw_survey
}

# sw_columns_fit COLUMNS [ADVICE]: they are one word of the programs' command lines, which may have 128 KiB.
sw_columns_fit() {
  [ "${#1}" -lt 131072 ] || sw_fail 3 "the names of all columns that are wanted have ${#1} bytes, and a command line takes 131071${2-}"
}

# sw_same_columns HEADER HEADER: whether they have the same, in whatever order.
sw_same_columns() {
  [ "$(tr , '\n' <<<"$1" | sort)" = "$(tr , '\n' <<<"$2" | sort)" ]
}

# sw_check_unchanged STAGE: the files are those that the plan was made of; parts of a file that changed meanwhile are of no use.
sw_check_unchanged() {
  local table place files said
  for table in "${tables[@]}"; do
    sw_files_of "$table"
    sw_ask_again "$table" --identities --known "$1/about" --from "$place" --pipeline "$sw_name"
  done
}
