# SPDX-License-Identifier: ISC
"""report_values.py CSV ROWS [--microseconds]: whether the values of ROWS (tests/parquet_reader.py's, or DuckDB's: a JSON list a line)
are those of a report's CSV. Decimals and dates are there as the whole numbers that the format stores: a column's numbers must
all be the same power of ten times the CSV's. With --microseconds times may have lost their last three digits. global_summary.csv,
lines of metric and value, is one row."""
import csv
import json
import sys
from datetime import date
from decimal import Decimal, InvalidOperation


def number(text):
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def days(text):
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def scale_of(name, truths, reads):
    """The decimals of a column, or None where it is text: dates and all."""
    if name == "date":
        return None if [t and str(days(t)) for t in truths] == [r or "" for r in reads] else -1
    if truths == [r or "" for r in reads]:
        return None
    pairs = [(number(t), number(r)) for t, r in zip(truths, reads, strict=True) if t or r]
    for scale in range(20):
        if all(t is not None and r is not None and t.scaleb(scale) == r for t, r in pairs):
            return scale
    return -1


def main():
    rows = list(csv.reader(open(sys.argv[1], newline="")))
    if rows[0] == ["metric", "value"]:
        rows = [list(row) for row in zip(*rows[1:])]
    reads = [json.loads(line) for line in open(sys.argv[2])]
    assert len(rows) - 1 == len(reads), (len(rows) - 1, len(reads))
    for i, name in enumerate(rows[0]):
        truths, column = [row[i] for row in rows[1:]], [row[i] for row in reads]
        if "--microseconds" in sys.argv and name.endswith("_timestamp"):
            truths = [t and t[:-3] + "000" for t in truths]
        assert scale_of(name, truths, column) != -1, (sys.argv[1], name, truths[:5], column[:5])


main()
