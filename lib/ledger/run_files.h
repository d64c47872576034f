/* SPDX-License-Identifier: ISC
 *
 * The files of a run's folder that say what it has found and counted: which securities there are,
 * where every row went, what is doubtful. Each is put together out of what the run's jobs left
 * there.
 *
 *     WORK/chunks/all ─▶ securities ─▶ WORK/matrix.csv, securities/found, securities/other_trades
 *     tallies of jobs ─▶ ledger     ─▶ WORK/ledger.csv, ledger_by_security.csv, securities/…
 */
#ifndef SW_LEDGER_RUN_FILES_H
#define SW_LEDGER_RUN_FILES_H

#include "ledger/rows.h"

/* Writes WORK's matrix.csv, securities/other_trades and securities/found; or, for a picture of it,
 * only the matrix as a table for people, to standard output. Outcomes as sw_securities_read, and of
 * writing. */
bool sw_ledger_securities(const char *work, bool picture, struct sw_error *error) SW_CHECKED;

/* Appends the ledger of rows that a stage read, as CSV, to `text`; *all: the sum of it. What is known of the inputs is read from `about` ("-":
 * standard input), `events` as sw_ledger_open has it. SW_SYSTEM: it does not add up. */
bool sw_ledger_count(const char *work, const char *stage, const char *about, const char *events,
                     struct sw_buffer *text, struct sw_ledger_counts *all,
                     struct sw_error *error) SW_CHECKED;

/* Writes the ledgers of a run that has a result for each security: ledger.csv,
 * ledger_by_security.csv and securities/totals; of an analysis also securities/tally and
 * securities/doubts. `tallies_of` names the tallies' files, as sw_tallies_read has it. SW_SYSTEM: it does
 * not add up. */
bool sw_ledger_of_securities(const char *work, const char *stage, const char *const *tallies_of,
                             size_t count, bool match, struct sw_error *error) SW_CHECKED;

#endif
