/* SPDX-License-Identifier: ISC
 *
 * sw-cut: records out of the stream, as CSV, TSV or JSON lines, in canonical form: what sw-chunk reads back to the same
 * records. -c takes stored and derived columns.
 */
#include "base/memory.h"
#include "base/program.h"
#include "csv/print.h"
#include "query/columns.h"

static struct {
    const char *columns, *format, *output;
    bool no_header, iso_time, json_numbers;
    struct sw_view_settings view;
} set;

static const struct sw_option options[] = {
    SW_OPTION('c', "columns", "COL,…", set.columns,
              "only these columns, stored or derived, in this order"),
    SW_OPTION('f', "format", "FORMAT", set.format, "csv (the default), tsv or jsonl"),
    SW_OPTION(0, "no-header", NULL, set.no_header, "leave the header line out"),
    SW_OPTION(0, "iso-time", NULL, set.iso_time,
              "times as ISO 8601 in the time zone, instead of nanoseconds"),
    SW_OPTION(0, "json-numbers", NULL, set.json_numbers,
              "in JSON, ids, times and large values as numbers too"),
    SW_OPTION(0, "tz", "ZONE", set.view.zone, "local time: an offset or a name, +10:00 by default"),
    SW_OPTION(0, "sizes", "BOUNDS", set.view.sizes,
              "the upper bounds of the order sizes, 1000,5000,10000,50000 by default"),
    SW_OPTION('o', "output", "FILE", set.output,
              "write to FILE instead of standard output, as gzip where its name ends in .gz"),
    SW_OPTIONS_END,
};

struct cut {
    struct sw_reader reader;
    struct sw_view view;
    struct sw_columns columns;
    struct sw_output output;
    struct sw_printer printer;
};

static bool print_blocks(struct cut *cut, struct sw_error *error)
{
    enum sw_step step;
    while ((step = sw_reader_next(&cut->reader, error)) == SW_ROWS) {
        sw_view_begin(&cut->view, cut->reader.rows);
        if (!sw_columns_fetch(&cut->columns, &cut->view, error) ||
            !sw_printer_rows(&cut->printer, cut->columns.vectors, NULL, cut->reader.rows, error))
            return false;
    }
    return step == SW_END && sw_printer_flush(&cut->printer, error) &&
           sw_output_close(&cut->output, error);
}

static bool print_all(struct cut *cut, struct sw_error *error)
{
    struct sw_print_options how = {.no_header = set.no_header,
                                   .iso_time = set.iso_time ? &cut->view.zone : NULL,
                                   .json_numbers = set.json_numbers};
    if (!sw_print_format(set.format, &how.format, error) ||
        !sw_columns_open(&cut->columns, &cut->view, set.columns, error) ||
        !sw_output_open_text(&cut->output, set.output, error))
        return false;
    bool good =
        sw_printer_open(&cut->printer, &cut->output, &cut->columns.schema, &how, error) &&
        print_blocks(cut, error);
    if (!good) sw_output_abandon(&cut->output);
    sw_printer_free(&cut->printer);
    return good;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct cut cut = {0};
    if (!sw_output_refuse_inputs(set.output, line->operands, line->operand_count, error) ||
        !sw_reader_open(&cut.reader, line->operands, line->operand_count, error))
        return false;
    bool good = sw_view_open(&cut.view, sw_supplier_of_reader(&cut.reader), &set.view, error) &&
                print_all(&cut, error);
    sw_columns_free(&cut.columns);
    sw_view_free(&cut.view);
    sw_reader_close(&cut.reader);
    return good;
}

static const struct sw_program program = {
    "sw-cut", "records to CSV, TSV or JSON lines", "[OPTION]… [FILE…]\n", options, run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
