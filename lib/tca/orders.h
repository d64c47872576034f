/* SPDX-License-Identifier: ISC
 *
 * Classified orders, sorted by security_code and order_id, beside their trades and, where there are
 * any, their events, in one pass: each order is kept aside with what its trades and events alone say
 * of it, and probes of the market are put for it and its trades (tca/probes.h).
 *
 *     orders ─┐
 *     trades ─┼▶ join ─┬▶ kept orders, numbered from 0
 *     events ─┘        └▶ probes
 */
#ifndef SW_TCA_ORDERS_H
#define SW_TCA_ORDERS_H

#include "sort/row_sorter.h"
#include "tca/days.h"
#include "tca/event_rows.h"
#include "tca/probes.h"
#include "tca/trade_rows.h"

/* What is kept of an order: first its own columns, of the types that they have … */
enum sw_kept_column {
    SW_KEPT_SECURITY,
    SW_KEPT_ORDER,
    SW_KEPT_SIDE,
    SW_KEPT_PARTICIPANT,
    SW_KEPT_TYPE, /* exchangeordertype */
    SW_KEPT_DATE,
    SW_KEPT_GROUP,
    SW_KEPT_FIRST,    /* first_timestamp */
    SW_KEPT_LAST,     /* last_timestamp */
    SW_KEPT_QUANTITY, /* order_quantity */
    SW_KEPT_MATCHED,  /* totalmatchedquantity */
    SW_KEPT_BOOKED,
    SW_KEPT_OWN, /* how many these are */
    /* … then what was found out. */
    SW_KEPT_SESSION_DATE = SW_KEPT_OWN, /* of the first trade, or the last event */
    SW_KEPT_RELOAD,                     /* 1: it came back from an earlier day */
    SW_KEPT_OWN_QUOTE,                  /* 1: its own first row has a quote, 2: a crossed one */
    SW_KEPT_OWN_MID,                    /* doubled */
    SW_KEPT_OWN_SPREAD,
    SW_KEPT_LIMIT, /* Σ q × (limit − p); null: a limit was not known */
    SW_KEPT_COLUMNS,
};

struct sw_tca_inputs {
    const char *const *orders; /* none: standard input */
    size_t order_count;
    const char *trades, *trades_in;
    const char *const *events; /* NULL: there are none */
    size_t event_count;
    /* Instead of these, where they are not NULL, inputs that are open and become the orders'. */
    const struct sw_input *orders_input, *trades_input, *events_input;
    const char *share_directory;
    bool reported_only; /* neither limits nor the market of an order's trades are wanted */
    const char *zone;   /* NULL: that of the orders' schema, or UTC */
};

struct sw_tca_orders {
    struct sw_reader reader;
    bool open, with_events, own_quotes, reported_only;
    const char *file;
    int columns[SW_KEPT_OWN], prices[2]; /* the second: initial_price, price; −1: not there */
    struct sw_sort_key keys[2];
    struct sw_sorted sorted;
    const struct sw_vector **vectors;
    uint32_t *numbers; /* rows that are kept together */
    struct sw_trade_rows trades;
    struct sw_event_rows events;
    struct sw_zone zone;
    struct sw_days days; /* knows the zone */
    int price_scale, quantity_scale;
    struct sw_row_sorter kept;
    struct sw_probes probes;
    struct sw_builder last[2]; /* security and id of the last order */
    uint64_t orders, own_trades, incomplete_trades, foreign_trades;
    struct sw_security_range securities;
};

/* Opens the inputs. SW_DATA: they are not what they have to be, or do not fit each other; SW_USAGE: an
 * unknown zone or set. quote_scale: the finest scale that quotes come in. Zero-initialize before, close in
 * any case. */
bool sw_tca_orders_open(struct sw_tca_orders *orders, const struct sw_tca_inputs *inputs,
                        struct sw_error *error) SW_CHECKED;

/* Once all scales are known: opens the sorters. */
bool sw_tca_orders_begin(struct sw_tca_orders *orders, int quote_scale, uint64_t memory_bytes,
                         const char *folder, struct sw_error *error) SW_CHECKED;

/* Reads everything to its end and finishes both sorters. SW_DATA, with file and row or order: not
 * sorted, an order twice, a value out of range. */
bool sw_tca_orders_read(struct sw_tca_orders *orders, struct sw_error *error) SW_CHECKED;

void sw_tca_orders_close(struct sw_tca_orders *orders);

#endif
