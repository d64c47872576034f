/* SPDX-License-Identifier: ISC
 *
 * Transaction cost analysis (sw-tca(1)): classified orders, their trades and the quotes of the market
 * to the measures of each order, in three passes, in bounded memory:
 *
 *     1  orders, trades, events ─▶ kept orders, probes (tca/orders.h)
 *     2  probes, quotes ─▶ sights (tca/observe.h)
 *     3  the orders again, each with its sights ─▶ its measures (tca/measures.h)
 *
 *     if (!sw_tca_open(&tca, &settings, error) || !sw_tca_read(&tca, error)) …
 *     while ((step = sw_tca_next(&tca, error)) == SW_ROWS)
 *         … tca.measures[SW_TCA_COST_BPS] …
 *     sw_tca_close(&tca);
 */
#ifndef SW_TCA_TCA_H
#define SW_TCA_TCA_H

#include "tca/observe.h"
#include "tca/orders.h"

enum { SW_OLD_ARRIVAL_S = 60 }; /* a quote that is older than this at T is counted as old */

struct sw_tca_settings {
    struct sw_tca_inputs inputs;
    const char *nbbo; /* a stream of quotes, or "orders" or "trades": those in their own rows */
    const struct sw_input *nbbo_input; /* instead, where it is not NULL, quotes that are open */
    const char *sessions, *open; /* changes of session, and which are open; NULL: there are none */
    uint64_t memory_bytes;       /* of each sorter, see sort/sorter.h */
    const char *folder;
};

enum sw_arrival_from {
    SW_ARRIVAL_NONE, /* there was no quote */
    SW_ARRIVAL_ENTRY,
    SW_ARRIVAL_SESSION,
};

/* What the measures rest on. */
struct sw_tca_counts {
    uint64_t orders, traded, session_arrivals;
    uint64_t no_arrival, old_arrivals, crossed_arrivals; /* orders */
    uint64_t trades,
        incomplete_trades; /* incomplete: without a price, a quantity or a time, and so left out */
    uint64_t unquoted_trades, crossed_trades;
    uint64_t past_end[SW_HORIZONS]; /* orders with a trade whose mid behind it is past the end */
    uint64_t no_limit;    /* orders with trades, at one of which the limit was not known */
    uint64_t fewer_sides; /* orders that traded more than the file's trades of the market hold */
    uint64_t no_side;
};

struct sw_tca {
    const struct sw_tca_settings *settings; /* not owned */
    struct sw_tca_orders orders;            /* the current one: orders.kept.row */
    struct sw_quotes quotes;
    bool quotes_open;
    struct sw_trading_hours hours;
    struct sw_moments moments;
    struct sw_sights sights;
    enum sw_step step; /* whether there is a sight at hand */
    uint64_t next;     /* the number of the next order */
    /* Of the current order. */
    struct sw_order_fills fills;
    struct sw_amount measures[SW_TCA_MEASURES];
    enum sw_arrival_from arrival;
    int64_t quote_age_ns; /* where there is an arrival */
    uint64_t crossed;     /* its trades at crossed moments */
    struct sw_tca_counts counts;
};

/* Opens all inputs. SW_DATA, SW_USAGE: see tca/orders.h, market/quotes.h; SW_USAGE: quotes of orders
 * without events. The settings stay while it is used. Zero-initialize before, close in any case. */
bool sw_tca_open(struct sw_tca *tca, const struct sw_tca_settings *settings,
                 struct sw_error *error) SW_CHECKED;

/* Reads all inputs to their ends. */
bool sw_tca_read(struct sw_tca *tca, struct sw_error *error) SW_CHECKED;

/* Goes to the next order, in the order in which they were read. SW_DATA, naming the order: a measure
 * is out of range. */
enum sw_step sw_tca_next(struct sw_tca *tca, struct sw_error *error);

/* After the last order: whether every order that was read came by. SW_SYSTEM: not so. */
bool sw_tca_check(const struct sw_tca *tca, struct sw_error *error) SW_CHECKED;

void sw_tca_close(struct sw_tca *tca);

#endif
