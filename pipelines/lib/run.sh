# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of common.sh: work, sw_name, kill_orphans; for monitor.sh: run_is_open
#
# The folder of a run: who may write there, and what an earlier run left running.
#
#   WORK/kind        the pipeline whose folder it is
#   WORK/lock        held by the run and by its jobs
#   WORK/process     PROCESS BEGIN HOST of the run; then begun TIME, and once it has ended STATUS TIME (monitor.sh)
#   WORK/build       a number for what results here mean (report and analyse); a build that gives them another meaning has another
#   WORK/unfinished  files outside of the folder that the run was writing
#
# What is in the folder is read as data, never run, and is this user's own: so nobody else may write there.

run_begun=$EPOCHREALTIME run_is_open='' run_ended='' folder_is_made=''

# sw_open_folder FOLDER OUTPUT KIND: makes the folder of a run, or finds it fit for this one, and holds it. What others may write
# there could be anything, and the folder of another pipeline holds other things under the same names. One run at a time: the jobs hold the
# lock, too.
sw_open_folder() {
  local out words=(--open "$1" --output "$2" --kind "$3" --pipeline "$sw_name")
  local locking plan=() tries=100
  local holds=(--process $$ --begun "$run_begun" --log-level "$log_level")
  work=$1
  [ -z "$kill_orphans" ] || holds+=(--kill-orphans)
  # What an earlier run was writing beside this run's outputs; and results of a build whose numbers mean something else.
  for out in "$output" "$bad_rows" "$ledger" "$metrics"; do
    [ -z "$out" ] || holds+=(--beside "${target_place[$out]-$out}")
  done
  case $3 in report | analyse | match) holds+=(--build 3) ;; esac
  # The chunks of what was surveyed are planned at once, but for other machines.
  if [ -n "$survey" ] && [ -z "$hosts" ]; then plan=(--chunks "$part_kind") parts_are_planned=1; fi
  while :; do
    [ -n "$folder_is_made" ] || sw-job "${words[@]}" --mask "$sw_umask" || sw_exit $?
    folder_is_made='' lock=''
    trap 'sw_at_exit $?' EXIT
    # Who cannot open it cannot hold it. Where nothing is said against it the folder has just gone, with another run.
    umask go-rwx
    { exec {lock}>>"$work/lock"; } 2>/dev/null || { [ $((tries -= 1)) -gt 0 ] && [ -z "$(sw-job --why-not "$work/lock")" ]; } || sw_cannot_write "$work/lock"
    umask go+rx
    [ -n "$lock" ] || continue
    locking=("${words[@]}" --lock "$lock" "${holds[@]}" "${plan[@]}")
    # A here-string that is longer would need TMPDIR.
    if [ "${#survey}" -lt 4096 ]; then
      sw-job "${locking[@]}" <<<"${survey%$'\n'}" || sw_exit $?
    else
      sw-job "${locking[@]}" < <(printf '%s\n' "${survey%$'\n'}") || sw_exit $?
    fi
    # Who held it may have removed the folder with the lock, being done.
    [ ! "$work/lock" -ef "/proc/self/fd/$lock" ] || break
    exec {lock}>&-
  done
  run_is_open=1
  [ -z "$hosts" ] || sw_open_hosts
}

# What a run leaves is not for others to write, and its own to read; its results are as the user's mask has it.
{ read -r _ && IFS=$'\t' read -r surrounding sw_umask; } </proc/self/status && [ "$surrounding" = Umask: ] || sw_umask=$(umask)
umask u+rwx,go-w

# sw_as_the_user COMMAND…: runs what makes results.
sw_as_the_user() {
  local status=0
  umask "$sw_umask"
  "$@" || status=$?
  umask u+rwx,go-w
  return "$status"
}

# Without a trap the shell takes an interrupt that did not end the program it waits for as none of its own.
sw_trap_interrupt() {
  trap 'exit 130' INT
}

# What could not be written may be any file of the run, the logs of its jobs among them: what keeps the folder from being written to is
# said in any case.
sw_at_exit() {
  local reason='' status=$1
  trap '' INT TERM HUP # the end takes some milliseconds, and is to be whole
  sw_end_run "$1"
  [ -z "${account_lost-}" ] || [ "$status" -gt 3 ] || status=3
  [ "$1" -ne 3 ] || reason=$(sw-job --why-not "$work/lock")
  [ -z "$reason" ] || sw_say "$sw_name: $work: $reason"
  [ -z "${work_is_temporary-}" ] || rm -rf "$work"
  exit "$status"
}

# sw_cannot_write FILE: ends a run that could not write there, with the reason that another try gives.
sw_cannot_write() {
  local reason
  reason=$(sw-job --why-not "$1")
  sw_fail 3 "$1: ${reason:-cannot write}"
}

# sw_is_lost PROCESS: whether it is gone, and the shell takes it for running. That becomes of it where a signal with a trap ends a `wait` in
# the moment in which the shell is told of its end (bash 5.2); another `wait` for it would never end.
sw_is_lost() {
  ! kill -s 0 "$1" 2>/dev/null && [[ $'\n'$(jobs -pr)$'\n' == *$'\n'"$1"$'\n'* ]]
}

# The lock goes last: with it what is there is known for a run's.
sw_remove_work() {
  local entry others=()
  for entry in "$work"/*; do [ "$entry" = "$work/lock" ] || others+=("$entry"); done
  rm -rf -- "${others[@]}" "$work"
}

# sw_end_run STATUS: the run is over, as far as jobs go. Once; before a folder goes that is told of.
sw_end_run() {
  [ -n "$run_is_open" ] || return 0
  if [ -z "$run_ended" ] && { printf 'ended %d %s\n' "$1" "$EPOCHREALTIME" >>"$work/process"; } 2>/dev/null; then run_ended=1; fi
  [ -z "$monitor_process" ] || sw_monitor_end
  case $1 in
    0) sw_show_tables ;;
    129 | 130 | 143) [ -n "${work_is_temporary-}" ] || sw_tell info 'stopped; what is done stays, and the same call goes on from there' ;;
  esac
}

# What came of a run is shown where somebody looks. It is an aside: what cannot be shown is in the files.
sw_show_tables() {
  local kind=''
  [ -t 1 ] && sw_logs info && read -r kind 2>/dev/null <"$work/kind" || return 0
  case $kind in report | analyse | match) sw-page --tables -- "$output" || : ;; esac
}
