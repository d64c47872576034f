#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Exchanges number orders over all 64 bits. Miller takes a whole number of a CSV file from 2^63 on for a text, not for a number (its
# manual has it as a floating-point number, which at least would be near), without a word: sums and means leave the row out while the
# count has it, a numeric sort puts 9784… above 18446…, the largest id is not the largest, and a condition on the id lets rows
# through that lie below what is asked for, and leaves out those above.
#
#   Miller 6.6.0   typeof(2^63 - 1) is int, typeof(9784104765547851006) string
#                  count of three ids 3, their sum that of the one below 2^63
#                  top -n 1 of 18446744073709551557 and 9784104765547851006: the smaller
#                  filter $id > 9784104765547851000: 2^63 - 1, which is less, and not 18446744073709551557, which is more
#
# What goes: ids as texts throughout, and counted, never compared by size. sw has them as unsigned integers of 64 bits.
#
# Installs Debian's package into a folder of its own; fails where what is seen is no longer this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{ apt-get download miller=6.6.0-2+b3 && dpkg -x miller_*.deb .; } >install.log 2>&1 || { cat install.log >&2; exit 1; }
mlr() { MLRRC=__none__ usr/bin/mlr --icsv --onidx "$@"; }

printf '%s\n' id 18446744073709551557 9223372036854775807 9784104765547851006 >orders.csv
# shellcheck disable=SC2016 # Miller's $
seen=$(
  mlr --from orders.csv put -q 'print typeof($id)' | paste -sd ' '
  mlr --from orders.csv stats1 -a count,sum -f id
  mlr --from orders.csv sort -nr id | paste -sd ' '
  mlr --from orders.csv top -n 1 -f id
  mlr --from orders.csv filter '$id > 9784104765547851000' | paste -sd ' '
)
printf '%s\n' "$seen"
expected='string int string
3 9223372036854775807
9784104765547851006 18446744073709551557 9223372036854775807
1 9784104765547851006
9223372036854775807 9784104765547851006'
[[ $seen == "$expected" ]] || { echo 'this is no longer what was found' >&2; exit 1; }
