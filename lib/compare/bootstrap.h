/* SPDX-License-Identifier: ISC
 *
 * How far a weighted mean is to be believed where what is averaged comes in clusters, such as the orders
 * of a day: 2,000 draws of whole clusters, as many as there are, with replacement; of their means the
 * 2.5% and the 97.5% quantile. Chance is SplitMix64 from seed 1, begun anew each time, so that the same
 * clusters in the same order give the same interval everywhere.
 */
#ifndef SW_COMPARE_BOOTSTRAP_H
#define SW_COMPARE_BOOTSTRAP_H

#include "base/bytes.h"
#include "base/error.h"

#include <stdint.h>

enum { SW_DRAWS = 2000 };

struct sw_cluster {
    sw_int128 weight;   /* Σ w, not below 0 */
    sw_int128 weighted; /* Σ w × x */
    uint64_t n;
    sw_int128 sum; /* Σ x */
};

/* The interval of Σ weighted ÷ Σ weight over `count` clusters, in the unit of x, rounded once, half away
 * from zero. *known is false where there are fewer than two clusters, or no draw has a weight. The draw's
 * cluster is the upper half of 2^64 bits × count. SW_DATA: a sum does not fit 128 bits; SW_SYSTEM:
 * memory. */
bool sw_bootstrap(const struct sw_cluster *clusters, size_t count, bool *known, sw_int128 *low,
                  sw_int128 *high, struct sw_error *error) SW_CHECKED;

#endif
