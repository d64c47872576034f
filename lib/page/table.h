/* SPDX-License-Identifier: ISC
 *
 * A CSV as a table of HTML: its cells are the file's own strings. In a box of its own, which
 * scrolls.
 */
#ifndef SW_PAGE_TABLE_H
#define SW_PAGE_TABLE_H

#include "page/rows.h"
#include "base/bytes.h"

enum { SW_PAGE_ROWS_SHOWN = 1000 };

struct sw_page_table {
    const char *path;
    const char *name;        /* the file's name as the page shows it */
    const char *const *only; /* of these columns, NULL-ended, those that are there; NULL: all */
    bool totals;             /* only the rows whose first cell is "all" */
};

/* What was read of it on the way. */
struct sw_page_seen {
    uint64_t rows;          /* in the file, the header not counted */
    size_t columns;         /* that are shown */
    uint64_t shown;         /* rows */
    struct sw_buffer names; /* the shown columns', each ended by a NUL; whoever asks frees it */
};

/* Appends the table: nothing where it has no column that is asked for. Its first SW_PAGE_ROWS_SHOWN
 * rows; where there are more, a line says how many and where. As sw_page_rows; SW_DATA also where
 * the file became another meanwhile. */
bool sw_page_table(const struct sw_page_table *table, struct sw_page_seen *seen,
                   struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

#endif
