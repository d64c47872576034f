/* SPDX-License-Identifier: ISC
 *
 * CSV files, one after another, into one record stream: the wanted columns of the selected rows, or
 * partial aggregates of them, or their text. The rows' columns are those of the first file; the others must have the same.
 *
 *     struct sw_conversion conversion = {.settings = …};
 *     if (!sw_conversion_run(&conversion, paths, count, error)) … conversion.caret …
 */
#ifndef SW_INPUT_CONVERT_CSV_H
#define SW_INPUT_CONVERT_CSV_H

#include "program/tally.h"
#include "input/row_target.h"
#include "input/select_csv.h"

struct sw_conversion_settings {
    const struct sw_csv_schemas *csv_schemas;
    const char *columns;                  /* NULL: all */
    const struct sw_selectors *selectors; /* without @FILEs; NULL: every row */
    struct sw_view_settings view;
    const char *share_directory;
    const char *range; /* "OFFSET:LENGTH"; NULL: the whole files */
    bool no_index;     /* a file's index is not gone by */
    struct sw_row_target_settings target;
    bool apart;                 /* the rows of each file are a stream of their own */
    const char *output;         /* NULL: standard output */
    const char *const *outputs; /* all files that are written; none may be an index that is read */
    size_t output_count;
    const struct sw_buffer *made_by; /* a line for the stream's provenance */
    const char *bad_rows;            /* the file they go to; NULL: the first one ends it */
    void (*say)(const char *format, ...)
        SW_PRINTF(1, 2); /* is told why an index is not gone by, and the below */
};

struct sw_conversion {
    struct sw_conversion_settings settings; /* what it points to is the caller's */
    /* The caller's, one for each file, zeroed; NULL: they are not counted one by one. */
    struct sw_tally *of_files;
    struct sw_tally tally; /* of all files, when it is done */
    uint64_t twice;        /* times that the local clock shows twice */
    bool pointed;          /* after a failure: it lies in the expression, where caret shows */
    struct sw_caret caret;
    /* the rest is the module's own */
    const char *first_file; /* NULL: none was read yet */
    struct sw_schema schema;
    struct sw_output output;
    struct sw_row_target target;
    struct sw_bad_rows *bad; /* NULL: the first bad row ends it */
};

/* Converts the files (none: standard input). The output and the file of bad rows appear whole
 * and together, or not at all. SW_USAGE: a selector or a column that the first file's
 * columns do not allow; the output is a terminal, or an index that would be read. SW_DATA: a bad
 * row, with no file for them; a file's columns are not those of the first. SW_SYSTEM: a file cannot
 * be read or written; no memory. */
bool sw_conversion_run(struct sw_conversion *conversion, const char *const *paths, size_t count,
                       struct sw_error *error) SW_CHECKED;

/* After it: says how many rows were bad and where they are, and how many times were taken for the
 * earlier of two. */
void sw_conversion_say(const struct sw_conversion *conversion);

#endif
