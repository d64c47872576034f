/* SPDX-License-Identifier: ISC
 *
 * Classifies orders (sw-analysis(7)): order events and trades, both sorted by security and order, side by
 * side in one pass → one record per executed order. Memory is that of a block of each. The same id
 * under two securities is two orders.
 *
 *     events ─▶ fold ──┐
 *                      ├▶ join ─▶ classified orders, counts
 *     trades ─▶ sums ──┘
 *
 *     if (!sw_classify_open(&classify, &settings, error)) …        // classify.schema: add
 * provenance if (!sw_classify_run(&classify, &output, error)) …           // classify.counts
 *     sw_classify_free(&classify);
 */
#ifndef SW_MARKET_CLASSIFY_H
#define SW_MARKET_CLASSIFY_H

#include "market/classify_write.h"

struct sw_classify_settings {
    const char *const *events; /* files; none: standard input */
    size_t event_count;
    const struct sw_input *input; /* of them, where it is open already; NULL: files */
    struct sw_trades_settings trades;
    const char *zone; /* of dates; NULL: the one that the events' schema says, or UTC */
    bool all;         /* orders without trades too */
    const struct sw_classify_watch *watch; /* NULL: nobody */
    void *watcher;
};

/* What became of every row. */
struct sw_classify_counts {
    uint64_t events, orders;
    uint64_t executed;         /* orders with a trade */
    uint64_t only_booked;      /* orders without a trade, but with bookings */
    uint64_t mismatched;       /* orders whose Σ trades + bookings is not their last
                             totalmatchedquantity, where that is there */
    uint64_t trades;           /* rows of the trades file, of all kinds */
    struct sw_trade_counts of; /* these by kind, and those that have an order */
};

/* Rows of the trades file that have an order, of all kinds. */
uint64_t sw_classify_matched(const struct sw_classify_counts *counts);

struct sw_classify {
    struct sw_classify_settings settings;
    struct sw_zone zone;
    struct sw_event_fold fold;
    struct sw_trades trades;
    struct sw_schema schema; /* of the classified orders */
    struct sw_classified_writer writer;
    struct sw_classify_counts counts;
};

/* Opens the inputs and makes the schema. SW_USAGE: an unknown zone or set; SW_DATA: an input that is not
 * what it has to be. Free in any case; zero-initialize before. */
bool sw_classify_open(struct sw_classify *classify, const struct sw_classify_settings *settings,
                      struct sw_error *error) SW_CHECKED;

/* Writes the classified orders; the output stays open. SW_DATA with file, row and order: see the
 * parts. */
bool sw_classify_run(struct sw_classify *classify, struct sw_output *output,
                     struct sw_error *error) SW_CHECKED;

void sw_classify_free(struct sw_classify *classify);

/* Writes "NAME<tab>VALUE" lines to a file, which appears whole. SW_SYSTEM on failure. */
bool sw_classify_tally(const struct sw_classify_counts *counts, const char *path,
                       struct sw_error *error) SW_CHECKED;

/* Says what a user should know of the data: trades and bookings without an order, rows that are taken for
 * no trades, orders that have bookings alone, and orders whose trades are not what they matched. */
void sw_classify_say(const struct sw_classify_counts *counts,
                     void (*say)(const char *format, ...) SW_PRINTF(1, 2));

#endif
