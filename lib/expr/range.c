/* SPDX-License-Identifier: ISC */
#include "expr/range.h"

/* The largest number of a column's scale that is not above a constant: for 12.5 in whole numbers
 * 12, and not exactly. */
struct cut {
    sw_int128 number;
    bool exact, below_all; /* below_all: there is no such number in 128 bits */
};

static struct cut cut_at(sw_int128 value, int value_scale, int scale)
{
    struct cut cut = {.exact = true};
    if (value_scale <= scale) {
        if (sw_number_scaled(value, scale - value_scale, &cut.number)) return cut;
        return (struct cut){.number = SW_INT128_MAX, .below_all = value < 0};
    }
    sw_int128 unit = sw_power_of_ten(value_scale - scale);
    cut.number = value / unit - (value % unit < 0);
    cut.exact = value % unit == 0;
    return cut;
}

void sw_node_make_range(struct sw_node *node, const struct sw_node *column, unsigned relation,
                        const struct sw_node *limit)
{
    struct cut cut = cut_at(limit->number, limit->scale, column->scale);
    node->kind = SW_NODE_RANGE;
    node->column = column->column;
    node->inverted = relation == SW_UNEQUAL;
    node->low = SW_INT128_MIN;
    node->high = cut.number;
    bool none = cut.below_all;
    if (relation & SW_GREATER && !node->inverted) {
        bool reached = relation & SW_EQUAL && cut.exact;
        none = !reached && !cut.below_all && cut.number == SW_INT128_MAX;
        if (!cut.below_all && !none) node->low = reached ? cut.number : cut.number + 1;
        node->high = SW_INT128_MAX;
    } else if (relation == SW_LESS && cut.exact) {
        none = cut.number == SW_INT128_MIN;
        if (!none) node->high = cut.number - 1;
    } else if (relation == SW_EQUAL || relation == SW_UNEQUAL) {
        node->low = cut.number;
        none = !cut.exact;
    }
    if (none) {
        node->low = 1;
        node->high = 0;
    }
}
