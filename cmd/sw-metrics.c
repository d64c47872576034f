/* SPDX-License-Identifier: ISC
 *
 * sw-metrics: classified orders to execution metrics: a row for each group of orders and one for
 * all, for each combination of keys.
 */
#include "output/format_name.h"
#include "expr/value.h"
#include "program/program.h"
#include "market/metrics.h"
#include "view/view_options.h"

static struct {
    const char *group, *format, *output;
    bool json_numbers;
    struct sw_view_settings view;
} set = {.view = {.definer = &sw_value_definer, .say = sw_say_once}};

static const struct sw_option options[] = {
    SW_OPTION('g', "group", "KEY,…", set.group,
              "the metrics of each combination of values of these columns, stored or derived"),
    SW_OPTION('f', "format", "FORMAT", set.format,
              "csv (the default), tsv, jsonl or table (the default on a terminal)"),
    SW_OPTION(0, "json-numbers", NULL, set.json_numbers,
              "in JSON, ids, times and sums are numbers too"),
    SW_VIEW_OPTIONS(set.view),
    SW_OPTION('o', "output", "FILE", set.output, "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

static bool write_metrics(const struct sw_metrics *metrics, enum sw_print_format format,
                          struct sw_error *error)
{
    struct sw_output output;
    if (!sw_output_open(&output, set.output, error)) return false;
    return sw_output_end(
        &output, sw_metrics_write(metrics, format, set.json_numbers, false, &output, error), error);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    enum sw_print_format format;
    struct sw_metrics metrics = {0};
    struct sw_reader reader;
    if (!sw_print_format(sw_format_name(set.format, set.output, "csv"), &format, error) ||
        !sw_output_refuse_inputs(set.output, line->operands, line->operand_count, error) ||
        !sw_reader_open(&reader, line->operands, line->operand_count, error))
        return false;
    bool good = sw_metrics_read(&metrics, &reader, set.group, &set.view, error) &&
                write_metrics(&metrics, format, error);
    sw_metrics_free(&metrics);
    sw_reader_close(&reader);
    return good;
}

static const struct sw_program program = {
    "sw-metrics", "execution metrics of classified orders", "[OPTION]… [FILE…]\n", options, run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
