# SPDX-License-Identifier: ISC
"""What stands in a page of sw-page, by Python's own reader of HTML and of CSV.

page_oracle.py cells PAGE CSV...        the tables of these files have their cells, of the first 1,000 rows
page_oracle.py quiet PAGE              nothing in the page leads out of it, every element is one of ours, each name stands once
page_oracle.py labels PAGE             prints the texts of the figures, one a line, as JSON
page_oracle.py text PAGE               prints the text of the page, without style and script
page_oracle.py sorted DOM CSV          a browser's DOM has a JSON of columns as they were sorted: they are in the right order
page_oracle.py bars PAGE CSV COLUMN    the one figure that is from that file and has as many bars has each as high as its value
page_oracle.py hostile FOLDER          makes the folder of a run whose names could be taken for something else
"""
import csv
import decimal
import gzip
import io
import json
import os
import re
import sys
from html.parser import HTMLParser

KNOWN = set(
    "html head meta link title style body header h1 h2 h3 p nav ul li a main section dl dt dd div table thead tbody tr th td code strong "
    "figure figcaption script svg g rect path text tspan defs pattern polygon circle use".split()
)
VOID = {"meta", "link"}


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.stack, self.tables, self.labels, self.text, self.elements, self.names, self.out = [], {}, [], [], [], [], []
        self.table = self.cell = None
        self.feed(text)
        self.close()
        assert not self.stack, f"not closed: {self.stack}"

    def handle_starttag(self, tag, attributes):
        self.start(tag, attributes)
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.start(tag, attributes)

    def start(self, tag, attributes):
        attributes = dict(attributes)
        self.elements.append(tag)
        assert tag in KNOWN, f"an element that is none of ours: {tag}"
        for name, value in attributes.items():
            assert not name.startswith("on"), f"an attribute that runs: {name}"
            if name == "id":
                self.names.append(value)
            if name in ("src", "href", "xlink:href", "srcset", "data", "action", "poster", "xmlns") or "url(" in (value or ""):
                self.out.append(value)
        if tag == "table":
            self.table = self.tables.setdefault(attributes.get("data-file"), [])
        elif tag == "tr":
            self.table.append([])
        elif tag in ("td", "th"):
            self.cell = []
        elif tag == "text":
            self.labels.append("")

    def handle_endtag(self, tag):
        assert self.stack and self.stack.pop() == tag, f"closed out of turn: {tag}"
        if tag in ("td", "th"):
            self.table[-1].append("".join(self.cell))
            self.cell = None

    def handle_data(self, data):
        if self.stack and self.stack[-1] in ("style", "script"):
            if self.stack[-1] == "style":
                assert "@import" not in data and "url(" not in data
            return
        if self.cell is not None:
            self.cell.append(data)
        if "text" in self.stack:
            self.labels[-1] += data
        self.text.append(data)


def shown(cell):
    """What no page can hold is shown as the suite shows it."""
    text = cell.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    text = re.sub(r"\\x([0-9a-f]{2})", lambda m: "\\x" + m[1].upper(), text) if "\udc80" <= max(cell, default="") <= "\udcff" else text
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", lambda m: "\\x%02X" % ord(m[0]), text)


def rows_of(path):
    data = open(path, "rb").read()
    if path.endswith(".gz"):
        data = gzip.decompress(data)
    return list(csv.reader(io.StringIO(data.decode("utf-8", "surrogateescape"), newline=""), strict=True))


def load(path):
    return Page(open(path, encoding="utf-8", newline="").read())


def cells(page, *paths):
    found = load(page).tables
    for path in paths:
        name = os.path.basename(path)
        table = found.get(name) or found.get("run/" + name)
        assert table, f"no table of {name}: {list(found)}"
        wanted = [[shown(cell) for cell in row] for row in rows_of(path)][:1001]
        assert len(table) == len(wanted), f"{name}: {len(table)} rows, not {len(wanted)}"
        for is_row, row in zip(table, wanted):
            assert is_row == row, f"{name}: {is_row} is not {row}"
    print("tables", len(paths))


def quiet(page):
    read = load(page)
    for value in read.out:
        assert re.fullmatch(r"#[\w-]+|url\(#[\w-]+\)|data:,", value), f"leads out: {value}"
        if "#" in value:
            assert re.search(r"[\w-]+", value.replace("url(", ""))[0] in read.names, f"leads nowhere: {value}"
    assert len(read.names) == len(set(read.names)), "an id stands twice"
    assert read.elements.count("script") == 1 and read.elements.count("style") == 1
    assert "://" not in re.sub(r"<(code|td|text)[^>]*>[^<]*", "", open(page, encoding="utf-8").read())
    print("figures", read.elements.count("figure"))


def is_sorted(dom, path):
    result = json.loads(re.search(r'<pre id="result">(.*?)</pre>', open(dom, encoding="utf-8").read(), re.S)[1])
    assert result["requests"] == 0 and result["violations"] == 0, result
    assert result["focused"], "a header cannot be reached"
    header, *rows = [[shown(cell) for cell in row] for row in rows_of(path)]
    for column, name in enumerate(header):
        number = all(re.fullmatch(r"-?\d+(\.\d+)?|", row[column]) for row in rows)
        with decimal.localcontext() as context:
            context.prec = 200
            key = (lambda row: decimal.Decimal(row[column])) if number else (lambda row: row[column])
            full = [row for row in rows if row[column]]
            empty = [row[0] for row in rows if not row[column]]
            up = [row[0] for row in sorted(full, key=key)] + empty
            down = [row[0] for row in sorted(full, key=key, reverse=True)] + empty
        assert result["columns"][column]["ascending"] == up, f"{name}: {result['columns'][column]['ascending']} is not {up}"
        assert result["columns"][column]["descending"] == down, f"{name}, descending"
        assert result["columns"][column]["file"] == [row[0] for row in rows], f"{name}, the file's order"
    print("columns", len(header))


def bars(page, path, column):
    header, *rows = rows_of(path)
    # A bar without height is not drawn.
    values = [float(row[header.index(column)]) for row in rows if row[header.index(column)].strip("0.-")]
    good = 0
    for figure in re.findall(r"<figure>.*?</figure>", open(page, encoding="utf-8").read(), re.S):
        if f"<code>{os.path.basename(path)}</code>" not in figure:
            continue
        heights = []
        for points in re.findall(r"<polygon[^>]*points = '([^']*)'", figure):
            at = [float(point.split(",")[1]) for point in points.split()]
            heights.append(max(at) - min(at))
        if len(heights) == len(values):
            good += all(abs(height / max(heights) - value / max(values)) < 0.01 for height, value in zip(heights, values))
    assert good == 1, f"{good} figures of {column}"
    print(column, len(values))


NAMES = [
    "plain", "<b>bold</b>", "</td></table>", "&amp; & &lt;", "\"double\" 'single'", "a,b", "two\nlines", "a\ttab", "cr\rhere", "back\\slash \\n",
    "'; set output 'x'", "`date` $(date)", "K00003", "@x_1^2{y}", "é 漢字", "\u202eright", "  blanks  ", "bad \udcff byte", "bell \x07", "<!-- note",
    "]]>", "https://example.org/", "x" * 300, "", "%s %d", "-->", "</script>", "#",
]


def hostile(folder):
    os.makedirs(folder + "/run")
    os.makedirs(folder + "/aggregated")

    def put(name, text):
        with open(f"{folder}/{name}", "w", encoding="utf-8", errors="surrogateescape", newline="") as out:
            out.write(text)

    def put_rows(name, rows):
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL if len(rows) > 3 else csv.QUOTE_MINIMAL).writerows(rows)
        put(name, text.getvalue())

    ids = ["9223372036854775808", "9223372036854775807", "9007199254740993", "9007199254740992", "-9007199254740993", "-5", "", "0", "-0.0", "007",
           "7", "10", "9", "0.5", "0.50", "-0.25", "-0.3", "123456789012345678901234567890.000000001", "123456789012345678901234567890.000000002", ""]
    put_rows("aggregated/by_security.csv", [["security_code", "orders", "value_sum", "text <i>"]] + [
        [name, ids[i % len(ids)], str(len(NAMES) - i) + ".5", NAMES[-i - 1]] for i, name in enumerate(NAMES)])
    put_rows("aggregated/by_time_of_day.csv", [["hour", "rows", "fill_ratio", "a_savings", "b<_savings"], ["9", "3", "0.25", "-2.5", "1"],
                                                ["10", "4", "", "3", ""]])
    put_rows("aggregated/zz <odd> & table.csv", [["k", "v"], ["1", "<"]])
    put("aggregated/by_date.parquet", "PAR1")
    put("aggregated/aggregation_summary.json", json.dumps({"rows_in": 5, "rows_out": 4, "selectors": "expression=remark == \"<b>\" && x < 'é'"}))
    put_rows("run/ledger.csv", [["file", "read", "kept", "rejected", "bad"], ["/data/<i>.csv", "5", "4", "1", "0"], ["all", "5", "4", "1", "0"]])
    put("run/metrics.json", json.dumps({"total_jobs": 1, "start_time": "2024-09-05T00:00:00Z", "stages": [
        {"name": "chunks \"<b>\\", "jobs": 1, "done": 1, "elapsed_sec": 1.5, "cpu_sec": 0.25, "memory_mean_bytes": 1, "memory_peak_bytes": 13160448}],
        "job_metrics": {}}))
    put("run/kind", "report\n")
    put("run/process", "1 2 host\nbegun 1.5\nended 0 2.5\n")


def main(what, *arguments):
    if what == "labels":
        for label in load(arguments[0]).labels:
            print(json.dumps(label))
    elif what == "text":
        print("".join(load(arguments[0]).text))
    else:
        {"bars": bars, "cells": cells, "quiet": quiet, "sorted": is_sorted, "hostile": hostile}[what](*arguments)


main(*sys.argv[1:])
