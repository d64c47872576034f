#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""differential.py [--seed N] [--rounds N | --seconds N] [--rows N] [--route NAME] [--keep DIR]

Random CSV files (tests/differential_rows.py) through every route that rows can take in the suite; each must come to what follows from the rows by the
book: digests, the printed rows, selections, groups. A difference ends it with status 1: it says the round's seed, which repeats the round on any
machine, and leaves in DIR (made for the purpose, where it is not said) the smallest file that still shows it, found by halving the rows.
The programs are those of SW_BIN (bin/)."""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time

import differential_rows as model

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.abspath(os.environ.get("SW_BIN", os.path.join(TREE, "bin")))


class Difference(Exception):
    pass


def run(*words, given=None, status=0):
    """A program's standard output. `given`: bytes for its standard input, else nothing."""
    words = [str(word) for word in words]
    command = [os.path.join(BIN, words[0]) if words[0].startswith("sw-") else words[0]] + words[1:]
    done = subprocess.run(command, input=given or b"", capture_output=True, timeout=120, check=False)
    if done.returncode not in (status if isinstance(status, tuple) else (status,)):
        raise Difference("%s: status %d: %s" % (" ".join(words), done.returncode, done.stderr.decode(errors="replace")[:2000]))
    return done.stdout if done.returncode == 0 else None


def same(what, expected, got):
    if expected == got:
        return
    if isinstance(expected, list):
        for i, (a, b) in enumerate(zip(expected, got)):
            if a != b:
                raise Difference("%s: row %d: %r, not %r" % (what, i, str(b)[:500], str(a)[:500]))
        raise Difference("%s: %d rows, not %d" % (what, len(got), len(expected)))
    raise Difference("%s: %r, not %r" % (what, got, expected))


class Work:
    """A round: its rows, as a file too, and what is known of them. `rng` is the route's own."""

    def __init__(self, rows, seed):
        self.rows, self.seed = rows, seed
        self.digest = model.digest(rows.columns, rows.values())
        with open("t.schema", "w", encoding="ascii") as file:
            file.write(model.SCHEMA)
        with open("rows.csv", "wb") as file:
            file.write(rows.csv(seed % 3 == 0))
        self.rng = None

    def chunk(self, *options, **how):
        return run("sw-chunk", "-t", "./t.schema", *options, **how)

    def whole(self, stream, what, ordered=True, rows=None):
        """A stream is verified, and holds the rows."""
        rows = self.rows.values() if rows is None else rows
        same(what, model.digest(self.rows.columns, rows), run("sw-info", "--digest", given=stream))
        run("sw-info", "--verify", given=stream)
        if ordered:
            same(what, self.rows.printed(rows), model.parse_csv(run("sw-cut", given=stream)))


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)
    return name


# ---- reading ----

def route_whole(work):
    work.whole(work.chunk("rows.csv"), "whole")
    work.whole(work.chunk(given=work.rows.csv()), "from a pipe")
    write("rows.csv.gz", run("gzip", "-c%d" % work.rng.randint(1, 9), given=work.rows.csv()))
    work.whole(work.chunk("rows.csv.gz"), "from a gzip")
    for block_rows in (1, 7, work.rng.randint(2, 200)):
        work.whole(work.chunk("--block-rows", block_rows, "rows.csv"), "blocks of %d" % block_rows)


def ranges_of(plan):
    return ["%s:%s" % tuple(line.split()[1:3]) for line in plan.decode().splitlines()]


def route_ranges(work):
    size = os.path.getsize("rows.csv")
    ways = [("-b", work.rng.randint(1, size), "--exact"), ("-n", work.rng.randint(1, 9), "--exact"), ("--rows", work.rng.randint(1, 40))]
    ways += [] if work.rows.quoted() else [("-b", work.rng.randint(1, size))]
    for way in ways:
        ranges = ranges_of(work.chunk("--plan", *way, "rows.csv"))
        if len(ranges) < 80:
            parts = [work.chunk("--range", r, "rows.csv") for r in ranges]
            work.whole(b"".join(parts), "ranges of %s" % " ".join(map(str, way)))


def header(work):
    return work.rows.csv()[:len(work.rows.csv()) - sum(len(line) for _, line in work.rows.rows)]


def route_bad_rows(work):
    lines, bad = [header(work)], 0
    for _, line in work.rows.rows:
        if work.rng.random() < 0.1:
            lines.append(work.rng.choice([b"1,2" + b"," * 30, b"x" + b"," * (len(work.rows.columns) - 1)]) + work.rows.end)
            bad += 1 if lines[-1][:1] == b"1" or work.rows.columns[0].kind != model.TEXT else 0
        lines.append(line)
    if any(line[:1] == b"x" for line in lines[1:]) and work.rows.columns[0].kind == model.TEXT:
        return
    write("bad.csv", b"".join(lines))
    work.whole(work.chunk("--bad-rows", "bad", "bad.csv"), "without the bad rows")
    with open("bad", "rb") as file:
        same("bad rows", bad, len(file.read().splitlines()))
    if bad:
        work.chunk("bad.csv", status=1)


# ---- writing ----

def route_optimized(work):
    stream = work.chunk("--block-rows", work.rng.choice([7, 64, 65536]), "rows.csv")
    for level in work.rng.sample(range(10), 3):
        options = ["--index"] if work.rng.random() < 0.5 else []
        work.whole(run("sw-optimize", "-z", level, *options, given=stream), "optimized, level %d" % level)
        work.whole(work.chunk("-z", level, "--block-rows", work.rng.choice([7, 65536]), "rows.csv"), "kept, level %d" % level)


def route_csv(work):
    text = run("sw-cut", given=work.chunk("rows.csv"))
    work.whole(work.chunk(given=text), "printed and read again")
    same("printed twice", text, run("sw-cut", given=work.chunk(given=text)))
    tabs = run("sw-cut", "--iso-time", given=work.chunk("rows.csv"))
    work.whole(work.chunk(given=tabs), "printed with ISO times")


def route_pieces(work):
    """Ranges of blocks; a file a key; all of them behind one another."""
    stream = write("rows.swr", work.chunk("--block-rows", work.rng.randint(1, 70), *work.rng.choice([[], ["-z", 1]]), "rows.csv"))
    ranges = ranges_of(run("sw-info", "--plan", "-n", work.rng.randint(1, 9), stream))
    work.whole(b"".join(run("sw-filter", "--range", r, stream) for r in ranges), "ranges of blocks")
    os.mkdir("split")
    key = work.rng.choice([["security_code"], ["date"], ["security_code", "hour"]])
    run("sw-split", "-k", ",".join(key), "-o", "split/" + "-".join("{%s}" % name for name in key) + ".swr", stream)
    names = sorted(os.listdir("split"))
    work.rng.shuffle(names)
    pieces = b"".join(open("split/" + name, "rb").read() for name in names)
    if names:
        work.whole(pieces, "split and put together", ordered=False)
    same("files of the split", len({tuple(model.derived(name, row, work.rows.index) for name in key) for row in work.rows.values()}), len(names))


def sort_key(work, keys):
    """For Python's own sort, which is stable, too."""
    def part(row, name, descending):
        value = model.derived(name, row, work.rows.index)
        if value is None:
            return (0, 0)
        if isinstance(value, bytes):
            return (1, Backwards(value) if descending else value)
        return (1, -value if descending else value)

    def whole(row):
        parts = [part(row, name, descending) for name, descending in keys]
        return [(-there, value) if descending else (there, value) for (there, value), (_, descending) in zip(parts, keys)]
    return whole


class Backwards:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        return other.value < self.value

    def __eq__(self, other):
        return self.value == other.value


def route_sorted(work):
    names = work.rng.sample([c.name for c in work.rows.columns] + ["date", "hour"], work.rng.randint(1, 3))
    keys = [(name, work.rng.random() < 0.3) for name in names]
    option = ",".join(name + (":desc" if descending else "") for name, descending in keys)
    rows = sorted(work.rows.values(), key=sort_key(work, keys))
    stream = work.chunk("--block-rows", work.rng.choice([1, 7, 64, 65536]), "rows.csv")
    work.whole(run("sw-sort", "-k", option, *work.rng.choice([[], ["-S", "1M"], ["--index"]]), given=stream), "sorted", rows=rows)
    parts = [write("part%d.swr" % i, run("sw-sort", "-k", option, given=work.chunk("--range", r, "rows.csv")))
             for i, r in enumerate(ranges_of(work.chunk("--plan", "--exact", "-n", work.rng.randint(1, 6), "rows.csv")))]
    work.whole(run("sw-sort", "-m", "-k", option, *parts), "sorted in parts and merged", rows=rows)


# ---- selections ----

def constant(work, column):
    """A value of the column, or one near it, as a number or a text that an expression can have."""
    values = [row[work.rows.index[column.name]] for row in work.rows.values()]
    values = [value for value in values if value is not None]
    if column.kind == model.TEXT:
        known = [value for value in values if b"\0" not in value and len(value) < 200 and is_utf8(value)]
        return work.rng.choice(known or [b"a"])
    value = work.rng.choice(values or [0]) + work.rng.choice([0, 0, 0, 1, -1])
    # What no value of 128 bits can be is refused in an expression.
    low, high = model.LIMITS[model.DECIMAL]
    return min(max(value, low), high)


def is_utf8(value):
    try:
        return value.decode() is not None
    except UnicodeDecodeError:
        return False


def spelled_constant(value, column):
    if column.kind == model.TEXT:
        return "'" + value.decode().replace("'", "''") + "'"
    if column.kind == model.DATE:
        return "'%04d-%02d-%02d'" % model.civil(min(max(value, -719528), 2932896))
    return model.decimal_text(value, column.scale)


def comparison(work):
    """An expression and a function from a row to True, False or None."""
    column = work.rng.choice(work.rows.columns)
    at, name = work.rows.index[column.name], "`%s`" % column.name if " " in column.name else column.name
    way = work.rng.random()
    if way < 0.1:
        return name + " == null", lambda row: row[at] is None
    if way < 0.35:
        few = [constant(work, column) for _ in range(work.rng.randint(1, 5))]
        few = [min(max(v, -719528), 2932896) for v in few] if column.kind == model.DATE else few
        return ("%s in (%s)" % (name, ", ".join(spelled_constant(v, column) for v in few)),
                lambda row: None if row[at] is None else row[at] in few)
    sign = work.rng.choice(["==", "!=", "<", "<=", ">", ">="])
    value = constant(work, column)
    value = min(max(value, -719528), 2932896) if column.kind == model.DATE else value
    holds = {"==": lambda a: a == value, "!=": lambda a: a != value, "<": lambda a: a < value, "<=": lambda a: a <= value,
             ">": lambda a: a > value, ">=": lambda a: a >= value}[sign]
    return "%s %s %s" % (name, sign, spelled_constant(value, column)), lambda row: None if row[at] is None else holds(row[at])


def condition(work, depth=3):
    way = work.rng.random()
    if depth == 0 or way < 0.3:
        return comparison(work)
    text, one = condition(work, depth - 1)
    if way < 0.4:
        return "!(%s)" % text, lambda row: None if one(row) is None else not one(row)
    other_text, other = condition(work, depth - 1)
    decides = way > 0.7  # what one side alone decides: True for ||, False for &&

    def both(row):
        sides = (one(row), other(row))
        return decides if decides in sides else None if None in sides else not decides
    return "(%s) %s (%s)" % (text, "||" if decides else "&&", other_text), both


def selectors(work):
    """Options, and what they select."""
    text, holds = condition(work)
    options, tests, at = ["-e", text], [holds], work.rows.index
    if work.rng.random() < 0.5:
        few = work.rng.sample(range(85600, 85605), work.rng.randint(1, 3))
        options += ["-s", ",".join(map(str, few))]
        tests.append(lambda row: row[at["security_code"]] in few)
    if work.rng.random() < 0.3:
        first = work.rng.randint(0, 23)
        last = work.rng.randint(first, 23)
        options += ["-H", "%d-%d" % (first, last)]
        tests.append(lambda row: row[at["when"]] is not None and first <= model.derived("hour", row, at) <= last)
    if "quantity" in at and work.rng.random() < 0.3:
        low = work.rng.randint(0, 60000)
        options += ["-q", "%d..%d" % (low, low + 20000)]
        tests.append(lambda row: row[at["quantity"]] is not None and low <= row[at["quantity"]] <= low + 20000)
    return options, [row for row in work.rows.values() if all(test(row) is True for test in tests)]


def route_selected(work):
    stream = work.chunk("--block-rows", work.rng.choice([1, 7, 65536]), "rows.csv")
    indexed = write("indexed.swr", run("sw-optimize", "--index", given=stream))
    index = ["--index", "-b", work.rng.choice([1, 100, 1000]), "rows.csv"]
    for _ in range(3):
        options, rows = selectors(work)
        what = " ".join(options)
        work.whole(work.chunk(*options, "rows.csv"), "before: " + what, rows=rows)
        work.whole(run("sw-filter", *options, given=stream), "behind: " + what, rows=rows)
        work.whole(run("sw-filter", *options, indexed), "by the stream's index: " + what, rows=rows)
        work.chunk(*index)
        work.whole(work.chunk(*options, "rows.csv"), "by the file's index: " + what, rows=rows)
        ranges = ranges_of(work.chunk("--plan", "--exact", "-n", "4", *options, "rows.csv"))
        work.whole(b"".join(work.chunk("--range", r, *options, "rows.csv") for r in ranges), "ranges by the index: " + what, rows=rows)
        os.remove("rows.csv.index")
        left = [row for row in work.rows.values() if not any(row is other for other in rows)]
        run("sw-filter", *options, "--reject", "rejected.swr", "-o", "/dev/null", given=stream)
        work.whole(open("rejected.swr", "rb").read(), "rejected: " + what, rows=left)


# ---- groups ----

def measures(work):
    known = [c.name for c in work.rows.columns] + ["date", "hour"]
    known += ["value"] if {"price", "quantity"} <= set(known) else []
    chosen = [("count", "")]
    for _ in range(work.rng.randint(1, 6)):
        kind = work.rng.choice(["count", "sum", "mean", "min", "max", "distinct", "first", "last"])
        name = work.rng.choice(known)
        numbers = model.column_of(work.rows, name).kind in (model.INT, model.UINT, model.DECIMAL)
        if numbers or kind not in ("sum", "mean"):
            chosen.append((kind, name))
    return chosen


def is_plain(name):
    return " " not in name


def route_groups(work):
    keys = work.rng.sample([c.name for c in work.rows.columns if is_plain(c.name)] + ["date", "hour"], work.rng.randint(0, 2))
    chosen = [(kind, name) for kind, name in measures(work) if is_plain(name)]
    options = ["-g", ",".join(keys)] if keys else []
    options += ["-a", ",".join("m%d=%s(%s)" % (i, kind, name) for i, (kind, name) in enumerate(chosen))]
    try:
        expected = model.grouped(keys, chosen, work.rows)
    except model.Overflow:
        expected = None
    status = 0 if expected else 1

    def check(text, what):
        if expected:
            same("%s: %s" % (what, " ".join(options)), expected, model.parse_csv(text))

    stream = work.chunk("--block-rows", work.rng.choice([1, 7, 65536]), "rows.csv")
    check(run("sw-agg", *options, given=stream, status=status), "groups")
    parts = []
    for i, part in enumerate(ranges_of(work.chunk("--plan", "--exact", "-n", work.rng.randint(1, 7), "rows.csv"))):
        if work.rng.random() < 0.5:
            partial = work.chunk("--partial", *options, "--range", part, "rows.csv", status=(0, status))
        else:
            partial = run("sw-agg", "--partial", *options, given=work.chunk("--range", part, "rows.csv"), status=(0, status))
        if partial is None:
            return
        parts.append(write("part%d.swr" % i, partial))
    for _ in range(2):
        work.rng.shuffle(parts)
        cut = work.rng.randint(0, len(parts))
        some = [write("some.swr", run("sw-agg", "--merge", "--partial", *parts[:cut], status=(0, status)) or b"")] if cut else []
        check(run("sw-agg", "--merge", *some, *parts[cut:], status=status), "merged")


# ---- other programs' formats ----

def route_exports(work):
    stream = work.chunk("--block-rows", work.rng.choice([1, 7, 65536]), "rows.csv")
    columns = work.rows.columns
    fits = all(v is None or (is_utf8(v) if c.kind == model.TEXT else c.kind != model.DECIMAL or abs(v) < 10**38)
               for row in work.rows.values() for v, c in zip(row, columns))
    expected = [[None if v is None else v.decode(errors="surrogateescape") if c.kind == model.TEXT else str(v) for v, c in zip(row, columns)]
                for row in work.rows.values()]
    for kind in ("parquet", "arrow", "arrows"):
        name = "rows." + kind
        run("sw-cut", "-f", kind, "-o", name, given=stream, status=0 if fits else 1)
        if fits:
            lines = run(sys.executable, os.path.join(TREE, "tests", kind.rstrip("s") + "_reader.py"), name).decode().splitlines()
            same(kind, expected, [json.loads(line) for line in lines])
        if fits and kind == "parquet":
            work.whole(work.chunk(name), "Parquet, read again")
    lines = run("sw-cut", "-f", "jsonl", given=stream).decode().splitlines()
    same("rows of JSON", len(expected), len(lines))
    for row, line in zip(work.rows.values(), lines):
        found = json.loads(line, parse_float=str, parse_int=str)
        for value, column, (name, got) in zip(row, columns, found.items()):
            want = None if value is None else model.canonical(value, column).decode(errors="surrogateescape")
            same("JSON: " + name, [column.name, want], [name, got])


ROUTES = {name[len("route_"):]: function for name, function in list(globals().items()) if name.startswith("route_")}


# ---- rounds ----

def difference(route, rows, seed, folder):
    """What a route finds, as text; None: nothing."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        os.chdir(place)
        try:
            work = Work(rows, seed)
            work.rng = random.Random("%s %d" % (route, seed))
            ROUTES[route](work)
            return None
        except (Difference, subprocess.TimeoutExpired, AssertionError, ValueError) as found:
            return "%s: %s" % (type(found).__name__, found)
        finally:
            os.chdir(folder)


def minimize(route, rows, seed, folder):
    """Leaves only rows that the difference needs, by halves of what is left."""
    step, tries = len(rows.rows) // 2, 0
    while step > 0 and tries < 300:
        at = 0
        while at < len(rows.rows) and tries < 300:
            kept = rows.rows
            rows.rows = kept[:at] + kept[at + step:]
            tries += 1
            if difference(route, rows, seed, folder) is None:
                rows.rows = kept
                at += step
        step //= 2
    return difference(route, rows, seed, folder)


def report(route, rows, seed, most, found, folder):
    print("seed %d, %s: %s" % (seed, route, found))
    print("repeat it: %s --seed %d --rounds 1 --rows %d --route %s" % (os.path.relpath(__file__, TREE), seed, most, route), flush=True)
    least = minimize(route, rows, seed, folder)
    print("with %d rows, kept in %s: %s" % (len(rows.rows), folder, least))
    write(os.path.join(folder, "rows.csv"), rows.csv(seed % 3 == 0))
    write(os.path.join(folder, "t.schema"), model.SCHEMA.encode())


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--rounds", type=int, default=None)
    parser.add_argument("--seconds", type=float, default=None)
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--route", choices=sorted(ROUTES))
    parser.add_argument("--keep")
    wanted = parser.parse_args()
    seed = wanted.seed if wanted.seed is not None else int.from_bytes(os.urandom(4), "little")
    end = time.monotonic() + wanted.seconds if wanted.seconds else None
    rounds = wanted.rounds or (None if end else 10)
    print("from seed %d" % seed, flush=True)
    folder = os.path.abspath(wanted.keep) if wanted.keep else tempfile.mkdtemp(prefix="differential.")
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    done = 0
    while (rounds is None or done < rounds) and (end is None or time.monotonic() < end):
        rows = model.Rows(seed + done, wanted.rows)
        for route in [wanted.route] if wanted.route else ROUTES:
            found = difference(route, rows, seed + done, folder)
            if found:
                report(route, rows, seed + done, wanted.rows, found, folder)
                return 1
        done += 1
    if not wanted.keep:
        os.rmdir(folder)
    print("%d rounds" % done)
    return 0


if __name__ == "__main__":
    sys.exit(main())
