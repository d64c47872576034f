/* SPDX-License-Identifier: ISC
 *
 * sw-simulate: what classified orders would have cost in a dark pool. Orders and quotes in, a row
 * for each fully filled order and scenario out; or, with --summary, a line for each scenario.
 */
#include <inttypes.h>
#include <string.h>

#include "output/format_name.h"
#include "program/program.h"
#include "market/simulate_write.h"
#include "market/summary_sums.h"

static struct {
    const char *nbbo, *quote_age, *scenarios, *impact, *amended, *unequal, *per_order, *tally;
    const char *folder, *format, *output;
    bool summary;
    struct sw_size memory;
} set;

static const struct sw_option options[] = {
    SW_OPTION_UNRECORDED(
        0, "nbbo", "FILE", set.nbbo,
        "the quotes: records sorted by security_code, timestamp; '-' is standard input"),
    SW_OPTION(0, "quote-age", "AGE", set.quote_age,
              "take no quote from before an order's time that is older at its end, as 60s, 5m, 1h"),
    SW_OPTION(0, "scenarios", "LIST", set.scenarios,
              "only these of unlimited (A), limited_50 (B) and price_impact (C)"),
    SW_OPTION(0, "impact", "N|N%", set.impact,
              "what price_impact adds, in price units or percent of the midprice, 5 by default"),
    SW_OPTION(0, "amended", "include", set.amended,
              "let amended orders count in --summary and --per-order too"),
    SW_OPTION(0, "unequal", "include", set.unequal,
              "let those count there too that actually traded another quantity than is simulated"),
    SW_OPTION(0, "summary", NULL, set.summary, "a line of sums for each scenario instead of rows"),
    SW_OPTION_UNRECORDED(
        0, "per-order", "FILE", set.per_order,
        "also write all orders to FILE, each with its costs and savings behind it"),
    SW_OPTION_UNRECORDED(
        0, "tally", "FILE", set.tally,
        "write to FILE what the results rest on: counts of orders and quotes, each with its name"),
    SW_OPTION_UNRECORDED('T', "temporary-directory", "DIR", set.folder,
                         "where temporary files go, $TMPDIR or /tmp by default"),
    SW_OPTION_UNRECORDED(
        'S', "memory", "SIZE", set.memory,
        "memory for each of three sorts, 64M by default; what needs more goes to disk"),
    SW_OPTION_WITH(
        "--summary", 'f', "format", "FORMAT", set.format,
        "of --summary: csv (the default), tsv, jsonl or table (the default on a terminal)"),
    SW_OPTION_UNRECORDED('o', "output", "FILE", set.output,
                         "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

enum { MEMORY_DEFAULT = 64 << 20 };

/* ---- what the results rest on ---- */

static bool say_doubts(const struct sw_simulate_run *work, bool simulated, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_summary_doubts(&work->summary, &text, error);
    if (good && text.length > 0)
        sw_say("of the simulated orders %.*s", (int)text.length, (const char *)text.bytes);
    if (good && simulated && work->quotes.crossed > 0)
        sw_say("%" PRIu64 " crossed quotes left out", work->quotes.crossed);
    sw_buffer_free(&text);
    return good;
}

static bool say_missing(const struct sw_simulate *simulate, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_simulate_missing(simulate, &text, error);
    if (good && text.length > 0)
        sw_say("left empty, since they cannot be had: %.*s", (int)text.length,
               (const char *)text.bytes);
    sw_buffer_free(&text);
    return good;
}

/* ---- outputs ---- */

static bool simulate_orders(struct sw_simulate_run *work, struct sw_error *error)
{
    struct sw_buffer line = {0};
    bool good = sw_program_provenance(&line, error);
    work->made_by = (const char *)line.bytes;
    work->made_by_length = line.length;
    good = good && sw_simulate_run(work, error) && say_missing(&work->simulate, error);
    sw_buffer_free(&line);
    return good;
}

static bool write_per_order(struct sw_simulate_run *work, struct sw_error *error)
{
    struct sw_output *output = &work->per_order_output;
    struct sw_output *const both[] = {&work->output, output};
    if (!sw_output_open(output, set.per_order, error)) return false;
    bool good = simulate_orders(work, error) && sw_output_finish(&work->output, error) &&
                sw_output_finish(output, error) && sw_output_publish(both, 2, error);
    if (!good) sw_output_abandon(output);
    return good;
}

static bool write_output(struct sw_simulate_run *work, bool simulated, struct sw_error *error)
{
    if (!sw_output_open(&work->output, set.output, error)) return false;
    bool good = set.per_order ? write_per_order(work, error)
                              : (simulated ? sw_simulate_add_up : simulate_orders)(work, error) &&
                                    sw_output_close(&work->output, error);
    if (!good) sw_output_abandon(&work->output);
    return good;
}

/* ---- the program ---- */

static bool check_paths(const struct sw_command_line *line, struct sw_error *error)
{
    const char *outputs[] = {set.output, set.per_order, set.tally}, *more[] = {set.nbbo, NULL};
    if (!set.nbbo && !set.summary) return sw_fail(error, SW_USAGE, "needs --nbbo");
    if (set.per_order && strcmp(set.per_order, "-") == 0)
        return sw_fail(error, SW_USAGE, "--per-order needs a file");
    return sw_input_refuse_sharing(line->operands, line->operand_count, more, 1, error) &&
           sw_output_refuse_clash(outputs, 3, line->operands, line->operand_count, more, error);
}

static bool read_options(struct sw_simulate_run *work, struct sw_error *error)
{
    struct sw_simulate_settings *settings = &work->settings;
    work->nbbo = set.nbbo, work->per_order = set.per_order, work->sums = set.summary;
    settings->whole_orders = set.per_order != NULL;
    settings->folder = sw_temporary_directory(set.folder);
    if (!sw_inclusion_parse("--amended", set.amended, &work->summary.inclusion.amended, error) ||
        !sw_inclusion_parse("--unequal", set.unequal, &work->summary.inclusion.unequal, error))
        return false;
    if (!sw_memory_of(set.memory, MEMORY_DEFAULT, SW_SORT_MEMORY_MINIMUM, &settings->memory_bytes,
                      error))
        return false;
    if (!sw_print_format(set.summary ? sw_format_name(set.format, set.output, "csv") : NULL,
                         &work->format, error) ||
        !sw_scenarios_parse(set.scenarios, settings->chosen, error) ||
        !sw_impact_parse(set.impact, &settings->impact, error) ||
        !sw_quote_age_parse(set.quote_age, &settings->quote_age_ns, error))
        return false;
    memcpy(work->summary.chosen, settings->chosen, sizeof settings->chosen);
    return true;
}

/* What the input is decides what else has to be there. */
static bool check_table(const struct sw_simulate_run *work, bool simulated, struct sw_error *error)
{
    const char *file = work->orders.first_name;
    if (!simulated && !set.nbbo)
        return sw_fail(error, SW_USAGE, "needs --nbbo: %s: orders that are not simulated yet",
                       file);
    if (simulated && (!set.summary || set.nbbo || set.quote_age || set.impact || set.per_order))
        return sw_fail(error, SW_USAGE,
                       "%s: orders that are simulated already: they take --summary, and neither "
                       "--nbbo nor --quote-age nor --impact nor --per-order",
                       file);
    return true;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_simulate_run work = {0};
    if (!check_paths(line, error) || !read_options(&work, error) ||
        !sw_reader_open(&work.orders, line->operands, line->operand_count, error))
        return false;
    const char *table = work.orders.schema.table;
    bool simulated = strcmp(table, "simulation") == 0 || strcmp(table, sw_summary_sums_table) == 0;
    bool good = check_table(&work, simulated, error) && write_output(&work, simulated, error) &&
                (!set.tally || sw_simulate_tally(&work, set.tally, error)) &&
                say_doubts(&work, !simulated, error);
    sw_simulate_run_free(&work);
    return good;
}

static const struct sw_program program = {
    "sw-simulate",
    "what orders would have cost in a dark pool",
    "--nbbo FILE [OPTION]… [FILE…]\n--summary [OPTION]… [FILE…]\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
