/* SPDX-License-Identifier: ISC
 *
 * What the rows of a trades file are (sw-analysis(7)), told by their dealsource and the named sets of
 * share/sets: trades (`market`), the exchange's bookings of two orders of one participant against
 * each other (`booked`), reports of trades made elsewhere (`reported`), and whatever else there may
 * be. Without a dealsource every row is a trade.
 *
 *     if (!sw_trade_kinds_open(&kinds, &reader, column, NULL, share, error)) …
 *     for every block: if (!sw_trade_kinds_take(&kinds, reader.rows, error)) …   // kinds.of[row]
 *     sw_trade_kinds_free(&kinds);
 */
#ifndef SW_MARKET_TRADE_KINDS_H
#define SW_MARKET_TRADE_KINDS_H

#include "expr/condition.h"
#include "view/view.h"

enum sw_trade_kind {
    SW_TRADE_MARKET,
    SW_TRADE_BOOKED,
    SW_TRADE_REPORTED,
    SW_TRADE_OTHER,
    SW_TRADE_KINDS,
};

/* "market", "booked", "reported" or "other"; static. */
const char *sw_trade_kind_name(enum sw_trade_kind kind);

struct sw_trade_kinds {
    unsigned char *of; /* the kinds of the current block's rows, each an enum sw_trade_kind */
    bool told;         /* there is a dealsource */
    struct sw_view view;
    struct sw_condition *sets[SW_TRADE_OTHER];
};

/* For the rows of a reader, whose dealsource is this column (-1: there is none). trades_in: the set
 * whose rows are trades, a name or values between commas; NULL: market. What is in two sets is of
 * the first. share_directory holds sets/. SW_USAGE: a set that is not there, or given where there
 * is no dealsource. Zero-initialize before, free in any case. */
bool sw_trade_kinds_open(struct sw_trade_kinds *kinds, struct sw_reader *reader, int column,
                         const char *trades_in, const char *share_directory,
                         struct sw_error *error) SW_CHECKED;

/* Takes up the reader's block. */
bool sw_trade_kinds_take(struct sw_trade_kinds *kinds, size_t rows,
                         struct sw_error *error) SW_CHECKED;

void sw_trade_kinds_free(struct sw_trade_kinds *kinds);

#endif
