# SPDX-License-Identifier: ISC
"""Cases for tests/wide_test.c: `wide_test.py cases` prints them, `wide_test.py answers` what Python says of them."""
import random
import sys
from fractions import Fraction
from math import isqrt

chance = random.Random(7)


def number(bits):
    """Of any size up to `bits`, now and then next to a power of two."""
    size = chance.randint(0, bits)
    if chance.random() < 0.3:
        return max(0, min((1 << bits) - 1, (1 << size) + chance.randint(-2, 2)))
    return chance.getrandbits(size) if size else 0


def half_away(value):
    size = abs(value)
    rounded = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return rounded if value >= 0 else -rounded


def fitting(value, bits):
    return str(value) if abs(value) < 1 << bits else "none"


def deviation(count, value, shift):
    values = [i * value for i in range(count)]
    mean = Fraction(sum(values), count)
    variance = sum((v - mean) ** 2 for v in values) / (count - 1)
    scaled = 4 * variance * Fraction(10) ** (2 * shift)
    return fitting((isqrt(scaled.numerator // scaled.denominator) + 1) // 2, 126)


def decimal(value, scale):
    """Without zeros at its end."""
    whole, rest = divmod(abs(value), 10**scale)
    text = f"{whole}.{rest:0{scale}d}".rstrip("0").rstrip(".") if scale else str(whole)
    return "-" + text if value < 0 else text


def signed(bits):
    return number(bits) * chance.choice([-1, 1])


def sums():
    """Through the borders of 128 bits and back, and not back."""
    count, bits = chance.randint(1, 20), chance.choice([20, 64, 126, 127, 127])
    numbers = [signed(bits) for _ in range(count)]
    if chance.random() < 0.5:
        numbers += [-n for n in chance.sample(numbers, count - count // 4)]
        chance.shuffle(numbers)
    split, text = chance.randint(0, len(numbers)), ",".join(map(str, numbers))
    total = sum(numbers)
    yield f"a {text} {split} 0", f"{total if -(1 << 127) <= total < 1 << 127 else 'none'}\n{abs(total)}"
    weights = [signed(chance.choice([8, 63, 127])) for _ in numbers]
    value, weight = sum(n * w for n, w in zip(numbers, weights)), sum(weights)
    mean = fitting(half_away(Fraction(100 * value, weight)), 127) if weight else "none"
    yield f"w {text} {','.join(map(str, weights))} {split}", f"{mean}\n{value if -(1 << 127) <= value < 1 << 127 else 'none'}"


def cases():
    for _ in range(3000):
        a, b = number(512), number(512)
        yield f"+ {a} {b} 0", fitting(a + b, 512)
        yield f"- {max(a, b)} {min(a, b)} 0", str(abs(a - b))
        yield f"* {a} {b} 0", fitting(a * b, 512)
        a, b = number(256), number(256)
        yield f"* {a} {b} 0", str(a * b)
        a, b = number(512), number(chance.choice([32, 64, 128, 500])) or 1
        yield f"/ {a} {b} 0", f"{a // b} {a % b}"
        yield f"r {a} 0 0", str(isqrt(a))
        root = number(250)
        square = max(0, root * root + chance.randint(-1, 1))
        yield f"r {square} 0 0", str(isqrt(square))
        x, times = number(127) * chance.choice([-1, 1]), chance.randint(1, 20)
        yield f"s {x} {times} 0", str(x * x * times)
        n, d = number(127) * chance.choice([-1, 1]), (number(127) or 1) * chance.choice([-1, 1])
        shift = chance.randint(-18, 24)
        yield f"q {n} {d} {shift}", fitting(half_away(Fraction(n, d) * Fraction(10) ** shift), 127)
        yield f"q {2 * d // 4 * 2 + d} {2 * d} 0", str(half_away(Fraction(2 * d // 4 * 2 + d, 2 * d))) \
            if abs(2 * d) < 1 << 126 else None
        value = signed(chance.choice([20, 63, 64, 127])) // 10 ** chance.randint(0, 3) * 10 ** chance.randint(0, 3)
        value, scale = max(-(1 << 63), value) if chance.random() < 0.5 else value, chance.randint(0, 18)
        if abs(value) < 1 << 127:
            yield f"f {value} {scale} 0", decimal(value, scale)
        count, value = chance.randint(2, 12), number(chance.choice([8, 20, 60, 100]))
        shift = chance.randint(-12, 6)
        yield f"d {count} {value} {shift}", deviation(count, value, shift)
        yield from sums()


for case, answer in cases():
    if answer is not None:
        print(case if sys.argv[1] == "cases" else answer)
