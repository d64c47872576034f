#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Streams that say of themselves what is not so, with every checksum right.

lies.py STREAM COMMAND…   flips a bit of each byte of what the stream tells of its values (its blocks' directories and the indexes in
                          its end marks), one at a time, and runs COMMAND on each: it must end with status 1 and a message.
lies.py --set STREAM PATH=VALUE…   prints the stream with these fields changed. PATH is one of
                          BLOCK.COLUMN.minimum, .maximum (numbers), .low, .high (texts, in hexadecimal)
                          .codes (of an uncompressed dictionary of few, in hexadecimal)
                          version, time=COLUMN, order=COLUMN (one key more), swap=BLOCK,BLOCK
"""
import struct
import subprocess
import sys

from record_reader import BLOCK, END, HEADER, crc32c, frame, header, little, padded, take

OFFSETS = {"minimum": 24, "maximum": 40, "low": 24, "high": 40}


def parts(path):
    """Frames as [tag, body, the bytes behind it]."""
    found = []
    with open(path, "rb") as source:
        tag, body = frame(source)
        while tag is not None:
            behind = take(source, little(body[8:16])) if tag == BLOCK else b""
            found.append([tag, bytearray(body), behind])
            tag, body = frame(source)
    return found


def joined(found):
    out = []
    for tag, body, behind in found:
        lead = struct.pack("<8sIII", tag, len(body), crc32c(body), 0)
        out.append(lead + struct.pack("<I", crc32c(lead)) + bytes(body) + behind)
    return b"".join(out)


def flips(path, command):
    found, failures, count = parts(path), [], 0
    whole = [joined([part]) for part in found]
    for i, (tag, body, behind) in enumerate(found):
        if tag == HEADER:
            continue
        for at in range(len(body)):
            changed = bytearray(body)
            changed[at] ^= 1 << (at * 5 + i) % 8
            data = b"".join(whole[:i]) + joined([[tag, changed, behind]]) + b"".join(whole[i + 1 :])
            done = subprocess.run(command, input=data, capture_output=True)
            count += 1
            if done.returncode != 1 or not done.stderr:
                failures.append("frame %d, byte %d: status %d" % (i, at, done.returncode))
    print("\n".join(failures) or "%d lies found" % count)
    return bool(failures) or count == 0


def columns_end(body):
    """Where the sort keys begin in a header."""
    _, _, count, _, _, _ = struct.unpack_from("<6H", body)
    at = 12
    for i in range(count + 1):
        at += 4 + little(body[at : at + 4]) + (2 if i else 0)
    return at


def put_codes(part, index, codes):
    """Other codes, a byte each, behind the dictionary of a column."""
    rows, entry = little(part[1][:4]), 16 + 56 * index
    start = sum(little(part[1][16 + 56 * i + 8 : 16 + 56 * i + 12]) for i in range(index))
    end = start + little(part[1][entry + 8 : entry + 12])
    assert part[1][entry : entry + 3] == b"\2\1\0" and len(codes) == rows
    data = bytearray(part[2])
    at = end - padded(rows)
    data[at : at + rows] = codes
    part[2] = bytes(data)
    struct.pack_into("<I", part[1], entry + 16, crc32c(data[start:end]))


def change(found, field, value):
    head = found[0][1]
    names = [name.decode() for name, _, _ in header(head)[1]]
    blocks = [i for i, part in enumerate(found) if part[0] == BLOCK]
    if field == "version":
        struct.pack_into("<H", head, 2, int(value))
    elif field == "time":
        struct.pack_into("<H", head, 10, names.index(value))
    elif field == "order":
        keys = little(head[6:8])
        at = columns_end(head) + 4 * keys
        head[at:at] = struct.pack("<HH", names.index(value), 0)
        struct.pack_into("<H", head, 6, keys + 1)
    elif field == "swap":
        a, b = (blocks[int(i)] for i in value.split(","))
        found[a], found[b] = found[b], found[a]
    else:
        number, name, what = field.split(".")
        if what == "codes":
            put_codes(found[blocks[int(number)]], names.index(name), bytes.fromhex(value))
            return
        raw = bytes.fromhex(value).ljust(16, b"\0") if what in ("low", "high") else int(value).to_bytes(16, "little", signed=True)
        at = 16 + 56 * names.index(name) + OFFSETS[what]
        found[blocks[int(number)]][1][at : at + 16] = raw


def main():
    if sys.argv[1] != "--set":
        sys.exit(flips(sys.argv[1], sys.argv[2:]))
    found = parts(sys.argv[2])
    for setting in sys.argv[3:]:
        change(found, *setting.split("=", 1))
    sys.stdout.buffer.write(joined(found))


if __name__ == "__main__":
    main()
