/* SPDX-License-Identifier: ISC
 *
 * Quantiles of groups, exact: each group's different values in order, with how often each is there.
 *
 *     quantile(x,p)         between the values around place (n − 1) p, counted from 0: type 7 of R, quantile_cont of DuckDB
 *     quantile_disc(x,p)    the first value at or below which a share p of the values lies
 *
 * Source: Hyndman and Fan, Sample Quantiles in Statistical Packages (The American Statistician 50, 1996), definition 7.
 */
#ifndef SW_GROUP_QUANTILE_H
#define SW_GROUP_QUANTILE_H

#include "group/grouping.h"

/* Of one cell. */
struct sw_quantile {
    uint64_t count; /* of values; 0: it has none, and no quantile */
    uint32_t low,
        high;      /* ids in the dimension of the two that it lies between, or is (both the same) */
    uint64_t part; /* of the way from low to high, of SW_PROBABILITY_ONE */
};

/* For each measure of the grouping's shape that is a quantile, makes cells[i], a quantile for each cell; cells has a NULL per measure
 * before, and the caller frees what is in it, after a failure too. SW_SYSTEM: no memory. */
bool sw_quantiles_make(const struct sw_grouping *grouping, struct sw_quantile **cells,
                       struct sw_error *error) SW_CHECKED;

/* Appends the value to a builder of the measure's type. SW_DATA: out of range. */
bool sw_quantile_put(const struct sw_grouping *grouping, const struct sw_measure *measure,
                     const struct sw_quantile *quantile, struct sw_builder *builder,
                     struct sw_error *error) SW_CHECKED;

/* The value before it is rounded. */
void sw_quantile_exact(const struct sw_grouping *grouping, const struct sw_measure *measure,
                       const struct sw_quantile *quantile, struct sw_formula_value *value);

#endif
