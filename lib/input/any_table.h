/* SPDX-License-Identifier: ISC
 *
 * The columns of the files that a configuration names, by their headers, and of the orders that an
 * analysis makes of them; and their rows, CSV or records alike.
 */
#ifndef SW_INPUT_ANY_TABLE_H
#define SW_INPUT_ANY_TABLE_H

#include "csv/table.h"
#include "view/view.h"

/* A file of rows: CSV, gzip or a record stream, told by its first bytes. */
struct sw_rows {
    bool records;
    struct sw_csv csv;
    struct sw_reader reader;
    int *wanted; /* of the csv: the columns that are read */
    size_t wanted_count;
    struct sw_table table;
    bool table_open;
};

/* Whether an input whose first bytes are to be read yet begins as a record stream does. As sw_input_peek. */
bool sw_begins_as_records(struct sw_input *input, bool *records, struct sw_error *error) SW_CHECKED;

/* Opens a file (NULL, "-": standard input) and reads its header; path and schemas stay while it is used. As sw_csv_open and
 * sw_reader_open. */
bool sw_rows_open(struct sw_rows *rows, const char *path, const struct sw_csv_schemas *csv_schemas,
                  struct sw_error *error) SW_CHECKED;

/* The same for the operands of a program: several files have to be record streams; none: standard input. */
bool sw_rows_open_all(struct sw_rows *rows, const char *const *paths, size_t count,
                      const struct sw_csv_schemas *csv_schemas, struct sw_error *error) SW_CHECKED;

/* Where the rows are CSV and have a column of that name that is text, its fields are read as this type from here on; before
 * sw_rows_start, and before a view asks for the column. Nothing changes where there is no such column. */
bool sw_rows_type_texts(struct sw_rows *rows, const char *name, enum sw_type type, int scale,
                        struct sw_error *error) SW_CHECKED;
void sw_rows_close(struct sw_rows *rows);

const struct sw_schema *sw_rows_schema(const struct sw_rows *rows);

/* What a view needs to see the current block of rows. */
struct sw_supplier sw_rows_supplier(struct sw_rows *rows);

/* Chooses the columns that the view needs, before the first block; bad rows are left out where
 * `bad` is not NULL. */
bool sw_rows_start(struct sw_rows *rows, const struct sw_view *view, struct sw_bad_rows *bad,
                   struct sw_error *error) SW_CHECKED;

/* The next block; *count is its rows. */
enum sw_step sw_rows_next(struct sw_rows *rows, size_t *count, struct sw_error *error) SW_CHECKED;

/* The schema of a file that had all columns of a schema; free it. SW_SYSTEM: no memory. */
bool sw_schema_of_csv_schema(struct sw_schema *schema, const struct sw_csv_schema *csv_schema,
                             struct sw_error *error) SW_CHECKED;

/* The schema of that name; NULL: there is none. */
const struct sw_csv_schema *sw_csv_schema_of_table(const struct sw_csv_schemas *csv_schemas,
                                                   const char *table);

#endif
