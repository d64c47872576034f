/* SPDX-License-Identifier: ISC
 *
 * Exact rational numbers for formulas that are rounded once, at their end. A value may also be
 * "none" (nothing is known) or "too large" (a numerator or denominator of 2^512 or more); both are
 * carried through a formula, as a null is through SQL, so that it can be written down as it stands
 * and be looked at when it is rounded.
 *
 *     struct sw_exact cost = sw_exact_multiply(quantity, sw_exact_add(midprice, impact));
 *     switch (sw_exact_round(&cost, 6, &millionths)) …
 *
 * Nothing is reduced to lowest terms: a formula of a dozen prices and quantities stays far below
 * the bound.
 */
#ifndef SW_BASE_EXACT_H
#define SW_BASE_EXACT_H

#include "base/error.h"
#include "base/sum.h"

enum sw_exact_state {
    SW_EXACT_NONE = 0, /* not there, or a division by zero; wins where it meets "too large" */
    SW_EXACT_KNOWN,
    SW_EXACT_TOO_LARGE,
};

/* (negative ? -1 : 1) × above ÷ below, where the state is known; zero-initialized: none. */
struct sw_exact {
    enum sw_exact_state state;
    bool negative;
    struct sw_wide above, below;
};

/* value ÷ 10^scale, scale 0 to 38; the same of a sum. */
struct sw_exact sw_exact_of(sw_int128 value, int scale);
struct sw_exact sw_exact_of_sum(const struct sw_sum *sum, int scale);

struct sw_exact sw_exact_add(struct sw_exact a, struct sw_exact b);
struct sw_exact sw_exact_subtract(struct sw_exact a, struct sw_exact b);
struct sw_exact sw_exact_multiply(struct sw_exact a, struct sw_exact b);

/* a ÷ b: none where b is 0. */
struct sw_exact sw_exact_divide(struct sw_exact a, struct sw_exact b);

/* a, or b where a is none. */
struct sw_exact sw_exact_or(struct sw_exact a, struct sw_exact b);

/* Rounds to *value ÷ 10^scale (scale 0 to 38), half away from zero. *value is set only for
 * SW_EXACT_KNOWN; SW_EXACT_TOO_LARGE also where it does not fit 128 bits. */
enum sw_exact_state sw_exact_round(const struct sw_exact *a, int scale,
                                   sw_int128 *value) SW_CHECKED;

#endif
