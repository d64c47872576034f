# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of job.sh and of the settings; for the jobs
#
# What the jobs of a security, or of a range of securities, have in common (job.sh). Results are made in a folder of the attempt's own, and
# moved when all are there: RESULTS, and the folders of OUT/by_security.

# security_begin STAGE NAME: sets codes, keys and folders, a security each between commas; orders, trades and quotes, the numbers of the parts
# with rows of them; at, the attempt's folder, and results, that which it becomes.
security_begin() {
  local place
  job_begin "$1" "$2"
  settings_take "${0##*/}" "$stage/settings"
  job_entry
  # Fields may be empty, and read takes tabs in a row for one.
  IFS=$'\x1f' read -r _ codes keys folders _ orders trades quotes place <<<"${entry[0]//$'\t'/$'\x1f'}"
  results=$stage/results/$place
  at=$stage/attempts/$place
  [ -z "$job_dry" ] || return 0
  { rm -rf "$at" && mkdir -p "$at" "${results%/*}"; } || job_end 3
}

# parts_of TABLE NUMBERS: sets parts to those that hold rows of the securities, as their numbers say; without any, to one, whose rows are
# others' and which gives the table's columns.
parts_of() {
  local number lines
  mapfile -t lines <"$stage/$1"
  parts=()
  for number in ${2//,/ }; do parts+=("$work/${lines[number]}.swr"); done
  [ "${#parts[@]}" -gt 0 ] || parts=("$work/${lines[0]}.swr")
}

# The attempt's folder, with a tally, becomes the results.
security_publish() {
  local names folder counts made=()
  umask u+rwx,go-w
  counts=$(sw-ledger seal "$stage" "$job") || job_end 3
  read -r job_rows_read job_rows_out <<<"$counts"
  # With --tables the files are the place's, not a security's.
  IFS=, read -r -a names <<<"$folders"
  [[ $folders != *,* ]] || names+=("${results##*/}")
  rm -rf -- "$results" "${names[@]/#/"$output/by_security/"}" || job_end 3
  # By one process: a range may have hundreds.
  for folder in "${names[@]}"; do
    [ ! -e "$at/by_security/$folder" ] || made+=("$at/by_security/$folder")
  done
  [ "${#made[@]}" -eq 0 ] || mv -- "${made[@]}" "$output/by_security/" || job_end 3
  [ ! -d "$at/by_security" ] || rmdir "$at/by_security" || job_end 3
  mv "$at" "$results" || job_end 3
}
