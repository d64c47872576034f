#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A second matcher of the dark book, written from the manual page of sw-match alone: slow, plain, with fractions only.

    match_independent.py SEED FOLDER [CASES]

makes the books of a seed in FOLDER (orders.csv, trades.csv, nbbo.csv, sessions.csv, ticks.csv) and, for each of some sets of
rules, what sw-match has to write of them. FOLDER/cases has a line for each: its number, and the options of sw-match, separated by
tabs. N.matches and N.sweeps are CSV as sw-cut writes it, N.summary the last line of --summary.

It is to stay so: where it and the program differ, one of them or the page is wrong, and nothing is excepted. Every moment looks
at all orders and all quotes again; nothing is indexed.
"""
import csv
import random
import sys
from fractions import Fraction

RULES = ["limit", "half_tick", "midtick", "inventory", "elsewhere", "book", "preferencing", "minimum", "crossing", "quote",
         "inside", "session"]
CENTRE_POINT = 64 | 256 | 2048 | 4096
SWEEP = 2048
LIT = 1
SECOND = 10**9
DAY = 86400 * SECOND
ZONE = 10 * 3600 * SECOND  # Sydney before October
MORNING = 1725494400 * SECOND  # 2024-09-05, ten o'clock there
HALF = (1, 4, 6)  # what midtick says half a tick further


def local_date(timestamp):
    day = (timestamp + ZONE) // DAY - (MORNING + ZONE) // DAY
    return f"2024-09-{5 + day:02d}"


# ---------------------------------------------------------------------------------------------------------------- books

EVENT_COLUMNS = ["order_id", "timestamp", "security_code", "price", "side", "orderstatus", "quantity", "leavesquantity",
                 "exchangeordertype", "participantid", "midtick", "singlefillminimumquantity", "minimumquantity", "sequence",
                 "crossingkey", "totalmatchedquantity"]


class Maker:
    """Orders, trades, quotes, sessions and ticks of a seed. Times are few, so that much happens at once."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        draw = self.random
        self.events, self.trades, self.quotes, self.sessions, self.ticks = [], [], [], [], []
        self.sequences = list(range(1, 4000))
        draw.shuffle(self.sequences)
        self.securities = draw.choice([[70], [70], [70, 71]])
        self.days = draw.choice([[0], [0], [0, 1]])
        self.moments = draw.choice([6, 20, 60])
        self.tick = draw.choice([10, 10, 4, 1])
        self.people = draw.choice([2, 4])
        self.odd_prices = draw.random() < 0.3
        self.minimums = draw.choice([0, 0.3])
        self.keys = draw.choice([0, 0.4])
        self.midticks = draw.choice([0, 0.6, 1])
        self.wide = draw.choice([1, 2, 4])
        self.missing = draw.choice([0, 0.05, 0.15])
        self.widths = draw.choice([[1, 2], [2, 3, 6], [1, 1, 2, 2, 3, 0, -1]])
        self.closed = draw.choice([0.1, 0.5])
        self.order_id = draw.choice([100, 2**63 + 5])
        for security in self.securities:
            self.make_quotes(security)
            self.make_sessions(security)
            for _ in range(draw.choice([8, 16, 30, 40])):
                self.make_order(security, draw.random() < 0.35)
            if draw.random() < 0.7:
                self.ticks.append((security, 0, self.tick * draw.choice([1, 1, 2])))
                if draw.random() < 0.5:
                    self.ticks.append((security, 3000, self.tick * draw.choice([1, 3])))

    def time(self, day, low=0, high=None):
        high = self.moments if high is None else high
        return MORNING + day * DAY + self.random.randint(low, high) * SECOND

    def price(self):
        draw = self.random
        price = 3000 + draw.randint(-self.wide, self.wide) * self.tick
        if self.odd_prices and draw.random() < 0.3:
            price = Fraction(price * 4 + draw.randint(-3, 3), 4)
        return price

    def make_quotes(self, security):
        draw = self.random
        for day in self.days:
            for _ in range(draw.choice([1, 4, 12])):
                middle, width = 3000 + draw.randint(-2, 2) * self.tick, draw.choice(self.widths) * self.tick
                bid, offer = middle - (width // 2), middle - (width // 2) + width
                missing = draw.random()
                if missing < self.missing:
                    bid = None
                elif missing < 2 * self.missing:
                    offer = None
                self.quotes.append({"security_code": security, "timestamp": self.time(day, -1), "bid": bid, "offer": offer,
                                    "sequence": draw.choice([self.sequences.pop(), 7, 8])})

    def make_sessions(self, security):
        draw = self.random
        for day in self.days:
            if draw.random() < 0.8:
                self.sessions.append((security, MORNING + day * DAY - 5 * SECOND, "PRE" if draw.random() < self.closed else "OPEN"))
            for _ in range(draw.choice([0, 1, 3])):
                timestamp = self.time(day)
                if all(timestamp != other[1] or security != other[0] for other in self.sessions):
                    self.sessions.append((security, timestamp,
                                          draw.choice(["PRE", "CLOSE"]) if draw.random() < self.closed else "OPEN"))

    def make_order(self, security, as_sweep):
        draw = self.random
        self.order_id += draw.randint(1, 3)
        side = draw.choice([1, 2])
        day = draw.choice(self.days)
        quantity = draw.choice([1, 5, 10, 10, 20, 50, 100, 100])
        event = dict.fromkeys(EVENT_COLUMNS)
        event.update(order_id=self.order_id, timestamp=self.time(day), security_code=security, side=side, orderstatus=1,
                     price=self.price() if draw.random() < 0.9 else None, quantity=quantity, leavesquantity=quantity,
                     exchangeordertype=SWEEP if as_sweep else draw.choice([64, 64, 64, 256, 4096, SWEEP, SWEEP | 64, 0, 8]),
                     participantid=draw.randint(1, self.people) if draw.random() < 0.95 else None,
                     totalmatchedquantity=0, crossingkey=0)
        if draw.random() < self.midticks:
            event["midtick"] = draw.choice([0, 1, 1, 2, 3, 4, 5, 6])
        if draw.random() < self.minimums:
            event["singlefillminimumquantity"] = draw.choice([0, 5, 10, 20])
        if draw.random() < self.minimums:
            event["minimumquantity"] = draw.choice([0, 5, 10, 30])
        if draw.random() < self.keys:
            event["crossingkey"] = draw.choice([1, 1, 2])
        if draw.random() < 0.03:
            event["leavesquantity"] = None
        event["sequence"] = self.sequences.pop()
        self.events.append(event)
        for _ in range(draw.choice([0, 1, 1, 2, 4])):
            event = self.amend(event, day)
        if as_sweep:
            self.end_sweep(event, day)
        elif draw.random() < 0.3:
            self.trade(event, day, draw.choice([LIT, 46]))

    def later(self, event, day):
        """A time not before that of the event, often the same."""
        at = (event["timestamp"] - MORNING) // SECOND
        if at >= 86400:
            at, day = at - 86400, 1
        elif 1 in self.days and self.random.random() < 0.1:
            return self.time(1)
        return MORNING + day * DAY + min(self.moments, at + self.random.choice([0, 0, 1, 2, 5])) * SECOND

    def amend(self, event, day):
        draw = self.random
        event = dict(event)
        timestamp = self.later(event, day)
        sequence = self.sequences.pop()
        if timestamp == event["timestamp"] and sequence < event["sequence"]:
            sequence = event["sequence"] + 4000  # what comes of an order later has the larger sequence
        event["timestamp"], event["sequence"] = timestamp, sequence
        what = draw.choice(["fill", "fill", "price", "midtick", "more", "off", "on", "minimum", "nothing", "key"])
        leaves = event["leavesquantity"] or 0
        if what == "fill":
            part = draw.randint(0, leaves)
            event["leavesquantity"] = leaves - part
            event["totalmatchedquantity"] += part
        elif what == "price":
            event["price"] = self.price() if draw.random() < 0.9 else None
        elif what == "midtick" and self.midticks:
            event["midtick"] = draw.choice([None, 0, 1, 2, 3, 4, 5, 6])
        elif what == "more":
            event["leavesquantity"] = leaves + 5
            event["quantity"] += 5
        elif what in ("off", "on"):
            event["orderstatus"] = 1 if what == "on" else 2
        elif what == "minimum" and self.minimums:
            event["minimumquantity"] = draw.choice([None, 5, 20])
            event["singlefillminimumquantity"] = draw.choice([None, 5])
        elif what == "key" and self.keys:
            event["crossingkey"] = draw.choice([0, 1, 2])
        self.events.append(event)
        return event

    def end_sweep(self, event, day):
        draw = self.random
        if draw.random() < 0.95:
            event = dict(event)
            event["timestamp"] = self.later(event, day)
            event["sequence"] = event["sequence"] + 4000
            event["leavesquantity"] = 0 if draw.random() < 0.97 else 3
            event["totalmatchedquantity"] = event["quantity"] if draw.random() < 0.97 else 0
            event["orderstatus"] = draw.choice([1, 2, 2])
            self.events.append(event)
        for _ in range(draw.choice([1, 1, 1, 2, 2, 0]) or (draw.random() < 0.8)):
            self.trade(event, day, LIT if draw.random() < 0.95 else draw.choice([46, 20, None]))

    def trade(self, event, day, dealsource):
        self.trades.append({"security_code": event["security_code"], "order_id": event["order_id"],
                            "timestamp": self.later(event, day), "dealsource": dealsource, "price": 3000, "quantity": 1,
                            "side": event["side"], "sequence": self.sequences.pop()})

    def write(self, folder):
        def table(name, columns, rows):
            with open(f"{folder}/{name}.csv", "w", encoding="ascii", newline="") as file:
                out = csv.writer(file, lineterminator="\n")
                out.writerow(columns)
                for row in rows:
                    out.writerow(["" if value is None else plain(value) for value in row])
        rows = [[event[column] for column in EVENT_COLUMNS] for event in self.events]
        self.random.shuffle(rows)
        table("orders", EVENT_COLUMNS, rows)
        for name in ("trades", "nbbo"):
            dicts = self.trades if name == "trades" else self.quotes
            columns = (["security_code", "order_id", "timestamp", "dealsource", "price", "quantity", "side", "sequence"]
                       if name == "trades" else ["security_code", "timestamp", "bid", "offer", "sequence"])
            rows = [[row[column] for column in columns] for row in dicts]
            self.random.shuffle(rows)
            table(name, columns, rows)
        table("sessions", ["security_code", "timestamp", "name"], self.sessions)
        table("ticks", ["security_code", "price", "tick"], self.ticks)


def plain(value, decimals=12):
    """A number as sw-cut writes it: no zeros at the end; rounded half away from zero where it has more decimals."""
    if value is None:
        return ""
    if not isinstance(value, Fraction):
        return str(value)
    scaled = abs(value) * 10**decimals
    digits = int(scaled + Fraction(1, 2))
    text = f"{digits // 10**decimals}.{digits % 10**decimals:0{decimals}d}".rstrip("0").rstrip(".")
    return "-" + text if value < 0 and digits else text


# -------------------------------------------------------------------------------------------------------------- reading

def read(folder, name):
    with open(f"{folder}/{name}.csv", encoding="ascii", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for column, text in row.items():
            if column != "name":
                row[column] = None if text == "" else Fraction(text) if "." in text else int(text)
    return rows


# ------------------------------------------------------------------------------------------------------------- matching

def leaves(event):
    """What is left of an order by an event: its quantity where that is not said."""
    left = event["leavesquantity"]
    return (event["quantity"] or 0) if left is None else left


class Sweep:
    def __init__(self, event, date, end):
        self.event = self.terms = event
        self.date, self.end = date, end
        self.order_id, self.side, self.start = event["order_id"], event["side"], event["timestamp"]
        self.quantity = event["leavesquantity"] or 0
        self.matched = self.booked = self.given = self.matches = 0
        self.value, self.first_match = Fraction(0), None
        self.met = self.in_session = self.with_quote = self.something_left = self.beaten = self.minimum = False


class Contra:
    def __init__(self, event):
        self.event = self.terms = self.first = self.opening = event
        self.order_id, self.side = event["order_id"], event["side"]
        self.given = 0
        self.seen = event["price"], event["midtick"] or 0
        self.place = None  # of one that rests: (timestamp, sequence) of the event with which it took it
        self.on_dates = set()


class Book:
    """One security under a set of rules."""

    def __init__(self, security, tables, rules, concession, opens):
        self.security, self.rules, self.concession, self.opens = security, rules, concession, opens
        mine = {name: [row for row in rows if row["security_code"] == security] for name, rows in tables.items()}
        self.events = sorted(mine["orders"], key=lambda row: (row["timestamp"], row["sequence"]))
        self.trades, self.quotes, self.sessions = mine["trades"], mine["nbbo"], mine["sessions"]
        self.ticks = sorted((row["price"], row["tick"]) for row in mine["ticks"])
        self.step = Fraction(0)  # the largest step that all prices are multiples of
        for event in self.events:
            price = Fraction(abs(event["price"] or 0))
            while price:
                self.step, price = price, self.step % price
        self.rows = []
        self.find_sweeps()

    def on(self, rule):
        return rule in self.rules

    def find_sweeps(self):
        self.sweeps = []
        for key in sorted({(event["order_id"], local_date(event["timestamp"])) for event in self.events}):
            events = [event for event in self.events if (event["order_id"], local_date(event["timestamp"])) == key]
            trades = [row for row in self.trades if (row["order_id"], local_date(row["timestamp"])) == key]
            last = events[-1]
            if (last["exchangeordertype"] == SWEEP and last["leavesquantity"] == 0 and (last["totalmatchedquantity"] or 0) > 0
                    and trades and all(row["dealsource"] == LIT for row in trades)):
                came = [event for event in events if event["timestamp"] == events[0]["timestamp"]][-1]
                self.sweeps.append(Sweep(came, key[1], max(row["timestamp"] for row in trades)))
        self.sweeps.sort(key=lambda sweep: (sweep.start, sweep.event["sequence"]))

    # What holds at a time

    def quote(self, timestamp):
        """The quote that trades: (bid, offer), or None."""
        def place(row):
            nothing = Fraction(-10**12)
            good = row["bid"] is not None and row["offer"] is not None and row["bid"] <= row["offer"]
            return (row["timestamp"], row["sequence"], good, nothing if row["bid"] is None else row["bid"],
                    nothing if row["offer"] is None else row["offer"])
        rows = [row for row in self.quotes if row["timestamp"] <= timestamp]
        if not self.on("quote"):
            rows = [row for row in rows if row["bid"] is not None and row["offer"] is not None and row["bid"] <= row["offer"]]
        if not rows:
            return None
        row = max(rows, key=place)
        if row["bid"] is None or row["offer"] is None or (self.on("quote") and row["bid"] >= row["offer"]):
            return None
        return Fraction(row["bid"]), Fraction(row["offer"])

    def is_open(self, timestamp):
        if not self.on("session"):
            return True
        rows = [row for row in self.sessions if row["timestamp"] <= timestamp]
        return bool(rows) and max(rows, key=lambda row: row["timestamp"])["name"] in self.opens

    def tick(self, event):
        if not self.ticks:
            return self.step
        below = [tick for price, tick in self.ticks if event["price"] is not None and price <= event["price"]]
        return Fraction(below[-1] if below else self.ticks[0][1])

    # What one wants and has

    def limit(self, one):
        event = one.terms
        if not self.on("limit") or event["price"] is None:
            return None
        half, further = self.tick(event) / 2, Fraction(0)
        if self.on("half_tick"):
            own = half if event["midtick"] in HALF else Fraction(0)
            if isinstance(one, Contra):
                further = own if self.on("midtick") else half
            else:
                further = half if self.concession == "midtick" else Fraction(0 if self.concession == "entered"
                                                                              else self.concession)
                if self.on("midtick"):
                    further = max(further, own)
        return event["price"] + further if one.side == 1 else event["price"] - further

    def takes(self, one, price):
        limit = self.limit(one)
        return limit is None or (price <= limit if one.side == 1 else price >= limit)

    def remaining(self, one):
        if isinstance(one, Sweep):
            left = one.quantity - one.matched - one.booked
            return left - one.given if self.on("inventory") else left
        if self.on("elsewhere"):
            left = leaves(one.event)
        else:
            left = one.first["quantity"] or 0
        left -= one.given
        if self.on("inventory"):
            left -= sum(sweep.matched + sweep.booked for sweep in self.sweeps_of(one))
        return left

    def sweeps_of(self, contra):
        return [sweep for sweep in self.sweeps if sweep.order_id == contra.order_id and sweep.date in contra.on_dates]

    def price(self, sweep, contra, bid, offer):
        """The price at which the two trade, or None."""
        mid = (bid + offer) / 2
        if self.takes(sweep, mid) and self.takes(contra, mid):
            return mid
        if self.on("inside") and all(one.terms["midtick"] is not None and 3 <= one.terms["midtick"] <= 6
                                     for one in (sweep, contra)):
            step, prices = self.tick(sweep.terms), []
            price = bid + step
            while step > 0 and price < offer:
                if self.takes(sweep, price) and self.takes(contra, price):
                    prices.append(price)
                price += step
            if prices:
                return min(prices, key=lambda price: abs(price - mid))
        return None

    def both_minimums(self, quantity, comes, waits, left_of_comes, left_of_waits):
        """Whether no minimum of either forbids a match of the quantity."""
        if not self.on("minimum"):
            return True
        for one, left, columns in ((comes, left_of_comes, ["singlefillminimumquantity"]),
                                   (waits, left_of_waits, ["singlefillminimumquantity", "minimumquantity"])):
            for column in columns:
                least = one.terms[column] or 0
                if quantity < least <= left:
                    return False
        return True

    def meet(self, comes, those, timestamp, before=None):
        """One comes and meets those of the other side, which are in their order."""
        those = [one for one in those if one.side != comes.side]
        if self.on("preferencing"):
            person = comes.terms["participantid"]
            own = [one for one in those if person is not None and one.terms["participantid"] == person]
            those = own + [one for one in those if one not in own]
        quote, is_open = self.quote(timestamp), self.is_open(timestamp)
        left, takes = self.remaining(comes), []
        at_first = left
        for one in those:
            sweep, contra = (comes, one) if isinstance(comes, Sweep) else (one, comes)
            sweep.met = True
            if not is_open:
                continue
            sweep.in_session = True
            if quote is None:
                continue
            sweep.with_quote = True
            price, left_of_one = self.price(sweep, contra, *quote), self.remaining(one)
            quantity = min(left, left_of_one)
            had = at_first if contra is comes else before[contra] if before else left_of_one
            if had > 0 and self.remaining(sweep) > 0:
                sweep.something_left = True
                mid = (quote[0] + quote[1]) / 2
                if self.takes(contra, mid) and self.takes(sweep, mid):
                    sweep.beaten = True  # unless something matches
            if quantity <= 0:
                continue
            if price is None:
                continue
            if not self.both_minimums(quantity, comes, one, left, left_of_one):
                sweep.minimum = True
                continue
            takes.append((sweep, contra, quantity, price))
            left -= quantity
        least = (comes.terms["minimumquantity"] or 0) if self.on("minimum") else 0
        if sum(take[2] for take in takes) < least <= at_first:
            for take in takes:
                take[0].minimum = True
            return
        for sweep, contra, quantity, price in takes:
            self.match(sweep, contra, quantity, price, quote, timestamp)

    def match(self, sweep, contra, quantity, price, quote, timestamp):
        one, other = sweep.terms, contra.terms
        booked = (self.on("crossing") and one["participantid"] is not None and one["participantid"] == other["participantid"]
                  and bool(one["crossingkey"]) and one["crossingkey"] == other["crossingkey"])
        contra.given += quantity
        for same in self.sweeps_of(contra):
            same.given += quantity
        if booked:
            sweep.booked += quantity
        else:
            sweep.matched += quantity
            sweep.matches += 1
            sweep.value += price * quantity
            if sweep.first_match is None:
                sweep.first_match = timestamp
        self.rows.append([sweep.order_id, contra.order_id, timestamp, quantity, price, self.security, sweep.date, sweep.side,
                          one["participantid"], other["participantid"], sweep.start, quote[0], quote[1], int(booked)])

    # Without a book: each contra comes once a date

    def run_once(self):
        self.contras = []
        seen = set()
        for event in self.events:
            key = event["order_id"], local_date(event["timestamp"])
            if key in seen:
                continue
            seen.add(key)
            if (event["exchangeordertype"] or 0) & CENTRE_POINT:
                contra = Contra(event)
                contra.on_dates = {key[1]}
                self.contras.append(contra)
        for contra in self.contras:
            now = contra.event["timestamp"]
            self.meet(contra, [sweep for sweep in self.sweeps if sweep.start <= now <= sweep.end], now)

    # With a book

    @staticmethod
    def rests(event):
        return (event["orderstatus"] == 1 and leaves(event) > 0
                and (not (event["exchangeordertype"] or 0) & SWEEP or event["midtick"] == 1))

    def comes_anew(self, contra, before, event):
        """Whether a contra comes anew with an event; before is that before it."""
        old = contra.seen if before is contra.event else (before["price"], before["midtick"] or 0)
        if old != (event["price"], event["midtick"] or 0) or leaves(event) > leaves(before):
            return True
        return self.rests(event) and not self.rests(before)

    def run_book(self):
        self.contras = []
        for order_id in sorted({event["order_id"] for event in self.events}):
            events = [event for event in self.events if event["order_id"] == order_id]
            if (events[0]["exchangeordertype"] or 0) & CENTRE_POINT:
                self.contras.append(Contra(events[0]))
                self.contras[-1].on_dates = {local_date(event["timestamp"]) for event in events}
        moments = {row["timestamp"] for rows in (self.events, self.quotes, self.sessions) for row in rows}
        waiting, before = [], (None, False)
        for now in sorted(moments):
            waiting = [sweep for sweep in waiting if sweep.end >= now]  # 1
            quote = self.quote(now)  # 2
            state = None if quote is None else (quote[0] + quote[1]) / 2, self.is_open(now)
            come = []  # 3
            for contra in self.contras:
                events = [event for event in self.events if event["order_id"] == contra.order_id and event["timestamp"] == now]
                for number, event in enumerate(events):
                    if event is contra.opening or self.comes_anew(contra, contra.event, event):
                        come += [(contra, event) for event in events[number:]]
                        break
                    self.take_effect(contra, event, False)
            if state[0] is not None and state[0] != before[0] or state[1] and not before[1]:  # 4
                had = {contra: self.remaining(contra) for contra in self.resting()}
                for side in (1, 2):
                    for sweep in [sweep for sweep in waiting if sweep.side == side]:
                        self.meet(sweep, self.resting(), now, had)
            before = state
            for sweep in [sweep for sweep in self.sweeps if sweep.start == now <= sweep.end]:  # 5
                self.meet(sweep, self.resting(), now)
                waiting.append(sweep)
            for contra, event in sorted(come, key=lambda pair: pair[1]["sequence"]):  # 6
                comes = event is contra.opening or self.comes_anew(contra, contra.event, event)
                self.take_effect(contra, event, comes)
                if comes:
                    self.meet(contra, waiting, now)

    def take_effect(self, contra, event, anew):
        contra.event = contra.terms = event
        contra.seen = event["price"], event["midtick"] or 0
        for sweep in self.sweeps_of(contra):  # whose terms change, too, while it waits
            if sweep.date == local_date(event["timestamp"]) and event["timestamp"] > sweep.start:
                sweep.terms = event
        if not self.rests(event):
            contra.place = None
        elif anew:
            contra.place = event["timestamp"], event["sequence"]

    def resting(self):
        return sorted((contra for contra in self.contras if contra.place is not None), key=lambda contra: contra.place)

    # What came of the sweeps

    def reason(self, sweep):
        if sweep.matched:
            return ""
        if sweep.booked:
            return "key"
        if sweep.minimum:
            return "minimum"
        if not any(contra.side != sweep.side and sweep.date in contra.on_dates for contra in self.contras) and not sweep.met:
            return "no_contra"
        if not sweep.met:
            return "not_in_time"
        if not sweep.in_session:
            return "session"
        if not sweep.with_quote:
            return "quote"
        if self.remaining(sweep) <= 0 or not sweep.something_left or sweep.beaten:
            return "quantity"
        return "price"

    def sweep_rows(self):
        for sweep in self.sweeps:
            given = min(sweep.given, sweep.quantity - sweep.matched - sweep.booked) if self.on("inventory") else 0
            yield [sweep.order_id, self.security, sweep.date, sweep.side, sweep.event["participantid"], sweep.start, sweep.end,
                   sweep.quantity, sweep.matched, sweep.booked, given, sweep.quantity - sweep.matched - sweep.booked - given,
                   Fraction(sweep.matched, sweep.quantity) if sweep.quantity else None, sweep.matches,
                   sweep.value / sweep.matched if sweep.matched else None, sweep.first_match,
                   None if sweep.first_match is None else sweep.first_match - sweep.start, self.reason(sweep)]


REASONS = ["no_contra", "not_in_time", "session", "quote", "quantity", "price", "minimum", "key"]


def summary_of(matches, sweeps):
    """The last line of the summary, but for its name and change, of the rows of both tables."""
    traded = [row for row in matches if not row[13]]
    waits = [row[2] - row[10] for row in traded]
    orders = {(row[5], row[6], order_id) for row in traded for order_id in row[:2]}  # by security and date
    quantity, matched = sum(row[7] for row in sweeps), sum(row[3] for row in traded)
    line = [len(sweeps), quantity, sum(row[8] > 0 for row in sweeps), len(traded), len(orders), matched, sum(row[9] for row in sweeps)]
    line.append(fixed(Fraction(matched, quantity) if quantity else None, 6))
    line.append(fixed(sum(row[3] * row[4] for row in traded) / matched if matched else None, 6))
    line.append(max([row[3] for row in traded], default=0))
    line.append(fixed(Fraction(sum(waits), len(waits) * SECOND) if waits else None, 6))
    line.append(fixed(Fraction(max(waits), SECOND) if waits else None, 9))
    return line + [sum(row[17] == reason for row in sweeps) for reason in REASONS]


def fixed(value, decimals):
    if value is None:
        return ""
    digits = int(abs(value) * 10**decimals + Fraction(1, 2))
    return f"{'-' if value < 0 else ''}{digits // 10**decimals}.{digits % 10**decimals:0{decimals}d}"


def rules_of(text, tables):
    words = text.split(",")
    rules = set(RULES if words[0] == "full" else [])
    for word in words[1:]:
        if word.startswith("-"):
            rules.discard(word[1:])
        else:
            rules.add(word)
    if "sessions" not in tables:
        rules.discard("session")
    return rules


def solve(folder, number, options):
    """Writes what the options have to give."""
    tables = {name: read(folder, name) for name in ("orders", "trades", "nbbo")}
    for name in ("sessions", "ticks"):
        if f"--{name}" in options:
            tables[name] = read(folder, name)
    rules = rules_of(options[options.index("--rules") + 1] if "--rules" in options else "full", tables)
    concession = options[options.index("--sweep") + 1] if "--sweep" in options else "midtick"
    if concession.startswith("limit"):
        concession = Fraction(concession[6:])
    opens = (options[options.index("--open") + 1] if "--open" in options else "OPEN").split(",")
    tables.setdefault("sessions", [])
    tables.setdefault("ticks", [])
    all_matches, all_sweeps = [], []
    with open(f"{folder}/{number}.matches", "w", encoding="ascii") as matches, \
            open(f"{folder}/{number}.sweeps", "w", encoding="ascii") as sweeps:
        print("sweep_order_id,contra_order_id,timestamp,quantity,price,security_code,date,side,participantid,"
              "contra_participantid,first_timestamp,bid,offer,booked", file=matches)
        print("order_id,security_code,date,side,participantid,first_timestamp,last_timestamp,quantity,matched_quantity,"
              "booked_quantity,given_quantity,remaining_quantity,matched_ratio,matches,vwap,first_match_timestamp,"
              "time_to_first_match,reason", file=sweeps)
        for security in sorted({event["security_code"] for event in tables["orders"]}):
            book = Book(security, tables, rules, concession, opens)
            if "book" in rules:
                book.run_book()
            else:
                book.run_once()
            rows = list(book.sweep_rows())
            for row in book.rows:
                print(",".join(plain(value, 5) for value in row), file=matches)
            for row in rows:
                print(",".join(plain(value, 6) for value in row), file=sweeps)
            all_matches += book.rows
            all_sweeps += rows
    with open(f"{folder}/{number}.summary", "w", encoding="ascii") as summary:
        print(*summary_of(all_matches, all_sweeps), sep=",", file=summary)


def cases_of(seed, count):
    """Options of sw-match: the two sets of rules, each rule alone and left out in turn, and mixtures."""
    draw = random.Random(seed * 7 + 1)
    fixed = [["--rules", "simple"], ["--rules", "full"]]
    fixed += [["--rules", f"simple,{RULES[seed % 12]}"], ["--rules", f"full,-{RULES[seed % 12]}"]]
    for number in range(count):
        options = list(fixed[number]) if number < len(fixed) else []
        if not options:
            some = [rule for rule in RULES if draw.random() < 0.5]
            if draw.random() < 0.5:
                options = ["--rules", ",".join(["simple"] + some)]
            else:
                options = ["--rules", ",".join(["full"] + [f"-{rule}" for rule in some])]
        if draw.random() < 0.6:
            options += ["--sweep", draw.choice(["entered", "limit 3", "limit=12"])]
        if draw.random() < 0.6:
            options += ["--sessions", "sessions.swr"]
            if draw.random() < 0.3:
                options += ["--open", "OPEN,PRE"]
        if draw.random() < 0.6:
            options += ["--ticks", "ticks.swr"]
        yield options


def main():
    seed, folder = int(sys.argv[1]), sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 6
    Maker(seed).write(folder)
    with open(f"{folder}/cases", "w", encoding="ascii") as cases:
        for number, options in enumerate(cases_of(seed, count), 1):
            solve(folder, number, options)
            print(number, *options, sep="\t", file=cases)


if __name__ == "__main__":
    main()
