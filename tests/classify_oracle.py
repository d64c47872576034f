#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""classify_oracle.py [--all] [--tally] [--schema FILE] ORDERS.csv TRADES.csv: classified orders as CSV, from the definitions alone.

Everything is held in dictionaries; no order of the input is needed. Local time is UTC+10. With --tally the counts, tab-separated.
"""
import argparse
import csv
import datetime
import decimal
import sys

decimal.getcontext().prec = 60

COLUMNS = """order_id security_code date side participantid exchangeordertype group price quantity leavesquantity
totalmatchedquantity first_timestamp initial_quantity initial_price completion_timestamp last_timestamp trades traded_quantity
traded_value actual_quantity actual_cost amended""".split()

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
    return max(tied, key=lambda event: [rank(name, event[name]) for name in ["sequence"] + others])


def canonical(value):
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def group_of(event):
    if event["totalmatchedquantity"] == "":
        return ""
    if int(event["totalmatchedquantity"]) == 0:
        return "NOT_EXECUTED"
    if event["leavesquantity"] == "":
        return ""
    return "FULLY_FILLED" if int(event["leavesquantity"]) == 0 else "PARTIALLY_FILLED"


def totals(trades):
    quantity, value = 0, decimal.Decimal(0)
    for trade in trades:
        if trade["quantity"] != "":
            quantity += int(trade["quantity"])
            if trade["price"] != "":
                value += int(trade["quantity"]) * decimal.Decimal(trade["price"])
    return quantity, value


def classify(events, trades, known):
    times = [int(event["timestamp"]) for event in events]
    ends = [int(event["timestamp"]) for event in events if event["leavesquantity"] == "0"]
    first, last = best(events, min(times), known), best(events, max(times), known)
    begin, end = min(times), max(ends or times)
    between = [trade for trade in trades if trade["timestamp"] != "" and begin <= int(trade["timestamp"]) <= end]
    date = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=max(times) // 10**9 + 36000)
    result = {name: last[name] for name in COLUMNS if name in last}
    result.update(zip(("traded_quantity", "traded_value"), map(canonical_or_int, totals(trades))))
    result.update(zip(("actual_quantity", "actual_cost"), map(canonical_or_int, totals(between))))
    result.update(date=date.date().isoformat(), group=group_of(last), first_timestamp=begin, completion_timestamp=end,
                  initial_quantity=first["quantity"], initial_price=first["price"], last_timestamp=max(times),
                  trades=len(trades), amended=int(first["quantity"] != last["quantity"]))
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
    parser.add_argument("orders")
    parser.add_argument("trades")
    given = parser.parse_args()
    known = schema_columns(given.schema) if given.schema else []
    events, trades = {}, {}
    for event in rows_of(given.orders):
        events.setdefault((int(event["security_code"]), int(event["order_id"])), []).append(event)
    for trade in rows_of(given.trades):
        trades.setdefault((int(trade["security_code"]), int(trade["order_id"])), []).append(trade)
    classified = {key: classify(events[key], trades.get(key, []), known) for key in sorted(events)}
    if given.tally:
        matched = sum(row["trades"] for row in classified.values())
        total = sum(map(len, trades.values()))
        wrong = sum(row["traded_quantity"] != int(row["totalmatchedquantity"] or 0) for row in classified.values())
        executed = sum(row["trades"] > 0 for row in classified.values())
        for line in [("events", sum(map(len, events.values()))), ("orders", len(events)), ("executed", executed),
                     ("trades", total), ("matched", matched), ("unmatched", total - matched), ("mismatched", wrong)]:
            print(*line, sep="\t")
        return
    out = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n", extrasaction="ignore")
    out.writeheader()
    out.writerows(row for row in classified.values() if given.all or row["trades"])


main()
