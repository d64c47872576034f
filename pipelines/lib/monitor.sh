# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154 # of common.sh and options.sh: work, output, input_bytes, workers, sw_name
#
# sw-monitor beside a run, begun with its first stage: the picture on a terminal, the account of the run, events, fewer workers while
# memory is short. Sourced where one is wanted.
#
#   WORK/metrics.json  the account, where WORK stays (report, analyse); --metrics puts it elsewhere
#   WORK/messages      what the pipeline said while a picture was drawn; it is said behind it
# A run pays for it with one process in the background and with a last look, of some milliseconds.

terminal=''

sw_monitor_begin() {
  sw_monitor_words
  if sw_monitor_shows && [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; then exec {terminal}>&2 2>>"$work/messages" || exit 3; fi
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
