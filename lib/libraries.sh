#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# libraries.sh DIR COMPILER FLAG…: which of the libraries that sw can do without the compiler has for its target, found by building a
# program of a few lines with each. Writes DIR/sw_libraries.h, what there is, and DIR/libraries, what to link; neither is touched where
# it would be the same.
#
# All of them are linked statically where that can be done: a program that is copied to another machine runs there, and compresses to the
# same bytes; and a run begins a dozen programs, each of which would look for shared libraries. ISA-L comes as one alone: programs look for
# it when they run.
set -uo pipefail

folder=$1
shift
compiler=("$@")
scratch=$(mktemp -d) || exit 3
trap 'rm -rf "$scratch"' EXIT

# builds HEADER CALL WORD…: whether a program that calls it builds with these words behind it.
builds() {
  printf '#include <stddef.h>\n#include <%s>\nint main(void) { return (%s) != 0; }\n' "$1" "$2" >"$scratch/a.c"
  shift 2
  "${compiler[@]}" -o "$scratch/a" "$scratch/a.c" "$@" >/dev/null 2>&1
}

# links NAME HEADER CALL: sets link, how it is linked; false where it is not there.
links() {
  for link in "-l:lib$1.a" "-l$1"; do builds "$2" "$3" "$link" && return; done
  return 1
}

has=() words=()
if ! links csv csv.h 'csv_strerror(0) == NULL'; then link=-lcsv; fi
words+=("$link")
if links deflate libdeflate.h 'libdeflate_crc32(0, NULL, 0)'; then has+=(LIBDEFLATE) words+=("$link"); fi
if links zstd zstd.h 'ZSTD_versionNumber()'; then has+=(LIBZSTD) words+=("$link"); fi
# A program that is linked statically cannot load one.
if [[ " ${compiler[*]} " != *' -static '* ]] &&
  builds isa-l/igzip_lib.h 'sizeof(struct inflate_state) && dlopen("", 0)' -include dlfcn.h -ldl; then
  has+=(ISAL) words+=(-ldl)
fi

if ! links z zlib.h 'zlibVersion() == NULL'; then link=-lz; fi
words+=("$link" -lm)

# put FILE: standard input, where it is something else.
put() {
  cat >"$scratch/new"
  cmp -s "$scratch/new" "$1" || mv "$scratch/new" "$1"
}

mkdir -p "$folder" || exit 3
{ for name in "${has[@]}"; do echo "#define SW_HAVE_$name 1"; done; } | put "$folder/sw_libraries.h" || exit 3
echo "${words[*]}" | put "$folder/libraries" || exit 3
