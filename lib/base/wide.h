/* SPDX-License-Identifier: ISC
 *
 * Integers past 128 bits, for what sums leave after (base/sum.h): a 512-bit natural number in
 * which a ratio or a standard deviation is worked out exactly before it is rounded, once. It is no
 * library of big numbers: nothing here allocates, nothing is signed, and what does not fit is an
 * outcome.
 *
 *     if (!sw_deviation(count, &sum, &squares, 6 - scale, &millionths)) …out of range…
 */
#ifndef SW_BASE_WIDE_H
#define SW_BASE_WIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* A natural number below 2^512, its digits in base 2^32, the lowest first. */
enum { SW_WIDE_DIGITS = 16 };
struct sw_wide {
    uint32_t digit[SW_WIDE_DIGITS];
};

/* high × 2^128 + low. */
struct sw_wide sw_wide_of(sw_uint128 high, sw_uint128 low);

/* True and *value when it is below 2^127; false when it is not. */
bool sw_wide_narrow(const struct sw_wide *wide, sw_uint128 *value) SW_CHECKED;

/* Below 0, 0 or above 0 as a is less than, equal to or more than b. */
int sw_wide_compare(const struct sw_wide *a, const struct sw_wide *b);

/* *a += b, *a *= b, and *a -= b for b not more than *a. False: the result is 2^512 or more, and *a
 * is not to be used. */
bool sw_wide_add(struct sw_wide *a, const struct sw_wide *b) SW_CHECKED;
bool sw_wide_multiply(struct sw_wide *a, const struct sw_wide *b) SW_CHECKED;
void sw_wide_subtract(struct sw_wide *a, const struct sw_wide *b);

/* a = quotient × b + rest, with rest below b; b is not 0. */
void sw_wide_divide(const struct sw_wide *a, const struct sw_wide *b, struct sw_wide *quotient,
                    struct sw_wide *rest);

/* The largest number whose square is not more than a. */
struct sw_wide sw_wide_root(const struct sw_wide *a);

/* above ÷ below, rounded half up; below is not 0, nor above 2^127. */
static inline sw_uint128 sw_divide_half_up(sw_uint128 above, sw_uint128 below)
{
    sw_uint128 quotient = above / below, rest = above - quotient * below;
    return quotient + (rest >= below - rest);
}

/* *above × 10^shift ÷ *below, rounded half up; *below not 0. Both are used up. False: the result is
 * 2^127 or more, or one of the two, times its power of ten, 2^512. */
bool sw_wide_ratio(struct sw_wide *above, struct sw_wide *below, int shift,
                   sw_uint128 *result) SW_CHECKED;

/* The same of signed numbers, half away from zero. */
bool sw_ratio(sw_int128 numerator, sw_int128 denominator, int shift, sw_int128 *result) SW_CHECKED;

/* 10^shift × the sample standard deviation (n − 1) of `count` ≥ 2 values whose sum is this far from
 * 0 and whose squares have this sum, rounded half away from zero; shift is −38 to 38. False: the
 * result does not fit, or no such values exist. */
bool sw_deviation(uint64_t count, const struct sw_wide *sum_size, const struct sw_wide *squares,
                  int shift, sw_int128 *result) SW_CHECKED;

#endif
