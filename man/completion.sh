#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# completion.sh BIN OUT: completion for bash (OUT/sw), zsh (OUT/_sw) and fish (OUT/sw.fish), read off the --help of every command that
# BIN/sw lists.
set -euo pipefail
bin=$1 out=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$out"
helps=$(mktemp "$out/helps.XXXXXX")
trap 'rm -f "$helps"' EXIT

"$bin/sw" | awk '/^  [a-z]/ { command = $1; sub(/^ *[^ ]+ +/, ""); print command, $0 }' |
  while read -r command does; do
    echo "== $command $does"
    SW_BIN=$bin "$bin/sw" "$command" --help
    # A command that is a pipeline is not the program of its name, which has options of its own.
    if [ -x "$bin/sw-$command" ] && [ -x "$here/../pipelines/$command" ]; then
      echo "== sw-$command $does"
      "$bin/sw-$command" --help
    fi
  done >"$helps"
commands=$(awk '$1 == "==" && system("test -x '"$bin"'/sw-" $2 " && ! test -x '"$here"'/../pipelines/" $2) == 0 { printf " sw-%s", $2 }' "$helps")
commands+=$(awk '$1 == "==" && $2 ~ /^sw-/ { printf " %s", $2 }' "$helps")
{
  awk -v shell=bash -f "$here/completion.awk" "$helps"
  cat "$here/completion.bash"
  echo "complete -o default -F __sw_complete sw$commands"
} >"$out/sw"
# zsh reads the file as a function when the first word is completed; then it answers as bash's would.
{
  echo "#compdef sw$commands"
  echo 'autoload -Uz bashcompinit && bashcompinit'
  awk -v shell=bash -f "$here/completion.awk" "$helps"
  cat "$here/completion.bash"
  echo '_bash_complete -o default -F __sw_complete'
} >"$out/_sw"
{
  cat "$here/completion.fish"
  awk -v shell=fish -f "$here/completion.awk" "$helps"
} >"$out/sw.fish"
