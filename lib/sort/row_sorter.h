/* SPDX-License-Identifier: ISC
 *
 * Rows that a program makes itself, one at a time, on their way through a sorter and out of it one
 * at a time: the builders of a table in front of sort/sorter.h.
 *
 *     if (!sw_row_sorter_open(&rows, columns, 3, 2, 0, folder, error)) …
 *     for every row:
 *         sw_builder_add_value(&rows.builders[0], …) …          // one value a column
 *         if (!sw_row_sorter_added(&rows, error)) …
 *     if (!sw_row_sorter_finish(&rows, error)) …
 *     while ((step = sw_row_sorter_next(&rows, error)) == SW_ROWS)
 *         … rows.sorter.vectors[column] at rows.row …
 *     sw_row_sorter_free(&rows);
 */
#ifndef SW_SORT_ROW_SORTER_H
#define SW_SORT_ROW_SORTER_H

#include "sort/sorter.h"

struct sw_row_column {
    const char *name;
    enum sw_type type;
    int scale;
};

struct sw_row_sorter {
    struct sw_schema schema;
    struct sw_builder *builders;      /* one per column */
    size_t row;                       /* of the sorter's vectors, once sorted */
    const struct sw_vector **vectors; /* the builders' */
    struct sw_sorter sorter;
    size_t next_row;
};

/* Sorted by the first key_count columns, at most SW_SORT_KEYS_MAXIMUM; equal rows stay in the order in
 * which they came. memory_bytes and folder: as in sort/sorter.h. SW_SYSTEM: memory. Zero-initialize
 * before, free in any case. */
bool sw_row_sorter_open(struct sw_row_sorter *rows, const struct sw_row_column *columns,
                        size_t count, size_t key_count, uint64_t memory_bytes, const char *folder,
                        struct sw_error *error) SW_CHECKED;

/* How many rows may be put into the builders before sw_row_sorter_added is called; at least 1. */
size_t sw_row_sorter_room(const struct sw_row_sorter *rows);

/* A value was put at the end of every builder, or of several rows as many to each. SW_SYSTEM of this and the next two: memory, the
 * temporary file. */
bool sw_row_sorter_added(struct sw_row_sorter *rows, struct sw_error *error) SW_CHECKED;

/* No more rows are coming. */
bool sw_row_sorter_finish(struct sw_row_sorter *rows, struct sw_error *error) SW_CHECKED;

/* Goes to the next row in order. */
enum sw_step sw_row_sorter_next(struct sw_row_sorter *rows, struct sw_error *error);

/* Whether the vectors of the current row are those of no further one: what is wanted of them has to be taken now. */
static inline bool sw_row_sorter_ends_block(const struct sw_row_sorter *rows)
{
    return rows->next_row >= rows->sorter.rows;
}

/* The current row's number in a column; what is null there is 0 here. */
static inline sw_int128 sw_row_sorter_number(const struct sw_row_sorter *rows, int column)
{
    return sw_value(rows->sorter.vectors[column], rows->row);
}

static inline bool sw_row_sorter_is_null(const struct sw_row_sorter *rows, int column)
{
    return sw_is_null(rows->sorter.vectors[column], rows->row);
}

void sw_row_sorter_free(struct sw_row_sorter *rows);

#endif
