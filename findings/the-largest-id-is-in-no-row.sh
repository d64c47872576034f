#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Two command-line tools for columns of numbers keep 19-digit ids whole inside, and spoil them as they print: the minimum and the
# maximum that they report are in no row of the file.
#
#   GNU datamash 1.7-2        min and max of …948 and …949 -> 7.9047940001323e+18 (the format %.14Lg, although it counts in long doubles)
#   csvkit 1.0.7-1 csvstat    smallest and largest value, most common values -> 7904794000132347904 (through a double to be laid out for the locale)
#
# datamash prints them whole with --format '%.0f' below 2^64; of csvkit, csvsort | head keeps them. sw's min and max are integers.
#
# Installs these of Debian's packages into a folder of its own; fails where what is seen is no longer this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download datamash=1.7-2 csvkit=1.0.7-1 python3-csvkit=1.0.7-1 python3-agate=1.6.3-2 python3-agatedbf python3-agateexcel \
  python3-agatesql python3-babel python-babel-localedata python3-dbfread python3-et-xmlfile python3-greenlet python3-isodate \
  python3-leather python3-olefile python3-openpyxl python3-parsedatetime python3-pytimeparse python3-six python3-slugify \
  python3-sqlalchemy python3-text-unidecode python3-tz python3-xlrd >install.log 2>&1 || { cat install.log >&2; exit 1; }
for package in *.deb; do dpkg -x "$package" .; done

printf '%s\n' order_id 7904794000132347948 7904794000132347949 >orders.csv
seen=$(
  usr/bin/datamash --header-in min 1 max 1 <orders.csv
  usr/bin/datamash --header-in --format '%.0f' min 1 max 1 <orders.csv
  PYTHONPATH=$folder/usr/lib/python3/dist-packages LC_ALL=C /usr/bin/python3 usr/bin/csvstat orders.csv 2>csvstat.log |
    awk -F ':  *' '/Smallest value|Largest value/ { print $2 }'
)
expected=$'7.9047940001323e+18\t7.9047940001323e+18
7904794000132347948\t7904794000132347949
7904794000132347904
7904794000132347904'
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { echo 'this is no longer what was found' >&2; exit 1; }
