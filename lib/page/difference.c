/* SPDX-License-Identifier: ISC */
#include "page/difference.h"

#include "page/decimal.h"

enum { PERCENT_DIGITS = 4 /* of a ratio: two before the point, two after it */, PERCENT_SCALE = 2 };

static int decimals_of(struct sw_text text)
{
    const char *point = memchr(text.bytes, '.', text.length);
    return point ? (int)(text.bytes + text.length - point - 1) : 0;
}

static bool read(struct sw_text text, int scale, sw_int128 *value)
{
    return text.length && sw_page_is_decimal(text.bytes, text.length) &&
           sw_parse_decimal(text.bytes, text.length, scale, value) == SW_NUMBER_GOOD;
}

/* difference × 10^4 ÷ before, half away from zero, by long division; false: it does not fit. */
static bool ratio(sw_int128 difference, sw_int128 before, sw_int128 *result)
{
    bool negative = (difference < 0) != (before < 0);
    sw_uint128 divisor = before < 0 ? -(sw_uint128)before : (sw_uint128)before;
    sw_uint128 rest = difference < 0 ? -(sw_uint128)difference : (sw_uint128)difference;
    if (divisor > (sw_uint128)SW_INT128_MAX / 10) return false;
    sw_uint128 quotient = rest / divisor;
    rest %= divisor;
    for (int digit = 0; digit < PERCENT_DIGITS; digit++) {
        if (quotient > (sw_uint128)SW_INT128_MAX / 10 - 1) return false;
        quotient = quotient * 10 + rest * 10 / divisor;
        rest = rest * 10 % divisor;
    }
    quotient += rest * 2 >= divisor;
    *result = negative ? -(sw_int128)quotient : (sw_int128)quotient;
    return true;
}

struct sw_difference sw_difference_of(struct sw_text before, struct sw_text after)
{
    struct sw_difference result = {"", ""};
    int scale = decimals_of(before), other = decimals_of(after);
    sw_int128 was, is, difference, percent;
    scale = scale > other ? scale : other;
    if (scale > SW_MAXIMUM_SCALE || !read(before, scale, &was) || !read(after, scale, &is) ||
        __builtin_sub_overflow(is, was, &difference))
        return result;
    result.difference[sw_format_decimal(result.difference, difference, scale)] = 0;
    if (was != 0 && ratio(difference, was, &percent))
        result.percent[sw_format_fixed(result.percent, percent, PERCENT_SCALE)] = 0;
    return result;
}
