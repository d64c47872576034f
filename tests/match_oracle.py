#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""An independent matcher, written from sw-match(1): quadratic, with lists that are walked through. And the books to try it on.

  match_oracle.py book SEED          writes orders.csv, trades.csv, nbbo.csv, sessions.csv, ticks.csv: few orders, many ties
  match_oracle.py match [OPTION…]    writes matches.csv and sweeps.csv: what sw-match has to make of them
      --rules LIST  --sweep WHAT  --sessions  --ticks  --lack COLUMN…
"""
import argparse
import csv
import random
from fractions import Fraction
from math import gcd

DAY = 86400 * 10**9
ZONE = 10 * 3600 * 10**9  # Australia/Sydney in September, before the clock changes
START = 1725494400 * 10**9  # 2024-09-05 10:00 there
NAMES = 'limit half_tick midtick inventory elsewhere book preferencing minimum crossing quote inside session'.split()
CENTRE_POINT, SWEEP = 64 | 256 | 2048 | 4096, 2048
COLUMNS = ('order_id timestamp security_code price side quantity leavesquantity exchangeordertype participantid orderstatus '
           'totalmatchedquantity sequence midtick minimumquantity singlefillminimumquantity crossingkey').split()


# ---- books --------------------------------------------------------------------------------------------------------------

def make_order(draw, ident, security, events, trades):
    kind = draw.choice([64, 256, 2048, 2048, 2048, 4096, 4098, 2050, 0])
    time = START + draw.randrange(40) + draw.choice([0, 0, 0, DAY])
    state = dict(order_id=ident, security_code=security, price=draw.choice(['', *range(95, 108, 1)]), side=draw.choice([1, 2]),
                 quantity=draw.randrange(1, 30), exchangeordertype=kind, participantid=draw.choice([7, 7, 8, 9, '']), orderstatus=2,
                 totalmatchedquantity=0, midtick=draw.choice([0, 1, 1, 3, 4, 5, 6]), minimumquantity=draw.choice([0, 0, 0, 5, 12]),
                 singlefillminimumquantity=draw.choice([0, 0, 0, 4, 9]), crossingkey=draw.choice([0, 0, 3, 4]))
    state['leavesquantity'] = state['quantity']
    filled = kind == 2048 and draw.random() < 0.7

    def put():
        events.append(dict(state, timestamp=time))

    put()
    if draw.random() < 0.8:
        state['orderstatus'] = 1
        put()
    for _ in range(draw.randrange(4)):
        time += draw.choice([0, 1, 1, 5, DAY // 2] if draw.random() < 0.2 else [0, 1, 2, 5])
        change = draw.choice(['price', 'quantity', 'midtick', 'minimum', 'trade', 'status'])
        if change == 'price':
            state['price'] = draw.randrange(95, 108)
        elif change == 'quantity':
            more = draw.choice([-2, -1, 1, 3])
            state['quantity'] = max(state['quantity'] + more, 1)
            state['leavesquantity'] = max(state['leavesquantity'] + more, 0)
        elif change == 'midtick':
            state['midtick'] = draw.choice([0, 1, 3])
        elif change == 'minimum':
            state['minimumquantity'] = draw.choice([0, 6])
        elif change == 'status':
            state['orderstatus'] = draw.choice([1, 2, 4])
        elif state['leavesquantity'] > 1:
            trade(draw, state, draw.randrange(1, state['leavesquantity']), time, trades, filled)
        put()
    if filled and state['leavesquantity'] > 0:
        time += draw.randrange(12)
        trade(draw, state, state['leavesquantity'], time, trades, True)
        state['orderstatus'] = 2
        put()


def trade(draw, state, quantity, time, trades, lit):
    state['leavesquantity'] -= quantity
    state['totalmatchedquantity'] += quantity
    if not lit and draw.random() < 0.5:
        return
    source = 1 if lit and draw.random() < 0.95 else draw.choice([1, 20, 44, 47])
    trades.append(dict(tradetime=time, securitycode=state['security_code'], orderid=state['order_id'], dealsource=source,
                       tradeprice=100, quantity=quantity))


def write(name, columns, rows):
    with open(name, 'w', newline='') as file:
        out = csv.writer(file, lineterminator='\n')
        out.writerow(columns)
        out.writerows([row.get(column, '') for column in columns] for row in rows)


def make_book(seed):
    draw = random.Random(seed)
    events, trades, quotes, sessions = [], [], [], []
    securities = [11, 12, 13][:draw.randrange(1, 4)]
    for ident in range(1, draw.randrange(20, 60)):
        make_order(draw, 1000 + ident, draw.choice(securities), events, trades)
    events.sort(key=lambda event: event['timestamp'])  # of one moment, in their order
    for place, event in enumerate(events):
        event['sequence'] = 1 + place + (place if draw.random() < 0.5 else 0) // 1000
    for security in securities:
        for place in range(draw.randrange(1, 14)):
            bid = draw.randrange(96, 106)
            quotes.append(dict(partition=1, sequence=place, bidprice=draw.choice([bid, bid, bid, bid, '']),
                               offerprice=bid + draw.choice([-1, 0, 1, 1, 2, 2, 3, 4]), orderbookid=security,
                               timestamp=START - 2 + draw.randrange(45) + draw.choice([0, 0, DAY])))
        for _ in range(draw.randrange(6)):
            sessions.append(dict(security_code=security, timestamp=START - 3 + draw.randrange(45) + draw.choice([0, 0, DAY]),
                                 name=draw.choice(['OPEN', 'OPEN', 'PRE_OPEN', 'CLOSE'])))
    unique = {(row['security_code'], row['timestamp']): row for row in sessions}
    write('orders.csv', COLUMNS, events)
    write('trades.csv', 'EXCHANGE tradetime securitycode orderid dealsource tradeprice quantity'.split(), trades)
    write('nbbo.csv', 'partition sequence tradedate bidprice creationtime offerprice orderbookid timestamp userid runid'.split(), quotes)
    write('sessions.csv', 'security_code timestamp name'.split(), unique.values())
    write('ticks.csv', 'security_code price tick'.split(), [dict(security_code=11, price=0, tick=2), dict(security_code=11, price=100, tick=1)])


# ---- what there is ------------------------------------------------------------------------------------------------------

def number(text):
    return None if text == '' else int(text)


def read(name):
    with open(name, newline='') as file:
        return [{key: number(value) if key != 'name' else value for key, value in row.items()} for row in csv.DictReader(file)]


def date_of(time):
    return (time + ZONE) // DAY


class Order:
    def __init__(self, events):
        first = events[0]
        self.id, self.side, self.participant = first['order_id'], first['side'], first['participantid']
        self.events, self.terms, self.of = events, first, {'sweep': first, 'contra': first}
        self.given = self.got = self.booked = self.swept = 0
        self.sweeps = self.known = self.rests = False
        self.leaves, self.base = 0, 0
        self.place = None


# ---- the matcher --------------------------------------------------------------------------------------------------------

class Matcher:
    def __init__(self, rules, concede, lack, ticks, sessions):
        self.rules, self.concede, self.lack = rules, concede, lack
        self.file_ticks, self.sessions = ticks, sessions
        self.matches, self.results = [], []

    def has(self, rule):
        return rule in self.rules

    # -- terms

    def term(self, order, role, name):
        return 0 if name in self.lack else order.of[role].get(name) or 0

    def tick(self, price):
        ticks = [row['tick'] for row in self.file_ticks if row['security_code'] == self.security and row['price'] <= (price or 0)]
        if any(row['security_code'] == self.security for row in self.file_ticks):
            return ticks[-1] if ticks else 0
        return self.step

    def limit(self, order, role):
        """The worst price that an order takes; None: any."""
        price = order.of[role]['price']
        if not self.has('limit') or price is None:
            return None
        half, further = Fraction(self.tick(price), 2), 0
        wants = self.term(order, role, 'midtick') in (1, 4, 6)
        if self.has('half_tick'):
            if role == 'contra':
                further = half if not self.has('midtick') or wants else 0
            else:
                if self.has('midtick') and wants:
                    further = half
                if self.concede == 'midtick':
                    further = half
                elif self.concede != 'entered':
                    further = max(further, Fraction(self.concede))
        return price + further if order.side == 1 else price - further

    def takes(self, order, role, price):
        limit = self.limit(order, role)
        return limit is None or (price <= limit if order.side == 1 else price >= limit)

    def left(self, order, role):
        one = self.has('inventory')
        if role == 'sweep':
            return order.swept - order.got - order.booked - (order.given if one else 0)
        has = order.leaves if self.has('elsewhere') else order.base
        return has - order.given - (order.got + order.booked if one else 0)

    # -- price

    def can_trade(self):
        return self.quote is not None and (not self.has('session') or self.open) and (not self.has('quote') or self.proper)

    def mid(self):
        return Fraction(self.quote[0] + self.quote[1], 2)

    def inside(self, order, role):
        return self.has('inside') and 3 <= self.term(order, role, 'midtick') <= 6

    def price(self, sweep, contra):
        mid = self.mid()
        if self.takes(sweep, 'sweep', mid) and self.takes(contra, 'contra', mid):
            return mid
        if not self.inside(sweep, 'sweep') or not self.inside(contra, 'contra'):
            return None
        bid, offer = self.quote
        step, prices = self.tick(sweep.of['sweep']['price']), []
        at = bid + step
        while step and at < offer:
            if self.takes(sweep, 'sweep', at) and self.takes(contra, 'contra', at):
                prices.append(at)
            at += step
        return min(prices, key=lambda one: abs(one - mid)) if prices else None

    # -- meeting

    def minimum(self, wanted, remains):
        return wanted if self.has('minimum') and remains >= wanted else 0

    def meet(self, incoming, role, time):
        other_role = 'contra' if role == 'sweep' else 'sweep'
        available = rest = self.left(incoming, role)
        if available <= 0 or not self.can_trade():
            return
        others = [one for one in self.queue(other_role) if one.side != incoming.side]
        if self.has('preferencing') and incoming.participant is not None:
            own = [one for one in others if one.participant == incoming.participant]
            others = own + [one for one in others if one.participant != incoming.participant]
        plan = []
        for other in others:
            if rest <= 0:
                break
            has = self.left(other, other_role)
            quantity = min(rest, has)
            sweep, contra = (incoming, other) if role == 'sweep' else (other, incoming)
            price = self.price(sweep, contra)
            if quantity <= 0 or price is None:
                continue
            wanted = max(self.minimum(self.term(incoming, role, 'singlefillminimumquantity'), rest),
                         self.minimum(self.term(other, other_role, 'singlefillminimumquantity'), has),
                         self.minimum(self.term(other, other_role, 'minimumquantity'), has))
            if quantity < wanted:
                sweep.met_minimum = True
                continue
            plan.append((sweep, contra, quantity, price))
            rest -= quantity
        if available - rest < self.minimum(self.term(incoming, role, 'minimumquantity'), available):
            for sweep, _, _, _ in plan:
                sweep.met_minimum = True
            return
        for sweep, contra, quantity, price in plan:
            self.carry_out(sweep, contra, quantity, price, time)

    def carry_out(self, sweep, contra, quantity, price, time):
        keys = self.term(sweep, 'sweep', 'crossingkey'), self.term(contra, 'contra', 'crossingkey')
        booked = (self.has('crossing') and keys[0] != 0 and keys[0] == keys[1] and sweep.participant is not None and
                  sweep.participant == contra.participant)
        contra.given += quantity
        if booked:
            sweep.booked += quantity
        else:
            sweep.got += quantity
            sweep.fills.append((time, quantity, price))
        self.matches.append([sweep.id, contra.id, time, quantity, shown(price), self.security, sweep.date, sweep.side,
                             sweep.participant, contra.participant, sweep.first, shown(Fraction(self.quote[0])),
                             shown(Fraction(self.quote[1])), int(booked)])

    def queue(self, role):
        if role == 'sweep':
            return [one for one in self.waiting]
        return sorted((one for one in self.orders if one.rests), key=lambda one: one.place)

    # -- why

    def offer(self, side, contras):
        """Contras of a side offer themselves: to the sweeps of the other side that wait."""
        if not contras:
            return
        for sweep in self.waiting:
            if sweep.side == side:
                continue
            sweep.came = True
            if not self.has('session') or self.open:
                sweep.in_session = True
            if not self.can_trade():
                continue
            sweep.with_quote = True
            some = [one for one in contras if self.left(one, 'contra') > 0]
            if some:
                sweep.with_quantity = True
            if any(self.takes(one, 'contra', self.mid()) for one in some):
                sweep.beaten = sweep.beaten or self.takes(sweep, 'sweep', self.mid())

    def reason(self, sweep):
        if sweep.got > 0:
            return ''
        if sweep.booked > 0:
            return 'key'
        if sweep.met_minimum:
            return 'minimum'
        if not sweep.came:
            there = any(one.side != sweep.side and any(day == sweep.date for day in one.contra_days) for one in self.orders)
            return 'not_in_time' if there else 'no_contra'
        if not sweep.in_session:
            return 'session'
        if not sweep.with_quote:
            return 'quote'
        if not sweep.with_quantity or self.left(sweep, 'sweep') <= 0:
            return 'quantity'
        return 'quantity' if sweep.beaten else 'price'

    # -- sweeps

    def begin(self, order, sweep):
        order.sweeps, order.of['sweep'] = True, sweep['event']
        order.swept, order.got, order.booked, order.fills = sweep['event']['leavesquantity'], 0, 0, []
        order.date, order.first, order.until = sweep['date'], sweep['event']['timestamp'], sweep['until']
        order.came = order.in_session = order.with_quote = order.with_quantity = order.met_minimum = order.beaten = False
        self.waiting.append(order)

    def expire(self, before):
        for order in [one for one in self.waiting if before is None or one.until < before]:
            given = min(order.given, order.swept - order.got - order.booked) if self.has('inventory') else 0
            matched = order.got
            vwap = Fraction(sum(quantity * price for _, quantity, price in order.fills)) / matched if matched else None
            start = order.fills[0][0] if order.fills else None
            self.results.append((order.first, order.stamp, [
                order.id, self.security, order.date, order.side, order.participant, order.first, order.until, order.swept, matched,
                order.booked, given, order.swept - matched - order.booked - given,
                shown(rounded(Fraction(matched, order.swept))) if order.swept else None, len(order.fills),
                shown(rounded(vwap)) if matched else None, start, start - order.first if order.fills else None, self.reason(order)]))
            self.waiting.remove(order)
            order.sweeps = False

    # -- a moment

    def may_rest(self, event):
        if event['orderstatus'] != 1 or event['leavesquantity'] <= 0:
            return False
        return not event['exchangeordertype'] & SWEEP or ('midtick' not in self.lack and event['midtick'] == 1)

    def loses_place(self, order, event):
        terms = order.of['contra']
        return (terms['price'] != event['price'] or order.leaves < event['leavesquantity'] or
                ('midtick' not in self.lack and terms['midtick'] != event['midtick']))

    def anew(self, order, event):
        return self.loses_place(order, event) or (not order.rests and self.may_rest(event))

    def settle(self, order, event):
        order.of['contra'], order.leaves = event, event['leavesquantity']
        if order.sweeps and event['timestamp'] > order.first:
            order.of['sweep'] = event
        rests = self.may_rest(event)
        if rests and not order.rests:
            self.stamp += 1
            order.place = self.stamp
        order.rests = rests

    def comes(self, order, time):
        self.offer(order.side, [order])
        self.meet(order, 'contra', time)

    def moment(self, time, moved):
        here = [(event['sequence'], order, event) for order in self.orders for event in order.events if event['timestamp'] == time]
        here.sort(key=lambda one: one[0])
        self.expire(time)
        again = set()
        if self.has('book'):
            for _, order, event in here:
                if not order.known:
                    continue
                if order in again or self.anew(order, event):
                    again.add(order)
                else:
                    self.settle(order, event)
            for side in (1, 2) if moved else ():
                self.offer(3 - side, [one for one in self.orders if one.rests and one.side != side])
            if moved and self.can_trade():
                for side in (1, 2):
                    for sweep in [one for one in self.waiting if one.side == side]:
                        self.meet(sweep, 'sweep', time)
        for _, order, event in here:
            for sweep in order.sweep_days:
                if sweep['event'] is event:
                    self.stamp += 1
                    order.stamp = self.stamp
                    self.begin(order, sweep)
                    if self.has('book') and order.until >= time:
                        self.offer(3 - order.side, [one for one in self.orders if one.rests and one.side != order.side])
                        self.meet(order, 'sweep', time)
        self.expire(time)
        came = set()
        for _, order, event in here:
            if self.has('book'):
                self.book_contra(order, event, time, again, came)
            elif event in order.contra_events:
                if not order.sweeps:
                    order.given = 0
                order.of['contra'] = event
                order.base, order.leaves = event['quantity'], event['leavesquantity']
                self.comes(order, time)
        for _, order, event in here:
            if event is order.events[-1] and not order.rests:
                order.known = False

    def book_contra(self, order, event, time, again, came):
        if not order.known and order not in self.waiting and iso(date_of(event['timestamp'])) not in order.contra_days:
            return
        if order.known and order not in again and order not in came:
            return
        known = order.known
        if known:
            lost = self.loses_place(order, event)
            new = lost or (not order.rests and self.may_rest(event))
            if lost:
                order.rests = False
        else:
            new = True
            order.base = event['quantity']
        order.known = True
        came.add(order)
        order.of['contra'], order.leaves = event, event['leavesquantity']
        if new:
            self.comes(order, time)
        self.settle(order, event)

    # -- a security

    def run(self, security, orders, quotes, sessions):
        self.security, self.orders, self.waiting, self.stamp = security, orders, [], 0
        self.quote, self.proper, self.open = None, False, False
        self.step = 0
        for order in self.all_orders:
            for event in order.events:
                self.step = gcd(self.step, event['price'] or 0)
        quotes = sorted(quotes, key=lambda row: (row['timestamp'], row['sequence'], row['bidprice'] or 0, row['offerprice'] or 0))
        times = sorted({event['timestamp'] for order in orders for event in order.events} |
                       {row['timestamp'] for row in quotes} | {row['timestamp'] for row in sessions})
        for time in times:
            before = self.quote and self.mid(), self.proper, self.open
            for row in quotes:
                if row['timestamp'] == time:
                    both = row['bidprice'] is not None and row['offerprice'] is not None
                    self.proper = both and row['bidprice'] < row['offerprice']
                    if both and row['bidprice'] <= row['offerprice']:
                        self.quote = row['bidprice'], row['offerprice']
            for row in sessions:
                if row['timestamp'] == time:
                    self.open = row['name'] == 'OPEN'
            now = self.quote and self.mid()
            moved = now != before[0] or (self.proper and not before[1]) or (self.open and not before[2])
            self.moment(time, moved)
        self.expire(None)


def rounded(value):
    scaled = value * 10**6
    whole = (abs(scaled.numerator) * 2 + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if scaled >= 0 else -whole, 10**6)


def shown(value):
    """A fraction that is a decimal, without trailing zeros."""
    scaled = value * 10**6
    assert scaled.denominator == 1
    whole, rest = divmod(int(scaled), 10**6)
    return str(whole) + ('.' + f'{rest:06d}'.rstrip('0') if rest else '')


def roles(order, trades):
    """On which dates an order is a sweep that qualifies, and a contra."""
    order.sweep_days, order.contra_days, order.contra_events = [], [], []
    for date in sorted({date_of(event['timestamp']) for event in order.events}):
        events = [event for event in order.events if date_of(event['timestamp']) == date]
        rows = [row for row in trades if row['orderid'] == order.id and row['securitycode'] == order.terms['security_code'] and
                date_of(row['tradetime']) == date]
        last = events[-1]
        if events[0]['exchangeordertype'] & CENTRE_POINT:
            order.contra_days.append(iso(date))
            order.contra_events.append(events[0])
        if (last['exchangeordertype'] == 2048 and last['leavesquantity'] == 0 and last['totalmatchedquantity'] > 0 and rows and
                all(row['dealsource'] == 1 for row in rows)):
            start = [event for event in events if event['timestamp'] == events[0]['timestamp']][-1]
            order.sweep_days.append(dict(event=start, date=iso(date), until=max(row['tradetime'] for row in rows)))


def iso(date):
    import datetime
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=date)).isoformat()


def match(options):
    words = options.rules.split(',')
    rules = set() if words[0] == 'simple' else set(NAMES)
    for word in words:
        if word in NAMES:
            rules.add(word)
        rules.discard(word[1:] if word.startswith('-') else '')
    lacks = {'midtick': ['midtick', 'inside'], 'crossingkey': ['crossing'], 'participantid': ['preferencing', 'crossing']}
    for column in options.lack:
        rules -= set(lacks.get(column, []))
    if {'minimumquantity', 'singlefillminimumquantity'} <= set(options.lack):
        rules.discard('minimum')
    if not options.sessions:
        rules.discard('session')
    trades, quotes = read('trades.csv'), read('nbbo.csv')
    sessions = read('sessions.csv') if options.sessions else []
    matcher = Matcher(rules, options.sweep.replace('limit ', ''), options.lack, read('ticks.csv') if options.ticks else [], sessions)
    events, results = {}, []
    for event in sorted(read('orders.csv'), key=lambda row: (row['timestamp'], row['sequence'])):
        if 'participantid' in options.lack:
            event['participantid'] = None
        events.setdefault((event['security_code'], event['order_id']), []).append(event)
    for security in sorted({key[0] for key in events}):
        orders = [Order(events[key]) for key in sorted(events) if key[0] == security]
        for order in orders:
            roles(order, trades)
            order.met_minimum = False
            order.stamp = 0
        matcher.all_orders = orders
        orders = [one for one in orders if one.contra_days or one.sweep_days]
        if not orders:
            continue
        matcher.run(security, orders, [row for row in quotes if row['orderbookid'] == security],
                    [row for row in sessions if row['security_code'] == security])
        results += [row for _, _, row in sorted(matcher.results, key=lambda one: one[:2])]
        matcher.results = []
    put('matches.csv', 'sweep_order_id contra_order_id timestamp quantity price security_code date side participantid '
        'contra_participantid first_timestamp bid offer booked', matcher.matches)
    put('sweeps.csv', 'order_id security_code date side participantid first_timestamp last_timestamp quantity matched_quantity '
        'booked_quantity given_quantity remaining_quantity matched_ratio matches vwap first_match_timestamp time_to_first_match '
        'reason', results)


def put(name, header, rows):
    with open(name, 'w', newline='') as file:
        out = csv.writer(file, lineterminator='\n')
        out.writerow(header.split())
        out.writerows(['' if value is None else value for value in row] for row in rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('what', choices=['book', 'match'])
    parser.add_argument('seed', nargs='?', type=int)
    parser.add_argument('--rules', default='full')
    parser.add_argument('--sweep', default='midtick')
    parser.add_argument('--sessions', action='store_true')
    parser.add_argument('--ticks', action='store_true')
    parser.add_argument('--lack', nargs='*', default=[])
    options = parser.parse_args()
    if options.what == 'book':
        make_book(options.seed)
    else:
        match(options)


if __name__ == '__main__':
    main()
