/* SPDX-License-Identifier: ISC
 *
 * sw-cut: records out of the stream, as CSV, TSV or JSON lines, in canonical form: what sw-chunk reads back to the same
 * records; or with their types, as a Parquet or Arrow file or an Arrow stream; or as a table to look at. -c takes stored and derived columns.
 */
#include <stdio.h>

#include "expr/value.h"
#include "program/program.h"
#include "program/tally.h"
#include "output/format_name.h"
#include "output/row_output.h"
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
    struct sw_view view;
    struct sw_columns columns;
    struct sw_output output;
    struct sw_row_format format;
    struct sw_row_output rows;
};

/* Dropping an option that the format does not know would be silent. */
static bool check_options(const struct cut *cut, struct sw_error *error)
{
    const bool typed = cut->format.typed;
    const bool parquet = typed && cut->format.exported == SW_EXPORT_PARQUET;
    const struct {
        const char *name;
        bool given, known;
    } options_of_some[] = {
        {"no-header", set.no_header, !typed && cut->format.printed.format != SW_PRINT_TABLE},
        {"iso-time", set.iso_time, !typed},
        {"json-numbers", set.json_numbers, !typed},
        {"decimals", set.decimals, typed},
        {"time-as", set.time_as, typed},
        {"time-numbers", set.time_numbers, typed},
        {"level", set.level, parquet},
        {"output=….gz", sw_output_named_gzip(set.output), !typed},
    };
    for (size_t i = 0; i < sizeof options_of_some / sizeof *options_of_some; i++)
        if (options_of_some[i].given && !options_of_some[i].known)
            return sw_fail(error, SW_USAGE, "--%s: not with --format=%s", options_of_some[i].name,
                           set.format);
    return true;
}

static bool choose_format(struct cut *cut, struct sw_error *error)
{
    const struct sw_written_words words = {set.level, set.decimals, set.time_as, set.time_numbers};
    struct sw_row_format *format = &cut->format;
    format->printed = (struct sw_print_options){.no_header = set.no_header,
                                                .iso_time = set.iso_time ? &cut->view.zone : NULL,
                                                .table_time = &cut->view.zone,
                                                .json_numbers = set.json_numbers};
    format->written.zone = &cut->view.zone;
    set.format = sw_format_name(set.format, set.output, "csv");
    if (!sw_row_format(set.format, format, error) || !check_options(cut, error) ||
        !sw_written_parse(&words, &format->written, error))
        return false;
    bool local = set.iso_time || format->written.times == SW_TIMES_LOCAL ||
                 (!format->typed && format->printed.format == SW_PRINT_TABLE);
    return !local || sw_view_local_time(&cut->view, error);
}

static bool open_output(struct cut *cut, struct sw_error *error)
{
    return cut->format.typed ? sw_output_open(&cut->output, set.output, error)
                             : sw_output_open_text(&cut->output, set.output, error);
}

/* Says where a value that has no place in the format was read. */
static bool located(const struct cut *cut, bool good, struct sw_error *error)
{
    char inputs[32];
    if (good || !cut->format.typed || error->status != SW_DATA) return good;
    snprintf(inputs, sizeof inputs, "%zu inputs", cut->reader.path_count);
    return sw_fail_at(error, cut->reader.path_count > 1 ? inputs : cut->reader.first_name);
}

/* Of the current block, as far as --rows lets them through. */
static size_t rows_wanted(const struct cut *cut)
{
    size_t rows = cut->reader.rows;
    uint64_t before = cut->reader.total_rows - rows, most = (uint64_t)set.rows;
    if (set.rows < 0 || before + rows <= most) return rows;
    return before < most ? (size_t)(most - before) : 0;
}

static bool finish(struct cut *cut, struct sw_error *error)
{
    const bool good = located(cut, sw_row_output_end(&cut->rows, error), error);
    struct sw_tally tally = {.read = cut->reader.total_rows,
                             .kept = sw_row_output_count(&cut->rows)};
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
        if (!sw_columns_fetch(&cut->columns, &cut->view, error) ||
            !located(cut,
                     sw_row_output_put(&cut->rows, cut->columns.vectors, rows, cut->reader.streams,
                                       error),
                     error))
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
    bool opened =
        sw_row_output_open(&cut->rows, &cut->output, &cut->columns.schema, &cut->format, error);
    bool good = located(cut, opened, error) && put_blocks(cut, error);
    if (!good) sw_output_abandon(&cut->output);
    sw_row_output_free(&cut->rows);
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
