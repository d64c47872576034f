/* SPDX-License-Identifier: ISC
 *
 * Exact quotients of whole numbers, for what is worked out from sums before it is rounded, once (base/wide.h holds the numbers: 512 bits
 * above the line and below it). Nothing allocates; what does not fit, even in lowest terms, is an outcome.
 *
 *     struct sw_rational price = sw_rational_of(mantissa, scale);
 *     if (!sw_rational_divide(&price, &other)) …out of range…
 */
#ifndef SW_BASE_RATIONAL_H
#define SW_BASE_RATIONAL_H

#include "base/sum.h"

/* above ÷ below, with a sign; below is not 0. */
struct sw_rational {
    bool negative;
    struct sw_wide above, below;
};

/* value ÷ 10^scale; scale is 0 to 38. */
struct sw_rational sw_rational_of(sw_int128 value, int scale);
struct sw_rational sw_rational_of_sum(const struct sw_sum *sum, int scale);
struct sw_rational sw_rational_of_products(struct sw_products products, int scale);

bool sw_rational_is_zero(const struct sw_rational *a);

/* *a becomes a + b, a − b, a × b, a ÷ b, of a b that is not 0 there. False: it does not fit; *a is not to be used. */
bool sw_rational_add(struct sw_rational *a, const struct sw_rational *b) SW_CHECKED;
bool sw_rational_subtract(struct sw_rational *a, const struct sw_rational *b) SW_CHECKED;
bool sw_rational_multiply(struct sw_rational *a, const struct sw_rational *b) SW_CHECKED;
bool sw_rational_divide(struct sw_rational *a, const struct sw_rational *b) SW_CHECKED;

/* *less: whether a is less than b. False: that cannot be told in 512 bits. */
bool sw_rational_less(const struct sw_rational *a, const struct sw_rational *b,
                      bool *less) SW_CHECKED;

/* a × 10^decimals, rounded half away from zero. False: it does not fit 128 bits. */
bool sw_rational_round(const struct sw_rational *a, int decimals, sw_int128 *result) SW_CHECKED;

#endif
