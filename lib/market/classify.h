/* SPDX-License-Identifier: ISC
 *
 * Classifies orders (DESIGN 5): order events and trades, both sorted by security and order, side by
 * side in one pass → one record per executed order. Memory is that of a block of each and a bounded
 * sort of the orders' ids.
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

#include "market/classify_identity.h"
#include "market/classify_write.h"

struct sw_classify_settings {
    const char *const *events; /* files; none: standard input */
    size_t event_count;
    const char *trades; /* a file; "-": standard input */
    const char *zone;   /* of dates; NULL: SW_ZONE_DEFAULT */
    const char *folder; /* of temporary files; see sw_temporary_directory */
    bool all;           /* orders without trades too */
};

/* What became of every row. */
struct sw_classify_counts {
    uint64_t events, orders;
    uint64_t executed; /* orders with a trade */
    uint64_t trades;
    uint64_t matched, unmatched; /* trades with and without an order; trades in all */
    uint64_t mismatched; /* orders whose Σ trades is not their last totalmatchedquantity, null
                            counting as 0 */
};

struct sw_classify {
    struct sw_classify_settings settings;
    struct sw_zone zone;
    struct sw_event_fold fold;
    struct sw_trades trades;
    struct sw_identity identity;
    struct sw_schema schema; /* of the classified orders */
    struct sw_classified_writer writer;
    struct sw_classify_counts counts;
};

/* Opens the inputs and makes the schema. SW_USAGE: an unknown zone; SW_DATA: an input that is not
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

#endif
