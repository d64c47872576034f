/* SPDX-License-Identifier: ISC */
#include "base/rational.h"

#include "base/number.h"

static struct sw_wide power_of_ten(int exponent)
{
    return sw_wide_of(0, (sw_uint128)sw_power_of_ten(exponent));
}

static bool is_zero(const struct sw_wide *wide)
{
    static const struct sw_wide zero = {{0}};
    return sw_wide_compare(wide, &zero) == 0;
}

struct sw_rational sw_rational_of(sw_int128 value, int scale)
{
    sw_uint128 size = value < 0 ? 0 - (sw_uint128)value : (sw_uint128)value;
    return (struct sw_rational){value < 0, sw_wide_of(0, size), power_of_ten(scale)};
}

struct sw_rational sw_rational_of_sum(const struct sw_sum *sum, int scale)
{
    return (struct sw_rational){sw_sum_is_negative(sum), sw_sum_size(sum), power_of_ten(scale)};
}

struct sw_rational sw_rational_of_products(struct sw_products products, int scale)
{
    sw_products_settle(&products);
    bool negative =
        sw_sum_is_zero(&products.high) ? products.low.low < 0 : sw_sum_is_negative(&products.high);
    return (struct sw_rational){negative, sw_products_size(&products), power_of_ten(scale)};
}

bool sw_rational_is_zero(const struct sw_rational *a)
{
    return is_zero(&a->above);
}

/* Lowest terms, by Euclid. */
static struct sw_rational reduced(struct sw_rational a)
{
    struct sw_wide whole, rest, more = a.above, common = a.below;
    while (!is_zero(&more)) {
        sw_wide_divide(&common, &more, &whole, &rest);
        common = more;
        more = rest;
    }
    sw_wide_divide(&a.above, &common, &whole, &rest);
    a.above = whole;
    sw_wide_divide(&a.below, &common, &whole, &rest);
    a.below = whole;
    return a;
}

typedef bool operation(struct sw_rational *a, const struct sw_rational *b);

/* In lowest terms only where it does not fit otherwise: few need that, and it is slow. */
static bool apply(operation *operate, struct sw_rational *a, const struct sw_rational *b)
{
    struct sw_rational first = *a, second;
    if (operate(a, b)) return true;
    *a = reduced(first);
    second = reduced(*b);
    return operate(a, &second);
}

static bool add(struct sw_rational *a, const struct sw_rational *b)
{
    struct sw_wide more = b->above;
    if (sw_wide_compare(&a->below, &b->below) != 0 &&
        (!sw_wide_multiply(&a->above, &b->below) || !sw_wide_multiply(&more, &a->below) ||
         !sw_wide_multiply(&a->below, &b->below)))
        return false;
    if (a->negative == b->negative) return sw_wide_add(&a->above, &more);
    if (sw_wide_compare(&a->above, &more) >= 0) {
        sw_wide_subtract(&a->above, &more);
    } else {
        sw_wide_subtract(&more, &a->above);
        a->above = more;
        a->negative = b->negative;
    }
    return true;
}

static bool multiply(struct sw_rational *a, const struct sw_rational *b)
{
    a->negative = a->negative != b->negative;
    return sw_wide_multiply(&a->above, &b->above) && sw_wide_multiply(&a->below, &b->below);
}

bool sw_rational_add(struct sw_rational *a, const struct sw_rational *b)
{
    return apply(add, a, b);
}

bool sw_rational_subtract(struct sw_rational *a, const struct sw_rational *b)
{
    struct sw_rational opposite = *b;
    opposite.negative = !b->negative;
    return apply(add, a, &opposite);
}

bool sw_rational_multiply(struct sw_rational *a, const struct sw_rational *b)
{
    return apply(multiply, a, b);
}

bool sw_rational_divide(struct sw_rational *a, const struct sw_rational *b)
{
    struct sw_rational inverse = {b->negative, b->below, b->above};
    return apply(multiply, a, &inverse);
}

bool sw_rational_less(const struct sw_rational *a, const struct sw_rational *b, bool *less)
{
    struct sw_rational difference = *a;
    if (!sw_rational_subtract(&difference, b)) return false;
    *less = difference.negative && !sw_rational_is_zero(&difference);
    return true;
}

bool sw_rational_round(const struct sw_rational *a, int decimals, sw_int128 *result)
{
    struct sw_rational used = *a;
    sw_uint128 size;
    if (!sw_wide_ratio(&used.above, &used.below, decimals, &size)) {
        used = reduced(*a);
        if (!sw_wide_ratio(&used.above, &used.below, decimals, &size)) return false;
    }
    *result = a->negative ? -(sw_int128)size : (sw_int128)size;
    return true;
}
