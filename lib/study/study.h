/* SPDX-License-Identifier: ISC
 *
 * The study of a range of securities, in one go (sw-analysis(7)): sorted events, trades and quotes, each in any number of files, to all that
 * is known of their orders. What a stage leaves for the next is in a file without a name, which the system writes to the disk only
 * where its memory does not do; memory here does not grow with the rows.
 *
 *     events ─▶ merge ─▶ fold ─┬▶ classified ─▶ selected ─┬▶ scenarios ─▶ orders.swr ─▶ partial.swr, metrics
 *     trades ─▶ merge ─────────┘                          │            ├▶ simulation_sums.swr
 *                                                         │            └▶ simulated orders, for files
 *     quotes ─▶ merge ────────────────────────────────────┘
 *     events, classified and simulated orders ─▶ sorted by security and date ─▶ a file each (study/study_files.h)
 *
 *     if (!sw_study_run(&settings, error)) …
 */
#ifndef SW_STUDY_STUDY_H
#define SW_STUDY_STUDY_H

#include "expr/selectors.h"
#include "market/simulate.h"
#include "study/study_files.h"

/* Sorted record streams, one table's. */
struct sw_study_input {
    const char *const *paths;
    size_t count;
};

struct sw_study_settings {
    struct sw_study_input events, trades, quotes;
    /* Securities: rows of all three; participants: events; the others: orders, by their last state. */
    struct sw_selectors selectors;
    struct sw_view_settings view;
    const char *trades_in, *share_directory; /* as in market/trade_kinds.h */
    /* Whole_orders; its folder and memory are of all sorts here. */
    struct sw_simulate_settings simulate;
    struct sw_inclusion inclusion;
    const char *sessions, *open; /* of the measures of costs, as in tca/tca.h; NULL: none */
    const char *keys,
        *measures; /* of partial.swr, beside the standard reports and behind their measures; NULL: none */
    const char *made_by; /* added to the provenance of what is made */
    struct sw_study_format format;
    bool tables;               /* a file for each table, none for each security and date */
    bool no_costs;             /* neither tca.swr nor files of it */
    bool no_events;            /* no copies of the events of selected orders … */
    const char *event_columns; /* … else these columns of them, "COL,…"; NULL: all */
    const char *folder;        /* where results go; it is there */
};

/* Writes into the folder
 *
 *     orders.swr         the selected orders with what scenarios would have cost, sorted by security and order
 *     simulation_sums.swr   what the simulated ones come to, a row for each security and scenario (market/summary_sums.h)
 *     tca.swr            of the selected orders' measures of transaction cost analysis what reports over costs read (tca/table.h), by
 *                        security, unless no_costs
 *     partial.swr        partial aggregates of all reports over the first
 *     tally              a line of names, then one a security: what became of its rows (study/study_tally.h)
 *     by_security/…      see study/study_files.h
 *
 * SW_DATA and SW_USAGE as the parts say. On failure what was written so far is left behind. */
bool sw_study_run(const struct sw_study_settings *settings, struct sw_error *error) SW_CHECKED;

#endif
