# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # options and settings go from one of these files to the next
#
# pipelines/analyse: the plan, and the stage that makes of every chunk a sorted part.

# A digest of standard input, as a name.
digest() {
  sha256sum | cut -c 1-32
}

# The words of an option, and the contents of the files that they name.
with_contents() {
  local word
  for word; do
    printf '%q ' "$word"
    case $word in
      @*) sha256sum <"${word#@}" || exit 3 ;;
      *.schema) sha256sum <"$word" || exit 3 ;;
    esac
  done
  printf '\n'
}

open_run() {
  local program_version
  [ ! -e "$output" ] || [ -d "$output" ] || sw_fail 3 "$output: not a folder"
  mkdir -p -- "$output/run" || exit 3
  output=$(readlink -f -- "$output")
  work=$output/run
  exec {lock}>"$work/lock" || exit 3
  flock -n "$lock" || sw_fail 3 "$output: another run writes there"
  mkdir -p "$work/parts" "$work/chunks" "$work/securities/results" "$output/by_security" || exit 3
  memory+=(--temporary-directory "${temporary:-$work}")
  program_version=$(sw-chunk --version) || exit 3
  made_by="$program_version $(with_contents "${zone[@]}" "${sizes[@]}")"
  changed=0
}

# The folder of an input's parts, by all that its parts depend on.
parts_folder() {
  local i=$1 file=${inputs[$1]} options
  case ${tables[i]} in
    orders) options=("${schema[@]}" "${event_selectors[@]}" "$columns" "${order_keys[@]}") ;;
    *) options=("${trade_selectors[@]}") ;;
  esac
  {
    printf '%s\n%s\n%s\n' "$made_by" "${tables[i]}" "$(readlink -f -- "$file")"
    stat -Lc '%s %.9Y' -- "$file" || exit 3
    with_contents "${options[@]}" "${exact[@]}" "$chunk_given" "${bad_rows:+bad rows apart}"
  } | digest
}

# The chunks of one file, as they were planned before where that was; a stream is one chunk.
plan_file() {
  local file=${inputs[$1]} plan=$2/plan kind size
  [ ! -e "$plan" ] || return 0
  mkdir -p "$2" || exit 3
  kind=$(sw_kind "$file")
  if [ "$kind" = swr ]; then
    printf '0\tswr\n' >"$plan.tmp" || exit 3
  else
    size=$chunk_given
    [ -n "$size" ] || size=$(usual_chunk "$file")
    sw-chunk "${plan_schema[@]}" --plan "${exact[@]}" -b "$size" -- "$file" >"$plan.lines" || exit $?
    if [ "$kind" = gzip ]; then printf '0\twhole\n'; else cut -f 2,3 "$plan.lines"; fi >"$plan.tmp" || exit 3
    rm -f "$plan.lines"
  fi
  mv "$plan.tmp" "$plan" || exit 3
}

# Some chunks for every worker, each small enough to be sorted in memory.
usual_chunk() {
  local size
  size=$(stat -Lc %s -- "$1") || exit 3
  size=$((size / (2 * workers)))
  [ "$size" -ge 16777216 ] || size=16777216
  [ "$size" -le 268435456 ] || size=268435456
  echo "$size"
}

# chunks/all: TABLE INPUT OFFSET LENGTH PART for every chunk; chunks/jobs: those that are not there yet, numbered.
plan_chunks() {
  local i folder plan_schema offset length table name
  printf '%s\0' "${inputs[@]}" >"$work/chunks/inputs" || exit 3
  : >"$work/chunks/all" || exit 3
  for i in "${!inputs[@]}"; do
    folder=parts/$(parts_folder "$i") || exit $?
    plan_schema=("${schema[@]}")
    [ "${tables[i]}" = orders ] || plan_schema=(--schema "${tables[i]}")
    plan_file "$i" "$work/$folder"
    while IFS=$'\t' read -r offset length; do
      printf '%s\t%d\t%s\t%s\t%s/%s-%s\n' "${tables[i]}" "$i" "$offset" "$length" "$folder" "$offset" "$length"
    done <"$work/$folder/plan" >>"$work/chunks/all" || exit 3
  done
  while IFS=$'\t' read -r table i offset length folder; do
    if [ ! -e "$work/$folder.tally" ] || [ ! -e "$work/$folder.list" ] || [ ! -e "$work/$folder.swr" ]; then
      printf '%s\t%d\t%s\t%s\t%s\n' "$table" "$i" "$offset" "$length" "$folder"
    fi
  done <"$work/chunks/all" | awk '{ print NR "\t" $0 }' >"$work/chunks/jobs" || exit 3
  while IFS=$'\t' read -r name _ i _ length _; do
    case $length in *[!0-9]*) length=$(stat -Lc %s -- "${inputs[i]}") || exit 3 ;; esac
    printf '%d\t%s\n' "$name" "$length"
  done <"$work/chunks/jobs" >"$work/chunks/weights" || exit 3
  for table in orders trades nbbo; do
    awk -F '\t' -v table="$table" '$1 == table { print $5 }' "$work/chunks/all" >"$work/securities/$table" || exit 3
  done
  measures=$(scenario_measures)
  declare -p schema event_selectors trade_selectors zone sizes columns order_keys memory bad_rows work quote_columns \
    >"$work/chunks/settings" || exit 3
  declare -p order_selectors zone sizes order_keys memory scenario_options measures order_columns work output \
    >"$work/securities/settings" || exit 3
}

# The measures behind the standard ones, for the scenarios that are asked for, in their order.
scenario_measures() {
  no_rows classified "$classified_columns" |
    sw-simulate --nbbo <(no_rows nbbo "$quote_columns") "${scenario_options[@]}" --summary |
    awk -F, 'NR > 1 {
      printf "%s%s_orders=count(%s_simulated_cost),%s_simulated_cost=sum(%s_simulated_cost),", (NR > 2 ? "," : ""), $1, $1, $1, $1
      printf "%s_savings=sum(%s_savings),%s_avg_savings_pct=mean(%s_savings_pct)", $1, $1, $1, $1
    }'
}

show_commands() {
  local name code rows_read=ROWS
  printf '# %d of %d chunks are to be made\n' "$(wc -l <"$work/chunks/jobs")" "$(wc -l <"$work/chunks/all")"
  while read -r name; do
    "$sw_home/sort-chunk" "$work/chunks" "$name" || exit $?
  done < <(cut -f 1 "$work/chunks/jobs")
  printf '# then, for every security that is found, with the parts that have rows of it:\n'
  code='SECURITY'
  printf '1\t%s\t-\tSEC_%s\t0\t%s\t%s\t%s\n' "$code" "$code" "$(numbers_of orders)" "$(numbers_of trades)" \
    "$(numbers_of nbbo)" >"$work/securities/jobs" || exit 3
  "$sw_home/analyse-security" "$work/securities" 1 || exit $?
  printf '# and over all of them:\n'
  printf -v code %q "$work/securities/results"
  aggregate_commands "$code/*"
}

numbers_of() {
  awk '{ printf "%s%d", (NR > 1 ? "," : ""), NR - 1 }' "$work/securities/$1"
}

sw_title() {
  local name table input offset length code
  if [ "$stage_now" = chunks ]; then
    IFS=$'\t' read -r name table input offset length _ < <(sed -n "$1p" "$work/chunks/jobs")
    printf 'chunk %d (%s, byte %s, length %s)' "$name" "${inputs[input]}" "$offset" "$length"
  else
    IFS=$'\t' read -r name code _ < <(sed -n "$1p" "$work/securities/jobs")
    printf 'security %s' "$code"
  fi
}

# Without all chunks nothing is right: the first failure ends the run. Those that are done stay.
sort_chunks() {
  local waiting
  waiting=$(wc -l <"$work/chunks/jobs")
  rm -f "$work/joblog" "$work/stages" "$work/complete"
  [ "$waiting" -gt 0 ] || return 0
  changed=1
  stage_now=chunks
  sw_run "$work/chunks" soon "$sw_home/sort-chunk"
  [ "${#failed[@]}" -eq 0 ] || exit "$worst"
  [ "$missing" -eq 0 ] || sw_fail 3 "$missing of $jobs_total chunks did not finish"
}
