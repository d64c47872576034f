/* SPDX-License-Identifier: ISC
 *
 * The ledger of an analysis: that of its rows (ledger/rows.h) by table, beside what became of the trades and orders in the
 * securities' jobs: rows that were kept must be those that the jobs took.
 */
#ifndef SW_LEDGER_ANALYSIS_H
#define SW_LEDGER_ANALYSIS_H

#include "ledger/rows.h"
#include "ledger/tallies.h"

/* Appends it as CSV: a line each file, by table and name whatever their order, "all" of each table, and a line each scenario.
 * other_trades is a file as sw_securities_other_trades writes it. SW_SYSTEM: it cannot be read or is none; what does not add up,
 * and how. */
bool sw_ledger_analysis(const struct sw_ledger *ledger, const struct sw_tallies *tallies,
                        const char *other_trades, struct sw_buffer *out,
                        struct sw_error *error) SW_CHECKED;

/* Appends what a user should know of the data: trades and orders that do not fit each other, values that cannot be had. LEVEL (info, warning) and
 * what there is to say, a line each. SW_SYSTEM as above. */
bool sw_ledger_doubts(const struct sw_tallies *tallies, const char *other_trades,
                      struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

#endif
