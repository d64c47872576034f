# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of common.sh: options, inputs, work
#
# Chunks of the inputs, and the parts that are made of them: a part is known by what it was made from, so that a run goes on where
# an earlier one was ended, and makes again only what other inputs or options change.
#
# sw-ledger chunks plans them: what is in WORK/parts, STAGE/all and STAGE/jobs lib/ledger/parts.h says. sw_plan_parts comes behind sw_survey.

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

# sw_plan_parts STAGE
damaged='' parts_are_planned='' # by sw_open_folder
sw_plan_parts() {
  local name
  # There are other workers than the inputs were divided for.
  [ -z "$hosts" ] || sw_survey
  [ -n "$parts_are_planned" ] ||
    damaged=$(printf %s "$survey" | sw-ledger chunks --ending "$part_kind" ${hosts:+--elsewhere} -- "$work" "$1") || sw_exit $?
  parts_are_planned=''
  printf '%s\0' "${inputs[@]}" >"$1/inputs" || exit 3
  for name in $damaged; do sw_tell warning '%s: damaged' "$work/$name"; done
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

# sw_is_damaged STREAM: whether it says so itself. Who was killed while it looked says nothing.
sw_is_damaged() {
  local status=0
  sw-info --verify "$1" >/dev/null 2>&1 || status=$?
  [ "$status" -gt 0 ] && [ "$status" -le 128 ]
}

# sw_list_parts STAGE ENDING: sets parts to the parts' files, in order.
sw_list_parts() {
  local part
  parts=()
  while IFS=$'\t' read -r _ _ _ _ part; do parts+=("$work/$part.$2"); done <"$1/all"
}

# sw_ledger STAGE: adds the jobs' tallies up, per file and in all, as WORK/counted.csv; a sum that does not add up is an error.
# Sets rows_read, rows_kept and rows_bad. Where rows were folded, events_of_parts has a line for each chunk, what was read of it and what was kept.
sw_ledger() {
  local said
  said=$(sw-ledger rows ${events_of_parts:+--events "$events_of_parts"} -- "$work" "$1" <"$1/about") || sw_exit $?
  IFS=, read -r _ rows_read rows_kept _ rows_bad _ <<<"${said##*$'\n'}"
  printf '%s\n' "$said" >"$work/counted.csv" || exit 3
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
  local line place files
  [ "$#" -gt 0 ] || return 0
  sw_files_of "${tables[0]}"
  while IFS= read -r line; do
    [[ $line != 'sw-plan: '*' is never '* ]] || sw_tell warning '%s' "${line#sw-plan: }"
  done < <(sw_plan_of --unseen "${schema[@]}" "$@" "${zone[@]}" "${sizes[@]}" 2>&1)
}

# sw_deliver STAGE: the bad rows, where they are asked for.
sw_deliver() {
  local count status=0
  [ -n "$bad_rows" ] || return 0
  sw_as_the_user sw-ledger deliver --bad-rows "$bad_rows" -- "$work" "$1" || status=$?
  sw_is_delivered "$status"
  read -r count <"$work/bad_lines" || exit 3
  [ "$count" -eq 0 ] || sw_tell warning '%d bad rows in %s' "$count" "$bad_rows"
}

sw_is_delivered() {
  [ "$1" -ne 141 ] || kill -PIPE $$
  [ "$1" -eq 0 ] || sw_exit "$1"
}

# sw_make_rows KIND STEP WORD…: the parts of a run whose result is one file, which depend on the words, too.
sw_make_rows() {
  part_kind=rows step=$2 row_words=("${@:3}")
  sw_survey
  sw_unify_columns
  sw_work_beside "$output" "$1"
  sw_plan_parts "$work"
  settings_put run-chunk "$work/settings"
  sw_make_parts "$work" "$sw_home/jobs/run-chunk"
}

# Of such a run; pipelines of folders have their own.
plan_words_of() {
  plan_words=("${schema[@]}" "${selectors[@]}" "${zone[@]}" "${sizes[@]}" ${columns:+--columns "$columns"})
  part_words=("${row_words[@]}")
}

# sw_finish WORD…: the end of a run whose result is one file, that of rows being what the words are. The rows are counted, and all outputs
# written; then its folder goes, or what it goes on from stays. A monitor has its last look before that.
sw_finish() {
  local said count status=0 removed='' words=("$@" ${bad_rows:+--bad-rows "$bad_rows"} ${ledger:+--ledger "$ledger"})
  if [ "$keep_intermediate" != yes ] && [ -z "$monitor_process" ]; then words+=(--remove) removed=1; fi
  exec {standard_output}>&1
  said=$(umask "$sw_umask"; sw_aside 3 sw-ledger deliver --count "${words[@]}" -- "$work" "$work") || status=$?
  exec {standard_output}>&-
  sw_is_delivered "$status"
  read -r rows_read rows_kept rows_bad count <<<"$said"
  [ "$count" -eq 0 ] || sw_tell warning '%d bad rows in %s' "$count" "$bad_rows"
  # A folder that has gone, with its lock, may be there again, as the next run's.
  if [ -n "$removed" ]; then run_ended=1; else sw_keep_or_clean; fi
  sw_tell_end "$output"
}

# Makes the folder of results.
sw_make_output() {
  [ "$output" != - ] || sw_fail 2 '--output: results are a folder, not standard output'
  [ ! -e "$output" ] || [ -d "$output" ] || sw_fail 3 "$output: not a folder"
  sw_as_the_user mkdir -p -- "$output" || exit 3
}

# sw_made KEY: whether the results over all the rows, and the ledger, are those that were made under this key. sw_mark_made says so; its other
# words are sw-ledger's.
sw_made() {
  [ -e "$work/aggregated" ] && [ "$(sw-ledger made -- "$work" "$output" < <(printf '%s\n' "$1"))" = yes ]
}

sw_mark_made() {
  sw-ledger made --write "${@:2}" -- "$work" "$output" < <(printf '%s\n' "$1") || sw_exit $?
}

# sw_drop_other_parts STAGE: those of files or options that this run does not have go; what is left is all there is.
sw_drop_other_parts() {
  [ ! -s "$1/others" ] || xargs -0 -r rm -rf -- <"$1/others"
}

# The folder of a run whose result is one file goes, or what it goes on from stays; what a run in a folder of results made stays, for the next.
sw_keep_or_clean() {
  if [ "$keep_intermediate" = yes ]; then
    sw_drop_other_parts "$work"
  elif [ "${work##*/}" != run ]; then
    sw_end_run "${worst:-0}"
    sw_remove_work
  fi
}
