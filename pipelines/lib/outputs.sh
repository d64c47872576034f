# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# How a run's outputs get where they go. What a name stands for is said with the options, as every program takes it (lib/files/target.h).
#
#   sw_write FILE …   writes one; a file has a name of its own beside the final one until
#   sw_publish        gives all that were written their final names, together

declare -A target_kind=() target_place=() # by the name as given: file PATH, device NAME, descriptor NUMBER, folder NAME
unpublished=()                            # pairs of names, FROM TO

# sw_write FILE COMMAND…: what the command prints as FILE: a descriptor from where it stands, a FIFO or a device directly, a file
# so that sw_publish is left to do. What ends in .gz is compressed here, so that its bytes do not depend on the chunks.
sw_write() {
  local to=$1 kind=${target_kind[$1]-file} place=${target_place[$1]-$1} pack=cat into='' fd='' ended
  shift
  case $kind in
    descriptor) { exec {fd}>&"$place"; } 2>/dev/null ;;
    device) { exec {fd}>"$place"; } 2>/dev/null ;;
    *) sw_create "$place" && pack='' ;;
  esac || sw_cannot_write_output "$to" "$into"
  case $to in *.gz) pack='sw-monitor --gzip' ;; esac
  if [ "$pack" ]; then
    "$@" | $pack >&"$fd"
    ended="${PIPESTATUS[*]}"
  else
    ("$@") >&"$fd"
    ended="$? 0"
  fi
  exec {fd}>&-
  case $ended in
    '0 0') ;;
    *' 141') kill -PIPE $$ ;;
    *) sw_cannot_write_output "$to" "$into" ;;
  esac
}

# sw_create PLACE: sets fd, open on a new file beside it, and into, its name, which nobody could foresee. It follows nothing, and is as
# secret as what it may replace.
sw_create() {
  local letters=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ i mask status=0
  into=$1.
  for i in 1 2 3 4 5 6; do into+=${letters:SRANDOM % 62:1}; done
  into+=.tmp
  [ ! -e "$into" ] && [ ! -L "$into" ] || return
  sw_unfinished "$into"
  mask=$(umask)
  [ ! -e "$1" ] || umask 077
  set -C
  { exec {fd}>"$into"; } 2>/dev/null || status=$?
  set +C
  umask "$mask"
  [ "$status" -ne 0 ] || unpublished+=("$into" "$1")
  return "$status"
}

sw_cannot_write_output() {
  local reason=''
  [ -z "$2" ] || reason=$(sw-job --why-not "$2")
  sw_discard
  sw_fail 3 "$1: ${reason:-cannot write}"
}

# All of them get their names, or none does and what was there before stays.
sw_publish() {
  local status=0
  [ "${#unpublished[@]}" -gt 0 ] || return 0
  sw-plan --rename -- "${unpublished[@]}" || status=$?
  [ "$status" -eq 0 ] || sw_discard
  unpublished=()
  [ "$status" -eq 0 ] || sw_exit "$status"
}

# What was written and has no final name goes.
sw_discard() {
  local i
  for ((i = 0; i < ${#unpublished[@]}; i += 2)); do rm -f -- "${unpublished[i]}"; done
  unpublished=()
}
