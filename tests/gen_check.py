#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""gen_check.py FOLDER: whether orders.csv (with all 30 columns), trades.csv and nbbo.csv, made by sw-gen, agree with each other and
with what is known of the exchange's extracts. It knows the columns and the habits, nothing of how they were made. What does not agree
is printed, a line for each kind with its first case, and the status is 1; else what there is of each kind is printed."""
import csv
import os
import sys
from collections import Counter, defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

SYDNEY = ZoneInfo("Australia/Sydney")
NONE = -9223372036854775808
NEW, UPDATED, TRADED, RELOADED = 6, 5, 3, 30
CANCELLED, PURGED = (1, 9, 10), (24, 26)
ON_BOOK, OFF_BOOK, INACTIVE = 1, 2, 4
LIT, AUCTION, DARK, AFTER = (1, 44), (20, 45), (46, 47, 48), (90, 91)
BOOKED, REPORTED = (44, 45, 48, 91), (3, 4, 5, 6)
wrong, first_case, seen = Counter(), {}, Counter()


def check(true, what, case):
    if not true:
        wrong[what] += 1
        first_case.setdefault(what, case)


def rows(folder, name):
    with open(os.path.join(folder, name), newline="") as file:
        for row in csv.DictReader(file):
            for key, value in row.items():
                try:
                    row[key] = int(value)
                except ValueError:
                    try:
                        row[key] = float(value)
                    except ValueError:
                        pass
            yield row


hours = {}


def local(time):
    """The date and the second of the day in Sydney."""
    key, rest = divmod(time // 10**9, 900)
    if key not in hours:
        at = datetime.fromtimestamp(key * 900, SYDNEY)
        hours[key] = at.date(), at.hour * 3600 + at.minute * 60 + at.second
    date, second = hours[key]
    return date, second + rest


def clock(text):
    hour, minute, second = map(int, text.split(":"))
    return hour * 3600 + minute * 60 + second


def within(second, start, end):
    return clock(start) <= second < clock(end)


def forward(table, time):
    last, before = 0, 0
    for row in table:
        check(row[time] >= last and row["sequence"] > before, f"{time} and sequence go forward", row)
        last, before = row[time], row["sequence"]


def entry(life):
    start = [event for event in life if event["timestamp"] == life[0]["timestamp"]]
    reasons = [event["changereason"] for event in start]
    if reasons[0] == RELOADED:
        date, second = local(life[0]["timestamp"])
        check(date.isoformat() == "2024-08-30" and within(second, "21:22:00", "21:23:00"), "orders older than the data come on the first evening", life[0])
        check(reasons[:2] == [RELOADED] * 2, "a reload is two or three messages", life[0])
        seen["orders of earlier days"] += 1
        return
    check(reasons[:2] == [NEW, NEW] and NEW not in [event["changereason"] for event in life[2:]], "a new order is two messages of one time", life[0])
    check(start[0]["orderstatus"] == OFF_BOOK and start[0]["totalmatchedquantity"] == 0, "the first message is not on the book yet", life[0])
    seen["orders"] += 1


def changes(life):
    for before, after in zip(life, life[1:]):
        for name in ("security_code", "side", "participantid", "exchangeordertype", "midtick", "crossingkey"):
            check(before[name] == after[name], f"{name} of an order never changes", after)
        reason = after["changereason"]
        matched = after["totalmatchedquantity"] - before["totalmatchedquantity"]
        left = before["leavesquantity"] - after["leavesquantity"]
        check(matched >= 0 and (matched == 0 or reason in (NEW, TRADED)), "only a trade, or the entry, moves what is matched", after)
        check(reason == UPDATED or left == matched, "what is matched is taken from what is left", after)
        check(reason in (UPDATED,) or (before["quantity"], before["price"]) == (after["quantity"], after["price"]),
              "only an update changes price and quantity", after)
        check(reason != TRADED or matched > 0, "a trade matches something", after)
        if reason in CANCELLED or reason in PURGED:
            check(left == 0 and after["leavesquantity"] > 0 and after["orderstatus"] == OFF_BOOK, "who is cancelled keeps what is left, off the book", after)
            check(after is life[-1], "nothing comes behind a cancellation or a purge", after)
        if before["orderstatus"] == OFF_BOOK:
            check(reason in (NEW, RELOADED), "nothing comes behind the end", after)
        if all(before[name] == after[name] for name in ("timestamp", "price", "quantity", "leavesquantity", "totalmatchedquantity", "orderstatus")):
            seen["events that repeat another"] += 1
        if reason == UPDATED and after["quantity"] == after["leavesquantity"] and after["totalmatchedquantity"]:
            seen["updates that set quantity to what is open"] += 1
        if reason == RELOADED and before["timestamp"] != after["timestamp"]:
            seen["reloads"] += 1


def events(life):
    for event in life:
        date, second = local(event["timestamp"])
        reason, status = event["changereason"], event["orderstatus"]
        check(date.weekday() < 5 and str(date) == event["date"], "weekdays of Sydney", event)
        check(event["leavesquantity"] >= 0 and event["quantity"] > 0 and event["price"] > 0, "quantities and prices", event)
        check(event["leavesquantity"] > 0 or status == OFF_BOOK, "who has nothing left is off the book", event)
        check((reason == RELOADED) == within(second, "21:22:00", "21:23:00"), "reloads are in the evening", event)
        check((reason in PURGED) == within(second, "18:50:00", "18:51:00"), "purges are at the end of the day", event)
        check(reason == RELOADED or reason in PURGED or within(second, "07:00:00", "16:12:00"), "all others happen in the day", event)
        seen[f"changereason {reason}"] += 1
        seen[f"orderstatus {status}"] += 1


def orders(lives, sums):
    for order, life in lives.items():
        check(10**18 <= order < 10**19, "ids have 19 digits", life[0])
        entry(life)
        changes(life)
        events(life)
        last = life[-1]
        check(last["totalmatchedquantity"] == sums[order], "an order's trades add up to what its last event says", last)
        open_end = last["orderstatus"] != OFF_BOOK
        check(not open_end or last["timevaliditydecoded"] == "Good Till Cancelled", "every order of the day has an end", last)
        kind = "open" if open_end else "filled" if last["leavesquantity"] == 0 else "cancelled, partly filled" if last["totalmatchedquantity"] else "cancelled"
        seen[f"end: {kind}"] += 1
        if last["totalmatchedquantity"] + last["leavesquantity"] > last["quantity"]:
            seen["orders of less quantity than matched and left"] += 1


def tick(price):
    return 1 if price < 100 else 5 if price < 2000 else 10


def limits(row, order):
    """A trade's price is within the order's limit; in the dark half a tick beyond it where midtick is 1, and truncated to the unit."""
    beyond = order["price"] - row["tradeprice"] if row["side"] == 2 else row["tradeprice"] - order["price"]
    dark = row["dealsource"] in DARK
    half = tick(order["price"]) / 2 if dark and order["midtick"] == 1 else 0
    check(beyond <= half + (0.5 if dark and row["side"] == 2 else 0), "trades respect the limits of their orders", row)
    if dark and beyond > 0:
        seen["dark sides half a tick beyond"] += 1


def trade(sides, at, lives):
    one, other = sides
    source, keys = one["dealsource"], []
    for name in ("tradetime", "securitycode", "dealsource", "tradeprice", "quantity", "tradedate", "nationalbidpricesnapshot", "nationalofferpricesnapshot"):
        check(one[name] == other[name], f"both sides have one {name}", one)
    check([one["side"], other["side"]] == [1, 2] and one["quantity"] > 0, "a buyer's side and a seller's", one)
    date, second = local(one["tradetime"])
    check(str(date) == one["tradedate"], "tradedate is Sydney's", one)
    spans = [("10:00:45", "16:00:00")] if source in LIT + DARK + REPORTED else [("16:11:00", "16:12:00")] if source in AFTER else [("10:00:00", "10:00:45"), ("16:10:00", "16:11:00")]
    check(any(within(second, *span) for span in spans), "trades are within the hours of their kind", one)
    bid, offer = one["nationalbidpricesnapshot"], one["nationalofferpricesnapshot"]
    check(0 < bid < offer, "the quote of a trade has two sides", one)
    check(bid <= one["tradeprice"] <= offer, "a trade's price lies in its quote", one)
    if source in DARK + REPORTED:
        check(one["tradeprice"] == (bid + offer) // 2, "dark prices are the middle, truncated", one)
        seen["truncated dark prices"] += (bid + offer) % 2
    takers = one["passiveaggressive"] + other["passiveaggressive"]
    check(takers == 1 if source in LIT + AFTER else takers == 0 if source in AUCTION + REPORTED else takers < 2, "one takes, or nobody", one)
    same = one["participantid"] == other["participantid"]
    if source in REPORTED:
        check(one["orderid"] == other["orderid"] and one["orderid"] not in lives and same, "a report's id is no order", one)
    else:
        for side in sides:
            order = at.get((side["orderid"], side["tradetime"]))
            check(order is not None, "every trade's order has an event at its time", side)
            if order is None:
                return
            check((order["security_code"], order["side"], order["participantid"]) == (side["securitycode"], side["side"], side["participantid"]),
                  "a trade's order is of its security, side and participant", side)
            check((source in DARK) <= (order["exchangeordertype"] != 0), "only Centre Point orders trade in the dark", side)
            limits(side, order)
            keys.append(order["crossingkey"])
        check((source in BOOKED) == (same and keys[0] == keys[1] != 0), "bookings are of one participant with one key", one)
        check(source != 46 or same, "who is preferred is its own", one)
        check(source != 47 or not same or not takers, "who is its own is preferred", one)
    seen[f"dealsource {source}"] += 1
    if source in DARK and takers == 0:
        seen["dark trades that a quote set off"] += 1


def trades(table, lives):
    at = {(order, event["timestamp"]): event for order, life in lives.items() for event in life}
    groups = defaultdict(list)
    for row in table:
        groups[row["matchgroupid"]].append(row)
    for sides in groups.values():
        check(len(sides) == 2, "a trade is two rows", sides[0])
        if len(sides) == 2:
            trade(sides, at, lives)
    together = defaultdict(set)
    for row in table:
        together[row["securitycode"], row["tradetime"]].add((row["nationalbidpricesnapshot"], row["nationalofferpricesnapshot"]))
    for key, quotes in together.items():
        check(len(quotes) == 1, "trades of one nanosecond share their quote", key)


def quotes(table, traded):
    by_code = defaultdict(list)
    for row in table:
        bid, offer = row["bidprice"], row["offerprice"]
        date, second = local(row["timestamp"])
        check(row["tradedate"] % 86400_000000000 == 0 and datetime.fromtimestamp(row["tradedate"] // 10**9, ZoneInfo("UTC")).date() == date, "a quote's date is Sydney's", row)
        check(row["creationtime"] < row["timestamp"], "a quote is created before it is published", row)
        absent = [price for price in (bid, offer) if price in (NONE, 0)]
        check(all(price > 0 or price in (NONE, 0) for price in (bid, offer)), "prices of quotes", row)
        seen["quotes without a side, NONE"] += NONE in absent
        seen["quotes without a side, 0"] += 0 in absent
        seen["quotes crossed"] += not absent and bid > offer
        seen["quotes"] += 1
        by_code[row["orderbookid"]].append(row)
    busiest = 110621  # all of its quotes are written
    known = iter(by_code[busiest])
    last, coming = None, next(known, None)
    for row in (row for row in traded if row["securitycode"] == busiest):
        while coming and coming["timestamp"] <= row["tradetime"]:
            last, coming = coming, next(known, None)
        check(last and (last["bidprice"], last["offerprice"]) == (row["nationalbidpricesnapshot"], row["nationalofferpricesnapshot"]),
              "the last quote of a busy security is the trade's", row)


def main():
    folder = sys.argv[1]
    tables = {name: list(rows(folder, f"{name}.csv")) for name in ("orders", "trades", "nbbo")}
    forward(tables["orders"], "timestamp")
    forward(tables["trades"], "tradetime")
    forward(tables["nbbo"], "timestamp")
    lives, sums = defaultdict(list), Counter()
    for row in tables["orders"]:
        lives[row["order_id"]].append(row)
    for row in tables["trades"]:
        sums[row["orderid"]] += row["quantity"]
    orders(lives, sums)
    trades(tables["trades"], lives)
    quotes(tables["nbbo"], tables["trades"])
    for what, count in sorted(wrong.items()):
        print(f"WRONG {count} times: {what}: {first_case[what]}")
    if not wrong:
        for what, count in sorted(seen.items()):
            print(f"{what}\t{count}")
    sys.exit(1 if wrong else 0)


main()
