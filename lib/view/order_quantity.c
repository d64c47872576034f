/* SPDX-License-Identifier: ISC */
#include "view/order_quantity.h"

#include <string.h>

#include "base/number.h"
#include "kernels/amounts.h"

/* Sets *value to the column's, scaled up; SW_ASKED_NULL where there is none. */
static enum sw_asked value_of(const struct sw_vector *column, size_t row, int scale,
                              sw_int128 *value)
{
    if (!column || sw_is_null(column, row)) return SW_ASKED_NULL;
    *value = sw_value(column, row);
    if (column->scale == scale) return SW_ASKED_KNOWN;
    return __builtin_mul_overflow(*value, sw_power_of_ten(scale - column->scale), value)
               ? SW_ASKED_TOO_FAR
               : SW_ASKED_KNOWN;
}

enum sw_asked sw_order_quantity(const struct sw_order_quantities *from, size_t row,
                                sw_int128 *quantity)
{
    sw_int128 asked = 0, matched = 0, leaves = 0;
    enum sw_asked of_quantity = value_of(from->quantity, row, from->scale, &asked);
    enum sw_asked of_matched = value_of(from->matched, row, from->scale, &matched);
    enum sw_asked of_leaves = value_of(from->leaves, row, from->scale, &leaves);
    if (of_quantity == SW_ASKED_TOO_FAR || of_matched == SW_ASKED_TOO_FAR) return SW_ASKED_TOO_FAR;
    if (of_matched == SW_ASKED_KNOWN) {
        if (of_leaves == SW_ASKED_TOO_FAR) return SW_ASKED_TOO_FAR;
        if (of_quantity == SW_ASKED_NULL || matched > asked) asked = matched;
        if (leaves > 0 && __builtin_add_overflow(matched, leaves, &matched))
            return SW_ASKED_TOO_FAR;
        if (matched > asked) asked = matched;
    } else if (of_quantity == SW_ASKED_NULL)
        return SW_ASKED_NULL;
    *quantity = asked;
    return SW_ASKED_KNOWN;
}

const char *const sw_fill_names[SW_FILLS] = {
    [SW_AMOUNT_NONE] = "none", [SW_AMOUNT_PARTIAL] = "partial", [SW_AMOUNT_FULL] = "full"};

int sw_fill_find(struct sw_text name)
{
    int fill = 0;
    while (fill < SW_FILLS && (strlen(sw_fill_names[fill]) != name.length ||
                               memcmp(sw_fill_names[fill], name.bytes, name.length) != 0))
        fill++;
    return fill;
}
