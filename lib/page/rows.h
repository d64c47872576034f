/* SPDX-License-Identifier: ISC
 *
 * The rows of a CSV as they are written: texts, without a schema, so that what is shown are the
 * file's own strings. Plain or gzip.
 */
#ifndef SW_PAGE_ROWS_H
#define SW_PAGE_ROWS_H

#include <stdint.h>

#include "base/error.h"

struct sw_page_row {
    uint64_t number; /* 0: the header */
    size_t columns;
    const char *text;
    const uint32_t *cells; /* columns + 1 of them: where the separators before and after stand */
};

/* The bytes of a cell, and how many. */
static inline const char *sw_page_cell(const struct sw_page_row *row, size_t column, size_t *length)
{
    *length = row->cells[column + 1] - row->cells[column] - 1;
    return row->text + row->cells[column] + 1;
}

bool sw_page_cell_is(const struct sw_page_row *row, size_t column, const char *text);

/* Which cell of a row, the header, has this text; SIZE_MAX: none. */
size_t sw_page_find(const struct sw_page_row *row, const char *text);

/* Gives the header and every row of the file to `take`, until that is false. Rows that are empty
 * lines are none. SW_DATA: a row with another number of cells than the header, a quote where none
 * may stand, no header, a damaged gzip; SW_SYSTEM: it cannot be read. */
bool sw_page_rows(const char *path,
                  bool (*take)(void *owner, const struct sw_page_row *row, struct sw_error *error),
                  void *owner, struct sw_error *error) SW_CHECKED;

#endif
