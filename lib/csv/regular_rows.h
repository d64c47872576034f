/* SPDX-License-Identifier: ISC
 *
 * Text whose rows are all plain and have as many fields: its separators (kernels/scan.h) are
 * regular rows, as a matrix: a row of the text is a row there.
 *
 *     columns 3     …\n1,20,300\n4,50,600\n7,8
 *     places        0 2  5   9 11 14  18 20      0 is the newline before; rows 2
 */
#ifndef SW_CSV_REGULAR_ROWS_H
#define SW_CSV_REGULAR_ROWS_H

#include "kernels/scan.h"

/* Finds the places of the separators in base[from..to), which begins with a row: places[0] is
 * from - 1, and field i of a row lies between places[row × columns + i] and the place after that.
 * Returns how many rows end in the text; 0 where it has a quote, an empty line, or a row with
 * another number of fields, and where columns is 1, for then a row cannot be told from an empty
 * line. *ended grows by as many rows as the scanner saw end. `places` must have room for to - from
 * + 17 numbers, and SW_SCAN_STEP bytes after `to` must be readable. */
size_t sw_regular_rows_find(sw_scan_function *scan, const char *base, size_t from, size_t to,
                            char separator, size_t columns, uint32_t *places, uint64_t *ended);

#endif
