#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""match_laws.py RULE… [--sessions] [--ticks]: what must hold of any result of sw-match, whatever its rules, of the books that
match_oracle.py makes: orders.csv, trades.csv, nbbo.csv, sessions.csv, ticks.csv, matches.csv, sweeps.csv, and, where it is there,
summary.csv. RULE… are the rules that are on. It matches nothing; what does not hold is an error."""
import csv
import os
import sys
from collections import defaultdict
from fractions import Fraction
from math import gcd

rules = {word for word in sys.argv[1:] if not word.startswith('--')}
DAY, ZONE = 86400 * 10**9, 10 * 3600 * 10**9


def read(name):
    with open(name, newline='') as file:
        return list(csv.DictReader(file))


def whole(text):
    return int(text) if text else None


def date(time):
    return (int(time) + ZONE) // DAY


def local_date(text):
    import datetime
    return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days


events, quotes, sessions, steps = (defaultdict(list) for _ in range(4))
for row in read('orders.csv'):
    events[row['security_code'], row['order_id']].append(row)
for life in events.values():
    life.sort(key=lambda row: (int(row['timestamp']), int(row['sequence'])))
for row in read('nbbo.csv'):
    bid, offer = whole(row['bidprice']), whole(row['offerprice'])
    quotes[row['orderbookid']].append((int(row['timestamp']), int(row['sequence']), bid or 0, offer or 0))
for row in read('sessions.csv'):
    sessions[row['security_code']].append((int(row['timestamp']), row['name']))
ticks = defaultdict(int)
for (security, _), life in events.items():
    for row in life:
        ticks[security] = gcd(ticks[security], whole(row['price']) or 0)
if '--ticks' in sys.argv:
    for row in read('ticks.csv'):
        ticks[row['security_code']] = max(ticks[row['security_code']], int(row['tick']))

sweeps = {(row['security_code'], row['order_id'], row['date']): row for row in read('sweeps.csv')}
matches = read('matches.csv')
got, booked, given, taken, count = (defaultdict(int) for _ in range(5))


def last_quote(security, time, sound):
    known = [quote for quote in quotes[security] if quote[0] <= time and (not sound or quote[2] and quote[3] and quote[2] <= quote[3])]
    return max(known)[2:] if known else None


def check_price(row, time):
    """The mid of its moment, or with `inside` a price strictly inside the quote."""
    quote = last_quote(row['security_code'], time, 'quote' not in rules)
    assert quote and quote == (int(row['bid']), int(row['offer'])), (quote, row)
    bid, offer = quote
    price = Fraction(row['price'])
    assert bid and offer and bid <= offer
    assert 'quote' not in rules or bid < offer, 'no quote that trades'
    assert price == Fraction(bid + offer, 2) or 'inside' in rules and bid < price < offer, 'not the mid'


def known_prices(life, time):
    """The prices that may be in force at a time: those of the last moment before it, and of that time."""
    before = [row for row in life if int(row['timestamp']) < time]
    return [row['price'] for row in (before[-1:] + [row for row in life if int(row['timestamp']) == time])]


def check_limit(row, life, buys, concession):
    """Never beyond the most that it can have meant, half a tick further where that is conceded."""
    prices = known_prices(life, int(row['timestamp']))
    if '' in prices:
        return
    price, limits = Fraction(row['price']), [Fraction(text) for text in prices]
    if buys:
        assert price <= max(limits) + concession, ('above the limit', row)
    else:
        assert price >= min(limits) - concession, ('below the limit', row)


def check_limits(row, sweep_life, life):
    half = Fraction(ticks[row['security_code']], 2) if 'half_tick' in rules else Fraction(0)
    terms = {event['midtick'] for event in life}
    contra_half = half if 'midtick' not in rules or terms & {'1', '4', '6'} else Fraction(0)
    check_limit(row, life, row['side'] == '2', contra_half)
    # A sweep waits with the terms of its first moment; in the book with those in force.
    if 'book' in rules:
        check_limit(row, sweep_life, row['side'] == '1', half)
        return
    first = [event for event in sweep_life if date(event['timestamp']) == local_date(row['date'])]
    check_limit(dict(row, timestamp=first[0]['timestamp']), first, row['side'] == '1', half)


for row in matches:
    security, time, quantity = row['security_code'], int(row['timestamp']), int(row['quantity'])
    key = security, row['sweep_order_id'], row['date']
    sweep, life = sweeps[key], events[security, row['contra_order_id']]
    assert quantity > 0 and row['contra_order_id'] != row['sweep_order_id']
    assert int(sweep['first_timestamp']) <= time <= int(sweep['last_timestamp']), ('outside of its time', row)
    assert {life[0]['side'], row['side']} == {'1', '2'}, ('of one side', row)
    assert int(life[0]['timestamp']) <= time, ('before it was there', row)
    check_price(row, time)
    if 'limit' in rules:
        check_limits(row, events[security, row['sweep_order_id']], life)
    if 'session' in rules and '--sessions' in sys.argv:
        known = [change for change in sessions[security] if change[0] <= time]
        assert known and max(known)[1] == 'OPEN', ('no open session', row)
    if 'book' not in rules:
        first = [event for event in life if date(event['timestamp']) == date(time)][0]
        assert int(first['timestamp']) == time, ('not at its arrival', row)
    if row['booked'] == '1':
        assert 'crossing' in rules and row['participantid'] == row['contra_participantid'] != '', ('booked', row)
    (booked if row['booked'] == '1' else got)[key] += quantity
    count[key] += row['booked'] == '0'
    given[security, row['contra_order_id'], row['date']] += quantity
    taken[security, row['sweep_order_id'], row['date']] += quantity

for key, sweep in sweeps.items():
    parts = [int(sweep[name]) for name in ('matched_quantity', 'booked_quantity', 'given_quantity', 'remaining_quantity')]
    assert parts[0] == got[key] and parts[1] == booked[key] and int(sweep['matches']) == count[key], sweep
    assert min(parts) >= 0 and sum(parts) == int(sweep['quantity']), sweep
    assert 'inventory' in rules or parts[2] == 0, sweep
    assert (sweep['reason'] == '') == (parts[0] > 0), sweep
    first = [event for event in events[key[:2]] if date(event['timestamp']) == local_date(key[2])]
    first = [event for event in first if event['timestamp'] == first[0]['timestamp']]
    assert int(sweep['quantity']) == int(first[-1]['leavesquantity']), sweep
    if parts[0]:
        total = sum(Fraction(row['price']) * int(row['quantity']) for row in matches
                    if (row['security_code'], row['sweep_order_id'], row['date']) == key and row['booked'] == '0')
        assert abs(Fraction(sweep['vwap']) - total / parts[0]) <= Fraction(1, 2 * 10**6), sweep

for key, quantity in given.items():
    life = events[key[:2]]
    of_date = [event for event in life if date(event['timestamp']) == local_date(key[2])]
    most = max(int(event['leavesquantity'] or event['quantity']) for event in life) if 'elsewhere' in rules else \
        int((of_date if 'book' not in rules else life)[0]['quantity'])
    assert quantity <= most, ('gives more than it has', key, quantity, most)
    if 'inventory' in rules and key in sweeps:
        assert quantity + taken[key] <= max(most, int(sweeps[key]['quantity'])), ('has one quantity', key)

if os.path.exists('summary.csv'):
    lines = read('summary.csv')
    before = 0
    for line in lines:
        assert int(line['matched_quantity']) - before == int(line['change'] or line['matched_quantity']), line
        before = int(line['matched_quantity'])
        reasons = sum(int(value) for name, value in line.items() if name.startswith('unmatched_'))
        assert reasons + int(line['matched_sweeps']) == int(line['sweeps']) == len(sweeps), line
    assert before == sum(got.values()) and int(lines[-1]['booked_quantity']) == sum(booked.values())
    assert int(lines[-1]['matches']) == sum(count.values())
print(len(matches), len(sweeps))
