# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of common.sh and of the pipelines
#
# A run whose result is one file, of extract and convert: all parts, in order. Of its outputs delivery has sw-ledger's words, delivering those
# for the process of the last stage, delivered what came of them.

# sw_make_rows KIND STEP WORD…: the parts of a run whose result is one file, which depend on the words, too.
sw_make_rows() {
  part_kind=rows step=$2 row_words=("${@:3}")
  # The process that looks at one input makes the folder, too. Of several the columns are compared first.
  if [ "${#inputs[@]}" -eq 1 ] && [ "${target_kind[$output]}" = file ]; then
    sw_work_beside "$output"
    opening=(--open "$work" --of "$output" --kind "$1" --mask "$sw_umask" --pipeline "$sw_name") folder_is_made=1
  fi
  sw_survey
  opening=()
  sw_unify_columns
  [ -n "$folder_is_made" ] || sw_work_beside "$output"
  sw_open_folder "$work" "$output" "$1"
  sw_plan_parts "$work"
  settings_put run-chunk "$work/settings"
  delivery=(--rows "$output" ${bad_rows:+--bad-rows "$bad_rows"} ${ledger:+--ledger "$ledger"})
  if [ "$step" = rows ]; then
    # Of thousands of columns it is longer than a word may be.
    printf '%b\n' "${in_header[0]}" >"$work/header" || exit 3
    delivery+=(--header "$work/header")
  fi
  sw_make_parts "$work" "$sw_home/jobs/run-chunk"
}

# Of such a run; pipelines of folders have their own.
plan_words_of() {
  plan_words=("${schema[@]}" "${selectors[@]}" "${zone[@]}" "${sizes[@]}" ${columns:+--columns "$columns"} "${opening[@]}")
  part_words=("${row_words[@]}")
}

# What is written to files sw-job delivers as soon as the jobs are done; what waits for a reader, or may end with it, sw_finish.
sw_deliver_at_once() {
  local out
  for out in "$output" "$bad_rows" "$ledger"; do
    [ -z "$out" ] || [ "${target_kind[$out]}" = file ] || return 0
  done
  delivering=("${delivery[@]}" --mask "$sw_umask")
  ! sw_removes || delivering+=(--remove)
}

# Whether the run's folder goes with the delivery. A monitor has its last look before that.
sw_removes() {
  [ "$keep_intermediate" != yes ] && [ -z "$monitor_process" ]
}

# The end of a run whose result is one file. The rows are counted, and all outputs written; then its folder goes, or what it goes on from
# stays.
sw_finish() {
  local count status=0
  if [ -z "$delivered" ]; then
    ! sw_removes || delivery+=(--remove)
    exec {standard_output}>&1
    delivered=$(umask "$sw_umask"; sw_aside 3 sw-ledger deliver --count "${delivery[@]}" -- "$work" "$work") || status=$?
    exec {standard_output}>&-
    sw_is_delivered "$status"
  fi
  read -r rows_read rows_kept rows_bad count <<<"$delivered"
  [ "$count" -eq 0 ] || sw_tell warning '%d bad rows in %s' "$count" "$bad_rows"
  if sw_removes; then run_ended=1; else sw_keep_or_clean; fi
  sw_tell_end "$output"
}

# sw_work_beside OUTPUT: sets work, the folder of a run whose result is one file: beside it (behind a link: beside what that leads to, so that it is
# one under whatever name), where the next run of the same goes on; or somewhere, where the result is a device or a descriptor.
sw_work_beside() {
  local folder=. place=${target_place[$1]}
  [[ $1 != */* ]] || folder=${1%/*}/
  [ ! -d "$1" ] || sw_fail 3 "$1: is a directory"
  [ -d "$folder" ] || sw_fail 3 "$folder: no such folder"
  case ${target_kind[$1]} in
    descriptor | device)
      work=${TMPDIR:-/tmp}
      [[ $work == /* ]] || work=$PWD/$work
      work=$(mktemp -d -- "${work%/}/sw.XXXXXXXXXX") || exit 3
      work_is_temporary=1
      ;;
    *)
      [ -d "${place%/*}/" ] || sw_fail 3 "${place%/*}: no such folder"
      work=$place.run
      # A run may have been killed before it locked its folder, or while it removed it; or another one does either now.
      [ ! -e "$work" ] || [ -e "$work/lock" ] || rmdir -- "$work" 2>/dev/null || [ ! -e "$work" ] || [ -e "$work/lock" ] ||
        sw_fail 3 "$work: is there, and is no folder of a run"
      ;;
  esac
}
