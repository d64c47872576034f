# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of common.sh: options, inputs, work
#
# Chunks of the inputs, and the parts that are made of them: a part is known by what it was made from, so that a run goes on where
# an earlier one was ended, and makes again only what other inputs or options change.
#
# sw-ledger chunks plans them: what is in WORK/parts, STAGE/all and STAGE/jobs lib/ledger/parts.h says. sw_plan_parts comes behind sw_survey.

# sw_plan_parts STAGE
parts_are_planned='' # by sw_open_folder
sw_plan_parts() {
  local name damaged
  # There are other workers than the inputs were divided for.
  [ -z "$hosts" ] || sw_survey
  if [ -z "$parts_are_planned" ]; then
    damaged=$(printf %s "$survey" | sw-ledger chunks --ending "$part_kind" ${hosts:+--elsewhere} -- "$work" "$1") || sw_exit $?
    for name in $damaged; do sw_tell warning '%s: damaged' "$work/$name"; done
  fi
  parts_are_planned=''
  printf '%s\0' "${inputs[@]}" >"$1/inputs" || exit 3
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
  [ -n "$unchanged" ] || sw_check_unchanged "$1"
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

sw_is_delivered() {
  [ "$1" -ne 141 ] || kill -PIPE $$
  [ "$1" -eq 0 ] || sw_exit "$1"
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
