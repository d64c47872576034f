# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of on-host: stage, command, work, output, name, at; and settings
#
# An attempt at a job by another machine, or by this one where it may be interrupted and begun anew elsewhere: a folder with a stage of
# that one job, which reads the run's files, and writes nothing outside of the folder. Whoever began the attempt moves what it made under
# the final names, once all of it is there. A job that outlives its connection does no harm that way.
#
#   ATTEMPT/job                the command and the surroundings, for host-job
#   ATTEMPT/stage/             jobs (one line), inputs, settings, policy, lists of parts; then logs/1, status/1
#   ATTEMPT/parts/, output/    what the job makes
#   ATTEMPT/files/, input      of a host that does not see the run's files: lists and schemas; the bytes of the chunk, at their places
#
# Those who source it have set stage, command, work, name (of the job) and at (the attempt's folder).

# attempt_begin MODE BIN: makes the folder.
attempt_begin() {
  local mode=$1 bin=$2 list
  rm -rf "$at"
  mkdir -p "$at"/stage/{status,logs,running} "$at/output/by_security" "$at/files" || exit 3
  sed -n "${name}p" "$stage/jobs" >"$at/stage/jobs" || exit 3
  for list in settings policy inputs orders trades nbbo sessions.swr ticks.swr; do
    [ ! -e "$stage/$list" ] || cp "$stage/$list" "$at/stage/" || exit 3
  done
  if [ "$mode" = shipped ]; then
    attempt_ship
  elif attempt_is_of_securities "$command"; then
    ln -s "$work/parts" "$at/parts" || exit 3
  fi
  mkdir -p "$at/parts" || exit 3
  job_command=${command##*/} job_folder='' job_bin=$bin job_surroundings=()
  [ "$mode" = shipped ] || job_folder=$PWD
  attempt_surroundings
  settings_write "$at/job" "${attempt_settings[@]}" || exit 3
}

# Whether such a job reads parts and makes results of securities; the others read inputs and make a part.
attempt_is_of_securities() {
  case ${1##*/} in analyse-security | match-security) ;; *) return 1 ;; esac
}

attempt_settings=(job_command job_folder job_bin @job_surroundings)

# What the user or the pipeline set for the jobs.
attempt_surroundings() {
  local variable
  for variable in $(compgen -e SW_); do
    case $variable in
      SW_BIN | SW_RUNNER | SW_HOST_* | SW_JOB_* | SW_SSH | SW_REMOTE_BIN | SW_SLURM_*) ;;
      *) job_surroundings+=("$variable=${!variable}") ;;
    esac
  done
}

# attempt_publish FROM: what is there becomes the run's, the mark that it is whole last.
attempt_publish() {
  local from=$1 file
  if attempt_is_of_securities "$command"; then
    attempt_publish_securities "$from"
    return
  fi
  for file in "$from"/parts/*/*; do
    [[ $file == *.tally ]] || attempt_move "$file" "$work/parts/${file#"$from/parts/"}" || return
  done
  for file in "$from"/parts/*/*.tally; do
    [ ! -e "$file" ] || attempt_move "$file" "$work/parts/${file#"$from/parts/"}" || return
  done
}

attempt_move() {
  [ ! -e "$1" ] || mv -f -- "$1" "$2"
}

# The folders of the job's securities stand in its line; one that the job has made nothing for goes.
attempt_publish_securities() {
  local from=$1 results folders folder place
  IFS=$'\x1f' read -r _ _ _ folders _ _ _ _ place < <(tr '\t' '\037' <"$at/stage/jobs")
  IFS=, read -r -a folders <<<"$folders"
  [ "${#folders[@]}" -eq 1 ] || folders+=("$place")
  for folder in "${folders[@]}"; do
    rm -rf "$output/by_security/$folder" || return
    attempt_move "$from/output/by_security/$folder" "$output/by_security/$folder" || return
  done
  for results in "$from"/stage/results/*; do
    folder=$stage/results/${results##*/}
    rm -rf "$folder" && mkdir -p "$stage/results" && mv -- "$results" "$folder" || return
  done
}

# attempt_end FROM HOST: publishes a job that went well; its log and its status, under the host's name, are the run's. Exits with the status.
attempt_end() {
  local from=$1 host=$2 job_status rest log
  read -r job_status _ rest <"$from/stage/status/1" || return 1
  [[ $job_status == [0-3] ]] || return 1
  if [ "$job_status" -eq 0 ] && ! attempt_publish "$from" 2>>"$from/stage/logs/1"; then job_status=3; fi
  for log in "$from"/stage/logs/1*; do
    cp "$log" "$stage/logs/$name${log##*/1}" || return 1
  done
  printf '%d\t%s\t%s\n' "$job_status" "$host" "$rest" >"$stage/status/$name.tmp" && mv -f "$stage/status/$name.tmp" "$stage/status/$name" || return 1
  : >"$stage/running/$name"
  rm -rf "$at" "$from"
  exit "$job_status"
}

# ---- for a host that does not see the files ----

# Copies what the job reads into the attempt. Messages have the input's token in place of its name.
attempt_ship() {
  local settings_names schema=() trades_schema='' nbbo_schema='' schema_here trades_here nbbo_here
  settings_take "${command##*/}" "$stage/settings"
  settings_of "${command##*/}"
  schema_here=("${schema[@]}") trades_here=$trades_schema nbbo_here=$nbbo_schema
  if attempt_is_of_securities "$command"; then attempt_ship_securities; else attempt_ship_chunk; fi
}

# Lists and schemas are read from files/ there.
attempt_ship_files() {
  local -n words=$1
  local i file flag
  for i in "${!words[@]}"; do
    flag=''
    case ${words[i]} in
      @*) flag=@ ;;
      *.schema) ;;
      *) continue ;;
    esac
    file=${words[i]#@}
    mkdir -p "$at/files/$1.$i" && cp -- "$file" "$at/files/$1.$i/" || exit 3
    words[i]=${flag}files/$1.$i/${file##*/}
  done
}

attempt_ship_settings() {
  local array
  for array in "${settings_names[@]}"; do
    case $array in
      @selectors | @schema | @event_selectors | @trade_selectors | @order_selectors | trades_schema | nbbo_schema) ;;
      *) continue ;;
    esac
    attempt_ship_files "${array#@}"
    settings_write "$at/stage/settings" "$array" || exit 3
  done
}

attempt_ship_chunk() {
  local table input offset length part files token
  attempt_ship_settings
  IFS=$'\t' read -r _ table input offset length part <"$at/stage/jobs"
  mapfile -d '' -t files <"$stage/inputs"
  token=input-$name-$BASHPID
  printf '%s' "${files[input]}" >"$at/name"
  case $length in
    whole) ln -s "$(readlink -f -- "${files[input]}")" "$at/$token" || exit 3 ;;
    *r) attempt_ship_records "${files[input]}" "$at/$token" ;;
    *)
      case $(attempt_begins "${files[input]}") in
        1f8b) ln -s "$(readlink -f -- "${files[input]}")" "$at/$token" || exit 3 ;;
        *) attempt_ship_range "${files[input]}" "$at/$token" "$table" ;;
      esac
      ;;
  esac
  files[input]=$token
  printf '%s\0' "${files[@]}" >"$at/stage/inputs" || exit 3
  printf '1\t%s\t%d\t%s\t%s\t%s\n' "$table" "$input" "$offset" "$length" "$part" >"$at/stage/jobs" || exit 3
  mkdir -p "$at/${part%/*}" || exit 3
}

attempt_begins() {
  od -A n -N 2 -t x1 -- "$1" | tr -d ' '
}

# A stream of the range's records, whole.
attempt_ship_records() {
  local line
  sw-filter --range "$offset:${length%r}" -o "$2" -- "$1" || attempt_refused $?
  line=$(sw-info --plan -n 1 -- "$2") || attempt_refused $?
  IFS=$'\t' read -r _ offset length <<<"$line"
  length+=r
}

# The header and the range's bytes at their places; between them nothing, but for the end of the row before. That the range begins and ends
# with a row is proven here, where the bytes around it are.
attempt_ship_range() {
  local file=$1 to=$2 layout=() line data end=$((offset + length)) size
  case $3 in
    trades) layout=(--schema "${trades_here:-trades}") ;;
    nbbo) layout=(--schema "${nbbo_here:-nbbo}") ;;
    *) layout=("${schema_here[@]}") ;;
  esac
  line=$(sw-chunk "${layout[@]}" --plan -n 1 -- "$file") || attempt_refused $?
  IFS=$'\t' read -r _ data _ <<<"$line"
  size=$(stat -Lc %s -- "$file") || exit 3
  sw-chunk "${layout[@]}" --range "$offset:0" -- "$file" >/dev/null || attempt_refused $?
  [ "$end" -ge "$size" ] || sw-chunk "${layout[@]}" --range "$end:0" -- "$file" >/dev/null || attempt_refused $?
  attempt_copy "$file" "$to" 0 "$data"
  [ "$offset" -le "$data" ] || printf '\n' | dd of="$to" oflag=seek_bytes seek=$((offset - 1)) conv=notrunc status=none || exit 3
  attempt_copy "$file" "$to" "$offset" "$length"
}

attempt_copy() {
  [ "$4" -gt 0 ] || return 0
  dd if="$1" of="$2" bs=1M iflag=skip_bytes,count_bytes oflag=seek_bytes skip="$3" count="$4" seek="$3" conv=notrunc status=none || exit 3
}

# The securities' rows of all parts, merged here: a part for each table.
attempt_ship_securities() {
  local codes orders trades quotes key folder events place
  attempt_ship_settings
  IFS=$'\x1f' read -r _ codes key folder events orders trades quotes place < <(tr '\t' '\037' <"$at/stage/jobs")
  mkdir -p "$at/parts" || exit 3
  attempt_merge orders "$orders" "${order_keys[@]}"
  attempt_merge trades "$trades" --keys security_code,order_id,timestamp
  attempt_merge nbbo "$quotes" "${quote_keys[@]}"
  printf '1\t%s\t%s\t%s\t%s\t0\t0\t0\t%s\n' "$codes" "$key" "$folder" "$events" "$place" >"$at/stage/jobs" || exit 3
}

attempt_merge() {
  local table=$1 number lines parts=()
  mapfile -t lines <"$stage/$table"
  for number in ${2//,/ }; do parts+=("$work/${lines[number]}.swr"); done
  [ "${#parts[@]}" -gt 0 ] || parts=("$work/${lines[0]}.swr")
  shift 2
  sw-sort --merge --securities "$codes" "$@" "${memory[@]}" -o "$at/parts/$table.swr" -- "${parts[@]}" || attempt_refused $?
  printf 'parts/%s\n' "$table" >"$at/stage/$table" || exit 3
}

# What is wrong with the data is the job's failure, wherever it was to run; the message stands in its log.
attempt_refused() {
  local refused=$1
  case $refused in [12]) ;; *) refused=3 ;; esac
  printf '%d\t%s\t%s\t%s\t0\t0\n' "$refused" "$HOSTNAME" "$EPOCHREALTIME" "$EPOCHREALTIME" >"$stage/status/$name" || exit 3
  : >"$stage/running/$name"
  rm -rf "$at"
  exit "$refused"
}
