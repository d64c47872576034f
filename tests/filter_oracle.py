#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""An independent evaluation of sw-filter's conditions, with Python's fractions and zoneinfo.

    filter_oracle.py cases DIR SEED COUNT   DIR/orders.csv, and DIR/cases: a number of rows, a tab, an expression
    filter_oracle.py clock ZONE             CSV of times around ZONE's changes of the clock in 2024, with the columns that
                                            sw-cut -c timestamp,date,hour,time,hour_start derives
"""
import random
import sys
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction

HEADER = ("order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,"
          "participantid,orderstatus,totalmatchedquantity,sequence,note").split(",")
TYPES = [0, 1, 2, 64, 66, 130, 256, 258, 512, 2048, 2050, 4096, 4098, 6208, 8192]


class Bits:
    """Every whole number with one of these bits."""

    def __contains__(self, value):
        return value == int(value) and int(value) & (64 | 256 | 2048 | 4096) != 0


CENTRE_POINT = Bits()
NOTES = ["alpha", "Beta", "a b", "it's", "z"]
AEST = timezone(timedelta(hours=10))
MONDAY = 1725235200 * 10**9  # 2024-09-02T00:00:00Z


def some(chance, value):
    return None if chance.random() < 0.12 else value


def make_row(chance, number):
    quantity = chance.choice([1, 5, 100, 999, 1000, 1001, 5000, 50001, 2**40])
    values = [
        7904794000132347948 + chance.randrange(50),
        some(chance, MONDAY + chance.randrange(5 * 86400 * 10**9)),
        chance.choice([110621, 85603, 7]),
        some(chance, Fraction(chance.randrange(-50, 60000), 10000) * chance.choice([1, 10**12])),
        some(chance, chance.choice([1, 2])),
        some(chance, quantity),
        some(chance, chance.choice([0, 1, 100, quantity])),
        some(chance, chance.choice(TYPES)),
        some(chance, chance.randrange(1, 200)),
        1,
        some(chance, chance.choice([0, 1, 100, quantity])),
        number,
        some(chance, chance.choice(NOTES)),
    ]
    return dict(zip(HEADER, values))


def show(value):
    if not isinstance(value, Fraction):
        return "" if value is None else str(value)
    sign, scaled = ("-" if value < 0 else ""), abs(value.numerator) * (10**4 // value.denominator)
    return f"{sign}{scaled // 10**4}.{scaled % 10**4:04d}"


# A condition is its text and a function from a row to True, False or None (unknown).

NUMBERS = ["order_id", "security_code", "price", "side", "quantity", "leavesquantity",
           "exchangeordertype", "participantid", "totalmatchedquantity", "sequence"]
RELATIONS = {
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}


def derived(row, name):
    if name in row:
        return row[name]
    if name == "order_quantity":
        matched, leaves = row["totalmatchedquantity"], row["leavesquantity"]
        known = [row["quantity"], matched, None if None in (matched, leaves) else matched + leaves]
        return max((number for number in known if number is not None), default=None)
    if name == "value":
        both = row["price"], derived(row, "order_quantity")
        return None if None in both else both[0] * both[1]
    if row["timestamp"] is None:
        return None
    local = datetime.fromtimestamp(row["timestamp"] // 10**9, AEST)
    return local.hour if name == "hour" else local.date().isoformat()


def constant(chance):
    text = chance.choice(["0", "1", "2", "64", "100", "1000", "12.5", "0.00005", "3.1400", "-1",
                          "7904794000132347960", "99999999999999999999999", "85603", "1.0001"])
    return text, lambda row: Fraction(text)


def number(chance, depth):
    kind = chance.random()
    if depth == 0 or kind < 0.6:
        name = chance.choice([*NUMBERS, "value", "hour", "order_quantity"])
        return name, lambda row: derived(row, name)
    if kind < 0.7:
        return constant(chance)
    sign = chance.choice("+-*")
    left, right = number(chance, depth - 1), number(chance, depth - 1)
    if sign == "*":
        left = ("leavesquantity", lambda row: row["leavesquantity"])
        factor = chance.choice(["-3", "12.5", "0.00005", "85603"])
        right = chance.choice([(factor, lambda row: Fraction(factor)),
                               ("side", lambda row: row["side"])])

    def compute(row):
        a, b = left[1](row), right[1](row)
        if a is None or b is None:
            return None
        return a + b if sign == "+" else a - b if sign == "-" else a * b
    return f"({left[0]} {sign} {right[0]})", compute


def comparison(chance):
    relation = chance.choice(list(RELATIONS))
    sides = [number(chance, 2), constant(chance) if chance.random() < 0.7 else number(chance, 1)]
    chance.shuffle(sides)
    if chance.random() < 0.25:
        note = chance.choice([*NOTES, "b"])
        sides = [("note", lambda row: row["note"]),
                 ("'" + note.replace("'", "''") + "'", lambda row: note)]
    if chance.random() < 0.15:
        day = (date(2024, 9, 1) + timedelta(chance.randrange(8))).isoformat()
        sides = [("date", lambda row: derived(row, "date")), (f"'{day}'", lambda row: day)]

    def compute(row):
        a, b = sides[0][1](row), sides[1][1](row)
        return None if a is None or b is None else RELATIONS[relation](a, b)
    return f"{sides[0][0]} {relation} {sides[1][0]}", compute


def leaf(chance):
    kind = chance.random()
    if kind < 0.7:
        return comparison(chance)
    name = chance.choice([*NUMBERS, "note", "hour"])
    if kind < 0.8:
        turned = chance.random() < 0.5
        return (f"{name} {'!=' if turned else '=='} null",
                lambda row: (derived(row, name) is None) != turned)
    if name == "note":
        words = chance.sample(NOTES, 2)
        text = "(" + ", ".join('"' + word + '"' for word in words) + ")"
        return f"note in {text}", lambda row: None if row["note"] is None else row["note"] in words
    if kind < 0.9:
        members, text = CENTRE_POINT, "centre_point"
    else:
        words = [constant(chance)[0] for _ in range(3)] + [str(chance.randrange(200))]
        members, text = [Fraction(word) for word in words], "(" + ", ".join(words) + ")"
    return (f"{name} in {text}",
            lambda row: None if derived(row, name) is None else derived(row, name) in members)


def joined(chance, depth):
    parts = [condition(chance, depth - 1) for _ in range(chance.randrange(2, 4))]
    sign = chance.choice(["&&", "||"])
    decisive = sign == "||"

    def compute(row):
        truths = [part[1](row) for part in parts]
        return decisive if decisive in truths else None if None in truths else not decisive
    return f" {sign} ".join(f"({part[0]})" for part in parts), compute


def condition(chance, depth):
    kind = chance.random()
    if depth == 0 or kind < 0.3:
        return leaf(chance)
    if kind < 0.5:
        inside = condition(chance, depth - 1)
        return f"!({inside[0]})", lambda row: None if inside[1](row) is None else not inside[1](row)
    return joined(chance, depth)


def cases(directory, seed, count):
    chance = random.Random(int(seed))
    rows = [make_row(chance, number) for number in range(700)]
    with open(f"{directory}/orders.csv", "w", encoding="ascii") as file:
        print(",".join(HEADER), file=file)
        for row in rows:
            print(",".join(show(row[name]) for name in HEADER), file=file)
    with open(f"{directory}/cases", "w", encoding="ascii") as file:
        for _ in range(int(count)):
            text, holds = condition(chance, 3)
            print(sum(holds(row) is True for row in rows), text, sep="\t", file=file)


def clock(name):
    from zoneinfo import ZoneInfo
    zone, chance = ZoneInfo(name), random.Random(1)
    print("timestamp,date,hour,time,hour_start")
    for change in (datetime(2024, 4, 6, 16, tzinfo=timezone.utc),
                   datetime(2024, 10, 5, 16, tzinfo=timezone.utc)):
        base = int(change.timestamp()) * 10**9
        steps = [-1, 0, 1, -3600 * 10**9, 3600 * 10**9 - 1, 3600 * 10**9]
        steps += [chance.randrange(-2 * 86400, 2 * 86400) * 10**9 + chance.choice([0, 500 * 10**6])
                  for _ in range(2000)]
        for time_ns in (base + step for step in steps):
            local = datetime.fromtimestamp(time_ns // 10**9, zone)
            fraction = f"{time_ns % 10**9:09d}".rstrip("0")
            start = local.replace(minute=0, second=0, tzinfo=None).isoformat()
            offset = local.strftime("%z")
            print(time_ns, local.date(), local.hour,
                  local.strftime("%H:%M:%S") + ("." + fraction if fraction else ""),
                  f"{start}{offset[:3]}:{offset[3:5]}", sep=",")


if __name__ == "__main__":
    {"cases": cases, "clock": clock}[sys.argv[1]](*sys.argv[2:])
