/* SPDX-License-Identifier: ISC
 *
 * Which standard measures there are, and what of them a table's columns allow: the fields of a record
 * in which they are gathered, and the shape that the reports have for it. How rows are added to the
 * fields is measure/standard_measures.h's.
 *
 *     columns of the rows ─▶ fields that there are ─▶ measures made of them
 */
#ifndef SW_MEASURE_STANDARD_SHAPE_H
#define SW_MEASURE_STANDARD_SHAPE_H

#include "measure/measure.h"

enum sw_standard_column {
    SW_QUANTITY,
    SW_MATCHED,
    SW_RATIO_OF_ROW,
    SW_VALUE,
    SW_PRICE,
    SW_TIME_OF_ROW,
    SW_STANDARD_COLUMNS,
};

/* The fields of a record, in their order. */
enum sw_standard_part {
    SW_STANDARD_ROWS,
    SW_STANDARD_FULL,
    SW_STANDARD_PARTIAL,
    SW_STANDARD_UNFILLED,
    SW_STANDARD_QUANTITY_COUNT,
    SW_STANDARD_QUANTITY_SUM,
    SW_STANDARD_QUANTITY_SQUARES,
    SW_STANDARD_MATCHED_COUNT,
    SW_STANDARD_MATCHED_SUM,
    SW_STANDARD_RATIO_COUNT,
    SW_STANDARD_RATIO_SUM,
    SW_STANDARD_VALUE_COUNT,
    SW_STANDARD_VALUE_SUM,
    SW_STANDARD_PRICE_COUNT,
    SW_STANDARD_PRICE_SUM,
    SW_STANDARD_PRICE_LEAST,
    SW_STANDARD_PRICE_MOST,
    SW_STANDARD_TIME_COUNT,
    SW_STANDARD_TIME_LEAST,
    SW_STANDARD_TIME_MOST,
    SW_STANDARD_FIELDS,
};

struct sw_standard_field {
    const char *name;
    enum sw_field_kind kind;
    int column; /* enum sw_standard_column; -1: none */
};

/* By enum sw_standard_part. */
extern const struct sw_standard_field sw_standard_fields[SW_STANDARD_FIELDS];

/* The columns of rows; NULL for the time, which has a name of its own in each table. */
extern const char *const sw_standard_columns[SW_STANDARD_COLUMNS];

/* What is to be aggregated, by its schema: rows, or partial aggregates of rows; NULL: not known, and
 * taken to have everything. */
struct sw_measured {
    const struct sw_schema *schema;
    bool partial;
};

/* Whether the rows have a column that reports are grouped by, stored or derived. */
bool sw_measured_has(const struct sw_measured *measured, const char *column);

/* Makes the shape of the standard measures of what there is: those of columns that the rows have
 * not are left out, and the first is called by what a row is. SW_SYSTEM: no memory. Free the shape
 * in any case. */
bool sw_shape_standard(struct sw_shape *shape, struct sw_dimensions *dimensions,
                       const struct sw_measured *measured, struct sw_error *error) SW_CHECKED;

#endif
