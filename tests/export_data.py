#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""export_data.py KIND: writes table.schema, KIND.csv, and KIND.truth: each row as a JSON array of texts and nulls, as tests/parquet_reader.py prints them.

Kinds: extremes, full (no nulls), nothing (nulls only), one, empty, long (texts up to 1 MiB), many (more than a row group).
"""
import csv
import datetime
import json
import sys

SCHEMA = """table everything
time at
column i int
column u uint
column d decimal:4
column w decimal:18
column at time
column day date
column t text
column s text
"""
INT, UINT, DECIMAL = 1 << 63, 1 << 64, 10**38
TEXTS = ["", "plain", "comma, inside", 'say "hi"', "two\nlines", "cr\rinside", "nul\0inside", "\0", " blanks ", "é", "日本語", "😀", "x" * 64, "x" * 65, "NULL", "\t"]


def decimal_text(value, scale):
    digits = str(abs(value)).rjust(scale + 1, "0")
    return ("-" if value < 0 else "") + digits[:-scale] + "." + digits[-scale:]


def day_text(days):
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days)).isoformat()


DAYS = [(datetime.date(*day) - datetime.date(1970, 1, 1)).days for day in ((1, 1, 1), (1969, 12, 31), (1970, 1, 1), (2024, 2, 29), (9999, 12, 31))]


def extremes():
    columns = [
        [-INT, INT - 1, 0, -1, 1],
        [0, UINT - 1, INT - 1, INT, 1],
        [1 - DECIMAL, DECIMAL - 1, 0, -1, 1, INT, -INT - 1, UINT],
        [1 - DECIMAL, DECIMAL - 1, 0, -1, 10**18],
        [-INT, INT - 1, 0, -1, 1725516166885349741],
        DAYS,
        TEXTS[1:],
        TEXTS[1:][::-1],
    ]
    for i in range(400):
        yield [None if (i >> j % 7) % 11 == 3 else column[(i * (j + 1) + i // 7) % len(column)] for j, column in enumerate(columns)]


def some(null):
    """Numbers that repeat themselves, that grow, that jump; of `null` columns in 20 one is null."""
    time, seed = 1725516166885349741, 1
    for i in range(10**9):
        seed = seed * 6364136223846793005 % UINT + 1442695040888963407
        jump = seed >> 33
        time += jump % 10**9
        row = [
            jump % 100 if i & 1 else -7,
            7904794000132347948 + i * 4096 + jump % 4096,
            jump % 10**7 * 50,
            -jump * seed << 25 if i % 1000 == 0 else jump % 1000 * 10**17,
            time,
            19965 + i // 5000,
            TEXTS[1 + jump % (len(TEXTS) - 1)],
            "order %d" % i,
        ]
        if jump % 20 < null:
            row[jump % 8] = None
        yield row


def long():
    for i, row in zip(range(300), some(8)):
        length = 1 << 20 if i in (100, 101) else (10, 1000, 100000)[i % 3]
        row[7] = "abc"[i % 3] * (length - 4) + "%04d" % i
        yield row


def rows(kind):
    counts = {"full": 2000, "many": 140000, "one": 1}
    if kind == "extremes":
        return extremes()
    if kind == "long":
        return long()
    if kind in counts:
        return (row for _, row in zip(range(counts[kind]), some(16 if kind == "many" else 0)))
    return ([None] * 8 for _ in range(1000 if kind == "nothing" else 0))


def as_csv(row):
    texts = ["" if value is None else str(value) for value in row]
    for column, scale in ((2, 4), (3, 18)):
        if row[column] is not None:
            texts[column] = decimal_text(row[column], scale)
    if row[5] is not None:
        texts[5] = day_text(row[5])
    return texts


def main():
    kind = sys.argv[1]
    with open("table.schema", "w") as file:
        file.write(SCHEMA)
    with open(kind + ".csv", "w", newline="", encoding="utf-8") as table, open(kind + ".truth", "w") as truth:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(["i", "u", "d", "w", "at", "day", "t", "s"])
        for row in rows(kind):
            writer.writerow(as_csv(row))
            truth.write(json.dumps([None if value is None else str(value) for value in row]) + "\n")


main()
