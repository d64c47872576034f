# SPDX-License-Identifier: ISC
"""decimal_quantities.py to-coins: CSV whose quantities are whole numbers, as the same with units of 0.00012345, exactly.
decimal_quantities.py sizes BOUND…: of events with decimals, orders by the size of what their last state asked for: number and sums.
decimal_quantities.py traded ORDERS: of trades, the sum of the quantities of those whose orders are there."""
import csv
import sys
from fractions import Fraction

UNIT = Fraction(12345, 10**8)
QUANTITIES = set("""quantity leavesquantity totalmatchedquantity minimumquantity singlefillminimumquantity order_quantity traded_quantity
    traded_value matched_quantity booked_quantity given_quantity remaining_quantity largest_match replayed_quantity""".split())


def shown(value):
    """An exact decimal without trailing zeros."""
    value *= 10**18
    assert value.denominator == 1 and value >= 0
    text = f"{value.numerator // 10**18}.{value.numerator % 10**18:018}"
    return text.rstrip("0").rstrip(".")


def to_coins(rows, out):
    header = next(rows)
    out.writerow(header)
    at = [i for i, name in enumerate(header) if name in QUANTITIES]
    for row in rows:
        for i in at:
            if row[i] and not row[i].startswith("-"):
                row[i] = shown(Fraction(row[i]) * UNIT)
        out.writerow(row)


def sizes(rows, out, bounds):
    names = [f"<={bounds[0]}", *(f"{low}-{high}" for low, high in zip(bounds, bounds[1:])), f">{bounds[-1]}"]
    header = next(rows)
    last = {}
    for row in rows:
        row = dict(zip(header, row))
        matched, leaves = Fraction(row["totalmatchedquantity"]), Fraction(row["leavesquantity"])
        # of events that agree in both, the larger matched, then the smaller leaves, is the last
        key = (int(row["timestamp"]), int(row["sequence"]), matched, -leaves)
        found = last.setdefault((row["security_code"], row["order_id"]), (key, row))
        if key >= found[0]:
            last[row["security_code"], row["order_id"]] = key, row
    sums = {name: [0, 0, 0, 0] for name in names}
    for _, row in last.values():
        matched, leaves = Fraction(row["totalmatchedquantity"]), Fraction(row["leavesquantity"])
        asked = max(matched + leaves, Fraction(row["quantity"]))
        line = sums[names[sum(asked > Fraction(bound) for bound in bounds)]]
        for i, more in enumerate((1, asked, matched, asked * Fraction(row["price"]))):
            line[i] += more
    out.writerow("size n q m v".split())
    out.writerows([name] + [shown(Fraction(value)) for value in line] for name, line in sums.items())


def main():
    rows, out = csv.reader(sys.stdin), csv.writer(sys.stdout, lineterminator="\n")
    if sys.argv[1] == "to-coins":
        to_coins(rows, out)
    elif sys.argv[1] == "sizes":
        sizes(rows, out, sys.argv[2:])
    else:
        header = next(rows)
        with open(sys.argv[2], newline="") as file:
            orders = {row["order_id"] for row in csv.DictReader(file)}
        rows = [dict(zip(header, row)) for row in rows]
        print(sum(int(row["quantity"]) for row in rows if row["orderid"] in orders))


main()
