# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # of common.sh and of the pipelines
#
# The pipelines' command lines: the options that all of them understand, and what a configuration (-C) adds. What they come to:

selectors=()      # sw-filter's words
selectors_text='' # the same, for people
schema=()         # -t and its argument
zone=()           # --tz
sizes=()          # --sizes
exact=()          # --exact
verify_inputs=''  # --verify-inputs
kill_orphans=''   # --kill-orphans
sort_options=() level=() # of convert
aggregation=() # of report: sw-agg's words
fold_memory=() # of report: sw-classify's --memory
on_failure=''       # --on-failure: now, soon or never; empty: what the stage suggests
retries=0           # --retries
time_limit=0        # --time-limit, in seconds; 0: none
keep_intermediate='' # --keep-intermediate: yes or no; empty: what makes a further run cheap stays
log_level=info      # --log-level
verbose=            # --verbose
bad_rows='' columns='' output='' ledger='' workers='' chunk_size=''
hosts='' workers_given='' # --hosts; whether -j was given

# shellcheck disable=SC2034 # for analyse
changed=0 # whether something was made
step='' # what run-chunk makes of a chunk's rows: partial, states, rows or stream
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
    -j | --workers) workers=$2 workers_given=1 ;;
    --metrics) metrics=$2 ;;
    --on-event) on_event=$2 ;;
    --memory-limit) sw_limit_memory "$2" ;;
    --hosts) hosts+=${hosts:+,}$2 ;;
    -b | --chunk-size) chunk_size=$2 ;;
    -o | --output) output=$2 ;;
    *) sw_take_of_jobs "$1" "$2" ;;
  esac
}

# What happens to jobs, whatever they do.
sw_job_usage='      --retries N              try a job again that failed by no fault of its data (default: 0 times)
      --time-limit TIME        end a job that takes longer than 90s, 30m, 2h, 1d (default: none)
      --on-failure POLICY      soon: let running jobs finish, start no other; now: end them; never: go on
      --keep-intermediate YES  yes or no: keep the chunks of a finished run (default: see sw(7))
      --log-level LEVEL        error, warning, info (the default) or debug'

sw_take_of_jobs() {
  case $1 in
    --retries) retries=$(sw_one_of "$@" 'a whole number from 0 to 100' '^(0|[1-9][0-9]?|100)$') ;;
    --time-limit) time_limit=$(sw_seconds "$2") ;;
    --on-failure) on_failure=$(sw_one_of "$@" 'now, soon, never or auto' '^(now|soon|never|auto)$') ;;
    --keep-intermediate) keep_intermediate=$(sw_one_of "$@" 'yes, no or auto' '^(yes|no|auto)$') ;;
    --log-level) log_level=$(sw_one_of "$@" 'error, warning, info or debug' '^(error|warning|info|debug)$') ;;
    *) return 1 ;;
  esac || sw_exit $?
  on_failure=${on_failure#auto} keep_intermediate=${keep_intermediate#auto}
}

# sw_one_of OPTION VALUE WHAT PATTERN: the value, where it is one.
sw_one_of() {
  [[ $2 =~ $4 ]] || sw_fail 2 "$1: not $3: '$2'"
  printf '%s' "$2"
}

# A time limit in seconds.
sw_seconds() {
  local -A unit=([s]=1 [m]=60 [h]=3600 [d]=86400)
  if [ "$1" = none ]; then
    printf 0
  elif [[ $1 =~ ^([1-9][0-9]{0,6})([smhd])$ ]]; then
    printf %d $((BASH_REMATCH[1] * unit[${BASH_REMATCH[2]}]))
  else
    sw_fail 2 "--time-limit: not none or a time such as 90s, 30m, 2h or 1d: '$1'"
  fi
}

# Whether what is of this level is to be said.
sw_logs() {
  local levels=' error warning info debug '
  [[ "${levels%%" $log_level "*} $log_level " == *" $1 "* ]]
}

# sw_tell LEVEL FORMAT ARGUMENT…
sw_tell() {
  local format=$2 line
  sw_logs "$1" || return 0
  shift 2
  # shellcheck disable=SC2059 # the format is the caller's
  printf -v line "$format" "$@"
  sw_say "$sw_name: $line"
}

sw_select() {
  selectors+=("$1" "$2")
  selectors_text+="${selectors_text:+ }${1#--}=$2"
}

# sw_traced COMMAND…: runs a command of the pipeline's own, telling it and its time where they are asked for.
sw_traced() {
  local line
  printf -v line ' %q' "$@"
  sw_traced_line "${line# }"
}

# sw_traced_line LINE: the same of a command line that is to be evaluated; it is told as it stands.
sw_traced_line() {
  local begin=$EPOCHREALTIME status=0
  sw_tell debug '+ %s' "$1"
  eval "$1" || status=$?
  sw_tell debug '%s took %d ms' "${1%% *}" $(((${EPOCHREALTIME/./} - ${begin/./}) / 1000))
  return "$status"
}

# sw_options SHORT LONG USAGE WORD…: fills the variables above; SHORT and LONG are a pipeline's own additions in
# getopt's terms, handled by its function sw_take_own. What a configuration says (-C) stands ahead of the words, but for what they say too.
sw_options() {
  short_options="s:d:p:H:q:e:t:j:b:o:C:$1"
  long_options="securities:,dates:,participants:,hours:,times:,quantities:,expression:,schema:,tz:,sizes:,bad-rows:,workers:,hosts:"
  long_options+=",chunk-size:,output:,configuration:,exact,verify-inputs,kill-orphans,progress,no-monitor,help,version"
  long_options+=",retries:,time-limit:,on-failure:,keep-intermediate:,log-level:,metrics:,on-event:,memory-limit:$2"
  local usage=$3 words configured=()
  shift 3
  words=$(sw_getopt "$@") || exit 2
  eval "sw_configure $words" || sw_exit $?
  if [ "${#configured[@]}" -gt 0 ]; then words=$(sw_getopt "${configured[@]}" "$@") || exit 2; fi
  eval "sw_take_all $words"
  [ "${#inputs[@]}" -gt 0 ] || sw_fail 2 'no input file; --help says how to call it'
  sw_plain_names output bad_rows ledger metrics
  [ -n "$output" ] || sw_fail 2 'no output; give -o'
  [[ -z $workers || ($workers =~ ^[1-9][0-9]{0,3}$ && $workers -le 4096) ]] ||
    sw_fail 2 "--workers: not a whole number from 1 to 4096: '$workers'"
  if [ -n "$hosts" ] || [ "${SW_RUNNER-}" = slurm ]; then sw_check_place; fi
  [ -z "$hosts" ] || sw_use_hosts
  if [ -n "$chunk_size" ] && ! [[ $chunk_size =~ ^[0-9]*[1-9][0-9]*([KMGTkmgt](i?[Bb])?|[Bb])?$ ]]; then
    sw_fail 2 "--chunk-size: not a size such as 64M: '$chunk_size'"
  fi
}

# Prints the words in getopt's order; in a process of its own.
sw_getopt() {
  exec getopt -n "$sw_name" -o "$short_options" -l "$long_options" -- "$@"
}

# Sets `configured` to the words that the configuration named by -C comes to, without those that are given themselves.
sw_configure() {
  local file='' given=() except=() word
  while [ "$1" != -- ]; do
    case $1 in
      -C | --configuration) file=$2 ;;
      --exact | --verify-inputs | --kill-orphans | --progress | --no-monitor | --dry-run | --verbose | --help | --version) set -- "$1" "$@" ;;
      *) word=${1#-} given+=("${word#-}") ;;
    esac
    shift 2
  done
  [ -n "$file" ] || return 0
  [ $# -eq 1 ] || given+=(orders)
  [ "${#given[@]}" -eq 0 ] || except=(--except "$(IFS=,; echo "${given[*]}")")
  mapfile -d '' -t configured < <(sw-conf show --arguments "$sw_name" --null "${except[@]}" -C "$file")
  wait $!
}

sw_take_all() {
  while [ "$1" != -- ]; do
    case $1 in
      --help) printf '%s\n' "$usage" || exit 3; exit 0 ;;
      --exact) exact=(--exact); shift; continue ;;
      --verify-inputs) verify_inputs=1; shift; continue ;;
      --kill-orphans) kill_orphans=1; shift; continue ;;
      --progress) progress=1; shift; continue ;;
      --no-monitor) monitor=off; shift; continue ;;
      --dry-run) export SW_DRY_RUN=1; shift; continue ;;
      --verbose) verbose=1; shift; continue ;;
      --version) sw-chunk --version | sed "s/^sw-chunk/$sw_name/"; exit 0 ;;
    esac
    # A variable that was not set would pass for an option that was not given.
    [ -n "$2" ] || sw_fail 2 "$1: an empty argument"
    case $1 in
      -C | --configuration) ;; # sw_configure has seen to it
      *) sw_take "$1" "$2" || sw_take_own "$1" "$2" ;;
    esac
    shift 2
  done
  shift
  inputs=("$@")
}

# For other machines the run's folder stands in lists, a field of a line each.
sw_check_place() {
  local place=$output
  [[ $output == /* ]] || place=$PWD/$output
  [ "$output" = - ] || [[ $place != *[$'\n\t']* ]] || sw_fail 2 "--output: a line break or a tab in a folder's name: $(printf %q "$place")"
}

# sw_plain_names VARIABLE…: the files that they name get names that no program takes for options.
sw_plain_names() {
  local variable
  for variable; do
    [[ ${!variable} != -?* ]] || printf -v "$variable" './%s' "${!variable}"
  done
}
