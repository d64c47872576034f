# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# What the pipelines share: options, the plan of chunks, the ledger.
#
#   inputs ─▶ plan (WORK/jobs: INDEX INPUT OFFSET LENGTH) ─▶ run-chunk per line (jobs.sh) ─▶ parts in order
#
# A pipeline sources this, parses with sw_options, calls sw_plan and sw_run_jobs, and puts the parts together.
# Everything of a run lives in WORK: settings (declare -p), inputs (NUL-ended paths), jobs, parts, status, logs.

# Bad data 1, usage 2, system 3: the same everywhere.
sw_name=${0##*/}
sw_fail() {
  local status=$1
  shift
  printf '%s: %s\n' "$sw_name" "$*" >&2
  exit "$status"
}

sw_home=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# The programs: those of $SW_BIN, else those beside this folder, else those on PATH.
for folder in "${SW_BIN-}" "$sw_home/../bin" "$sw_home/../../../bin"; do
  if [ -n "$folder" ] && [ -x "$folder/sw-chunk" ]; then
    PATH="$(cd "$folder" && pwd):$PATH"
    break
  fi
done
export PATH LC_ALL=C
# shellcheck source=pipelines/jobs.sh
. "$sw_home/jobs.sh"
unset CDPATH GREP_OPTIONS POSIXLY_CORRECT SW_DRY_RUN
command -v sw-chunk >/dev/null || sw_fail 3 'sw-chunk: not found; run make, or put the programs on PATH'

selectors=()      # sw-filter's words
selectors_text='' # the same, for people
schema=()         # -t and its argument
zone=()           # --tz
sizes=()          # --sizes
exact=()          # --exact
sort_options=() level=() # of convert
bad_rows='' columns='' output='' ledger='' workers='' chunk_size=''

step='' # what run-chunk makes of a chunk's rows: partial, rows or stream
inputs=()

# sw_take OPTION VALUE: what every pipeline understands. False for what it does not.
sw_take() {
  case $1 in
    -s | --securities) sw_select --securities "$2" ;;
    -d | --dates) sw_select --dates "$2" ;;
    -p | --participants) sw_select --participants "$2" ;;
    -H | --hours) sw_select --hours "$2" ;;
    --times) sw_select --times "$2" ;;
    -q | --quantities) sw_select --quantities "$2" ;;
    -e | --expression) sw_select --expression "$2" ;;
    -t | --schema) schema=(--schema "$2") ;;
    --tz) zone=(--tz "$2") ;;
    --sizes) sizes=(--sizes "$2") ;;
    --bad-rows) bad_rows=$2 ;;
    -j | --workers) workers=$2 ;;
    -b | --chunk-size) chunk_size=$2 ;;
    -o | --output) output=$2 ;;
    *) return 1 ;;
  esac
}

sw_select() {
  selectors+=("$1" "$2")
  selectors_text+="${selectors_text:+ }${1#--}=$2"
}

# sw_options SHORT LONG USAGE WORD…: fills the variables above; SHORT and LONG are a pipeline's own additions in
# getopt's terms, handled by its function sw_take_own.
sw_options() {
  local own_short=$1 own_long=$2 usage=$3 words
  shift 3
  words=$(getopt -n "$sw_name" -o "s:d:p:H:q:e:t:j:b:o:$own_short" \
    -l "securities:,dates:,participants:,hours:,times:,quantities:,expression:,schema:,tz:,sizes:,bad-rows:,workers:,chunk-size:,output:,exact,help,version$own_long" \
    -- "$@") || exit 2
  eval "set -- $words"
  while [ "$1" != -- ]; do
    case $1 in
      --help) printf '%s\n' "$usage" || exit 3; exit 0 ;;
      --exact) exact=(--exact); shift; continue ;;
      --dry-run) export SW_DRY_RUN=1; shift; continue ;;
      --version) sw-chunk --version | sed "s/^sw-chunk/$sw_name/"; exit 0 ;;
    esac
    sw_take "$1" "$2" || sw_take_own "$1" "$2"
    shift 2
  done
  shift
  inputs=("$@")
  [ "${#inputs[@]}" -gt 0 ] || sw_fail 2 'no input file; --help says how to call it'
  output=$(sw_plain_name "$output") bad_rows=$(sw_plain_name "$bad_rows") ledger=$(sw_plain_name "$ledger")
  [ -n "$output" ] || sw_fail 2 'no output; give -o'
  case $workers in *[!0-9]* | 0*) sw_fail 2 "--workers: not a number of workers: '$workers'" ;; esac
  if [ -n "$chunk_size" ] && ! [[ $chunk_size =~ ^[0-9]*[1-9][0-9]*([KMGTkmgt](i?[Bb])?|[Bb])?$ ]]; then
    sw_fail 2 "--chunk-size: not a size such as 64M: '$chunk_size'"
  fi
}

# A name that no program takes for an option.
sw_plain_name() {
  case $1 in
    -) printf %s "$1" ;;
    -*) printf './%s' "$1" ;;
    *) printf %s "$1" ;;
  esac
}

# sw_same A B: whether the two names are, or would be, one file. Devices and FIFOs are nobody's.
sw_same() {
  [ -n "$1" ] && [ -n "$2" ] && [ "$1" != - ] || return 1
  { [ ! -e "$1" ] || [ -f "$1" ]; } || return 1
  [ "$1" -ef "$2" ] || [ "$(readlink -m -- "$1")" = "$(readlink -m -- "$2")" ]
}

# No output is an input (a list or a schema counts), and no two are one file.
sw_check_outputs() {
  local out file read=("${inputs[@]}") word
  for word in "${selectors[@]}"; do [[ $word != @* ]] || read+=("${word#@}"); done
  [ "${#schema[@]}" -eq 0 ] || [[ ${schema[1]} != *.* ]] || read+=("${schema[1]}")
  for out in "$output" "$bad_rows" "$ledger"; do
    for file in "${read[@]}"; do
      if sw_same "$out" "$file"; then sw_fail 2 "$file: is an input and the output"; fi
    done
  done
  if sw_same "$output" "$bad_rows" || sw_same "$output" "$ledger" || sw_same "$bad_rows" "$ledger"; then
    sw_fail 2 'two outputs into one file'
  fi
}

sw_check_inputs() {
  local file
  for file in "${inputs[@]}"; do
    [ "$file" != - ] || sw_fail 2 'standard input cannot be cut into chunks; give a file'
    [ -e "$file" ] || sw_fail 3 "$file: No such file or directory"
    [ -f "$file" ] || sw_fail 3 "$file: not a regular file"
    [ -r "$file" ] || sw_fail 3 "$file: Permission denied"
  done
  sw_check_outputs
}

# What is wrong with the selectors or columns is said before anything is written: no rows of the first input go through
# the stages. (A gzip file cannot be entered in its middle; there the first chunk says it.)
sw_try_stages() {
  local file=${inputs[0]} offset
  [ "$(sw_kind "$file")" = csv ] || return 0
  offset=$(sw-chunk "${schema[@]}" --plan -n 1 -- "$file" | cut -f 2) || exit $?
  [ -n "$offset" ] || exit 1
  sw-chunk "${schema[@]}" --range "$offset:0" -- "$file" |
    sw-filter "${selectors[@]}" "${zone[@]}" "${sizes[@]}" |
    sw-cut ${columns:+--columns "$columns"} "${zone[@]}" "${sizes[@]}" >/dev/null
  local statuses=("${PIPESTATUS[@]}") status
  for status in "${statuses[@]}"; do [ "$status" -eq 0 ] || exit "$status"; done
}

# csv, gzip or swr, by the first bytes.
sw_kind() {
  local first
  first=$(head -c 4 -- "$1" | od -An -tx1 | tr -d ' \n')
  case $first in
    89535752) echo swr ;;
    1f8b*) echo gzip ;;
    *) echo csv ;;
  esac
}

# The canonical header of one input, by a stream of its header line alone.
header_of() {
  case $(sw_kind "$1") in
    swr) sw-cut -- "$1" | head -n 1 ;;
    gzip) gzip -dc -- "$1" 2>/dev/null | head -n 1 | sw-chunk "${schema[@]}" | sw-cut ;;
    *) head -n 1 -- "$1" | sw-chunk "${schema[@]}" | sw-cut ;;
  esac
}

# Columns are found by name: files that have them in another order are brought into the first one's, files that have others are refused.
sw_unify_columns() {
  local first here file
  [ -z "$columns" ] && [ "${#inputs[@]}" -gt 1 ] || return 0
  first=$(header_of "${inputs[0]}")
  for file in "${inputs[@]}"; do
    here=$(header_of "$file")
    [ "$here" != "$first" ] || continue
    if [ "$(tr , '\n' <<<"$here" | sort)" != "$(tr , '\n' <<<"$first" | sort)" ]; then
      sw_fail 1 "$file: has other columns than ${inputs[0]}; -c names those wanted"
    fi
    columns=$first
  done
}

# The folder of a run whose result is one file: beside it, or somewhere where that is a device or standard output.
sw_work_beside() {
  local folder
  folder=$(dirname -- "$1")
  [ ! -d "$1" ] || sw_fail 3 "$1: is a directory"
  [ -d "$folder" ] || sw_fail 3 "$folder: no such folder"
  case $1 in
    - | /dev/*) work=$(mktemp -d) || exit 3 ;;
    *) work=$(mktemp -d -- "$1.XXXXXX.run") || exit 3 ;;
  esac
}

# The workers and the chunk size: as given, else from the machine; small inputs are cut so that every worker gets a few chunks.
sw_resources() {
  local size SW_WORKERS=1 SW_CHUNK_BYTES=67108864
  eval "$(sw-hwinfo -f sh)" || sw_fail 3 'sw-hwinfo failed'
  : "${workers:=$SW_WORKERS}"
  input_bytes=0
  while read -r size; do input_bytes=$((input_bytes + size)); done < <(stat -Lc %s -- "${inputs[@]}" || exit 3)
  [ -z "$chunk_size" ] || return 0
  chunk_size=$((input_bytes / (4 * workers)))
  [ "$chunk_size" -ge 16777216 ] || chunk_size=16777216
  [ "$chunk_size" -le "$SW_CHUNK_BYTES" ] || chunk_size=$SW_CHUNK_BYTES
}

# Makes WORK's folders and the list of jobs, in the order of the inputs and of the rows in them.
sw_plan() {
  work=$1
  mkdir -p "$work/parts" || exit 3
  printf '%s\0' "${inputs[@]}" >"$work/inputs" || exit 3
  local i index=0 kind plan offset length
  : >"$work/jobs" || exit 3
  for i in "${!inputs[@]}"; do
    kind=$(sw_kind "${inputs[i]}")
    if [ "$kind" = swr ]; then
      plan="0	0	swr"
    else
      plan=$(sw-chunk "${schema[@]}" --plan "${exact[@]}" -b "$chunk_size" -- "${inputs[i]}") || exit $?
    fi
    while IFS=$'\t' read -r _ offset length; do
      [ "$kind" != gzip ] || length=whole
      printf '%d\t%d\t%s\t%s\n' "$index" "$i" "$offset" "$length" || exit 3
      index=$((index + 1))
    done <<<"$plan" >>"$work/jobs"
  done
  while IFS=$'\t' read -r index i _ length; do
    case $length in *[!0-9]*) length=$(stat -Lc %s -- "${inputs[i]}") || exit 3 ;; esac
    printf '%d\t%s\n' "$index" "$length"
  done <"$work/jobs" >"$work/weights" || exit 3
}

# Runs every job that the plan lists; the first failure ends the run.
sw_run_jobs() {
  declare -p selectors schema zone sizes columns bad_rows step sort_options level >"$work/settings" || exit 3
  sw_run "$work" soon "$sw_home/run-chunk"
  [ "${#failed[@]}" -eq 0 ] || { sw_clean; exit "$worst"; }
  [ "$missing" -eq 0 ] || { sw_clean; sw_fail 3 "$missing of $jobs_total chunks did not finish"; }
}

# What a job is, for messages.
sw_title() {
  local index input offset length
  IFS=$'\t' read -r index input offset length < <(sed -n "$(($1 + 1))p" "$work/jobs")
  printf 'chunk %d (%s, byte %s, length %s)' "$index" "${inputs[input]}" "$offset" "$length"
}

# INPUT read kept rejected bad, a line a job.
tallies() {
  local index input
  while IFS=$'\t' read -r index input _; do
    printf '%s\t' "$input"
    cat "$work/parts/$index.tally" || exit 3
  done <"$work/jobs"
}

# Adds the jobs' tallies up, per file and in all, as CSV; a sum that does not add up is an error.
# Sets rows_read and rows_kept.
sw_ledger() {
  local to=$1
  awk -F '\t' -v inputs="$work/inputs" '
    BEGIN {
      RS = "\0"
      while ((getline name < inputs) > 0) names[files++] = name
      RS = "\n"
      print "file,read,kept,rejected,bad"
    }
    { read[$1] += $2; kept[$1] += $3; rejected[$1] += $4; bad[$1] += $5 }
    function field(text) {
      if (text ~ /[,"\r\n]/) { gsub(/"/, "\"\"", text); text = "\"" text "\"" }
      return text
    }
    function line(name, a, b, c, d) {
      if (a != b + c + d) failed = 1
      printf "%s,%.0f,%.0f,%.0f,%.0f\n", field(name), a, b, c, d
      all_read += a; all_kept += b; all_rejected += c; all_bad += d
    }
    END {
      for (i = 0; i < files; i++) line(names[i], read[i], kept[i], rejected[i], bad[i])
      printf "all,%.0f,%.0f,%.0f,%.0f\n", all_read, all_kept, all_rejected, all_bad
      exit failed
    }' <(tallies) >"$to.tmp" ||
    sw_fail 3 'the ledger does not add up: read is not kept + rejected + bad'
  mv -f -- "$to.tmp" "$to" || exit 3
  # shellcheck disable=SC2034 # pipelines/report uses them
  IFS=, read -r _ rows_read rows_kept _ rows_bad < <(tail -n 1 "$to")
  [ "$rows_bad" -eq 0 ] || printf '%s: %d bad rows in %s\n' "$sw_name" "$rows_bad" "$bad_rows" >&2
}

# The bad rows of all chunks, in order, under their final name at once.
sw_collect_bad_rows() {
  [ -n "$bad_rows" ] || return 0
  sw_join "$bad_rows" bad
}

# sw_join FILE KIND: the parts of this kind, in order, as FILE.
sw_join() {
  sw_write "$1" parts_of_kind "$2"
}

parts_of_kind() {
  local i
  for ((i = 0; i < jobs_total; i++)); do cat "$work/parts/$i.$1" || exit 3; done
}

# sw_write FILE COMMAND…: what the command prints as FILE, which appears whole or not at all; "-", a FIFO or a device
# is written directly; what ends in .gz is compressed, as one member, so that its bytes do not depend on the chunks.
sw_write() {
  local to=$1 into pack=cat
  shift
  case $to in *.gz) pack='gzip -n -6' ;; esac
  into="$to.$$.tmp"
  if [ "$to" = - ]; then
    into=/dev/stdout
  elif [ -e "$to" ] && [ ! -f "$to" ]; then
    into=$to
  fi
  "$@" | $pack >"$into"
  local ended="${PIPESTATUS[*]}"
  case $ended in
    '0 0')
      [ "$into" != "$to.$$.tmp" ] || mv -f -- "$into" "$to" || exit 3
      return 0
      ;;
  esac
  [ "$into" != "$to.$$.tmp" ] || rm -f -- "$into"
  sw_clean
  case $ended in *141*) kill -PIPE $$ ;; esac
  sw_fail 3 "$to: cannot write"
}
