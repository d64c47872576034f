/* SPDX-License-Identifier: ISC
 *
 * Rows gathered in row groups: runs of rows that end where a count of rows or of text bytes is
 * reached, wherever the blocks they came in ended. So the same rows make the same row groups, and
 * what is written of them the same bytes.
 *
 *     for (size_t from = 0; from < rows;) {
 *         if (!sw_row_group_take(&row group, vectors, from, rows, &from, error)) return false;
 *         if (sw_row_group_full(&row group)) … write it; sw_row_group_reset(&row group) …
 *     }
 *
 * A row group's values also have to fit the types of Parquet and Arrow, which sw_row_group_check
 * sees to:
 *
 *     int      int64                    time     timestamp, ns, UTC
 *     uint     uint64                   date     date32
 *     decimal  decimal(38, scale)       text     UTF-8
 */
#ifndef SW_OUTPUT_ROW_GROUP_H
#define SW_OUTPUT_ROW_GROUP_H

#include "record/vector.h"

enum {
    /* The row that reaches it ends a row group; repeated texts count each time. */
    SW_ROW_GROUP_TEXT_BYTES = 4 << 20,
    SW_EXPORT_DIGITS = 38, /* of a decimal */
};

struct sw_row_group {
    const struct sw_schema *schema; /* not owned */
    struct sw_builder *builders;    /* one per column: the row group's rows so far */
    size_t rows, row_limit;
    size_t text_bytes;
    uint64_t rows_before; /* of all row groups that were reset */
};

/* A row group of at most row_limit rows and cell_limit values, but at least a row. The schema stays
 * while it is used. SW_DATA when a column's name is not UTF-8; SW_SYSTEM: memory. Free with
 * sw_row_group_free, also after a failure; zero-initialize before. */
bool sw_row_group_open(struct sw_row_group *row_group, const struct sw_schema *schema,
                       size_t row_limit, size_t cell_limit, struct sw_error *error) SW_CHECKED;
void sw_row_group_free(struct sw_row_group *row_group);

/* Appends rows of the vectors (one per column) from `from` up to, not including, `end` as far as
 * the row group takes them; *next is the first that it did not. SW_SYSTEM: memory. */
bool sw_row_group_take(struct sw_row_group *row_group, const struct sw_vector *const *vectors,
                       size_t from, size_t end, size_t *next, struct sw_error *error) SW_CHECKED;

bool sw_row_group_full(const struct sw_row_group *row_group);

/* Whether the first `count` rows of vectors, with others behind them or not, are all that a row group without rows would take before it is
 * written: they can be written as they are, once sw_row_group_check_vectors has looked at them. */
bool sw_row_group_would_hold(const struct sw_row_group *row_group,
                             const struct sw_vector *const *vectors, size_t count);

/* SW_DATA, "row N: COLUMN: …", N counted from 1 over all row groups, where a value does not fit its
 * type. */
bool sw_row_group_check(const struct sw_row_group *row_group, struct sw_error *error) SW_CHECKED;

/* The same of vectors that are not in it, one per column; each text of their dictionaries is some row's. */
bool sw_row_group_check_vectors(const struct sw_row_group *row_group,
                                const struct sw_vector *const *vectors,
                                struct sw_error *error) SW_CHECKED;

/* Begins the next row group. */
void sw_row_group_reset(struct sw_row_group *row_group);

#endif
