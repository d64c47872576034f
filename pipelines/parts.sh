# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of common.sh: options, inputs, work
#
# Chunks of the inputs, and the parts that are made of them: a part is known by what it was made from, so that a run goes on where
# an earlier one was ended, and makes again only what other inputs or options change.
#
#   WORK/parts/FILE/plan             the chunks of an input: OFFSET LENGTH (whole: of gzip; with an r behind: of records); FILE is a digest of all that its parts depend on
#   WORK/parts/FILE/check            of the plan, see seals.sh
#   WORK/parts/FILE/OFFSET-LENGTH.*  what is made of a chunk; .tally (read kept rejected bad) is written last: with it the part is whole
#   STAGE/all                        TABLE INPUT OFFSET LENGTH PART for every chunk, in the order of the inputs
#   STAGE/jobs                       those that are not there yet, numbered
#
# Before sw_plan_parts a pipeline sets tables (of each input), part_kind (the ending of what it makes of a chunk), and defines
# part_options I, which prints all that the parts of input I depend on besides the file.

# A digest of standard input, as a name.
sw_digest() {
  sha256sum | cut -c 1-32
}

# The words of options, and the contents of the files that they name.
sw_with_contents() {
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

# What tells that a file is the one it was: its name, size, time of change and both its ends, or, where that is asked for, all of it.
sw_identity() {
  readlink -f -- "$1" || exit 3
  stat -Lc '%s %.9Y' -- "$1" || exit 3
  if [ -n "$verify_inputs" ]; then
    sha256sum <"$1" || exit 3
  else
    { head -c 65536 -- "$1" && tail -c 65536 -- "$1"; } | sha256sum || exit 3
  fi
}

# The folder of an input's parts.
sw_parts_folder() {
  {
    sw-chunk --version
    printf '%s\n%s\n' "${tables[$1]}" "$part_kind"
    sw_identity "${inputs[$1]}"
    part_options "$1"
    sw_with_contents "${exact[@]}" "${chunk_size:+chunks of $chunk_size}" "${bad_rows:+bad rows apart}"
  } | sw_digest
}

# The chunk size: as given, else some chunks for every worker, none too large. Records take about an eighth of the bytes of CSV.
sw_chunk_size() {
  local size
  if [ -n "$chunk_size" ]; then
    printf '%s\n' "$chunk_size"
    return
  fi
  size=$(stat -Lc %s -- "$1") || exit 3
  local eighth=1
  [ "$2" != swr ] || eighth=8
  size=$((size / (4 * workers)))
  [ "$size" -ge $((16777216 / eighth)) ] || size=$((16777216 / eighth))
  [ "$size" -le $((chunk_maximum / eighth)) ] || size=$((chunk_maximum / eighth))
  printf '%s\n' "$size"
}

# sw_plan_file I FOLDER: the chunks of one input, as they were planned before where that was.
sw_plan_file() {
  local file=${inputs[$1]} plan=$2/plan kind layout=("${schema[@]}") chosen=("${selectors[@]}") size
  if [ -e "$plan" ]; then
    sw_checked "$2" plan left-out && return
    # Parts of other chunks than those of the plan would not be noticed.
    rm -rf "$2" || exit 3
  fi
  mkdir -p "$2" || exit 3
  case ${tables[$1]} in
    orders) chosen=("${event_selectors[@]}") ;;
    trades | nbbo) layout=(--schema "$(layout_of "${tables[$1]}")") chosen=("${trade_selectors[@]}") ;;
  esac
  kind=$(sw_kind "$file")
  size=$(sw_chunk_size "$file" "$kind") || exit $?
  if [ "$kind" = swr ]; then
    sw-info --plan -b "$size" -- "$file" >"$plan.lines" || exit $?
    cut -f 2,3 "$plan.lines" | sed 's/$/r/' >"$plan.tmp" || exit 3
    rm -f "$plan.lines"
  else
    # Where the file has an index, only what can hold selected rows is planned; the rows left out are counted.
    sw-chunk "${layout[@]}" --plan "${exact[@]}" "${chosen[@]}" "${zone[@]}" "${sizes[@]}" --tally "$2/left-out" -b "$size" \
      -- "$file" >"$plan.lines" || exit $?
    if [ "$kind" = gzip ]; then printf '0\twhole\n'; else cut -f 2,3 "$plan.lines"; fi >"$plan.tmp" || exit 3
    rm -f "$plan.lines"
  fi
  mv "$plan.tmp" "$plan" || exit 3
  sw_check "$2" plan left-out >"$2/check" || exit 3
}

sw_plan_parts() {
  local stage=$1 i folder offset length table part
  mkdir -p "$work/parts" "$stage" || exit 3
  printf '%s\0' "${inputs[@]}" >"$stage/inputs" || exit 3
  : >"$stage/all" || exit 3
  for i in "${!inputs[@]}"; do
    folder=parts/$(sw_parts_folder "$i") || exit $?
    sw_plan_file "$i" "$work/$folder"
    while IFS=$'\t' read -r offset length; do
      printf '%s\t%d\t%s\t%s\t%s/%s-%s\n' "${tables[i]}" "$i" "$offset" "$length" "$folder" "$offset" "$length"
    done <"$work/$folder/plan" >>"$stage/all" || exit 3
  done
  sw_forget_torn "$stage"
  while IFS=$'\t' read -r table i offset length part; do
    sw_is_whole "$part" || printf '%s\t%d\t%s\t%s\t%s\n' "$table" "$i" "$offset" "$length" "$part"
  done <"$stage/all" | awk '{ print NR "\t" $0 }' >"$stage/jobs" || exit 3
  while IFS=$'\t' read -r part _ i _ length _; do
    [ "$length" != whole ] || length=$(stat -Lc %s -- "${inputs[i]}") || exit 3
    printf '%d\t%s\n' "$part" "${length%r}"
  done <"$stage/jobs" >"$stage/weights" || exit 3
}

# sw_make_parts STAGE COMMAND: runs the jobs. Without all chunks nothing is right: the first failure ends the run. Those that are done
# stay, unless the data is wrong and the pipeline keeps nothing then.
sw_make_parts() {
  [ -s "$1/jobs" ] || return 0
  changed=1
  sw_run "$1" soon "$2"
  if [ "${#failed[@]}" -gt 0 ]; then
    [ "$on_failure" != never ] ||
      sw_tell error '%d of %d chunks failed; the others are done, and the next run makes only these' "${#failed[@]}" "$jobs_total"
    [ "$worst" -eq 3 ] || [ "$on_failure" = never ] || sw_keep_or_clean
    exit "$worst"
  fi
  [ "$missing" -eq 0 ] || sw_fail 3 "$missing of $jobs_total chunks did not finish"
  sw_check_unchanged "$1"
}

# sw_check_unchanged STAGE: the files are those that the plan was made of; parts of a file that changed meanwhile are of no use.
sw_check_unchanged() {
  local i folder
  for i in "${!inputs[@]}"; do
    folder=parts/$(sw_parts_folder "$i") || exit $?
    grep -qF -- "$folder/" "$1/all" || sw_fail 1 "${inputs[i]}: changed while it was read; the next run reads it again"
  done
}

# sw_drop_damaged STAGE: reads the parts whole; those that are damaged are forgotten, and so are made again. True where there was one.
sw_drop_damaged() {
  local part dropped=1
  while IFS= read -r part; do
    sw-info --verify "$work/$part" >/dev/null 2>&1 && continue
    sw_tell warning '%s: damaged' "$work/$part"
    rm -f "$work/${part%.*}.tally" || exit 3
    dropped=0
  done < <(sw_each_part "$1" "$part_kind" | sort -u)
  return "$dropped"
}

# What a chunk's job is, for messages.
sw_chunk_title() {
  local name table input offset length
  IFS=$'\t' read -r name table input offset length _ < <(sed -n "$2p" "$1/jobs")
  printf 'chunk %d (%s, byte %s, length %s)' "$name" "${inputs[input]}" "$offset" "${length%r}"
}

# sw_each_part STAGE ENDING: the names of the parts, in order.
sw_each_part() {
  cut -f 5 "$1/all" | sed "s/\$/.$2/"
}

# sw_print_parts STAGE ENDING: their contents, as far as there are such parts.
sw_print_parts() {
  local part
  while IFS= read -r part; do
    [ ! -e "$work/$part" ] || cat "$work/$part" || exit 3
  done < <(sw_each_part "$1" "$2")
}

# TABLE INPUT read kept rejected bad, a line a chunk, and one for what the plan left out.
sw_tallies() {
  local table input part last=''
  while IFS=$'\t' read -r table input _ _ part; do
    if [ "$input" != "$last" ] && [ -e "$work/${part%/*}/left-out" ]; then
      printf '%s\t%s\t' "$table" "$input"
      cat "$work/${part%/*}/left-out" || exit 3
    fi
    last=$input
    printf '%s\t%s\t' "$table" "$input"
    cat "$work/$part.tally" || exit 3
  done <"$1/all"
}

# sw_ledger STAGE FILE: adds the jobs' tallies up, per file and in all, as CSV; a sum that does not add up is an error.
# Sets rows_read and rows_kept.
sw_ledger() {
  local stage=$1 to=$2
  sw_tallies "$stage" | INPUTS=$stage/inputs awk -F '\t' '
    BEGIN {
      RS = "\0"
      while ((getline name < ENVIRON["INPUTS"]) > 0) names[files++] = name
      RS = "\n"
      print "file,read,kept,rejected,bad"
    }
    { read[$2] += $3; kept[$2] += $4; rejected[$2] += $5; bad[$2] += $6 }
    function field(text) {
      if (text ~ /[,"\r\n]/) { gsub(/"/, "\"\"", text); text = "\"" text "\"" }
      return text
    }
    function line(name, a, b, c, d) {
      if (a != b + c + d) failed = 1
      printf "%s,%.0f,%.0f,%.0f,%.0f\n", field(name), a, b, c, d
      all_read += a; all_kept += b; all_rejected += c; all_bad += d
    }
    END {
      for (i = 0; i < files; i++) line(names[i], read[i], kept[i], rejected[i], bad[i])
      printf "all,%.0f,%.0f,%.0f,%.0f\n", all_read, all_kept, all_rejected, all_bad
      exit failed
    }' >"$to.tmp" ||
    sw_fail 3 'the ledger does not add up: read is not kept + rejected + bad'
  mv -f -- "$to.tmp" "$to" || exit 3
  IFS=, read -r _ rows_read rows_kept _ _ < <(tail -n 1 "$to")
}

# The bad rows of all chunks, in the order of the inputs, under their final name at once.
sw_collect_bad_rows() {
  local count
  [ -n "$bad_rows" ] || return 0
  sw_write "$bad_rows" sw_print_parts "$1" bad
  count=$(sw_print_parts "$1" bad | wc -l)
  [ "$count" -eq 0 ] || sw_tell warning '%d bad rows in %s' "$count" "$bad_rows"
}

# sw_made NAME KEY: whether the results over all the rows, and the ledger, are those that were made under this key. sw_mark_made says so.
sw_made() {
  [ -e "$work/$1" ] && sw_results "$2" | cmp -s - "$work/$1"
}

sw_mark_made() {
  sw_results "$2" >"$work/$1.tmp" || exit 3
  mv "$work/$1.tmp" "$work/$1" || exit 3
}

sw_results() {
  printf '%s\n' "$1"
  (cd "$output" && cksum -- aggregated/* run/ledger.csv 2>/dev/null)
}

# Parts of files or options that this run does not have go; what is left is all there is.
sw_drop_other_parts() {
  local folder
  for folder in "$work"/parts/*; do
    [ ! -e "$folder" ] || grep -qF -- "parts/${folder##*/}/" "$1/all" || rm -rf "$folder"
  done
}

# The end of a run whose result is one file: its folder goes, or what it goes on from stays.
sw_keep_or_clean() {
  if [ "$keep_intermediate" = yes ]; then sw_drop_other_parts "$work"; else sw_clean; fi
}
