#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""value_oracle.py SEED: random rows, a list of expressions, and each value as Python's fractions have it beside sw-cut's."""
import csv
import io
import random
import subprocess
import sys
from fractions import Fraction as F


def half_away(x, decimals):
    scaled = abs(x) * 10**decimals
    whole = scaled.numerator // scaled.denominator
    if (scaled - whole) * 2 >= 1:
        whole += 1
    return F(whole if x >= 0 else -whole, 10**decimals)


def two(f):
    return lambda a, b: None if a is None or b is None else f(a, b)


add, take, times = two(lambda a, b: a + b), two(lambda a, b: a - b), two(lambda a, b: a * b)
over = two(lambda a, b: None if b == 0 else half_away(a / b, 18))


def least(*values):
    known = [v for v in values if v is not None]
    return min(known) if known else None


def greatest(*values):
    known = [v for v in values if v is not None]
    return max(known) if known else None


def choose(condition, a, b):
    return a if condition else b


def more(a, b):
    return a is not None and b is not None and a > b


EXPRESSIONS = {
    "p*q": lambda r: times(r.p, r.q),
    "p/q": lambda r: over(r.p, r.q),
    "(p-q)/(q+1)": lambda r: over(take(r.p, r.q), add(r.q, F(1))),
    "p/q/3": lambda r: over(over(r.p, r.q), F(3)),
    "q/(n*123456789012.00000000000000000000000001)": lambda r: over(r.q, times(r.n, F(12345678901200000000000000000000000001, 10**26))),
    "-p+q*2": lambda r: add(None if r.p is None else -r.p, times(r.q, F(2))),
    "abs(p-q)": lambda r: None if take(r.p, r.q) is None else abs(take(r.p, r.q)),
    "least(p,q,n)": lambda r: least(r.p, r.q, r.n),
    "greatest(p,q,0)": lambda r: greatest(r.p, r.q, F(0)),
    "round(p,2)": lambda r: None if r.p is None else half_away(r.p, 2),
    "round(p/q,0)": lambda r: None if over(r.p, r.q) is None else half_away(over(r.p, r.q), 0),
    "if(p > q, p, q)": lambda r: choose(more(r.p, r.q), r.p, r.q),
    "if(p > q && n > 0, p*n, null)": lambda r: choose(more(r.p, r.q) and more(r.n, F(0)), times(r.p, r.n), None),
    "if(q == null, 0-1, if(q > 0, 1, 0))": lambda r: F(-1) if r.q is None else F(int(r.q > 0)),
    "least(if(n in (1,2,3), n, 9), 5)": lambda r: least(choose(r.n in (1, 2, 3), r.n, F(9)), F(5)),
}


class Row:
    def __init__(self, chance):
        self.p = chance.choice([None, F(chance.randint(-10**6, 10**6), 10**4), F(chance.randint(-9, 9))])
        self.q = chance.choice([None, F(0), F(chance.randint(-50, 50)), F(chance.randint(-10**12, 10**12))])
        self.n = chance.choice([None, F(chance.randint(-3, 5))])


def shown(value):
    if value is None:
        return ""
    sign = "-" if value < 0 else ""
    scaled = abs(value) * 10**36
    assert scaled.denominator == 1
    whole, rest = divmod(scaled.numerator, 10**36)
    return (sign + str(whole) + "." + str(rest).zfill(36)).rstrip("0").rstrip(".")


def main():
    chance = random.Random(int(sys.argv[1]))
    print("SEED=" + sys.argv[1])
    rows = [Row(chance) for _ in range(5000)]
    with open("v.schema", "w") as schema:
        schema.write("table v\ncolumn i int\ncolumn p decimal:4\ncolumn q int\ncolumn n int\n")
    text = "i,p,q,n\n" + "".join(f"{i},{shown(r.p)},{shown(r.q)},{shown(r.n)}\n" for i, r in enumerate(rows))
    stream = subprocess.run(["sw-chunk", "-t", "v.schema"], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout
    columns = ",".join(f"x{i}={e}" for i, e in enumerate(EXPRESSIONS))
    out = subprocess.run(["sw-cut", "-c", columns], input=stream, stdout=subprocess.PIPE, check=True).stdout.decode()
    got = list(csv.reader(io.StringIO(out)))
    assert got[0] == [f"x{i}" for i in range(len(EXPRESSIONS))] and len(got) == len(rows) + 1
    for row, line in zip(rows, got[1:]):
        for (text, value), cell in zip(EXPRESSIONS.items(), line):
            assert shown(value(row)) == cell, (text, vars(row), shown(value(row)), cell)


main()
