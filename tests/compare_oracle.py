#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What sw-compare must print of orders with a real and a simulated value, worked out anew: sums in fractions, distributions by
integrating their densities.

usage: compare_oracle.py ORDERS.csv REAL SIMULATED [--costs] [--independent]
"""
import csv
import math
import sys
from collections import defaultdict
from fractions import Fraction

SEED = 1


def shown(value, places=6):
    if value is None:
        return ""
    value = Fraction(value)
    digits = int(abs(value) * 10**places + Fraction(1, 2))
    text = str(digits // 10**places)
    if digits % 10**places:
        text += "." + str(digits % 10**places).zfill(places).rstrip("0")
    return "-" + text if value < 0 and digits else text


def rounded(value):
    return Fraction(shown(value))


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        mask = 2**64 - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & mask
        return z ^ (z >> 31)


def quantile(values, p):
    """R's type 7, of sorted values."""
    place = (len(values) - 1) * Fraction(p)
    at = int(place)
    if at + 1 == len(values):
        return values[at]
    return values[at] + (place - at) * (values[at + 1] - values[at])


def bootstrap(clusters):
    if len(clusters) < 2:
        return None, None
    chance, means = SplitMix64(SEED), []
    for _ in range(2000):
        drawn = [clusters[chance.next() * len(clusters) >> 64] for _ in clusters]
        weight = sum(w for w, _ in drawn)
        if weight:
            means.append(Fraction(sum(v for _, v in drawn), weight))
    means.sort()
    return quantile(means, Fraction(25, 1000)), quantile(means, Fraction(975, 1000))


def integral(f, low, high, steps=20000):
    width = (high - low) / steps
    inner = sum((4 if i % 2 else 2) * f(low + i * width) for i in range(1, steps))
    return (f(low) + inner + f(high)) * width / 3


def t_two_sided(t, freedom):
    """By the substitution t = tan(a) √freedom, which has the density cos(a)^(freedom − 1)."""
    constant = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(math.pi)
    start = math.atan(abs(t) / math.sqrt(freedom))
    return 2 * constant * integral(lambda a: abs(math.cos(a)) ** (freedom - 1), start, math.pi / 2)


def ranks(values):
    order = sorted(values)
    first, count = {}, defaultdict(int)
    for at, value in enumerate(order):
        first.setdefault(value, at)
        count[value] += 1
    return [first[v] + Fraction(count[v] + 1, 2) for v in values], count


def correlation(xs, ys):
    n = len(xs)
    mx, my = Fraction(sum(xs), n), Fraction(sum(ys), n)
    xy = sum((x - mx) * (y - my) for x, y in zip(xs, ys))
    xx, yy = sum((x - mx) ** 2 for x in xs), sum((y - my) ** 2 for y in ys)
    return None if not xx or not yy else float(xy) / math.sqrt(float(xx)) / math.sqrt(float(yy))


def digits(value):
    return "" if value is None else "%.6g" % value


def statistics(pairs, names):
    ds = [p["d"] for p in pairs]
    n, out = len(ds), [""] * 7
    mean = Fraction(sum(ds), n) if n else None
    square = sum((d - mean) ** 2 for d in ds)
    if n >= 2 and square:
        deviation = math.sqrt(float(square / (n - 1)))
        t = float(mean) / deviation * math.sqrt(n)
        out[0], out[1], out[6] = digits(t), digits(t_two_sided(t, n - 1)), digits(float(mean) / deviation)
    moved = [d for d in ds if d]
    if moved:
        of, counts = ranks([abs(d) for d in moved])
        v, m = sum(r for r, d in zip(of, moved) if d > 0), len(moved)
        variance = Fraction(m * (m + 1) * (2 * m + 1), 24) - Fraction(sum(t**3 - t for t in counts.values()), 48)
        out[2] = digits(float(v))
        if variance:
            out[3] = digits(math.erfc(abs(float(v - Fraction(m * (m + 1), 4)) / math.sqrt(float(variance))) / math.sqrt(2)))
    if n >= 2:
        out[4] = digits(correlation([p["real"] for p in pairs], [p["simulated"] for p in pairs]))
        out[5] = digits(correlation(ranks([p["real"] for p in pairs])[0], ranks([p["simulated"] for p in pairs])[0]))
    return ["assumes independent orders"] + out + clustered(pairs, names)


def clustered(pairs, names):
    """Of the kind of cluster that the interval has: the first of which there is more than one, else none."""
    n = len(pairs)
    for name in names:
        sums = defaultdict(list)
        for p in pairs:
            sums[p["row"][name]].append(p["d"])
        if len(sums) > 1:
            mean, many = Fraction(sum(p["d"] for p in pairs), n), len(sums)
            square = Fraction(many, many - 1) * sum((sum(ds) - len(ds) * mean) ** 2 for ds in sums.values()) / n**2
            if square:
                t = float(mean) / math.sqrt(float(square))
                return [digits(t), digits(t_two_sided(t, many - 1))]
            break
    return ["", ""]


def part(group, names):
    n = len(group)
    ds = sorted(p["d"] for p in group)
    weight = sum(p["w"] for p in group)
    out = [str(n)] + [shown(Fraction(sum(test(d) for d in ds), n) if n else None)
                      for test in (lambda d: d == 0, lambda d: d > 0, lambda d: d < 0)]
    out.append(shown(sum(ds) / n if n else None))
    out += [shown(quantile(ds, Fraction(p, 100)) if n else None) for p in (5, 25, 50, 75, 95)]
    out.append(shown(sum(p["w"] * p["d"] for p in group) / weight if weight else None))
    low = high = None
    count, by = 0, ""
    for name in names:
        clusters = defaultdict(lambda: [0, 0])
        for p in group:
            clusters[p["row"][name]][0] += p["w"]
            clusters[p["row"][name]][1] += p["w"] * p["d"]
        if not clusters or count > 1:
            continue
        keys = sorted(clusters, key=lambda key: (key != "", float(key) if key.isdigit() else 0, key))
        count, by = len(keys), name
        low, high = bootstrap([clusters[key] for key in keys])
    return out + [shown(low), shown(high), str(count), by]


def match(row):
    real, simulated = int(row["traded_quantity"]), int(row["matched_quantity"] or 0)
    if simulated <= 0:
        return "none"
    if simulated == real:
        return "exact"
    return "close" if abs(simulated - real) * 20 <= real else "partial"


def main():
    path, real_name, simulated_name = sys.argv[1:4]
    costs, independent = "--costs" in sys.argv, "--independent" in sys.argv
    pairs = []
    for row in csv.DictReader(open(path)):
        if row[real_name] == "":
            continue
        real, matched = Fraction(row[real_name]), row[simulated_name] != ""
        simulated = Fraction(row[simulated_name]) if matched else real
        gap = real - simulated
        d = gap if costs else 10**4 * gap / real * (1 if row["side"] == "1" else -1)
        pairs.append({"row": row, "real": rounded(real), "simulated": rounded(simulated), "matched": matched,
                      "d": rounded(d), "w": Fraction(row["traded_value"] or 0), "match": match(row)})
    sizes = sorted(int(p["row"]["order_quantity"]) for p in pairs)
    bounds = [next(s for i, s in enumerate(sizes, 1) if i * 4 >= q * len(sizes)) for q in (1, 2, 3)] if sizes else []
    groups = defaultdict(list)
    for p in pairs:
        quartile = 1 + sum(int(p["row"]["order_quantity"]) > bound for bound in bounds)
        for at, key in enumerate(("", p["row"]["date"], p["row"]["security_code"], str(quartile))):
            groups[at, int(key) if key.isdigit() else 0, key].append(p)
    header = "by,key,scope,n,zero_share,better_share,worse_share,mean,q05,q25,q50,q75,q95,weighted_mean,low,high," \
        "clusters,cluster_by,exact,close,partial,none"
    print(header + (",assumes,t,t_p,wilcoxon_v,wilcoxon_p,pearson,spearman,cohen_d,clustered_t,clustered_p" if independent else ""))
    names = ("date", "security_code", "participantid")
    for (at, _, key), group in sorted(groups.items()):
        matches = [str(sum(p["match"] == kind for p in group)) for kind in ("exact", "close", "partial", "none")]
        for scope in ("all", "matched"):
            of = group if scope == "all" else [p for p in group if p["matched"]]
            more = [] if not independent else [""] * 10 if scope == "all" else statistics(of, names)
            print(",".join([("all", "date", "security_code", "quartile")[at], key, scope] + part(of, names) + matches + more))


if __name__ == "__main__":
    main()
