#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""last_states.py FILE…: the lines of the last state of every order of CSV files, by the definition in sw-analysis(7) and nothing of ours."""
import csv
import sys


def number(text):
    return None if text in ("", '""') else float(text) if "." in text else int(text)


def rank(value):
    """Nulls are smallest."""
    return (0, 0) if value is None else (1, value)


def smaller(value):
    return (1, 0) if value is None else (0, -value)


def state(row, place):
    value = {name: number(text) for name, text in row.items() if name in NUMBERS}
    if "sequence" not in row:
        return (value["timestamp"], place)
    return (value["timestamp"], rank(value["sequence"]), rank(value["totalmatchedquantity"]),
            *(smaller(value[name]) for name in ("leavesquantity", "quantity", "price", "orderstatus")))


NUMBERS = ("timestamp", "sequence", "totalmatchedquantity", "leavesquantity", "quantity", "price", "orderstatus")
last, place, header = {}, 0, None
for path in sys.argv[1:]:
    with open(path, newline="") as file:
        names = next(csv.reader(file))
        header = header or names
        for row in csv.DictReader(file, names):
            place += 1
            key = row["security_code"], row["order_id"]
            here = state(row, place)
            if key not in last or here > last[key][0]:
                last[key] = here, row
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(header)
for _, row in last.values():
    out.writerow(row[name] for name in header)
