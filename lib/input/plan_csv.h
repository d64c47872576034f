/* SPDX-License-Identifier: ISC
 *
 * The plan of a CSV (csv/plan.h) for those who read selected rows: where an index stands beside it,
 * segments without a selected row are in no range.
 *
 *     struct sw_csv_plan plan = {.settings = …};
 *     if (!sw_csv_plan_write(&plan, &csv, &ranges, error)) … plan.caret …
 */
#ifndef SW_INPUT_PLAN_CSV_H
#define SW_INPUT_PLAN_CSV_H

#include "csv/plan.h"
#include "input/select_csv.h"

struct sw_csv_plan_settings {
    struct sw_plan how;
    const struct sw_selectors *selectors; /* without @FILEs; NULL: every row */
    struct sw_view_settings view;
    const char *share_directory;
    bool no_index;              /* the file's index is not gone by */
    const char *const *outputs; /* all files that are written; none may be the index */
    size_t output_count;
};

struct sw_csv_plan {
    struct sw_csv_plan_settings settings; /* what it points to is the caller's */
    uint64_t rows_left_out;               /* of the segments that are in no range */
    struct sw_line_counts lines_left_out; /* and their lines; of the first one with the header's */
    bool rows_known;                      /* an index was gone by, and says */
    uint64_t rows;                        /* how many there are in all, bad ones too */
    struct sw_error unused; /* why the index was not gone by; SW_DONE: nothing to say */
    bool pointed;           /* after a failure: it lies in the expression, where caret shows */
    struct sw_caret caret;
};

/* Of a csv that was just opened. As sw_csv_select_open, sw_csv_select_by_index and sw_plan_write.
 */
bool sw_csv_plan_write(struct sw_csv_plan *plan, struct sw_csv *csv, struct sw_ranges *ranges,
                       struct sw_error *error) SW_CHECKED;

/* Plans a file, prints the ranges to `output` (NULL: standard output) and, where `tally` is not NULL,
 * writes there what they leave out, which nobody will read. Outcomes as above, and of sw_csv_open. */
bool sw_csv_plan_file(struct sw_csv_plan *plan, const char *path,
                      const struct sw_csv_schemas *csv_schemas, const char *output,
                      const char *tally, struct sw_error *error) SW_CHECKED;

#endif
