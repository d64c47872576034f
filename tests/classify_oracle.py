#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""classify_oracle.py [--all] [--tally] [--schema FILE] [--trades-in VALUES] ORDERS.csv TRADES.csv: classified orders as CSV, from the definitions alone.

Everything is held in dictionaries; no order of the input is needed. Local time is UTC+10. With --tally the counts, tab-separated.
"""
import argparse
import csv
import datetime
import decimal
import functools
import sys

decimal.getcontext().prec = 60

COLUMNS = """order_id security_code date side participantid exchangeordertype group price quantity leavesquantity
totalmatchedquantity first_timestamp initial_quantity initial_price completion_timestamp last_timestamp trades traded_quantity
traded_value actual_quantity actual_cost amended order_quantity booked_quantity""".split()

SETS = {"market": {1, 20, 46, 47, 49, 50, 51, 52, 90}, "booked": {44, 45, 48, 91}, "reported": {3, 4, 5, 6}}

ALIASES = {"orderid": "order_id", "securitycode": "security_code", "tradetime": "timestamp", "tradeprice": "price"}

TEXTS = {"triggercondition", "timevaliditydecoded", "file_date"}


def rows_of(path):
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            yield {ALIASES.get(name, name): value for name, value in row.items()}


def schema_columns(path):
    with open(path) as file:
        return [line.split()[1] for line in file if line.startswith("column ")]


def rank(name, text):
    """A value as something that compares: null first, numbers as numbers, texts by bytes."""
    if text == "":
        return (0,)
    return (1, text.encode() if name in TEXTS else decimal.Decimal(text))


def best(events, time, known):
    """Of the events with this timestamp the one with the largest sequence; among those, by the other columns; without a sequence the
    last one in the file."""
    tied = [event for event in events if int(event["timestamp"]) == time]
    if "sequence" not in tied[0]:
        return tied[-1]
    others = [name for name in known if name in tied[0]] + [name for name in tied[0] if name not in known]

    def larger(name):
        return lambda a, b: (rank(name, a.get(name, "")) > rank(name, b.get(name, ""))) - (rank(name, a.get(name, "")) < rank(name, b.get(name, "")))

    def smaller(name):
        return lambda a, b: larger(name)(b, a)

    rules = [larger("sequence"), larger("totalmatchedquantity"), *map(smaller, ("leavesquantity", "quantity", "price", "orderstatus"))]
    rules += map(larger, others)
    return max(tied, key=functools.cmp_to_key(lambda a, b: next((order for order in (rule(a, b) for rule in rules) if order), 0)))


def canonical(value):
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def asked_of(event, matched):
    """What the order asked for in all: the largest of what there is."""
    found = [matched]
    if event["quantity"] != "":
        found.append(int(event["quantity"]))
    if event.get("leavesquantity", "") != "":
        found.append(matched + int(event["leavesquantity"]))
    return max(found)


def group_of(filled, asked):
    if filled == 0:
        return "NOT_EXECUTED"
    return "FULLY_FILLED" if filled == asked else "PARTIALLY_FILLED"


def kind_of(trade, sets):
    if "dealsource" not in trade:
        return "market"
    source = int(trade["dealsource"]) if trade["dealsource"] != "" else None
    return next((name for name, values in sets.items() if source in values), "other")


def totals(trades):
    quantity, value = 0, decimal.Decimal(0)
    for trade in trades:
        if trade["quantity"] != "":
            quantity += int(trade["quantity"])
            if trade["price"] != "":
                value += int(trade["quantity"]) * decimal.Decimal(trade["price"])
    return quantity, value


def classify(events, rows, known):
    trades = [row for row in rows if row["kind"] == "market"]
    booked = totals([row for row in rows if row["kind"] == "booked"])[0]
    times = [int(event["timestamp"]) for event in events]
    ends = [int(event["timestamp"]) for event in events if event.get("leavesquantity") == "0"]
    first, last = best(events, min(times), known), best(events, max(times), known)
    begin, end = min(times), max(ends or times)
    between = [trade for trade in trades if trade["timestamp"] != "" and begin <= int(trade["timestamp"]) <= end]
    date = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=max(times) // 10**9 + 36000)
    result = {name: last[name] for name in COLUMNS if name in last}
    matched = last.get("totalmatchedquantity", "")
    matched = totals(trades)[0] + booked if matched == "" else int(matched)
    asked = asked_of(last, matched)
    result.update(zip(("traded_quantity", "traded_value"), map(canonical_or_int, totals(trades))))
    result.update(zip(("actual_quantity", "actual_cost"), map(canonical_or_int, totals(between))))
    result.update(date=date.date().isoformat(), group=group_of(matched - booked, asked - booked), first_timestamp=begin, completion_timestamp=end,
                  initial_quantity=first["quantity"], initial_price=first["price"], last_timestamp=max(times),
                  trades=len(trades), amended=int(first["quantity"] != last["quantity"]),
                  totalmatchedquantity=matched, order_quantity=asked, booked_quantity=booked)
    for name in ("price", "initial_price"):
        if result[name] != "":
            result[name] = canonical(decimal.Decimal(result[name]))
    return result


def canonical_or_int(value):
    return value if isinstance(value, int) else canonical(value)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--tally", action="store_true")
    parser.add_argument("--schema")
    parser.add_argument("--trades-in")
    parser.add_argument("orders")
    parser.add_argument("trades")
    given = parser.parse_args()
    known = schema_columns(given.schema) if given.schema else []
    events, trades = {}, {}
    for event in rows_of(given.orders):
        events.setdefault((int(event["security_code"]), int(event["order_id"])), []).append(event)
    sets = dict(SETS, market=set(map(int, given.trades_in.split(","))) if given.trades_in else SETS["market"])
    for trade in rows_of(given.trades):
        trade["kind"] = kind_of(trade, sets)
        trades.setdefault((int(trade["security_code"]), int(trade["order_id"])), []).append(trade)
    classified = {key: classify(events[key], trades.get(key, []), known) for key in sorted(events)}
    if given.tally:
        rows = [(row["kind"], key in events) for key, found in trades.items() for row in found]
        matched = sum(has_order for _, has_order in rows)
        wrong = sum(row["traded_quantity"] + row["booked_quantity"] != row["totalmatchedquantity"] for row in classified.values())
        executed = sum(row["trades"] > 0 for row in classified.values())
        booked = sum(not row["trades"] and any(trade["kind"] == "booked" for trade in trades.get(key, []))
                     for key, row in classified.items())
        for line in [("events", sum(map(len, events.values()))), ("orders", len(events)), ("executed", executed),
                     ("only_booked", booked), ("mismatched", wrong), ("trades", len(rows)), ("matched", matched),
                     ("unmatched", len(rows) - matched)]:
            print(*line, sep="\t")
        for name in [*SETS, "other"]:
            print(name, sum(kind == name for kind, _ in rows), sep="\t")
            print(f"unmatched_{name}", sum(kind == name and not has_order for kind, has_order in rows), sep="\t")
        return
    out = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n", extrasaction="ignore")
    out.writeheader()
    out.writerows(row for row in classified.values() if given.all or row["trades"])


main()
