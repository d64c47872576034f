/* SPDX-License-Identifier: ISC
 *
 * Columns of 32-bit numbers, row after row, in bounded memory: held there until they take too much, and then, some rows of all columns at a time,
 * put into a temporary file, from which a column is read back whole.
 *
 *     if (!sw_value_columns_open(&columns, 2, 32 << 20, "/tmp", error)) …
 *     for every block: sw_value_columns_append(&columns, 0, …), sw_value_columns_append(&columns, 1, …), sw_value_columns_added(&columns, rows, …)
 *     if (!sw_value_columns_read(&columns, 1, &numbers, error)) …      // numbers.at[0] to numbers.at[columns.rows - 1]
 *     sw_value_numbers_free(&numbers);
 *     sw_value_columns_free(&columns);
 */
#ifndef SW_GROUP_VALUE_COLUMNS_H
#define SW_GROUP_VALUE_COLUMNS_H

#include "base/pages.h"
#include "files/scratch.h"

struct sw_value_columns {
    size_t count;
    size_t rows;  /* of each column */
    bool spilled; /* some of them are in the file */
    /* The rest is the module's own. */
    uint64_t memory_bytes;
    const char *folder;
    struct sw_pages *held; /* of each column the rows that are in memory, the last ones */
    size_t held_rows;
    struct sw_scratch
        scratch; /* where spilled: pieces of some rows, each column's of them after the one before */
    struct sw_value_piece *pieces;
    size_t piece_count, piece_capacity;
};

/* folder NULL: nothing is put into a file, whatever memory it takes. It stays while they are used. SW_SYSTEM: memory. Zero-initialize before;
 * free in any case. */
bool sw_value_columns_open(struct sw_value_columns *columns, size_t count, uint64_t memory_bytes,
                           const char *folder, struct sw_error *error) SW_CHECKED;
void sw_value_columns_free(struct sw_value_columns *columns);

/* Appends rows to one column; once every one has as many more, they are added. SW_SYSTEM: memory, the file. */
bool sw_value_columns_append(struct sw_value_columns *columns, size_t column,
                             const uint32_t *numbers, size_t rows,
                             struct sw_error *error) SW_CHECKED;
bool sw_value_columns_added(struct sw_value_columns *columns, size_t rows,
                            struct sw_error *error) SW_CHECKED;

/* All numbers of a column: where nothing was spilled, as they are held. */
struct sw_value_numbers {
    const uint32_t *at;
    uint32_t *read; /* its own copy, or NULL */
};

/* Free *numbers in any case. SW_SYSTEM: memory, the file. */
bool sw_value_columns_read(struct sw_value_columns *columns, size_t column,
                           struct sw_value_numbers *numbers, struct sw_error *error) SW_CHECKED;
void sw_value_numbers_free(struct sw_value_numbers *numbers);

/* A column that is not read any more gives back its memory. */
void sw_value_columns_drop(struct sw_value_columns *columns, size_t column);

#endif
