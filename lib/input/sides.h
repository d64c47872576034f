/* SPDX-License-Identifier: ISC
 *
 * Whether a file's sides are those that an analysis knows: 1 buys, 2 sells, and nothing else but
 * null. Asked before a run, of the first rows, since otherwise every job of it would say the same.
 * What stands further after is told by whatever meets it.
 */
#ifndef SW_INPUT_SIDES_H
#define SW_INPUT_SIDES_H

#include "schema/csv_schema.h"

enum { SW_SIDES_ROWS = 65536 };

/* Looks at up to *rows_left rows, and takes those off. SW_DATA: "FILE: side: neither 1 (buys) nor 2
 * (sells): 'B'; …". True where they are good, where there is no such column, and of what cannot be
 * read, or not twice. */
bool sw_sides_check(const char *path, const struct sw_csv_schemas *csv_schemas, uint64_t *rows_left,
                    struct sw_error *error) SW_CHECKED;

#endif
