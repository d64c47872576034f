/* SPDX-License-Identifier: ISC */
#include "input/plan_csv.h"

static bool choose_segments(struct sw_csv_plan *plan, struct sw_csv_select *select,
                            struct sw_csv *csv, struct sw_error *error)
{
    const struct sw_csv_plan_settings *settings = &plan->settings;
    if (!settings->selectors) return true;
    if (!sw_csv_select_open(select, csv, settings->selectors, &settings->view,
                            settings->share_directory, error)) {
        plan->pointed = sw_expression_point(&select->expression, &plan->caret);
        return false;
    }
    return settings->no_index ||
           sw_csv_select_by_index(select, settings->outputs, settings->output_count, &plan->unused,
                                  error);
}

bool sw_csv_plan_write(struct sw_csv_plan *plan, struct sw_csv *csv, struct sw_ranges *ranges,
                       struct sw_error *error)
{
    const struct sw_plan *how = &plan->settings.how;
    struct sw_csv_select select = {0};
    bool good = choose_segments(plan, &select, csv, error) &&
                (select.indexed ? sw_plan_write_segments(how, &select.segments, csv, ranges, error)
                                : sw_plan_write(how, csv, ranges, error));
    plan->rows_left_out = sw_segments_rows_left_out(&select.segments);
    plan->lines_left_out = sw_segments_lines_left_out(&select.segments);
    if (select.segments.count > 0 && !select.segments.items[0].wanted)
        sw_line_counts_add(&plan->lines_left_out, &csv->head);
    plan->rows_known = select.indexed;
    plan->rows = sw_segments_rows(&select.segments);
    sw_csv_select_free(&select);
    return good;
}

static bool print(struct sw_csv_plan *plan, struct sw_csv *csv, const char *path,
                  struct sw_error *error)
{
    struct sw_output output;
    if (!sw_output_open(&output, path, error)) return false;
    struct sw_ranges ranges = {.output = &output};
    return sw_output_end(&output, sw_csv_plan_write(plan, csv, &ranges, error), error);
}

bool sw_csv_plan_file(struct sw_csv_plan *plan, const char *path,
                      const struct sw_csv_schemas *csv_schemas, const char *output,
                      const char *tally, struct sw_error *error)
{
    struct sw_csv csv;
    if (!sw_csv_open(&csv, path, csv_schemas, error)) return false;
    bool good = print(plan, &csv, output, error);
    const struct sw_tally left_out = {.read = plan->rows_left_out,
                                      .rejected = plan->rows_left_out,
                                      .of_text = true,
                                      .lines = plan->lines_left_out};
    good = good && (!tally || sw_tally_write(&left_out, tally, error));
    sw_csv_close(&csv);
    return good;
}
