/* SPDX-License-Identifier: ISC
 *
 * Made-up orders, trades and quotes that agree with each other. One pass over time makes all three
 * tables: it holds a short list of open orders per security and nothing else, so memory grows with
 * the number of securities only. The same settings give the same bytes on every machine.
 *
 *     struct sw_generate_settings settings = {.rows = 1000, .securities = 150, .days = 5,
 * .participants = 100}; if (!sw_generate_check(&settings, error)) return false; return
 * sw_generate_files(&settings, "DIR", error);
 */
#ifndef SW_GENERATE_GENERATE_H
#define SW_GENERATE_GENERATE_H

#include <stdint.h>

#include "base/error.h"
#include "files/output.h"

enum sw_gen_table {
    SW_GEN_ORDERS,
    SW_GEN_TRADES,
    SW_GEN_QUOTES,
    SW_GEN_EXPECTED, /* what planted sweeps match: of planted days alone */
    SW_GEN_TABLES,   /* how many */
};

enum {
    SW_GENERATE_SECURITIES_MAXIMUM = 10000,
    SW_GENERATE_DAYS_MAXIMUM = 10000,
    SW_GENERATE_PARTICIPANTS_MAXIMUM = 1000000,
    SW_GENERATE_PLANTED_MAXIMUM = 1000000000,
};

struct sw_generate_settings {
    int64_t rows; /* order events */
    int64_t securities, days, participants;
    int64_t seed;
    bool full; /* orders with all 30 columns */
    /* Situations of sweeps in the place of a market, whose rows are as many as they take; 0: a market of `rows`. */
    int64_t planted;
};

/* SW_USAGE where a number is 0 (rows and planted may be) or past its maximum, and where situations
 * are planted for fewer than two participants. */
bool sw_generate_check(const struct sw_generate_settings *settings,
                       struct sw_error *error) SW_CHECKED;

/* How many rows make an orders table of about this many bytes; settings->rows is not looked at.
 * SW_SYSTEM when there is no memory. */
bool sw_generate_rows_of_size(const struct sw_generate_settings *settings, uint64_t size_bytes,
                              int64_t *rows, struct sw_error *error) SW_CHECKED;

/* The table of this name (orders, trades, nbbo, expected); SW_USAGE for another. */
bool sw_generate_table_named(const char *name, enum sw_gen_table *table,
                             struct sw_error *error) SW_CHECKED;

/* Writes each table whose output is not NULL; the outputs stay open and are the caller's. SW_SYSTEM
 * on failure. */
bool sw_generate(const struct sw_generate_settings *settings,
                 struct sw_output *const outputs[SW_GEN_TABLES], struct sw_error *error) SW_CHECKED;

/* Writes one table to standard output. */
bool sw_generate_standard(const struct sw_generate_settings *settings, enum sw_gen_table table,
                          struct sw_error *error) SW_CHECKED;

/* Writes orders.csv, trades.csv and nbbo.csv, and of planted days expected.csv, into a directory,
 * which is made where it is not there.
 * All appear whole, or none does and what was there before stays. */
bool sw_generate_files(const struct sw_generate_settings *settings, const char *directory,
                       struct sw_error *error) SW_CHECKED;

#endif
