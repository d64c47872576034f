#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""vendor_times.py SEED: files of one column each, of times, clocks and dates as vendors write them, and what they are.

In the folder at hand: NAME.schema, NAME.csv, NAME.want (the CSV of the good rows) and NAME.bad (the numbers of the lines that hold no
such value). Rows keep the day, the second or the whole text of the one before most of the time, and are odd now and then: another
number of digits, another offset, an hour that there is not, a local time that the clock skips. What they mean is worked out here from
the pattern of each form, which takes as many digits as it can (numbers of a form of their own may have fewer).
"""
import random
import re
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

chance = random.Random(int(sys.argv[1]))
EPOCH, DAY, SECOND = date(1970, 1, 1), 86400 * 10**9, 10**9
ZONE = ZoneInfo("America/New_York")
LOW, HIGH = -(2**63), 2**63 - 1
ISO = r"(?P<Y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)[Tt ](?P<H>\d\d):(?P<M>\d\d)(?::(?P<S>\d\d)(?:\.(?P<f>\d+))?)?"
OFFSET = r"(?P<z>[Zz]|[+-]\d\d(?::?\d\d)?)"
CLOCK = r"(?P<H>\d\d):(?P<M>\d\d)(?::(?P<S>\d\d)(?:\.(?P<f>\d+))?)?"
FORMS = {  # name: (type, lines of the schema, pattern of a text, how a good one is written)
    "iso": ("time", "", ISO + OFFSET, "{Y:04}-{m:02}-{d:02}T{H:02}:{M:02}:{S:02}{f}{z}"),
    "local": ("time", "zone America/New_York", ISO + OFFSET + "?", "{Y:04}-{m:02}-{d:02} {H:02}:{M:02}:{S:02}{f}"),
    "clock": ("clock", "", CLOCK, "{H:02}:{M:02}:{S:02}{f}"),
    "comma": ("clock", "point comma\nseparator semicolon", CLOCK.replace(r"\.", "[.,]"), "{H:02}:{M:02}:{S:02}{f}"),
    "packed": ("clock", "format x %H%M%S%f", r"(?P<H>\d{1,2}+)(?P<M>\d{1,2}+)(?P<S>\d{1,2}+)(?P<f>\d+)", "{H:02}{M:02}{S:02}{f1}"),
    "dated": ("time", "zone UTC\nformat x %Y-%m-%dD%H:%M:%S.%f", r"(?P<Y>\d{1,4}+)-(?P<m>\d{1,2}+)-(?P<d>\d{1,2}+)D(?P<H>\d{1,2}+):(?P<M>\d{1,2}+):(?P<S>\d{1,2}+)\.(?P<f>\d+)",
              "{Y:04}-{m:02}-{d:02}D{H:02}:{M:02}:{S:02}.{f1}"),
    "behind": ("time", "zone America/New_York\nformat x \"%H:%M:%S %d/%m/%Y\"", r"(?P<H>\d{1,2}+):(?P<M>\d{1,2}+):(?P<S>\d{1,2}+)[ \t]*(?P<d>\d{1,2}+)/(?P<m>\d{1,2}+)/(?P<Y>\d{1,4}+)",
               "{H:02}:{M:02}:{S:02} {d:02}/{m:02}/{Y:04}"),
    "eight": ("time", "zone America/New_York\nformat x %Y%m%d%H%M%S%z", r"(?P<Y>\d{1,4}+)(?P<m>\d{1,2}+)(?P<d>\d{1,2}+)(?P<H>\d{1,2}+)(?P<M>\d{1,2}+)(?P<S>\d{1,2}+)" + OFFSET,
              "{Y:04}{m:02}{d:02}{H:02}{M:02}{S:02}{z}"),
    "day": ("date", "format x %d.%m.%Y", r"(?P<d>\d{1,2}+)\.(?P<m>\d{1,2}+)\.(?P<Y>\d{1,4}+)", "{d:02}.{m:02}.{Y:04}"),
    "isoday": ("date", "", r"(?P<Y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)", "{Y:04}-{m:02}-{d:02}"),
}


def offset_of(text):
    if text in "Zz":
        return 0
    digits = text[1:].replace(":", "") + "00"
    hours, minutes = int(digits[:2]), int(digits[2:4])
    if hours > 23 or minutes > 59:
        raise ValueError
    return (hours * 60 + minutes) * 60 * (-1 if text[0] == "-" else 1)


def instant(days, clock_ns):
    """Of a local time: the earlier where there are two; ValueError where the clock skips it."""
    shown = datetime(1970, 1, 1) + timedelta(days=days, seconds=clock_ns // SECOND)
    utc = shown.replace(tzinfo=ZONE).astimezone(timezone.utc)
    if utc.astimezone(ZONE).replace(tzinfo=None) != shown:
        raise ValueError
    whole = utc - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (whole.days * 86400 + whole.seconds) * SECOND + clock_ns % SECOND


def meaning(name, text):
    kind, lines, pattern, _ = FORMS[name]
    found = re.fullmatch(pattern, text, re.ASCII)
    if not found:
        raise ValueError
    part = found.groupdict()
    days = (date(int(part["Y"]), int(part["m"]), int(part["d"])) - EPOCH).days if part.get("Y") else 0
    if kind == "date":
        return (EPOCH + timedelta(days=days)).isoformat()
    hour, minute, second, fraction = int(part["H"]), int(part["M"]), int(part["S"] or 0), part.get("f") or ""
    if hour > 24 or minute > 59 or second > 59 or fraction[9:].strip("0"):
        raise ValueError
    ns = ((hour * 60 + minute) * 60 + second) * SECOND + int((fraction + "0" * 9)[:9])
    if ns > DAY:
        raise ValueError
    if kind == "clock":
        return ns
    if part.get("z"):
        value = days * DAY + ns - offset_of(part["z"]) * SECOND
    else:
        value = instant(days, ns) if "New_York" in lines else days * DAY + ns
    if not LOW <= value <= HIGH:
        raise ValueError
    return value


def times():
    """Fields of times that mostly keep what the one before had."""
    day, second, fraction, zone = date(2024, 3, 10), 7000, "", "Z"
    while True:
        if chance.random() < 0.03:
            day = chance.choice((date(2024, 3, 10), date(2024, 11, 3), date(1969, 12, 31), date(1901, 1, 1), date(2262, 4, 11), date(2024, 9, 5)))
            second = chance.randrange(86400)
        if chance.random() < 0.4:
            second = (second + chance.choice((1, 1, 1, 60, 3600, 1800))) % 86400
        if chance.random() < 0.8:
            fraction = "".join(chance.choice("0123456789") for _ in range(chance.choice((0, 1, 3, 3, 6, 9, 9, 9))))
        if chance.random() < 0.02:
            zone = chance.choice(("Z", "Z", "z", "+10:00", "-0530", "+09"))
        yield day, second, fraction, zone


def damaged(text):
    at = chance.randrange(len(text))
    return chance.choice((text[:at] + text[at + 1:], text[:at] + chance.choice("0123456789:.,-TZ x") + text[at + 1:], text + "0", text + "00000",
                          re.sub(r"\d\d(?=\D\d\d\D*$)", "60", text), re.sub(r"(\d\d):(\d\d):(\d\d)", "24:00:00", text), re.sub("[.]", ",", text)))


for name, (kind, lines, _, form) in FORMS.items():
    with open(name + ".schema", "w") as file:
        file.write(f"table t\ncolumn n int\ncolumn x {kind}\n{lines}\n")
    separator = ";" if "semicolon" in lines else ","
    line = 1
    with open(name + ".csv", "w") as file, open(name + ".want", "w") as want, open(name + ".bad", "w") as bad:
        file.write(f"n{separator}x\n")
        want.write("n,x\n")
        for n, (day, second, fraction, zone) in zip(range(2500), times()):
            text = form.format(Y=day.year, m=day.month, d=day.day, H=second // 3600, M=second // 60 % 60, S=second % 60,
                               f="." + fraction if fraction else "", f1=fraction or "0", z=zone)
            if name == "comma" and chance.random() < 0.5:
                text = text.replace(".", ",")
            if chance.random() < 0.04:
                text = damaged(text)
            line += 1
            file.write(f'{n}{separator}"{text}"\n' if separator in text else f"{n}{separator}{text}\n")
            try:
                want.write(f"{n},{meaning(name, text) if text else ''}\n")
            except ValueError:
                bad.write(f"{line}\n")
