/* SPDX-License-Identifier: ISC */
#include "csv/regular_rows.h"

/* The places are regular rows where there are as many newlines as rows, and each stands where its
 * row's last field ends. */
size_t sw_regular_rows_find(sw_scan_function *scan, const char *base, size_t from, size_t to,
                            char separator, size_t columns, uint32_t *places, uint64_t *ended)
{
    places[0] = (uint32_t)from - 1;
    struct sw_scan found = scan(base, from, to, separator, places + 1);
    size_t rows = found.newlines;
    if (found.quote || columns < 2 || rows * columns > found.places) return 0;
    for (size_t row = 1; row <= rows; row++)
        if (base[places[row * columns]] != '\n') return 0;
    *ended += found.newlines;
    return rows;
}
