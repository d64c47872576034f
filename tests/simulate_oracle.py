# SPDX-License-Identifier: ISC
"""What sw-simulate should write, worked out from the definitions with fractions, over CSV files.

    simulate_oracle.py orders SEED NBBO.csv      classified orders, made up around these quotes, odd ones among them
    simulate_oracle.py results [--scenarios A,B,C] [--impact N|N%] [--quote-age SECONDS] [--amended] [--unequal] CLASSIFIED.csv NBBO.csv
        into the current folder: rows.csv, the table `simulation`; summary.csv, a line for each scenario; each.csv, the
        orders with what each scenario would have cost
"""
import argparse
import bisect
import csv
import random
import sys
from fractions import Fraction

MILLION = 10**6
SCENARIOS = {"A": "unlimited", "B": "limited_50", "C": "price_impact"}
ROWS = """order_id scenario security_code date side simulated_quantity simulated_price simulated_cost simulated_fill_ratio
    cost_difference savings cost_improvement_pct first_timestamp completion_timestamp initial_quantity initial_price
    actual_quantity actual_price actual_cost midprice amended quotes quote_age comparable""".split()
SUMMARY = """scenario orders amended unequal quantity actual_cost simulated_cost cost_difference savings cost_improvement_pct
    avg_actual_price avg_simulated_price avg_midprice savings_bps without_quote old_quotes oldest_quote_age beyond_limit""".split()
CLASSIFIED = """order_id security_code date side participantid exchangeordertype group price quantity leavesquantity
    totalmatchedquantity first_timestamp initial_quantity initial_price completion_timestamp last_timestamp trades
    traded_quantity traded_value actual_quantity actual_cost amended""".split()


# --- numbers ---------------------------------------------------------------

def number(text):
    return Fraction(text) if text else None


def rounded(value):
    """A whole number of millionths, half away from zero; nothing stays nothing."""
    if value is None:
        return None
    above, below = value.numerator, value.denominator
    size = (2 * abs(above) * MILLION + below) // (2 * below)
    return size if above >= 0 else -size


def ratio(above, below):
    return None if above is None or not below else Fraction(above) / below


def fixed(millionths):
    """All six decimals."""
    if millionths is None:
        return ""
    whole, rest = divmod(abs(millionths), MILLION)
    return f"{'-' if millionths < 0 else ''}{whole}.{rest:06d}"


def canonical(millionths):
    text = fixed(millionths)
    return text.rstrip("0").rstrip(".") if text else text


# --- definitions -----------------------------------------------------------

def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def quotes_by_security(path):
    """Of each security: (time, sequence, bid, offer), in this order, of those with a bid and an offer that is not below it,
    in 10^-4."""
    quotes = {}
    for row in read(path):
        code = row.get("security_code") or row.get("orderbookid")
        bid, offer = number(row.get("bidprice", row.get("bid"))), number(row.get("offerprice", row.get("offer")))
        # 0 and this number are no price (share/schemas/nbbo.schema).
        if not {bid, offer} & {None, 0, -(2**63)} and bid <= offer:
            quotes.setdefault(code, []).append(
                (int(row["timestamp"]), int(row.get("sequence") or -1), int(bid * 10000), int(offer * 10000)))
    return {code: sorted(own) for code, own in quotes.items()}


def midprice(quotes, start, end, oldest):
    """The midprice, of how many quotes of the window, and the age of the one that is not from there."""
    first = bisect.bisect_left(quotes, start, key=lambda quote: quote[0])
    behind = bisect.bisect_right(quotes, end, key=lambda quote: quote[0])
    window, before = quotes[first:behind], quotes[:behind]
    if window:
        return Fraction(sum(quote[2] + quote[3] for quote in window), 20000 * len(window)), len(window), None
    if not before or oldest is not None and end - before[-1][0] > oldest * 10**9:
        return None, 0, None
    return Fraction(before[-1][2] + before[-1][3], 20000), 0, end - before[-1][0]


def midprice_of(order, quotes, oldest):
    start, end = order["first_timestamp"], order["completion_timestamp"]
    if not start or not end or not order["security_code"]:
        return None, 0, None
    return midprice(quotes.get(order["security_code"], []), int(start), int(end), oldest)


def moved(order, mid, impact):
    sign = {"1": 1, "2": -1}.get(order["side"])
    if sign is None or mid is None:
        return None
    return mid + sign * (mid * Fraction(impact[:-1]) / 100 if impact.endswith("%") else Fraction(impact))


def half(a, b):
    return None if a is None or b is None else (a + b) / 2


def simulate(order, quotes, options):
    """The order's rows: texts that pass through, numbers (or None) that are worked out."""
    quantity, actual_cost = number(order["initial_quantity"]), number(order["actual_cost"])
    initial = number(order["initial_price"])
    own_mid, seen, age = midprice_of(order, quotes, options.quote_age)
    comparable = int(order["amended"] != "1" and quantity is not None and quantity == number(order["actual_quantity"]))
    paid = ratio(actual_cost, number(order["actual_quantity"]))
    mid = initial if own_mid is None else own_mid
    price = initial if paid is None else paid
    prices = {"A": mid, "B": half(mid, price), "C": half(mid, moved(order, mid, options.impact))}
    for letter in options.scenarios:
        unit = prices[letter]
        cost = None if unit is None or quantity is None else quantity * unit
        difference = None if cost is None or actual_cost is None else actual_cost - cost
        sign = {"1": 1, "2": -1}.get(order["side"])
        savings = None if sign is None or difference is None else sign * difference
        yield {**order, "scenario": SCENARIOS[letter], "simulated_quantity": order["initial_quantity"],
               "simulated_price": rounded(ratio(cost, quantity)), "simulated_cost": rounded(cost),
               "simulated_fill_ratio": rounded(ratio(quantity, quantity)), "cost_difference": rounded(difference),
               "savings": rounded(savings),
               "cost_improvement_pct": rounded(ratio(None if difference is None else 100 * difference, actual_cost)),
               "savings_pct": percent(rounded(savings), rounded(actual_cost)),
               "initial_price": rounded(initial), "actual_price": rounded(paid), "actual_cost": rounded(actual_cost),
               "midprice": rounded(own_mid), "quotes": str(seen), "quote_age": "" if age is None else str(age),
               "comparable": str(comparable)}


def percent(savings, cost):
    """100 × savings ÷ cost of two values in millionths, 18 decimals, as text; nothing stays nothing."""
    if savings is None or not cost:
        return None
    exact = Fraction(100 * savings, cost) * 10**18
    size = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    text = f"{size // 10**18}.{size % 10**18:018}".rstrip("0").rstrip(".")
    return "-" + text if exact < 0 and text != "0" else text


def show(value):
    return value if isinstance(value, str) else canonical(value)


def write(path, header, lines):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(lines)


# --- results ---------------------------------------------------------------

def is_included(row, options):
    return row["comparable"] == "1" or (options.amended if row["amended"] == "1" else options.unequal)


def is_beyond(row):
    if None in (row["simulated_price"], row["initial_price"]):
        return False
    return row["simulated_price"] > row["initial_price"] if row["side"] == "1" else \
        row["side"] == "2" and row["simulated_price"] < row["initial_price"]


def line_of(scenario, mine, options):
    kept = [row for row in mine if is_included(row, options)]
    ages = [int(row["quote_age"]) for row in mine if row["quote_age"] != ""]

    def total(name):
        return sum(int(row[name]) for row in kept if row[name] not in (None, ""))

    units, actual_units = total("simulated_quantity"), total("actual_quantity")
    costs = [total(name) for name in ("actual_cost", "simulated_cost", "cost_difference", "savings")]
    mids = [row["midprice"] for row in kept if row["midprice"] is not None]
    ratios = [ratio(100 * costs[2], costs[0]), ratio(costs[0], MILLION * actual_units), ratio(costs[1], MILLION * units),
              ratio(sum(mids), MILLION * len(mids))]
    ratios.append(ratio(10000 * costs[3], costs[0]))
    return [scenario, len(kept), sum(row["amended"] == "1" for row in mine),
            sum(row["amended"] != "1" and row["comparable"] != "1" for row in mine), units, *map(canonical, costs),
            *(fixed(rounded(value)) for value in ratios), sum(row["midprice"] is None for row in mine),
            sum(age > 60 * 10**9 for age in ages), max(ages, default=""), sum(map(is_beyond, mine))]


def line_of_order(order, simulated, options):
    figures = ["simulated_cost", "savings", "savings_pct"]
    if not simulated or not is_included(simulated[0], options):
        return [*order.values(), *[""] * len(options.scenarios) * len(figures)]
    return [*order.values(), *(show(row[name]) for row in simulated for name in figures)]


def write_results(options):
    quotes, orders = quotes_by_security(options.nbbo), read(options.orders)
    simulated = [list(simulate(order, quotes, options)) if order["group"] == "FULLY_FILLED" else [] for order in orders]
    rows = [row for rows in simulated for row in rows]
    names = [SCENARIOS[letter] for letter in options.scenarios]
    write("rows.csv", ROWS, ([show(row[name]) for name in ROWS] for row in rows))
    write("summary.csv", SUMMARY,
          (line_of(name, [row for row in rows if row["scenario"] == name], options) for name in names))
    added = [f"{name}_{figure}" for name in names for figure in ("simulated_cost", "savings", "savings_pct")]
    write("each.csv", [*orders[0], *added], map(line_of_order, orders, simulated, [options] * len(orders)))


# --- orders to try it on ---------------------------------------------------

def invent(chance, code, times, number_of):
    """An order whose window is anywhere around the quotes, and that is odd in one way or another now and then."""
    def seldom(value, otherwise):
        return otherwise if chance.random() < 0.04 else value

    start = chance.choice(times) + chance.choice([-10**13, -1, 0, 0, 1, 10**9, 10**13])
    end = seldom(start + chance.choice([0, 1, 10**9, 10**11, 10**12, 10**13]), start - 10**10)
    quantity, actual = seldom(chance.randint(1, 90000), 0), chance.randint(1, 90000)
    price, actual = chance.randint(1, 10**8), seldom(chance.choice([actual, quantity, quantity]), 0)
    cost = actual * (price + chance.randint(-99, 99))
    group = chance.choice(["FULLY_FILLED"] * 8 + ["PARTIALLY_FILLED", "NOT_EXECUTED", ""])
    return [7904794000000000000 + number_of, code, seldom("2024-09-05", ""), seldom(chance.choice([1, 2]), chance.choice(["", 3])),
            chance.randint(1, 90), 2048, group, canonical(price * 100), actual, 0, actual, seldom(start, ""), seldom(quantity, ""),
            seldom(canonical(price * 100), ""), seldom(end, ""), end, 1, actual, canonical(cost * 100),
            seldom(actual, ""), seldom(canonical(cost * 100), ""), int(actual != quantity and chance.random() < 0.3)]


def print_orders(seed, nbbo):
    chance, quotes = random.Random(seed), quotes_by_security(nbbo)
    codes = sorted(quotes)
    lines = []
    for i in range(1500):
        code = chance.choice(codes)
        other = chance.choice([code] * 30 + ["99999999", ""])
        lines.append(invent(chance, other, [quote[0] for quote in quotes[code]], i))
    write(sys.stdout.fileno(), CLASSIFIED, lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["orders", "results"])
    parser.add_argument("--scenarios", default="A,B,C", type=lambda text: text.split(","))
    parser.add_argument("--impact", default="5")
    parser.add_argument("--amended", action="store_true")
    parser.add_argument("--unequal", action="store_true")
    parser.add_argument("--quote-age", type=Fraction)
    parser.add_argument("orders", help="a seed, for orders")
    parser.add_argument("nbbo")
    options = parser.parse_args()
    if options.command == "orders":
        print_orders(options.orders, options.nbbo)
    else:
        write_results(options)


main()
