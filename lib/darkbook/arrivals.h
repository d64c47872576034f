/* SPDX-License-Identifier: ISC
 *
 * What comes to the dark book, in order of time: the events of Centre Point orders, with what is
 * only known when all of an order is. Order events and trades, both sorted by security and order,
 * are read side by side; what matters of each event goes through a sorter, and comes out by
 * security, time and sequence. Memory is that of the sorter, of the events of one order, and of the
 * participants; of the orders too where their ids are texts.
 *
 *     events ─▶ orders ─┐
 *                       ├▶ roles ─▶ sorter ─▶ arrivals
 *     trades ─▶ days ───┘
 *
 *     if (!sw_arrivals_open(&arrivals, &settings, error) || !sw_arrivals_read(&arrivals, error)) …
 *     while ((step = sw_arrivals_next(&arrivals, &arrival, error)) == SW_ROWS) …
 *     sw_arrivals_free(&arrivals);
 */
#ifndef SW_DARKBOOK_ARRIVALS_H
#define SW_DARKBOOK_ARRIVALS_H

#include "darkbook/day_trades.h"
#include "darkbook/order_events.h"
#include "sort/sorter.h"

/* What an event is in the life of its order. */
enum sw_arrival_flag {
    SW_ARRIVAL_FIRST_OF_DATE = 1, /* the order's first event of its local date */
    SW_ARRIVAL_FIRST = 2,         /* of all */
    SW_ARRIVAL_LAST = 4,          /* the last of all */
    SW_ARRIVAL_SWEEP = 8,         /* a sweep that qualifies waits from here on */
    SW_ARRIVAL_CONTRA = 16,       /* by its first event of the date it is of the set centre_point */
    SW_ARRIVAL_PRICED = 32,
    SW_ARRIVAL_ON_BOOK = 64, /* orderstatus 1, or there is no such column */
    SW_ARRIVAL_LIT = 128,    /* of the set sweep: what does not trade rests on the lit book */
};

struct sw_arrival {
    const struct sw_vector *security; /* its value is at `row`, until the next call */
    size_t row;
    int64_t time_ns, date;
    unsigned flags;  /* of enum sw_arrival_flag */
    uint64_t number; /* of the order, as they come in the input */
    sw_int128 order; /* its id, or where that is a text sw_arrivals.ids' number of it */
    uint32_t participant;
    bool buys;
    sw_int128 price;                         /* ÷ 10^price_scale, where PRICED */
    sw_int128 quantity, leaves;              /* ÷ 10^quantity_scale */
    sw_int128 minimum, single, key, midtick; /* 0 where not there */
    sw_int128 tick;                          /* for who reads them to fill in */
    int64_t until_ns;                        /* of a sweep: its last trade */
    sw_int128 swept;                         /* and its quantity */
};

struct sw_arrival_counts {
    uint64_t events, orders, sweeps, contras; /* the last two by date */
    uint64_t without_side;                    /* orders that are neither 1 nor 2 */
    uint64_t trades, matched;                 /* rows of the trades file; those with an order */
};

/* How many contras a security has on a date: of those that sell, of those that buy. */
struct sw_contra_day {
    size_t security; /* its number among those that have arrivals */
    int64_t date;
    uint64_t contras[2];
};

struct sw_arrivals_settings {
    const char *const *events; /* files; none: standard input */
    size_t event_count;
    const char *trades; /* NULL: none, and no sweep that qualifies */
    const char *share_directory;
    struct sw_view_settings view;         /* its zone is that of dates, too */
    const struct sw_selectors *selectors; /* of sweeps, by the last event of their date */
    bool all_events;                      /* else only what the simple rules look at */
    uint64_t memory_bytes;
    const char *folder;
};

struct sw_arrivals {
    struct sw_arrivals_settings settings;
    struct sw_order_events events;
    struct sw_day_trades trades;
    struct sw_zone zone;
    struct sw_schema schema; /* of the sorter's rows */
    struct sw_builder *builders;
    const struct sw_vector **vectors;
    struct sw_sorter sorter;
    size_t next_row;
    struct sw_arrival_counts counts;
    struct sw_tick_sizes *ticks;  /* where prices are told to, set after opening; NULL: nowhere */
    struct sw_match_tally *tally; /* as these; the trades are told to it, too */
    struct sw_match_line *line; /* of the current security there, and what was counted before it: */
    struct sw_arrival_counts before;
    struct sw_contra_day *days; /* of the securities in their order */
    size_t day_count, day_capacity, securities;
    uint64_t security_rows; /* of the current one */
};

/* Opens the inputs. SW_DATA: an input is not what it has to be, a column is missing or not of its
 * type; SW_USAGE: an unknown zone, a selector. Zero-initialize before, free in any case. */
bool sw_arrivals_open(struct sw_arrivals *arrivals, const struct sw_arrivals_settings *settings,
                      struct sw_error *error) SW_CHECKED;

/* Reads them to their ends. SW_DATA with file and row: out of order, a null where none may be. */
bool sw_arrivals_read(struct sw_arrivals *arrivals, struct sw_error *error) SW_CHECKED;

/* The next arrival by security, time, sequence. */
enum sw_step sw_arrivals_next(struct sw_arrivals *arrivals, struct sw_arrival *arrival,
                              struct sw_error *error) SW_CHECKED;

/* Those of a date of the security of this number, as they come out, from 0. */
const struct sw_contra_day *sw_arrivals_day(const struct sw_arrivals *arrivals, size_t security,
                                            int64_t date);

void sw_arrivals_free(struct sw_arrivals *arrivals);

#endif
