#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Makes files in many forms, for which nobody has a schema, and says what is in them.

    explain_files.py FOLDER      FILE<tab>CLOCK<tab>ROWS<tab>FIRST<tab>LAST<tab>PRICES<tab>QUANTITIES<tab>BUYS, a line each

FIRST and LAST are times in nanoseconds, of UTC; CLOCK is 1 where the file does not say that they are. Separators, headers, preambles,
points and forms of times are drawn, each form of time at least once."""
import os, random, sys
from datetime import datetime, timedelta, timezone
from decimal import Decimal

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def parts(ns):
    return EPOCH + timedelta(seconds=ns // 10 ** 9), f'{ns % 10 ** 9:09d}'


def formed(form, digits):
    def write(ns):
        moment, fraction = parts(ns)
        return [moment.strftime(form).replace('FRACTION', fraction[:digits])]
    return write


def counted(digits):
    return lambda ns: [str(ns // 10 ** (9 - digits))]


def fractional(ns):
    return [f'{ns // 10 ** 9}.{ns % 10 ** 9:09d}']


def two(date, clock, digits):
    def write(ns):
        moment, fraction = parts(ns)
        return [moment.strftime(date), moment.strftime(clock).replace('FRACTION', fraction[:digits])]
    return write


# names, how it is written, digits of a second, whether it is of a clock
TIMES = [
    (['Timestamp'], counted(9), 9, 0), (['trade_time'], counted(6), 6, 0), (['ts_event'], counted(3), 3, 0), (['Time'], counted(0), 0, 0),
    (['timestamp'], fractional, 9, 0), (['DateTime'], formed('%Y-%m-%dT%H:%M:%S.FRACTIONZ', 9), 9, 0),
    (['time'], formed('%Y-%m-%d %H:%M:%S.FRACTION+00:00', 6), 6, 0), (['at'], formed('%Y-%m-%d %H:%M:%S.FRACTION', 3), 3, 1),
    (['stamp'], formed('%Y-%m-%d %H:%M:%S', 0), 0, 1), (['t'], formed('%Y-%m-%dD%H:%M:%S.FRACTION', 9), 9, 1),
    (['when'], formed('%d.%m.%Y %H:%M:%S.FRACTION', 3), 3, 1), (['moment'], formed('%Y%m%d %H%M%SFRACTION', 3), 3, 1),
    (['transact time'], formed('%Y%m%d-%H:%M:%S.FRACTION', 3), 3, 1), (['timestamp'], formed('%Y%m%d%H%M%S.FRACTION', 9), 9, 1),
    (['Date', 'Time'], two('%Y-%m-%d', '%H:%M:%S', 0), 0, 1), (['trade date', 'clock'], two('%Y%m%d', '%H%M%SFRACTION', 9), 9, 1),
    (['<DATE>', '<TIME>'], two('%Y.%m.%d', '%H:%M:%S.FRACTION', 3), 3, 1), (['Day', 'Time of day'], two('%d-%b-%Y', '%H:%M', -60), -60, 1),
]
SIDES = [('B', 'S'), ('buy', 'sell'), ('Bid', 'Ask'), ('1', '2'), ('BUY', 'SELL'), ('1', '-1')]


def make(draw, path, time):
    names, write, digits, clock = time
    separator = draw.choice([',', ';', '\t', '|', '^'])
    header = draw.random() < .75 or len(names) == 2
    pointed = '.' in write(10 ** 18)[0] and ':' not in write(10 ** 18)[0]  # a number, of which a comma would be the point, too
    comma = separator != ',' and not pointed and draw.random() < .4
    buy, sell = draw.choice(SIDES)
    decimals, rows, nothing = draw.choice([0, 2, 5, 9]), draw.randrange(3, 400), draw.choice(['', 'nan', 'NULL', 'N/A'])
    ns, lines, prices, quantities, buys, times = 1_600_000_000 * 10 ** 9 + draw.randrange(10 ** 17), [], Decimal(0), 0, 0, []
    columns = names + [draw.choice(['Price', 'price', 'trade price']), draw.choice(['Qty', 'size', 'Shares']), 'side', 'note']
    if header:
        lines.append(separator.join(columns))
    for row in range(rows):
        ns += draw.randrange(1, 10 ** 11)
        unit = 60 * 10 ** 9 if digits < 0 else 10 ** (9 - digits)
        times.append(ns // unit * unit)
        price = Decimal(draw.randrange(1, 10 ** 8)).scaleb(-decimals)
        missing = row > 1 and draw.random() < .1
        quantity, bought = draw.randrange(1, 10 ** 6), draw.random() < .5
        prices += 0 if missing else price
        quantities += quantity
        buys += bought
        shown = nothing if missing else format(price, 'f')
        note = draw.choice(['', 'x', f'"a{separator}b"', '"say ""hi"""', 'no number'])
        fields = write(ns) + [shown.replace('.', ',') if comma else shown, str(quantity), buy if bought else sell, note]
        lines.append(separator.join(fields))
    if not header:
        times, buys = times[:], None
    before = ['made by a machine', '', 'of no interest'] if header and draw.random() < .4 else []
    end = draw.choice(['\n', '\r\n'])
    with open(path, 'w', newline='') as file:
        file.write(('\ufeff' if draw.random() < .2 else '') + end.join(before + lines) + draw.choice(['', end]))
    return [str(value) for value in (clock, rows, times[0], times[-1], format(prices.normalize() + 0, 'f'), quantities, '-' if buys is None else buys)]


if __name__ == '__main__':
    source = random.Random(20240905)
    for number in range(2 * len(TIMES)):
        name = f'file{number:02d}.txt'
        print(name, *make(source, os.path.join(sys.argv[1], name), TIMES[number % len(TIMES)]), sep='\t')
