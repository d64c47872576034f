#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Transaction cost analysis, written anew from its definitions, in fractions: what sw-tca must print.

usage: tca_oracle.py CLASSIFIED.csv TRADES.csv EVENTS.csv|- QUOTES.csv|orders|trades

Everything is held in memory and looked up by time; nothing is shared with the program but the files.
"""
import csv
import datetime
import sys
from bisect import bisect_left, bisect_right
from collections import defaultdict
from fractions import Fraction
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Australia/Sydney")
NONE = -(2**63)
NAMES = {"securitycode": "security_code", "orderbookid": "security_code", "orderid": "order_id",
         "tradetime": "timestamp", "tradeprice": "price", "bidprice": "bid", "offerprice": "offer"}
MARKET = {1, 20, 46, 47, 49, 50, 51, 52, 90}
DARK = {46, 47, 49, 50, 51, 52}
HORIZONS = {"50ms": 50 * 10**6, "1s": 10**9, "15s": 15 * 10**9, "60s": 60 * 10**9, "300s": 300 * 10**9}


def rows_of(path):
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            yield {NAMES.get(name, name): value for name, value in row.items()}


def number(text):
    if text in (None, ""):
        return None
    value = Fraction(text)
    return None if value == NONE else value


def whole(text):
    value = number(text)
    return None if value is None else int(value)


def local_date(ns):
    return datetime.datetime.fromtimestamp(ns // 10**9, ZONE).date()


def shown(value, places=6):
    if value is None:
        return ""
    scaled = abs(Fraction(value)) * 10**places
    digits = int(scaled + Fraction(1, 2))
    text = str(digits // 10**places)
    if digits % 10**places:
        text += "." + str(digits % 10**places).zfill(places).rstrip("0")
    return "-" + text if value < 0 and digits else text


class Quotes:
    """The moments of a security."""

    def __init__(self, rows):
        rows.sort(key=lambda row: row[:2])
        self.times, self.crossed, self.good = [], [], []
        for time, _, bid, offer in rows:
            if self.times and self.times[-1] == time:
                continue
            self.times.append(time)
            sided = bid is not None and offer is not None
            self.crossed.append(sided and bid > offer)
            if sided and bid <= offer:
                self.good.append((time, (bid + offer) / 2, offer - bid))
        self.good_times = [time for time, _, _ in self.good]

    def before(self, time):
        at = bisect_left(self.good_times, time)
        return self.good[at - 1] if at else None

    def mid(self, time):
        quote = self.before(time)
        return quote and quote[1]

    def is_crossed(self, time):
        at = bisect_left(self.times, time)
        return bool(at) and self.crossed[at - 1]

    def first_of(self, date):
        return next((quote for quote in self.good if local_date(quote[0]) == date), None)


def price(text):
    value = number(text)
    return None if value == 0 else value


def read_quotes(source, trades, events):
    rows = defaultdict(list)
    if source == "trades":
        names, of = ("nationalbidpricesnapshot", "nationalofferpricesnapshot"), trades
    elif source == "orders":
        names, of = ("national_bid", "national_offer"), events
    else:
        names, of = ("bid", "offer"), list(rows_of(source))
    for row in of:
        rows[row["security_code"]].append((int(row["timestamp"]), int(row.get("sequence") or -1),
                                           price(row[names[0]]), price(row[names[1]])))
    return defaultdict(lambda: Quotes([]), {code: Quotes(of) for code, of in rows.items()})


class Market:
    """A security's trades, each once, by time."""

    def __init__(self, rows):
        trades = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        self.last_continuous = {}
        for at, row in enumerate(rows):
            source = int(row["dealsource"])
            if source not in MARKET:
                continue
            time, quantity = int(row["timestamp"]), int(row["quantity"])
            match = row["matchgroupid"] if row["matchgroupid"] not in ("", "0") else ("alone", at)
            sums = trades[time, match][row["side"]]
            sums[0] += quantity
            sums[1] += quantity * number(row["price"])
            if source == 1:
                date = local_date(time)
                self.last_continuous[date] = max(time, self.last_continuous.get(date, time))
        self.trades = sorted((key[0], *max(sides.values(), key=lambda sums: sums[0]))
                             for key, sides in trades.items())
        self.times = [time for time, _, _ in self.trades]

    def between(self, start, end):
        part = self.trades[bisect_left(self.times, start):bisect_right(self.times, end)]
        return sum(quantity for _, quantity, _ in part), sum(value for _, _, value in part)


def ratio(above, below):
    return None if above is None or below is None or below == 0 else Fraction(above) / Fraction(below)


def times(factor, value):
    return None if value is None else factor * value


def total(values):
    values = list(values)
    return None if any(value is None for value in values) else sum(values)


def measure(order, own, events, quotes, market, source):
    side = order["side"]
    sign = {"1": 1, "2": -1}.get(side)
    first_ns, last_ns = int(order["first_timestamp"]), int(order["last_timestamp"])
    fills = [(int(row["timestamp"]), int(row["quantity"]), number(row["price"]), kind_of(row))
             for row in own if int(row["dealsource"]) in MARKET]
    asked, matched = whole(order["order_quantity"]), whole(order["totalmatchedquantity"])
    booked = whole(order["booked_quantity"]) or 0
    out = {}

    # arrival
    first = events[0] if events else None
    session_date = local_date(fills[0][0] if fills else last_ns)
    if first and "changereason" in first:
        reload = whole(first["changereason"]) == 30
    else:
        reload = local_date(first_ns) < session_date
    today = quotes.first_of(local_date(first_ns))
    arrival, arrival_mid, came_from, age = first_ns, None, None, None
    own_quote = None
    if source == "orders" and first:
        bid, offer = price(first["national_bid"]), price(first["national_offer"])
        if bid is not None and offer is not None and bid <= offer:
            own_quote = (bid + offer) / 2
    if not reload and own_quote is not None:
        arrival_mid, came_from, age = own_quote, "entry", 0
    elif not reload and today and today[0] < first_ns:
        quote = quotes.before(first_ns)
        arrival_mid, came_from, age = quote[1], "entry", first_ns - quote[0]
    else:
        quote = today if today and not reload else quotes.first_of(session_date)
        if quote:
            arrival, arrival_mid, came_from, age = quote[0], quote[1], "session", 0
    out.update(arrival=str(arrival), arrival_from=came_from or "", arrival_midprice=shown(arrival_mid),
               quote_age="" if age is None else str(age))

    # prices
    quantity, value = sum(q for _, q, _, _ in fills), sum(q * p for _, q, p, _ in fills)
    vwap = ratio(value, quantity)
    out.update(trades=str(len(fills)), traded_quantity=str(quantity), traded_value=shown(value),
               vwap=shown(vwap), fill_ratio=shown(ratio(matched, asked), 18),
               crossed=str(sum(quotes.is_crossed(t) for t, _, _, _ in fills)))
    gap = None if vwap is None or arrival_mid is None else sign * (vwap - arrival_mid)
    out["arrival_cost_bps"] = shown(times(10**4, ratio(gap, arrival_mid)))

    def cost(of):
        of = list(of)
        mids = [quotes.mid(t) for t, _, _, _ in of]
        if not of or None in mids:
            return None
        above = sum(q * sign * (p - m) for (_, q, p, _), m in zip(of, mids))
        return times(10**4, ratio(above, sum(q * m for (_, q, _, _), m in zip(of, mids))))

    whole_cost = cost(fills)
    out["cost_bps"] = shown(whole_cost)
    out["effective_spread_bps"] = shown(times(2, whole_cost))
    for kind in ("passive", "aggressive", "dark", "auction"):
        of = [fill for fill in fills if fill[3] == kind]
        out["cost_bps_" + kind] = shown(cost(of))
        out[kind + "_share"] = shown(ratio(sum(q for _, q, _, _ in of), quantity))
    out["booked_share"] = shown(ratio(booked, booked + quantity))
    before = [quotes.before(t) for t, _, _, _ in fills]
    over = None
    if fills and None not in before:
        over = ratio(sum(2 * q * sign * (p - b[1]) for (_, q, p, _), b in zip(fills, before)),
                     sum(q * b[2] for (_, q, _, _), b in zip(fills, before)))
    out["effective_over_quoted_pct"] = shown(times(100, over))

    # what was given back
    for name, horizon in HORIZONS.items():
        realized = None
        if whole_cost is not None:
            after = []
            for t, _, _, _ in fills:
                end = market.last_continuous.get(local_date(t))
                after.append(quotes.mid(t + horizon) if end is not None and t + horizon <= end else None)
            above = total(None if m is None else q * sign * (p - m)
                          for (_, q, p, _), m in zip(fills, after))
            base = sum(q * b[1] for (_, q, _, _), b in zip(fills, before))
            realized = times(2 * 10**4, ratio(above, base))
        out["realized_spread_%s_bps" % name] = shown(realized)
        out["impact_%s_bps" % name] = shown(None if realized is None else 2 * whole_cost - realized)

    # what was missed
    rest = asked - matched
    base = None if arrival_mid is None else asked * arrival_mid
    end_mid = quotes.mid(last_ns) if last_ns >= arrival else None
    execution = None if arrival_mid is None else sign * sum(q * (p - arrival_mid) for _, q, p, _ in fills)
    opportunity = 0 if rest == 0 else None if None in (end_mid, arrival_mid) else \
        sign * rest * (end_mid - arrival_mid)
    both = None if None in (execution, opportunity) else execution + opportunity
    for name, above in (("", both), ("_execution", execution), ("_opportunity", opportunity)):
        out["shortfall%s_bps" % name] = shown(times(10**4, ratio(above, base)))

    # against the market
    share = against = None
    if fills and fills[-1][0] >= arrival:
        volume, worth = market.between(arrival, fills[-1][0])
        mine = [(q, q * p) for t, q, p, _ in fills if t >= arrival]
        own_volume, own_worth = sum(q for q, _ in mine), sum(v for _, v in mine)
        others = volume - own_volume
        share = ratio(own_volume, volume)
        others_vwap = ratio(worth - own_worth, others)
        against = times(10**4, ratio(None if others_vwap is None else sign * (vwap - others_vwap),
                                     others_vwap))
    out.update(participation=shown(share), vwap_cost_bps=shown(against))

    # limits and times
    limits = []
    for t, _, _, _ in fills:
        if events is None:
            begin, end = number(order["initial_price"]), number(order["price"])
            limits.append(begin if begin == end else None)
            continue
        seen = [event for event in events if int(event["timestamp"]) <= t]
        limits.append(number(seen[-1]["price"]) if seen else None)
    better = total(None if limit is None else q * sign * (limit - p)
                   for (_, q, p, _), limit in zip(fills, limits))
    out["limit_improvement"] = shown(ratio(better, quantity))
    out["time_to_first_fill"] = shown(fills[0][0] - arrival if fills else None)
    out["time_first_to_last"] = shown(fills[-1][0] - fills[0][0] if fills else None)
    out["time_volume_weighted"] = shown(ratio(sum(q * (t - arrival) for t, q, _, _ in fills), quantity), 0)
    return out


def kind_of(row):
    source = int(row["dealsource"])
    if source == 20:
        return "auction"
    if source in DARK:
        return "dark"
    return {"0": "passive", "1": "aggressive"}.get(row["passiveaggressive"], "other")


HEADER = """security_code arrival side exchangeordertype order_quantity fill_ratio vwap arrival_cost_bps cost_bps
passive_share dark_share realized_spread_60s_bps impact_60s_bps order_id date participantid group arrival_from
arrival_midprice quote_age trades traded_quantity traded_value effective_spread_bps realized_spread_50ms_bps
realized_spread_1s_bps realized_spread_15s_bps realized_spread_300s_bps impact_50ms_bps impact_1s_bps impact_15s_bps
impact_300s_bps effective_over_quoted_pct cost_bps_passive cost_bps_aggressive cost_bps_dark cost_bps_auction
aggressive_share auction_share booked_share shortfall_bps shortfall_execution_bps shortfall_opportunity_bps
vwap_cost_bps participation limit_improvement time_to_first_fill time_first_to_last time_volume_weighted crossed""".split()


def main():
    classified, trades_path, events_path, source = sys.argv[1:5]
    trades = list(rows_of(trades_path))
    events = list(rows_of(events_path)) if events_path != "-" else []
    of_order, of_security, life = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in sorted(trades, key=lambda row: int(row["timestamp"])):
        of_order[row["security_code"], row["order_id"]].append(row)
        of_security[row["security_code"]].append(row)
    for row in sorted(events, key=lambda row: (int(row["timestamp"]), int(row["sequence"]))):
        life[row["security_code"], row["order_id"]].append(row)
    quotes = read_quotes(source, trades, events)
    markets = defaultdict(lambda: Market([]), {code: Market(rows) for code, rows in of_security.items()})
    print(",".join(HEADER))
    for order in rows_of(classified):
        key = order["security_code"], order["order_id"]
        row = dict(order, **measure(order, of_order[key], life[key] if events_path != "-" else None,
                                    quotes[key[0]], markets[key[0]], source))
        print(",".join(row[name] for name in HEADER))


if __name__ == "__main__":
    main()
