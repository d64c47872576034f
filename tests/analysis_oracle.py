# SPDX-License-Identifier: ISC
"""What pipelines/analyse should leave under OUT, worked out another way: dictionaries, lists and fractions over the CSV files.

    analysis_oracle.py --orders FILE… --trades FILE… --nbbo FILE…|orders|trades [SELECTION…] [--tz ZONE] [--impact N|N%]
        [--quote-age SECONDS] [--scenarios LIST] [--amended include] [--unequal include] -o OUT

Writes the CSV files of the analysis, none of them compressed, with the names, columns and formats of a run: the texts are
to be equal. Nothing here is meant to be quick or small, only plain: every value is a whole number or a fraction until it
is printed, and every rule is a few lines that can be read beside its definition.
"""
import argparse
import bisect
import csv
import gzip
import math
import os
import sys
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

# --- the data --------------------------------------------------------------

ALIASES = {"orderid": "order_id", "securitycode": "security_code", "orderbookid": "security_code", "tradetime": "timestamp",
           "tradeprice": "price", "bidprice": "bid", "offerprice": "offer", "EXCHANGE": "exchange"}
# Of order events, in the order of their schema; what stands nowhere here is text.
EVENT_COLUMNS = """order_id exchange timestamp security_code price side changereason orderstatus quantity leavesquantity
    ordertype exchangeordertype national_bid national_offer bid offer participantid preferenceonly midtick
    singlefillminimumquantity minimumquantity sequence crossingkey totalmatchedquantity shortsellquantity triggercondition
    timevaliditydecoded row_num timevalidity file_date""".split()
OWN_QUOTES = {"orders": ("national_bid", "national_offer"), "trades": ("nationalbidpricesnapshot", "nationalofferpricesnapshot")}
DECIMALS = {"price", "bid", "offer", "midtick", *OWN_QUOTES["orders"], *OWN_QUOTES["trades"]}
TEXTS = {"triggercondition", "timevaliditydecoded", "file_date"}
WHOLE = (set(EVENT_COLUMNS) | {"dealsource"}) - DECIMALS - TEXTS
ABSENT = "-9223372036854775808"  # how the exchange writes a price or a quantity that is not there
PLACES = 4  # a price is a whole number of 10^-4
UNIT = 10**PLACES
MICRO = 10**6  # a simulation's prices and costs are whole numbers of 10^-6


def whole(text):
    return int(text) if "." not in text else int(Fraction(text))


QUANTITIES = set()  # columns of quantities that have decimals: fractions


def decimal(text):
    before, _, after = text.partition(".")
    after = after.rstrip("0")
    if len(after) > 4:
        sys.exit(f"more than 4 decimals: {text}")
    return int((before or "0") + after.ljust(4, "0"))


def parser(name):
    kind = Fraction if name in QUANTITIES else whole if name in WHOLE else decimal if name in DECIMALS else str
    return lambda text: None if text in ("", ABSENT) else kind(text)


def canonical_names(header):
    header = [name.strip() for name in header]
    names = [ALIASES[name] if name in ALIASES and ALIASES[name] not in header else name for name in header]
    return names


def read_table(path, wanted=None):
    """The names of a file's columns, and its rows as dictionaries; only the wanted columns, where some are."""
    with open(path, "rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    with (gzip.open if zipped else open)(path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        lines = csv.reader(text)
        names = canonical_names(next(lines))
        columns = [(at, name, parser(name)) for at, name in enumerate(names) if wanted is None or name in wanted]
        return names, [{name: parse(line[at]) for at, name, parse in columns} for line in lines if line]


def read_events(paths):
    events, columns = [], None
    for path in paths:
        names, rows = read_table(path)
        # The file's own column of that name is not the local date of the order.
        names = ["file_date" if name == "date" else name for name in names]
        for row in rows:
            if "date" in row:
                row["file_date"] = row.pop("date")
        columns = columns or names
        events += rows
    return columns, events


def read_rows(paths, wanted):
    return [row for path in paths for row in read_table(path, wanted)[1]]


def by_key(rows, *names):
    found = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in names), []).append(row)
    return found


# --- numbers as text -------------------------------------------------------

def rounded(value, places):
    """The nearest whole number of 10^-places, half away from zero."""
    above, below = abs(value.numerator) * 10**places, value.denominator
    nearest = (2 * above + below) // (2 * below)
    return -nearest if value < 0 else nearest


def fixed(value):
    """A mean or a ratio: 6 decimals always."""
    if value is None:
        return ""
    units = rounded(value, 6)
    before, after = divmod(abs(units), 10**6)
    return f"{'-' if units < 0 else ''}{before}.{after:06d}"


def canonical(units, places):
    """A whole number of 10^-places as an exact decimal, without trailing zeros."""
    if units is None:
        return ""
    if isinstance(units, Fraction):
        units, places = units * 10**18, places + 18
        assert units.denominator == 1
        units = units.numerator
    before, after = divmod(abs(units), 10**places)
    text = f"{before}.{after:0{places}d}".rstrip("0").rstrip(".")
    return "-" + text if units < 0 else text


def micro(value):
    return None if value is None else rounded(value, 6)


def present(values):
    return [value for value in values if value is not None]


def mean(values):
    return Fraction(sum(values), len(values)) if values else None


def ratio(above, below):
    return None if above is None or not below else Fraction(above) / below


def deviation(values):
    """The square root of the sample variance, rounded to 6 places from the exact value."""
    if len(values) < 2:
        return ""
    # The sum of squared distances is (n Σx² − (Σx)²) ÷ n.
    count, total = len(values), sum(values)
    variance = Fraction(count * sum(value * value for value in values) - total * total, count * (count - 1)) * 10**12
    root = math.isqrt(variance.numerator // variance.denominator)
    return fixed(Fraction(root + (Fraction(2 * root + 1, 2) ** 2 <= variance), 10**6))


# --- an order's life -------------------------------------------------------

CLASSIFIED = """order_id security_code date side participantid exchangeordertype group price quantity leavesquantity
    totalmatchedquantity first_timestamp initial_quantity initial_price completion_timestamp last_timestamp trades
    traded_quantity traded_value actual_quantity actual_cost amended order_quantity booked_quantity""".split()
IN_UNITS = dict.fromkeys(DECIMALS | {"initial_price", "traded_value", "actual_cost"}, PLACES)
# Of dealsource: trades, and bookings of two orders of one participant against each other. All else is neither.
MARKET, BOOKED = {1, 20, 46, 47, 49, 50, 51, 52, 90}, {44, 45, 48, 91}


def nulls_first(value):
    return (value is not None, value)


def latest(events):
    """Of events at one time: the one with the largest sequence, then the larger totalmatchedquantity, then the smaller
    leavesquantity, quantity, price, orderstatus, then by the other columns in schema order; without a sequence the one that
    stands last in the files."""
    if "sequence" not in events[0]:
        return events[-1]
    known = [name for name in EVENT_COLUMNS if name in events[0]]
    others = [name for name in events[0] if name not in EVENT_COLUMNS]
    for name, choose in [("sequence", max), ("totalmatchedquantity", max), ("leavesquantity", min), ("quantity", min),
                         ("price", min), ("orderstatus", min)] + [(name, max) for name in known + others]:
        values = [nulls_first(event.get(name)) for event in events]
        events = [event for event, value in zip(events, values) if value == choose(values)]
    return events[0]


def state_at(events, time):
    return latest([event for event in events if event["timestamp"] == time])


def group_of(filled, asked):
    if filled == 0:
        return "NOT_EXECUTED"
    return "FULLY_FILLED" if filled == asked else "PARTIALLY_FILLED"


def fill_of(order):
    if order["totalmatchedquantity"] == 0:
        return "none"
    if order["totalmatchedquantity"] is None or order["leavesquantity"] is None:
        return None
    return "full" if order["leavesquantity"] == 0 else "partial"


def volume(trades):
    """The units traded and what they cost, in whole units of a price."""
    full = [trade for trade in trades if trade["price"] is not None and trade["quantity"] is not None]
    return (sum(trade["quantity"] for trade in trades if trade["quantity"] is not None),
            sum(trade["price"] * trade["quantity"] for trade in full))


def classify(events, rows, zone):
    trades = [row for row in rows if "dealsource" not in row or row["dealsource"] in MARKET]
    for name in ("side", "participantid"):
        if len({event[name] for event in events}) > 1:
            sys.exit(f"order {events[0]['order_id']}: {name} changes")
    times = [event["timestamp"] for event in events]
    first, last = state_at(events, min(times)), state_at(events, max(times))
    completion = max([event["timestamp"] for event in events if event["leavesquantity"] == 0], default=max(times))
    order = {name: last[name] for name in ("order_id", "security_code", "side", "participantid", "exchangeordertype",
                                           "price", "quantity", "leavesquantity", "totalmatchedquantity")}
    order["first_timestamp"], order["last_timestamp"] = min(times), max(times)
    order["completion_timestamp"] = completion
    order["initial_quantity"], order["initial_price"] = first["quantity"], first["price"]
    order["trades"] = len(trades)
    order["traded_quantity"], order["traded_value"] = volume(trades)
    order["booked_quantity"] = volume([row for row in rows if row.get("dealsource") in BOOKED])[0]
    if order["totalmatchedquantity"] is None:
        order["totalmatchedquantity"] = order["traded_quantity"] + order["booked_quantity"]
    matched = order["totalmatchedquantity"]
    order["order_quantity"] = max(present([order["quantity"], matched, matched + (order["leavesquantity"] or 0)]))
    order["group"] = group_of(matched - order["booked_quantity"], order["order_quantity"] - order["booked_quantity"])
    order["fill"] = fill_of(order)
    actual = [trade for trade in trades if min(times) <= trade["timestamp"] <= completion]
    order["actual_quantity"], order["actual_cost"] = volume(actual)
    order["amended"] = int(last["quantity"] != first["quantity"])
    order["local"] = zone(max(times))
    order["date"] = order["local"].strftime("%Y-%m-%d")
    return order


def zone_of(name):
    """A function from nanoseconds since 1970 to local time."""
    if name[0] in "+-":
        hours, minutes = name[1:].split(":")
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        where = timezone(-offset if name[0] == "-" else offset)
    else:
        where = ZoneInfo(name)
    return lambda time: datetime.fromtimestamp(time // 10**9, timezone.utc).astimezone(where)


# --- selections ------------------------------------------------------------

def codes(text):
    return None if text is None else {int(code) for code in text.split(",")}


def chosen_events(rows, options):
    securities, participants = codes(options.securities), codes(options.participants)
    return [row for row in rows
            if (securities is None or row["security_code"] in securities)
            and (participants is None or row["participantid"] in participants)]


def in_any(text, value, separator, read):
    """Whether a list such as 1,3..5 holds the value, both ends in."""
    for part in text.split(","):
        low, _, high = part.partition(separator)
        if read(low) <= value <= read(high or low):
            return True
    return False


def is_chosen(order, options):
    """By the order's last state."""
    time_of_day = order["local"].strftime("%H:%M:%S")
    if options.dates and not in_any(options.dates, order["date"], "..", str):
        return False
    if options.hours and not in_any(options.hours, order["local"].hour, "-", int):
        return False
    if options.times:
        start, end = options.times.split("-")
        if not start <= time_of_day < end:
            return False
    return not options.quantities or order["quantity"] is not None and in_any(options.quantities, order["quantity"], "..", int)


# --- what a dark pool would have cost --------------------------------------

SCENARIOS = ("unlimited", "limited_50", "price_impact")
SIGNS = {1: 1, 2: -1}  # of a buy and a sell; for any other side there is none
SIMULATION = """order_id scenario security_code date side simulated_quantity simulated_price simulated_cost
    simulated_fill_ratio cost_difference savings cost_improvement_pct first_timestamp completion_timestamp initial_quantity
    initial_price actual_quantity actual_price actual_cost midprice amended quotes quote_age comparable""".split()
IN_MICRO = dict.fromkeys("""simulated_price simulated_cost simulated_fill_ratio cost_difference savings cost_improvement_pct
    initial_price actual_price actual_cost midprice""".split(), 6)


class Quotes:
    """A security's quotes that have a bid and an offer which is not below it, in order of time and sequence."""

    def __init__(self, rows):
        rows = [row for row in rows if row["bid"] is not None and row["offer"] is not None and row["bid"] <= row["offer"]]
        rows.sort(key=lambda row: (row["timestamp"], nulls_first(row.get("sequence"))))
        self.times = [row["timestamp"] for row in rows]
        self.sums = [row["bid"] + row["offer"] for row in rows]

    def midprice(self, start, end, oldest):
        """The midprice, of how many quotes from start to end it is the mean, and, where of none, the age of the quote it is of."""
        after = bisect.bisect_right(self.times, end)
        window = self.sums[bisect.bisect_left(self.times, start):after]
        if window:
            return Fraction(sum(window), 2 * len(window) * UNIT), len(window), None
        age = end - self.times[after - 1] if after else None
        if age is None or oldest is not None and age > oldest * 10**9:
            return None, 0, None
        return Fraction(self.sums[after - 1], 2 * UNIT), 0, age


def own_quotes(rows, bid, offer):
    """Of rows in which the quote of their moment stands: all of a nanosecond are one, the first's."""
    moments = {}
    for row in sorted(rows, key=lambda row: [nulls_first(row.get(name)) for name in ("timestamp", "sequence", bid, offer)]):
        moments.setdefault(row["timestamp"], row)

    def price(value):
        return value or None

    return [{**row, "bid": price(row[bid]), "offer": price(row[offer])} for row in moments.values()]


def is_counted(order, options):
    """Whether its costs are of equal quantities, or it is to count all the same."""
    return order["comparable"] or (options.amended if order["amended"] else options.unequal)


def simulated_prices(order, midprice, impact):
    """The price of each scenario, or nothing where there is no price to start from."""
    initial = None if order["initial_price"] is None else Fraction(order["initial_price"], UNIT)
    mid = initial if midprice is None else midprice
    paid = Fraction(order["actual_cost"], UNIT * order["actual_quantity"]) if order["actual_quantity"] else initial
    sign = SIGNS.get(order["side"])
    if mid is None:
        return [None] * 3
    step = mid * Fraction(impact[:-1]) / 100 if impact.endswith("%") else Fraction(impact)
    return [mid, None if paid is None else (mid + paid) / 2, None if sign is None else (mid + mid + sign * step) / 2]


def simulate(order, quote, options):
    midprice, order["quotes"], order["quote_age"] = quote
    order["comparable"] = int(not order["amended"] and None is not order["initial_quantity"] == order["actual_quantity"])
    quantity, paid, sign = order["initial_quantity"], Fraction(order["actual_cost"], UNIT), SIGNS.get(order["side"])
    same = {name: order[name] for name in SIMULATION if name in order}
    same["initial_price"] = micro(None if order["initial_price"] is None else Fraction(order["initial_price"], UNIT))
    same["actual_price"] = micro(ratio(paid, order["actual_quantity"]))
    same["actual_cost"], same["midprice"] = micro(paid), micro(midprice)
    same["simulated_quantity"], same["simulated_fill_ratio"] = quantity, MICRO if quantity else None
    for scenario, price in zip(SCENARIOS, simulated_prices(order, midprice, options.impact)):
        if scenario not in options.scenarios:
            continue
        cost = None if None in (price, quantity) else price * quantity
        difference = None if cost is None else paid - cost
        yield {**same, "scenario": scenario, "simulated_price": micro(ratio(cost, quantity)), "simulated_cost": micro(cost),
               "cost_difference": micro(difference), "savings": micro(None if None in (cost, sign) else sign * difference),
               "cost_improvement_pct": micro(None if cost is None else ratio(100 * difference, paid))}


# --- tables of results -----------------------------------------------------

def write(path, header, lines):
    with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(header)
        table.writerows([canonical(cell, 0) if isinstance(cell, Fraction) else cell for cell in line] for line in lines)


def cells(row, columns, places):
    return [canonical(row[name], places[name]) if name in places else row[name] for name in columns]


METRICS = """group orders full_fills partial_fills quantity_traded asked_quantity avg_execution_cost
    order_fill_ratio""".split()


def metrics(orders):
    for group in ("FULLY_FILLED", "PARTIALLY_FILLED", "NOT_EXECUTED", "OVERALL"):
        found = [order for order in orders if group in (order["group"], "OVERALL")]
        groups = [order["group"] for order in found]
        booked = sum(order["booked_quantity"] for order in found)
        matched = sum(order["totalmatchedquantity"] for order in found) - booked
        quantity = sum(order["order_quantity"] for order in found) - booked
        paid = ratio(Fraction(sum(order["traded_value"] for order in found), UNIT),
                     sum(order["traded_quantity"] for order in found))
        yield [group, len(found), groups.count("FULLY_FILLED"), groups.count("PARTIALLY_FILLED"), matched, quantity,
               fixed(paid), fixed(ratio(matched, quantity))]


SUMMARY = """scenario orders amended unequal quantity actual_cost simulated_cost cost_difference savings cost_improvement_pct
    avg_actual_price avg_simulated_price avg_midprice savings_bps without_quote old_quotes oldest_quote_age
    beyond_limit""".split()


def is_beyond_limit(row):
    price, limit = row["simulated_price"], row["initial_price"]
    return None not in (price, limit) and (price > limit if row["side"] == 1 else row["side"] == 2 and price < limit)


def summary(rows, options):
    for scenario in options.scenarios:
        mine = [row for row in rows if row["scenario"] == scenario]
        kept = [row for row in mine if is_counted(row, options)]
        ages = present(row["quote_age"] for row in mine)
        total = {name: sum(present(row[name] for row in kept))
                 for name in ("simulated_quantity", "actual_quantity", "actual_cost", "simulated_cost", "cost_difference",
                              "savings")}
        yield [scenario, len(kept), sum(row["amended"] for row in mine),
               sum(not row["amended"] and not row["comparable"] for row in mine), total["simulated_quantity"],
               *(canonical(total[name], 6) for name in ("actual_cost", "simulated_cost", "cost_difference", "savings")),
               fixed(ratio(100 * total["cost_difference"], total["actual_cost"])),
               fixed(ratio(total["actual_cost"], total["actual_quantity"] * MICRO)),
               fixed(ratio(total["simulated_cost"], total["simulated_quantity"] * MICRO)),
               fixed(ratio(mean(present(row["midprice"] for row in kept)), MICRO)),
               fixed(ratio(10000 * total["savings"], total["actual_cost"])), sum(row["midprice"] is None for row in mine),
               sum(age > 60 * 10**9 for age in ages), max(ages, default=""), sum(map(is_beyond_limit, mine))]


# --- reports ---------------------------------------------------------------

STANDARD = """orders filled full_fills partial_fills unfilled quantity_sum quantity_mean quantity_std matched_sum fill_ratio
    fill_ratio_mean value_sum price_mean price_min price_max participants securities dates first_timestamp
    last_timestamp""".split()
OF_SCENARIO = "orders simulated_cost savings avg_savings_pct".split()
REPORTS = {"by_security": ["security_code"], "by_date": ["date"], "by_participant": ["participantid"],
           "by_time_of_day": ["hour"], "by_order_size": ["size"], "by_security_date": ["security_code", "date"],
           "timeseries_hourly": ["hour_start"], "timeseries_daily": ["date"]}
SIZES = [(1000, "<=1K"), (5000, "1K-5K"), (10000, "5K-10K"), (50000, "10K-50K"), (math.inf, ">50K")]


def derive(order):
    """What the reports group by and measure, besides the columns."""
    local, matched, leaves = order["local"], order["totalmatchedquantity"], order["leavesquantity"]
    both = None if None in (matched, leaves) else matched + leaves
    quantity = order["asked"] = max(present([order["quantity"], matched, both]), default=None)
    order["fill"] = None if matched is None else "none" if matched == 0 else "full" if matched == quantity else "partial"
    order["hour"] = local.hour
    order["hour_start"] = local.replace(minute=0, second=0).isoformat(timespec="seconds")
    order["size"] = None if quantity is None else next(label for bound, label in SIZES if quantity <= bound)
    order["value"] = None if None in (quantity, order["price"]) else quantity * order["price"]
    share = None if matched is None else ratio(matched, quantity)
    order["fill_ratio"] = None if share is None else rounded(share, 18)


def standard(orders):
    values = {name: present(order[name] for order in orders)
              for name in ("asked", "totalmatchedquantity", "price", "value", "fill_ratio", "last_timestamp")}
    fills = [order["fill"] for order in orders]
    quantities, matched, prices = values["asked"], values["totalmatchedquantity"], values["price"]
    times = values["last_timestamp"]
    return [len(orders), fills.count("full") + fills.count("partial"), fills.count("full"), fills.count("partial"),
            fills.count("none"), sum(quantities) if quantities else "", fixed(mean(quantities)), deviation(quantities),
            sum(matched) if matched else "", fixed(ratio(sum(matched), sum(quantities)) if matched else None),
            fixed(ratio(mean(values["fill_ratio"]), 10**18)),
            canonical(sum(values["value"]) if values["value"] else None, PLACES), fixed(ratio(mean(prices), UNIT)),
            canonical(min(prices, default=None), PLACES), canonical(max(prices, default=None), PLACES),
            *(len(set(present(order[name] for order in orders))) for name in ("participantid", "security_code", "date")),
            min(times, default=""), max(times, default="")]


def of_scenarios(orders, options):
    for at in range(len(options.scenarios)):
        rows = [order["simulation"][at] for order in orders
                if order["simulation"] and is_counted(order, options)]
        costs = present(row["simulated_cost"] for row in rows)
        savings = present(row["savings"] for row in rows)
        shares = [Fraction(100 * row["savings"], row["actual_cost"])
                  for row in rows if row["savings"] is not None and row["actual_cost"]]
        yield from (len(costs), canonical(sum(costs) if costs else None, 6),
                    canonical(sum(savings) if savings else None, 6), fixed(mean(shares)))


PAID = "traded_quantity_sum traded_value_sum avg_execution_price".split()


def paid(orders):
    quantity, value = (sum(order[name] for order in orders) for name in ("traded_quantity", "traded_value"))
    return [quantity, canonical(value, PLACES), fixed(ratio(Fraction(value, UNIT), quantity))] if orders else ["", "", ""]


def key_order(key):
    labels = [label for _, label in SIZES]
    return [(value is not None, labels.index(value) if value in labels else value) for value in key]


def write_reports(folder, orders, options):
    measures = STANDARD + PAID + [f"{scenario}_{name}" for scenario in options.scenarios for name in OF_SCENARIO]
    for name, keys in REPORTS.items():
        groups = by_key(orders, *keys)
        write(f"{folder}/{name}.csv", keys + measures,
              [list(key) + standard(groups[key]) + paid(groups[key]) + list(of_scenarios(groups[key], options))
               for key in sorted(groups, key=key_order)])
    write(f"{folder}/global_summary.csv", ["metric", "value"],
          zip(measures, standard(orders) + paid(orders) + list(of_scenarios(orders, options))))


# --- the tree of results ---------------------------------------------------

def event_lines(events, columns):
    """By order, time and sequence, then by all other columns; without a sequence in the order of the files."""
    keys = ["order_id", "timestamp"]
    if "sequence" in columns:
        keys += ["sequence"] + [name for name in columns if name not in (*keys, "sequence")]
    events.sort(key=lambda event: [nulls_first(event[name]) for name in keys])
    return (cells(event, columns, IN_UNITS) for event in events)


def write_day(folder, orders, life, columns):
    os.makedirs(folder)
    orders.sort(key=lambda order: order["order_id"])
    events = [event for order in orders for event in life[order["security_code"], order["order_id"]]]
    write(f"{folder}/orders.csv", columns, event_lines(events, columns))
    write(f"{folder}/classified.csv", CLASSIFIED, (cells(order, CLASSIFIED, IN_UNITS) for order in orders))
    write(f"{folder}/metrics.csv", METRICS, metrics(orders))
    write(f"{folder}/simulation.csv", SIMULATION,
          (cells(row, SIMULATION, IN_MICRO) for order in orders for row in order["simulation"]))


def write_aggregates(folder, orders, options):
    os.makedirs(folder)
    write_reports(folder, orders, options)
    write(f"{folder}/metrics.csv", METRICS, metrics(orders))
    securities = by_key(orders, "security_code")
    write(f"{folder}/by_security_metrics.csv", ["security_code"] + METRICS,
          ([security] + line for (security,) in sorted(securities) for line in metrics(securities[security,])))
    write(f"{folder}/simulation_summary.csv", SUMMARY,
          summary([row for order in orders for row in order["simulation"]], options))


def executed_orders(life, options):
    trades = by_key(read_rows(options.trades, {"security_code", "order_id", "timestamp", "price", "quantity", "dealsource"}),
                    "security_code", "order_id")
    zone = zone_of(options.tz)
    orders = (classify(events, trades[key], zone) for key, events in life.items() if key in trades)
    return [order for order in orders if order["trades"] and is_chosen(order, options)]


def quotes_of(options):
    (first, *_), names = options.nbbo, ("bid", "offer")
    files = {"orders": options.orders, "trades": options.trades}.get(first, options.nbbo)
    names = OWN_QUOTES.get(first, names)
    found = by_key(read_rows(files, {"security_code", "timestamp", "sequence", *names}), "security_code")
    if first not in OWN_QUOTES:
        # In quotes 0 is no price either.
        for row in (row for rows in found.values() for row in rows):
            row.update((name, row[name] or None) for name in names)
    return {key: Quotes(own_quotes(rows, *names) if first in OWN_QUOTES else rows) for key, rows in found.items()}


def analyse(options):
    columns, events = read_events(options.orders)
    life = by_key(chosen_events(events, options), "security_code", "order_id")
    orders = executed_orders(life, options)
    quotes = quotes_of(options)
    for order in orders:
        derive(order)
        order["simulation"] = []
        if order["group"] == "FULLY_FILLED":
            book = quotes.get((order["security_code"],), Quotes([]))
            quote = book.midprice(order["first_timestamp"], order["completion_timestamp"], options.quote_age)
            order["simulation"] = list(simulate(order, quote, options))
    for (security, date), found in by_key(orders, "security_code", "date").items():
        write_day(f"{options.out}/by_security/SEC_{security}/{date}", found, life, columns)
    write_aggregates(f"{options.out}/aggregated", orders, options)


def parse_options():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("orders", "trades", "nbbo"):
        options.add_argument(f"--{name}", nargs="+", required=True)
    for name in ("securities", "dates", "participants", "Hours", "times", "quantities"):
        options.add_argument(*([f"-{name[0]}"] if name != "times" else []), f"--{name.lower()}")
    options.add_argument("--tz", default="+10:00")
    options.add_argument("--impact", default="5")
    options.add_argument("--scenarios", default="A,B,C")
    options.add_argument("--quote-age", type=Fraction)
    options.add_argument("--amended", choices=["include"])
    options.add_argument("--unequal", choices=["include"])
    options.add_argument("--decimal-quantities", action="store_true")
    options.add_argument("-o", "--out", required=True)
    options = options.parse_args()
    chosen = options.scenarios.split(",")
    if options.decimal_quantities:
        QUANTITIES.update(("quantity", "leavesquantity", "totalmatchedquantity", "minimumquantity", "singlefillminimumquantity"))
    options.scenarios = [name for letter, name in zip("ABC", SCENARIOS) if letter in chosen or name in chosen]
    return options


if __name__ == "__main__":
    analyse(parse_options())
