#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""parquet_reader.py FILE [--groups|--local]: a reader of Parquet, written from the format's documents alone, for the tests.

Prints each row as a JSON array of texts and nulls: integers, days and nanoseconds in digits, decimals as their unscaled digits, doubles as Python shows them. With --groups, a
line for each row group instead: its rows and pages; with --local times are of no zone. Checks what it passes: magic, lengths, checksums, counts, bounds, nulls, encodings. It knows flat
tables of optional columns and what sw writes: data pages V2, dictionaries, plain, DELTA_BINARY_PACKED, gzip.
"""
import json
import struct
import sys
import zlib

INT32, INT64, DOUBLE, BYTES, FIXED = 1, 2, 5, 6, 7
PLAIN, RLE, DELTA, DICTIONARY = 0, 3, 5, 8


class Thrift:
    """The compact protocol: structs become {field: value}."""

    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def zigzag(self):
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def value(self, kind):
        if kind in (1, 2):
            return kind == 1
        if kind == 3:
            return self.byte()
        if kind in (4, 5, 6):
            return self.zigzag()
        if kind == 8:
            length = self.varint()
            self.at += length
            return self.data[self.at - length : self.at]
        if kind == 9:
            head = self.byte()
            count = head >> 4 if head >> 4 < 15 else self.varint()
            return [self.value(head & 15) for _ in range(count)]
        assert kind == 12, kind
        return self.struct()

    def struct(self):
        fields, last = {}, 0
        while True:
            head = self.byte()
            if head == 0:
                return fields
            last = last + (head >> 4) if head >> 4 else self.zigzag()
            assert last not in fields
            fields[last] = self.value(head & 15)


def unpack(data, at, width, count):
    """count values of width bits, the lowest bits first."""
    length = (count * width + 7) // 8
    assert at + length <= len(data)
    bits = int.from_bytes(data[at : at + length], "little")
    return [bits >> i * width & (1 << width) - 1 for i in range(count)]


def hybrid(data, width, count):
    reader, values = Thrift(data), []
    while len(values) < count:
        head = reader.varint()
        if head & 1:
            groups = head >> 1
            for _ in range(groups):
                values += unpack(data, reader.at, width, 8)
                reader.at += width
            assert len(values) < count + 8
        else:
            length = (width + 7) // 8
            value = int.from_bytes(data[reader.at : reader.at + length], "little")
            reader.at += length
            values += [value] * (head >> 1)
            assert len(values) <= count
    assert reader.at == len(data)
    return values[:count]


def delta(data, count):
    reader = Thrift(data)
    block, minis, total = reader.varint(), reader.varint(), reader.varint()
    assert total == count and block % 128 == 0 and block // minis % 32 == 0
    values = [reader.zigzag()]
    while len(values) < count:
        least = reader.zigzag()
        widths = [reader.byte() for _ in range(minis)]
        for width in widths:
            if len(values) >= count:
                break
            for step in unpack(data, reader.at, width, block // minis):
                values.append((values[-1] + least + step + (1 << 63)) % (1 << 64) - (1 << 63))
            reader.at += width * (block // minis) // 8
    assert reader.at == len(data)
    return values[:count]


def plain(data, physical, count):
    if physical == INT32:
        assert len(data) == 4 * count
        return list(struct.unpack("<%di" % count, data))
    if physical == INT64:
        assert len(data) == 8 * count
        return list(struct.unpack("<%dq" % count, data))
    if physical == DOUBLE:
        assert len(data) == 8 * count
        return list(struct.unpack("<%dd" % count, data))
    if physical == FIXED:
        assert len(data) == 16 * count
        return [int.from_bytes(data[i : i + 16], "big", signed=True) for i in range(0, len(data), 16)]
    values, at = [], 0
    for _ in range(count):
        length = int.from_bytes(data[at : at + 4], "little")
        values.append(data[at + 4 : at + 4 + length].decode("utf-8"))
        at += 4 + length
    assert at == len(data)
    return values


class Column:
    def __init__(self, element):
        self.physical, self.name = element[1], element[4].decode("utf-8")
        logical = element.get(10, {})
        kind = next(iter(logical), None)
        self.unsigned = kind == 10 and not logical[10][2]
        self.decimal = kind == 5
        assert element[3] == 1, "not optional"
        assert kind in (1, 5, 6, 8, 10) or (kind is None and self.physical == DOUBLE)
        assert (self.physical == FIXED) == self.decimal
        if self.decimal:
            assert element[2] == 16 and logical[5][2] == 38 and (element[7], element[8]) == (logical[5][1], 38)
        if kind == 8:
            self.instant = logical[8][1]
            assert list(logical[8][2]) == [3], "not nanoseconds"
            assert self.instant is ("--local" not in sys.argv), "instants are UTC, local times are not"
        if kind == 10:
            assert logical[10][1] == 64

    def meaning(self, value):
        return value % (1 << 64) if self.unsigned and value is not None else value

    def bound(self, data):
        value = data.decode("utf-8") if self.physical == BYTES else plain(data, self.physical, 1)[0]
        return self.meaning(value)


def read_page(data, at, codec):
    """(header, levels, values, where the next page begins)"""
    reader = Thrift(data, at)
    header = reader.struct()
    body = data[reader.at : reader.at + header[3]]
    assert len(body) == header[3]
    assert zlib.crc32(body) == header[4] % (1 << 32), "checksum"
    kind = header[1]
    levels = header[8][5] if kind == 3 else 0
    compressed = codec == 2 and (kind != 3 or header[8][7])
    values = zlib.decompress(body[levels:], 31) if compressed else body[levels:]
    assert levels + len(values) == header[2], "size"
    raw = reader.at - at + header[2]
    return header, body[:levels], values, reader.at + header[3], raw


def read_chunk(data, chunk, column, rows):
    about = chunk[3]
    assert about[1] == column.physical and about[3] == [column.name.encode()] and about[5] == rows
    start = about.get(11, about[9])
    at, end, raw = start, start + about[7], 0
    dictionary, values, pages, used = None, [], 0, {RLE}
    while at < end:
        if at == about[9]:
            assert not values
        header, levels, body, at, size = read_page(data, at, about[4])
        raw += size
        if header[1] == 2:
            assert start == about[11] and dictionary is None and not values
            dictionary = plain(body, column.physical, header[7][1])
            used.add(PLAIN)
            assert len(set(dictionary)) == len(dictionary)
            continue
        pages += 1
        about_page = header[8]
        count = about_page[1] - about_page[2]
        there = hybrid(levels, 1, about_page[1])
        assert sum(there) == count and about_page[3] == about_page[1] and about_page[6] == 0
        used.add(about_page[4])
        if about_page[4] == DICTIONARY:
            found = [dictionary[code] for code in hybrid(body[1:], body[0], count)]
        elif about_page[4] == DELTA:
            assert column.physical == INT64
            found = delta(body, count)
        else:
            assert about_page[4] == PLAIN
            found = plain(body, column.physical, count)
        found = iter(found)
        values += [column.meaning(next(found)) if bit else None for bit in there]
    assert at == end and raw == about[6] and len(values) == rows and set(about[2]) == used
    check_bounds(about[12], column, values)
    return values, pages


def check_bounds(statistics, column, values):
    known = [value for value in values if value is not None]
    assert statistics[3] == len(values) - len(known)
    if column.physical == BYTES:
        known = [value.encode() for value in known]
    if not known or column.physical == DOUBLE or (column.physical == BYTES and max(map(len, known)) > 64):
        assert 5 not in statistics and 6 not in statistics
        return
    bounds = [column.bound(statistics[6]), column.bound(statistics[5])]
    if column.physical == BYTES:
        bounds = [bound.encode() for bound in bounds]
    assert bounds == [min(known), max(known)], (column.name, bounds)


def main():
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    assert data[:4] == data[-4:] == b"PAR1"
    length = int.from_bytes(data[-8:-4], "little")
    reader = Thrift(data, len(data) - 8 - length)
    footer = reader.struct()
    assert reader.at == len(data) - 8
    columns = [Column(element) for element in footer[2][1:]]
    assert footer[2][0][5] == len(columns) == len(footer[7])
    total, at = 0, 4
    for group in footer[4]:
        assert len(group[1]) == len(columns)
        starts = [chunk[3].get(11, chunk[3][9]) for chunk in group[1]]
        sizes = [chunk[3][7] for chunk in group[1]]
        for start, size in zip(starts, sizes):
            assert start == at, "a gap"
            at += size
        assert group[6] == sum(sizes) and group[2] == sum(chunk[3][6] for chunk in group[1])
        read = [read_chunk(data, chunk, column, group[3]) for chunk, column in zip(group[1], columns)]
        total += group[3]
        if "--groups" in sys.argv:
            print(group[3], [pages for _, pages in read], group.get(4))
        else:
            for row in zip(*(values for values, _ in read)):
                print(json.dumps([None if value is None else str(value) for value in row]))
    assert total == footer[3] and at == len(data) - 8 - length


main()
