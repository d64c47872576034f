# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # of common.sh and of the pipelines
#
# The pipelines' command lines, as sw-conf takes them, and what is said at which level. The options, the variables that they set and what a
# configuration (-C) adds are one table: lib/pipeline/options.c.

answer='' # to --help and the like
changed=0 # whether something was made
step='' # what run-chunk makes of a chunk's rows: partial, states, rows or stream
aggregation=() # of report: sw-agg's words

# What an output's name, as given, stands for (lib/files/target.h): file PATH, device NAME, descriptor NUMBER, folder NAME.
declare -A target_kind=() target_place=()

# sw_options WORD…: sets the variables of all options, empty where they are not given, inputs and what target_kind and target_place say of outputs.
# No output is an input then, or another one.
sw_options() {
  local said IFS=$' \t\n' fields i count target_names=() target_kinds=() target_places=()
  exec {standard_output}>&1
  said=$(sw_aside 5 sw-conf take "${self##*/}" --separated -o -- "$@") || sw_exit $?
  exec {standard_output}>&-
  # Word splitting is the shell's quickest reader (lib/pipeline/shell_fields.h).
  set -f
  IFS=${said:0:1}
  # shellcheck disable=SC2206
  fields=(${said:1})
  IFS=$' \t\n' i=${fields[0]} count=${fields[i + 1]}
  set +f
  declare -g -- "${fields[@]:1:i}"
  [ "$count" -eq 0 ] || declare -ga -- "${fields[@]:i + 2:count}"
  for ((i += count + 2; i < ${#fields[@]}; i += count + 2)); do
    declare -n option=${fields[i]}
    count=${fields[i + 1]}
    option=("${fields[@]:i + 2:count}")
    unset -n option
  done
  for i in "${!target_names[@]}"; do
    target_kind[${target_names[i]}]=${target_kinds[i]} target_place[${target_names[i]}]=${target_places[i]}
  done
  if [ -n "$answer" ]; then printf %s "$answer" || exit 3; exit 0; fi
  : "${retries:=0}" "${time_limit:=0}" "${log_level:=info}" "${format:=csv}"
  workers_given=${workers:+1} on_failure=${on_failure#auto} keep_intermediate=${keep_intermediate#auto}
  [ -z "$no_monitor" ] || monitor=off
  # For other machines the run's folder stands in lists, a field of a line each.
  if [[ -n $hosts || ${SW_RUNNER-} == slurm ]] && [ "$output" != - ]; then
    i=$output
    [[ $i == /* ]] || i=$PWD/$i
    [[ $i != *[$'\n\t']* ]] || sw_fail 2 "--output: a line break or a tab in a folder's name: $(printf %q "$i")"
  fi
  [ -n "$hosts" ] || return 0
  # shellcheck source=pipelines/remote/hosts.sh
  . "$sw_home/remote/hosts.sh"
  sw_check_hosts
}

# sw_aside N WORD…: runs a program, the first N words being what stands before the name of a file for its answer. That comes on standard output, where
# the program has another, standard_output, which may be an output, and is looked at. It ends the shell, which is one of its own.
sw_aside() {
  exec {aside}>&1 >&"$standard_output" {standard_output}>&-
  exec "${@:2:$1}" "/dev/fd/$aside" "${@:2+$1}"
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
