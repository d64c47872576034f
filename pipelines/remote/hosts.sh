# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of common.sh: hosts, workers, workers_given, work, inputs, sw_home
#
# More machines: --hosts. Before the first job every host is asked, over ssh, what it has; what it said stands in WORK/hosts:
#
#   table      HOST WORKERS MODE BIN PIPELINES: MODE is shared where the host sees the run's folder and all inputs, else shipped
#   logins     the hosts as GNU parallel's --sshloginfile, which it reads again when a host is taken out
#   lost/HOST  a line for every job in a row that was lost with the connection
#   token      what a host has to find to share the run's folder
#
#   GNU parallel --sshloginfile ─▶ on-host HOST ─ssh─▶ host-job: an attempt in a folder of its own ─▶ on-host: its parts, under their names
#
# The command that GNU parallel runs for a host is on-host, in ssh's place. "." is this machine in `logins` (":" in --hosts).
# SW_SSH is the ssh command, with its options; SW_REMOTE_BIN where the programs are on the hosts, if not where they are here or on PATH.

# Batch mode: nobody is there to type a password. A connection that is silent for some 15 seconds is lost.
sw_ssh_options=(-o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=3)

# sw_ssh HOST WORD…: runs the command there. Login shells do not agree about quotes (csh, fish): its words go in letters, digits and \0OOO,
# between quotes that mean the same to all of them, and only bash makes words of that.
sw_ssh() {
  local host=$1 word plain line=''
  shift
  for word; do
    sw_plain "$word"
    line+=" '$plain'"
  done
  # SW_SSH is a command and its options; what it says goes before what is said here.
  # shellcheck disable=SC2086,SC2016
  ${SW_SSH:-ssh} "${sw_ssh_options[@]}" -- "$host" \
    "exec bash -p -c 'i=0; for word; do printf -v words[i++] %b \"\$word\"; done; exec \"\${words[@]}\"' bash$line"
}

# Sets plain to the text as printf %b reads it, of letters, digits and harmless signs.
sw_plain() {
  local text=$1 i byte LC_ALL=C
  plain=''
  for ((i = 0; i < ${#text}; i++)); do
    byte=${text:i:1}
    [[ $byte == [A-Za-z0-9/._+=:,@-] ]] || printf -v byte '\\0%03o' "'$byte"
    plain+=$byte
  done
}

# sw_open_hosts: asks the hosts, refuses what cannot work together, and sets workers to the sum of theirs.
sw_open_hosts() {
  local host_names=() host_workers=()
  sw_list_hosts "$hosts"
  rm -rf "$work/hosts"
  mkdir -p "$work/hosts/lost" "$work/hosts/said" || exit 3
  printf '%s %s\n' "$$" "$EPOCHREALTIME" >"$work/hosts/token" || exit 3
  sw_ask_hosts
  sw_judge_hosts
}

# What is wrong with the list is said before anything is written.
sw_check_hosts() {
  local host_names=() host_workers=()
  sw_list_hosts "$hosts"
}

# The list's words into host_names and host_workers (empty: as the host itself says).
sw_list_hosts() {
  local word name line words known
  IFS=, read -ra words <<<"$1"
  for word in "${words[@]}"; do
    if [[ $word == @* ]]; then
      # A file may name another; ten deep it names itself.
      [ "${#FUNCNAME[@]}" -le 15 ] || sw_fail 2 "--hosts: ${word#@}: names itself"
      [ -r "${word#@}" ] || sw_fail 3 "--hosts: ${word#@}: cannot be read"
      while read -r line || [ -n "$line" ]; do
        [[ $line == '' || $line == '#'* ]] || sw_list_hosts "$line"
      done <"${word#@}"
      continue
    fi
    [[ $word =~ ^(([1-9][0-9]{0,3})/)?(:|[A-Za-z0-9_][A-Za-z0-9_.:%@-]*)$ ]] ||
      sw_fail 2 "--hosts: not HOST, WORKERS/HOST, : or @FILE: '$word'"
    name=${BASH_REMATCH[3]}
    [ "$name" != : ] || name=.
    for known in "${host_names[@]}"; do [ "$known" != "$name" ] || sw_fail 2 "--hosts: twice: '$word'"; done
    host_names+=("$name") host_workers+=("${BASH_REMATCH[2]:-${workers_given:+$workers}}")
  done
}

# Runs on the host. Says, a line each: version, format, bin, pipelines, workers, and sees where all files are there.
host_probe() {
  local here=$1 wanted=$2 home=$3 folder=$4 token_file=$5 token=$6 bin pipelines place file size
  shift 6
  bin=$wanted
  [ -n "$bin" ] || bin=$here
  [ -n "$wanted" ] || [ -x "$bin/sw-chunk" ] || bin=$(dirname "$(command -v sw-chunk)")
  if ! [ -x "$bin/sw-chunk" ]; then
    echo missing
    return
  fi
  pipelines=''
  for place in "$bin/../pipelines" "$bin/../libexec/sw/pipelines" "$home"; do
    [ -n "$pipelines" ] || ! [ -r "$place/remote/host-job" ] || pipelines=$(cd "$place" && pwd)
  done
  printf 'version %s\nbin %s\npipelines %s\n' "$("$bin/sw-chunk" --version)" "$bin" "$pipelines"
  printf 'format %s\n' "$(host_format "$bin" "$pipelines")"
  "$bin/sw-hwinfo" -f sh | sed -n "s/^SW_WORKERS='\{0,1\}\([0-9]*\)'\{0,1\}$/workers \1/p"
  [ "$(cat "$token_file" 2>/dev/null)" = "$token" ] && cd "$folder" 2>/dev/null || return 0
  while [ $# -gt 0 ]; do
    size=$1 file=$2
    shift 2
    [ "$(stat -Lc %s -- "$file" 2>/dev/null)" = "$size" ] || return 0
  done
  echo sees
}

# What two hosts must have alike besides the version: the bytes of a stream, and what is done in a job.
host_format() {
  { printf 'order_id,timestamp\n' | "$1/sw-chunk" --schema orders --columns order_id,timestamp; cat "$2"/{remote/host-job,lib/{surroundings,settings,job,sort,security}.sh,jobs/{run-chunk,sort-chunk,analyse-security,match-security}}; } 2>/dev/null |
    sha256sum | cut -c 1-16
}

# Asks all of them at once. What a host says goes to WORK/hosts/said/HOST, what ssh complains of to said/HOST.error.
sw_ask_hosts() {
  local i file bin files=() script asking=()
  bin=$(dirname "$(command -v sw-chunk)")
  while IFS= read -rd '' file; do files+=("$(stat -Lc %s -- "$file")" "$file"); done < <(sw_files_of_jobs)
  printf -v script ' %q' "$bin" "${SW_REMOTE_BIN-}" "$sw_home" "$PWD" "$work/hosts/token" "$(cat "$work/hosts/token")" "${files[@]}"
  script="$(declare -f host_format host_probe); export LC_ALL=C; host_probe$script"
  for i in "${!host_names[@]}"; do
    [ "${host_names[i]}" != . ] || continue
    (
      sw_ssh "${host_names[i]}" bash -p -s <<<"$script" >"$work/hosts/said/${host_names[i]}" 2>"$work/hosts/said/${host_names[i]}.error" ||
        echo unreachable >"$work/hosts/said/${host_names[i]}"
    ) &
    asking+=($!)
  done
  [ "${#asking[@]}" -eq 0 ] || wait "${asking[@]}"
}

# The files that jobs read by their names: inputs, lists and schemas.
sw_files_of_jobs() {
  local word
  printf '%s\0' "${inputs[@]}"
  for word in "${selectors[@]}"; do [[ $word != @* ]] || printf '%s\0' "${word#@}"; done
  for word in "${schema[@]}" "${trades_schema-}" "${nbbo_schema-}"; do [[ $word != *.schema ]] || printf '%s\0' "$word"; done
}

# Fills table and logins. A host that does not answer is left out; one with other programs is refused.
sw_judge_hosts() {
  local i name count sum=0 bin version format
  local -A said
  bin=$(dirname "$(command -v sw-chunk)")
  version=$(sw-chunk --version)
  format=$(host_format "$bin" "$sw_home")
  for i in "${!host_names[@]}"; do
    name=${host_names[i]} count=${host_workers[i]}
    if [ "$name" = . ]; then
      printf '.\t%d\tshared\t%s\t%s\n' "${count:-$workers}" "$bin" "$sw_home"
      continue
    fi
    sw_take_answer "$work/hosts/said/$name"
    sw_is_fit "$name" || continue
    printf '%s\t%d\t%s\t%s\t%s\n' "$name" "${count:-${said[workers]-1}}" "${said[sees]:+shared}" "${said[bin]}" "${said[pipelines]}"
  done >"$work/hosts/table" || exit 3
  sed -i 's/\t\t/\tshipped\t/' "$work/hosts/table" || exit 3
  [ -s "$work/hosts/table" ] || sw_fail 3 'none of the hosts can be reached'
  awk -F '\t' '{ print $2 "/on-host " $1 }' "$work/hosts/table" >"$work/hosts/logins" || exit 3
  workers=$(awk -F '\t' '{ sum += $2 } END { print sum }' "$work/hosts/table")
}

# Fills `said` with what a host answered, as far as it is of the form that host_probe gives it.
sw_take_answer() {
  local line key
  said=()
  while IFS= read -r line; do
    key=${line%% *}
    case $line in
      unreachable | missing | sees) said[$key]=yes ;;
      'version '* | 'format '*) said[$key]=${line#* } ;;
      'bin /'* | 'pipelines /'*) [[ $line == *$'\t'* ]] || said[$key]=${line#* } ;;
      'workers '*) [[ ! ${line#* } =~ ^[1-9][0-9]{0,3}$ ]] || said[$key]=${line#* } ;;
    esac
  done <"$1"
}

# Whether the host's answer, in `said`, lets it take part. With --on-failure now, all must be there.
sw_is_fit() {
  if [ -n "${said[unreachable]-}" ]; then
    local reason
    reason=$(tail -n 1 "$work/hosts/said/$1.error")
    [ "${on_failure-}" != now ] || sw_fail 3 "host $1: cannot be reached: $reason"
    sw_say "$sw_name: host $1: cannot be reached, and is left out: $reason"
    return 1
  fi
  [ -z "${said[missing]-}" ] || sw_fail 3 "host $1: ${SW_REMOTE_BIN:+$SW_REMOTE_BIN/}sw-chunk: not found; SW_REMOTE_BIN says where the programs are there"
  [ "${said[version]-}" = "$version" ] || sw_fail 3 "host $1: has ${said[version]-no version}, wanted is $version"
  [ -n "${said[pipelines]-}" ] || sw_fail 3 "host $1: ${said[bin]-}: no pipelines beside the programs"
  [ "${said[format]-}" = "$format" ] ||
    sw_fail 3 "host $1: ${said[bin]-}: another build of $version: its streams or jobs are not as here (${said[format]-}, wanted is $format)"
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
