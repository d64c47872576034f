/* SPDX-License-Identifier: ISC
 *
 * The trades of one order after the other, from a stream of trades sorted like the orders: what
 * each order traded in all, and between two moments, and what the exchange booked for it (sw-analysis(7)).
 * Goes through the stream once, beside the orders.
 *
 *     if (!sw_trades_open(&trades, &settings, &orders_schema, order_columns, error)) …
 *     for each order, ascending: sw_trades_take(&trades, order, from_ns, to_ns, &traded, error)
 *     if (!sw_trades_drain(&trades, error)) …
 *     sw_trades_free(&trades);
 */
#ifndef SW_MARKET_CLASSIFY_TRADES_H
#define SW_MARKET_CLASSIFY_TRADES_H

#include "base/bytes.h"
#include "states/state_columns.h"
#include "market/order_trades.h"
#include "market/trade_kinds.h"

struct sw_trades_settings {
    const char *path;             /* a stream; "-": standard input */
    const struct sw_input *input; /* where it is open already; NULL: path is opened */
    const char *trades_in;        /* as sw_trade_kinds_open takes it, and the next */
    const char *share_directory;
};

/* Of an order's trades. A trade without a price adds nothing to the values, one without a quantity
 * nothing but itself. */
struct sw_traded {
    uint64_t trades;
    sw_int128 quantity, value; /* Σ quantity in sw_quantity_scale; Σ price × quantity, exact */
    sw_int128 actual_quantity,
        actual_value; /* the same of those between the two moments, both in */
    uint64_t bookings;
    sw_int128 booked_quantity;
    uint64_t rows[SW_TRADE_KINDS]; /* of all kinds, the two above among them */
};

/* Who wants to see the rows of the trades file, and their kinds, as they are read, and what each order came to. */
struct sw_classify_watch {
    void (*trades)(void *owner, const struct sw_vector *security, const unsigned char *kinds,
                   size_t rows);
    void (*order)(void *owner, const struct sw_vector *security, size_t row,
                  const struct sw_traded *traded, bool mismatched);
};

/* What the rows were, and whether they were some order's. */
struct sw_trade_counts {
    uint64_t rows[SW_TRADE_KINDS], matched[SW_TRADE_KINDS];
};

struct sw_trades {
    struct sw_order_trades rows;
    int columns[SW_TRADE_COLUMNS];
    int order_security, order_id; /* columns of the orders' stream */
    int quantity_scale;           /* of what comes out */
    struct sw_trade_kinds kinds;
    struct sw_trade_counts counts;
    const struct sw_classify_watch *watch; /* NULL: nobody */
    void *watcher;
};

/* Opens a stream; the trades stay where they are until they are freed. SW_DATA: a column that is needed is missing, or a security or an order is not of
 * the type that it is of in the orders; SW_USAGE: see sw_trade_kinds_open. Free the trades in any
 * case; zero-initialize before. */
bool sw_trades_open(struct sw_trades *trades, const struct sw_trades_settings *settings,
                    const struct sw_schema *orders, const int order_columns[SW_EVENT_COLUMNS],
                    struct sw_error *error) SW_CHECKED;

/* Sums the trades of an order, which comes after the one of the last call; those before it are
 * passed by. SW_DATA: not sorted by security_code, order_id, timestamp, with file and row; a sum
 * that does not fit, with the order. */
bool sw_trades_take(struct sw_trades *trades, struct sw_row order, int64_t from_ns, int64_t to_ns,
                    struct sw_traded *traded, struct sw_error *error) SW_CHECKED;

/* Goes through what is left, so that all of the stream is checked and counted. */
bool sw_trades_drain(struct sw_trades *trades, struct sw_error *error) SW_CHECKED;

void sw_trades_free(struct sw_trades *trades);

#endif
