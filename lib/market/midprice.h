/* SPDX-License-Identifier: ISC
 *
 * The midprices of many orders, each over its own window of time, in memory that grows neither with
 * the quotes nor with the orders. Over the quotes of a security in time order a sum and a count are
 * kept; a window's are the difference of two probes:
 *
 *     orders ─▶ two probes each, sorted by security, time ─┐
 *                         quotes, by security, time ───────┴▶ sums at each probe ─┐
 *                                     a midprice an order ◀─ sorted by order ◀────┘
 *
 * Both sorts spill to disk (sort/sorter.h). The midprice is the mean of (bid + offer) ÷ 2 over the
 * quotes in the window, both ends in; if there is none, that of the last quote at or before its
 * end, unless that is too old; if there is none, none.
 *
 *     for every order:
 *         sw_midprices_add(&midprices, security, row, from_ns, to_ns, error);    // or _skip
 *     sw_midprices_match(&midprices, &quotes, error);
 *     for every order again:
 *         sw_midprices_next(&midprices, &midprice, error);    // midprice.price
 */
#ifndef SW_MARKET_MIDPRICE_H
#define SW_MARKET_MIDPRICE_H

#include "market/quotes.h"
#include "market/scenario.h"
#include "sort/row_sorter.h"

/* Of one order. */
struct sw_midprice {
    struct sw_mean_price price;
    /* Of the window that it is the mean of; 0: it is that of an older one, or none. */
    uint64_t quotes;
    bool is_older;    /* the quote is not from the window … */
    sw_int128 age_ns; /* … and this old at its end */
};

struct sw_midprices {
    int64_t oldest_ns; /* an older quote than this is none; below 0: any age will do */
    struct sw_row_sorter probes, sums;
    uint64_t added, taken;               /* orders */
    struct sw_security_range securities; /* of the probes */
    int scale;                           /* of the quotes, once matched */
    bool have_sums; /* there is a row of `sums` at hand, for order `sums_order` */
    uint64_t sums_order;
};

/* security: the column that orders and quotes have their securities in; oldest_ns: see above;
 * memory_bytes and folder: of each of two sorters, as in sort/sorter.h. Zero-initialize before; free in any case. */
bool sw_midprices_open(struct sw_midprices *midprices, const struct sw_column *security,
                       int64_t oldest_ns, uint64_t memory_bytes, const char *folder,
                       struct sw_error *error) SW_CHECKED;

/* The next order: its security, which is not null, and its window; where from_ns is after to_ns, no
 * quote is in it. */
bool sw_midprices_add(struct sw_midprices *midprices, const struct sw_vector *security, size_t row,
                      int64_t from_ns, int64_t to_ns, struct sw_error *error) SW_CHECKED;

/* The next order has no window, and so no midprice. */
void sw_midprices_skip(struct sw_midprices *midprices);

/* Reads the quotes to their end, where they are of the orders' securities. SW_DATA: see
 * sw_quotes_next; a sum that does not fit 128 bits. */
bool sw_midprices_match(struct sw_midprices *midprices, struct sw_quotes *quotes,
                        struct sw_error *error) SW_CHECKED;

/* The midprice of the next order, in the order in which they were added. */
bool sw_midprices_next(struct sw_midprices *midprices, struct sw_midprice *midprice,
                       struct sw_error *error) SW_CHECKED;

void sw_midprices_free(struct sw_midprices *midprices);

#endif
