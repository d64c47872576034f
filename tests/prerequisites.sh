#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# prerequisites.sh PURPOSE…: puts in place what is missing for build, demo, test, hosts, check, fuzz, clang, deb or arm64, through apt-get;
# where that cannot be done says exactly what to install, status 3. A second run finds everything there and does nothing.
set -uo pipefail

# What is needed, the package that brings it, and for which purposes (each includes build). What has a question mark is put in
# place where it can be; without it, what needs it is left out. What hosts needs brings daemons along, so only CI asks for it.
needs='
compiler            gcc                     build
libc                libc6-dev               build
zlib.h              zlib1g-dev              build
csv.h               libcsv-dev              build
libdeflate.h        libdeflate-dev          build?
zstd.h              libzstd-dev             build?
isa-l.h             libisal-dev             build?
gnu-parallel        parallel                demo test
zoneinfo            tzdata                  demo test
bats                bats                    test
python3             python3                 test
sqlite3             sqlite3                 test
jq                  jq                      test
gzip                gzip                    test
bgzip               tabix                   test?
zstd                zstd                    test?
cmp                 diffutils               test
gnuplot             gnuplot-nox             demo? test?
chromium            chromium                check?
pdftotext           poppler-utils           check?
postgres            postgresql              check?
fish                fish                    check?
csh                 csh                     check?
zsh                 zsh                     check?
sshd                openssh-server          hosts?
ip                  iproute2                hosts?
slurmctld           slurm-wlm               hosts?
munged              munge                   hosts?
sanitizers          -                       sanitize
mandoc              mandoc                  check
shellcheck          shellcheck              check
clang-format-14     clang-format-14         check
clang               clang                   clang fuzz
libfuzzer           -                       fuzz
dpkg-buildpackage   dpkg-dev                deb
dh                  debhelper               deb
aarch64-linux-gnu-gcc  gcc-aarch64-linux-gnu  arm64
arm64-libc          libc6-dev-arm64-cross   arm64
qemu-aarch64        qemu-user               arm64
'

scratch=$(mktemp -d) || exit 3
trap 'rm -rf "$scratch"' EXIT

# compiles COMPILER HEADER FLAG…: whether a program that includes the header builds with the flags.
compiles() {
  local compiler=$1 header=$2
  shift 2
  printf '#include <stdio.h>\n#include <%s>\nint main(void) { return 0; }\n' "$header" >"$scratch/a.c"
  "$compiler" -o "$scratch/a" "$scratch/a.c" "$@" >/dev/null 2>&1
}

present() {
  local compiler=${CC:-gcc}
  compiler=${compiler##* } # of "ccache gcc"
  case $1 in
    compiler) command -v "$compiler" >/dev/null ;;
    libc) compiles "$compiler" stdlib.h ;;
    zlib.h) compiles "$compiler" zlib.h -lz ;;
    csv.h) compiles "$compiler" csv.h -lcsv ;;
    libdeflate.h) compiles "$compiler" libdeflate.h -ldeflate ;;
    zstd.h) compiles "$compiler" zstd.h -lzstd ;;
    isa-l.h) compiles "$compiler" isa-l/igzip_lib.h ;;
    sanitizers) compiles "$compiler" stdlib.h -fsanitize=address,undefined ;;
    libfuzzer) echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' >"$scratch/a.c" &&
      clang -fsanitize=fuzzer,address,undefined -o "$scratch/a" "$scratch/a.c" >/dev/null 2>&1 ;;
    # moreutils has another program of that name, which knows no --version.
    gnu-parallel) parallel --version </dev/null 2>/dev/null | grep -q '^GNU parallel' ;;
    zoneinfo) [[ -e /usr/share/zoneinfo/Australia/Sydney ]] ;;
    postgres) command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ;;
    arm64-libc) compiles aarch64-linux-gnu-gcc stdlib.h -static ;;
    sshd | ip | slurmctld | munged) PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

wanted() {
  local purpose need_for
  for need_for; do
    for purpose in build "${purposes[@]}"; do [[ ${need_for%\?} == "$purpose" ]] && return; done
  done
  return 1
}

# gcc brings its own along, when it is not there yet.
sanitizer_package() {
  local version
  version=$("${CC:-gcc}" -dumpversion 2>/dev/null | cut -d. -f1)
  echo "${version:+libgcc-$version-dev}"
}

# A package of clang's version, which clang itself need not bring along; known once clang is there.
libfuzzer_package() {
  local version
  version=$(clang -dumpversion 2>/dev/null | cut -d. -f1)
  echo "${version:+libclang-rt-$version-dev}"
}

# The names of the missing things into `missing`, their packages into `packages`; of what can be done without, the packages
# into `extras`.
look() {
  local thing package words for_what
  missing=() packages=() extras=()
  while read -r thing package words; do
    read -ra for_what <<<"$words"
    if [[ -z $thing ]] || ! wanted "${for_what[@]}"; then continue; fi
    present "$thing" && continue
    [[ ${for_what[0]} != *\? ]] || { extras+=("$package"); continue; }
    case $thing in
      compiler) package=${CC:-gcc} package=${package##* } ;;
      sanitizers) package=$(sanitizer_package) ;;
      libfuzzer) package=$(libfuzzer_package) ;;
    esac
    missing+=("$thing")
    [[ -z $package ]] || packages+=("$package")
  done <<<"$needs"
}

give_up() {
  echo "prerequisites: $1" >&2
  echo "prerequisites: missing: ${missing[*]}" >&2
  echo "prerequisites: install these (names as in Debian and Ubuntu): ${packages[*]}" >&2
  echo "prerequisites: apt-get install ${packages[*]}" >&2
  exit 3
}

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

# Once is enough.
update_lists() {
  [[ -z ${lists_updated-} ]] || return 0
  lists_updated=yes
  as_root apt-get update -q >"$scratch/log" 2>&1 ||
    { tail -n 5 "$scratch/log" >&2; echo 'prerequisites: apt-get update failed; going on with old lists' >&2; }
}

install() { as_root apt-get install -q -y --no-install-recommends "$@" >"$scratch/log" 2>&1 </dev/null; }

install_packages() {
  command -v apt-get >/dev/null || give_up 'there is no apt-get here'
  [[ $(id -u) -eq 0 ]] || sudo -n true 2>/dev/null || give_up 'neither root nor sudo without a password'
  echo "prerequisites: missing: ${missing[*]}; installing ${packages[*]}" >&2
  update_lists
  install "${packages[@]}" || { tail -n 15 "$scratch/log" >&2; give_up 'apt-get install failed'; }
}

install_extras() {
  local package
  command -v apt-get >/dev/null || return 0
  [[ $(id -u) -eq 0 ]] || sudo -n true 2>/dev/null || return 0
  update_lists
  for package in "${extras[@]}"; do
    if install "$package"; then
      echo "prerequisites: installed $package" >&2
    else
      echo "prerequisites: $package cannot be installed; what needs it is left out" >&2
    fi
  done
}

purposes=("$@")
for purpose; do
  case $purpose in
    build | demo | test | hosts | sanitize | check | fuzz | clang | deb | arm64) ;;
    *) echo "prerequisites: no such purpose: '$purpose'" >&2; exit 2 ;;
  esac
done
look
before=
while [[ ${#missing[@]} -gt 0 ]]; do
  [[ ${missing[*]} != "$before" ]] || give_up 'installed, but still not there'
  before=${missing[*]}
  install_packages
  look
done
[[ ${#extras[@]} -eq 0 ]] || install_extras
