/* SPDX-License-Identifier: ISC
 *
 * The rows of a block counted, and 64-bit columns added up, by cell, where cells are few for the
 * block's rows: in small numbers that lie side by side, which go to the records of the cells once.
 *
 *     if (sw_cell_sums_begin(&sums, cells, cell_limit, rows, error))
 *         … sums.counts[cell] … if (sw_cell_sums_of(&sums, values)) … sums.sums[cell] …
 *     sw_cell_sums_free(&sums);
 */
#ifndef SW_MEASURE_CELL_SUMS_H
#define SW_MEASURE_CELL_SUMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct sw_cell_sums {
    const uint32_t *cells; /* of each row */
    size_t rows, cell_limit;
    uint64_t *counts; /* rows of each cell */
    int64_t *sums;    /* of each cell, after sw_cell_sums_of */
    int64_t *turns;   /* scratch */
};

/* Whether so many rows of cells below cell_limit are better counted this way. */
bool sw_cell_sums_pay(size_t rows, size_t cell_limit);

/* Counts rows (at most SW_BLOCK_ROWS_MAXIMUM), whose cells stay while it is used. SW_SYSTEM: no
 * memory. Free it in any case. */
bool sw_cell_sums_begin(struct sw_cell_sums *sums, const uint32_t *cells, size_t cell_limit,
                        size_t rows, struct sw_error *error) SW_CHECKED;

/* Adds up the rows' values. False, and nothing is known, where they are so large that 64 bits might
 * not hold a sum. */
bool sw_cell_sums_of(struct sw_cell_sums *sums, const int64_t *values) SW_CHECKED;

/* Harmless on a zero-initialized one. */
void sw_cell_sums_free(struct sw_cell_sums *sums);

#endif
