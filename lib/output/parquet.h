/* SPDX-License-Identifier: ISC
 *
 * Writes a Parquet file in one pass. Rows become pages (a row group each), pages row groups of up
 * to SW_PARQUET_GROUP_ROWS rows, and the footer at the end lists the row groups with each column's
 * place, nulls and bounds.
 *
 *     "PAR1"
 *     row groups, each: columns, each: [dictionary page] pages
 *     footer, its length in 4 bytes
 *     "PAR1"
 *
 * Where a page or a row group ends depends on the rows alone, so the same rows make the same file
 * (with an equal zlib). A row group is kept in memory until it is whole, and so is the footer: some
 * 100 bytes a column and row group. Source: the Apache Parquet project's parquet-format, README.md,
 * LogicalTypes.md, parquet.thrift.
 *
 *     good = sw_parquet_open(&parquet, &output, &schema, level, error);
 *     for every block: good = good && sw_parquet_rows(&parquet, vectors, rows, error);
 *     good = good && sw_parquet_close(&parquet, error);
 *     sw_parquet_free(&parquet);
 */
#ifndef SW_OUTPUT_PARQUET_H
#define SW_OUTPUT_PARQUET_H

#include "files/output.h"
#include "output/parquet_footer.h"
#include "output/row_group.h"

enum {
    SW_PARQUET_GROUP_ROWS = 131072,
    SW_PARQUET_GROUP_BYTES = 24 << 20, /* uncompressed; the page that reaches it ends a row group */
};

struct sw_parquet {
    struct sw_output *output;       /* not owned */
    const struct sw_schema *schema; /* not owned */
    const enum sw_written *written; /* one per column, not owned */
    struct sw_row_group row_group;  /* the page under construction, of all columns */
    struct sw_parquet_column *columns;
    struct sw_parquet_place *places; /* of the columns of a row group */
    struct sw_parquet_work work;
    struct sw_parquet_footer footer;
    uint64_t offset;           /* bytes of the file so far */
    uint64_t rows, group_rows; /* in the row groups written, and in the one at hand */
    size_t group_count;
    struct sw_buffer groups;     /* the footer's list of row groups, without its head */
    struct sw_buffer dictionary; /* a dictionary page */
};

/* Writes the file's head. The output, the schema and `written` (one per column) stay while the writer is used; level is of the compression,
 * 0 to 9, 0: nothing is compressed. SW_DATA when a column's name is not UTF-8; SW_SYSTEM: memory,
 * writing. Free with sw_parquet_free, also after a failure; zero-initialize before. */
bool sw_parquet_open(struct sw_parquet *parquet, struct sw_output *output,
                     const struct sw_schema *schema, const enum sw_written *written, int level,
                     struct sw_error *error) SW_CHECKED;

/* After sw_parquet_close, and of none that failed: begins another file of the same columns in the output, which has been opened
 * anew. */
bool sw_parquet_again(struct sw_parquet *parquet, struct sw_error *error) SW_CHECKED;

/* Adds the rows from..end of vectors, one per column. SW_DATA, "row N: COLUMN: …", where a value
 * does not fit its type (output/row_group.h). */
bool sw_parquet_rows(struct sw_parquet *parquet, const struct sw_vector *const *vectors,
                     size_t from, size_t end, struct sw_error *error) SW_CHECKED;

/* Before rows of another stream than the last ones: where the schema tells an order, a row group ends here, since its rows are
 * said to be in that order. */
bool sw_parquet_follow(struct sw_parquet *parquet, struct sw_error *error) SW_CHECKED;

/* The same for the first `rows` rows of vectors which are the last of the file, and best all of it: they are then not copied once more. Each
 * text of the vectors' dictionaries is some row's, and they stand there in the order in which rows have them first. */
bool sw_parquet_last_rows(struct sw_parquet *parquet, const struct sw_vector *const *vectors,
                          size_t rows, struct sw_error *error) SW_CHECKED;

/* The last row group and the footer. Does not close the output. */
bool sw_parquet_close(struct sw_parquet *parquet, struct sw_error *error) SW_CHECKED;

void sw_parquet_free(struct sw_parquet *parquet);

#endif
