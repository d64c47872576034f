# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # options and settings go from one of these files to the next
#
# pipelines/analyse: what the parts hold, and the stage that works out every security.

# securities/found: SECURITY EVENTS ORDER-PARTS TRADE-PARTS QUOTE-PARTS (numbers between commas), the most events first;
# securities/other_trades: trades of securities without orders, all and those of each set; matrix.csv.
list_securities() {
  sw-ledger securities "$work" || sw_exit $?
}

# The job matrix, securities by dates, for people.
show_matrix() {
  ! sw_logs info || sw-ledger matrix "$work" | sw-monitor --disarm >&2
}

# A value as sw-split makes it a part of a file name.
folder_name() {
  local text=$1 i byte name=''
  for ((i = 0; i < ${#text}; i++)); do
    byte=${text:i:1}
    case $byte in
      [A-Za-z0-9_+-]) name+=$byte ;;
      .) if [ "$i" -eq 0 ]; then name+=%2E; else name+=. ; fi ;;
      *) printf -v byte '%%%02X' "'$byte"; name+=$byte ;;
    esac
  done
  printf 'SEC_%s' "$name"
}

# The security's results are there, whole, and made from these parts with these options.
is_done() {
  local folder=$1 key=$2 results=$work/securities/results/$1
  [ "$(cat "$results/key" 2>/dev/null)" = "$key" ] && sw_checked "$results" classify.tally filter.tally simulate.tally doubts &&
    find "$output/by_security/$folder" -type f -printf '%s %P\n' 2>/dev/null | sort | cmp -s - "$results/files" &&
    [ -e "$results/partial.swr" ] && [ -e "$results/classified.swr" ] && [ -e "$results/simulation.swr" ]
}

analyse_securities() {
  local code events orders trades quotes folder key name=0 file
  mapfile -t order_parts <"$work/securities/orders"
  mapfile -t trade_parts <"$work/securities/trades"
  mapfile -t quote_parts <"$work/securities/nbbo"
  : >"$work/securities/list" || exit 3
  while IFS=$'\x1f' read -r code events orders trades quotes; do
    folder=$(folder_name "$code")
    key=$({
      printf '%s\n%s\n%s\n' "$made_by" "$security_options" "$code"
      for name in ${orders//,/ }; do echo "orders ${order_parts[name]}"; done
      for name in ${trades//,/ }; do echo "trades ${trade_parts[name]}"; done
      for name in ${quotes//,/ }; do echo "nbbo ${quote_parts[name]}"; done
    } | sw_digest)
    printf '%s\t%s\t%s\n' "$code" "$folder" "$key" >>"$work/securities/list" || exit 3
    is_done "$folder" "$key" && continue
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$code" "$key" "$folder" "$events" "$orders" "$trades" "$quotes"
  done < <(tr '\t' '\037' <"$work/securities/found") | awk '{ print NR "\t" $0 }' >"$work/securities/jobs"
  { [ "${PIPESTATUS[*]}" = '0 0' ] && securities_are_whole; } || sw_fail 3 "$work/securities/list: could not be written whole"
  cut -f 1,5 "$work/securities/jobs" >"$work/securities/weights" || exit 3
  remove_others
  [ -s "$work/securities/jobs" ] || return 0
  [ -z "$verbose" ] || show_matrix
  changed=1
  sw_as_the_user mkdir -p "$output/by_security" || exit 3
  remove_aggregates
  stage_now=securities
  sw_run "$work/securities" never "$sw_home/jobs/analyse-security"
  [ "${#failed[@]}" -eq 0 ] || {
    if [ "$missing" -eq 0 ]; then
      sw_tell error '%d of %d securities failed; the others are done, and the next run makes only these' "${#failed[@]}" "$jobs_total"
    else
      sw_tell error '%d of %d securities failed, %d were not made; the next run makes these' "${#failed[@]}" "$jobs_total" "$missing"
    fi
    if [ "$worst" -eq 1 ]; then
      find_orders
      sw_drop_damaged "$work/chunks" || :
    fi
    exit "$worst"
  }
  [ "$missing" -eq 0 ] || sw_fail 3 "$missing of $jobs_total securities did not finish"
}

# Whether all that were found are listed. What is not is taken for a security of an earlier run, and its results are removed: so a part of
# this shell that was killed must not pass for the end of the list.
securities_are_whole() {
  local listed found
  mapfile -t listed <"$work/securities/list"
  mapfile -t found <"$work/securities/found"
  [ "${#listed[@]}" -eq "${#found[@]}" ]
}

# Where in the files the orders are that the failed jobs complain of: a job sees its rows sorted, in files of its own.
find_orders() {
  local id file name
  for name in "${failed[@]}"; do grep -o 'order [0-9]*' "$work/securities/logs/$name"; done | sort -u | head -n 5 |
    while read -r _ id; do
      for file in "${inputs[@]:0:order_count}"; do lines_with "$id" "$file"; done
    done | sw-monitor --disarm >&2
}

# FILE:LINE: the line, of the first lines of a text file in which the word stands.
lines_with() {
  local word=$1 file=$2 unpack=cat
  case $(sw_kind "$file") in
    swr) return ;;
    gzip) unpack='gzip -dc' ;;
  esac
  $unpack -- "$file" | grep -n -F -m 5 -- "$word" | FILE=$file awk -v name="$sw_name" '{ print name ": " ENVIRON["FILE"] ":" $0 }'
}

# Results of securities that are no longer among those found would pass for this run's. No program tells which they are: one that is
# killed says nothing.
remove_others() {
  local folder
  local -A listed=()
  while IFS=$'\t' read -r _ folder _; do listed[$folder]=1; done <"$work/securities/list"
  for folder in "$work"/securities/results/* "$output"/by_security/SEC_*; do
    [ -e "$folder" ] || continue
    folder=${folder##*/}
    [ -z "${listed[$folder]-}" ] || continue
    rm -rf "$work/securities/results/$folder" "$output/by_security/$folder" || exit 3
    changed=1
    remove_aggregates
  done
}

# Of the securities' streams those that are damaged: without its key, a security is made again. True where there was one.
drop_damaged_results() {
  local file dropped=1
  for file in "$work"/securities/results/*/*.swr; do
    sw_is_damaged "$file" || continue
    sw_tell warning '%s: damaged' "$file"
    rm -f "${file%/*}/key" || exit 3
    dropped=0
  done
  return "$dropped"
}
