#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# package.sh dist|deb OUT: what is committed, as OUT/sw-VERSION.tar.gz, or built from that as a Debian package, OUT/sw_VERSION_ARCH.deb.
# The same commit gives the same bytes: times are the commit's.
set -euo pipefail
kind=$1 out=$2
cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=$(sed -n 's/^#define SW_VERSION "\(.*\)"$/\1/p' lib/program/program.h)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH LC_ALL=C
[[ -z $(git status --porcelain) ]] || echo "package.sh: not in it: what is not committed" >&2
mkdir -p "$out"
out=$(cd "$out" && pwd)

case $kind in
  dist)
    git archive --prefix="sw-$version/" HEAD | gzip -9n >"$out/sw-$version.tar.gz.part"
    mv "$out/sw-$version.tar.gz.part" "$out/sw-$version.tar.gz"
    echo "$out/sw-$version.tar.gz"
    ;;
  deb)
    tree=$out/tree/sw-$version
    rm -rf "$out/tree"
    mkdir -p "$out/tree"
    git archive --prefix="sw-$version/" HEAD | tar -x -C "$out/tree"
    cp -R packaging/debian "$tree/debian"
    cat >"$tree/debian/changelog" <<END
sw ($version) unstable; urgency=medium

  * As in CHANGELOG.md.

 -- the sweep-order tools authors <sw@sweep-order-tools.invalid>  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
END
    (cd "$tree" && dpkg-buildpackage -b -us -uc) >"$out/log" 2>&1 || { tail -n 30 "$out/log" >&2; exit 3; }
    mv "$out/tree/"*.deb "$out"
    rm -rf "$out/tree"
    ls "$out"/sw_"$version"_*.deb
    ;;
  *)
    echo 'usage: package.sh dist|deb OUT' >&2
    exit 2
    ;;
esac
