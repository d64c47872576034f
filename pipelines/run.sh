# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154 # of common.sh: work, sw_name, kill_orphans
#
# The folder of a run: who may write there, and what an earlier run left running.
#
#   WORK/lock     held by the run and by its jobs
#   WORK/process  PROCESS BEGIN HOST of the run

# One run at a time in a folder. The jobs hold the lock too: where the run that began them was killed, they are waited for, or ended
# where that is asked for, since they would write what this run writes.
sw_lock() {
  exec {lock}>>"$work/lock" || exit 3
  if ! flock -n "$lock"; then
    ! sw_is_alive || sw_fail 3 "$1: another run writes there"
    if [ -n "$kill_orphans" ]; then
      sw_kill_orphans
    else
      printf '%s: %s: waiting for jobs of a run that was killed (--kill-orphans ends them)\n' "$sw_name" "$1" >&2
    fi
    flock "$lock" || exit 3
  fi
  printf '%d %s %s\n' $$ "$(sw_process_begin $$)" "$HOSTNAME" >"$work/process" || exit 3
  rm -f "$work/joblog" "$work/stages"
  sw_open_hosts
}

# When a process began: with its number, that tells it from any other.
sw_process_begin() {
  sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
}

# Whether the run that wrote WORK/process goes on; who holds the lock without having said so, or on another machine, is taken to be alive.
sw_is_alive() {
  local id begin host
  [ -e "$work/process" ] || return 0
  read -r id begin host <"$work/process" || return
  [ "${host:-$HOSTNAME}" != "$HOSTNAME" ] || [ "$(sw_process_begin "$id")" = "$begin" ]
}

sw_kill_orphans() {
  local file id
  # Whoever begins further jobs first.
  for file in "$work"/runner "$work"/*/runner "$work"/running/* "$work"/*/running/*; do
    read -r id _ 2>/dev/null <"$file" || continue
    # A job is a process group of its own.
    kill -s TERM -- "-$id" 2>/dev/null || kill -s TERM "$id" 2>/dev/null || :
  done
}

# The folder of a run whose result is one file: beside it, where the next run of the same goes on; or somewhere, where the result is
# a device or standard output.
sw_work_beside() {
  local folder
  folder=$(dirname -- "$1")
  [ ! -d "$1" ] || sw_fail 3 "$1: is a directory"
  [ -d "$folder" ] || sw_fail 3 "$folder: no such folder"
  case $1 in
    - | /dev/*)
      work=$(mktemp -d) || exit 3
      trap 'rm -rf "$work"' EXIT
      ;;
    *)
      work=$(readlink -f -- "$folder")/${1##*/}.run
      [ ! -e "$work" ] || [ -e "$work/lock" ] || sw_fail 3 "$work: is there, and is no folder of a run"
      mkdir -p -- "$work" || exit 3
      ;;
  esac
  sw_lock "$1"
}
