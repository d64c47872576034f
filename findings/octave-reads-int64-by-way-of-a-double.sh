#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# textscan of GNU Octave is told %d64 or %u64 where a column has ids of 64 bits, and gives columns of the types int64 and uint64. It reads
# the number as a double first, digit after digit, and each digit rounds: what comes is neither the id nor the double that is nearest to
# it, but one some thousand further on, and so are times in nanoseconds. Two orders are one, and none of the file. Nothing is said. The
# same digits in a program are whole.
#
#   GNU Octave 7.3.0   textscan of 7904794000132347948 and …949, %d64: 7904794000132349952 twice, int64; the nearest double ends in 7904
#                      9223372036854775809, %u64: 9223372036854777856      1725404399999999899, %d64: 1725404399999999744
#                      int64 (7904794000132347948) in a program, textscan with %s: 7904794000132347948
#
# So read ids as %s, and times as nanoseconds since midnight (sw-cut -c nanos), which a double keeps.
#
# Installs Debian's packages into a folder of its own; fails where what is seen is no longer this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p archives/partial
: >status
{
  apt-get install --yes --no-install-recommends --download-only -o Dir::State::status="$folder/status" -o Dir::Cache::archives="$folder/archives" octave=7.3.0-2 &&
    rm -f archives/libc6_* archives/libc-bin_* &&
    for package in archives/*.deb; do dpkg -x "$package" .; done
} >install.log 2>&1 || { cat install.log >&2; exit 1; }
export OCTAVE_HOME=$folder/usr OCTAVE_EXEC_HOME=$folder/usr LD_LIBRARY_PATH HOME=$folder
LD_LIBRARY_PATH=$(find "$folder/usr/lib" "$folder/lib" -name '*.so*' -path '*-linux-gnu*' -printf '%h\n' | sort -u | paste -sd :)

printf '%s\n' id,big,at 7904794000132347948,9223372036854775809,1725404399999999899 7904794000132347949,9223372036854775810,1725404400000000001 >orders.csv
cat >look.m <<'M'
printf("%s\n", version);
function columns = read(format)
  file = fopen("orders.csv");
  columns = textscan(file, format, "Delimiter", ",", "HeaderLines", 1);
  fclose(file);
end
c = read("%d64 %u64 %d64");
printf("%s %d %d\n", class(c{1}), c{1});
printf("%s ", class(c{2})), disp(c{2}');
printf("%s %d %d\n", class(c{3}), c{3});
printf("double %.0f\n", double(int64(7904794000132347948)));
printf("int64 %d\n", int64(7904794000132347948));
c = read("%s %s %s");
printf("%s %s %s\n", class(c{1}), c{1}{:});
M
seen=$(usr/bin/octave-cli --quiet --no-init-file look.m 2>said)
printf '%s\n' "$seen"
expected='7.3.0
int64 7904794000132349952 7904794000132349952
uint64   9223372036854777856  9223372036854777856
int64 1725404399999999744 1725404400000000000
double 7904794000132347904
int64 7904794000132347948
cell 7904794000132347948 7904794000132347949'
[[ $seen == "$expected" ]] || { echo 'this is no longer what was found' >&2; exit 1; }
