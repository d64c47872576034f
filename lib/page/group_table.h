/* SPDX-License-Identifier: ISC
 *
 * A CSV of groups in memory: its cells as they are written, found by the keys of their row and the name of their column.
 */
#ifndef SW_PAGE_GROUP_TABLE_H
#define SW_PAGE_GROUP_TABLE_H

#include "base/bytes.h"
#include "record/vector.h"

struct sw_group_table {
    /* "COL,…"; NULL: the columns before the one that says what was counted (orders, events, trades, …), or `metric`. */
    const char *keys;
    bool *is_key; /* one per column */
    size_t column_count, row_count;
    struct sw_buffer bytes; /* of all cells, the header's first */
    size_t *ends;           /* where each cell ends in it, row by row, the header's first */
    size_t end_count, end_capacity;
    struct sw_builder index; /* the keys of the rows: the code of one is the row's number */
};

/* Reads the file, plain or gzip. SW_DATA: no CSV, no header, or two rows of one key; SW_USAGE: a named key that is no column, or
 * none are named and no column says what was counted; SW_SYSTEM. Zero-initialize but for keys; free also after a failure. */
bool sw_group_table_read(struct sw_group_table *table, const char *path,
                         struct sw_error *error) SW_CHECKED;
void sw_group_table_free(struct sw_group_table *table);

struct sw_text sw_group_table_name(const struct sw_group_table *table, size_t column);
struct sw_text sw_group_table_cell(const struct sw_group_table *table, size_t row, size_t column);

/* The column of that name, or SIZE_MAX. */
size_t sw_group_table_column(const struct sw_group_table *table, struct sw_text name);

/* The keys of a row, with a slash between them; the row of these keys, or SIZE_MAX, and there is an error where memory is out. */
struct sw_text sw_group_table_key(const struct sw_group_table *table, size_t row);
size_t sw_group_table_find(struct sw_group_table *table, struct sw_text key,
                           struct sw_error *error);

#endif
