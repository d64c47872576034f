/* SPDX-License-Identifier: ISC
 *
 * CSV files, one behind another, into one record stream: the wanted columns of the selected rows.
 * The stream's columns are those of the first file; the others must have the same.
 *
 *     struct sw_conversion conversion = {.settings = …};
 *     for each file: if (!sw_conversion_add(&conversion, path, error)) … conversion.caret …
 *     good = sw_conversion_end(&conversion, error);
 *     sw_conversion_free(&conversion);
 */
#ifndef SW_QUERY_CONVERT_CSV_H
#define SW_QUERY_CONVERT_CSV_H

#include "base/tally.h"
#include "query/select_csv.h"
#include "record/writer.h"

struct sw_conversion_settings {
    const struct sw_layouts *layouts;
    const char *columns;                  /* NULL: all */
    const struct sw_selectors *selectors; /* without @FILEs; NULL: every row */
    struct sw_view_settings view;
    const char *share_directory;
    const char *range;          /* "OFFSET:LENGTH"; NULL: the whole files */
    bool no_index;              /* a file's index is not gone by */
    size_t block_rows;          /* 0: a default */
    bool small;                 /* a stream to be kept: small encodings, full blocks, an index */
    int level;                  /* zlib's, of a small one */
    const char *output;         /* NULL: standard output */
    const char *const *outputs; /* all files that are written; none may be an index that is read */
    size_t output_count;
    const struct sw_buffer *made_by; /* a line for the stream's provenance */
    struct sw_bad_rows *bad;         /* NULL: the first bad row ends it */
};

struct sw_conversion {
    struct sw_conversion_settings settings; /* what it points to is the caller's */
    struct sw_tally tally;                  /* of all files so far */
    struct sw_error
        unused;   /* after a file: why its index was not gone by; SW_DONE: nothing to say */
    bool pointed; /* after a failure: it lies in the expression, where caret shows */
    struct sw_caret caret;
    /* the rest is the module's own */
    const char *first_file; /* NULL: none was read yet */
    struct sw_schema schema;
    struct sw_output output;
    struct sw_writer writer;
};

/* Appends the rows of a file (NULL: standard input); the first one opens the output. */
bool sw_conversion_add(struct sw_conversion *conversion, const char *path,
                       struct sw_error *error) SW_CHECKED;

/* Ends the stream and closes the output; the tally is complete then. At least one file was added.
 */
bool sw_conversion_end(struct sw_conversion *conversion, struct sw_error *error) SW_CHECKED;

/* Removes the output where it was not ended. */
void sw_conversion_free(struct sw_conversion *conversion);

#endif
