#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the same rows as Parquet in the ways that others write it, from the format's documents alone, for the tests.

    parquet_forms.py FOLDER ROWS     FOLDER/NAME.parquet for each form, and rows.csv, the rows as a CSV

Forms differ in codec (none, snappy, gzip, LZ4_RAW; zstd is left to other programs), version of data pages, encoding, size of pages and row groups,
and in how types are written: the older converted types or the logical ones, decimals as INT32, INT64, bytes of a fixed width and any bytes.
parquet_forms.py FOLDER ROWS wrong: files that cannot be read as well, NAME.wrong."""
import os, struct, sys, zlib
from datetime import datetime, timedelta, timezone

INT32, INT64, DOUBLE, BYTES, FIXED, BOOLEAN, INT96, FLOAT = 1, 2, 5, 6, 7, 0, 3, 4
PLAIN, RUNS, DELTA, LENGTHS, PREFIXES, DICTIONARY, SPLIT = 0, 3, 5, 6, 7, 8, 9


# ---- Thrift's compact protocol: a struct is a list of (id, kind, value) ----

def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes(out + bytes([n]))


def zigzag(n):
    return varint((n << 1 ^ n >> 63) & (1 << 64) - 1)


def value(kind, v):
    if kind in ('i32', 'i64'):
        return zigzag(v)
    if kind == 'byte':
        return struct.pack('b', v)
    if kind == 'bytes':
        return varint(len(v)) + v
    if kind == 'struct':
        return struct_of(v)
    inner, items = v
    head = bytes([len(items) << 4 | KINDS[inner]]) if len(items) < 15 else bytes([0xf0 | KINDS[inner]]) + varint(len(items))
    return head + b''.join(value(inner, item) for item in items)


KINDS = {'true': 1, 'false': 2, 'byte': 3, 'i32': 5, 'i64': 6, 'bytes': 8, 'list': 9, 'struct': 12}


def struct_of(fields):
    out, last = b'', 0
    for id, kind, v in fields:
        if v is None:
            continue
        if kind == 'bool':
            kind, v = ('true' if v else 'false'), b''
        out += bytes([id - last << 4 | KINDS[kind]]) if id - last < 16 else bytes([KINDS[kind]]) + zigzag(id)
        out += b'' if kind in ('true', 'false') else value(kind, v)
        last = id
    return out + b'\0'


# ---- encodings ----

def bits(numbers, width):
    whole = 0
    for i, n in enumerate(numbers):
        whole |= n << i * width
    return whole.to_bytes((len(numbers) * width + 7) // 8, 'little')


def runs(numbers, width):
    """Runs where eight or more are the same, packed bits elsewhere."""
    out, i = b'', 0
    while i < len(numbers):
        same = i
        while same < len(numbers) and numbers[same] == numbers[i]:
            same += 1
        if same - i >= 8 or same == len(numbers):
            out += varint(same - i << 1) + numbers[i].to_bytes((width + 7) // 8, 'little')
            i = same
        else:
            piece = numbers[i:i + 8]
            piece += [0] * (8 - len(piece))
            out += varint(1 << 1 | 1) + bits(piece, width)
            i += 8
    return out


def delta(numbers, size):
    mask = (1 << size) - 1
    signed = lambda n: (n & mask) - (1 << size if n >> size - 1 & 1 else 0)
    out = varint(128) + varint(4) + varint(len(numbers)) + zigzag(numbers[0] if numbers else 0)
    differences = [signed(b - a) for a, b in zip(numbers, numbers[1:])]
    for at in range(0, len(differences), 128):
        block = differences[at:at + 128]
        least = min(block)
        minis = [[d - least & mask for d in block[m:m + 32]] for m in range(0, 128, 32)]
        widths = [max([0] + [d.bit_length() for d in mini]) for mini in minis]
        out += zigzag(least) + bytes(widths)
        out += b''.join(bits(mini + [0] * (32 - len(mini)), width) for mini, width in zip(minis, widths) if mini and width)
    return out


def plain(column, values):
    if column.type == BOOLEAN:
        return bits([int(v) for v in values], 1)
    if column.type == INT32:
        return b''.join(struct.pack('<I', v & 0xffffffff) for v in values)
    if column.type == INT64:
        return b''.join(struct.pack('<Q', v & (1 << 64) - 1) for v in values)
    if column.type == DOUBLE:
        return b''.join(struct.pack('<d', v) for v in values)
    return b''.join((b'' if column.type == FIXED else struct.pack('<I', len(v))) + v for v in values)


def encode(column, encoding, values):
    if encoding == DELTA:
        return delta(values, 32 if column.type == INT32 else 64)
    if encoding == LENGTHS:
        return delta([len(v) for v in values], 32) + b''.join(values)
    if encoding == PREFIXES:
        shared = [0] + [len(os.path.commonprefix([a, b])) for a, b in zip(values, values[1:])] if values else []
        return delta(shared, 32) + encode(column, LENGTHS, [v[n:] for v, n in zip(values, shared)])
    if encoding == SPLIT and column.type != BYTES:
        one_by_one = [plain(column, [v]) for v in values]
        return b''.join(bytes(v[place] for v in one_by_one) for place in range(len(one_by_one[0]))) if values else b''
    return plain(column, values)


# ---- codecs ----

def snappy(data):
    """Literals, and copies of what came 1 to 60 bytes before: short ones, and such as reach into themselves."""
    out, at, start = varint(len(data)), 0, 0

    def literal(piece):
        n = len(piece) - 1
        if not piece:
            return b''
        return (bytes([n << 2]) if n < 60 else bytes([60 << 2, n]) if n < 256 else bytes([61 << 2]) + struct.pack('<H', n)) + piece

    while at < len(data):
        for back in (1, 2, 4, 8, 16, 60):
            length = 0
            while length < 60 and at + length < len(data) and at >= back and data[at + length] == data[at + length - back]:
                length += 1
            if length >= 8:
                break
        if length >= 8:
            out += literal(data[start:at])
            out += bytes([length - 4 << 2 | 1, back]) if length < 12 else bytes([length - 1 << 2 | 2]) + struct.pack('<H', back)
            at += length
            start = at
        else:
            at += 1
            if at - start == 60000:
                out += literal(data[start:at])
                start = at
    return out + literal(data[start:at])


def lz4(data):
    """Literals, and what repeats the last 1, 4 or 8 bytes."""
    def length(n):
        return b'' if n < 15 else b'\xff' * ((n - 15) // 255) + bytes([(n - 15) % 255])

    out, at, start = b'', 0, 0
    while at < len(data) - 12:  # the end is literals
        for back in (1, 4, 8):
            n = 0
            while at >= back and at + n < len(data) - 5 and data[at + n] == data[at + n - back]:
                n += 1
            if n >= 6:
                break
        if n >= 6:
            out += bytes([min(at - start, 15) << 4 | min(n - 4, 15)]) + length(at - start) + data[start:at] + struct.pack('<H', back) + length(n - 4)
            at += n
            start = at
        else:
            at += 1
    return out + bytes([min(len(data) - start, 15) << 4]) + length(len(data) - start) + data[start:]


def packed(codec, data):
    if codec == 'lz4':
        return lz4(data)
    if codec == 'gzip':
        engine = zlib.compressobj(6, zlib.DEFLATED, 31)
        return engine.compress(data) + engine.flush()
    return snappy(data) if codec == 'snappy' else data


CODECS = {'none': 0, 'snappy': 1, 'gzip': 2, 'brotli': 4, 'lz4': 7}


# ---- columns ----

class Column:
    def __init__(self, name, type, values, logical=None, converted=None, width=None, scale=None, optional=True):
        self.name, self.type, self.values, self.logical, self.converted = name, type, values, logical, converted
        self.width, self.scale, self.optional = width, scale, optional

    def element(self, old):
        logical = None if old and self.converted is not None else self.logical
        return [(1, 'i32', self.type), (2, 'i32', self.width), (3, 'i32', int(self.optional)), (4, 'bytes', self.name.encode()),
                (6, 'i32', self.converted if old or logical is None else None), (7, 'i32', self.scale if old else None),
                (8, 'i32', 38 if old and self.scale is not None else None), (10, 'struct', logical)]


MARK = ('struct', [])
TEXT, DATE = [(1, *MARK)], [(6, *MARK)]


def decimal(scale):
    return [(5, 'struct', [(1, 'i32', scale), (2, 'i32', 38)])]


def timed(id, utc, unit):
    return [(id, 'struct', [(1, 'bool', utc), (2, 'struct', [(unit, *MARK)])])]


def integer(bits, signed):
    return [(10, 'struct', [(1, 'byte', bits), (2, 'bool', signed)])]


# ---- a file ----

def page(column, values, form, dictionary):
    """A data page: header and bytes. values: with None where there is nothing."""
    there = [v for v in values if v is not None]
    encoding = form['encodings'].get(column.type, PLAIN)
    if dictionary is not None:
        width = max(len(dictionary) - 1, 0).bit_length()
        body, encoding = bytes([width]) + runs([dictionary[v] for v in there], width), DICTIONARY
    else:
        body = encode(column, encoding, there)
    levels = runs([int(v is not None) for v in values], 1) if column.optional else b''
    if form['version'] == 1:
        raw = (struct.pack('<I', len(levels)) + levels if column.optional else b'') + body
        stored = packed(form['codec'], raw)
        kind = (5, 'struct', [(1, 'i32', len(values)), (2, 'i32', encoding), (3, 'i32', RUNS), (4, 'i32', RUNS)])
        size = len(raw)
    else:
        stored, size = levels + (packed(form['codec'], body) if body else b''), len(levels) + len(body)
        kind = (8, 'struct', [(1, 'i32', len(values)), (2, 'i32', len(values) - len(there)), (3, 'i32', len(values)), (4, 'i32', encoding),
                              (5, 'i32', len(levels)), (6, 'i32', 0), (7, 'bool', True)])
    return header(0 if form['version'] == 1 else 3, size, stored, kind, form)


def header(type, size, stored, kind, form):
    crc = zlib.crc32(stored)
    crc = (crc - (1 << 32) if crc >> 31 else crc) if form.get('checksums') else None
    return struct_of([(1, 'i32', type), (2, 'i32', size), (3, 'i32', len(stored)), (4, 'i32', crc), kind]) + stored


def chunk(column, values, form, offset):
    dictionary, out, first = None, b'', offset
    if form.get('dictionary') and column.type != BOOLEAN:
        entries = list(dict.fromkeys(v for v in values if v is not None))
        dictionary = {v: i for i, v in enumerate(entries)}
        raw = plain(column, entries)
        stored = packed(form['codec'], raw)
        out = header(2, len(raw), stored, (7, 'struct', [(1, 'i32', len(entries)), (2, 'i32', PLAIN)]), form)
        first = offset + len(out)
    for at in range(0, len(values), form['page']):
        out += page(column, values[at:at + form['page']], form, dictionary)
    meta = [(1, 'i32', column.type), (2, 'list', ('i32', [PLAIN, RUNS])), (3, 'list', ('bytes', [column.name.encode()])),
            (4, 'i32', CODECS[form['codec']]), (5, 'i64', len(values)), (6, 'i64', len(out)), (7, 'i64', len(out)), (9, 'i64', first),
            (11, 'i64', offset if dictionary is not None else None)]
    return out, [(2, 'i64', offset), (3, 'struct', meta)]


def write(path, columns, form):
    out, groups, rows = b'PAR1', [], len(columns[0].values)
    for at in range(0, rows, form['group']):
        chunks, before = [], len(out)
        for column in columns:
            data, meta = chunk(column, column.values[at:at + form['group']], form, len(out))
            out += data
            chunks.append(meta)
        groups.append([(1, 'list', ('struct', chunks)), (2, 'i64', len(out) - before), (3, 'i64', min(form['group'], rows - at))])
    old = form.get('old', False)
    schema = [[(4, 'bytes', b'schema'), (5, 'i32', len(columns))]] + [column.element(old) for column in columns]
    footer = struct_of([(1, 'i32', 2), (2, 'list', ('struct', schema)), (3, 'i64', rows), (4, 'list', ('struct', groups)),
                        (6, 'bytes', b'parquet_forms')])
    with open(path, 'wb') as file:
        file.write(out + footer + struct.pack('<I', len(footer)) + b'PAR1')


# ---- the rows ----

def table(rows, how):
    """Columns as a vendor may have them; the decimals as `how` says: of INT32, INT64, FIXED or BYTES."""
    price = [None if i % 11 == 5 else 338000 + i * 7 % 5000 - 2000 * (i % 3 == 1) for i in range(rows)]
    big = [(-1) ** i * (i * 10 ** 20 + i) for i in range(rows)]
    signed = lambda n: n.to_bytes((n.bit_length() + 8) // 8, 'big', signed=True)
    prices = {INT32: price, INT64: price, FIXED: [None if n is None else n.to_bytes(9, 'big', signed=True) for n in price],
              BYTES: [None if n is None else signed(n) for n in price]}[how]
    base = 1725494400
    return [
        Column('order_id', INT64, [7904794000132347948 + i for i in range(rows)], integer(64, False), 14, optional=False),
        Column('timestamp', INT64, [base * 10 ** 9 + i * 1000000007 for i in range(rows)], timed(8, True, 3), optional=False),
        Column('price', how, prices, decimal(2), 5, width=9 if how == FIXED else None, scale=2),
        Column('quantity', INT32, [None if i % 13 == 0 else (i * 37) % 5000 for i in range(rows)], integer(32, True), 17),
        Column('side', INT32, [1 + i % 2 for i in range(rows)], integer(8, True), 15, optional=False),
        Column('big', FIXED, [n.to_bytes(16, 'big', signed=True) for n in big], decimal(4), 5, width=16, scale=4, optional=False),
        Column('millis', INT64, [base * 1000 + i for i in range(rows)], timed(8, True, 1), 9),
        Column('local', INT64, [base * 1000 + i for i in range(rows)], timed(8, False, 1)),
        Column('micros', INT64, [None if i % 5 == 0 else base * 10 ** 6 + i for i in range(rows)], timed(8, True, 2), 10),
        Column('day', INT32, [19971 + i % 400 for i in range(rows)], DATE, 6),
        Column('clock', INT64, [(36000 + i % 20000) * 10 ** 6 + i % 7 for i in range(rows)], timed(7, False, 2), 8),
        Column('open', BOOLEAN, [i % 3 == 0 for i in range(rows)]),
        Column('note', BYTES, [None if i % 4 == 0 else f'order {i // 3}'.encode() if i % 4 < 3 else b'a, "b"\nc' for i in range(rows)], TEXT, 0),
        Column('code', BYTES, [b'BHP CBA RIO'.split()[i % 3] for i in range(rows)], TEXT, 0, optional=False),
    ]


def rows_as_csv(columns, rows):
    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)

    def iso(units, per_second, zone):
        fraction = f'{units % per_second / per_second:.9f}'[1:].rstrip('.').rstrip('0').rstrip('.') if per_second < 10 ** 9 else ''
        if per_second == 10 ** 9:
            fraction = ('.' + f'{units % per_second:09d}'.rstrip('0')).rstrip('.')
        return (epoch + timedelta(seconds=units // per_second)).strftime('%Y-%m-%dT%H:%M:%S') + fraction + zone

    def point(n, scale):
        text = f'{abs(n):0{scale + 1}d}'
        text = (text[:-scale] + '.' + text[-scale:]).rstrip('0').rstrip('.')
        return ('-' if n < 0 and text != '0' else '') + text

    def quoted(text):
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text

    number = lambda v: v if isinstance(v, int) else int.from_bytes(v, 'big', signed=True)
    show = {'price': lambda v: point(number(v), 2), 'big': lambda v: point(number(v), 4), 'timestamp': lambda v: iso(v, 10 ** 9, 'Z'),
            'millis': lambda v: iso(v, 1000, 'Z'), 'local': lambda v: iso(v, 1000, ''), 'micros': lambda v: iso(v, 10 ** 6, 'Z'),
            'day': lambda v: (epoch + timedelta(days=v)).strftime('%Y-%m-%d'), 'clock': lambda v: iso(v, 10 ** 6, '')[11:],
            'open': lambda v: 'true' if v else 'false', 'note': lambda v: quoted(v.decode()), 'code': lambda v: v.decode()}
    yield ','.join(column.name for column in columns)
    for i in range(rows):
        yield ','.join('' if column.values[i] is None else show.get(column.name, str)(column.values[i]) for column in columns)


FORMS = {
    'plain-1': dict(codec='none', version=1, encodings={}, page=100, group=1000, how=INT64, old=True),
    'plain-2': dict(codec='none', version=2, encodings={}, page=77, group=300, how=FIXED),
    'snappy-1': dict(codec='snappy', version=1, encodings={}, page=500, group=700, how=BYTES, checksums=True),
    'snappy-2': dict(codec='snappy', version=2, encodings={}, page=64, group=10 ** 6, how=INT32, dictionary=True),
    'lz4-2': dict(codec='lz4', version=2, encodings={INT32: DELTA}, page=400, group=600, how=INT64),
    'lz4-1': dict(codec='lz4', version=1, encodings={}, page=90, group=2000, how=FIXED, dictionary=True),
    'gzip-dictionary': dict(codec='gzip', version=1, encodings={}, page=333, group=1000, how=BYTES, dictionary=True, old=True),
    'gzip-delta': dict(codec='gzip', version=2, encodings={INT32: DELTA, INT64: DELTA, BYTES: LENGTHS}, page=250, group=999, how=INT64, checksums=True),
    'prefixes': dict(codec='none', version=2, encodings={INT32: DELTA, INT64: DELTA, BYTES: PREFIXES, FIXED: PREFIXES}, page=129, group=400, how=FIXED),
    'split-1': dict(codec='snappy', version=1, encodings={INT32: SPLIT, INT64: SPLIT, FIXED: SPLIT}, page=77, group=1000, how=FIXED, checksums=True),
    'split-2': dict(codec='gzip', version=2, encodings={INT32: SPLIT, INT64: SPLIT, FIXED: SPLIT}, page=400, group=350, how=INT32),
    'one-by-one': dict(codec='none', version=1, encodings={INT64: DELTA, BYTES: LENGTHS}, page=1, group=50, how=INT32),
}


def wrong_files(folder, rows):
    form = dict(FORMS['plain-1'])
    ids = Column('order_id', INT64, list(range(rows)))
    write(os.path.join(folder, 'double.wrong'), [ids, Column('price', DOUBLE, [i / 4 for i in range(rows)])], form)
    write(os.path.join(folder, 'brotli.wrong'), [ids, Column('price', INT64, list(range(rows)))], dict(form, codec='brotli'))
    split = dict(form, encodings={BYTES: SPLIT})
    write(os.path.join(folder, 'split.wrong'), [Column('price', BYTES, [b'1'] * rows, TEXT, 0), Column('order_id', INT32, list(range(rows)))], split)


if __name__ == '__main__':
    folder, rows = sys.argv[1], int(sys.argv[2])
    for name, form in FORMS.items():
        write(os.path.join(folder, name + '.parquet'), table(rows, form['how']), form)
    with open(os.path.join(folder, 'rows.csv'), 'w', newline='') as file:
        for line in rows_as_csv(table(rows, INT64), rows):
            file.write(line + '\n')
    if sys.argv[3:] == ['wrong']:
        wrong_files(folder, rows)
