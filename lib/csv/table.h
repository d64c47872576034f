/* SPDX-License-Identifier: ISC
 *
 * The rows of a CSV as typed columns, a batch at a time. Only wanted columns are converted, and so
 * checked. With a filter, its columns are converted first, for all rows, and the others only for
 * the rows that it selects: a row that it drops can be bad in the filter's columns alone. Where the
 * filter has literals, a row that lacks one is rejected whatever stands in its columns: whether it
 * was left out unread, or came this far, makes no difference.
 *
 *     source ─▶ row batch ─▶ filter's columns ─▶ select ─▶ wanted columns ─▶ batch
 *         literals, fields         └──────── bad rows ───────────┘
 *
 *     if (!sw_table_open(&table, &csv, &settings, error)) return false;
 *     while ((step = sw_table_next(&table, error)) == SW_ROWS) … table.vectors, table.rows …
 *     sw_table_free(&table);
 */
#ifndef SW_CSV_TABLE_H
#define SW_CSV_TABLE_H

#include "csv/rejects.h"
#include "csv/file.h"
#include "csv/join_columns.h"
#include "csv/row_batch.h"

/* Chooses rows while they are converted. */
struct sw_table_filter {
    void *owner;
    const bool *needed;                 /* per column of the file: whether select asks for it */
    const struct sw_literals *literals; /* of rows that are selected; NULL: none are known */
    /* Writes the numbers of the rows to keep, ascending, out of `rows`, of which
     * sw_table_filter_vector has the values. */
    bool (*select)(void *owner, size_t rows, uint32_t *selected, size_t *count,
                   struct sw_error *error);
};

struct sw_table_settings {
    const int *wanted; /* columns of the file, in the order of the vectors */
    size_t wanted_count;
    size_t batch_rows;                    /* 1 to SW_BLOCK_ROWS_MAXIMUM */
    const struct sw_table_filter *filter; /* NULL: every row */
    struct sw_bad_rows *bad;              /* NULL: the first bad row ends it */
};

struct sw_table {
    size_t rows; /* in the batch */
    /* One per wanted column; valid until the next sw_table_next. */
    const struct sw_vector **vectors;
    uint64_t rejected; /* rows without fault that the filter did not select, so far */
    uint64_t twice;    /* times in batches that the local clock shows twice, so far */
    uint64_t ended;    /* rows that end in the text so far: what is in batches, rejected and bad */
    struct sw_line_counts lines; /* of the text so far, without the header */
    /* the rest is the module's own */
    struct sw_csv *csv;
    struct sw_table_settings settings;
    struct sw_row_batch row_batch;
    size_t row_batch_next;       /* rows of the row batch that are done */
    uint64_t row_batch_line;     /* the file's line that the row batch begins with; 0: not known */
    struct sw_builder *builders; /* one per wanted column */
    struct sw_builder *filter_builders; /* one per column of the file, in use for needed ones */
    struct sw_faults faults;
    struct sw_column_join join;
    uint32_t *clock_cells; /* scratch: the fields of the made time's clock */
    uint32_t *selected;
    uint32_t *cells; /* scratch: the fields of selected rows */
};

/* The csv and what the settings point to stay while the table is used. SW_SYSTEM: no memory. */
bool sw_table_open(struct sw_table *table, struct sw_csv *csv,
                   const struct sw_table_settings *settings, struct sw_error *error) SW_CHECKED;

/* The next batch: batch_rows rows, or fewer where texts are long or the file ends. Errors begin
 * with the file's name. */
enum sw_step sw_table_next(struct sw_table *table, struct sw_error *error) SW_CHECKED;

/* After SW_END: goes on where the csv's source stands now, on the csv's data_line, up to its limit,
 * any of which may have been changed. */
void sw_table_resume(struct sw_table *table);

/* After SW_END: the number of the line that the source stands at; 0 where it is not known. */
uint64_t sw_table_line(const struct sw_table *table);

/* During select: the values of a needed column. */
const struct sw_vector *sw_table_filter_vector(const struct sw_table *table, int column);

void sw_table_free(struct sw_table *table);

#endif
