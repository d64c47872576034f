#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A column of ids with an empty field is a float64 to pandas, and two ids of 19 digits one number; that is known, and the nullable Int64 is
# what its manual offers against it. But read_csv makes a float of such a column first, by a quick way that is not even the nearest: each of the
# ids is then a whole number, another, further off than the float was, and says that it is an exact type. JSON has the same: read_json makes
# an int64 of ids that were written as texts to keep them, and goes by a float.
#
#   pandas 1.5.3   7904794000132347948, (empty), 7904794000132347949
#                  read_csv                          float64   7904794000132347904 twice
#                  read_csv, dtype Int64 or UInt64             7904794000132348928 twice; without the empty field both as they are
#                  read_json of texts                int64     7904794000132347904 twice; dtype=False keeps texts
#
# So read ids as texts (dtype={'order_id': str}, dtype=False), and make numbers of them afterwards where numbers are needed.
#
# Installs Debian's packages into a folder of its own; fails where what is seen is no longer this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{
  apt-get download python3-pandas=1.5.3+dfsg-2 python3-pandas-lib=1.5.3+dfsg-2 python3-numpy python3-dateutil python3-tz python3-six libblas3 liblapack3 libgfortran5 &&
    for package in *.deb; do dpkg -x "$package" .; done
} >install.log 2>&1 || { cat install.log >&2; exit 1; }
export PYTHONPATH=$folder/usr/lib/python3/dist-packages LD_LIBRARY_PATH
LD_LIBRARY_PATH=$(find "$folder/usr/lib" -name '*.so*' -path '*-linux-gnu*' -printf '%h\n' | sort -u | paste -sd :)

printf '%s\n' id,quantity 7904794000132347948,1 ,2 7904794000132347949,3 >orders.csv
grep -v '^,' orders.csv >whole.csv
printf '%s\n' '{"id":"7904794000132347948"}' '{"id":"7904794000132347949"}' >orders.jsonl
cat >read.py <<'PY'
import warnings
warnings.simplefilter("ignore")
import pandas
def show(name, frame):
    print(name, frame["id"].dtype, *[int(value) for value in frame["id"].dropna()])
print(pandas.__version__)
show("as it is", pandas.read_csv("orders.csv"))
for kind in ("Int64", "UInt64"):
    show(kind, pandas.read_csv("orders.csv", dtype={"id": kind}))
show("without the null", pandas.read_csv("whole.csv", dtype={"id": "Int64"}))
show("JSON", pandas.read_json("orders.jsonl", lines=True))
show("JSON as it is", pandas.read_json("orders.jsonl", lines=True, dtype=False))
show("text", pandas.read_csv("orders.csv", dtype={"id": str}))
PY
seen=$(/usr/bin/python3 read.py)
printf '%s\n' "$seen"
expected='1.5.3
as it is float64 7904794000132347904 7904794000132347904
Int64 Int64 7904794000132348928 7904794000132348928
UInt64 UInt64 7904794000132348928 7904794000132348928
without the null Int64 7904794000132347948 7904794000132347949
JSON int64 7904794000132347904 7904794000132347904
JSON as it is object 7904794000132347948 7904794000132347949
text object 7904794000132347948 7904794000132347949'
[[ $seen == "$expected" ]] || { echo 'this is no longer what was found' >&2; exit 1; }
