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

# folder_name CODE: sets folder: a value as sw-split makes it a part of a file name.
folder_name() {
  local text=$1 i byte
  folder=SEC_
  if [[ $text =~ ^[A-Za-z0-9_+-][A-Za-z0-9_+.-]*$ ]]; then
    folder+=$text
    return
  fi
  for ((i = 0; i < ${#text}; i++)); do
    byte=${text:i:1}
    case $byte in
      [A-Za-z0-9_+-]) folder+=$byte ;;
      .) if [ "$i" -eq 0 ]; then folder+=%2E; else folder+=. ; fi ;;
      *) printf -v byte '%%%02X' "'$byte"; folder+=$byte ;;
    esac
  done
}

# key_of ORDERS TRADES QUOTES: sets key, by which the results of a security with rows in these parts are known. Most have theirs in the
# same ones, so that there are few.
declare -A known_keys=()
key_of() {
  local name
  key=${known_keys[$1/$2/$3]-}
  [ -z "$key" ] || return 0
  key=$({
    printf '%s\n%s\n' "$made_by" "$security_options"
    for name in ${1//,/ }; do echo "orders ${order_parts[name]}"; done
    for name in ${2//,/ }; do echo "trades ${trade_parts[name]}"; done
    for name in ${3//,/ }; do echo "nbbo ${quote_parts[name]}"; done
  } | sw_digest) && [ -n "$key" ] || exit 3
  known_keys[$1/$2/$3]=$key
}

# securities/list: CODE FOLDER KEY of all that were found; wanted: the same with what found says.
list_wanted() {
  local code events orders trades quotes folder key
  mapfile -t order_parts <"$work/securities/orders"
  mapfile -t trade_parts <"$work/securities/trades"
  mapfile -t quote_parts <"$work/securities/nbbo"
  while IFS=$'\x1f' read -r code events orders trades quotes; do
    folder_name "$code"
    key_of "$orders" "$trades" "$quotes"
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$code" "$key" "$folder" "$events" "$orders" "$trades" "$quotes"
  done < <(tr '\t' '\037' <"$work/securities/found") >"$work/securities/wanted" || exit 3
  awk -F '\t' -v OFS='\t' '{ print $1, $3, $2 }' "$work/securities/wanted" >"$work/securities/list" || exit 3
  securities_are_whole || sw_fail 3 "$work/securities/list: could not be written whole"
}

# securities/live: PLACE CODE of those whose results are there, whole, and made from these parts with these options; places: PLACE LIVE
# ALL, how many there are of those that each folder of results has.
find_live() {
  local place places=() file
  for place in "$work"/securities/results/*/; do
    place=${place%/}
    for file in members files orders.swr simulation.swr tca.swr partial.swr; do [ -e "$place/$file" ] || continue 2; done
    ! sw_checked "$place" tally || places+=("$place")
  done
  : >"$work/securities/live" && : >"$work/securities/places" || exit 3
  [ "${#places[@]}" -gt 0 ] || return 0
  : >"$work/securities/there" || exit 3
  [ ! -d "$output/by_security" ] || find "$output/by_security" -type f -printf '%s %P\n' >"$work/securities/there" || exit 3
  LIVE=$work/securities/live PLACES=$work/securities/places awk -F '\t' -v OFS='\t' '
    function folder_of(line) { sub(/^[0-9]+ /, "", line); sub(/\/.*/, "", line); return line }
    FILENAME ~ /\/securities\/wanted$/ { wanted[$1] = $3 "\t" $2; next }
    FILENAME ~ /\/securities\/there$/ { there[$0]; count[folder_of($0)]++; next }
    { place = FILENAME; sub(/\/[^\/]*$/, "", place); sub(/.*\//, "", place) }
    FILENAME ~ /\/files$/ {
      folder = folder_of($0)
      if ($0 in there) same[place, folder]++
      files[place, folder]++
      next
    }
    {
      all[place]++
      lives = wanted[$1] == $2 "\t" $3 && same[place, $2] + 0 == files[place, $2] + 0 && files[place, $2] + 0 == count[$2] + 0
      if (lives && !($1 in seen)) { seen[$1]; live[place]++; print place, $1 >ENVIRON["LIVE"] }
    }
    END { for (place in all) print place, live[place] + 0, all[place] >ENVIRON["PLACES"] }' \
    "$work/securities/wanted" "$work/securities/there" "${places[@]/%//files}" "${places[@]/%//members}" || exit 3
}

# keep_live PLACE CODES: of a folder of results that holds others, too, keeps those of these securities, in a folder of its own.
keep_live() {
  local from=$work/securities/results/$1 to name codes=$2
  name=${1%.of-*}.of-$(printf '%s\n' "$codes" | sw_digest) || exit 3
  to=$work/securities/attempts/$name
  { rm -rf "$to" && mkdir -p "$to"; } || exit 3
  { sw-filter --securities "$codes" -o "$to/orders.swr" -- "$from/orders.swr" &&
    sw-filter --securities "$codes" -o "$to/simulation.swr" -- "$from/simulation.swr" &&
    sw-filter --securities "$codes" -o "$to/tca.swr" -- "$from/tca.swr" &&
    sw-agg --reports all "${own_groups[@]}" --measures "$measures" --partial "${zone[@]}" "${sizes[@]}" -o "$to/partial.swr" -- "$to/orders.swr"; } || return
  CODES=$codes TO=$to awk -F '\t' '
    BEGIN { count = split(ENVIRON["CODES"], code, ","); for (i = 1; i <= count; i++) live[code[i]] }
    FILENAME ~ /\/tally$/ { if (FNR == 1 || $1 in live) print >(ENVIRON["TO"] "/tally"); next }
    FILENAME ~ /\/members$/ { if ($1 in live) { folders[$2]; print >(ENVIRON["TO"] "/members") } next }
    { folder = $0; sub(/^[0-9]+ /, "", folder); sub(/\/.*/, "", folder); if (folder in folders) print >(ENVIRON["TO"] "/files") }
  ' "$from/tally" "$from/members" "$from/files" || exit 3
  { [ -e "$to/files" ] || : >"$to/files"; } && cksum <"$to/tally" >"$to/check" || exit 3
  rm -rf "$from" "$work/securities/results/$name" && mv "$to" "$work/securities/results/$name" || exit 3
}

# Folders of results that hold securities which are to be made again are rid of these; those that hold no others are removed. A folder of
# one security is replaced when that is made.
tidy_results() {
  local place live all codes
  while IFS=$'\t' read -r place live all; do
    if [ "$live" -eq "$all" ] || [ "$all" -eq 1 ]; then continue; fi
    changed=1 again=1
    codes=$(PLACE=$place awk -F '\t' '$1 == ENVIRON["PLACE"] { printf "%s%s", (n++ ? "," : ""), $2 }' "$work/securities/live") || exit 3
    # What cannot be read is made again with the rest.
    if [ -n "$codes" ] && keep_live "$place" "$codes"; then continue; fi
    rm -rf "$work/securities/results/$place" || exit 3
  done <"$work/securities/places"
}

# securities/todo: the lines of wanted that are to be worked out.
list_todo() {
  local again=''
  find_live
  tidy_results
  [ -z "$again" ] || find_live
  awk -F '\t' 'FILENAME ~ /\/live$/ { live[$2]; next } !($1 in live)' "$work/securities/live" "$work/securities/wanted" >"$work/securities/todo" || exit 3
}

# securities/jobs, of the lines of a file: a security each where they are few, else ranges of about equal weight, largest first, so that a
# security costs no process of its own. Fields are NAME CODES KEYS FOLDERS EVENTS ORDER-PARTS TRADE-PARTS QUOTE-PARTS PLACE, the last one a
# folder of results.
cut_ranges() {
  local ranges=$((12 * workers > 24 ? 12 * workers : 24)) numeric='' name=0 codes keys folders events orders trades quotes place
  if [ "$(wc -l <"$1")" -le "$ranges" ]; then
    awk -F '\t' -v OFS='\t' '{ print NR, $0, $3 }' "$1" >"$work/securities/jobs" || exit 3
    return
  fi
  cut -f 1 "$1" | grep -qvE '^-?[0-9]+$' || numeric=n
  sort -t $'\t' -k "1,1$numeric" "$1" | awk -F '\t' -v OFS='\t' -v ranges="$ranges" '
    function join(list, more,   part, i, count) {
      count = split(more, part, ",")
      for (i = 1; i <= count; i++) if (part[i] != "" && !((list, part[i]) in has)) { has[list, part[i]]; all[list] = all[list] (all[list] == "" ? "" : ",") part[i] }
    }
    function flush() {
      if (!members) return
      print codes, keys, folders, weight, all["o"], all["t"], all["q"]
      codes = keys = folders = ""; members = weight = 0
      split("", has); split("", all)
    }
    { line[NR] = $0; total += $4 + 1 }
    END {
      for (n = 1; n <= NR; n++) {
        split(line[n], field, "\t")
        if (members && weight + field[4] + members > total / ranges) flush()
        codes = codes (members ? "," : "") field[1]; keys = keys (members ? "," : "") field[2]; folders = folders (members ? "," : "") field[3]
        weight += field[4]; members++
        join("o", field[5]); join("t", field[6]); join("q", field[7])
      }
      flush()
    }' | sort -t $'\t' -k 4,4nr | tr '\t' '\037' |
    while IFS=$'\x1f' read -r codes keys folders events orders trades quotes; do
      name=$((name + 1)) place=${folders%%,*}
      [[ $folders != *,* ]] || place+=.to-$(printf '%s\n' "$codes" "$keys" | sw_digest) || exit 3
      printf '%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$name" "$codes" "$keys" "$folders" "$events" "$orders" "$trades" "$quotes" "$place"
    done >"$work/securities/jobs"
  [ "${PIPESTATUS[*]}" = '0 0 0 0 0' ] || exit 3
}

run_securities() {
  cut -f 1,5 "$work/securities/jobs" >"$work/securities/weights" || exit 3
  sw_run "$work/securities" never "$sw_home/jobs/analyse-security"
}

# Of a range one of whose securities fails, the others are worked out all the same: one by one.
run_one_by_one() {
  local name
  [ "${#failed[@]}" -gt 0 ] && [ "$missing" -eq 0 ] && [ -z "$on_failure" ] || return 0
  awk -F '\t' -v OFS='\t' -v failed="${failed[*]}" '
    BEGIN { count = split(failed, name, " "); for (i = 1; i <= count; i++) is[name[i]] }
    FILENAME ~ /\/jobs$/ { if ($1 in is) { count = split($2, code, ","); if (count > 1) ranges++; for (i = 1; i <= count; i++) again[code[i]] } next }
    ranges && $1 in again { print ++n, $0, $3 }' "$work/securities/jobs" "$work/securities/wanted" >"$work/securities/single" || exit 3
  [ -s "$work/securities/single" ] || return 0
  sw_tell warning 'the securities of %d ranges are worked out one by one' "${#failed[@]}"
  mv "$work/securities/single" "$work/securities/jobs" || exit 3
  run_securities
}

analyse_securities() {
  local total
  list_wanted
  list_todo
  remove_others
  total=$(wc -l <"$work/securities/todo")
  { : >"$work/securities/jobs" && : >"$work/securities/ranges"; } || exit 3
  if [ "$total" -eq 0 ]; then
    drop_other_places
    return
  fi
  cut_ranges "$work/securities/todo"
  [ -z "$verbose" ] || show_matrix
  changed=1
  sw_as_the_user mkdir -p "$output/by_security" || exit 3
  remove_aggregates
  stage_now=securities
  cp "$work/securities/jobs" "$work/securities/ranges" || exit 3
  run_securities
  run_one_by_one
  [ "${#failed[@]}" -eq 0 ] || fail_securities "$total"
  [ "$missing" -eq 0 ] || sw_fail 3 "$missing of $jobs_total securities did not finish"
  drop_other_places
}

# Now that all are there: what else an earlier run left in folders of results is of no security's any more, or of one that has others.
drop_other_places() {
  local place list
  local -A current=()
  while IFS=$'\t' read -r place _; do current[$place]=1; done <"$work/securities/live"
  for list in ranges jobs; do
    # The place is the last field.
    while IFS= read -r place; do current[${place##*$'\t'}]=1; done <"$work/securities/$list" || exit 3
  done
  for place in "$work"/securities/results/*; do
    [ -n "${current[${place##*/}]-}" ] || rm -rf "$place" || exit 3
  done
}

fail_securities() {
  if [ "$missing" -eq 0 ]; then
    sw_tell error '%d of %d securities failed; the others are done, and the next run makes only these' "${#failed[@]}" "$1"
  else
    sw_tell error '%d of %d securities failed, %d were not made; the next run makes these' "${#failed[@]}" "$1" "$missing"
  fi
  if [ "$worst" -eq 1 ]; then
    find_orders
    sw_drop_damaged "$work/chunks" || :
  fi
  exit "$worst"
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
    zstd) unpack='zstd -dc' ;;
  esac
  $unpack -- "$file" | grep -n -F -m 5 -- "$word" | FILE=$file awk -v name="$sw_name" '{ print name ": " ENVIRON["FILE"] ":" $0 }'
}

# Results of securities that are no longer among those found would pass for this run's. No program tells which they are: one that is
# killed says nothing.
remove_others() {
  local folder place code members
  local -A listed=() codes=()
  while IFS=$'\t' read -r code folder _; do listed[$folder]=1 codes[$code]=1; done <"$work/securities/list"
  for place in "$work"/securities/results/*; do
    [ -e "$place" ] || continue
    members=0
    if [ -e "$place/members" ]; then
      while IFS=$'\t' read -r code _; do [ -z "${codes[$code]-}" ] || members=1; done <"$place/members"
    fi
    [ "$members" -eq 0 ] || continue
    rm -rf "$place" || exit 3
    changed=1
    remove_aggregates
  done
  for folder in "$output"/by_security/SEC_*; do
    [ -e "$folder" ] || continue
    [ -z "${listed[${folder##*/}]-}" ] || continue
    rm -rf "$folder" || exit 3
    changed=1
    remove_aggregates
  done
}

# Of the securities' streams those that are damaged: without its list of members, a folder of results is made again. True where there was
# one.
drop_damaged_results() {
  local file dropped=1
  for file in "$work"/securities/results/*/*.swr; do
    sw_is_damaged "$file" || continue
    sw_tell warning '%s: damaged' "$file"
    rm -f "${file%/*}/members" || exit 3
    dropped=0
  done
  return "$dropped"
}
