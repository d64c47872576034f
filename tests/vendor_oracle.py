#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Reads files of other exchanges by itself, with csv, decimal and datetime, and prints for each what sw should find in it:
FILE<tab>SCHEMA<tab>NAME<tab>MEASURES<tab>WANTED, where MEASURES are those of sw-agg and WANTED is the line that it should print.

    vendor_oracle.py FOLDER

A schema that is not shipped is the sketch of that name in the folder."""
import csv, gzip, os, sys
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
NY = 'America/New_York'


def ns_of(moment, fraction=''):
    seconds = (moment - EPOCH) // timedelta(seconds=1)
    return seconds * 10 ** 9 + int((fraction + '0' * 9)[:9])


def counted(scale):
    return lambda text: int(Decimal(text) * 10 ** scale)


def iso(text):
    stem, zone = (text[:-1], '+00:00') if text.endswith('Z') else (text[:-6], text[-6:])
    stem, _, fraction = stem.partition('.')
    return ns_of(datetime.strptime(stem.replace('T', ' ') + zone.replace(':', ''), '%Y-%m-%d %H:%M:%S%z'), fraction)


def local(form, zone):
    """A local time: what is behind a point more than the form has is a fraction."""
    def read(text):
        stem, _, fraction = text.rpartition('.') if text.count('.') > form.count('.') else (text, '', '')
        return ns_of(datetime.strptime(stem, form).replace(tzinfo=ZoneInfo(zone)).astimezone(timezone.utc), fraction)
    return read


def glued(form, length, zone):
    return lambda text: local(form, zone)(text[:length]) + int((text[length:] + '0' * 9)[:9])


def seconds_of_day(date, zone):
    """Seconds since midnight, of a clock that goes on evenly."""
    midnight = ns_of(datetime.strptime(date, '%Y-%m-%d').replace(tzinfo=ZoneInfo(zone)).astimezone(timezone.utc))
    return lambda text: midnight + int(Decimal(text) * 10 ** 9)


def number(text):
    return Decimal(text)


def scaled(digits):
    return lambda text: Decimal(text).scaleb(-digits)


def comma(text):
    return Decimal(text.replace(',', '.'))


# file, schema, --name, delimiter, lines before the header (None: no header), {measure's column: (field, reader)}
P, Q, B, O, T = 'price', 'quantity', 'bid', 'offer', 'timestamp'
FILES = [
    ('abides_orders.csv', 'abides', '', ',', 0, {P: ('PRICE', number), Q: ('SIZE', number), T: ('TIMESTAMP', local('%Y%m%d%H%M%S', NY))}),
    ('b3_negocios.csv', 'b3-trades', '', ';', 0, {P: ('PrecoNegocio', comma), Q: ('QuantidadeNegociada', number),
        T: (('DataNegocio', 'HoraFechamento'), glued('%Y-%m-%d%H%M%S', 16, 'America/Sao_Paulo'))}),
    ('b3_negocios_balcao.csv', 'b3-otc', '', ';', 1, {P: ('Preco Negocio', comma), Q: ('Quantidade Negociada', comma),
        T: (('Data Negocio', 'Horario Negocio'), local('%d/%m/%Y%H:%M:%S', 'America/Sao_Paulo'))}),
    ('backtrader_bidask.csv', 'backtrader-bidask', '', ',', 0, {B: ('BID', number), O: ('ASK', number), T: ('TIMESTAMP', local('%m/%d/%Y %H:%M:%S', 'UTC'))}),
    ('bbg_trades_out.csv', 'bbg', '', ',', 0, {P: ('fill_price', number), Q: ('fill_qty', number), T: ('timestamp', local('%Y-%m-%d %H:%M:%S', 'Asia/Dubai'))}),
    ('binance_depth_snap.csv', 'binance-futures-depth', '', ',', 0, {P: ('price', number), Q: ('qty', number), T: ('timestamp', counted(6))}),
    ('binance_depth_update.csv', 'binance-futures-depth', '', ',', 0, {P: ('price', number), Q: ('qty', number), T: ('timestamp', counted(6))}),
    ('binance_spot_aggTrades_us.csv', 'binance-spot-aggtrades', 'BTCUSDT-aggTrades-2026-08-15.csv', ',', None, {P: (1, number), Q: (2, number), T: (5, counted(3))}),
    ('binance_um_bookTicker.csv', 'binance-futures-bookticker', '1000BONKUSDT-bookTicker-2024-03-30.csv', ',', 0,
        {B: ('best_bid_price', number), O: ('best_ask_price', number), T: ('transaction_time', counted(6))}),
    ('binance_um_trades.csv', 'binance-futures-trades', 'BTCUSDT-trades-2023-11.csv', ',', 0, {P: ('price', number), Q: ('qty', number), T: ('time', counted(6))}),
    ('bitflyer_ticker.csv.gz', 'bitflyer', '', ',', 0, {B: ('best_bid', number), O: ('best_ask', number)}),
    ('bitmex_trades.csv', 'bitmex-trades', '', ',', 0, {P: ('price', number), Q: ('size', number), T: ('timestamp', local('%Y-%m-%dD%H:%M:%S', 'UTC'))}),
    ('bybit_trades.csv', 'bybit-trades', '', ',', 0, {P: ('price', number), Q: ('size', number), T: ('timestamp', counted(9))}),
    ('databento_mbo_pretty.csv', 'databento-mbo-pretty', '', ',', 0, {P: ('price', number), Q: ('size', number), T: ('ts_event', iso)}),
    ('databento_mbo_raw.csv', 'databento-mbo', '', ',', 0, {P: ('price', scaled(9)), Q: ('size', number), T: ('ts_event', int)}),
    ('databento_mbp1_raw.csv', 'databento-mbp1', '', ',', 0, {B: ('bid_px_00', scaled(9)), O: ('ask_px_00', scaled(9)), T: ('ts_event', int)}),
    ('fix_execreport_lme.csv', 'fix', '', ',', 0, {P: ('Price', number), Q: ('OrderQty', number), T: ('TransactTime', local('%Y%m%d-%H:%M:%S', 'UTC'))}),
    ('kraken_BCHEUR.csv', 'kraken-trades', 'BCHEUR.csv', ',', None, {P: (1, number), Q: (2, number), T: (0, counted(9))}),
    ('lobster_AAPL_message_50.csv', 'lobster-message', 'AAPL_2012-06-21_34200000_37800000_message_50.csv', ',', None,
        {P: (4, scaled(4)), Q: (3, number), T: (0, seconds_of_day('2012-06-21', NY))}),
    ('lobster_AAPL_snapshot.csv', 'lobster-snapshot', '', ',', None, {P: (4, scaled(4)), Q: (3, number), T: (0, local('%Y-%m-%d %H:%M:%S', NY))}),
    ('lobster_bar_test.csv', 'lobster-bars', '', ',', 0, {P: ('Price', scaled(4)), Q: ('Volume', number), T: ('Time', local('%Y-%m-%d %H:%M:%S', NY))}),
    ('mt5_ticks.tsv', 'metatrader-ticks', '', '\t', 0, {B: ('<BID>', number), O: ('<ASK>', number), T: (('<DATE>', '<TIME>'), local('%Y.%m.%d%H:%M:%S', 'UTC'))}),
    ('nautilus_quote_tick.csv', 'histdata', '', ',', None, {B: (1, number), O: (2, number), T: (0, glued('%Y%m%d %H%M%S', 15, 'EST5EDT'))}),
    ('nse_tick.csv', 'nse', '', ',', None, {P: (1, number), T: (0, local('%Y-%m-%d %H:%M:%S', 'Asia/Kolkata'))}),
    ('polygon_trades.csv', 'polygon-trades', '', ',', 0, {P: ('price', number), Q: ('size', number), T: ('sip_timestamp', int)}),
    ('sirca_asx_orders.csv', 'sirca', '', ',', 0, {P: ('Price', number), Q: ('Volume', number), T: (('Date', 'Time'), local('%Y%m%d%H:%M:%S', 'Australia/Sydney'))}),
    ('taq_trade.psv', 'taq-trade', 'EQY_US_ALL_TRADE_20180103.psv', '|', 0, {P: ('Trade Price', number), Q: ('Trade Volume', number),
        T: ('Time', lambda text: glued('%Y%m%d%H%M%S', 14, NY)('20180103' + text))}),
    ('tardis_book_snapshot_5.csv', 'tardis-book-snapshot', '', ',', 0, {B: ('bids[0].price', number), O: ('asks[0].price', number), T: ('timestamp', counted(3))}),
    ('tardis_incremental_book_L2.csv', 'tardis-book-changes', '', ',', 0, {P: ('price', number), Q: ('amount', number), T: ('timestamp', counted(3))}),
    ('tardis_options_chain.csv', 'tardis-options-chain', '', ',', 0, {B: ('bid_price', number), O: ('ask_price', number), T: ('timestamp', counted(3))}),
    ('tardis_trades.csv', 'tardis-trades', '', ',', 0, {P: ('price', number), Q: ('amount', number), T: ('timestamp', counted(3))}),
    ('tcapy_trades.csv', 'tcapy', '', ',', 0, {P: ('executed_price', number), T: ('date', iso)}),
    ('trth_trades.csv', 'tick-history', '', ',', 0, {P: ('Price', number), Q: ('Volume', number), T: ('Date-Time', iso)}),
    ('truefx_usdjpy.csv', 'truefx', '', ',', 0, {B: ('bid', number), O: ('ask', number), T: ('timestamp', iso)}),
    ('twse_order.csv', 'twse', '', ',', 0, {P: ('order_price', number), Q: ('changed_trade_volume', number), T: (('order_date', 'order_time'), local('%Y-%m-%d%H:%M:%S', 'Asia/Taipei'))}),
    ('twse_snapshot.csv', 'twse', '', ',', 0, {P: ('trade_price', number), T: (('display_date', 'display_time'), local('%Y-%m-%d%H:%M:%S', 'Asia/Taipei'))}),
    ('xetra_pds.csv', 'xetra', '', ',', 0, {P: ('EndPrice', number), Q: ('TradedVolume', number), T: (('Date', 'Time'), local('%Y-%m-%d%H:%M', 'UTC'))}),
]
# What stands in a file and is no row of it, and what stands for nothing.
NO_ROWS = ('END|', '\0')
NOTHING = {'', '9223372036854775807'}


def rows_of(path, delimiter, skip):
    opened = gzip.open(path, 'rt', newline='') if path.endswith('.gz') else open(path, newline='')
    with opened as file:
        lines = [line for line in file if not line.startswith(NO_ROWS) and line.strip('\r\n')]
    rows = list(csv.reader(lines[skip or 0:], delimiter=delimiter))
    if skip is None:
        return rows, None
    return rows[1:], {name.strip(): i for i, name in enumerate(rows[0])}


def text(value):
    value = format(value, 'f')
    return value.rstrip('0').rstrip('.') if '.' in value else value


def expect(folder, file, schema, name, delimiter, skip, columns):
    rows, header = rows_of(os.path.join(folder, file), delimiter, skip)
    measures, wanted = ['rows=count()'], [str(len(rows))]
    for column, (fields, read) in columns.items():
        fields = fields if isinstance(fields, tuple) else (fields,)
        places = [header[field] if header else field for field in fields]
        values = [read(''.join(row[place] for place in places)) for row in rows if row[places[0]] not in NOTHING]
        if column == T:
            measures += ['first=min(timestamp)', 'last=max(timestamp)']
            wanted += [str(min(values)), str(max(values))]
        else:
            measures.append(f'{column}=sum({column})')
            wanted.append(text(sum(values, Decimal(0))))
    return '\t'.join([file, schema, name or '-', ','.join(measures), ','.join(wanted)])


if __name__ == '__main__':
    for entry in FILES:
        print(expect(sys.argv[1], *entry))
