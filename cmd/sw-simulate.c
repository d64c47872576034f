/* SPDX-License-Identifier: ISC
 *
 * sw-simulate: what classified orders would have cost in a dark pool. Orders and quotes in, a row
 * for each fully filled order and scenario out; or, with --summary, a line for each scenario.
 */
#include <inttypes.h>
#include <string.h>

#include "output/format_name.h"
#include "program/program.h"
#include "program/tally.h"
#include "market/simulation.h"
#include "market/summary.h"

static struct {
    const char *nbbo, *quote_age, *scenarios, *impact, *amended, *unequal, *per_order, *tally;
    const char *folder, *format, *output;
    bool summary;
    struct sw_size memory;
} set;

static const struct sw_option options[] = {
    SW_OPTION(0, "nbbo", "FILE", set.nbbo,
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
    SW_OPTION(0, "per-order", "FILE", set.per_order,
              "also write all orders to FILE, each with its costs and savings behind it"),
    SW_OPTION(
        0, "tally", "FILE", set.tally,
        "write to FILE what the results rest on: counts of orders and quotes, each with its name"),
    SW_OPTION('T', "temporary-directory", "DIR", set.folder,
              "where temporary files go, $TMPDIR or /tmp by default"),
    SW_OPTION('S', "memory", "SIZE", set.memory,
              "memory for each of three sorts, 64M by default; what needs more goes to disk"),
    SW_OPTION('f', "format", "FORMAT", set.format,
              "of --summary: csv (the default), tsv, jsonl or table (the default on a terminal)"),
    SW_OPTION('o', "output", "FILE", set.output, "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

enum { MEMORY_DEFAULT = 64 << 20 };

struct work {
    struct sw_simulate_settings settings;
    enum sw_print_format format;
    struct sw_reader orders;
    struct sw_quotes quotes;
    struct sw_simulate simulate;
    struct sw_output output, per_order_output;
    struct sw_simulation simulation;
    struct sw_per_order per_order;
    struct sw_summary summary;
};

/* ---- orders ---- */

static bool put_order(struct work *work, struct sw_error *error)
{
    const struct sw_simulate *simulate = &work->simulate;
    if (set.per_order && !sw_per_order_put(&work->per_order, simulate, error)) return false;
    if (!simulate->filled) return true;
    sw_summary_add(&work->summary, simulate);
    return set.summary || sw_simulation_put(&work->simulation, simulate, error);
}

/* ---- what the results rest on ---- */

static bool say_doubts(const struct work *work, bool simulated, struct sw_error *error)
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

static bool write_tally(const struct work *work, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_buffer_format(&text, error, "crossed\t%" PRIu64 "\none_sided\t%" PRIu64 "\n",
                                 work->quotes.crossed, work->quotes.one_sided) &&
                sw_summary_tally(&work->summary, &text, error) &&
                sw_output_file(set.tally, text.bytes, text.length, error);
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

static bool open_results(struct work *work, struct sw_error *error)
{
    static const char *const but[] = {"nbbo", "per-order", "tally", NULL};
    struct sw_buffer line = {0};
    const char *text;
    bool good = sw_program_provenance(but, &line, error);
    text = (const char *)line.bytes;
    if (good && !set.summary)
        good = sw_simulation_open(&work->simulation, &work->simulate, text, line.length,
                                  &work->output, error);
    if (good && set.per_order)
        good = sw_per_order_open(&work->per_order, &work->simulate, work->summary.inclusion, text,
                                 line.length, &work->per_order_output, error);
    sw_buffer_free(&line);
    return good;
}

static bool close_results(struct work *work, struct sw_error *error)
{
    if (set.per_order && !sw_per_order_close(&work->per_order, error)) return false;
    return set.summary ? sw_summary_write(&work->summary, work->format, &work->output, error)
                       : sw_simulation_close(&work->simulation, error);
}

/* Every order was simulated or is not filled; each has its rows, and each stands among the others. */
static bool adds_up(const struct work *work, struct sw_error *error)
{
    const struct sw_simulate *simulate = &work->simulate;
    struct sw_tally rows = {.kept = sw_writer_rows(&work->simulation.writer)};
    struct sw_tally orders = {.read = work->orders.total_rows,
                              .kept = sw_writer_rows(&work->per_order.writer)};
    for (int i = 0; i < SW_SCENARIOS; i++)
        if (work->settings.chosen[i]) rows.read += simulate->given_filled;
    return sw_simulate_check(simulate, error) &&
           (set.summary || sw_tally_check(&rows, work->output.name, error)) &&
           (!set.per_order || sw_tally_check(&orders, set.per_order, error));
}

static bool simulate_orders(struct work *work, struct sw_error *error)
{
    enum sw_step step;
    if (!set.summary && !sw_output_refuse_terminal(&work->output, error)) return false;
    /* What the results say of their order is known when all orders were seen. */
    if (!sw_quotes_open(&work->quotes, set.nbbo, error) ||
        !sw_simulate_open(&work->simulate, &work->settings, &work->orders, &work->quotes, error) ||
        !sw_simulate_read(&work->simulate, error) || !open_results(work, error))
        return false;
    while ((step = sw_simulate_next(&work->simulate, error)) == SW_ROWS)
        if (!put_order(work, error)) return false;
    return step == SW_END && adds_up(work, error) && close_results(work, error) &&
           say_missing(&work->simulate, error);
}

/* ---- outputs ---- */

/* Rows that were simulated before need no more than adding up. */
static bool add_up(struct work *work, struct sw_error *error)
{
    return sw_summary_read(&work->summary, &work->orders, error) &&
           sw_summary_write(&work->summary, work->format, &work->output, error);
}

static bool write_per_order(struct work *work, struct sw_error *error)
{
    struct sw_output *output = &work->per_order_output;
    struct sw_output *const both[] = {&work->output, output};
    if (!sw_output_open(output, set.per_order, error)) return false;
    bool good = simulate_orders(work, error) && sw_output_finish(&work->output, error) &&
                sw_output_finish(output, error) && sw_output_publish(both, 2, error);
    if (!good) sw_output_abandon(output);
    return good;
}

static bool write_output(struct work *work, bool simulated, struct sw_error *error)
{
    if (!sw_output_open(&work->output, set.output, error)) return false;
    bool good = set.per_order ? write_per_order(work, error)
                              : (simulated ? add_up : simulate_orders)(work, error) &&
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

static bool read_options(struct work *work, struct sw_error *error)
{
    struct sw_simulate_settings *settings = &work->settings;
    settings->whole_orders = set.per_order != NULL;
    settings->memory_bytes = set.memory.bytes ? set.memory.bytes : MEMORY_DEFAULT;
    settings->folder = sw_temporary_directory(set.folder);
    if (set.format && !set.summary)
        return sw_fail(error, SW_USAGE, "--format goes with --summary only");
    if (!sw_inclusion_parse("--amended", set.amended, &work->summary.inclusion.amended, error) ||
        !sw_inclusion_parse("--unequal", set.unequal, &work->summary.inclusion.unequal, error))
        return false;
    if (settings->memory_bytes < SW_SORT_MEMORY_MINIMUM)
        return sw_fail(error, SW_USAGE, "--memory: less than %dM", SW_SORT_MEMORY_MINIMUM >> 20);
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
static bool check_table(const struct work *work, bool simulated, struct sw_error *error)
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
    struct work work = {0};
    if (!check_paths(line, error) || !read_options(&work, error) ||
        !sw_reader_open(&work.orders, line->operands, line->operand_count, error))
        return false;
    bool simulated = strcmp(work.orders.schema.table, "simulation") == 0;
    bool good = check_table(&work, simulated, error) && write_output(&work, simulated, error) &&
                (!set.tally || write_tally(&work, error)) && say_doubts(&work, !simulated, error);
    sw_per_order_free(&work.per_order);
    sw_simulation_free(&work.simulation);
    sw_simulate_free(&work.simulate);
    sw_quotes_close(&work.quotes);
    sw_reader_close(&work.orders);
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
