#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""classify_disturb.py ORDERS TRADES ORDERS_OUT TRADES_OUT: what sw-gen made, with what real extracts have too: events that repeat
another in all but a few columns, nulls, sequences that are missing, trades of nobody, trades under another security."""
import csv
import random
import sys

rng = random.Random(5)


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    with open(path, "w", newline="") as file:
        out = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def disturb_order(row):
    for name in ("price", "quantity", "leavesquantity", "totalmatchedquantity", "exchangeordertype", "sequence"):
        if rng.random() < 0.01:
            row[name] = ""
    yield row
    if rng.random() < 0.05:
        again = dict(row)
        for name in rng.sample(["price", "quantity", "orderstatus", "totalmatchedquantity", "leavesquantity"], 2):
            again[name] = str(rng.randrange(0, 50))
        if rng.random() < 0.3:
            again["sequence"] = str(int(row["sequence"] or 7) + 1)
        yield again


def disturb_trade(row):
    if rng.random() < 0.1:
        row["dealsource"] = rng.choice(["44", "45", "48", "91", "3", "6", "20", "47", "90", "7", ""])
    for name in ("tradeprice", "quantity", "tradetime"):
        if rng.random() < 0.01:
            row[name] = ""
    if rng.random() < 0.02:
        row["orderid"] = str(int(row["orderid"]) ^ 1)
    if rng.random() < 0.02:
        row["securitycode"] = "1" + row["securitycode"]
    if rng.random() < 0.02:
        row["tradetime"] = str(int(row["tradetime"] or 1725250000 * 10**9) + rng.choice([-1, 1]) * 3600 * 10**9)
    yield row


write(sys.argv[3], [row for order in read(sys.argv[1]) for row in disturb_order(order)])
write(sys.argv[4], [row for trade in read(sys.argv[2]) for row in disturb_trade(trade)])
