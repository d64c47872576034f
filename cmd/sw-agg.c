/* SPDX-License-Identifier: ISC
 *
 * sw-agg groups rows and measures the groups. What it computes it can also write as partial
 * aggregates, a record stream like any other, and merge such streams: the rows of a file may be
 * split over any number of processes, in any way, and the result has the same bytes.
 */
#include <string.h>

#include "output/format_name.h"
#include "base/number.h"
#include "expr/value.h"
#include "program/program.h"
#include "program/tally.h"
#include "group/named_measures.h"
#include "group/reports.h"

static struct {
    const char *group, *measures, *format, *reports, *output, *zone, *sizes, *selectors, *rows_in;
    const char *range, *tally, *folder;
    struct sw_size memory;
    bool partial, merge, json_numbers, list_columns, list_reports, iso_time;
} set;

static const struct sw_option options[] = {
    SW_OPTION('g', "group", "KEY,…", set.group,
              "a group for each combination of values of these columns, stored or derived; beside "
              "--reports: one more report, groups"),
    SW_OPTION('a', "measures", "NAME=MEASURE,…", set.measures,
              "what to compute for each group: count(), count(x), count(EXPR), sum(x), mean(x), "
              "std(x), min(x), "
              "max(x), distinct(x), wmean(x,w), vwap(), median(x), quantile(x,p), "
              "quantile_disc(x,p), first(x), last(x); of these, + - * / abs least greatest round; "
              "default: the standard measures, "
              "which reports always have, in front of these"),
    SW_OPTION(0, "reports", "all|NAME,…", set.reports,
              "compute these standard reports in one pass, into the directory of --output"),
    SW_OPTION_UNRECORDED(
        0, "range", "OFFSET:LENGTH", set.range,
        "only the rows of the blocks that begin in this range of the file (sw-info --plan)"),
    SW_OPTION(
        'f', "format", "FORMAT", set.format,
        "format of the result: csv (the default), tsv, jsonl, table (the default on a terminal), "
        "swr, parquet, arrow or arrows; what the name of the output ends in says it too; of "
        "reports csv.gz, and no table"),
    SW_OPTION(0, "partial", NULL, set.partial,
              "write partial aggregates, a record stream that --merge reads"),
    SW_OPTION(0, "merge", NULL, set.merge,
              "read partial aggregates; what is grouped and measured they say themselves"),
    SW_OPTION(0, "list-columns", NULL, set.list_columns,
              "print the names of the columns that would be read, and read no rows"),
    SW_OPTION(0, "list-reports", NULL, set.list_reports,
              "instead: print the names of the files that all standard reports have"),
    SW_OPTION_UNRECORDED(
        'o', "output", "FILE", set.output,
        "write to this file (text as gzip where its name ends in .gz), or to this directory "
        "where reports are written"),
    SW_OPTION(0, "tz", "ZONE", set.zone,
              "local time: an offset or a name, by default the schema's zone"),
    SW_OPTION(0, "sizes", "BOUND,…", set.sizes,
              "upper bounds of the sizes; default: 1000,5000,10000,50000"),
    SW_OPTION(0, "iso-time", NULL, set.iso_time,
              "times as ISO 8601 in the time zone, instead of nanoseconds"),
    SW_OPTION(0, "json-numbers", NULL, set.json_numbers,
              "in JSON, ids, times and sums are numbers too"),
    SW_OPTION(0, "rows-in", "N", set.rows_in,
              "rows there were before any selection, for aggregation_summary.json"),
    SW_OPTION(0, "selectors", "TEXT", set.selectors,
              "how rows were selected, for aggregation_summary.json"),
    SW_OPTION_UNRECORDED('S', "memory", "SIZE", set.memory,
                         "memory for the values of quantiles, 32M by default; more goes to disk"),
    SW_OPTION_UNRECORDED('T', "temporary-directory", "DIR", set.folder,
                         "where temporary files go, instead of $TMPDIR or /tmp"),
    SW_OPTION_UNRECORDED(
        0, "tally", "FILE", set.tally,
        "write the numbers of rows read, kept, rejected and bad to FILE, tab-separated"),
    SW_OPTIONS_END,
};

static bool check_format(struct sw_reports_options *reports, struct sw_error *error)
{
    const char *format = set.format;
    if (!format && set.partial) format = "swr";
    if (!format) format = set.reports ? "csv" : sw_format_name(NULL, set.output, "csv");
    reports->suffix = sw_reports_suffix(format);
    reports->result.json_numbers = set.json_numbers;
    if (set.reports && strcmp(format, "csv.gz") == 0) format = "csv";
    if (!sw_result_format(format, &reports->result, error)) return false;
    if (set.iso_time && reports->result.kind != SW_RESULT_TEXT)
        return sw_fail(error, SW_USAGE, "--iso-time: not with '%s', which has times as such",
                       format);
    if (set.partial && reports->result.kind != SW_RESULT_RECORDS)
        return sw_fail(error, SW_USAGE, "--partial: the format is swr, not '%s'", format);
    return true;
}

enum { MEMORY_DEFAULT = 32 << 20, MEMORY_MINIMUM = 1 << 20 };

static uint64_t memory_bytes; /* of the values of quantiles */

static bool check_options(struct sw_reports_options *reports, struct sw_error *error)
{
    *reports = (struct sw_reports_options){
        .directory = set.output, .rows_in_known = set.rows_in != NULL, .selectors = set.selectors};
    if (set.reports && !set.partial && !set.output && !set.list_columns)
        return sw_fail(error, SW_USAGE, "--reports: needs --output DIRECTORY");
    if (set.list_columns && (set.partial || set.merge || set.tally))
        return sw_fail(error, SW_USAGE, "--list-columns: not with --partial, --merge or --tally");
    if (set.rows_in && !sw_parse_count(set.rows_in, &reports->rows_in))
        return sw_fail(error, SW_USAGE, "--rows-in: not a whole number: '%s'", set.rows_in);
    return sw_memory_of(set.memory, MEMORY_DEFAULT, MEMORY_MINIMUM, &memory_bytes, error) &&
           check_format(reports, error);
}

static const char *share_directory;

static struct sw_request requested(const struct sw_schema *rows)
{
    return (struct sw_request){
        set.group,
        set.measures,
        set.reports,
        {.definer = &sw_value_definer, .say = sw_say_once, .zone = set.zone, .sizes = set.sizes},
        share_directory,
        rows,
        memory_bytes,
        set.partial ? NULL : sw_temporary_directory(set.folder),
        !set.partial && !set.merge};
}

/* Reads everything there is into the aggregate. */
static bool take_in(struct sw_aggregate *aggregate, struct sw_reader *reader,
                    struct sw_error *error)
{
    const struct sw_request request = requested(set.merge ? NULL : &reader->schema);
    if (set.merge)
        return sw_aggregate_adopt(aggregate, &request, &reader->schema, error) &&
               sw_aggregate_partials(aggregate, reader, error);
    return sw_aggregate_plan(aggregate, &request, error) &&
           sw_aggregate_rows(aggregate, reader, &request.settings, error);
}

static bool list_columns(struct sw_aggregate *aggregate, struct sw_reader *reader,
                         struct sw_error *error)
{
    const struct sw_request request = requested(&reader->schema);
    struct sw_buffer names = {0};
    bool good = sw_aggregate_plan(aggregate, &request, error) &&
                sw_aggregate_columns(aggregate, reader, &request.settings, &names, error) &&
                sw_output_file(set.output, names.bytes, names.length, error);
    sw_buffer_free(&names);
    return good;
}

static bool write_result(struct sw_aggregate *aggregate, const struct sw_result_options *how,
                         struct sw_error *error)
{
    struct sw_output output;
    bool opened = how->kind == SW_RESULT_TEXT ? sw_output_open_text(&output, set.output, error)
                                              : sw_output_open(&output, set.output, error);
    if (!opened) return false;
    bool good = set.partial
                    ? sw_partial_write(aggregate, &output, how->made_from, how->made_by, error)
                    : sw_result_write(&aggregate->groupings[0], how, &output, NULL, error);
    return sw_output_end(&output, good, error);
}

static bool write_reports(struct sw_aggregate *aggregate, const struct sw_reports_options *reports,
                          struct sw_error *error)
{
    const struct sw_measured anything = {NULL, false};
    uint32_t wanted = aggregate->reports;
    if (set.reports && strcmp(set.reports, "all") != 0 &&
        !sw_reports_parse(set.reports, &anything, &wanted, error))
        return false;
    if (!reports->directory)
        return sw_fail(error, SW_USAGE, "these are reports: they need --output DIRECTORY");
    if (reports->result.kind == SW_RESULT_TEXT && reports->result.format == SW_PRINT_TABLE)
        return sw_fail(error, SW_USAGE,
                       "--format: tables are for a terminal, not for files of reports");
    return sw_reports_write(aggregate, wanted, reports, error);
}

/* A table shows times as local time, and --iso-time has them so everywhere: in the zone of the rows, or that of partial aggregates. */
static bool show_local_time(struct sw_aggregate *aggregate, const struct sw_reader *reader,
                            struct sw_result_options *result, struct sw_error *error)
{
    static struct sw_zone of_partials;
    struct sw_zone *zone = set.merge ? &of_partials : &aggregate->view.zone;
    bool table = result->kind == SW_RESULT_TEXT && result->format == SW_PRINT_TABLE;
    if (!table && !set.iso_time) return true;
    if (table) result->table_time = zone;
    if (set.iso_time) result->iso_time = zone;
    return set.merge
               ? sw_zone_open(zone, set.zone ? set.zone : sw_schema_zone(&reader->schema), error)
               : sw_view_local_time(&aggregate->view, error);
}

static bool write_all(struct sw_aggregate *aggregate, const struct sw_reader *reader,
                      struct sw_reports_options *reports, struct sw_error *error)
{
    struct sw_buffer made_by = {0};
    bool good = sw_aggregate_check(aggregate, error) && sw_program_provenance(&made_by, error) &&
                sw_buffer_add(&made_by, "", 1, error);
    reports->result.made_from = &reader->schema;
    reports->result.made_by = (const char *)made_by.bytes;
    good = good && show_local_time(aggregate, reader, &reports->result, error);
    if (good)
        good = aggregate->reports && !set.partial
                   ? write_reports(aggregate, reports, error)
                   : write_result(aggregate, &reports->result, error);
    sw_buffer_free(&made_by);
    if (!good || !set.tally) return good;
    uint64_t rows = sw_grouping_count(&aggregate->groupings[0]);
    const struct sw_tally tally = {.read = rows, .kept = rows};
    return sw_tally_write(&tally, set.tally, error);
}

/* What -a names stands for by the columns of the rows, which parts do not tell. */
static bool expand_measures(const struct sw_schema *rows, struct sw_buffer *expanded,
                            struct sw_error *error)
{
    if (!set.measures) return true;
    if (!sw_measures_expand(set.measures, share_directory, set.merge ? NULL : rows, sw_say_once,
                            expanded, error))
        return false;
    set.measures = (const char *)expanded->bytes;
    return true;
}

static bool list_reports(const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_buffer names = {0};
    if (line->operand_count || set.reports || set.group || set.measures || set.list_columns)
        return sw_fail(error, SW_USAGE, "--list-reports: stands alone, but for --output");
    bool good = sw_reports_files(&names, error) &&
                sw_output_file(set.output, names.bytes, names.length, error);
    sw_buffer_free(&names);
    return good;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    const char *const outputs[] = {set.output, set.tally};
    struct sw_reports_options reports;
    struct sw_aggregate aggregate = {0};
    struct sw_buffer measures = {0};
    struct sw_reader reader;
    if (set.list_reports) return list_reports(line, error);
    bool checked = check_options(&reports, error);
    reports.inputs = line->operands;
    reports.input_count = line->operand_count;
    reports.other_output = set.tally;
    if (checked && set.measures) checked = (share_directory = sw_share_directory(error)) != NULL;
    if (!checked ||
        !sw_output_refuse_clash(outputs, 2, line->operands, line->operand_count, NULL, error) ||
        !sw_reader_open_part(&reader, line->operands, line->operand_count, set.range, error))
        return false;
    bool good = expand_measures(&reader.schema, &measures, error) &&
                (set.list_columns ? list_columns(&aggregate, &reader, error)
                                  : take_in(&aggregate, &reader, error) &&
                                        write_all(&aggregate, &reader, &reports, error));
    sw_buffer_free(&measures);
    sw_aggregate_free(&aggregate);
    sw_reader_close(&reader);
    return good;
}

int main(int argc, char **argv)
{
    static const struct sw_program program = {
        "sw-agg", "group rows and measure the groups",
        "[-g KEY,…] [-a NAME=MEASURE,…] [-f FORMAT] [--partial | --merge] [FILE…]\n"
        "--reports all|NAME,… [-g KEY,…] [-a NAME=MEASURE,…] [-f FORMAT] -o DIRECTORY [--partial | "
        "--merge] [FILE…]\n",
        options, run};
    return sw_main(&program, argc, argv);
}
