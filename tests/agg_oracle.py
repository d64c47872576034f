# SPDX-License-Identifier: ISC
"""What sw-agg should say, worked out another way: Python's own integers, fractions and decimals over the CSV file.

    agg_oracle.py make ROWS SEED                        a file with nulls, zeros, ties and many magnitudes; quantities that updates
                                                        have lowered, rests kept or set to 0
    agg_oracle.py reports DIR <orders.csv               every standard report
    agg_oracle.py group KEY,... MEASURES <orders.csv    one grouping; MEASURES may be empty
    agg_oracle.py tides ROWS SEED [BITS]                a file whose sums pass through the borders of 128 bits, and come back or not
"""
import csv
import os
import random
import re
import sys
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, getcontext
from fractions import Fraction

getcontext().prec = 250
ZONE = timezone(timedelta(hours=10))
COLUMNS = "order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype," \
    "participantid,orderstatus,totalmatchedquantity,sequence".split(",")


def make(rows, seed):
    chance = random.Random(seed)
    print(",".join(COLUMNS))
    start = 1725494400 * 10**9
    for i in range(rows):
        quantity = chance.choice([0, 1, 999, 1000, 1001, 5000, 5001, 10000, 50000, 50001,
                                  chance.randint(1, 100000), chance.randint(1, 10**9)])
        matched = chance.choice([0, 0, quantity, quantity // 3, quantity // 7])
        leaves = chance.choice([0, quantity - matched, quantity - matched, quantity])
        quantity = chance.choice([quantity, quantity, quantity, quantity - matched, 0])
        row = [7904794000000000000 + chance.randint(0, rows), start + chance.randint(0, 3 * 86400) * 10**9,
               110600 + chance.randint(0, 6), Decimal(chance.randint(1, 10**7)).scaleb(-chance.randint(0, 4)),
               chance.randint(1, 2), quantity, leaves, 4098, chance.randint(1, 70), 1, matched, i // 2]
        if seed % 2:
            row = [value if chance.random() > 0.05 else "" for value in row]
        print(",".join(format(value, "f") if isinstance(value, Decimal) else str(value) for value in row))


def tides(rows, seed, bits=None):
    """Prices of up to 127 bits (or BITS), in some groups with their opposites, so that it hangs on the order whether 128 bits hold a sum."""
    chance = random.Random(seed)
    print(",".join(COLUMNS))
    lines = []
    for i in range(rows):
        group, size = chance.randint(1, 6), chance.choice([2**127 - 1, 2**126, 2**125 - 1, 2**124 + 1, 10**6])
        if bits:
            group, size = 1, 2**bits - 1
        price = Decimal(chance.randint(size // 2, size)).scaleb(-4)
        weight = chance.choice([1, 3, 10**6, 2**62])
        for sign in [1, -1] if group < 5 else [1]:
            lines.append([i, 1725494400 * 10**9 + i, 110621, price * sign, group, 0, 0, 2048, 1, 1, 0, weight])
    for group in range(1, 5):
        lines.append([rows, 1725494400 * 10**9, 110621, Decimal(group), group, 0, 0, 2048, 1, 1, 0, 5])
    chance.shuffle(lines)
    for line in lines:
        print(",".join(format(value, "f") if isinstance(value, Decimal) else str(value) for value in line))


def plain(value):
    """A number without trailing zeros."""
    if value is None:
        return ""
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value):
    """Six decimals, half away from zero."""
    if value is None:
        return ""
    size = abs(value) * 10**6
    whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return ("-" if value < 0 and whole else "") + f"{whole // 10**6}.{whole % 10**6:06d}"


def deviation(values):
    if len(values) < 2:
        return ""
    mean = sum(map(Fraction, values)) / len(values)
    variance = sum((Fraction(v) - mean) ** 2 for v in values) / (len(values) - 1)
    root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
    return format(root.quantize(Decimal("0.000001"), ROUND_HALF_UP), "f")


def ratio18(above, below):
    size = Fraction(above, below) * 10**18
    return Fraction((2 * size.numerator + size.denominator) // (2 * size.denominator), 10**18)


def read():
    rows = []
    for record in csv.DictReader(sys.stdin):
        row = {}
        for name, text in record.items():
            if text == "":
                row[name] = None
            else:
                row[name] = Decimal(text) if name == "price" else int(text)
        derive(row)
        rows.append(row)
    return rows


def derive(row):
    for name in ("date", "hour", "hour_start", "order_quantity", "size", "value", "fill", "fill_ratio"):
        row[name] = None
    if row["timestamp"] is not None:
        local = datetime.fromtimestamp(row["timestamp"] // 10**9, ZONE)
        row["date"] = local.strftime("%Y-%m-%d")
        row["hour"] = local.hour
        row["hour_start"] = local.strftime("%Y-%m-%dT%H:00:00+10:00")
    matched, leaves = row["totalmatchedquantity"], row["leavesquantity"]
    candidates = [row["quantity"], matched, None if matched is None or leaves is None else matched + leaves]
    quantity = row["order_quantity"] = max((known for known in candidates if known is not None), default=None)
    if quantity is not None:
        bounds = [(1000, "<=1K"), (5000, "1K-5K"), (10000, "5K-10K"), (50000, "10K-50K")]
        row["size"] = next((label for bound, label in bounds if quantity <= bound), ">50K")
        if row["price"] is not None:
            row["value"] = quantity * row["price"]
        if matched is not None and quantity != 0:
            row["fill_ratio"] = ratio18(matched, quantity)
    if matched == 0:
        row["fill"] = "none"
    elif matched is not None:
        row["fill"] = "full" if matched == quantity else "partial"


SIZES = ["<=1K", "1K-5K", "5K-10K", "10K-50K", ">50K"]


def order(name, value):
    if value is None:
        return (0, 0)
    return (1, SIZES.index(value) if name == "size" else value)


def groups(rows, keys):
    found = {} if keys else {(): []}
    for row in rows:
        found.setdefault(tuple(row[key] for key in keys), []).append(row)
    return sorted(found.items(), key=lambda item: [order(n, v) for n, v in zip(keys, item[0])])


def column(rows, name):
    return [row[name] for row in rows if row[name] is not None]


def total(values):
    return sum(values) if values else None


def mean(values):
    return rounded(sum(map(Fraction, values)) / len(values)) if values else ""


STANDARD = "events,filled,full_fills,partial_fills,unfilled,quantity_sum,quantity_mean,quantity_std,matched_sum," \
    "fill_ratio,fill_ratio_mean,value_sum,price_mean,price_min,price_max,participants,securities,dates," \
    "first_timestamp,last_timestamp".split(",")


def standard(rows):
    fills = [row["fill"] for row in rows]
    quantities, matched = column(rows, "order_quantity"), column(rows, "totalmatchedquantity")
    prices, times = column(rows, "price"), column(rows, "timestamp")
    share = Fraction(sum(matched), sum(quantities)) if matched and sum(quantities) else None
    return [len(rows), fills.count("full") + fills.count("partial"), fills.count("full"), fills.count("partial"),
            fills.count("none"), plain(total(quantities)), mean(quantities), deviation(quantities),
            plain(total(matched)), rounded(share), mean(column(rows, "fill_ratio")),
            plain(total(column(rows, "value"))), mean(prices), plain(min(prices, default=None)),
            plain(max(prices, default=None)), len(set(column(rows, "participantid"))),
            len(set(column(rows, "security_code"))), len(set(column(rows, "date"))),
            plain(min(times, default=None)), plain(max(times, default=None))]


def weighted(rows, x, w):
    pairs = [(Fraction(row[x]), Fraction(row[w])) for row in rows if row[x] is not None and row[w] is not None]
    weight = sum(w for _, w in pairs)
    return rounded(sum(x * w for x, w in pairs) / weight) if weight else ""


def quotient(above, below):
    return rounded(Fraction(sum(map(Fraction, above))) / sum(map(Fraction, below))) if above and below and sum(below) else ""


def at_end(rows, name, which):
    known = [(row["timestamp"], -1 if row["sequence"] is None else row["sequence"], row[name])
             for row in rows if row["timestamp"] is not None and row[name] is not None]
    return plain(which(known)[2]) if known else ""


def measure(rows, function, arguments):
    values = column(rows, arguments[0]) if arguments else None
    return {
        "count": lambda: len(rows) if values is None else len(values),
        "sum": lambda: plain(total(values)),
        "mean": lambda: mean(values),
        "std": lambda: deviation(values),
        "min": lambda: plain(min(values, default=None)),
        "max": lambda: plain(max(values, default=None)),
        "distinct": lambda: len(set(values)),
        "wmean": lambda: weighted(rows, *arguments),
        "quotient": lambda: quotient(values, column(rows, arguments[1])),
        "first": lambda: at_end(rows, arguments[0], min),
        "last": lambda: at_end(rows, arguments[0], max),
    }[function]()


def write(out, header, lines):
    print(",".join(header), file=out)
    for line in lines:
        print(",".join("" if value is None else str(value) for value in line), file=out)


REPORTS = {"by_security": ["security_code"], "by_date": ["date"], "by_participant": ["participantid"],
           "by_time_of_day": ["hour"], "by_order_size": ["size"], "by_security_date": ["security_code", "date"],
           "timeseries_hourly": ["hour_start"], "timeseries_daily": ["date"]}


def reports(directory):
    rows = read()
    os.makedirs(directory, exist_ok=True)
    for name, keys in REPORTS.items():
        with open(f"{directory}/{name}.csv", "w") as out:
            write(out, keys + STANDARD, [list(key) + standard(found) for key, found in groups(rows, keys)])
    with open(f"{directory}/global_summary.csv", "w") as out:
        write(out, ["metric", "value"], zip(STANDARD, standard(rows)))


def group(keys, text):
    keys = keys.split(",") if keys else []
    # sum(a)/sum(b) is a function of two columns
    listed = re.findall(r"(\w+)=(\w+)\(([^)]*)\)", re.sub(r"sum\((\w+)\)/sum\((\w+)\)", r"quotient(\1,\2)", text))
    found = groups(read(), keys)
    if not listed:
        return write(sys.stdout, keys + STANDARD, [list(key) + standard(rows) for key, rows in found])
    return write(sys.stdout, keys + [name for name, _, _ in listed],
                 [list(key) + [measure(rows, function, [a for a in arguments.split(",") if a])
                               for _, function, arguments in listed] for key, rows in found])


if sys.argv[1] == "make":
    make(int(sys.argv[2]), int(sys.argv[3]))
elif sys.argv[1] == "tides":
    tides(*map(int, sys.argv[2:]))
elif sys.argv[1] == "reports":
    reports(sys.argv[2])
else:
    group(sys.argv[2], sys.argv[3])
