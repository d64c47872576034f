#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""metrics_oracle.py [KEY…] <CLASSIFIED.csv: the metrics of classified orders as CSV, with fractions. Keys are columns of the CSV; a key
whose values are all numbers is sorted as numbers, null first."""
import csv
import fractions
import itertools
import sys

GROUPS = ["FULLY_FILLED", "PARTIALLY_FILLED", "NOT_EXECUTED", "OVERALL"]


def total(rows, column):
    return sum((fractions.Fraction(row[column]) for row in rows if row[column] != ""), fractions.Fraction(0))


def canonical(value):
    """An exact decimal; the sums here have few decimals."""
    assert value.denominator == 1
    return str(value.numerator)


def ratio(numerator, denominator):
    if denominator == 0:
        return ""
    scaled = abs(numerator / denominator) * 10**6
    rounded = int(scaled + fractions.Fraction(1, 2))
    sign = "-" if numerator / denominator < 0 and rounded else ""
    return "%s%d.%06d" % (sign, rounded // 10**6, rounded % 10**6)


def metrics(group, rows):
    chosen = [row for row in rows if group in (row["group"], "OVERALL")]
    booked = total(chosen, "booked_quantity")
    matched, quantity = total(chosen, "totalmatchedquantity") - booked, total(chosen, "order_quantity") - booked
    return [group, len(chosen), sum(row["group"] == GROUPS[0] for row in chosen), sum(row["group"] == GROUPS[1] for row in chosen),
            canonical(matched), canonical(quantity), ratio(total(chosen, "traded_value"), total(chosen, "traded_quantity")),
            ratio(matched, quantity)]


def main():
    keys, rows = sys.argv[1:], list(csv.DictReader(sys.stdin))
    numbers = {key: all(row[key].lstrip("-").isdigit() for row in rows if row[key] != "") for key in keys}

    def rank(row):
        return [(row[key] != "", int(row[key] or 0) if numbers[key] else row[key]) for key in keys]

    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(keys + ["group", "orders", "full_fills", "partial_fills", "quantity_traded", "asked_quantity",
                         "avg_execution_cost", "order_fill_ratio"])
    parts = itertools.groupby(sorted(rows, key=rank), rank) if keys else [(None, rows)]
    for _, part in parts:
        part = list(part)
        for group in GROUPS:
            out.writerow([part[0][key] for key in keys] + metrics(group, part))


main()
