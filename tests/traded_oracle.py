#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""traded_oracle.py ZONE <rows.csv: trades, volume, value and VWAP by security and local hour, with Python's fractions and zones, of rows as sw-cut
writes them; as sw-agg prints them."""
import csv, sys
from datetime import datetime, timezone
from fractions import Fraction as F
from zoneinfo import ZoneInfo


def plain(x):
    text = f'{x.numerator * 10**36 // x.denominator:037}'
    return f'{text[:-36]}.{text[-36:]}'.rstrip('0').rstrip('.')


def six(x):
    whole = (2 * x.numerator * 10**6 + x.denominator) // (2 * x.denominator)
    return f'{whole // 10**6}.{whole % 10**6:06}'


groups = {}
for row in csv.DictReader(sys.stdin):
    hour = datetime.fromtimestamp(int(row['timestamp']) // 10**9, timezone.utc).astimezone(ZoneInfo(sys.argv[1])).hour
    price, quantity = (F(row[name]) if row[name] else None for name in ('price', 'quantity'))
    groups.setdefault((row['security_code'], hour), []).append((price, quantity))
print('security_code,hour,trades,volume,value,vwap')
numbers = all(code.isdigit() for code, _ in groups)
for (code, hour), rows in sorted(groups.items(), key=lambda item: (int(item[0][0]) if numbers else item[0][0].encode(), item[0][1])):
    pairs = [(p, q) for p, q in rows if p is not None and q is not None]
    volume, value = sum(q for _, q in rows if q is not None), sum(p * q for p, q in pairs)
    weight = sum(q for _, q in pairs)
    print(f'{code},{hour},{len(rows)},{plain(F(volume))},{plain(F(value))},{six(value / weight) if weight else ""}')
