/* SPDX-License-Identifier: ISC
 *
 * What the events of an order say that a classified order does not: whether its first one is a
 * reload, the quote in its own first row, and the limit in force at each of its trades. The events
 * are sorted by security_code, order_id, timestamp, sequence, and are gone through once, beside the
 * orders.
 *
 *     if (!sw_event_rows_open(&events, paths, 1, NULL, error)) …
 *     for each order, ascending:
 *         sw_event_rows_begin(&events, security, order, row, &first, error)
 *         for each of its trades, by time: sw_event_rows_limit(&events, time_ns, error)  // events.limit
 *     if (!sw_event_rows_drain(&events, error)) …
 *     sw_event_rows_close(&events);
 */
#ifndef SW_TCA_EVENT_ROWS_H
#define SW_TCA_EVENT_ROWS_H

#include "tca/moments.h"
#include "tca/trade_rows.h"

enum sw_event_cell {
    SW_CELL_SECURITY,
    SW_CELL_ORDER,
    SW_CELL_TIME,
    SW_CELL_SEQUENCE, /* this one and the next ones may be missing: −1 */
    SW_CELL_PRICE,
    SW_CELL_REASON, /* changereason */
    SW_CELL_BID,    /* the national best bid and offer of the moment */
    SW_CELL_OFFER,
    SW_EVENT_CELLS,
};

struct sw_event_rows {
    const char *const *paths; /* not owned */
    struct sw_reader reader;
    bool open;
    int columns[SW_EVENT_CELLS];
    int price_scale; /* of limits and of the own quote: set before the first order */
    struct sw_sort_key keys[4];
    struct sw_sorted sorted;
    const struct sw_vector **vectors;
    size_t rows, at;
    struct sw_builder order[2]; /* the current order: its security and id */
    struct sw_moments *quotes;  /* where the quotes in its rows go, too; NULL: nowhere; not owned */
    struct sw_amount limit;     /* in force, as a multiple of 10^-price_scale */
};

/* An order's own first row. */
struct sw_first_event {
    bool known; /* there is one */
    bool reload_told, reload;
    bool valid, crossed; /* its quote has both sides, and its bid is not above the offer; or is */
    sw_int128 bid, offer;
};

/* Opens the stream of events, or, where that is not NULL, an input that is open. SW_DATA: a column is missing or of the wrong type. Zero-initialize before,
 * close in any case. */
bool sw_event_rows_open(struct sw_event_rows *events, const char *const *paths, size_t count,
                        const struct sw_input *input, struct sw_error *error) SW_CHECKED;

/* The finest scale of its prices. */
int sw_event_rows_scale(const struct sw_event_rows *events);

/* Goes to the first event of the order in a row of these two vectors, behind the last one. SW_DATA: not
 * sorted, with file and row; a price out of range. */
bool sw_event_rows_begin(struct sw_event_rows *events, const struct sw_vector *security,
                         const struct sw_vector *order, size_t row, struct sw_first_event *first,
                         struct sw_error *error) SW_CHECKED;

/* Makes `limit` the price of the order's last event at or before a time, none where there is no event
 * or no price; times ascend. */
bool sw_event_rows_limit(struct sw_event_rows *events, int64_t time_ns,
                         struct sw_error *error) SW_CHECKED;

/* Goes through what is left, so that all of it is checked. */
bool sw_event_rows_drain(struct sw_event_rows *events, struct sw_error *error) SW_CHECKED;

void sw_event_rows_close(struct sw_event_rows *events);

#endif
