/* SPDX-License-Identifier: ISC */
#include "base/exact.h"

#include "base/number.h"

static bool is_zero(const struct sw_wide *wide)
{
    static const struct sw_wide zero;
    return sw_wide_compare(wide, &zero) == 0;
}

/* What two operands leave to be done: known, unless one of them is not. */
static enum sw_exact_state both(const struct sw_exact *a, const struct sw_exact *b)
{
    if (a->state == SW_EXACT_NONE || b->state == SW_EXACT_NONE) return SW_EXACT_NONE;
    return a->state == SW_EXACT_TOO_LARGE ? a->state : b->state;
}

static struct sw_exact without_value(enum sw_exact_state state)
{
    return (struct sw_exact){.state = state};
}

struct sw_exact sw_exact_of(sw_int128 value, int scale)
{
    sw_uint128 size = value < 0 ? 0 - (sw_uint128)value : (sw_uint128)value;
    return (struct sw_exact){.state = SW_EXACT_KNOWN,
                             .negative = value < 0,
                             .above = sw_wide_of(0, size),
                             .below = sw_wide_of(0, (sw_uint128)sw_power_of_ten(scale))};
}

struct sw_exact sw_exact_of_sum(const struct sw_sum *sum, int scale)
{
    struct sw_exact exact = sw_exact_of(0, scale);
    exact.negative = sw_sum_is_negative(sum);
    exact.above = sw_sum_size(sum);
    return exact;
}

/* Gives both the same denominator. */
static bool align(struct sw_exact *a, struct sw_exact *b)
{
    if (sw_wide_compare(&a->below, &b->below) == 0) return true;
    if (!sw_wide_multiply(&a->above, &b->below) || !sw_wide_multiply(&b->above, &a->below) ||
        !sw_wide_multiply(&a->below, &b->below))
        return false;
    b->below = a->below;
    return true;
}

struct sw_exact sw_exact_add(struct sw_exact a, struct sw_exact b)
{
    enum sw_exact_state state = both(&a, &b);
    if (state != SW_EXACT_KNOWN) return without_value(state);
    if (!align(&a, &b)) return without_value(SW_EXACT_TOO_LARGE);
    if (a.negative == b.negative)
        return sw_wide_add(&a.above, &b.above) ? a : without_value(SW_EXACT_TOO_LARGE);
    if (sw_wide_compare(&a.above, &b.above) < 0) {
        sw_wide_subtract(&b.above, &a.above);
        return b;
    }
    sw_wide_subtract(&a.above, &b.above);
    return a;
}

struct sw_exact sw_exact_subtract(struct sw_exact a, struct sw_exact b)
{
    b.negative = !b.negative;
    return sw_exact_add(a, b);
}

struct sw_exact sw_exact_multiply(struct sw_exact a, struct sw_exact b)
{
    enum sw_exact_state state = both(&a, &b);
    if (state != SW_EXACT_KNOWN) return without_value(state);
    if (!sw_wide_multiply(&a.above, &b.above) || !sw_wide_multiply(&a.below, &b.below))
        return without_value(SW_EXACT_TOO_LARGE);
    a.negative = a.negative != b.negative;
    return a;
}

struct sw_exact sw_exact_divide(struct sw_exact a, struct sw_exact b)
{
    if (b.state == SW_EXACT_KNOWN && is_zero(&b.above)) return without_value(SW_EXACT_NONE);
    struct sw_exact inverse = {b.state, b.negative, b.below, b.above};
    return sw_exact_multiply(a, inverse);
}

struct sw_exact sw_exact_or(struct sw_exact a, struct sw_exact b)
{
    return a.state == SW_EXACT_NONE ? b : a;
}

/* *rounded = above ÷ below, a half up. */
static bool divide_rounded(const struct sw_wide *above, const struct sw_wide *below,
                           struct sw_wide *rounded)
{
    struct sw_wide rest, to_next = *below, one = sw_wide_of(0, 1);
    sw_wide_divide(above, below, rounded, &rest);
    sw_wide_subtract(&to_next, &rest);
    return sw_wide_compare(&rest, &to_next) < 0 || sw_wide_add(rounded, &one);
}

enum sw_exact_state sw_exact_round(const struct sw_exact *a, int scale, sw_int128 *value)
{
    if (a->state != SW_EXACT_KNOWN) return a->state;
    struct sw_wide above = a->above, rounded;
    struct sw_wide power = sw_wide_of(0, (sw_uint128)sw_power_of_ten(scale));
    sw_uint128 size;
    if (!sw_wide_multiply(&above, &power) || !divide_rounded(&above, &a->below, &rounded) ||
        !sw_wide_narrow(&rounded, &size))
        return SW_EXACT_TOO_LARGE;
    *value = a->negative ? -(sw_int128)size : (sw_int128)size;
    return SW_EXACT_KNOWN;
}
