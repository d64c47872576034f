#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# build.sh BIN OUT PAGE…: puts the pages into OUT. In a page that ends in .in the line @SYNOPSIS@ becomes the usage lines of
# its program's --help, the line @OPTIONS@ the list of its --help=mdoc; its program is BIN/NAME, else the pipeline that `sw` calls NAME. Others are
# copied.
set -euo pipefail

bin=$1 out=$2
shift 2
export SW_BIN=$bin LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

program_of() {
  local name=${1##*/}
  name=${name%.[0-9].in}
  if [[ -x $bin/$name ]]; then
    echo "$bin/$name"
  elif [[ -x $here/../pipelines/${name#sw-} ]]; then
    echo "$here/../pipelines/${name#sw-}"
  else
    echo "build.sh: $1: no program of that name in $bin or pipelines/" >&2
    return 3
  fi
}

# "usage: NAME WORDS" and the indented lines after it: each opens with .Nm, the words as text.
synopsis() {
  "$1" --help | awk -v name="${1##*/}" '
    done { next } # read to the end: --help is no program that a closed pipe should end
    { sub("sw " name " ", name " ") }
    NR == 1 && sub(/^usage: */, "") || NR > 1 && /^ / { goes_on = NR > 1 && sub(/^ */, "") }
    goes_on && index($0, name " ") != 1 && $0 != name { sub(/^/, name " "); more = 1 }
    NR > 1 && !/^[^ ]/ || index($0, name " ") != 1 && $0 != name { done = 1; next }
    {
      words = substr($0, length(name) + 2)
      gsub(/\\/, "\\e", words); gsub(/-/, "\\-", words)
      if (words ~ /^[.\x27]/) words = "\\&" words
      if (!more) print ".Nm " name
      more = goes_on = 0
      if (words != "") print words
    }'
}

build() {
  local page=$1 to=$2 program=
  if grep -qE '^@(SYNOPSIS|OPTIONS)@$' "$page"; then program=$(program_of "$page"); fi
  while IFS= read -r line || [[ -n $line ]]; do
    case $line in
      @SYNOPSIS@) synopsis "$program" ;;
      @OPTIONS@) "$program" --help=mdoc ;;
      *) printf '%s\n' "$line" ;;
    esac
  done <"$page" >"$to"
}

mkdir -p "$out"
for page; do
  name=${page##*/}
  if [[ $name == *.in ]]; then
    made=$(mktemp "$out/.${name%.in}.XXXXXX")
    trap 'rm -f "$made"' EXIT
    build "$page" "$made"
    chmod 644 "$made"
    mv -fT "$made" "$out/${name%.in}"
  else
    cp "$page" "$out/$name"
  fi
done
