/* SPDX-License-Identifier: ISC
 *
 * Rows of a stream that selectors let through, and those that they do not, as two record streams.
 * Blocks of which no row can be selected are stepped over without their columns being read.
 *
 *     reader ─▶ expression, block by block ─▶ kept: some columns
 *                                          └▶ rejected: all columns
 *
 *     sw_filter_open(&filter, &reader, &view, &settings, error) &&
 *         sw_filter_rows(&filter, &kept_output, NULL, error)
 */
#ifndef SW_INPUT_FILTER_ROWS_H
#define SW_INPUT_FILTER_ROWS_H

#include "program/tally.h"
#include "view/projection.h"
#include "expr/selectors.h"
#include "stream/writer.h"

struct sw_filter_settings {
    const struct sw_selectors *selectors;
    const char *share_directory; /* of named sets; NULL: they are not found */
    const char *columns;         /* of kept rows, "COL,…"; NULL: all */
    const char *made_by;         /* added to the provenance of both streams */
    size_t block_rows;           /* at most in a block; 0: the writer's default */
    bool rejected;               /* rejected rows are wanted */
};

/* A stream that some of the rows go to. */
struct sw_filter_side {
    struct sw_columns columns;
    struct sw_writer writer;
    bool wanted;
};

struct sw_filter {
    const struct sw_filter_settings *settings; /* not owned, as the next two */
    struct sw_reader *reader;
    struct sw_view *view;
    struct sw_expression expression;
    struct sw_filter_side kept, rejected;
    uint64_t kept_rows, rejected_rows; /* of the blocks that were looked at so far */
    uint32_t *selected, *others;
};

/* Compiles the selectors and finds the columns. The view is open over the reader; all three stay
 * while the filter is used. Outcomes as sw_selectors_compile and sw_columns_open. Zero-initialize
 * before; free in any case. */
bool sw_filter_open(struct sw_filter *filter, struct sw_reader *reader, struct sw_view *view,
                    const struct sw_filter_settings *settings, struct sw_error *error) SW_CHECKED;

/* Reads all rows and writes both streams whole, as far as they are wanted: NULL for kept rows that
 * are only counted, and for rejected ones. The outputs stay open. */
bool sw_filter_rows(struct sw_filter *filter, struct sw_output *kept, struct sw_output *rejected,
                    struct sw_error *error) SW_CHECKED;

/* What became of the rows. */
struct sw_tally sw_filter_tally(const struct sw_filter *filter);

void sw_filter_free(struct sw_filter *filter);

#endif
