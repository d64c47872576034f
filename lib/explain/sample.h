/* SPDX-License-Identifier: ISC
 *
 * The beginning of an unknown text file, cut into rows: what separates its fields is told by the
 * separator under which most lines have the same number of them. Knows nothing of what they mean.
 * Of a Parquet file it is the text of a CSV, in which columns that cannot be read are empty.
 *
 *     if (!sw_sample_open(&sample, path, separator, error)) return false;
 *     … sw_sample_field(&sample, row, column, &length) …
 *     sw_sample_close(&sample);
 */
#ifndef SW_EXPLAIN_SAMPLE_H
#define SW_EXPLAIN_SAMPLE_H

#include "csv/source.h"
#include "csv/split_row.h"

enum {
    SW_SAMPLE_BYTES = 1 << 20, /* of text that are looked at */
    SW_SAMPLE_ROWS = 20000,    /* lines at most */
};

/* A line that is not empty; quotes may have it go over several lines of text. */
struct sw_sample_line {
    size_t offset, length; /* after source.start, without its line end */
    size_t fields;         /* 0: a quote where none may stand */
};

struct sw_sample {
    struct sw_source source;
    bool whole;                                   /* there is no more in the file */
    const struct sw_parquet_description *parquet; /* of what the file says itself; NULL: nothing */
    char separator;
    bool said;    /* it was the user's */
    size_t width; /* fields of most lines, 1 at least */
    struct sw_sample_line *lines;
    size_t line_count, line_capacity;
    size_t rows;                 /* lines of that width, in order */
    size_t first;                /* the line that the first of these is */
    struct sw_splitter splitter; /* their fields */
};

/* Reads the beginning of path (NULL, "-": standard input). separator: NULL, or the user's word for
 * it. SW_DATA: there is no line, it is no text; else as sw_source_open and sw_source_fill.
 * SW_USAGE: as sw_separator_find. */
bool sw_sample_open(struct sw_sample *sample, const char *path, const char *separator,
                    struct sw_error *error) SW_CHECKED;

/* A field of a row of the width, quotes gone; not ended by a NUL. */
const char *sw_sample_field(const struct sw_sample *sample, size_t row, size_t column,
                            size_t *length);

void sw_sample_close(struct sw_sample *sample);

#endif
