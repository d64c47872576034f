/* SPDX-License-Identifier: ISC
 *
 * sw-split: one file per key, of records or of text. The name of each is a template with the keys in braces; rows keep their
 * order within a key. All files appear at the end, whole, or none.
 */
#include <string.h>

#include "expr/value.h"
#include "program/program.h"
#include "program/tally.h"
#include "view/projection.h"
#include "split/split_files.h"
#include "view/view_options.h"

static struct {
    const char *keys, *output, *columns, *format;
    bool no_header, iso_time, json_numbers;
    struct sw_view_settings view;
} set = {.view = {.definer = &sw_value_definer, .say = sw_say_once}};

static const struct sw_option options[] = {
    SW_OPTION('k', "keys", "COL,…", set.keys, "one file for each value of these columns"),
    SW_OPTION_UNRECORDED(
        'o', "output", "TEMPLATE", set.output,
        "the files' names, each key in braces: 'DIR/{security_code}/{date}/orders.swr'; text is "
        "written as gzip where they end in .gz"),
    SW_OPTION('c', "columns", "COL,…", set.columns,
              "write only these columns, stored or derived, in this order"),
    SW_OPTION('f', "format", "FORMAT", set.format, "swr (the default), csv, tsv or jsonl"),
    SW_OPTION(0, "no-header", NULL, set.no_header, "in CSV and TSV, leave the header line out"),
    SW_OPTION(0, "iso-time", NULL, set.iso_time,
              "in text, times as ISO 8601 in the time zone, instead of nanoseconds"),
    SW_OPTION(0, "json-numbers", NULL, set.json_numbers,
              "in JSON, ids, times and large values as numbers too"),
    SW_VIEW_OPTIONS(set.view),
    SW_OPTIONS_END,
};

struct splitting {
    struct sw_reader reader;
    struct sw_view view;
    struct sw_columns columns;
    struct sw_print_options print;
    struct sw_file_split split;
};

static bool split_blocks(struct splitting *work, struct sw_error *error)
{
    enum sw_step step;
    while ((step = sw_reader_next(&work->reader, error)) == SW_ROWS) {
        sw_view_begin(&work->view, work->reader.rows);
        work->split.stream = work->reader.streams;
        if (!sw_columns_fetch(&work->columns, &work->view, error) ||
            !sw_split_add(&work->split, work->columns.vectors, error))
            return false;
    }
    struct sw_tally tally = {.read = work->reader.total_rows, .kept = work->split.taken};
    return step == SW_END && sw_tally_check(&tally, work->reader.first_name, error);
}

static bool name_columns(struct splitting *work, struct sw_error *error)
{
    struct sw_columns *columns = &work->columns;
    struct sw_buffer line = {0};
    bool good = sw_columns_open(columns, &work->view, set.columns, error) &&
                sw_columns_inherit(columns, &work->view, error) &&
                sw_program_provenance(&line, error) &&
                sw_schema_made_by(&columns->schema, (const char *)line.bytes, line.length, error);
    sw_buffer_free(&line);
    return good;
}

/* NULL in *print for record streams. */
static bool choose_format(struct splitting *work, const struct sw_print_options **print,
                          struct sw_error *error)
{
    *print = NULL;
    if (!set.format || strcmp(set.format, "swr") == 0) return true;
    *print = &work->print;
    work->print = (struct sw_print_options){.no_header = set.no_header,
                                            .iso_time = set.iso_time ? &work->view.zone : NULL,
                                            .json_numbers = set.json_numbers};
    if (strcmp(set.format, "table") == 0)
        return sw_fail(error, SW_USAGE, "--format: tables are for a terminal, not for files");
    return sw_print_format(set.format, &work->print.format, error) &&
           (!set.iso_time || sw_view_local_time(&work->view, error));
}

static bool split_all(struct splitting *work, const struct sw_command_line *line,
                      struct sw_error *error)
{
    const struct sw_print_options *print;
    if (!choose_format(work, &print, error)) return false;
    bool good = sw_split_open(&work->split, &work->view, &work->columns.schema, set.keys,
                              set.output, print, error) &&
                split_blocks(work, error) &&
                sw_split_close(&work->split, line->operands, line->operand_count, error);
    sw_split_free(&work->split);
    return good;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct splitting work = {0};
    if (!set.keys || !set.output) return sw_fail(error, SW_USAGE, "needs --keys and --output");
    if (!sw_output_refuse_zstd(set.output, error)) return false;
    if (!sw_reader_open(&work.reader, line->operands, line->operand_count, error)) return false;
    bool good = sw_view_open(&work.view, sw_supplier_of_reader(&work.reader), &set.view, error) &&
                name_columns(&work, error) && split_all(&work, line, error);
    sw_columns_free(&work.columns);
    sw_view_free(&work.view);
    sw_reader_close(&work.reader);
    return good;
}

static const struct sw_program program = {
    "sw-split", "one file per key", "-k COL,… -o TEMPLATE [OPTION]… [FILE…]\n", options, run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
