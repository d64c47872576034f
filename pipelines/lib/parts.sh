# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of common.sh: options, inputs, work
#
# Chunks of the inputs, and the parts that are made of them: a part is known by what it was made from, so that a run goes on where
# an earlier one was ended, and makes again only what other inputs or options change.
#
#   WORK/parts/FILE/plan             the chunks of an input: OFFSET LENGTH (whole: all of gzip or zstd; with an r behind: of records), "left-out
#                                    ROWS:LINES:HEADER:EMPTY:IGNORED" by an index, and "end SUM", without which it is no plan; FILE is the input's identity (inputs.sh)
#   WORK/parts/GROUP/files.*         of a group of small files, which are one chunk together; .files has what .tally has of each file, a line each
#   WORK/parts/FILE/OFFSET-LENGTH.*  what is made of a chunk; .tally (read kept rejected bad lines header empty ignored; of records - for the
#                                    last four) is written last: with it the part is whole
#   STAGE/all                        TABLE INPUT OFFSET LENGTH PART for every chunk, in the order of the inputs; of a group, the first INPUT, 0, and for LENGTH
#                                    how many files with an f behind
#   STAGE/jobs                       those that are not there yet, numbered
#
# A plan stays while the identity does, whatever the workers: sw_plan_parts comes behind sw_survey.

# A digest of standard input, as a name.
sw_digest() {
  sha256sum | cut -c 1-32
}

# sw_reads WORD…: prints an identity of words of options and of what they read: files, named sets, a zone's file.
sw_reads() {
  local said
  said=$(sw-plan --words -- "$@") || return
  printf '%s' "${said##*$'\t'}"
}

# sw_plan_input I: sets plan, the lines of the input's plan: those of an earlier run, where they are there, else those of sw-plan, which
# are kept.
sw_plan_input() {
  local i=$1 folder=$work/parts/${in_identity[$1]} chunk sum
  if [ -e "$folder/plan" ]; then
    mapfile -t plan <"$folder/plan"
    [ "${#plan[@]}" -gt 0 ] && sw_sum_plan && [ "${plan[-1]}" = "end"$'\t'"$sum" ] && return
    # Parts of other chunks than those of the plan would not be noticed.
    rm -rf "$folder" && mkdir "$folder" || exit 3
  fi
  plan=()
  for ((chunk = chunk_first[i]; chunk < chunk_first[i] + chunk_count[i]; chunk++)); do
    plan+=("${chunk_offset[chunk]}"$'\t'"${chunk_length[chunk]}")
  done
  [ -z "${in_left_out[i]-}" ] || plan+=("left-out"$'\t'"${in_left_out[i]}")
  sw_sum_plan || exit 3
  plan+=("end"$'\t'"$sum")
  sw_lines "$folder/plan" "${plan[@]}"
}

# Sets sum, which a change of any number of the plan changes; false for what is no plan.
sw_sum_plan() {
  local line number
  sum=0
  for line in "${plan[@]}"; do
    [[ $line != end$'\t'* ]] || return 0
    if [[ $line =~ ^left-out$'\t'([0-9]+):([0-9]+):([0-9]+):([0-9]+):([0-9]+)$ ]]; then
      for number in "${BASH_REMATCH[@]:1}"; do sum=$((sum * 31 + 10#$number + 3)); done
      continue
    fi
    [[ $line =~ ^(0|[1-9][0-9]*)$'\t'(whole|[0-9]+r?)$ ]] || return
    line=${BASH_REMATCH[1]}
    case ${BASH_REMATCH[2]} in
      whole) sum=$(((sum * 31 + line) * 31 + 1)) ;;
      *r) sum=$(((sum * 31 + line) * 31 + 10#${BASH_REMATCH[2]%r} + 2)) ;;
      *) sum=$(((sum * 31 + line) * 31 + 10#${BASH_REMATCH[2]})) ;;
    esac
  done
}

# sw_lines FILE LINE…
sw_lines() {
  local to=$1
  shift
  if [ $# -eq 0 ]; then : >"$to"; else printf '%s\n' "$@" >"$to"; fi || exit 3
}

declare -A part_folders=() # below WORK/parts, those of this run

# sw_make_part_folders STAGE: sets part_folders, and makes them with the stage's.
sw_make_part_folders() {
  local i folders
  part_folders=()
  for ((i = 0; i < ${#inputs[@]}; i += ${group_count[i]:-1})); do
    if [ -n "${group_count[i]}" ]; then part_folders[${group_identity[i]}]=1; else part_folders[${in_identity[i]}]=1; fi
  done
  folders=("${!part_folders[@]}")
  folders=("$1"/{status,logs,running} "${folders[@]/#/"$work/parts/"}")
  # More than a command line takes go through a pipe.
  if [ "${#folders[@]}" -lt 1000 ]; then mkdir -p -- "${folders[@]}"; else printf '%s\0' "${folders[@]}" | xargs -0 mkdir -p --; fi || exit 3
}

# sw_sum NAME NUMBER…: sets the variable to their sum.
sw_sum() {
  local IFS=+
  printf -v "$1" '%d' "$((${*:2}))"
}

sw_plan_parts() {
  local stage=$1 i all=() jobs=() weights=() plan line
  # There are other workers than the inputs were divided for.
  [ -z "$hosts" ] || sw_survey
  sw_make_part_folders "$stage"
  printf '%s\0' "${inputs[@]}" >"$stage/inputs" || exit 3
  sw_sum input_bytes "${in_bytes[@]}"
  for ((i = 0; i < ${#inputs[@]}; i += ${group_count[i]:-1})); do
    if [ -n "${group_count[i]}" ]; then
      all+=("${tables[i]}"$'\t'"$i"$'\t0\t'"${group_count[i]}f"$'\t'"parts/${group_identity[i]}/files")
      continue
    fi
    sw_plan_input "$i"
    in_left_out[i]=''
    for line in "${plan[@]}"; do
      case $line in
        end*) ;;
        left-out*) in_left_out[i]=${line#*$'\t'} ;;
        *) all+=("${tables[i]}"$'\t'"$i"$'\t'"$line"$'\t'"parts/${in_identity[i]}/${line/$'\t'/-}") ;;
      esac
    done
  done
  sw_lines "$stage/all" "${all[@]}"
  sw_forget_torn "$stage"
  for line in "${all[@]}"; do sw_plan_job; done
  sw_lines "$stage/jobs" "${jobs[@]}"
  sw_lines "$stage/weights" "${weights[@]}"
}

# Adds the chunk of a line to the jobs and weights of sw_plan_parts, unless its part is there.
sw_plan_job() {
  local input length part i name=$((${#jobs[@]} + 1))
  IFS=$'\t' read -r _ input _ length part <<<"$line"
  ! sw_is_whole "$part" || return 0
  case $length in
    whole) length=${in_bytes[input]} ;;
    *f)
      # One by one: a part of an array costs the shell as much as all of it.
      i=$((input + ${length%f})) length=0
      while [ "$i" -gt "$input" ]; do length=$((length + in_bytes[--i])); done
      ;;
  esac
  jobs+=("$name"$'\t'"$line") weights+=("$name"$'\t'"${length%r}")
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
  sw_check_unchanged
}

# sw_drop_damaged STAGE: reads the parts whole; those that are damaged are forgotten, and so are made again. True where there was one.
sw_drop_damaged() {
  local part parts dropped=1
  sw_list_parts "$1" "$part_kind"
  while IFS= read -r part; do
    sw_is_damaged "$part" || continue
    sw_tell warning '%s: damaged' "$part"
    rm -f "${part%.*}.tally" || exit 3
    dropped=0
  done < <(printf '%s\n' "${parts[@]}" | sort -u)
  return "$dropped"
}

# sw_list_parts STAGE ENDING: sets parts to the parts' files, in order.
sw_list_parts() {
  local part
  parts=()
  while IFS=$'\t' read -r _ _ _ _ part; do parts+=("$work/$part.$2"); done <"$1/all"
}

# sw_print_parts STAGE ENDING: their contents, as far as there are such parts, many by one program.
sw_print_parts() {
  local part parts there=()
  sw_list_parts "$1" "$2"
  for part in "${parts[@]}"; do
    [ ! -e "$part" ] || there+=("$part")
    [ "${#there[@]}" -lt 1000 ] || { cat -- "${there[@]}" && there=(); } || return
  done
  [ "${#there[@]}" -eq 0 ] || cat -- "${there[@]}"
}

# sw_ledger STAGE [FILE]: adds the jobs' tallies up, per file and in all, as CSV (sw_write); a sum that does not add up is an error.
# Sets rows_read, rows_kept and rows_bad. Where rows were folded, events_of_parts has a line for each chunk, what was read of it and what was kept.
sw_ledger() {
  local i said
  said=$(sw_about_inputs | sw-ledger rows ${events_of_parts:+--events "$events_of_parts"} -- "$work" "$1") || sw_exit $?
  IFS=, read -r _ rows_read rows_kept _ rows_bad _ <<<"${said##*$'\n'}"
  [ -z "${2-}" ] || sw_write "$2" printf '%s\n' "$said"
}

# A line for each input: what is known of it beside what the jobs counted.
sw_about_inputs() {
  for i in "${!inputs[@]}"; do
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "${tables[i]}" "${in_kind[i]}" "${in_bytes[i]}" "${in_begin[i]:-0}" "${in_rows[i]:--}" \
      "${in_left_out[i]:--}" "${in_identity[i]}"
  done
}

# sw_tell_end WHERE [LEDGER]: the last line of a run: what was read and kept, by the ledger of a run before where this one made none, and
# where it is. That nothing was selected is a warning.
sw_tell_end() {
  local level=info other='' lines
  if [ -z "${rows_kept-}" ]; then
    mapfile -t lines <"$2" || exit 3
    IFS=, read -r _ rows_read rows_kept _ rows_bad _ <<<"${lines[-1]}"
  fi
  [ "$rows_kept" -ne 0 ] || level=warning
  [ "$rows_bad" -eq 0 ] || printf -v other ', %d bad' "$rows_bad"
  [ -z "${orders_kept-}" ] || other=", of $orders_kept orders$other"
  if [ "$rows_kept" -eq 0 ]; then sw_tell_unseen "${selectors[@]}" ${order_selectors[@]+"${order_selectors[@]}"}; fi
  sw_tell "$level" '%d of %d rows selected%s; %s' "$rows_kept" "$rows_read" "$other" "$1"
}

# sw_tell_unseen SELECTOR…: where nothing was selected, the texts that selectors want and that the rows, or the orders of an analysis, do
# not have. That is an aside: nothing depends on it.
sw_tell_unseen() {
  local i line files=()
  [ "$#" -gt 0 ] || return 0
  for i in "${!inputs[@]}"; do case ${tables[i]} in rows | orders) files+=("${inputs[i]}") ;; esac; done
  while IFS= read -r line; do
    [[ $line != 'sw-plan: '*' is never '* ]] || sw_tell warning '%s' "${line#sw-plan: }"
  done < <(sw_plan_of --unseen "${schema[@]}" "$@" "${zone[@]}" "${sizes[@]}" 2>&1)
}

# The bad rows of all chunks, in the order of the inputs (sw_write).
sw_collect_bad_rows() {
  local count
  [ -n "$bad_rows" ] || return 0
  sw_as_the_user sw_write "$bad_rows" sw_print_parts "$1" bad
  count=$(sw_print_parts "$1" bad | wc -l)
  [ "$count" -eq 0 ] || sw_tell warning '%d bad rows in %s' "$count" "$bad_rows"
}

# sw_made NAME KEY: whether the results over all the rows, and the ledger, are those that were made under this key. sw_mark_made says so;
# what it wrote a part of says nothing.
sw_made() {
  [ -e "$work/$1" ] && sw_results "$2" | cmp -s - "$work/$1"
}

sw_mark_made() {
  sw_results "$2" >"$work/$1" || exit 3
}

sw_results() {
  printf '%s\n' "$1"
  (cd "$output" && cksum -- aggregated/* run/ledger.csv 2>/dev/null)
}

# Parts of files or options that this run does not have go; what is left is all there is.
sw_drop_other_parts() {
  local folder
  for folder in "$work"/parts/*; do
    [ ! -e "$folder" ] || [ -n "${part_folders[${folder##*/}]-}" ] || rm -rf "$folder"
  done
}

# The end of a run whose result is one file: its folder goes, or what it goes on from stays.
sw_keep_or_clean() {
  if [ "$keep_intermediate" = yes ]; then sw_drop_other_parts "$work"; else sw_clean; fi
}
