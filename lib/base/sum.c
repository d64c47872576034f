/* SPDX-License-Identifier: ISC */
#include "base/sum.h"

/* A number of up to 320 bits and a sign. */
struct sized {
    struct sw_wide size;
    bool negative;
};

static sw_uint128 size_of(sw_int128 value)
{
    return value < 0 ? 0 - (sw_uint128)value : (sw_uint128)value;
}

/* Adds the number × 2^(128 × by). */
static void add_shifted(struct sized *to, sw_int128 value, int by)
{
    sw_uint128 size = size_of(value);
    struct sw_wide more = {{0}}, held = to->size;
    memcpy(more.digit + 4 * by, &size, sizeof size);
    if (to->negative == (value < 0)) {
        bool fits = sw_wide_add(&to->size, &more);
        (void)fits; /* both are below 2^384 */
    } else if (sw_wide_compare(&held, &more) >= 0) {
        sw_wide_subtract(&to->size, &more);
    } else {
        sw_wide_subtract(&more, &held);
        *to = (struct sized){more, value < 0};
    }
}

static struct sized sized_sum(const struct sw_sum *sum)
{
    struct sized sized = {{{0}}, false};
    add_shifted(&sized, sum->high, 1);
    add_shifted(&sized, sum->low, 0);
    return sized;
}

static struct sized sized_products(struct sw_products products)
{
    struct sized sized = {{{0}}, false};
    sw_products_settle(&products);
    add_shifted(&sized, products.high.high, 2);
    add_shifted(&sized, products.high.low, 1);
    add_shifted(&sized, products.low.low, 0);
    return sized;
}

/* The whole product, where it does not fit 128 bits, in a signed upper and a signed lower half. */
static void multiply(sw_int128 a, sw_int128 b, sw_int128 *high, sw_int128 *low)
{
    struct sw_wide product = sw_wide_of(0, size_of(a)), by = sw_wide_of(0, size_of(b));
    bool fits = sw_wide_multiply(&product, &by);
    (void)fits; /* it is at most 2^254 */
    sw_uint128 lower, upper;
    memcpy(&lower, product.digit, sizeof lower);
    memcpy(&upper, product.digit + 4, sizeof upper);
    if ((a < 0) != (b < 0)) {
        lower = 0 - lower;
        upper = 0 - upper - (lower != 0);
    }
    *low = (sw_int128)lower;
    *high = (sw_int128)(upper + (*low < 0));
}

void sw_products_add_wide(struct sw_products *products, sw_int128 a, sw_int128 b)
{
    sw_int128 high, low;
    multiply(a, b, &high, &low);
    sw_sum_add(&products->high, high);
    sw_sum_add(&products->low, low);
}

bool sw_sum_merge(struct sw_sum *sum, const struct sw_sum *other)
{
    int64_t carry = 0, high = sum->high;
    sw_int128 low;
    if (__builtin_add_overflow(sum->low, other->low, &low)) carry = other->low < 0 ? -1 : 1;
    sum->low = low;
    bool fits = !__builtin_add_overflow(high, other->high, &high);
    fits = !__builtin_add_overflow(high, carry, &high) && fits;
    sum->high = high;
    return fits;
}

bool sw_products_merge(struct sw_products *products, const struct sw_products *other)
{
    return sw_sum_merge(&products->low, &other->low) && sw_sum_merge(&products->high, &other->high);
}

void sw_products_settle(struct sw_products *products)
{
    sw_sum_add(&products->high, products->low.high);
    products->low.high = 0;
}

struct sw_wide sw_sum_size(const struct sw_sum *sum)
{
    return sum->high == 0 ? sw_wide_of(0, size_of(sum->low)) : sized_sum(sum).size;
}

struct sw_wide sw_products_size(const struct sw_products *products)
{
    return sw_sum_is_zero(&products->high) ? sw_sum_size(&products->low)
                                           : sized_products(*products).size;
}

static bool ratio(struct sized *above, const struct sw_sum *denominator, int shift,
                  sw_int128 *result)
{
    struct sized below = sized_sum(denominator);
    sw_uint128 size;
    if (!sw_wide_ratio(&above->size, &below.size, shift, &size)) return false;
    *result = above->negative != below.negative ? -(sw_int128)size : (sw_int128)size;
    return true;
}

bool sw_sum_ratio(const struct sw_sum *numerator, const struct sw_sum *denominator, int shift,
                  sw_int128 *result)
{
    if (numerator->high == 0 && denominator->high == 0)
        return sw_ratio(numerator->low, denominator->low, shift, result);
    struct sized above = sized_sum(numerator);
    return ratio(&above, denominator, shift, result);
}

bool sw_products_ratio(const struct sw_products *numerator, const struct sw_sum *denominator,
                       int shift, sw_int128 *result)
{
    struct sized above = sized_products(*numerator);
    return ratio(&above, denominator, shift, result);
}
