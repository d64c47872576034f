/* SPDX-License-Identifier: ISC
 *
 * The ledger of an analysis: that of its rows (ledger/rows.h) by table, beside what became of the trades and orders in the
 * securities' jobs: rows that were kept must be those that the jobs took.
 */
#ifndef SW_LEDGER_ANALYSIS_H
#define SW_LEDGER_ANALYSIS_H

#include "ledger/rows.h"

/* Appends it as CSV, but for the lines of scenarios: a line each file, by table and name whatever their order, and "all" of each table.
 * by_security is ledger_by_security.csv, whose last line is of all; other_trades as sw_securities_other_trades writes it; quotes
 * "CROSSED,ONE_SIDED". SW_SYSTEM: a file that cannot be read or is none of this form; what does not add up, and how. */
bool sw_ledger_analysis(const struct sw_ledger *ledger, const char *by_security,
                        const char *other_trades, const char *quotes, struct sw_buffer *out,
                        struct sw_error *error) SW_CHECKED;

#endif
