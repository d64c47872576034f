/* SPDX-License-Identifier: ISC
 *
 * sw-cut: records out of the stream, as CSV, TSV or JSON lines, in canonical form: what sw-chunk reads back to the same
 * records; or with their types, as a Parquet or Arrow file or an Arrow stream; or as a table to look at. -c takes stored and derived columns.
 */
#include <stdio.h>

#include "base/memory.h"
#include "expr/value.h"
#include "program/program.h"
#include "program/tally.h"
#include "output/format_name.h"
#include "output/text_writer.h"
#include "output/export.h"
#include "view/projection.h"
#include "view/view_options.h"

static struct {
    const char *columns, *format, *range, *level, *decimals, *time_as, *tally, *output;
    int64_t rows;
    bool no_header, iso_time, json_numbers, time_numbers;
    struct sw_view_settings view;
} set = {.rows = -1, .view = {.definer = &sw_value_definer, .say = sw_say_once}};

static const struct sw_option options[] = {
    SW_OPTION('c', "columns", "COL,…", set.columns,
              "only these columns, stored or derived, in this order"),
    SW_OPTION(0, "range", "OFFSET:LENGTH", set.range,
              "only the rows of the blocks that begin in this range of the file (sw-info --plan)"),
    SW_OPTION(0, "rows", "N", set.rows,
              "only the first N rows; the rest of the input has to be whole all the same"),
    SW_OPTION('f', "format", "FORMAT", set.format,
              "csv (the default), tsv, jsonl, table (the default on a terminal), parquet, arrow or "
              "arrows; what "
              "the name of the output ends in says it too"),
    SW_OPTION('z', "level", "LEVEL", set.level,
              "compression of Parquet, 0 (none) to 9 (smallest), 1 by default"),
    SW_OPTION(0, "no-header", NULL, set.no_header, "leave the header line out"),
    SW_OPTION(0, "iso-time", NULL, set.iso_time,
              "times as ISO 8601 in the time zone, instead of nanoseconds"),
    SW_OPTION(0, "json-numbers", NULL, set.json_numbers,
              "in JSON, ids, times and large values as numbers too"),
    SW_OPTION(
        0, "decimals", "AS", set.decimals,
        "decimals of Parquet and Arrow: exact (the default), double or text, for readers that "
        "take none"),
    SW_OPTION(
        0, "time-as", "AS", set.time_as,
        "times of Parquet and Arrow: utc (the default), local or integer, for readers that cut "
        "nanoseconds"),
    SW_OPTION(0, "time-numbers", NULL, set.time_numbers, "the same as --time-as=integer"),
    SW_VIEW_OPTIONS(set.view),
    SW_OPTION(0, "tally", "FILE", set.tally,
              "write the numbers of rows read, kept, rejected and bad to FILE, tab-separated"),
    SW_OPTION('o', "output", "FILE", set.output,
              "write to FILE instead of standard output, as gzip where its name ends in .gz"),
    SW_OPTIONS_END,
};

struct cut {
    struct sw_reader reader;
    uint64_t stream; /* the number of the one that the last rows came from */
    struct sw_view view;
    struct sw_columns columns;
    struct sw_output output;
    bool typed; /* the exporter writes, else the printer */
    enum sw_export_format export_format;
    struct sw_export_how written;
    struct sw_print_options how;
    struct sw_exporter exporter;
    struct sw_printer printer;
};

/* Dropping an option that the format does not know would be silent. */
static bool check_options(const struct cut *cut, struct sw_error *error)
{
    bool parquet = cut->typed && cut->export_format == SW_EXPORT_PARQUET;
    const struct {
        const char *name;
        bool given, known;
    } options_of_some[] = {
        {"no-header", set.no_header, !cut->typed && cut->how.format != SW_PRINT_TABLE},
        {"iso-time", set.iso_time, !cut->typed},
        {"json-numbers", set.json_numbers, !cut->typed},
        {"decimals", set.decimals, cut->typed},
        {"time-as", set.time_as, cut->typed},
        {"time-numbers", set.time_numbers, cut->typed},
        {"level", set.level, parquet},
        {"output=….gz", sw_output_named_gzip(set.output), !cut->typed},
    };
    for (size_t i = 0; i < sizeof options_of_some / sizeof *options_of_some; i++)
        if (options_of_some[i].given && !options_of_some[i].known)
            return sw_fail(error, SW_USAGE, "--%s: not with --format=%s", options_of_some[i].name,
                           set.format);
    return true;
}

static bool choose_level(struct cut *cut, struct sw_error *error)
{
    cut->written.level = SW_EXPORT_LEVEL;
    if (!set.level) return true;
    if (set.level[0] < '0' || set.level[0] > '9' || set.level[1])
        return sw_fail(error, SW_USAGE, "--level: not 0 to 9: '%s'", set.level);
    cut->written.level = set.level[0] - '0';
    return true;
}

static bool choose_written(struct cut *cut, struct sw_error *error)
{
    if (set.time_numbers && set.time_as && strcmp(set.time_as, "integer") != 0)
        return sw_fail(error, SW_USAGE, "--time-numbers: not with --time-as=%s", set.time_as);
    if (set.time_numbers) cut->written.times = SW_TIMES_INTEGER;
    if (set.decimals && !sw_decimals_as(set.decimals, &cut->written.decimals))
        return sw_fail(error, SW_USAGE, "--decimals: not exact, double or text: '%s'",
                       set.decimals);
    if (set.time_as && !sw_times_as(set.time_as, &cut->written.times))
        return sw_fail(error, SW_USAGE, "--time-as: not utc, local or integer: '%s'", set.time_as);
    cut->written.zone = &cut->view.zone;
    return true;
}

static bool choose_format(struct cut *cut, struct sw_error *error)
{
    struct sw_error unknown = {0};
    cut->how = (struct sw_print_options){.no_header = set.no_header,
                                         .iso_time = set.iso_time ? &cut->view.zone : NULL,
                                         .table_time = &cut->view.zone,
                                         .json_numbers = set.json_numbers};
    set.format = sw_format_name(set.format, set.output, "csv");
    cut->typed = sw_export_format(set.format, &cut->export_format);
    if (!cut->typed && strcmp(set.format, "swr") == 0)
        return sw_fail(error, SW_USAGE, "--format: records are what sw-filter writes: '%s'",
                       set.format);
    if (!cut->typed && !sw_print_format(set.format, &cut->how.format, &unknown))
        return sw_fail(error, SW_USAGE,
                       "--format: not csv, tsv, jsonl, table, parquet, arrow or arrows: '%s'",
                       set.format);
    if (!check_options(cut, error) || !choose_level(cut, error) || !choose_written(cut, error))
        return false;
    bool local = set.iso_time || cut->written.times == SW_TIMES_LOCAL ||
                 (!cut->typed && cut->how.format == SW_PRINT_TABLE);
    return !local || sw_view_local_time(&cut->view, error);
}

static bool open_output(struct cut *cut, struct sw_error *error)
{
    return cut->typed ? sw_output_open(&cut->output, set.output, error)
                      : sw_output_open_text(&cut->output, set.output, error);
}

/* Says where a value that has no place in the format was read. */
static bool located(const struct cut *cut, bool good, struct sw_error *error)
{
    char inputs[32];
    if (good || error->status != SW_DATA) return good;
    snprintf(inputs, sizeof inputs, "%zu inputs", cut->reader.path_count);
    return sw_fail_at(error, cut->reader.path_count > 1 ? inputs : cut->reader.first_name);
}

static bool begin(struct cut *cut, struct sw_error *error)
{
    if (!cut->typed)
        return sw_printer_open(&cut->printer, &cut->output, &cut->columns.schema, &cut->how, error);
    bool good = sw_exporter_open(&cut->exporter, cut->export_format, &cut->output,
                                 &cut->columns.schema, &cut->written, error);
    return located(cut, good, error);
}

/* Of the current block, as far as --rows lets them through. */
static size_t rows_wanted(const struct cut *cut)
{
    size_t rows = cut->reader.rows;
    uint64_t before = cut->reader.total_rows - rows, most = (uint64_t)set.rows;
    if (set.rows < 0 || before + rows <= most) return rows;
    return before < most ? (size_t)(most - before) : 0;
}

static bool put_block(struct cut *cut, size_t rows, struct sw_error *error)
{
    const struct sw_vector *const *vectors = cut->columns.vectors;
    if (!cut->typed) return sw_printer_rows(&cut->printer, vectors, NULL, rows, error);
    bool another = cut->stream != cut->reader.streams;
    cut->stream = cut->reader.streams;
    if (another && !located(cut, sw_exporter_follow(&cut->exporter, error), error)) return false;
    return located(cut, sw_exporter_rows(&cut->exporter, vectors, 0, rows, error), error);
}

static bool finish(struct cut *cut, struct sw_error *error)
{
    bool good = cut->typed ? located(cut, sw_exporter_close(&cut->exporter, error), error)
                           : sw_printer_end(&cut->printer, error);
    struct sw_tally tally = {.read = cut->reader.total_rows,
                             .kept = cut->typed ? sw_exporter_count(&cut->exporter)
                                                : cut->printer.rows};
    if (set.rows >= 0) tally.rejected = tally.read - tally.kept;
    return good && sw_tally_check(&tally, cut->reader.first_name, error) &&
           sw_output_close(&cut->output, error) &&
           (!set.tally || sw_tally_write(&tally, set.tally, error));
}

static bool put_blocks(struct cut *cut, struct sw_error *error)
{
    enum sw_step step;
    while ((step = sw_reader_next(&cut->reader, error)) == SW_ROWS) {
        size_t rows = rows_wanted(cut);
        if (rows == 0) continue; /* what comes is not read, but it has to be whole */
        sw_view_begin(&cut->view, cut->reader.rows);
        if (!sw_columns_fetch(&cut->columns, &cut->view, error) || !put_block(cut, rows, error))
            return false;
    }
    return step == SW_END && finish(cut, error);
}

static bool put_all(struct cut *cut, struct sw_error *error)
{
    if (!choose_format(cut, error) ||
        !sw_columns_open(&cut->columns, &cut->view, set.columns, error) ||
        !sw_columns_inherit(&cut->columns, &cut->view, error) || !open_output(cut, error))
        return false;
    bool good = begin(cut, error) && put_blocks(cut, error);
    if (!good) sw_output_abandon(&cut->output);
    sw_exporter_free(&cut->exporter);
    sw_printer_free(&cut->printer);
    return good;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct cut cut = {0};
    if (!sw_output_refuse_clash((const char *const[]){set.output, set.tally}, 2, line->operands,
                                line->operand_count, NULL, error) ||
        !sw_reader_open_part(&cut.reader, line->operands, line->operand_count, set.range, error))
        return false;
    bool good = sw_view_open(&cut.view, sw_supplier_of_reader(&cut.reader), &set.view, error) &&
                put_all(&cut, error);
    sw_columns_free(&cut.columns);
    sw_view_free(&cut.view);
    sw_reader_close(&cut.reader);
    return good;
}

static const struct sw_program program = {
    "sw-cut",
    "records to CSV, TSV, JSON lines, tables, Parquet or Arrow",
    "[OPTION]… [FILE…]\n--range OFFSET:LENGTH [OPTION]… FILE\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
