#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Reads record streams from standard input and prints them as tab-separated text, nulls as \\N, then the digest; with --about only each
stream's version, what its rows are, its zone, and its metadata.

Written from man/sw-record.5 alone, without a look at lib/: it is the page's test as much as the programs'.
"""
import datetime
import struct
import sys
import zlib

HEADER, BLOCK, END = b"\x89SWR\r\n\x1a\n", b"SWRblock", b"SWRend\r\n"
ALL = (1 << 64) - 1
TABLE = []
for byte in range(256):
    crc = byte
    for _ in range(8):
        crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    TABLE.append(crc)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ TABLE[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF


def take(source, length):
    data = source.read(length)
    assert len(data) == length, "ended early"
    return data


def frame(source):
    lead = source.read(24)
    if not lead:
        return None, b""
    assert len(lead) == 24, "ended early"
    tag, length, body_crc, zero, lead_crc = struct.unpack("<8sIIII", lead)
    assert crc32c(lead[:20]) == lead_crc and zero == 0, "damaged frame"
    body = take(source, length)
    assert crc32c(body) == body_crc, "damaged body"
    return tag, body


def text(body, at):
    (length,) = struct.unpack_from("<I", body, at)
    return body[at + 4 : at + 4 + length], at + 4 + length


KINDS = ("rows", "events", "orders", "trades", "trade_sides", "quotes")


def about(body, at, time):
    """What the end of a header's body says of rows and zone, in words."""
    major, minor = struct.unpack_from("<2H", body)
    if minor < 3:
        assert major == 1 and at == len(body)
        return "rows\t%s" % ("none" if time == 65535 else "+10:00, assumed")
    (kind,) = struct.unpack_from("<H", body, at)
    zone, at = text(body, at + 2)
    made_with = {}
    if minor >= 4:
        (entries,) = struct.unpack_from("<H", body, at)
        at += 2
        for _ in range(entries):
            key, at = text(body, at)
            value, at = text(body, at)
            assert key and key not in made_with
            made_with[key] = value
    assert at == len(body)
    zone = zone.decode() or ("none" if time == 65535 else "UTC, assumed")
    assert (major == 1) == (zone in ("none", "+10:00")), "major version and zone"
    said = ["%s=%s" % (key.decode(), made_with[key].decode()) for key in sorted(made_with)]
    return "\t".join([KINDS[kind], zone] + said)


def header(body):
    major, minor, count, sorts, lines, time = struct.unpack_from("<6H", body)
    assert major in (1, 2)
    table, at = text(body, 12)
    columns = []
    for _ in range(count):
        name, at = text(body, at)
        columns.append((name, body[at], body[at + 1]))
        at += 2
    at += 4 * sorts
    for _ in range(lines):
        _, at = text(body, at)
    said = about(body, at, time)
    if "--about" in sys.argv:
        print("%d.%d\t%s" % (major, minor, said), flush=True)
    return (table, said), columns


def little(data, signed=False):
    return int.from_bytes(data, "little", signed=signed)


def padded(length):
    return (length + 7) // 8 * 8


def packed(data, at, count):
    """The numbers, and where what follows them begins."""
    groups = [min(128, count - first) for first in range(0, count, 128)]
    widths = data[at : at + len(groups)]
    at += padded(len(groups))
    start, numbers = at, []
    for width, size in zip(widths, groups):
        assert width <= 56 or width == 64
        length = (size * width + 7) // 8
        bits = little(data[at : at + length])
        numbers += [bits >> (i * width) & ((1 << width) - 1) for i in range(size)]
        at += length
    return numbers, start + padded(at - start)


def sequence(data, at, count):
    kind, a, b, c, number = struct.unpack_from("<4BI", data, at)
    assert (a, b, c) == (0, 0, 0)
    at += 8
    if kind == 3:
        reference, factor = struct.unpack_from("<QQ", data, at)
        units, at = packed(data, at + 16, count)
        return [reference + factor * unit & ALL for unit in units], at
    if kind == 4:
        numbers = list(struct.unpack_from("<Q", data, at))
        steps, at = sequence(data, at + 8, count - 1)
        for step in steps:
            numbers.append(numbers[-1] + step & ALL)
        return numbers, at
    if kind == 5:
        distinct, at = sequence(data, at, number)
        codes, at = sequence(data, at, count)
        return [distinct[code] for code in codes], at
    if kind == 6:
        values, at = sequence(data, at, number)
        more, at = sequence(data, at, number)
        numbers = [value for value, again in zip(values, more) for _ in range(again + 1)]
        assert len(numbers) == count
        return numbers, at
    if kind == 8:
        codes, at = again(data, at, count, number)
        distinct, at = sequence(data, at, number)
        return [distinct[code] for code in codes], at
    if kind == 9:
        (highest,) = struct.unpack_from("<Q", data, at)
        falls = bitmap(data, at + 8, count)
        steps, at = sequence(data, at + 8 + (count + 63) // 64 * 8, count - number)
        below, at = sequence(data, at, number)
        steps, below, numbers = iter(steps), iter(below), []
        for fall in falls:
            highest = highest if fall else highest + next(steps) & ALL
            numbers.append(highest - (next(below) if fall else 0) & ALL)
        return numbers, at
    assert kind == 7
    (common,) = struct.unpack_from("<Q", data, at)
    others, after = sequence(data, at + 8 + (count + 63) // 64 * 8, number)
    others = iter(others)
    bits = bitmap(data, at + 8, count)
    return [next(others) if bit else common for bit in bits], after


def again(data, at, count, number):
    """The codes of kind 8, and where its distinct numbers begin."""
    met, codes = 0, []
    bits = bitmap(data, at, count)
    since, at = sequence(data, at + (count + 63) // 64 * 8, count - number)
    since = iter(since)
    for bit in bits:
        codes.append(met - 1 - next(since) if bit else met)
        met += not bit
    assert met == number and min(codes) >= 0
    return codes, at


def bitmap(data, at, count):
    words = struct.unpack_from("<%dQ" % ((count + 63) // 64), data, at)
    return [words[i // 64] >> (i % 64) & 1 for i in range(count)]


def stored(data, entry):
    """The bytes before compression."""
    compressed, (raw, crc) = entry[2], struct.unpack_from("<II", entry, 12)
    assert entry[3] == 0 and crc32c(data) == crc, "damaged column"
    if compressed:
        data = zlib.decompressobj().decompress(data)
    assert len(data) == raw
    return data


def related(index, parts, entries, rows, kinds):
    """A column that depends on others: encodings 10 and 11."""
    data, entry = parts[index], entries[index]
    first, second = struct.unpack_from("<HH", data, 4)
    assert little(data[:4]) == entry[0] and entry[1] == 0 and little(entry[4:8]) == 0
    at = 8
    if entry[0] == 10:
        least = little(entry[24:40], True)
        assert second == 0 and entries[first][0] == 8
        number = little(parts[first][4:8])
        codes, _ = again(parts[first], 8, rows, number)
        values, at = sequence(data, at, number)
        base = [least + values[code] for code in codes]
    else:
        assert entry[0] == 11 and entries[first][0] != 11 and entries[second][0] != 11
        pair = [values_of(i, parts, entries, rows, kinds) for i in (first, second)]
        base = [a - b for a, b in zip(*pair)]
    if at < len(data):
        corrections, at = sequence(data, at, rows)
        base = [b + c for b, c in zip(base, corrections)]
    assert at == len(data)
    return [(b + (1 << 63) & ALL) - (1 << 63) for b in base]


def values_of(index, parts, entries, rows, kinds):
    if entries[index][0] >= 10:
        return related(index, parts, entries, rows, kinds)
    return column(parts[index], entries[index], rows, kinds[index])


def column(data, entry, rows, kind):
    encoding, width, _compressed, _zero, nulls, _stored, raw, _crc, size = struct.unpack_from("<4B5I", entry)
    least = little(entry[24:40], True)
    if nulls == rows:
        return [None] * rows
    there = [1] * rows
    at = 0
    if nulls:
        there = bitmap(data, 0, rows)
        at = (rows + 63) // 64 * 8
    texts = []
    if kind == 6:
        lengths = struct.unpack_from("<%dI" % size, data, at)
        spot = at + 4 * size
        for length in lengths:
            texts.append(data[spot : spot + length])
            spot += length
        at += padded(spot - at)
    if encoding >= 3:
        assert data[at] == encoding
        some, at = sequence(data, at, rows - nulls)
        some = iter(some)
        offsets = [next(some) if t else 0 for t in there]
    else:
        offsets = [little(data[at + r * width : at + (r + 1) * width]) for r in range(rows)]
        at += padded(rows * width)
        assert encoding == (2 if kind == 6 else 1 if width else 0)
    assert at == raw
    return [None if not t else texts[o] if kind == 6 else least + o for t, o in zip(there, offsets)]


def mix(x):
    x ^= x >> 30
    x = x * 0xBF58476D1CE4E5B9 & ALL
    x ^= x >> 27
    x = x * 0x94D049BB133111EB & ALL
    return x ^ x >> 31


def fnv(data):
    h = 0xCBF29CE484222325
    for byte in data:
        h = (h ^ byte) * 0x100000001B3 & ALL
    return h


def plain(value, scale):
    while scale and value % 10 == 0:
        value, scale = value // 10, scale - 1
    return value, scale


def cell_hash(name, kind, scale, value):
    n = fnv(name)
    if value is None:
        return mix(n)
    if kind == 6:
        return mix(mix(n + 100 & ALL) ^ fnv(value))
    value, scale = plain(value, scale)
    return mix(mix(mix(n + 1 + scale & ALL) ^ value & ALL) ^ (value >> 64) & ALL)


def shown(kind, scale, value):
    if value is None:
        return b"\\N"
    if kind == 6:
        return value
    if kind == 5:
        return (datetime.date(1970, 1, 1) + datetime.timedelta(days=value)).isoformat().encode()
    value, scale = plain(value, scale)
    digits = str(abs(value)).rjust(scale + 1, "0")
    point = digits[: len(digits) - scale] + ("." + digits[-scale:] if scale else "")
    return (("-" if value < 0 else "") + point).encode()


def bound(data, kind):
    return data if kind == 6 else little(data, True)


def check_index(body, places, columns, stream):
    """places: of each block its offset behind the header, its rows and its directory."""
    if len(body) == 16:
        return
    count, entries = struct.unpack_from("<II", body, 16)
    indexed = struct.unpack_from("<%dI" % count, body, 24)
    at = 24 + padded(4 * count)
    left = list(places)
    for _ in range(entries):
        offset, rows, blocks = struct.unpack_from("<QQQ", body, at)
        at += 24
        mine, left = left[:blocks], left[blocks:]
        assert mine[0][0] == offset and sum(m[1] for m in mine) == rows
        for c in indexed:
            kind = columns[c][1]
            theirs = [m[2][16 + 56 * c : 72 + 56 * c] for m in mine]
            assert little(body[at : at + 8]) == sum(little(s[4:8]) for s in theirs)
            some = [s for s, m in zip(theirs, mine) if little(s[4:8]) < m[1]]
            low = min((bound(s[24:40], kind) for s in some), default=bound(bytes(16), kind))
            high = max((bound(s[40:56], kind) for s in some), default=bound(bytes(16), kind))
            assert (low, high) == (bound(body[at + 8 : at + 24], kind), bound(body[at + 24 : at + 40], kind))
            at += 40
    assert not left and struct.unpack_from("<QQ", body, at) == (stream, 24 + len(body)) and at + 16 == len(body)


def main():
    source, out = sys.stdin.buffer, sys.stdout.buffer
    first = None
    rows_all = digest = 0
    tag, body = frame(source)
    while tag is not None:
        assert tag == HEADER, "no header"
        table, columns = header(body)
        if first is None:
            first = (table, columns)
            out.write(b"\t".join(name for name, _, _ in columns) + b"\n")
        assert first == (table, columns)
        rows_here = blocks = 0
        spot, places = 24 + len(body), []
        while True:
            tag, body = frame(source)
            if tag != BLOCK:
                break
            rows, count, _length = struct.unpack_from("<IIQ", body)
            entries = [body[16 + 56 * i : 72 + 56 * i] for i in range(count)]
            parts = [stored(take(source, little(entry[8:12])), entry) for entry in entries]
            kinds = [kind for _, kind, _ in columns]
            values = [values_of(i, parts, entries, rows, kinds) for i in range(count)]
            for row in zip(*values):
                out.write(b"\t".join(shown(k, s, v) for (_, k, s), v in zip(columns, row)) + b"\n")
                digest += mix(sum(cell_hash(n, k, s, v) for (n, k, s), v in zip(columns, row)) & ALL)
            rows_here += rows
            blocks += 1
            places.append((spot, rows, body))
            spot += 24 + len(body) + little(body[8:16])
        assert tag == END, "ended early after %d rows" % rows_here
        assert struct.unpack_from("<QQ", body) == (rows_here, blocks)
        check_index(body, places, columns, spot)
        rows_all += rows_here
        tag, body = frame(source)
    out.write(b"%d %016x\n" % (rows_all, digest & ALL))


if __name__ == "__main__":
    main()
