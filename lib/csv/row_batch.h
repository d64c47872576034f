/* SPDX-License-Identifier: ISC
 *
 * The next rows of a source, cut into fields but not read yet. Where every row of a piece is plain
 * and has the right number of fields, the separators found by kernels/scan.h are regular rows
 * already and nothing is copied; other pieces are split row by row. Empty lines are stepped over, as
 * are lines that are no rows (schema/dialect.h). A row that cannot be split ends the row batch and is told after it, so rows keep their order. With literals
 * (kernels/literals.h), rows that lack one are mostly left out, before their fields are found.
 *
 *     while ((step = sw_row_batch_next(&row batch, &source, error)) == SW_ROWS)
 *         … sw_row_batch_fields(&row batch, column) … row batch.rows … row batch.broken …
 */
#ifndef SW_CSV_ROW_BATCH_H
#define SW_CSV_ROW_BATCH_H

#include "schema/dialect.h"
#include "csv/parse_columns.h"
#include "kernels/scan.h"
#include "csv/prefilter.h"
#include "csv/source.h"
#include "csv/split_row.h"
#include "stream/reader.h"

/* Bytes of text that a row batch takes at a time: they and what is made of them fit the first-level
 * cache, for each column goes over all of it. Rows of a row batch, at most: a byte and a newline
 * each.
 */
enum { SW_ROW_BATCH_PIECE = 16 << 10, SW_ROW_BATCH_ROWS = SW_ROW_BATCH_PIECE / 2 + 1 };

/* Where a row stands in the source, for messages. */
struct sw_row_place {
    const char *text; /* without its line end; valid until the next sw_row_batch_next */
    size_t length;
    uint64_t offset; /* of its first byte */
    uint64_t line;   /* its first line, counted from the row batch's start */
};

struct sw_row_batch {
    const struct sw_dialect *dialect;
    size_t columns; /* fields of every row */
    size_t rows;
    uint64_t limit;     /* rows that begin at this offset or after it are not read */
    bool broken;        /* after the rows comes one that is not to be split */
    const char *reason; /* why, e.g. "11 fields, not 12" */
    struct sw_row_place broken_row;
    uint64_t lines;     /* newlines in the row batch's text, the broken row included */
    uint64_t left_out;  /* rows with the right number of fields that lack a literal */
    uint64_t line_ends; /* outside of quotes, as the text was gone through */
    uint64_t empty;     /* of these, lines with nothing in them */
    uint64_t ignored;   /* and lines that are no rows, in the row batch's text or before it */
    uint64_t ended; /* rows that end in the row batch's text, as they were found there: those that
                          are here, were left out, or are broken */
    /* the rest is the module's own */
    bool regular;
    size_t stride;       /* of a regular row batch: places from one row's first to the next one's */
    uint64_t first_line; /* of a regular row batch whose row_lines are NULL */
    struct sw_prefilter prefilter;
    uint64_t *row_lines; /* of the rows that the prefilter kept */
    bool prefiltered;
    const struct sw_source *source;
    sw_scan_function *scan;
    uint32_t *places;
    struct sw_splitter splitter;
    struct sw_row_place *row_places; /* of a row batch that is not regular */
    size_t row_capacity;
    char reason_space[160];
};

/* always_libcsv: every row goes through libcsv, whether it has quotes or not (for the test of the
 * two ways). The dialect and literals, if not NULL, stay while the row batch is used. SW_SYSTEM: no memory. */
bool sw_row_batch_open(struct sw_row_batch *row_batch, const struct sw_dialect *dialect,
                       size_t columns, bool always_libcsv, const struct sw_literals *literals,
                       struct sw_error *error) SW_CHECKED;

/* Takes the next rows from the source. SW_ROWS: there are rows, a broken row, or both. SW_END: none
 * are left before the limit; lines and what is counted count here, too. */
enum sw_step sw_row_batch_next(struct sw_row_batch *row_batch, struct sw_source *source,
                               struct sw_error *error) SW_CHECKED;

/* The fields of a column in rows from..from+count; valid until the next sw_row_batch_next. */
struct sw_fields sw_row_batch_fields(const struct sw_row_batch *row_batch, size_t column,
                                     size_t from, size_t count);

struct sw_row_place sw_row_batch_place(const struct sw_row_batch *row_batch, size_t row);

void sw_row_batch_free(struct sw_row_batch *row_batch);

#endif
