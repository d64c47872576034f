/* SPDX-License-Identifier: ISC
 *
 * The rows of a trades file beside orders that come in the same order: a stream sorted by security,
 * order and timestamp, of which each order has its rows. What these come to is for who asks.
 *
 *     if (!sw_order_trades_open(&trades, &settings, &security, &order, error)) …
 *     for each order, ascending:
 *         while ((step = sw_order_trades_next(&trades, security, row, order, row, error)) == SW_ROWS)
 *             … row trades.at of trades.vectors …
 *     if (!sw_order_trades_drain(&trades, error)) …
 *     sw_order_trades_free(&trades);
 */
#ifndef SW_MARKET_ORDER_TRADES_H
#define SW_MARKET_ORDER_TRADES_H

#include "sort/sort_keys.h"
#include "stream/reader.h"

enum { SW_ORDER_TRADE_SECURITY, SW_ORDER_TRADE_ORDER, SW_ORDER_TRADE_TIME, SW_ORDER_TRADE_KEYS };

struct sw_order_trades_settings {
    const char *path;             /* a stream; "-": standard input */
    const struct sw_input *input; /* where it is open already; NULL: path is opened */
    /* Called of every block, when its order is checked; NULL: nobody. */
    bool (*block)(void *owner, struct sw_error *error);
    void *owner;
};

struct sw_order_trades {
    const char *path[1];
    struct sw_reader reader;
    const struct sw_schema *schema; /* NULL: not open */
    struct sw_order_trades_settings settings;
    struct sw_sort_key keys[SW_ORDER_TRADE_KEYS];
    struct sw_sorted sorted;
    /* Of the current block, by column; those of the keys, and what `block` adds. */
    const struct sw_vector **vectors;
    size_t rows, at;
    bool given; /* the row at `at` was handed out */
};

/* `security` and `order` are the columns that the two are in the orders. SW_DATA: no trades, a
 * column that is missing or of another type than in the orders. Zero-initialize before; free in any
 * case. */
bool sw_order_trades_open(struct sw_order_trades *trades,
                          const struct sw_order_trades_settings *settings,
                          const struct sw_column *security, const struct sw_column *order,
                          struct sw_error *error) SW_CHECKED;

/* Makes `at` the next row of an order, which is that of the last call or stands after it; rows of
 * orders between the two are passed by. SW_END: it has no more. SW_FAILED: SW_DATA with file and
 * row where it is not sorted, or what `block` says. */
enum sw_step sw_order_trades_next(struct sw_order_trades *trades, const struct sw_vector *security,
                                  const struct sw_vector *order, size_t row,
                                  struct sw_error *error) SW_CHECKED;

/* Goes through what is left, so that all of the stream is checked. */
bool sw_order_trades_drain(struct sw_order_trades *trades, struct sw_error *error) SW_CHECKED;

void sw_order_trades_free(struct sw_order_trades *trades);

#endif
