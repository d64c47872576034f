/* SPDX-License-Identifier: ISC
 *
 * Sums that do not depend on the order of what is added: there is room for 2^63 numbers of 128
 * bits, or products of two, so that a sum may pass through any border and come back. Whether it can
 * stand in a column is asked once, when all is added.
 *
 *     sw_sum_add(&sum, x); …
 *     if (!sw_sum_narrow(&sum, &total)) …out of range…
 */
#ifndef SW_BASE_SUM_H
#define SW_BASE_SUM_H

#include "base/wide.h"

/* A number of 128 bits where no more than that of a word is asked for its place. */
typedef sw_int128 sw_int128_in_words __attribute__((aligned(8)));

/* high × 2^128 + low, both signed: one way to write each number. Zero-initialized: 0. */
struct sw_sum {
    sw_int128_in_words low;
    int64_t high;
};

/* A sum of products: high × 2^128 + low. Zero-initialized: 0. */
struct sw_products {
    struct sw_sum low, high;
};

static inline struct sw_sum sw_sum_of(sw_int128 value)
{
    return (struct sw_sum){.low = value};
}

/* Adds a number; *sum has fewer than 2^63 of them. */
static inline void sw_sum_add(struct sw_sum *sum, sw_int128 value)
{
    sw_int128 low;
    if (__builtin_expect(__builtin_add_overflow(sum->low, value, &low), 0))
        sum->high += value < 0 ? -1 : 1;
    sum->low = low;
}

/* a − b, of sums of fewer than 2^62 numbers each. */
static inline struct sw_sum sw_sum_less(struct sw_sum a, struct sw_sum b)
{
    sw_int128 low;
    struct sw_sum less = {.high = a.high - b.high};
    if (__builtin_sub_overflow((sw_int128)a.low, (sw_int128)b.low, &low))
        less.high += b.low < 0 ? 1 : -1;
    less.low = low;
    return less;
}

/* Adds the product of two numbers; the second way is for those that do not fit 128 bits. */
void sw_products_add_wide(struct sw_products *products, sw_int128 a, sw_int128 b);
static inline void sw_products_add(struct sw_products *products, sw_int128 a, sw_int128 b)
{
    sw_int128 product;
    if (__builtin_mul_overflow(a, b, &product))
        sw_products_add_wide(products, a, b);
    else
        sw_sum_add(&products->low, product);
}

/* Adds another sum. False: it says that it is of 2^63 numbers and more, as only what is read from a
 * file may. */
bool sw_sum_merge(struct sw_sum *sum, const struct sw_sum *other) SW_CHECKED;
bool sw_products_merge(struct sw_products *products, const struct sw_products *other) SW_CHECKED;

/* Makes the upper part of a low half part of the upper half: there is one way then to write each
 * number, with low.high 0. */
void sw_products_settle(struct sw_products *products);

/* True and *value where the sum fits 128 bits. */
static inline bool sw_sum_narrow(const struct sw_sum *sum, sw_int128 *value)
{
    *value = sum->low;
    return sum->high == 0;
}

static inline bool sw_sum_is_zero(const struct sw_sum *sum)
{
    return sum->low == 0 && sum->high == 0;
}

static inline bool sw_sum_is_negative(const struct sw_sum *sum)
{
    return sum->high < 0 || (sum->high == 0 && sum->low < 0);
}

/* The same of a sum of products, which it settles. */
static inline bool sw_products_narrow(struct sw_products *products, sw_int128 *value)
{
    sw_products_settle(products);
    *value = products->low.low;
    return sw_sum_is_zero(&products->high);
}

/* How far a sum is from 0. */
struct sw_wide sw_sum_size(const struct sw_sum *sum);
struct sw_wide sw_products_size(const struct sw_products *products);

/* numerator × 10^shift ÷ denominator, rounded half away from zero; shift is −38 to 38, the
 * denominator not 0. False: the result does not fit 128 bits. */
bool sw_sum_ratio(const struct sw_sum *numerator, const struct sw_sum *denominator, int shift,
                  sw_int128 *result) SW_CHECKED;
bool sw_products_ratio(const struct sw_products *numerator, const struct sw_sum *denominator,
                       int shift, sw_int128 *result) SW_CHECKED;

#endif
