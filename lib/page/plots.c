/* SPDX-License-Identifier: ISC */
#include "page/plots.h"

#include <stdlib.h>

#include "page/rows.h"

enum { TOP = 20, MEASURES = 4 };

/* What a figure is over. */
struct over {
    const char *stem, *key, *of;
    size_t top;
};

static const struct over overs[] = {
    {"by_security", "security_code", "security", TOP},
    {"by_time_of_day", "hour", "hour of the day", 0},
    {"by_date", "date", "day", 0},
    {"by_order_size", "size", "order size", 0},
};
enum { OVERS = sizeof overs / sizeof *overs };

/* What it shows: the first of these columns that is there, under the title beside it; or each
 * column with such an ending, as a series named by what stands before it. */
struct measure {
    struct {
        const char *column, *title;
    } columns[MEASURES];
    const char *ending, *title;
    unsigned overs; /* bits */
};

static const struct measure measures[] = {
    {{{"value_sum", "Value (price × quantity)"}}, NULL, NULL, 15},
    {{{"orders", "Orders"}, {"events", "Events"}, {"rows", "Rows"}}, NULL, NULL, 15},
    {{{"fill_ratio", "Fill ratio"}}, NULL, NULL, 2 | 8},
    {{{0}}, "_savings", "Savings against the mid-price, per scenario,", 15},
};

/* ---- a chart from a table ---- */

struct reading {
    const struct over *over;
    const struct measure *measure;
    size_t key, columns[SW_PAGE_SERIES_MAXIMUM];
    struct sw_page_chart chart;
};

static bool add_column(struct reading *reading, const struct sw_page_row *header, size_t column,
                       size_t cut, struct sw_error *error)
{
    size_t length, at = reading->chart.series_count;
    const char *name = sw_page_cell(header, column, &length);
    if (at == SW_PAGE_SERIES_MAXIMUM) return true;
    reading->columns[at] = column;
    return sw_page_chart_series(&reading->chart, name, length - cut, error);
}

static bool find_endings(struct reading *reading, const struct sw_page_row *header,
                         struct sw_error *error)
{
    const char *ending = reading->measure->ending;
    size_t length, cut = strlen(ending);
    reading->chart.title = reading->measure->title;
    for (size_t i = 0; i < header->columns; i++) {
        const char *name = sw_page_cell(header, i, &length);
        if (length <= cut || memcmp(name + length - cut, ending, cut) != 0) continue;
        if (!add_column(reading, header, i, cut, error)) return false;
    }
    return true;
}

static bool find_columns(struct reading *reading, const struct sw_page_row *header,
                         struct sw_error *error)
{
    reading->key = sw_page_find(header, reading->over->key);
    if (reading->key == SIZE_MAX) return true;
    if (reading->measure->ending) return find_endings(reading, header, error);
    for (size_t i = 0; i < MEASURES && reading->measure->columns[i].column; i++) {
        size_t column = sw_page_find(header, reading->measure->columns[i].column);
        if (column == SIZE_MAX) continue;
        reading->chart.title = reading->measure->columns[i].title;
        return add_column(reading, header, column, 0, error);
    }
    return true;
}

static bool take(void *owner, const struct sw_page_row *row, struct sw_error *error)
{
    struct reading *reading = owner;
    struct sw_page_text label, values[SW_PAGE_SERIES_MAXIMUM];
    if (row->number == 0) return find_columns(reading, row, error);
    if (reading->chart.series_count == 0) return true;
    label.bytes = sw_page_cell(row, reading->key, &label.length);
    for (size_t i = 0; i < reading->chart.series_count; i++)
        values[i].bytes = sw_page_cell(row, reading->columns[i], &values[i].length);
    return sw_page_chart_bar(&reading->chart, label, values, error);
}

static bool plot(const struct sw_page_run *run, const struct over *over,
                 const struct measure *measure, struct sw_page_pen *pen, struct sw_buffer *out,
                 struct sw_error *error)
{
    const char *file = sw_page_file_of(run, over->stem);
    if (!file) return true;
    struct reading reading = {.over = over, .measure = measure};
    reading.chart.of = over->of;
    reading.chart.top = over->top;
    reading.chart.from = file;
    char *path = sw_page_path(run, "aggregated", file, error);
    bool good = path && sw_page_rows(path, take, &reading, error) &&
                sw_page_chart_draw(&reading.chart, pen, out, error);
    sw_page_chart_free(&reading.chart);
    free(path);
    return good;
}

/* Of a match: what each rule leaves, and what became of what sweeps wanted. */
static bool plot_match(const struct sw_page_run *run, struct sw_page_pen *pen,
                       struct sw_buffer *out, struct sw_error *error)
{
    static const struct over rule = {"match_summary", "rule", "rule", 0};
    static const struct over parts[] = {
        {"sweeps_by_security", "security_code", "security", TOP},
        {"sweeps_by_date", "date", "day", 0},
        {"sweeps_by_reason", "reason", "reason", 0},
    };
    static const struct measure of_rules[] = {
        {{{"matched_sweeps", "Sweeps with a match"}}, NULL, NULL, 1},
        {{{"matched_quantity", "Quantity matched"}}, NULL, NULL, 1},
        {{{"vwap", "Price of the matches"}}, NULL, NULL, 1},
    };
    static const struct measure quantities = {
        {{0}}, "_quantity", "What became of the quantity of sweeps,", 1};
    static const struct measure sweeps = {{{"sweeps", "Sweeps"}}, NULL, NULL, 1};
    for (size_t i = 0; i < sizeof of_rules / sizeof *of_rules; i++)
        if (!plot(run, &rule, &of_rules[i], pen, out, error)) return false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!plot(run, &parts[i], i < 2 ? &quantities : &sweeps, pen, out, error)) return false;
    return true;
}

bool sw_page_plots(const struct sw_page_run *run, struct sw_page_pen *pen, struct sw_buffer *out,
                   struct sw_error *error)
{
    static const struct over scenario = {"simulation_summary", "scenario", "scenario", 0};
    static const struct measure savings = {
        {{"savings", "Savings against the mid-price"}}, NULL, NULL, 1};
    if (run->kind == SW_PAGE_MATCH) return plot_match(run, pen, out, error);
    if (!plot(run, &scenario, &savings, pen, out, error)) return false;
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
        for (size_t j = 0; j < OVERS; j++)
            if (measures[i].overs >> j & 1 && !plot(run, &overs[j], &measures[i], pen, out, error))
                return false;
    return true;
}

/* ---- stages ---- */

/* What there is of a stage: its name, and the series' members. */
static bool add_stage(struct sw_page_chart *chart, struct sw_json stage, const char *const *members,
                      struct sw_error *error)
{
    struct sw_json value;
    struct sw_buffer name = {0};
    struct sw_page_text values[SW_PAGE_SERIES_MAXIMUM] = {{0}};
    if (!sw_json_member(stage, "name", &value)) return true;
    bool good = sw_json_said(value, &name, error);
    for (size_t i = 0; members[i]; i++)
        if (sw_json_member(stage, members[i], &value))
            values[i] = (struct sw_page_text){value.at, (size_t)(value.end - value.at)};
    const struct sw_page_text label = {(const char *)name.bytes, name.length};
    good = good && sw_page_chart_bar(chart, label, values, error);
    sw_buffer_free(&name);
    return good;
}

static bool plot_stages(const struct sw_page_run *run, const char *title,
                        const char *const *members, const char *const *names,
                        struct sw_page_pen *pen, struct sw_buffer *out, struct sw_error *error)
{
    struct sw_json stages, stage;
    struct sw_page_chart chart = {.title = title, .of = "stage", .from = "run/metrics.json"};
    bool good = true;
    if (!sw_json_member(run->metrics, "stages", &stages)) return true;
    for (size_t i = 0; good && names[i]; i++)
        good = sw_page_chart_series(&chart, names[i], strlen(names[i]), error);
    while (good && sw_json_element(&stages, &stage))
        good = add_stage(&chart, stage, members, error);
    good = good && sw_page_chart_draw(&chart, pen, out, error);
    sw_page_chart_free(&chart);
    return good;
}

bool sw_page_stage_plots(const struct sw_page_run *run, struct sw_page_pen *pen,
                         struct sw_buffer *out, struct sw_error *error)
{
    static const char *const seconds[] = {"elapsed_sec", "cpu_sec", NULL};
    static const char *const second_names[] = {"elapsed", "of processors", NULL};
    static const char *const memory[] = {"memory_mean_bytes", "memory_peak_bytes", NULL};
    static const char *const memory_names[] = {"mean", "peak", NULL};
    return plot_stages(run, "Seconds", seconds, second_names, pen, out, error) &&
           plot_stages(run, "Memory in bytes", memory, memory_names, pen, out, error);
}
