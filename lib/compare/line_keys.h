/* SPDX-License-Identifier: ISC
 *
 * Which line a row of a sorter is of: the first columns of each sorter of a comparison (compare/lines.h).
 */
#ifndef SW_COMPARE_LINE_KEYS_H
#define SW_COMPARE_LINE_KEYS_H

#include "compare/lines.h"

/* Puts a line's columns at the end of a sorter's builders. SW_SYSTEM: memory. */
bool sw_line_key_put(struct sw_row_sorter *rows, size_t by, const struct sw_order_pair_key *key,
                     struct sw_error *error) SW_CHECKED;

/* The line of a sorter's current row, which there is: the one at *at, or one after it; *at is its place. */
struct sw_line *sw_line_at(const struct sw_lines *lines, const struct sw_row_sorter *rows,
                           size_t *at);

#endif
