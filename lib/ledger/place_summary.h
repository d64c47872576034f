/* SPDX-License-Identifier: ISC
 *
 * What the results of a place come to (ledger/results.h): of the securities of one job of an analysis how many orders and trades there are, how
 * much of what was asked for was traded, and which files were made. What is not there, or is not of its form, is not known: a run may be looked at
 * while it goes on, or was left by another build.
 */
#ifndef SW_LEDGER_PLACE_SUMMARY_H
#define SW_LEDGER_PLACE_SUMMARY_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/wide.h"

enum { SW_FILL_RATIO_SCALE = 6 };

/* Where it is. */
struct sw_result_place {
    const char *run, *output; /* the folders of the run and of its results */
    const char *name;         /* of the place */
    const char *folders;      /* of its securities below OUTPUT/by_security, between commas */
    bool has_table;           /* the securities' files may be one a table, in by_security/NAME */
};

/* Zero-initialize; free files. */
struct sw_place_summary {
    bool orders_known, trades_known, ratio_known, files_known;
    uint64_t orders, trades;
    sw_int128
        fill_ratio; /* quantity traded ÷ quantity asked for, over all dates, multiples of 10^-SW_FILL_RATIO_SCALE */
    struct sw_buffer files; /* their paths below OUTPUT/by_security, a NUL after each */
};

/* SW_SYSTEM: no memory. */
bool sw_place_summary_read(const struct sw_result_place *place, struct sw_place_summary *summary,
                           struct sw_error *error) SW_CHECKED;

#endif
