# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154 # of common.sh: work, sw_name, kill_orphans
#
# The folder of a run: who may write there, and what an earlier run left running.
#
#   WORK/lock        held by the run and by its jobs
#   WORK/process     PROCESS BEGIN HOST of the run; then begun TIME, and once it has ended STATUS TIME (monitor.sh)
#   WORK/unfinished  files outside of the folder that the run was writing

# One run at a time in a folder. The jobs hold the lock too: where the run that began them was killed, they are waited for, or ended
# where that is asked for, since they would write what this run writes.
sw_lock() {
  local file
  trap 'sw_at_exit $?' EXIT
  while :; do
    { exec {lock}>>"$work/lock"; } 2>/dev/null || sw_cannot_write "$work/lock"
    flock -n "$lock" || sw_wait_for_lock "$1"
    # Who held it may have removed the folder with the lock, being done.
    [ ! "$work/lock" -ef "/proc/self/fd/$lock" ] || break
    exec {lock}>&-
    mkdir -p -- "$work" || exit 3
  done
  sw_process_begin $$
  printf '%d %s %s\n' $$ "$process_begin" "$HOSTNAME" 2>/dev/null >"$work/process" || sw_cannot_write "$work/process"
  sw_begin_run
  [ ! -e "$work/stages" ] || rm -f "$work/joblog" "$work/stages" || exit 3
  for file in "$work"/*.tmp; do [ ! -e "$file" ] || rm -f "$file" || exit 3; done
  sw_remove_unfinished
  [ -z "$hosts" ] || sw_open_hosts
}

# Without a trap the shell takes an interrupt that did not end the program it waits for as none of its own.
sw_trap_interrupt() {
  trap 'exit 130' INT
}

sw_wait_for_lock() {
  if sw_is_alive; then
    # One that was killed a moment ago takes another to be gone.
    flock -w 2 "$lock" && return
    ! sw_is_alive || sw_fail 3 "$1: another run writes there"
  fi
  if [ -n "$kill_orphans" ]; then
    sw_kill_orphans "$1"
  else
    sw_tell warning '%s: waiting for jobs of a run that was killed (--kill-orphans ends them)' "$1"
  fi
  flock "$lock" || exit 3
}

# What could not be written may be any file of the run, the logs of its jobs among them: what keeps the folder from being written to is
# said in any case.
sw_at_exit() {
  local reason='' status=$1
  trap '' INT TERM HUP # the end takes some milliseconds, and is to be whole
  sw_end_run "$1"
  sw_discard
  [ -z "${account_lost-}" ] || [ "$status" -gt 3 ] || status=3
  [ "$1" -ne 3 ] || reason=$(sw_why_not "$work/lock")
  [ -z "$reason" ] || sw_say "$sw_name: $work: $reason"
  [ -z "${work_is_temporary-}" ] || rm -rf "$work"
  exit "$status"
}

# sw_unfinished FILE: the name under which something outside of the folder is written, before it is: the next run removes it
# where this one is killed.
sw_unfinished() {
  local file=$1
  [[ $file == /* ]] || file=$PWD/$file
  printf '%s\0' "$file" 2>/dev/null >>"$work/unfinished" || sw_cannot_write "$work/unfinished"
}

sw_remove_unfinished() {
  local files
  [ -s "$work/unfinished" ] || return 0
  mapfile -d '' -t files <"$work/unfinished"
  rm -f -- "${files[@]}" "$work/unfinished" || exit 3
}

# sw_cannot_write FILE: ends a run that could not write there, with the reason that another try gives.
sw_cannot_write() {
  local reason
  reason=$(sw_why_not "$1")
  sw_fail 3 "$1: ${reason:-cannot write}"
}

# sw_why_not FILE: why nothing can be written beside it; nothing where it can. What failed has left a little room behind it by now, as
# a rule, so that only some megabytes tell.
sw_why_not() {
  local reason probe
  [ -d "${1%/*}" ] || return 0
  if ! reason=$(mktemp -- "$1.XXXXXXXXXX" 2>&1); then
    printf '%s' "${reason##*: }"
    return
  fi
  probe=$reason
  reason=$({ head -c 4194304 /dev/zero >"$probe"; } 2>&1)
  rm -f -- "$probe" 2>/dev/null
  printf '%s' "${reason##*: }"
}

# Sets process_begin to when a process began: with its number, that tells it from any other. Empty where there is none,
# and for one that is dead: whoever began it may never ask for its status.
sw_process_begin() {
  local fields=''
  IFS= read -r -d '' fields 2>/dev/null <"/proc/$1/stat"
  read -ra fields <<<"${fields##*) }"
  process_begin=''
  [[ ${fields[0]-} == [ZX] ]] || process_begin=${fields[19]-}
}

# sw_is_lost PROCESS: whether it is gone, and the shell takes it for running. That becomes of it where a signal with a trap ends a `wait` in
# the moment in which the shell is told of its end (bash 5.2); another `wait` for it would never end.
sw_is_lost() {
  ! kill -s 0 "$1" 2>/dev/null && [[ $'\n'$(jobs -pr)$'\n' == *$'\n'"$1"$'\n'* ]]
}

# Whether the run that wrote WORK/process goes on; who holds the lock without having said so, or on another machine, is taken to be alive.
sw_is_alive() {
  local id begin host
  [ -e "$work/process" ] || return 0
  read -r id begin host <"$work/process" || return
  [ "${host:-$HOSTNAME}" = "$HOSTNAME" ] || return 0
  sw_process_begin "$id"
  [ "$process_begin" = "$begin" ]
}

# Whoever holds the lock is of that run: a number that was written down may be another process's by now. What they began meanwhile, and
# what does not end when it is asked to, is ended without asking. Another run that waits, too, may get the lock meanwhile.
sw_kill_orphans() {
  local holders signal
  for signal in TERM KILL KILL; do
    sw_find_holders
    ! sw_is_alive || sw_fail 3 "$1: another run writes there"
    kill -s "$signal" "${holders[@]}" 2>/dev/null || :
    flock -w 2 "$lock" && return
  done
}

# Sets holders: the processes, but for this one, that hold the lock; a run that only waits for it has it open, too.
sw_find_holders() {
  mapfile -t holders < <(
    exec {lock}>&-
    find -L /proc/[0-9]*/fd -maxdepth 1 -samefile "$work/lock" 2>/dev/null | sed 's|/fd/|/fdinfo/|' |
      xargs -r grep -ls FLOCK | cut -d / -f 3 | sort -u | grep -vx $$
  )
}

# The folder of a run whose result is one file: beside it (behind a link: beside what that leads to, so that it is one under whatever name),
# where the next run of the same goes on; or somewhere, where the result is a device or a descriptor.
sw_work_beside() {
  local folder=. place=${target_place[$1]}
  [[ $1 != */* ]] || folder=${1%/*}/
  [ ! -d "$1" ] || sw_fail 3 "$1: is a directory"
  [ -d "$folder" ] || sw_fail 3 "$folder: no such folder"
  case ${target_kind[$1]} in
    descriptor | device)
      work=$(mktemp -d) || exit 3
      work_is_temporary=1
      ;;
    *)
      [ -d "${place%/*}/" ] || sw_fail 3 "${place%/*}: no such folder"
      work=$place.run
      sw_is_run_folder "$work" || sw_fail 3 "$work: is there, and is no folder of a run"
      mkdir -p -- "$work" || exit 3
      ;;
  esac
  sw_lock "$1"
}

# A run may have been killed before it locked its folder, or while it removed it.
sw_is_run_folder() {
  [ ! -e "$1" ] || [ -e "$1/lock" ] || rmdir -- "$1" 2>/dev/null
}

# The lock goes last: with it what is there is known for a run's.
sw_remove_work() {
  local entry others=()
  for entry in "$work"/*; do [ "$entry" = "$work/lock" ] || others+=("$entry"); done
  rm -rf -- "${others[@]}" "$work"
}
