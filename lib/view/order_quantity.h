/* SPDX-License-Identifier: ISC
 *
 * What an order asked for in all: the largest of its quantity, of what was matched, and of that and
 * what is left together; and what it is called how much of it was matched. Neither alone will do: some exchanges let a cancelled order keep what was
 * left, others set it to 0, and an update may set the quantity to what is still open.
 *
 *     struct sw_asked asked;
 *     switch (sw_order_quantity(&quantities, row, &asked)) …
 */
#ifndef SW_VIEW_ORDER_QUANTITY_H
#define SW_VIEW_ORDER_QUANTITY_H

#include "record/vector.h"

/* The columns of an order's events or states; NULL: there is no such column. */
struct sw_order_quantities {
    const struct sw_vector *quantity, *matched, *leaves;
    int scale; /* of the answer: no column has more decimals */
};

enum sw_asked {
    SW_ASKED_NULL,    /* all that there is is null */
    SW_ASKED_KNOWN,   /* *quantity was set */
    SW_ASKED_TOO_FAR, /* it does not fit 128 bits */
};

/* What the order of this row asked for. What is null is left out, and so is what is left where what
 * was matched is null. */
enum sw_asked sw_order_quantity(const struct sw_order_quantities *from, size_t row,
                                sw_int128 *quantity);

/* How much of that was matched, as the column `fill` says it: the names by SW_AMOUNT_…
 * (kernels/amounts.h), which are the codes of the derived column, too. */
enum { SW_FILLS = 3 };
extern const char *const sw_fill_names[SW_FILLS];

/* The number of a name; SW_FILLS: it is none. */
int sw_fill_find(struct sw_text name);

#endif
