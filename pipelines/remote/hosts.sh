# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of common.sh: hosts, workers, workers_given, work, inputs, sw_home
#
# More machines: --hosts. Before the first job every host is asked, over ssh, what it has; what it said stands in WORK/hosts
# (lib/remote/ask_hosts.h).
#
#   GNU parallel --sshloginfile ─▶ on-host HOST ─ssh─▶ host-job: an attempt in a folder of its own ─▶ on-host: its parts, under their names
#
# The command that GNU parallel runs for a host is on-host, in ssh's place. "." is this machine in the list of logins (":" in --hosts).
# SW_SSH is the ssh command, with its options; SW_REMOTE_BIN where the programs are on the hosts, if not where they are here or on PATH.

# What is wrong with the list is said before anything is written.
sw_check_hosts() {
  sw-job --hosts "$hosts" --pipeline "$sw_name" || sw_exit $?
}

# Asks the hosts, refuses what cannot work together, and sets workers to the sum of theirs.
sw_open_hosts() {
  workers=$(sw_files_of_jobs | sw-job --hosts "$hosts" --run "$work" --pipeline "$sw_name" --home "$sw_home" ${workers:+--workers "$workers"} \
    --bin "$(dirname "$(command -v sw-chunk)")" ${workers_given:+--each} ${on_failure:+--on-failure "$on_failure"}) || sw_exit $?
}

# The files that jobs read by their names: inputs, lists and schemas.
sw_files_of_jobs() {
  local word
  printf '%s\0' "${inputs[@]}"
  for word in "${selectors[@]}"; do [[ $word != @* ]] || printf '%s\0' "${word#@}"; done
  for word in "${schema[@]}" "${trades_schema-}" "${nbbo_schema-}"; do [[ $word != *.schema ]] || printf '%s\0' "$word"; done
}

# sw_host_words STAGE COMMAND AT: sets `places`, what GNU parallel is told of the hosts, WORK being AT to it; what on-host has to know goes by
# the environment.
# A job that was lost with its host is tried again, on another one: what failed by itself on-host does not do again.
sw_host_words() {
  export SW_HOST_STAGE=$1 SW_HOST_COMMAND=$2 SW_HOST_WORK=$work SW_HOST_NAME=$sw_name SW_HOST_OUTPUT=${output-}
  exec {says}>&2
  export PATH="$sw_home/remote:$PATH" SW_HOST_SAYS=$says
  rm -rf "$1/attempts"
  places=(--jobs 100% --retries 4 --sshloginfile "$3/hosts/logins")
}
