/* SPDX-License-Identifier: ISC
 *
 * A CSV file opened: its header read, its schema found, its rows, or those of a range of it, still
 * to come.
 *
 *     if (!sw_csv_open(&csv, path, &schemas, error)) return false;
 *     if (ranged && !sw_csv_range(&csv, offset, length, error)) …
 *     … csv/table.h …
 *     sw_csv_close(&csv);
 */
#ifndef SW_CSV_FILE_H
#define SW_CSV_FILE_H

#include "base/local_time.h"
#include "schema/csv_schema.h"
#include "csv/source.h"
#include "program/tally.h"

struct sw_csv {
    struct sw_source source;                /* at the first row */
    const struct sw_csv_schema *csv_schema; /* not owned */
    struct sw_schema schema;                /* all columns: those of the rows, in their order,
                                               then made ones */
    size_t field_count;                     /* columns that are fields of a row */
    struct sw_field_parser *parsers;        /* of each column */
    struct sw_dialect dialect;
    struct sw_local_zone zone;  /* of local times; the parsers point to it */
    struct sw_buffer name_text; /* what the columns of the file's name hold: */
    uint32_t *name_cells;       /* two a column; csv/parse_columns.h */
    size_t group, group_end;    /* of a Parquet file, the row groups that are read */
    int made_time, date, clock; /* the column that is made of these; -1: none is */
    uint64_t data_offset;       /* of the byte after the header line */
    uint64_t data_line; /* that line's number, from 1; 0 where it is not known (in a range) */
    /* Lines before the first row, where that is of the range: the header's, and what stands before
     * it. */
    struct sw_line_counts head;
    uint64_t limit;     /* rows that begin at this offset or after it are not to be read */
    uint64_t next_row;  /* of a range: where the row begins that the next range has first */
    bool always_libcsv; /* see csv/row_batch.h */
};

/* Opens path (NULL, "-": standard input). The schemas stay while the csv is used, and the csv where
 * it is. SW_DATA: there is no header, or the name of the file is none of its schema's; else as
 * sw_source_open, sw_find_schema and sw_csv_schema_schema. Errors begin with the file's name. */
bool sw_csv_open(struct sw_csv *csv, const char *path, const struct sw_csv_schemas *csv_schemas,
                 struct sw_error *error) SW_CHECKED;

/* The same for one input that is open already, of that path; it is the csv's from here on, closed in any case. */
bool sw_csv_open_input(struct sw_csv *csv, const struct sw_input *input, const char *path,
                       const struct sw_csv_schemas *csv_schemas, struct sw_error *error) SW_CHECKED;

/* Keeps only the rows whose first byte lies in the range. SW_DATA: the file ends before the range
 * does, or a border of it lies inside quotes. SW_USAGE: a part of a gzip, a source that cannot be
 * sought in. */
bool sw_csv_range(struct sw_csv *csv, uint64_t offset, uint64_t length,
                  struct sw_error *error) SW_CHECKED;

/* When all rows were read: whether the source stands where it has to, at the end of the text or of
 * the range, so that no row was left and none belongs to the next range too. SW_SYSTEM: it does
 * not. */
bool sw_csv_check_end(const struct sw_csv *csv, struct sw_error *error) SW_CHECKED;

/* Keeps only the rows of a extent that is known to begin and end where rows do, and to begin with
 * this line (csv/segments.h). SW_SYSTEM: a source that cannot be sought in. */
bool sw_csv_extent(struct sw_csv *csv, uint64_t offset, uint64_t length, uint64_t line,
                   struct sw_error *error) SW_CHECKED;

/* The columns of the list (NULL: all), by canonical name or alias: *columns is allocated, the
 * caller frees it. SW_USAGE as sw_schema_pick. */
bool sw_csv_pick(const struct sw_csv *csv, const char *list, int **columns, size_t *count,
                 struct sw_error *error) SW_CHECKED;

/* The columns of the file that have the rows of a stream begun with another file: those of
 * `schema`, in its order. SW_DATA naming both files: another table, a column that is missing or of
 * another type, or, unless `some` is wanted, one too many. */
bool sw_csv_same(const struct sw_csv *csv, const struct sw_schema *schema, const char *first_file,
                 bool some, int **columns, size_t *count, struct sw_error *error) SW_CHECKED;

/* How many rows at a time are worth room: `most`, or fewer where a plain file is so small that it cannot have as many. Each has a separator
 * between its fields, and one at its end. */
size_t sw_csv_batch_rows(const struct sw_csv *csv, size_t most);

void sw_csv_close(struct sw_csv *csv);

#endif
