#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""gen_marginals.py ORDERS TRADES [ORDERS TRADES]: how the Centre Point orders of one or two extracts are distributed, as CSV:
measure,share[,share,difference]. Orders that came back from an earlier day count as any other. Hours are Sydney's."""
import csv
import sys
from collections import Counter, defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

SYDNEY = ZoneInfo("Australia/Sydney")
TYPES = {"64", "256", "2048", "4096", "4098"}
SIZES = (("quantity <=1K", 1000), ("quantity 1K-5K", 5000), ("quantity 5K-10K", 10000), ("quantity 10K-50K", 50000))
hours = {}


def hour(time):
    key = time // 3_600_000_000_000
    if key not in hours:
        hours[key] = datetime.fromtimestamp(key * 3600, SYDNEY).hour
    return hours[key]


def shares(prefix, counts, keys):
    whole = sum(counts.values())
    for key in keys:
        yield f"{prefix} {key}", counts[key] / whole


def lives(path):
    found = defaultdict(list)
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            if row["exchangeordertype"] in TYPES:
                found[row["order_id"]].append(
                    (int(row["timestamp"]), int(row["sequence"]), int(float(row["quantity"])), int(float(row["leavesquantity"])),
                     int(float(row["totalmatchedquantity"])), row["orderstatus"], row["exchangeordertype"], float(row["price"]), row["side"]))
    for life in found.values():
        life.sort(key=lambda event: event[:2])
    return found


def end(last):
    if last[3] == 0:
        return "filled"
    if last[5] != "2":
        return "open"
    return "partly filled" if last[4] else "not filled"


def size(quantity):
    return next((name for name, most in SIZES if quantity <= most), "quantity >50K")


def measure(orders, trades):
    found = lives(orders)
    with open(trades, newline="") as file:
        traded = {row["orderid"] for row in csv.DictReader(file)}
    events = Counter(len(life) if len(life) < 8 else "8 and more" for life in found.values())
    count = len(found)
    yield "mean events per order", sum(map(len, found.values())) / count
    yield from shares("events per order", events, [2, 3, 4, 5, 6, 7, "8 and more"])
    lasts = [life[-1] for life in found.values()]
    yield from shares("order type", Counter(last[6] for last in lasts), sorted(TYPES, key=int))
    yield from shares("end:", Counter(map(end, lasts)), ["filled", "partly filled", "not filled", "open"])
    for kind in ("2048", "4096", "64", "4098"):
        yield from shares(f"end of {kind}:", Counter(end(last) for last in lasts if last[6] == kind), ["filled", "not filled"])
    entered = [[event for event in life if event[0] == life[0][0]][-1] for life in found.values()]
    yield "filled at once", sum(event[3] == 0 for event in entered) / count
    yield "not filled and over at once", sum(event[3] > 0 and event[5] == "2" for event in entered) / count
    quantity = Counter(size(max(last[2], last[3] + last[4])) for last in lasts)
    yield from ((name, quantity[name] / count) for name in [*(name for name, _ in SIZES), "quantity >50K"])
    yield "quantity less than matched and left", sum(last[2] < last[3] + last[4] for last in lasts) / count
    yield "buys", sum(last[8] == "1" for last in lasts) / count
    hour_of_events = Counter(hour(event[0]) for life in found.values() for event in life)
    yield from shares("events in hour", hour_of_events, [7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 21])
    rows = sum(map(len, found.values()))
    yield "events that repeat another", sum(
        len(life) - len({event[:1] + event[2:] for event in life}) for life in found.values()) / rows
    yield "orders with rows in trades", len(traded & found.keys()) / count


def main():
    columns = [list(measure(*pair)) for pair in zip(sys.argv[1::2], sys.argv[2::2])]
    for row in zip(*columns):
        values = [value for _, value in row]
        difference = [values[0] - values[1]] if len(values) > 1 else []
        print(",".join([row[0][0], *(f"{value:.4f}" for value in values + difference)]))


main()
