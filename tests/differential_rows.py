# SPDX-License-Identifier: ISC
"""Made-up rows for tests/differential.py: what they are, how a CSV spells them, and what follows from them by the book (man sw-record, sw-agg,
sw-expression), with Python's whole numbers."""
import random

MASK = (1 << 64) - 1
ZONE_NS = 10 * 3600 * 10**9
DAY_NS = 24 * 3600 * 10**9
INT, UINT, DECIMAL, TIME, DATE, TEXT = "int", "uint", "decimal", "time", "date", "text"
WIDEST = (1 << 127) - 1


class Column:
    def __init__(self, name, kind, scale=0):
        self.name, self.kind, self.scale = name, kind, scale


# The first three are in every file.
COLUMNS = [
    Column("id", UINT), Column("when", TIME), Column("security_code", INT), Column("number", INT), Column("price", DECIMAL, 4),
    Column("fine", DECIMAL, 18), Column("wide", DECIMAL), Column("day", DATE), Column("sequence", UINT), Column("quantity", INT),
    Column("side", INT), Column("participantid", INT), Column("words", TEXT), Column("more words", TEXT)]
SCHEMA = "table made_up\nzone +10:00\ntime when\n" + "".join(
    "column %s %s%s\n" % (c.name, c.kind, ":%d" % c.scale if c.kind == DECIMAL else "") for c in COLUMNS if " " not in c.name)
LIMITS = {INT: (-(1 << 63), (1 << 63) - 1), UINT: (0, MASK), DECIMAL: (-WIDEST - 1, WIDEST), TIME: (-(1 << 63), (1 << 63) - 1),
          DATE: (-719528, 2932896)}
TEXTS = [b"a", b"b", b"a b", b" a", b"a ", b'q"q', b"a,b", b"line\nline", b"\xc3\xa9t\xc3\xa9", b"null", b"0", b"-", b"'", b"Rest of Day"]


# ---- values ----

def number_maker(rng, column):
    make = any_number_maker(rng, column)
    return make if column.kind != TIME else lambda: nanoseconds(make())


def nanoseconds(value):
    """A time that counts another unit of the years 2001 to 2100 is refused: what lies before 1970 is not."""
    return -value if any(978307200 * unit <= value <= 4133980800 * unit for unit in (1, 10**3, 10**6)) else value


def any_number_maker(rng, column):
    """A way to draw numbers of a column: each has its own borders, and its own spread."""
    low, high = LIMITS[column.kind]
    small = {"security_code": (85600, 85604), "side": (1, 2), "quantity": (0, 60000), "participantid": (1, 120)}.get(column.name)
    if small and rng.random() < 0.9:
        return lambda: rng.randint(*small)
    borders = [b for b in (low, high, 0, -1, 1, 1 << 31, 1 << 32, (1 << 63) - 1, 1 << 63, -(1 << 63), -(1 << 63) - 1, MASK, 1 << 64, 10**18, -10**18,
                           10**38 - 1, 1 << 126) if low <= b <= high]
    first = rng.randint(max(low, -(10**6)), min(high, 10**6))
    base = 1725494399 * 10**9 if column.kind == TIME else 19971 if column.kind == DATE else first
    few = [rng.choice([base, rng.randint(low, high), rng.choice(borders)]) for _ in range(rng.randint(1, 5))]
    return rng.choice([
        lambda: min(high, max(low, base + rng.randint(0, 1000) * (10**9 if column.kind == TIME else 1))),
        lambda: rng.choice(few),
        lambda: rng.randint(low, high),
        lambda: min(high, max(low, rng.choice(borders) + rng.randint(-2, 2))),
        lambda: rng.choice(borders) if rng.random() < 0.05 else base,
        lambda: rng.randint(max(low, -9), min(high, 9))])


def text_maker(rng):
    def long_text():
        return b"long" * rng.choice([10, 64, 1000, 20000])
    few = rng.sample(TEXTS, rng.randint(1, 6))
    return rng.choice([
        lambda: rng.choice(few), lambda: rng.choice(TEXTS), lambda: b"%d" % rng.randint(0, 99),
        lambda: bytes(rng.choice(b'ab,"\n\r \xff\xc3\x01') for _ in range(rng.randint(1, 9))),
        lambda: long_text() if rng.random() < 0.05 else b"x"])


# ---- spelling ----

def canonical(value, column):
    """As the suite prints it."""
    if value is None:
        return b""
    if column.kind == TEXT:
        return value
    if column.kind == DATE:
        return b"%04d-%02d-%02d" % civil(value)
    return decimal_text(value, column.scale).encode()


def decimal_text(value, scale):
    text = fixed_text(value, scale)
    return text.rstrip("0").rstrip(".") if "." in text else text


def fixed_text(value, scale):
    digits = str(abs(value)).rjust(scale + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (digits[:-scale] + "." + digits[-scale:] if scale else digits)


def civil(days):
    """Days since 1970 as year, month, day (the proleptic Gregorian calendar)."""
    era, rest = divmod(days + 719468, 146097)
    year = (rest - rest // 1460 + rest // 36524 - rest // 146096) // 365
    of_year = rest - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    return (year + era * 400 + (month >= 10), month + 3 if month < 10 else month - 9, of_year - (153 * month + 2) // 5 + 1)


def spelled_number(rng, value, column):
    text = decimal_text(value, column.scale) if rng.random() < 0.8 else fixed_text(value, column.scale)
    way = rng.random()
    if way < 0.05 and value >= 0:
        text = "+" + text
    elif way < 0.1:
        text = text.replace("-", "-00") if value < 0 else "00" + text
    elif way < 0.15 and column.kind != TIME:
        text += "000" if "." in text else ".0"
    return text.encode()


def spelled(rng, value, column, last):
    """A field as a file may have it. A carriage return at a row's end is none of the field's, unless it is quoted."""
    if value is None:
        return b""
    text = canonical(value, column) if column.kind in (TEXT, DATE) else spelled_number(rng, value, column)
    if column.kind == TIME and rng.random() < 0.1:
        text = iso_time(rng, value)
    must = any(byte in text for byte in (b",", b'"', b"\n")) or (last and text.endswith(b"\r"))
    return b'"' + text.replace(b'"', b'""') + b'"' if must or rng.random() < 0.05 else text


def iso_time(rng, value):
    minutes = rng.choice([0, 600, 660, -210])
    seconds, fraction = divmod(value + minutes * 60 * 10**9, 10**9)
    days, of_day = divmod(seconds, 86400)
    clock = "%02d:%02d:%02d.%09d" % (of_day // 3600, of_day // 60 % 60, of_day % 60, fraction)
    sign = "-" if minutes < 0 else "+"
    zone = "Z" if minutes == 0 else "%s%02d:%02d" % (sign, abs(minutes) // 60, abs(minutes) % 60)
    return ("%04d-%02d-%02d" % civil(days) + rng.choice("T ") + clock + zone).encode()


# ---- a file ----

class Rows:
    """Rows, each as values and as it is spelled, its line's end behind it."""

    def __init__(self, seed, most):
        rng = random.Random("rows %d" % seed)
        extra = rng.sample(COLUMNS[3:], rng.randint(1, len(COLUMNS) - 3))
        self.columns = COLUMNS[:3] + extra
        rng.shuffle(self.columns)
        self.index = {column.name: i for i, column in enumerate(self.columns)}
        makers = [text_maker(rng) if c.kind == TEXT else number_maker(rng, c) for c in self.columns]
        nulls = [rng.choice([0, 0, 0.1, 0.6]) for _ in self.columns]
        self.end = rng.choice([b"\n", b"\n", b"\r\n"])
        self.rows = []
        for _ in range(rng.choice([0, 1, 2, 7, 8, 63, 64, 65, rng.randint(1, most), most])):
            if self.rows and rng.random() < 0.1:
                self.rows.append(rng.choice(self.rows))
                continue
            values = [None if rng.random() < null else maker() for maker, null in zip(makers, nulls)]
            self.rows.append((values, self.line(rng, values)))

    def line(self, rng, values):
        last = len(values) - 1
        fields = [spelled(rng, v, c, i == last) for i, (v, c) in enumerate(zip(values, self.columns))]
        blank = self.end if rng.random() < 0.02 else b""
        return b",".join(fields) + self.end + blank

    def csv(self, cut_end=False):
        head = b",".join(c.name.encode() for c in self.columns) + self.end
        text = head + b"".join(line for _, line in self.rows)
        return text.rstrip(b"\r\n") if cut_end and self.rows and self.rows[-1][0][-1] is not None else text

    def quoted(self):
        return any(b'"' in line for _, line in self.rows)

    def values(self):
        return [values for values, _ in self.rows]

    def printed(self, rows):
        """What sw-cut makes of such rows, as fields."""
        return [[c.name.encode() for c in self.columns]] + [[canonical(v, c) for v, c in zip(row, self.columns)] for row in rows]


def parse_csv(text):
    """Fields of rows, of a CSV as the suite writes it."""
    rows, row, at = [], [], 0
    while at < len(text):
        if text[at:at + 1] == b'"':
            end = at + 1
            while text[end:end + 1] != b'"' or text[end + 1:end + 2] == b'"':
                end += 2 if text[end:end + 1] == b'"' else 1
                assert end < len(text), "a quote without end"
            field, at = text[at + 1:end].replace(b'""', b'"'), end + 1
        else:
            ends = [e for e in (text.find(b",", at), text.find(b"\n", at)) if e >= 0]
            end = min(ends) if ends else len(text)
            field, at = text[at:end], end
        row.append(field)
        if text[at:at + 1] == b"\n":
            rows.append(row)
            row = []
        else:
            assert text[at:at + 1] == b",", text[at:at + 20]
        at += 1
    assert not row
    return rows


# ---- the digest ----

def mix(x):
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ x >> 27) * 0x94D049BB133111EB & MASK
    return x ^ x >> 31


def fnv(data):
    h = 0xCBF29CE484222325
    for byte in data:
        h = (h ^ byte) * 0x100000001B3 & MASK
    return h


known_texts = {}


def cell_hash(value, column, name_hash):
    if value is None:
        return mix(name_hash)
    if column.kind == TEXT:
        if value not in known_texts:
            known_texts[value] = fnv(value)
        return mix(mix(name_hash + 100 & MASK) ^ known_texts[value])
    scale = column.scale
    while scale and value % 10 == 0:
        value, scale = value // 10, scale - 1
    return mix(mix(mix(name_hash + 1 + scale & MASK) ^ value & MASK) ^ value >> 64 & MASK)


def digest(columns, rows):
    names = [fnv(c.name.encode()) for c in columns]
    total = sum(mix(sum(cell_hash(v, c, n) for v, c, n in zip(row, columns, names)) & MASK) for row in rows)
    return b"%d %016x\n" % (len(rows), total & MASK)


# ---- groups ----

def derived(name, row, index):
    when = row[index["when"]]
    if name == "date":
        return None if when is None else (when + ZONE_NS) // DAY_NS
    if name == "hour":
        return None if when is None else (when + ZONE_NS) % DAY_NS // (3600 * 10**9)
    if name == "value":
        price, quantity = row[index["price"]], row[index["quantity"]]
        return None if price is None or quantity is None else fitting(price * quantity)
    return row[index[name]]


DERIVED = {"date": Column("date", DATE), "hour": Column("hour", INT), "value": Column("value", DECIMAL, 4)}


def column_of(rows, name):
    return DERIVED[name] if name in DERIVED else rows.columns[rows.index[name]]


class Overflow(Exception):
    """A number that does not fit 128 bits."""


def fitting(value):
    if not -WIDEST - 1 <= value <= WIDEST:
        raise Overflow
    return value


def rounded(numerator, denominator):
    """Half away from zero."""
    quotient, rest = divmod(abs(numerator), denominator)
    return (quotient + (2 * rest >= denominator)) * (1 if numerator >= 0 else -1)


def measured(kind, name, group, rows):
    """A measure of rows as text."""
    if kind == "count" and not name:
        return b"%d" % len(group)
    column, index = column_of(rows, name), rows.index
    cells = [(derived(name, row, index), row) for row in group]
    values = [value for value, _ in cells if value is not None]
    if kind == "count":
        return b"%d" % len(values)
    if kind == "distinct":
        return b"%d" % len(set(values))
    if not values:
        return b""
    if kind in ("min", "max"):
        return canonical(min(values) if kind == "min" else max(values), column)
    if kind == "sum":
        return decimal_text(fitting(sum(values)), column.scale).encode()
    if kind == "mean":
        return fixed_text(fitting(rounded(sum(values) * 10**6, len(values) * 10**column.scale)), 6).encode()
    at = index.get("sequence")
    moments = [(row[index["when"]], -1 if at is None or row[at] is None else row[at], value)
               for value, row in cells if value is not None and row[index["when"]] is not None]
    return canonical((min(moments) if kind == "first" else max(moments))[2], column) if moments else b""


def grouped(keys, measures, rows):
    """The fields of what sw-agg prints. Raises Overflow."""
    groups = {}
    for row in rows.values():
        groups.setdefault(tuple(derived(key, row, rows.index) for key in keys), []).append(row)
    if not keys:
        groups.setdefault((), [])
    order = sorted(groups, key=lambda key: [(value is not None, 0 if value is None else value) for value in key])
    lines = [[key.encode() for key in keys] + [b"m%d" % i for i in range(len(measures))]]
    for key in order:
        cells = [canonical(value, column_of(rows, name)) for value, name in zip(key, keys)]
        lines.append(cells + [measured(kind, name, groups[key], rows) for kind, name in measures])
    return lines
