/* SPDX-License-Identifier: ISC
 *
 * The trades of one order after another, by local date: how many rows of the trades file there are
 * of it, whether all of them are trades on the lit book (the set `lit` of dealsource), and when the
 * last one was. The stream is sorted by security, order and timestamp, as the orders are.
 */
#ifndef SW_DARKBOOK_DAY_TRADES_H
#define SW_DARKBOOK_DAY_TRADES_H

#include "base/zone.h"
#include "darkbook/match_tally.h"
#include "expr/condition.h"
#include "market/order_trades.h"
#include "view/view.h"

struct sw_day_trade {
    int64_t date, last_ns;
    uint64_t rows, lit;
};

struct sw_day_trades {
    struct sw_day_trade *days; /* of the order that was asked for, by date */
    size_t count, capacity;
    uint64_t matched;             /* rows of orders that were asked for */
    struct sw_match_tally *tally; /* who counts rows, set after opening; NULL: nobody */
    struct sw_order_trades rows;
    struct sw_zone *zone; /* not owned */
    struct sw_view view;
    bool told, viewed; /* there is a dealsource; without one all are lit */
    struct sw_condition *lit;
    bool *is_lit; /* by row of the block */
};

/* `security` and `order` are the types that the two have in the orders. SW_DATA: no trades, a column
 * that is missing or of another type than in the orders. Zero-initialize before, and leave it
 * where it is; free in any case. */
bool sw_day_trades_open(struct sw_day_trades *trades, const char *path,
                        const struct sw_column *security, const struct sw_column *order,
                        struct sw_zone *zone, const char *share_directory,
                        struct sw_error *error) SW_CHECKED;

/* Fills `days` for an order that stands after the last one asked for; its security and id are at
 * row 0 of the vectors. SW_DATA with file and row: out of order, no timestamp. */
bool sw_day_trades_take(struct sw_day_trades *trades, const struct sw_vector *security,
                        const struct sw_vector *order, struct sw_error *error) SW_CHECKED;

/* Reads what is left, so that all of the stream is checked. */
bool sw_day_trades_drain(struct sw_day_trades *trades, struct sw_error *error) SW_CHECKED;

void sw_day_trades_free(struct sw_day_trades *trades);

#endif
