#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Arithmetic over measures, worked out with Python's fractions over the rows of a CSV.

    formula_oracle.py list              NAME=FORMULA,… for -a
    formula_oracle.py rows ROWS SEED    a CSV: g, p (a decimal with nulls), q (a whole number with nulls and zeros), t (a time)
    formula_oracle.py want <rows.csv    what sw-agg -g g should print for the list

Formulas are made at random from measures, numbers, + - * /, abs, least, greatest and round, as text and as a function of a group at once."""
import csv, random, sys
from fractions import Fraction as F


def half_away(x, decimals):
    scaled = abs(x) * 10 ** decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return F(whole if x >= 0 else -whole, 10 ** decimals)


def known(rows, name):
    return [row[name] for row in rows if row[name] is not None]


def mean(values):
    return sum(values) / len(values) if values else None


def quantile(values, p):
    if not values:
        return None
    values, place = sorted(values), (len(values) - 1) * p
    low = place.numerator // place.denominator
    return values[low] + (values[min(low + 1, len(values) - 1)] - values[low]) * (place - low)


def weighted(rows):
    pairs = [(row['p'], row['q']) for row in rows if row['p'] is not None and row['q'] is not None]
    weight = sum(q for _, q in pairs)
    return sum(p * q for p, q in pairs) / weight if weight else None


def at_end(rows, name, which):
    rows = [row for row in rows if row[name] is not None]
    return which(rows, key=lambda row: row['t'])[name] if rows else None


MEASURES = {
    'count()': lambda g: F(len(g)),
    'count(p)': lambda g: F(len(known(g, 'p'))),
    'count(q > 0)': lambda g: F(sum(q > 0 for q in known(g, 'q'))),
    'sum(p)': lambda g: sum(known(g, 'p')) if known(g, 'p') else None,
    'sum(q)': lambda g: sum(known(g, 'q')) if known(g, 'q') else None,
    'sum(p*q)': lambda g: sum(row['p'] * row['q'] for row in g if None not in (row['p'], row['q'])) if
    any(None not in (row['p'], row['q']) for row in g) else None,
    'mean(p)': lambda g: mean(known(g, 'p')),
    'mean(q)': lambda g: mean(known(g, 'q')),
    'min(p)': lambda g: min(known(g, 'p'), default=None),
    'max(q)': lambda g: max(known(g, 'q'), default=None),
    'max(t)': lambda g: max(row['t'] for row in g),
    'min(t)': lambda g: min(row['t'] for row in g),
    'distinct(q)': lambda g: F(len(set(known(g, 'q')))),
    'wmean(p,q)': weighted,
    'median(p)': lambda g: quantile(known(g, 'p'), F(1, 2)),
    'quantile(q, 0.123456789)': lambda g: quantile(known(g, 'q'), F(123456789, 10 ** 9)),
    'quantile_disc(p,0.5)': lambda g: sorted(known(g, 'p'))[(len(known(g, 'p')) + 1) // 2 - 1] if known(g, 'p') else None,
    'first(p)': lambda g: at_end(g, 'p', min),
    'last(q)': lambda g: at_end(g, 'q', max),
}


def strict(operate):
    return lambda g, *parts: (lambda values: None if None in values else operate(*values))([part(g) for part in parts])


def lenient(choose):
    return lambda g, *parts: choose([value for value in (part(g) for part in parts) if value is not None], default=None)


def formula(draw, depth):
    """(text, function of a group's rows)"""
    if depth == 0:
        if draw.random() < 0.2:
            number = draw.choice(['2', '0.5', '1000000007', '12.3456', '0'])
            return number, lambda g: F(number)
        name = draw.choice(list(MEASURES))
        return name, MEASURES[name]
    kind = draw.randrange(9)
    parts = [formula(draw, depth - 1) for _ in range(draw.randint(2, 3))]
    texts, (a, b) = [text for text, _ in parts], [part for _, part in parts][:2]
    if kind < 4:
        sign = '+-*/'[kind]
        operate = strict([lambda x, y: x + y, lambda x, y: x - y, lambda x, y: x * y, lambda x, y: x / y if y else None][kind])
        return f'({texts[0]}) {sign}({texts[1]})', lambda g: operate(g, a, b)
    if kind == 4:
        return f'-({texts[0]})', lambda g: strict(lambda x: -x)(g, a)
    if kind == 5:
        return f'abs({texts[0]})', lambda g: strict(abs)(g, a)
    if kind == 6:
        decimals = draw.randint(0, 9)
        return f'round({texts[0]}, {decimals})', lambda g: strict(lambda x: half_away(x, decimals))(g, a)
    operate = lenient(min if kind == 7 else max)
    functions = [part for _, part in parts]
    return f'{"least" if kind == 7 else "greatest"}({", ".join(texts)})', lambda g: operate(g, *functions)


def formulas():
    draw, made = random.Random(11), []
    samples = [group for seed in (1, 2) for group in grouped(lines_of(400, seed)).values()]
    # how operators bind, and what is named before
    made.append(('a', 'sum(p)-sum(q)-count()*2', lambda g: strict(lambda x, y, n: x - y - n * 2)(g, MEASURES['sum(p)'], MEASURES['sum(q)'], MEASURES['count()'])))
    made.append(('b', 'sum(q)/count()/3', lambda g: strict(lambda x, n: x / n / 3)(g, MEASURES['sum(q)'], MEASURES['count()'])))
    made.append(('c', 'a-b*-2', lambda g: strict(lambda x, y: x + y * 2)(g, made[0][2], made[1][2])))
    made.append(('d', 'max(t)-min(t)', lambda g: MEASURES['max(t)'](g) - MEASURES['min(t)'](g)))
    while len(made) < 40:
        text, function = formula(draw, draw.randint(1, 3))
        # what fits 128 bits in the groups that the test has
        if any(name in text for name in MEASURES) and all(abs(function(group) or 0) < 10 ** 31 for group in samples):
            made.append((f'f{len(made)}', f'{text} + 0', function))
    return made


def lines_of(count, seed):
    draw = random.Random(seed)
    yield 'g,p,q,t'
    for i in range(count):
        p = draw.choice(['', '0', f'{draw.randint(-10**9, 10**9)}.{draw.randint(1, 9999):04}', '3.25'])
        q = draw.choice(['', '0', '7', str(draw.randint(1, 10 ** 6)), str(draw.randint(-50, 50))])
        # a group of one row, and one without values
        yield f"{draw.choice('abcdefgh') if i > 1 else 'xy'[i]},{p if i != 1 else ''},{q if i != 1 else ''},{1725494400 * 10**9 + i * 1001}"


def grouped(lines):
    groups = {}
    for row in csv.DictReader(lines):
        groups.setdefault(row['g'], []).append({name: F(row[name]) if row[name] else None for name in 'pqt'})
    return groups


def want():
    made = formulas()
    print(','.join(['g'] + [name for name, _, _ in made]))
    for key, found in sorted(grouped(sys.stdin).items()):
        line = [key]
        for _, _, function in made:
            value = function(found)
            if value is not None:
                whole = int(half_away(value, 6) * 10 ** 6)
                value = f"{'-' if whole < 0 else ''}{abs(whole) // 10**6}.{abs(whole) % 10**6:06}"
            line.append('' if value is None else value)
        print(','.join(line))


if sys.argv[1] == 'list':
    print(','.join(f'{name}={text}' for name, text, _ in formulas()))
elif sys.argv[1] == 'rows':
    print('\n'.join(lines_of(int(sys.argv[2]), int(sys.argv[3]))))
else:
    want()
