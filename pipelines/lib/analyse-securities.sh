# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # options and settings go from one of these files to the next
#
# pipelines/analyse: what the parts hold, and the stage that works out every security.

# securities/found: SECURITY EVENTS ORDER-PARTS TRADE-PARTS QUOTE-PARTS (numbers between commas), the most events first;
# securities/other_trades: trades of securities without orders, all and those of each set; matrix.csv.
list_securities() {
  WORK=$work awk -F '\t' -v OFS='\t' '
    BEGIN { work = ENVIRON["WORK"]; matrix = work "/matrix.tsv" }
    function list(table, number, path,   line, field, first) {
      first = 1
      while ((getline line < path) > 0) {
        if (first) { first = 0; continue }
        split(line, field, "\t")
        rows[table, field[1]] += field[table == "orders" ? 3 : 2]
        if (table == "orders") {
          if (!(field[1] in seen)) { seen[field[1]] = 1; order[++count] = field[1] }
          events[field[1] "\t" field[2]] += field[3]
        } else {
          other[table, field[1]] = field[1]
          if (table == "trades") for (set = 3; set <= 5; set++) kinds[set, field[1]] += field[set]
        }
        if (last[table, field[1]] != number "x") {
          parts[table, field[1]] = parts[table, field[1]] (parts[table, field[1]] == "" ? "" : ",") number
          last[table, field[1]] = number "x"
        }
      }
      close(path)
    }
    { list($1, numbers[$1]++, work "/" $5 ".list") }
    END {
      for (i = 1; i <= count; i++) {
        code = order[i]
        printf "%s\t%.0f\t%s\t%s\t%s\n", code, rows["orders", code], parts["orders", code], parts["trades", code], parts["nbbo", code]
      }
      for (pair in events) printf "%s\t%.0f\n", pair, events[pair] >matrix
      for (key in other) {
        split(key, part, SUBSEP)
        if (part[1] != "trades" || (other[key] in seen)) continue
        unmatched += rows[key]
        for (set = 3; set <= 5; set++) of[set] += kinds[set, other[key]]
      }
      printf "%.0f %.0f %.0f %.0f\n", unmatched, of[3], of[4], of[5] >(work "/securities/other_trades")
    }' "$work/chunks/all" | sort -t $'\t' -k 2,2nr -k 1,1 >"$work/securities/found" || exit 3
  [ -e "$work/matrix.tsv" ] || : >"$work/matrix.tsv"
  { echo 'security_code,date,events'; sort -t $'\t' -k 1,1n -k 1,2 "$work/matrix.tsv" | tr '\t' ,; } >"$work/matrix.csv.tmp" || exit 3
  mv "$work/matrix.csv.tmp" "$work/matrix.csv" || exit 3
  rm -f "$work/matrix.tsv"
  refuse_codes
  ! grep -q $'^\t' "$work/securities/found" || sw_fail 1 "$(grep $'^\t' "$work/securities/found" | cut -f 2) events without a security_code"
}

# A security is a word of an option, a field of a list and a part of a file's name: what cannot be that is refused. (In a list,
# blanks and control characters are backslashes.)
refuse_codes() {
  local code
  code=$(cut -f 1 "$work/securities/found" | LC_ALL=C awk '/[,\\]/ || /^@/ || /^ / || / $/ || length($0) > 80' | head -n 1)
  [ -z "$code" ] || sw_fail 1 "security_code '$code': cannot be analysed: it has a comma, a backslash, a control character, @ or a blank at its border, or is longer than 80 bytes"
}

# The job matrix, securities by dates, for people.
show_matrix() {
  sw_logs info || return 0
  awk -F, '
    NR == 1 { next }
    !($2 in known) { known[$2] = 1; dates[++date_count] = $2 }
    !($1 in listed) { listed[$1] = 1; codes[++code_count] = $1 }
    { events[$1, $2] = $3; all += $3; pairs++ }
    END {
      for (i = 2; i <= date_count; i++) {
        date = dates[i]
        for (j = i - 1; j >= 1 && dates[j] > date; j--) dates[j + 1] = dates[j]
        dates[j + 1] = date
      }
      printf "%-14s", "security"
      for (i = 1; i <= date_count; i++) printf " %12s", dates[i]
      print ""
      for (i = 1; i <= code_count; i++) {
        printf "%-14s", codes[i]
        for (j = 1; j <= date_count; j++) printf " %12s", (codes[i], dates[j]) in events ? events[codes[i], dates[j]] : "-"
        print ""
      }
      printf "%d securities, %d dates, %d jobs of (security, date), %.0f events\n", code_count, date_count, pairs, all
    }' "$work/matrix.csv" | sw-monitor --disarm >&2
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
