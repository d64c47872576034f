#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# sysroot.sh DIR: puts zlib, libcsv, libdeflate and libzstd for arm64 into DIR. The packages are fetched and unpacked there, nothing is
# installed and apt's own lists stay as they are. Status 3 with a reason where they cannot be had; the last two can be done without.
set -euo pipefail

directory=$1
packages=(zlib1g-dev libcsv-dev)
extras=(libdeflate-dev libzstd-dev)
library=$directory/usr/lib/aarch64-linux-gnu
[[ ! -e $library/libz.a || ! -e $library/libcsv.a || ! -e $directory/tried-extras ]] || exit 0

give_up() {
  echo "arm64: $1; it needs ${packages[*]} of arm64 in $directory" >&2
  exit 3
}

if ! command -v apt-get dpkg-deb >/dev/null; then give_up 'no apt-get here'; fi
mkdir -p "$directory/apt/lists/partial" "$directory/apt/cache/archives/partial"
state=$(cd "$directory/apt" && pwd)
options=(-q -o "Dir::State::Lists=$state/lists" -o "Dir::Cache=$state/cache" -o "Dir::State::status=/dev/null"
  -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User=)
apt-get "${options[@]}" update >"$state/log" 2>&1 || true # one list that fails need not be the one we want
cd "$state"
apt-get "${options[@]}" download "${packages[@]}" >>"$state/log" 2>&1 </dev/null ||
  { tail -n 5 "$state/log" >&2; give_up 'the packages cannot be fetched'; }
apt-get "${options[@]}" download "${extras[@]}" >>"$state/log" 2>&1 </dev/null || true
: >../tried-extras
for package in ./*.deb; do dpkg-deb -x "$package" ..; done
rm -rf "$state"
[[ -e ../usr/lib/aarch64-linux-gnu/libz.a && -e ../usr/lib/aarch64-linux-gnu/libcsv.a ]] ||
  give_up 'the packages hold other files than expected'
