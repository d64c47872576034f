/* SPDX-License-Identifier: ISC
 *
 * What becomes of rows that are not what they should be: either the first one ends the run, or they
 * are written to a file, a line each:
 *
 *     FILE:@BYTE <tab> COLUMN <tab> REASON <tab> RAW LINE
 *
 * Tabs, newlines, carriage returns and backslashes in it are \t \n \r \\, the bytes of what else a
 * terminal must not have (base/shown.h) \xHH. COLUMN is "-" where the row itself is at fault.
 */
#ifndef SW_CSV_REJECTS_H
#define SW_CSV_REJECTS_H

#include "files/output.h"
#include "csv/row_batch.h"

struct sw_bad_rows {
    bool only_counted; /* nothing is opened or written */
    struct sw_output output;
    uint64_t count;
    struct sw_buffer line;
};

struct sw_bad_row {
    const char *file;
    uint64_t line; /* in the file; 0: not known */
    struct sw_row_place place;
    const char *column; /* NULL: the row itself */
    const char *reason;
    const char *value; /* of the column, or the row */
    size_t value_length;
};

/* Opens the file, which appears under its name when its output is closed or published. */
bool sw_bad_open(struct sw_bad_rows *bad, const char *path, struct sw_error *error) SW_CHECKED;

/* Writes the row; with bad NULL, fails with SW_DATA: "FILE:LINE: COLUMN: REASON: 'VALUE'", "@BYTE"
 * standing for an unknown line. */
bool sw_bad_add(struct sw_bad_rows *bad, const struct sw_bad_row *row,
                struct sw_error *error) SW_CHECKED;

/* Removes the unfinished file, unless `output` was closed or published (files/output.h). To be called in any case. */
void sw_bad_abandon(struct sw_bad_rows *bad);

#endif
