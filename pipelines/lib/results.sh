# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of common.sh
#
# What the pipelines share whose results are a folder, beside common.sh: what is tried before anything is written, whether results are there
# already, their ledger, and parts that were damaged meanwhile.

# What is wrong with the selectors or columns is said before anything is written: no rows of the first input go through
# the stages. (Of what is packed the first chunk says it.)
sw_try_stages() {
  [ "$(sw_kind "${inputs[0]}")" != csv ] || sw_first_complaint sw_try_first_input
}

sw_try_first_input() {
  sw_no_rows_of "${inputs[0]}" "${schema[@]}" |
    sw-filter "${selectors[@]}" "${zone[@]}" "${sizes[@]}" |
    sw-cut ${columns:+--columns "$columns"} "${zone[@]}" "${sizes[@]}"
  worst_of_pipe "${PIPESTATUS[@]}"
}

# csv, gzip, zstd, parquet or swr, by the first bytes.
sw_kind() {
  local head='' LC_ALL=C
  IFS= read -r -N 4 head <"$1"
  case $head in
    $'\x89SWR') echo swr ;;
    $'\x1f\x8b'*) echo gzip ;;
    $'\x28\xb5\x2f\xfd' | [P-_]$'\x2a\x4d\x18') echo zstd ;;
    PAR1) echo parquet ;;
    *) echo csv ;;
  esac
}

# A stream of the header of one input alone; the words behind the file are sw-chunk's.
sw_no_rows_of() {
  local file=$1
  shift
  if [ "$(sw_kind "$file")" = swr ]; then sw-filter --range 0:0 -- "$file"; else sw-chunk "$@" --range 0:0 -- "$file"; fi
}

# The first status that is none of success and of a closed pipe: what a later program makes of too little follows from it.
worst_of_pipe() {
  local status
  for status; do
    [ "$status" -eq 0 ] || [ "$status" -eq 141 ] || return "$status"
  done
}

# Runs a pipeline of programs for what they say, under the status of the first that failed: of that, what does not merely follow from the
# failure of one before it, which ends in the words that lib/files/input.h has for it; all, where all does.
sw_first_complaint() {
  local said status=0
  said=$("$@" 2>&1 >/dev/null) || status=$?
  [ "$status" -ne 0 ] || return 0
  [ -z "$said" ] || { grep -v ' (see the program before it)$' <<<"$said" || printf '%s\n' "$said"; } | sw-monitor --disarm >&2
  sw_exit "$status"
}

# sw_traced_line LINE: runs a command line of the pipeline's own, telling it and its time where they are asked for.
sw_traced_line() {
  local begin=$EPOCHREALTIME status=0
  sw_tell debug '+ %s' "$1"
  eval "$1" || status=$?
  sw_tell debug '%s took %d ms' "${1%% *}" $(((${EPOCHREALTIME/./} - ${begin/./}) / 1000))
  return "$status"
}

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

# Makes the folder of results.
sw_make_output() {
  [ "$output" != - ] || sw_fail 2 '--output: results are a folder, not standard output'
  [ ! -e "$output" ] || [ -d "$output" ] || sw_fail 3 "$output: not a folder"
  [ -d "$output" ] || sw_as_the_user mkdir -p -- "$output" || exit 3
}

# sw_made KEY: whether the results over all the rows, and the ledger, are those that were made under this key. sw_mark_made says so; its other
# words are sw-ledger's, to which sw_key_of_results hands the key.
sw_made() {
  [ -e "$work/aggregated" ] && [ "$(sw_key_of_results "$1")" = yes ]
}

sw_mark_made() {
  sw_key_of_results "$1" --write "${@:2}" || sw_exit $?
}

sw_key_of_results() {
  local words=(made "${@:2}" -- "$work" "$output")
  if [ "${#1}" -lt 4096 ]; then sw-ledger "${words[@]}" <<<"$1"; else sw-ledger "${words[@]}" < <(printf '%s\n' "$1"); fi
}

# sw_ledger STAGE: adds the jobs' tallies up, per file and in all, as WORK/counted.csv; a sum that does not add up is an error.
# Sets rows_read, rows_kept and rows_bad; where orders were folded in shares, orders_kept.
sw_ledger() {
  local said
  said=$(exec sw-ledger rows ${shares:+--folded "$shares"} -- "$work" "$1" <"$1/about") || sw_exit $?
  [ -z "${shares-}" ] || orders_kept=${said%%$'\n'*} said=${said#*$'\n'}
  IFS=, read -r _ rows_read rows_kept _ rows_bad _ <<<"${said##*$'\n'}"
  printf '%s\n' "$said" >"$work/counted.csv" || exit 3
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

# sw_list_parts STAGE ENDING: sets parts to the parts' files, in order.
sw_list_parts() {
  local part
  parts=()
  while IFS=$'\t' read -r _ _ _ _ part; do parts+=("$work/$part.$2"); done <"$1/all"
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
