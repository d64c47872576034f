# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154 # of common.sh and options.sh: work, output, input_bytes, workers, sw_name
#
# sw-monitor beside a run, begun with its first stage: the picture on a terminal, the account of the run, events, fewer workers while
# memory is short. And the end of a run, which the monitor and whoever else watches is told of.
#
#   WORK/workers       how many jobs run at a time: sw-monitor, and whoever wants, may write another number, 1 or more
#   WORK/process       its second line is begun TIME; its third, once the run has ended, ended STATUS TIME
#   WORK/coming        NAME SHARE of the stages that there may be
#   WORK/metrics.json  the account, where WORK stays (report, analyse); --metrics puts it elsewhere
#   WORK/messages      what the pipeline said while a picture was drawn; it is said behind it
#
# A run pays for it with one process in the background and with a last look, of some milliseconds.

monitor=${SW_MONITOR:-on} # off: --no-monitor
monitor_process='' terminal=''
run_is_open='' run_ended='' stages_noted=''

# What becomes of rows in a second or two needs no watching, where nobody looks and nothing is left of it.
sw_monitor_is_wanted() {
  [ "$monitor" != off ] && command -v sw-monitor >/dev/null || return 1
  [ -z "$metrics$on_event$memory_limit" ] && ! sw_monitor_shows || return 0
  [ "${work##*/}" = run ] || [ "$input_bytes" -ge 1073741824 ]
}

# Whether how far the run is goes where messages go; and whether that can be a picture.
sw_monitor_shows() {
  [ -n "$progress" ] || [ "$log_level" = debug ] || { [ -t 2 ] && sw_logs info; }
}

sw_monitor_draws() {
  sw_monitor_shows && [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]
}

# The stages that the run may come to, in their order, and how long each takes beside the others, for whoever shows how far it is. Where
# nothing is left to do in one, it is passed over.
sw_note_stages() {
  local kind=''
  [ -z "$stages_noted" ] || return 0
  stages_noted=1
  read -r kind 2>/dev/null <"$work/kind" || :
  case $kind-${step-} in
    report-states) printf 'chunks 6\norders 1\n' ;;
    analyse-*) printf 'chunks 1\nsecurities 4\n' ;;
    match-*) printf 'chunks 1\nsecurities 1\n' ;;
    *) printf 'chunks 1\n' ;;
  esac 2>/dev/null >"$work/coming" || sw_cannot_write "$work/coming"
  sw_tell_kept
}

# What an earlier run made and this one need not.
sw_tell_kept() {
  local folder all left
  for folder in "$work" "$work/chunks"; do
    if [ ! -s "$folder/all" ] || [ ! -e "$folder/jobs" ]; then continue; fi
    mapfile -t all <"$folder/all"
    mapfile -t left <"$folder/jobs"
    [ "${#left[@]}" -ge "${#all[@]}" ] ||
      sw_tell info 'goes on: %d of %d chunks are there from before' $((${#all[@]} - ${#left[@]})) "${#all[@]}"
  done
}

# Once a run, before its first job.
sw_monitor_start() {
  sw_note_stages
  [ -z "$monitor_process" ] && sw_monitor_is_wanted || return 0
  sw_monitor_words
  if sw_monitor_draws; then exec {terminal}>&2 2>>"$work/messages" || exit 3; fi
  sw-job --guard "$work" -- sw-monitor "${monitor_words[@]}" {lock}>&- >&"${terminal:-2}" 2>&1 &
  monitor_process=$!
}

# The run's folder may be a temporary one, and the result no file.
sw_monitor_words() {
  local watched=$output
  case ${target_kind[$output]-} in
    file) [ ! -L "$output" ] || watched=${target_place[$output]} ;;
    descriptor | device) watched=$work ;;
  esac
  monitor_words=(--run "$watched" --process $$)
  if sw_monitor_shows; then monitor_words+=(--delay 1); else monitor_words+=(--quiet); fi
  # The account may be written twice, so that what is no file gets a copy in the end.
  if [ -n "$metrics" ] && [ "${target_kind[$metrics]}" = file ]; then
    monitor_words+=(--metrics "$metrics")
  elif [ -n "$metrics" ] || [ "${work##*/}" = run ]; then
    monitor_words+=(--metrics "$work/metrics.json")
  fi
  [ -z "$on_event" ] || monitor_words+=(--on-event "$on_event")
  [ "$memory_limit" = none ] || monitor_words+=(--adjust-workers "$work/workers" --memory-limit "${memory_limit:-85}")
}

# sw_wait_for PROCESS: sets `status` to its status. A wait ends with a signal, too, which is not the end of the process: only a second
# one tells. (127: it was told the first time.)
sw_wait_for() {
  local before=0
  status=0
  wait "$1" || status=$?
  while [ "$status" -gt 128 ] && ! sw_is_lost "$1"; do
    before=$status status=0
    wait "$1" 2>/dev/null || status=$?
    [ "$status" -ne 127 ] || status=$before
    [ "$status" -ne "$before" ] || kill -s 0 "$1" 2>/dev/null || break
  done
}

# Has the monitor take its last look. One that a signal met before it was ready leaves that to another, which finds the run ended. What
# could not be written the monitor itself says.
sw_monitor_end() {
  local status ended=0
  [ -n "$monitor_process" ] || return 0
  kill -s TERM "$monitor_process" 2>/dev/null || :
  sw_wait_for "$monitor_process"
  monitor_process=''
  if [ -n "$terminal" ]; then
    exec 2>&"$terminal" {terminal}>&-
    sw-monitor --disarm -- "$work/messages" >&2
    rm -f "$work/messages"
  fi
  if [ "$status" -gt 128 ] && [ -n "$run_ended" ]; then
    status=0
    sw-monitor "${monitor_words[@]}" >&2 || status=$?
  fi
  if [ -n "$metrics" ] && [ "${target_kind[$metrics]}" != file ]; then
    sw-ledger deliver --metrics "$metrics" -- "$work" "$work" || ended=$?
    [ "$ended" -eq 0 ] || status=3
    [ "$ended" -ne 141 ] || sw_tell error '%s: nobody reads it' "$metrics" # a broken pipe says nothing itself
  fi
  # shellcheck disable=SC2034 # for run.sh
  [ "$status" -ne 3 ] || account_lost=1
}

# sw_end_run STATUS: the run is over, as far as jobs go. Once; before a folder goes that is told of.
sw_end_run() {
  [ -n "$run_is_open" ] || return 0
  if [ -z "$run_ended" ] && { printf 'ended %d %s\n' "$1" "$EPOCHREALTIME" >>"$work/process"; } 2>/dev/null; then run_ended=1; fi
  sw_monitor_end
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
