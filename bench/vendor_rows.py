#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""vendor_rows.py FORM ROWS: trades of our own making, written as a vendor writes them, on standard output.

The same seed makes the same market for every form: six securities, prices that walk by ticks, times in the order of the file that
fall in bunches. What differs is how they are written. --list names the forms, each with the schema, and the file name, that read it.
"""
import random
import sys
from datetime import datetime, timezone

FORMS = {  # name: (schema, name of a file of the vendor; - where it says nothing)
    "databento": ("databento-mbo-pretty", "-"),
    "lobster": ("lobster-message", "XYZ_2024-09-05_34200000_57600000_message_1.csv"),
    "taq": ("taq-trade", "EQY_US_ALL_TRADE_20240905.psv"),
    "tick-history": ("tick-history", "-"),
    "binance": ("binance-spot-trades", "BTCUSDT-trades-2024-09-05.csv"),
    "bybit": ("bybit-trades", "-"),
    "b3": ("b3-trades", "-"),
    "metatrader": ("metatrader-ticks", "-"),
}
HEADERS = {
    "databento": "ts_recv,ts_event,rtype,publisher_id,instrument_id,action,side,price,size,channel_id,order_id,flags,ts_in_delta,sequence,symbol",
    "taq": "Time|Exchange|Symbol|Sale Condition|Trade Volume|Trade Price|Trade Stop Stock Indicator|Trade Correction Indicator|Sequence Number|"
           "Trade Id|Source of Trade|Trade Reporting Facility|Participant Timestamp|Trade Reporting Facility TRF Timestamp|Trade Through Exempt Indicator",
    "tick-history": "#RIC,Domain,Date-Time,GMT Offset,Type,Price,Volume,Bid Price,Ask Price,Exch Time",
    "bybit": "timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional",
    "b3": "DataReferencia;CodigoInstrumento;AcaoAtualizacao;PrecoNegocio;QuantidadeNegociada;HoraFechamento;CodigoIdentificadorNegocio;"
          "TipoSessaoPregao;DataNegocio;CodigoParticipanteComprador;CodigoParticipanteVendedor",
    "metatrader": "<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>",
}
SECURITIES = ["AXBY", "CUPR", "DELT", "FERR", "GOLD", "HELI"]
OPENING = int(datetime(2024, 9, 5, 13, 30, tzinfo=timezone.utc).timestamp())


class Seconds:
    """The texts of whole seconds, made once each."""

    def __init__(self, form):
        self.form, self.known = form, {}

    def __getitem__(self, second):
        if second not in self.known:
            self.known[second] = datetime.fromtimestamp(second, timezone.utc).strftime(self.form)
        return self.known[second]


def market(rows):
    """(n, second, nanosecond, security, side, price in hundredths, quantity) of each trade."""
    chance = random.Random(1)
    now, prices = OPENING * 10**9, [2000 + 3700 * i for i in range(len(SECURITIES))]
    step = 6 * 3600 * 10**9 // rows  # six hours whatever the number
    for n in range(rows):
        now += chance.randrange(2 * step) if chance.random() < 0.7 else chance.randrange(step // 100 + 1)
        security = chance.randrange(len(SECURITIES))
        prices[security] = max(100, prices[security] + chance.choice((-1, 0, 0, 0, 1)))
        yield n, now // 10**9, now % 10**9, security, chance.randrange(2), prices[security], 1 + chance.randrange(chance.choice((10, 100, 1000)))


def databento(rows):
    seconds = Seconds("%Y-%m-%dT%H:%M:%S")
    for n, second, ns, security, side, price, quantity in rows:
        time = f"{seconds[second]}.{ns:09}Z"
        yield (f"{time},{time},160,1,{4000 + security},A,{'BA'[side]},{price // 100}.{price % 100:02}0000000,{quantity},0,"
               f"{6412000000000000000 + n},130,{100 + ns % 900},{n},{SECURITIES[security]}\n")


def lobster(rows):
    for n, second, ns, _, side, price, quantity in rows:
        yield f"{second - OPENING + 34200}.{ns:09},4,{16000000 + n},{quantity},{price * 100},{(1, -1)[side]}\n"


def taq(rows):
    clocks = Seconds("%H%M%S")
    for n, second, ns, security, _, price, quantity in rows:
        clock = f"{clocks[second - 4 * 3600]}{ns:09}"  # New York, in summer
        yield (f"{clock}|N|{SECURITIES[security]}|@ F|{quantity}|{price // 100}.{price % 100:02}0000|N|00|{n}|{n}|C||{clock}||0\n")


def tick_history(rows):
    seconds, clocks = Seconds("%Y-%m-%dT%H:%M:%S"), Seconds("%H:%M:%S")
    for _, second, ns, security, _, price, quantity in rows:
        yield (f"{SECURITIES[security]}.N,Market Price,{seconds[second]}.{ns:09}Z,-5,Trade,{price / 100:.2f},{quantity},"
               f"{(price - 1) / 100:.2f},{(price + 1) / 100:.2f},{clocks[second]}.{ns // 10**6:03}000000\n")


def binance(rows):
    for n, second, ns, _, side, price, quantity in rows:
        units = quantity * 12345  # of 10^-8
        whole = price * 100 * units // 100
        yield (f"{n},{price}.{n % 100:02}000000,{units // 10**8}.{units % 10**8:08},{whole // 10**8}.{whole % 10**8:08},"
               f"{second}{ns // 1000:06},{('False', 'True')[side]},True\n")


def bybit(rows):
    for n, second, ns, _, side, price, quantity in rows:
        value = price * quantity  # of 10^-5
        yield (f"{second}.{ns // 10**5:04},BTCUSDT,{('Buy', 'Sell')[side]},{quantity // 1000}.{quantity % 1000:03},{price / 100:.2f},"
               f"PlusTick,{n:08x}-0000-5000-8000-{price:012x},{value}000,{quantity // 1000}.{quantity % 1000:03},{value / 10**5:.5f}\n")


def b3(rows):
    clocks = Seconds("%H%M%S")
    for n, second, ns, security, _, price, quantity in rows:
        yield (f"2024-09-05;{SECURITIES[security]};0;{price // 100},{price % 100:02}0;{quantity};{clocks[second - 3 * 3600]}{ns // 10**6:03};"
               f"{10 * n};1;2024-09-05;{price % 90};{quantity % 90}\n")


def metatrader(rows):
    dates, clocks = Seconds("%Y.%m.%d"), Seconds("%H:%M:%S")
    for _, second, ns, _, side, price, quantity in rows:
        yield (f"{dates[second]}\t{clocks[second]}.{ns // 10**6:03}\t{price / 10**5:.5f}\t{(price + 3) / 10**5:.5f}\t{price / 10**5:.5f}\t{quantity}\t{(2, 6)[side]}\n")


def main():
    if sys.argv[1:] == ["--list"]:
        for form, (schema, name) in FORMS.items():
            print(form, schema, name, sep="\t")
        return
    form, rows = sys.argv[1], int(sys.argv[2])
    if form in HEADERS:
        sys.stdout.write(HEADERS[form] + "\n")
    sys.stdout.writelines(globals()[form.replace("-", "_")](market(rows)))


main()
