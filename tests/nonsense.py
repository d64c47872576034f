#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""nonsense.py STREAM COUNT COMMAND…: changes bytes of the first block's columns, COUNT times, puts every checksum right again, and runs
COMMAND on each.

It must end with status 0 (another value is as good as the one that stood there) or, with a message, 1; and some of each must be seen.
"""
import random
import struct
import subprocess
import sys

from record_reader import crc32c


def change(data, chance):
    """Another stream: the header's frame, the block's directory, its columns, the rest."""
    data = bytearray(data)
    at = 24 + struct.unpack_from("<I", data, 8)[0]
    length = struct.unpack_from("<I", data, at + 8)[0]
    columns, body = struct.unpack_from("<I", data, at + 28)[0], at + 24 + length
    spots = []
    for i in range(columns):
        entry = at + 40 + 56 * i
        stored = struct.unpack_from("<I", data, entry + 8)[0]
        spots.append((entry, body, stored))
        body += stored
    entry, start, stored = chance.choice([spot for spot in spots if spot[2]])
    for _ in range(chance.randrange(1, 4)):
        where = start + chance.randrange(min(stored, chance.choice((16, 64, stored))))
        data[where] = chance.choice((0, 1, 2, 3, 4, 5, 6, 7, 57, 64, 127, 255, chance.randrange(256)))
    struct.pack_into("<I", data, entry + 16, crc32c(data[start : start + stored]))
    struct.pack_into("<I", data, at + 12, crc32c(data[at + 24 : at + 24 + length]))
    struct.pack_into("<I", data, at + 20, crc32c(data[at : at + 20]))
    return bytes(data)


def main():
    data, count, command = open(sys.argv[1], "rb").read(), int(sys.argv[2]), sys.argv[3:]
    chance = random.Random(1)
    seen = {0: 0, 1: 0}
    for i in range(count):
        done = subprocess.run(command, input=change(data, chance), capture_output=True)
        assert done.returncode in seen, "change %d: status %d" % (i, done.returncode)
        assert done.returncode == 0 or b"contradict" in done.stderr, "change %d: %r" % (i, done.stderr)
        seen[done.returncode] += 1
    assert all(seen.values()), seen


main()
