/* SPDX-License-Identifier: ISC
 *
 * The made-up market: what happens at one moment to one security. Orders of earlier days come back,
 * orders are entered, updated and cancelled, meet in the auctions, in the visible book, in the dark
 * at the middle of bid and offer, or are booked, and what is left is purged at the end of the day.
 * Every event is written as it happens and what it leaves after is kept, so that the tables agree
 * at every row.
 *
 * An order that rests for the day has one more row coming, whatever becomes of it. That row is
 * reserved when it comes to rest: so every day ends with its purge, and the number of rows is
 * exact.
 */
#ifndef SW_GENERATE_MARKET_H
#define SW_GENERATE_MARKET_H

#include "generate/clock.h"
#include "generate/rows.h"

struct sw_gen_market {
    const struct sw_generate_settings *settings;
    struct sw_gen_random random;
    struct sw_gen_clock clock;
    struct sw_gen_rows rows;
    struct sw_gen_security *securities;
    uint16_t *draw;   /* securities, each as often as it trades */
    uint16_t *active; /* securities that may have orders, the first touched first */
    int64_t active_count;
    int64_t cursor, place; /* in a phase that has a list: the security, the order in it */
    int64_t reserved;      /* rows: one for each order that rests for the day */
    int64_t staying, staying_maximum; /* orders kept at this day's end */
    int64_t made;                     /* rows of the last moment */
    uint64_t order_id;
};

/* Sets up the securities and the tables; SW_SYSTEM when there is no memory. Free with
 * sw_gen_market_free, after a failure too. */
bool sw_gen_market_start(struct sw_gen_market *market, const struct sw_generate_settings *settings,
                         struct sw_output *const outputs[SW_GEN_TABLES],
                         struct sw_error *error) SW_CHECKED;

/* Makes the next moment's rows: one order event at least, SW_GEN_LINES_AT_ONCE at most, never more
 * than are due. */
void sw_gen_market_step(struct sw_gen_market *market);

void sw_gen_market_free(struct sw_gen_market *market);

/* Order events still due. */
static inline int64_t sw_gen_due(const struct sw_gen_market *market)
{
    return market->settings->rows - market->rows.tables[SW_GEN_ORDERS].rows;
}

/* Order events made or reserved. */
static inline int64_t sw_gen_taken(const struct sw_gen_market *market)
{
    return market->rows.tables[SW_GEN_ORDERS].rows + market->reserved;
}

/* Order events still due that no resting order has reserved. */
static inline int64_t sw_gen_room(const struct sw_gen_market *market)
{
    return market->settings->rows - sw_gen_taken(market);
}

#endif
