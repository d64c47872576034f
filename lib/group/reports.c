/* SPDX-License-Identifier: ISC */
#include "group/reports.h"

#include <stdio.h>
#include <stdlib.h>

#include "files/folders.h"
#include "base/json.h"
#include "base/memory.h"
#include "group/roll_up.h"

/* The groupings of the pass. */
enum { SECURITY_DATE, PARTICIPANT, HOUR_SIZE, GROUPINGS };

static const struct {
    const char *name;
    const char *keys[4];
    const char *members[2]; /* columns whose distinct values it keeps */
} groupings[GROUPINGS] = {
    [SECURITY_DATE] = {"security_date", {"security_code", "date"}, {"participantid"}},
    [PARTICIPANT] = {"participant", {"participantid"}, {NULL}},
    [HOUR_SIZE] = {"hour_size",
                   {"hour_start", "date", "hour", "size"},
                   {"participantid", "security_code"}},
};

static const struct report {
    const char *name, *suffix;
    const char *keys[2];
    int from; /* the grouping that it is rolled up from */
} reports[] = {
    {"by_security", ".csv", {"security_code"}, SECURITY_DATE},
    {"by_date", ".csv", {"date"}, SECURITY_DATE},
    {"by_participant", ".csv", {"participantid"}, PARTICIPANT},
    {"by_time_of_day", ".csv", {"hour"}, HOUR_SIZE},
    {"by_order_size", ".csv", {"size"}, HOUR_SIZE},
    {"by_security_date", ".csv", {"security_code", "date"}, SECURITY_DATE},
    {"timeseries_hourly", ".csv", {"hour_start"}, HOUR_SIZE},
    {"timeseries_daily", ".csv", {"date"}, SECURITY_DATE},
    {"groups", ".csv", {NULL}, GROUPINGS}, /* by keys of the user's own; rolled up from none */
    {"global_summary", ".csv", {NULL}, SECURITY_DATE},
    {"aggregation_summary", ".json", {NULL}, SECURITY_DATE},
};

enum {
    REPORTS = sizeof reports / sizeof *reports,
    SUMMARY = REPORTS - 1, /* in JSON, of the other reports */
    GLOBAL = REPORTS - 2,
    OWN = REPORTS - 3,
};

static const uint32_t own_bit = (uint32_t)1 << OWN;
static const uint32_t all_bits = (((uint32_t)1 << REPORTS) - 1) & ~((uint32_t)1 << OWN);

/* ---- names ---- */

/* The bit of a report, which may be called with its file's ending; 0 where there is none. */
static uint32_t find_report(const char *name, size_t length)
{
    for (size_t i = 0; i < REPORTS; i++) {
        size_t bare = strlen(reports[i].name), whole = bare + strlen(reports[i].suffix);
        if (i == OWN || length < bare || memcmp(name, reports[i].name, bare) != 0) continue;
        if (length != bare &&
            (length != whole || memcmp(name + bare, reports[i].suffix, whole - bare) != 0))
            continue;
        return (uint32_t)1 << i;
    }
    return 0;
}

static bool add_report(const char *name, size_t length, uint32_t *bits, struct sw_error *error)
{
    uint32_t bit = find_report(name, length);
    if (!bit)
        return sw_fail(error, SW_USAGE, "--reports: no such report: '%.*s'", (int)length, name);
    if (*bits & bit)
        return sw_fail(error, SW_USAGE, "--reports: '%.*s' stands twice", (int)length, name);
    *bits |= bit;
    return true;
}

/* The key of a report that the rows have not; NULL: they have all. */
static const char *missing_key(const struct report *report, const struct sw_measured *measured)
{
    for (size_t i = 0; i < 2 && report->keys[i]; i++)
        if (!sw_measured_has(measured, report->keys[i])) return report->keys[i];
    return NULL;
}

static uint32_t bits_of_all(const struct sw_measured *measured)
{
    uint32_t bits = all_bits;
    for (size_t i = 0; i < REPORTS; i++)
        if (missing_key(&reports[i], measured)) bits &= ~((uint32_t)1 << i);
    return bits;
}

static bool check_keys(uint32_t bits, const struct sw_measured *measured, struct sw_error *error)
{
    for (size_t i = 0; i < REPORTS; i++) {
        const char *key = bits >> i & 1 ? missing_key(&reports[i], measured) : NULL;
        if (key)
            return sw_fail(error, SW_USAGE,
                           "--reports: '%s' is by a column that is not there: '%s'",
                           reports[i].name, key);
    }
    return true;
}

bool sw_reports_parse(const char *list, const struct sw_measured *measured, uint32_t *bits,
                      struct sw_error *error)
{
    bool all = strcmp(list, "all") == 0;
    *bits = all ? bits_of_all(measured) : 0;
    while (!all) {
        size_t length = strcspn(list, ",");
        if (!add_report(list, length, bits, error)) return false;
        list += length;
        if (!*list++) break;
    }
    return check_keys(*bits, measured, error);
}

bool sw_reports_names(uint32_t bits, struct sw_buffer *out, struct sw_error *error)
{
    bool any = false;
    for (size_t i = 0; i < REPORTS; i++) {
        if (i == OWN || !(bits >> i & 1)) continue;
        if (!sw_buffer_format(out, error, "%s%s", any ? "," : "", reports[i].name)) return false;
        any = true;
    }
    return true;
}

bool sw_reports_files(struct sw_buffer *out, struct sw_error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < REPORTS; i++)
        good =
            i == OWN || sw_buffer_format(out, error, "%s%s\n", reports[i].name, reports[i].suffix);
    return good;
}

/* ---- the pass ---- */

static int dimension_named(struct sw_aggregate *aggregate, const char *name, struct sw_error *error)
{
    return sw_dimension_add(&aggregate->dimensions, name, strlen(name), error);
}

/* The shape's members that are distinct values of these columns, and those of listed measures, as
 * bits. */
static uint64_t members_of(const struct sw_aggregate *aggregate, const char *const columns[2])
{
    uint64_t bits = 0;
    for (size_t i = 0; i < aggregate->shape.member_count; i++) {
        int dimension = aggregate->shape.members[i].dimension;
        const char *name = aggregate->dimensions.items[dimension].name;
        for (size_t column = 0; column < 2 && columns[column]; column++)
            if (strcmp(columns[column], name) == 0) bits |= (uint64_t)1 << i;
        if (i >= aggregate->shape.listed_members) bits |= (uint64_t)1 << i;
    }
    return bits;
}

static bool needed(uint32_t bits, int grouping)
{
    if (grouping == SECURITY_DATE && bits & (uint32_t)1 << SUMMARY) return true;
    for (size_t i = 0; i < SUMMARY; i++)
        if (bits >> i & 1)
            if (reports[i].from == grouping ||
                (reports[i].from == PARTICIPANT && grouping == SECURITY_DATE))
                return true;
    return false;
}

/* By those of its keys that the rows have. */
static bool plan_grouping(struct sw_aggregate *aggregate, const struct sw_measured *measured,
                          int which, struct sw_error *error)
{
    int keys[4];
    size_t count = 0;
    for (size_t i = 0; i < 4 && groupings[which].keys[i]; i++) {
        if (!sw_measured_has(measured, groupings[which].keys[i])) continue;
        keys[count] = dimension_named(aggregate, groupings[which].keys[i], error);
        if (keys[count++] < 0) return false;
    }
    return sw_grouping_init(&aggregate->groupings[aggregate->grouping_count++],
                            groupings[which].name, &aggregate->shape, &aggregate->dimensions, keys,
                            count, members_of(aggregate, groupings[which].members), error);
}

bool sw_reports_plan(struct sw_aggregate *aggregate, const struct sw_measured *measured,
                     const int *keys, size_t key_count, struct sw_error *error)
{
    for (int i = 0; i < GROUPINGS; i++)
        if (needed(aggregate->reports, i) && !plan_grouping(aggregate, measured, i, error))
            return false;
    if (key_count == 0) return true;
    aggregate->reports |= own_bit;
    return sw_grouping_init(&aggregate->groupings[aggregate->grouping_count++], reports[OWN].name,
                            &aggregate->shape, &aggregate->dimensions, keys, key_count,
                            ~(uint64_t)0, error);
}

static struct sw_grouping *grouping_of(struct sw_aggregate *aggregate, int which)
{
    for (size_t i = 0; i < aggregate->grouping_count; i++)
        if (strcmp(aggregate->groupings[i].name, groupings[which].name) == 0)
            return &aggregate->groupings[i];
    return NULL;
}

struct sw_grouping *sw_reports_hourly(struct sw_aggregate *aggregate)
{
    const struct sw_dimension *dimensions = aggregate->dimensions.items;
    struct sw_grouping *hourly = aggregate->reports ? grouping_of(aggregate, HOUR_SIZE) : NULL;
    for (size_t key = 0; hourly && key < SW_HOUR_KEYS; key++)
        if (key >= hourly->key_count ||
            strcmp(dimensions[hourly->keys[key]].name, groupings[HOUR_SIZE].keys[key]) != 0)
            return NULL;
    return hourly;
}

const struct sw_grouping *sw_reports_own(const struct sw_aggregate *aggregate)
{
    bool own = aggregate->reports & own_bit;
    return own ? &aggregate->groupings[aggregate->grouping_count - 1] : NULL;
}

/* ---- rolling up ---- */

static bool init_target(struct sw_aggregate *aggregate, const struct report *report,
                        struct sw_grouping *target, struct sw_error *error)
{
    int keys[2];
    size_t count = 0;
    for (; count < 2 && report->keys[count]; count++) {
        keys[count] = dimension_named(aggregate, report->keys[count], error);
        if (keys[count] < 0) return false;
    }
    return sw_grouping_init(target, report->name, &aggregate->shape, &aggregate->dimensions, keys,
                            count, ~(uint64_t)0, error) &&
           sw_grouping_begin(target, error);
}

/* Makes the groups of a report. The caller frees *target, after a failure too. */
static bool make_groups(struct sw_aggregate *aggregate, const struct report *report,
                        struct sw_grouping *target, struct sw_error *error)
{
    *target = (struct sw_grouping){0};
    return init_target(aggregate, report, target, error) &&
           sw_roll_up(grouping_of(aggregate, report->from), target, error) &&
           (report->from != PARTICIPANT ||
            sw_roll_up_keys(grouping_of(aggregate, SECURITY_DATE), target, error));
}

/* ---- files ---- */

struct report_files {
    struct sw_aggregate *aggregate;
    const struct sw_reports_options *options;
    size_t groups[REPORTS]; /* of each report written */
    struct sw_output outputs[REPORTS];
    struct sw_buffer paths[REPORTS];
    uint64_t rows;
};

/* A line for each measure; in other formats the summary is a row, where each keeps its type. */
static bool lines_of_csv(const struct sw_result_options *how)
{
    return how->kind == SW_RESULT_TEXT && how->format == SW_PRINT_CSV;
}

static bool write_report(struct report_files *files, size_t which, struct sw_output *output,
                         struct sw_error *error)
{
    const struct sw_result_options *how = &files->options->result;
    size_t *groups = &files->groups[which];
    struct sw_grouping target;
    if (which == OWN)
        return sw_result_write(sw_reports_own(files->aggregate), how, output, groups, error);
    bool good = make_groups(files->aggregate, &reports[which], &target, error);
    if (good && which == GLOBAL && lines_of_csv(how))
        good = sw_result_metrics(&target, how, output, error);
    else if (good)
        good = sw_result_write(&target, how, output, groups, error);
    sw_grouping_free(&target);
    return good;
}

static bool format_summary(const struct report_files *files, uint32_t bits, struct sw_buffer *out,
                           struct sw_error *error)
{
    const struct sw_reports_options *options = files->options;
    const char *selectors = options->selectors ? options->selectors : "";
    uint64_t rows_in = options->rows_in_known ? options->rows_in : files->rows;
    bool first = true;
    if (!sw_buffer_format(out, error,
                          "{\n  \"rows_in\": %llu,\n  \"rows_out\": %llu,\n  \"selectors\": ",
                          (unsigned long long)rows_in, (unsigned long long)files->rows) ||
        !sw_json_text(out, selectors, strlen(selectors), error) ||
        !sw_buffer_text(out, ",\n  \"groups\": {", error))
        return false;
    for (size_t i = 0; i < GLOBAL; i++) {
        if (!(bits >> i & 1)) continue;
        if (!sw_buffer_format(out, error, "%s\n    \"%s\": %zu", first ? "" : ",", reports[i].name,
                              files->groups[i]))
            return false;
        first = false;
    }
    return sw_buffer_text(out, first ? "}\n}\n" : "\n  }\n}\n", error);
}

static bool write_summary(const struct report_files *files, uint32_t bits, struct sw_output *output,
                          struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = format_summary(files, bits, &text, error) &&
                sw_output_write(output, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

const char *sw_reports_suffix(const char *format)
{
    static const char *const suffixes[] = {".csv", ".csv.gz",  ".tsv",   ".jsonl",
                                           ".swr", ".parquet", ".arrow", ".arrows"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (strcmp(format, suffixes[i] + 1) == 0) return suffixes[i];
    return NULL;
}

static bool report_path(const struct sw_reports_options *options, size_t which,
                        struct sw_buffer *path, struct sw_error *error)
{
    return sw_buffer_format(path, error, "%s/%s%s", options->directory, reports[which].name,
                            which == SUMMARY ? reports[which].suffix : options->suffix) &&
           sw_buffer_add(path, "", 1, error);
}

/* Opens and writes the file of a report, which gets its name with the others. */
static bool write_file(struct report_files *files, size_t which, uint32_t bits,
                       struct sw_error *error)
{
    struct sw_output *output = &files->outputs[which];
    struct sw_buffer *path = &files->paths[which];
    bool good = report_path(files->options, which, path, error) &&
                sw_output_open_text(output, (const char *)path->bytes, error);
    return good &&
           (which == SUMMARY ? write_summary(files, bits, output, error)
                             : write_report(files, which, output, error)) &&
           sw_output_finish(output, error);
}

static bool write_files(struct report_files *files, uint32_t bits, struct sw_error *error)
{
    struct sw_output *finished[REPORTS];
    size_t count = 0;
    bool good = true;
    for (size_t i = 0; i < REPORTS; i++) files->outputs[i].fd = -1;
    for (size_t i = 0; good && i < REPORTS; i++)
        if (bits >> i & 1) {
            good = write_file(files, i, bits, error);
            finished[count++] = &files->outputs[i];
        }
    good = good && sw_output_publish(finished, count, error);
    for (size_t i = 0; i < REPORTS; i++) {
        if (!good) sw_output_abandon(&files->outputs[i]);
        sw_buffer_free(&files->paths[i]);
    }
    return good;
}

/* Before the first one is written: none of them may be an input, or what else the program writes. */
static bool refuse_clash(const struct sw_reports_options *options, uint32_t bits,
                         struct sw_error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < REPORTS; i++) {
        struct sw_buffer path = {0};
        if (!(bits >> i & 1)) continue;
        good = report_path(options, i, &path, error);
        if (good) {
            const char *const outputs[] = {(const char *)path.bytes, options->other_output};
            good = sw_output_refuse_clash(outputs, 2, options->inputs, options->input_count, NULL,
                                          error);
        }
        sw_buffer_free(&path);
    }
    return good;
}

bool sw_reports_write(struct sw_aggregate *aggregate, uint32_t bits,
                      const struct sw_reports_options *options, struct sw_error *error)
{
    struct report_files files = {.aggregate = aggregate, .options = options};
    files.rows = sw_grouping_count(&aggregate->groupings[0]);
    bits |= aggregate->reports & own_bit;
    if (!*options->directory) return sw_fail(error, SW_USAGE, "--output: an empty name");
    if (!sw_make_folders(options->directory, error) || !refuse_clash(options, bits, error))
        return false;
    return write_files(&files, bits, error);
}
