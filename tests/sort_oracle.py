#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The order that sw-sort promises, computed on CSV text.

sort_oracle.py make ROWS SEED                  random rows of the columns below, as CSV
sort_oracle.py sort KEYS [last]                sorts such CSV from standard input; KEYS as -k has them
sort_oracle.py flip FILE COMMAND…              flips a bit of every byte of FILE and cuts it at every byte, and runs COMMAND with the damaged file's name
                                               behind it: status 1 with a message, or for a flip status 0 and the output for the whole file
"""
import csv
import os
import random
import subprocess
import sys
from decimal import Decimal

COLUMNS = ["id", "few", "text", "price", "wide", "big", "at", "long"]
TEXTS = ["a", "b", "ab", "a,b", 'q"q', "é", "zz", "zzz", "Z", " x", "-1", "10", "9"]


def make(rows, seed):
    rng = random.Random(seed)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(COLUMNS)
    for i in range(rows):
        row = [
            i,
            rng.choice(["", 0, 1, 2, -3, 300]),
            rng.choice(TEXTS + [""]),
            rng.choice(["", "0", "-0.5", "%d.%d" % (rng.randrange(-50, 50), rng.randrange(10000))]),
            rng.choice(["", "1", str(rng.randrange(-(10**30), 10**30)), str(10**25 + rng.randrange(3))]),
            rng.choice([0, 2**64 - 1, 2**63, rng.randrange(2**64)]),
            rng.choice(["", 1725016800000000000 + rng.randrange(5), rng.choice([-1, 1]) * rng.randrange(5 * 10**15, 2**63)]),  # no seconds to microseconds of our days
            "x" * rng.randrange(40) + str(rng.randrange(9)),
        ]
        out.writerow(row)


def value(name, text):
    if text == "":
        return (0, 0)
    if name in ("text", "long"):
        return (1, os.fsencode(text))
    return (1, Decimal(text))


def sort(keys, last):
    reader = csv.reader(sys.stdin)
    header = next(reader)
    rows = list(reader)
    words = [word.partition(":") for word in keys.split(",")]
    if last:
        named = [word[0] for word in words]
        words += [(name, "", "") for name in header if name not in named]
    for name, _, way in reversed(words):
        at = header.index(name)
        # Stable also where reversed: equal keys keep their order.
        rows.sort(key=lambda row: value(name, row[at]), reverse=way == "desc")
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(header)
    out.writerows(rows)


def flip(path, command):
    data = open(path, "rb").read()
    whole = subprocess.run(command + [path], capture_output=True)
    assert whole.returncode == 0, whole.stderr
    bad = []

    def check(what, damaged, may_do):
        with open(path + ".damaged", "wb") as file:
            file.write(damaged)
        done = subprocess.run(command + [path + ".damaged"], capture_output=True)
        same = done.returncode == 0 and done.stdout == whole.stdout
        if not ((done.returncode == 1 and done.stderr) or (may_do and same)):
            bad.append("%s: status %d %s" % (what, done.returncode, done.stderr))

    for at in range(len(data)):
        check("cut at %d" % at, data[:at], False)
        check("flip at %d" % at, data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :], True)
    print("\n".join(bad))
    sys.exit(bool(bad))


def main():
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1] == "sort":
        sort(sys.argv[2], sys.argv[3:] == ["last"])
    else:
        flip(sys.argv[2], sys.argv[3:])


main()
