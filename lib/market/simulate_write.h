/* SPDX-License-Identifier: ISC
 *
 * A simulation from its inputs to what is written of it: a row for each order and scenario, or a line
 * of sums for each scenario; and beside either, where it is wanted, the orders themselves with their
 * costs. What was written is held against what was read.
 *
 *     orders ─┐                      ┌▶ rows, or lines of sums
 *     quotes ─┴▶ market/simulate.h ──┴▶ orders with their costs
 *
 *     run.settings = …, run.nbbo = …; sw_reader_open(&run.orders, …)
 *     if (!sw_simulate_run(&run, error)) …          // run.summary, run.quotes: what it rests on
 *     sw_simulate_run_free(&run);
 */
#ifndef SW_MARKET_SIMULATE_WRITE_H
#define SW_MARKET_SIMULATE_WRITE_H

#include "market/simulation.h"
#include "market/summary.h"

struct sw_simulate_run {
    struct sw_simulate_settings settings;
    const char *nbbo; /* the quotes' file */
    bool sums;        /* lines of sums, in this format, instead of rows */
    enum sw_print_format format;
    const char *per_order; /* the file of the orders; NULL: none is wanted */
    const char *made_by;   /* added to the provenance */
    size_t made_by_length;
    struct sw_reader orders;           /* opened by the caller */
    struct sw_output output;           /* the same; open at the end, too */
    struct sw_output per_order_output; /* the same, where it is wanted */
    struct sw_summary summary;         /* its inclusion and scenarios are the caller's to set */
    struct sw_quotes quotes;
    struct sw_simulate simulate;
    /* The rest is the module's own. */
    struct sw_simulation simulation;
    struct sw_per_order orders_out;
};

/* Simulates and writes. SW_DATA: an input is not what it has to be; SW_SYSTEM: what was written does
 * not add up to what was read. */
bool sw_simulate_run(struct sw_simulate_run *run, struct sw_error *error) SW_CHECKED;

/* The lines of sums of rows that were simulated before, or of sums of them, which are the orders. Outcomes as
 * sw_summary_read, sw_summary_sums_read and sw_summary_write. */
bool sw_simulate_add_up(struct sw_simulate_run *run, struct sw_error *error) SW_CHECKED;

/* Writes what the results rest on to a file, counts of orders and quotes, each with its name. */
bool sw_simulate_tally(const struct sw_simulate_run *run, const char *path,
                       struct sw_error *error) SW_CHECKED;

/* Frees all but the outputs. */
void sw_simulate_run_free(struct sw_simulate_run *run);

#endif
