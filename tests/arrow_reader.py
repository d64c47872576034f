#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""arrow_reader.py FILE [--local]: a reader of Arrow IPC streams and files, written from the format's documents alone (docs/source/format/Columnar.rst, Message.fbs,
Schema.fbs and File.fbs of the Apache Arrow project), for the tests.

Prints each row as tests/parquet_reader.py does. It knows flat columns of 64-bit integers, decimals of 128 bits, timestamps, dates and texts in
dictionaries that replace each other or, in files, written out, and checks lengths, alignment, counts of nulls and what lies in between."""
import json
import struct
import sys

SCHEMA, DICTIONARY, BATCH = 1, 2, 3
MAGIC = b"ARROW1"
INT, DOUBLE, UTF8, DECIMAL, DATE, TIMESTAMP = 2, 3, 5, 7, 8, 10


class Table:
    """A table of a FlatBuffer; field N of it is read when asked for."""

    def __init__(self, data, at):
        self.data, self.at = data, at
        self.fields = at - struct.unpack_from("<i", data, at)[0]
        self.length = struct.unpack_from("<H", data, self.fields)[0]

    def place(self, number):
        slot = 4 + 2 * number
        offset = struct.unpack_from("<H", self.data, self.fields + slot)[0] if slot < self.length else 0
        return self.at + offset if offset else None

    def number(self, number, form, default=0):
        place = self.place(number)
        return default if place is None else struct.unpack_from("<" + form, self.data, place)[0]

    def target(self, number):
        place = self.place(number)
        return None if place is None else place + struct.unpack_from("<I", self.data, place)[0]

    def table(self, number):
        target = self.target(number)
        return None if target is None else Table(self.data, target)

    def text(self, number):
        target = self.target(number)
        length = struct.unpack_from("<I", self.data, target)[0]
        assert self.data[target + 4 + length] == 0
        return self.data[target + 4:target + 4 + length].decode()

    def vector(self, number):
        """Where its elements begin, and how many there are."""
        target = self.target(number)
        return (0, 0) if target is None else (target + 4, struct.unpack_from("<I", self.data, target)[0])

    def tables(self, number):
        at, count = self.vector(number)
        places = [at + 4 * i for i in range(count)]
        return [Table(self.data, place + struct.unpack_from("<I", self.data, place)[0]) for place in places]

    def pairs(self, number):
        at, count = self.vector(number)
        return [struct.unpack_from("<qq", self.data, at + 16 * i) for i in range(count)]


def messages(data, blocks):
    """Kind, header and body of each message; the stream ends with its end mark, and with nothing after it but, in a file, the footer, which
    has to know where every batch is."""
    file = data.startswith(MAGIC)
    at, end = (8, footer_of(data, blocks)) if file else (0, len(data))
    while True:
        begin = at
        assert at % 8 == 0 and data[at:at + 4] == b"\xff" * 4, at
        length = struct.unpack_from("<i", data, at + 4)[0]
        at += 8
        if length == 0:
            break
        metadata = data[at:at + length]
        message = Table(metadata, struct.unpack_from("<I", metadata)[0])
        at += length
        body = data[at:at + message.number(3, "q")]
        assert at % 8 == 0 and message.number(0, "h") == 4 and len(body) == message.number(3, "q")
        at += len(body)
        if file and message.number(1, "B") == BATCH:
            assert blocks.pop(0) == (begin, length + 8, len(body)), "the footer has this batch elsewhere"
        yield message.number(1, "B"), message.table(2), body
    assert at == end and not blocks, "bytes after the end, or batches that are not there"


def footer_of(data, blocks):
    """Fills blocks with where the batches of a file are; returns where its footer begins."""
    assert data[:8] == MAGIC + b"\0\0" and data.endswith(MAGIC)
    length = struct.unpack_from("<i", data, len(data) - 10)[0]
    begin = len(data) - 10 - length
    footer = data[begin:begin + length]
    table = Table(footer, struct.unpack_from("<I", footer)[0])
    assert table.number(0, "h") == 4 and table.vector(2)[1] == 0
    at, count = table.vector(3)
    blocks += [struct.unpack_from("<qi4xq", footer, at + 24 * i) for i in range(count)]
    blocks_schema.append([field.text(0) for field in table.table(1).tables(1)])
    return begin


blocks_schema = []  # names of the footer's columns


class Field:
    def __init__(self, table):
        self.name, self.kind = table.text(0), table.number(2, "B")
        kind, coding = table.table(3), table.table(4)
        self.dictionary = coding and coding.number(0, "q")
        self.signed = self.kind != INT or kind.number(1, "B") == 1
        assert self.kind == UTF8 or coding is None
        assert table.number(1, "B") == 1
        assert self.kind != INT or kind.number(0, "i") == 64
        assert self.kind != DECIMAL or (kind.number(0, "i"), kind.number(2, "i", 128)) == (38, 128)
        local = "--local" in sys.argv  # times of no zone
        assert self.kind != TIMESTAMP or (kind.place(1) is None if local else kind.text(1) == "UTC")
        assert self.kind != DOUBLE or kind.number(0, "h") == 2

    def values(self, data, count):
        if self.kind == DECIMAL:
            return [int.from_bytes(data[16 * i:16 * i + 16], "little", signed=True) for i in range(count)]
        form = "d" if self.kind == DOUBLE else "i" if self.kind in (DATE, UTF8) else "q" if self.signed else "Q"
        return struct.unpack_from("<%d%s" % (count, form), data)


class Body:
    """The nodes and buffers of a batch, taken one behind the other."""

    def __init__(self, batch, body):
        self.rows, self.body = batch.number(0, "q"), body
        self.nodes, self.places = iter(batch.pairs(1)), iter(batch.pairs(2))

    def buffer(self):
        at, length = next(self.places)
        assert at % 8 == 0 and at + length <= len(self.body)
        return self.body[at:at + length]

    def column(self):
        """Which rows have a value; the bytes behind that are the caller's."""
        rows, nulls = next(self.nodes)
        bits = self.buffer()
        there = [not bits or bits[i // 8] >> i % 8 & 1 == 1 for i in range(rows)]
        assert rows == self.rows and there.count(False) == nulls
        return there


def texts(batch, body):
    body = Body(batch, body)
    assert all(body.column())
    ends, data = body.buffer(), body.buffer()
    ends = struct.unpack_from("<%di" % (body.rows + 1), ends) if ends else (0,)
    assert list(ends) == sorted(ends)
    return [data[a:b].decode() for a, b in zip(ends, ends[1:])]


def main():
    with open(sys.argv[1], "rb") as file:
        stream = messages(file.read(), [])
    kind, schema, _ = next(stream)
    assert kind == SCHEMA
    fields, dictionaries = [Field(table) for table in schema.tables(1)], {}
    assert all(names == [field.name for field in fields] for names in blocks_schema)
    for kind, header, body in stream:
        if kind == DICTIONARY:
            assert header.number(2, "B") == 0, "a delta"
            dictionaries[header.number(0, "q")] = texts(header.table(1), body)
            continue
        assert kind == BATCH
        body, columns = Body(header, body), []
        for field in fields:
            there = body.column()
            if field.kind == UTF8 and field.dictionary is None:
                ends, data = body.buffer(), body.buffer()
                ends = struct.unpack_from("<%di" % (body.rows + 1), ends)
                columns.append([data[a:b].decode() if bit else None for a, b, bit in zip(ends, ends[1:], there)])
                continue
            values = field.values(body.buffer(), body.rows)
            if field.kind == UTF8:
                known = dictionaries[field.dictionary]
                values = [known[code] if bit else None for code, bit in zip(values, there)]
            columns.append([value if bit else None for value, bit in zip(values, there)])
        for row in zip(*columns):
            print(json.dumps([None if value is None else str(value) for value in row]))


if __name__ == "__main__":
    main()
