/* SPDX-License-Identifier: ISC
 *
 * The rows of a block into one field of their cells' records: the loops that listed measures are
 * made of, and that the standard ones fall back on where values are not 64-bit.
 */
#ifndef SW_MEASURE_ACCUMULATE_H
#define SW_MEASURE_ACCUMULATE_H

#include "measure/cell_sums.h"
#include "measure/accumulator.h"

struct sw_update {
    const uint32_t *cells; /* of each row */
    unsigned char *records;
    size_t stride, start, rows;                /* row `start` to the one before `rows` */
    const struct sw_vector *values;            /* NULL for a count of rows */
    const uint32_t *ids;                       /* of values that are text, in the field's table */
    const struct sw_vector *times, *sequences; /* of FIRST and LAST; sequences may be NULL */
    struct sw_cell_sums *sums; /* of all the block's rows, where that pays; else NULL */
};

static inline unsigned char *sw_record_of(const struct sw_update *update, size_t row)
{
    return update->records + update->cells[row] * update->stride;
}

/* Adds the values of the rows to the field of their cells: rows to a count, or those that are not null; numbers and their squares to sums; to an
 * extreme, or a first or last value, what goes beyond it. */
void sw_update_field(const struct sw_update *update, const struct sw_field *field);

#endif
