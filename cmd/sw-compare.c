/* SPDX-License-Identifier: ISC
 *
 * sw-compare: what orders really cost against what a simulation says they would have, by order and by
 * group: how many are better off, by how much, and how far that is to be believed.
 */
#include <inttypes.h>

#include "compare/report.h"
#include "expr/value.h"
#include "output/format_name.h"
#include "program/program.h"
#include "view/view_options.h"

static struct {
    struct sw_compare_settings compare;
    bool independent;
    const char *folder, *format, *output;
    struct sw_size memory;
} set = {.compare.view = {.definer = &sw_value_definer, .say = sw_say_once}};

static const struct sw_option options[] = {
    SW_OPTION(0, "real", "COL", set.compare.real, "what orders really got: a column, or NAME=EXPR"),
    SW_OPTION(0, "simulated", "COL", set.compare.simulated,
              "what they would have got; null where the simulation leaves an order as it was"),
    SW_OPTION(
        0, "costs", NULL, set.compare.costs,
        "these are costs, the lower the better, and compared by difference; else they are prices, "
        "compared in basis points by side"),
    SW_OPTION(0, "weight", "COL", set.compare.weight,
              "what orders weigh in the weighted mean, traded_value by default"),
    SW_OPTION(0, "real-quantity", "COL", set.compare.real_quantity,
              "how much was really filled, traded_quantity by default"),
    SW_OPTION(0, "simulated-quantity", "COL", set.compare.simulated_quantity,
              "how much would have been, matched_quantity by default"),
    SW_OPTION('g', "group", "COL,…", set.compare.keys,
              "a group for each value of each column, date,security_code by default"),
    SW_OPTION(
        0, "cluster", "COL", set.compare.cluster,
        "what orders depend on each other by; else date, or with one date security_code, or with "
        "one of these participantid"),
    SW_OPTION(
        0, "independent", NULL, set.independent,
        "add statistics that assume independent orders: t, Wilcoxon, correlations, Cohen's d"),
    SW_VIEW_OPTIONS(set.compare.view),
    SW_OPTION('T', "temporary-directory", "DIR", set.folder,
              "where temporary files go, $TMPDIR or /tmp by default"),
    SW_OPTION('S', "memory", "SIZE", set.memory,
              "memory for each of four sorts, nine with --independent, 16M by default; what needs "
              "more goes "
              "to disk"),
    SW_OPTION('f', "format", "FORMAT", set.format,
              "csv (the default), tsv, jsonl or table (the default on a terminal)"),
    SW_OPTION('o', "output", "FILE", set.output, "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

enum { MEMORY_DEFAULT = 16 << 20 };

struct work {
    enum sw_print_format format;
    struct sw_reader reader;
    struct sw_order_pairs pairs;
    struct sw_lines lines;
    struct sw_output output;
};

static bool write_lines(struct work *work, struct sw_error *error)
{
    if (!sw_output_open_text(&work->output, set.output, error)) return false;
    bool good = sw_order_pairs_read(&work->pairs, error) && sw_lines_read(&work->lines, error) &&
                sw_compare_write(&work->lines, work->format, &work->output, error);
    return sw_output_end(&work->output, good, error);
}

static bool read_options(struct work *work, struct sw_error *error)
{
    struct sw_compare_settings *settings = &set.compare;
    if (!settings->real || !settings->simulated)
        return sw_fail(error, SW_USAGE, "needs --%s", settings->real ? "simulated" : "real");
    settings->folder = sw_temporary_directory(set.folder);
    if (!sw_memory_of(set.memory, MEMORY_DEFAULT, SW_SORT_MEMORY_MINIMUM, &settings->memory_bytes,
                      error))
        return false;
    return sw_print_format(sw_format_name(set.format, set.output, "csv"), &work->format, error);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct work work = {0};
    const char *outputs[] = {set.output};
    if (!read_options(&work, error) ||
        !sw_output_refuse_clash(outputs, 1, line->operands, line->operand_count, NULL, error) ||
        !sw_reader_open(&work.reader, line->operands, line->operand_count, error))
        return false;
    bool good = sw_order_pairs_open(&work.pairs, &work.reader, &set.compare, error) &&
                sw_lines_open(&work.lines, &work.pairs, set.independent, error) &&
                write_lines(&work, error);
    if (good && work.pairs.without_real > 0)
        sw_say("%" PRIu64 " of %" PRIu64
               " orders left out, since they have no real value or no side",
               work.pairs.without_real, work.pairs.without_real + work.pairs.pairs);
    sw_lines_free(&work.lines);
    sw_order_pairs_free(&work.pairs);
    sw_reader_close(&work.reader);
    return good;
}

static const struct sw_program program = {
    "sw-compare",
    "what orders really cost, against a simulation",
    "--real COL --simulated COL [OPTION]… [FILE…]\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
