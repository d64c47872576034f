# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154 # of common.sh: work, output
#
# Whether what an earlier run left is still what it wrote. A record stream tells that by itself, when it is read; text does not, so what
# is written of it has its CRC and size (cksum, 12 GB/s) written down beside:
#
#   PART.tally     read kept rejected bad lines header empty ignored ENDING:CRC:SIZE…, of the part's files of text, and of those that are
#                  joined without being read
#   RESULTS/check  the checksum of what was counted of securities (lib/ledger/results.h)
#
# What does not agree is forgotten, and so made again with what depends on it. Nothing is forced to the disk before it is counted on: what
# a machine lost that went down is found like any other damage.

# sw_is_whole PART: its tally says so and adds up, and the part is there.
sw_is_whole() {
  local read kept rejected bad lines header empty ignored
  [ -e "$work/$1.$part_kind" ] || return
  IFS=$'\t' read -r read kept rejected bad lines header empty ignored _ 2>/dev/null <"$work/$1.tally" || return
  [[ "$read,$kept,$rejected,$bad" =~ ^[0-9]+,[0-9]+,[0-9]+,[0-9]+$ ]] && [ "$read" -eq $((10#$kept + 10#$rejected + 10#$bad)) ] || return
  [ "$lines,$header,$empty,$ignored" != -,-,-,- ] || return 0
  [[ "$lines,$header,$empty,$ignored" =~ ^[0-9]+,[0-9]+,[0-9]+,[0-9]+$ ]] &&
    [ "$lines" -eq $((10#$header + 10#$empty + 10#$ignored + 10#$read)) ]
}

# sw_forget_torn STAGE: of the parts that are there, those whose text is not what it was.
sw_forget_torn() {
  local part checks check i files=() wanted=() found
  while IFS=$'\t' read -r _ _ _ _ part; do
    IFS=$'\t' read -r _ _ _ _ _ _ _ _ checks 2>/dev/null <"$work/$part.tally" || continue
    for check in $checks; do
      [[ $check =~ ^[a-z]+:[0-9]+:[0-9]+$ ]] || { rm -f -- "$work/$part.tally" && continue 2; } || exit 3
      files+=("$work/$part.${check%%:*}")
      check=${check#*:}
      wanted+=("${check/:/ } ${files[-1]}")
    done
  done <"$1/all"
  [ "${#files[@]}" -gt 0 ] || return 0
  mapfile -t found < <(printf '%s\0' "${files[@]}" | xargs -0 cksum -- 2>/dev/null)
  [ "${found[*]}" != "${wanted[*]}" ] || return 0
  for i in "${!files[@]}"; do
    check=$(cksum -- "${files[i]}" 2>/dev/null) || [ $? -le 128 ] || continue
    [ "$check" != "${wanted[i]}" ] || continue
    sw_tell warning '%s: damaged' "${files[i]}"
    rm -f -- "${files[i]%.*}.tally" || exit 3
  done
}

# sw_is_damaged STREAM: whether it says so itself. Who was killed while it looked says nothing.
sw_is_damaged() {
  local status=0
  sw-info --verify "$1" >/dev/null 2>&1 || status=$?
  [ "$status" -gt 0 ] && [ "$status" -le 128 ]
}
