#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Columns that change their nature in the middle of a file, through every program, against Python's own integers.

    borders.py SEED…        for each seed a file of its own; says what differs first, status 1

A column is small for a while, then a number past 63, 64 or 127 bits comes, or the first null, or the second text: whatever holds a block, a group or
a file has to change with it, and what came before and behind must stay. Every program sees the rows in blocks of 1, 7, 1000 and many rows.
"""
import csv
import io
import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import date, timedelta

SCHEMA = """table borders
time timestamp
column order_id uint
column timestamp time
column code int
column price decimal
column fine decimal:13
column finest decimal:18
column side int
column quantity int
column sequence uint
column key uint
column day date
column note text
"""
TYPES = dict(line.split()[1:] for line in SCHEMA.splitlines() if line.startswith("column"))
HEADER = list(TYPES)
SCALES = {"price": 4, "fine": 13, "finest": 18}
TEXTS = {"note"}
WIDEST = {"uint": (0, 2**64 - 1), "decimal": (1 - 2**127, 2**127 - 1), "date": (-719162, 2932896)}
BORDERS = [0, 1, 10**8 - 1, 10**8, 2**31, 2**32, 10**16, 10**18, 2**62, 10**19 - 1, 10**19, 2**63, 2**64, 2**96, 2**127]
NOTES = ["a", "b", "a,b", 'q"q', "é", "zz", "x" * 300, "1", " "]
SPLIT = "side"
HERE = os.path.dirname(os.path.abspath(__file__))
AS = ["-t", "borders.schema"]


def near(chance, low, high):
    """A number at a border, or one of the range's own, or a small one."""
    border = chance.choice([number for number in BORDERS if low <= number <= high + 1] or [high])
    number = chance.choice([border + chance.randint(-2, 2), -border + chance.randint(-2, 2), chance.randint(low, high),
                            chance.randint(2**63, 10**19 - 1), chance.randint(-300, 300), low, high])
    return min(max(number, low), high)


def a_time(number):
    """Not one that would rather be of another unit, which is refused."""
    return number if all(not 978307200 * unit <= abs(number) <= 4133980800 * unit for unit in (1, 1000, 10**6)) else number % 1000


def stretch(chance, name):
    """How a column's values are made for some rows."""
    low, high = WIDEST.get(TYPES[name].split(":")[0], (-(2**63), 2**63 - 1))
    narrow = (max(low, -(2**63)), min(high, 2**63 - 1))
    if name == SPLIT:
        return lambda: chance.choice([1, 2, 2, 2**63 - 1])
    kinds = [lambda: chance.randint(max(low, 0), 300), lambda: near(chance, *narrow), lambda: near(chance, low, high)]
    base = chance.randint(max(low, 0), high - 1000)
    kinds += [lambda: base, lambda: base + chance.randint(0, 1000)]
    kinds += [lambda: chance.randint(0, 9) if chance.random() < 0.97 else near(chance, low, high)]
    if name in SCALES:  # of a few characters, whatever they come to
        unit = 10 ** SCALES[name]
        kinds += [lambda: chance.choice([unit * chance.randint(0, 10**8 - 1), unit // 10**4 * chance.randint(0, 10**4), unit * 7])] * 2
    if name in TEXTS:
        kinds = [lambda: NOTES[0], lambda: chance.choice(NOTES), lambda: NOTES[0] if chance.random() < 0.98 else "n%d" % chance.randint(0, 10**6)]
    return chance.choice(kinds)


def column(chance, name, rows):
    values, nulls = [], name not in ("order_id", "timestamp")
    while len(values) < rows:
        make, share = stretch(chance, name), chance.choice([0, 0, 0.01, 0.5, 1]) if nulls else 0
        length = chance.choice([1, 3, 8, 60, 64, 255, 257, 700])
        values += [None if chance.random() < share else make() for _ in range(length)]
    return [a_time(value) if TYPES[name] == "time" else value for value in values[:rows]]


def shown(name, value):
    if value is None or name in TEXTS:
        return value or ""
    if name == "day":
        return (date(1970, 1, 1) + timedelta(value)).isoformat()
    scale, sign, size = SCALES.get(name, 0), "-" if value < 0 else "", abs(value)
    if not scale:
        return f"{sign}{size}"
    whole, part = divmod(size, 10**scale)
    return f"{sign}{whole}" + (f".{part:0{scale}d}".rstrip("0") if part else "")


def table(header, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([shown(name.split("=")[0], value) for name, value in zip(header, row)] for row in rows)
    return out.getvalue().encode()


def order(name, value):
    if value is None:
        return (0, 0)
    return (1, value.encode() if name in TEXTS else value)


def run(*command, fed=None, **more):
    done = subprocess.run(command, input=fed, stdout=subprocess.PIPE, check=False, **more)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: status {done.returncode}")
    return done.stdout


class Case:
    def __init__(self, seed):
        self.seed = seed
        self.chance = random.Random(seed)
        count = self.chance.choice([1, 2, 7, 8, 9, 300, 1100, 2000])
        columns = [column(self.chance, name, count) for name in HEADER]
        self.rows = [dict(zip(HEADER, row)) for row in zip(*columns)]
        self.text = table(HEADER, [list(row.values()) for row in self.rows])

    def same(self, what, got, expected):
        if got == expected:
            return
        for number, (is_one, wanted) in enumerate(zip(got.split(b"\n"), expected.split(b"\n"))):
            if is_one != wanted:
                sys.exit(f"seed {self.seed}: {what}: line {number + 1}: {is_one[:300]} is not {wanted[:300]}")
        sys.exit(f"seed {self.seed}: {what}: {len(got)} bytes, not {len(expected)}")

    def listed(self, rows, header=None):
        header = header or HEADER
        return table(header, [[row[name] for name in header] for row in rows])

    def streams(self):
        """The same rows in blocks of several sizes, written, kept small, concatenated and behind a pipe."""
        for rows in ("1", "7", "1000", "65536"):
            yield f"blocks of {rows}", run("sw-chunk", *AS, "--block-rows", rows, "orders.csv")
        whole = run("sw-chunk", *AS, "orders.csv")
        for level in ("0", "1", "9"):
            yield f"optimized at {level}", run("sw-optimize", "-z", level, "--index", fed=whole)
        yield "selected while read", run("sw-chunk", *AS, "-e", "order_id >= 0", "orders.csv")
        yield "cut in two", b"".join(self.ranges())

    def ranges(self):
        for line in run("sw-chunk", *AS, "--plan", "-n", "3", "orders.csv").decode().splitlines():
            _, offset, length = line.split()
            yield run("sw-chunk", *AS, "--range", f"{offset}:{length}", "orders.csv")

    def selects(self, stream):
        name = self.chance.choice([name for name in HEADER if name not in TEXTS and name != "day"])
        known = [row[name] for row in self.rows if row[name] is not None] or [0]
        bound = self.chance.choice(known + [self.chance.choice(known) + 1])
        sign, holds = self.chance.choice([("<", lambda a: a < bound), (">=", lambda a: a >= bound), ("==", lambda a: a == bound),
                                          ("!=", lambda a: a != bound)])
        kept = [row for row in self.rows if row[name] is not None and holds(row[name])]
        text = f"{name} {sign} {shown(name, bound)}"
        self.same(f"sw-filter -e '{text}'", run("sw-cut", fed=run("sw-filter", "-e", text, fed=stream)), self.listed(kept))
        self.same(f"sw-chunk -e '{text}'", run("sw-cut", fed=run("sw-chunk", *AS, "-e", text, "orders.csv")), self.listed(kept))
        members = self.chance.sample(known, min(3, len(known)))
        kept = [row for row in self.rows if row[name] in members]
        text = f"{name} in ({', '.join(shown(name, member) for member in members)})"
        self.same(f"sw-filter -e '{text}'", run("sw-cut", fed=run("sw-filter", "-e", text, fed=stream)), self.listed(kept))

    def sorts(self, stream):
        keys = self.chance.sample(HEADER, self.chance.choice([1, 2, 3]))
        rows = self.rows
        text = []
        for name in reversed(keys):
            down = self.chance.random() < 0.3
            text.insert(0, name + (":desc" if down else ""))
            rows = sorted(rows, key=lambda row: order(name, row[name]), reverse=down)
        for memory in ("1M", "256M"):
            got = run("sw-sort", "-k", ",".join(text), "-S", memory, fed=stream)
            self.same(f"sw-sort -k {','.join(text)} -S {memory}", run("sw-cut", fed=got), self.listed(rows))

    def groups(self, streams):
        key = self.chance.choice(HEADER)
        name = self.chance.choice([name for name in HEADER if name not in TEXTS])
        measures = [f"n=count({name})", f"i={name}", f"a={name}", f"f={name}", f"l={name}", f"d=distinct({name})"]
        found = {}
        for row in self.rows:
            found.setdefault(row[key], []).append(row)
        lines = []
        for value, rows in sorted(found.items(), key=lambda item: order(key, item[0])):
            known = [row[name] for row in rows if row[name] is not None]
            moments = sorted((row["timestamp"], -1 if row["sequence"] is None else row["sequence"], row[name])
                             for row in rows if row[name] is not None)
            ends = [min(known), max(known), moments[0][2], moments[-1][2]] if known else [None] * 4
            lines.append([shown(key, value), len(known), *(shown(name, end) for end in ends), len(set(known))])
        asked = f"n=count({name}),i=min({name}),a=max({name}),f=first({name}),l=last({name}),d=distinct({name})"
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([[key, *(measure[0] for measure in measures)], *lines])
        parts = []
        for what, stream in streams:
            got = run("sw-agg", "-g", key, "-a", asked, fed=stream)
            self.same(f"{what}: sw-agg -g {key} -a {asked}", got, out.getvalue().encode())
        for part in self.ranges():
            parts.append(run("sw-agg", "-g", key, "-a", asked, "--partial", fed=part))
        self.chance.shuffle(parts)
        self.same(f"merged: sw-agg -g {key} -a {asked}", run("sw-agg", "--merge", fed=b"".join(parts)), out.getvalue().encode())

    def splits(self, stream):
        run("sw-split", "-k", SPLIT, "-o", "split/{side}.swr", fed=stream)
        for value in {row[SPLIT] for row in self.rows}:
            name = f"split/{'%null' if value is None else value}.swr"
            if not os.path.exists(name):
                sys.exit(f"seed {self.seed}: sw-split: no {name} but {os.listdir('split')}")
            self.same(f"sw-split, {name}", run("sw-cut", name), self.listed([row for row in self.rows if row[SPLIT] == value]))

    def joins(self, stream):
        """Rows sorted by a key, beside every other distinct value of it."""
        key = self.chance.choice(["order_id", "sequence", "price", "fine", "finest", "key"])
        values = sorted({row[key] for row in self.rows if row[key] is not None})[:: self.chance.choice([1, 2])]
        with open("partners.csv", "wb") as file:
            file.write(table(["timestamp", key, "quantity"], [[1, value, i] for i, value in enumerate(values)]))
        place = {value: i for i, value in enumerate(values)}
        with open("partners.swr", "wb") as file:
            file.write(run("sw-chunk", *AS, "-c", f"{key},quantity", "partners.csv"))
        rows = sorted(self.rows, key=lambda row: order(key, row[key]))
        fed = run("sw-sort", "-k", key, fed=run("sw-filter", "-c", ",".join(name for name in HEADER if name != "quantity"), fed=stream))
        header = [name for name in HEADER if name != "quantity"]
        for more, kept in ([], [row for row in rows if row[key] in place]), (["--unmatched"], [row for row in rows if row[key] not in place]):
            names = header if more else [*header, "quantity"]
            expected = table(names, [[row[name] for name in header] + ([] if more else [place[row[key]]]) for row in kept])
            got = run("sw-cut", fed=run("sw-join", "-k", key, "--with", "partners.swr", *(more or ["-c", "quantity"]), fed=fed))
            self.same(f"sw-join -k {key} {' '.join(more)}", got, expected)

    def exports(self, stream):
        """Parquet holds 38 digits; what is longer is refused."""
        names = [name for name in HEADER if name not in SCALES or all(abs(row[name] or 0) < 10**38 for row in self.rows)]
        with open("orders.parquet", "wb") as file:
            file.write(run("sw-cut", "-c", ",".join(names), "-f", "parquet", fed=stream))
        got = run(sys.executable, f"{HERE}/parquet_reader.py", "orders.parquet")
        lines = [json.dumps([None if row[name] is None else str(row[name]) for name in names]) for row in self.rows]
        self.same("sw-cut -f parquet", json.dumps([json.loads(line) for line in got.splitlines()]).encode(), f"[{', '.join(lines)}]".encode())

    def reads(self, what, stream, digest):
        """A reader written from the format's page alone."""
        lines = run(sys.executable, f"{HERE}/record_reader.py", fed=stream).split(b"\n")
        names = lines[0].split(b"\t")
        self.same(f"{what}: names", b",".join(names), ",".join(HEADER).encode())
        self.same(f"{what}: record_reader.py", b"%d" % (len(lines) - 3), b"%d" % len(self.rows))
        self.same(f"{what}: digest", lines[-2], b" ".join(digest))

    def check(self):
        with open("borders.schema", "w", encoding="ascii") as file:
            file.write(SCHEMA)
        with open("orders.csv", "wb") as file:
            file.write(self.text)
        streams = list(self.streams())
        digests = set()
        for what, stream in streams:
            self.same(f"{what}: sw-cut", run("sw-cut", fed=stream), self.text)
            digests.add(tuple(run("sw-info", "--digest", fed=stream).split()))
        if len(digests) != 1:
            sys.exit(f"seed {self.seed}: digests differ: {digests}")
        what, stream = self.chance.choice(streams)
        self.reads(what, stream, *digests)
        self.selects(stream)
        self.sorts(stream)
        self.groups(streams)
        self.splits(stream)
        self.joins(stream)
        self.exports(stream)


def main(seeds):
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            Case(int(seed)).check()
            os.chdir("/")


if __name__ == "__main__":
    main(sys.argv[1:])
