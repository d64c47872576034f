/* SPDX-License-Identifier: ISC
 *
 * A comparison of a column with a constant as a range of the column's own numbers, so that a row costs no scaling: price < 12.5 in whole
 * numbers is price <= 12.
 */
#ifndef SW_EXPR_RANGE_H
#define SW_EXPR_RANGE_H

#include "base/number.h"
#include "expr/tree.h"

/* value × 10^by; false: it does not fit. */
static inline bool sw_number_scaled(sw_int128 value, int by, sw_int128 *result)
{
    return !__builtin_mul_overflow(value, sw_power_of_ten(by), result);
}

/* Makes the node a range: numbers that satisfy the relation are low to high, or for != those that are not. */
void sw_node_make_range(struct sw_node *node, const struct sw_node *column, unsigned relation,
                        const struct sw_node *limit);

#endif
