#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""unfold.py KIND: prints a small stream, every checksum right, whose blocks unfold to much memory.

texts COLUMNS MIB     one block, each column a text of so many MiB in all, which zlib makes a thousandth of
turns COLUMNS MIB     as many blocks, in each of which another column is as large and the others are small
constants COLUMNS     65536 rows of as many constant numbers
dictionaries COLUMNS  one row, each column's dictionary with 65536 empty texts
"""
import struct
import sys
import zlib

from lies import joined
from record_reader import BLOCK, END, HEADER, crc32c

INT, TEXT = 1, 6


def text(name):
    return struct.pack("<I", len(name)) + name.encode()


def head(columns, kind):
    names = ["order_id", "timestamp"] + ["c%d" % i for i in range(columns - 2)]
    kinds = [2, 4] + [kind] * (columns - 2)
    body = struct.pack("<6H", 1, 0, columns, 0, 0, 1) + text("orders")
    for name, type_ in zip(names, kinds):
        body += text(name) + bytes([type_, 0])
    return body


def entry(encoding, width, packed, raw, stored, size, low=0, high=0):
    return struct.pack("<4B5I", encoding, width, packed, 0, 0, len(stored), raw, crc32c(stored), size) + struct.pack("<qqqq", low, -(low < 0), high, -(high < 0))


def padded(data):
    return data + bytes(-len(data) % 8)


CACHE = {}


def large_text(rows, length):
    """A column of as many different texts as rows."""
    if (rows, length) not in CACHE:
        raw = padded(struct.pack("<%dI" % rows, *[length] * rows) + b"".join(b"%0*d" % (length, r) for r in range(rows)))
        raw += padded(bytes(range(rows)))
        stored = padded(zlib.compress(raw, 9))
        low, high = ((b"%0*d" % (length, row))[:16].ljust(16, b"\0") for row in (0, rows - 1))
        about = struct.pack("<4B5I", 2, 1, 1, 0, 0, len(stored), len(raw), crc32c(stored), rows) + low + high
        CACHE[rows, length] = about, stored
    return CACHE[rows, length]


def block(rows, columns):
    body = struct.pack("<IIQ", rows, len(columns), sum(len(stored) for _, stored in columns))
    return [BLOCK, body + b"".join(about for about, _ in columns), b"".join(stored for _, stored in columns)]


def constant(value=7):
    return entry(0, 0, 0, 0, b"", 0, value, value), b""


def main():
    what, columns = sys.argv[1], int(sys.argv[2])
    lead = [constant(), constant()]
    if what == "constants":
        blocks, rows, kind = [block(65536, [constant()] * columns)], 65536, INT
    elif what == "dictionaries":
        raw = bytes(4 * 65536) + bytes(8)
        stored = padded(zlib.compress(raw, 9))
        about = entry(2, 1, 1, len(raw), stored, 65536)
        blocks, rows, kind = [block(1, lead + [(about, stored)] * (columns - 2))], 1, TEXT
    else:
        rows, kind, length = 128, TEXT, int(float(sys.argv[3]) * (1 << 20)) // 128
        large, small = large_text(rows, length), large_text(rows, 3)
        if what == "texts":
            blocks = [block(rows, lead + [large] * (columns - 2))]
        else:
            blocks = [block(rows, lead + [large if i == turn else small for i in range(columns - 2)]) for turn in range(columns - 2)]
    found = [[HEADER, head(columns, kind), b""]] + blocks + [[END, struct.pack("<QQ", rows * len(blocks), len(blocks)), b""]]
    sys.stdout.buffer.write(joined(found))


main()
