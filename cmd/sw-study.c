/* SPDX-License-Identifier: ISC
 *
 * sw-study: all that an analysis knows of a range of securities, in one process: sorted events, trades and quotes in, and out come
 * classified and simulated orders, partial aggregates and the files of each security and date.
 */
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "expr/selector_options.h"
#include "expr/selector_files.h"
#include "expr/value.h"
#include "files/folders.h"
#include "program/program.h"
#include "study/study.h"
#include "view/view_options.h"

static struct {
    struct sw_words trades, nbbo;
    const char *trades_in, *quote_age, *scenarios, *impact, *amended, *unequal;
    const char *group, *measures, *format, *columns, *folder, *output, *sessions, *open;
    const char *wrong_order;
    struct sw_selectors selectors;
    struct sw_view_settings view;
    struct sw_size memory;
    bool no_orders, no_costs, tables;
} set = {.view = {.definer = &sw_value_definer, .say = sw_say_once}};

static const struct sw_option options[] = {
    SW_OPTION_UNRECORDED(
        0, "trades", "FILE", set.trades,
        "trades, records sorted by security_code, order_id, timestamp; may be repeated"),
    SW_OPTION_UNRECORDED(0, "nbbo", "FILE", set.nbbo,
                         "quotes, records sorted by security_code, timestamp; may be repeated"),
    SW_OPTION(0, "trades-in", "SET", set.trades_in,
              "what is a trade: a set of dealsource, or its values; market by default"),
    SW_OPTION(0, "quote-age", "AGE", set.quote_age,
              "take no quote from before an order's time that is older at its end, as 60s, 5m, 1h"),
    SW_OPTION(0, "scenarios", "LIST", set.scenarios,
              "only these of unlimited (A), limited_50 (B) and price_impact (C)"),
    SW_OPTION(0, "impact", "N|N%", set.impact,
              "what price_impact adds, in price units or percent of the midprice, 5 by default"),
    SW_OPTION_UNRECORDED(0, "sessions", "FILE", set.sessions,
                         "changes of session, a record stream sorted by security_code, timestamp"),
    SW_OPTION_WITH("--sessions", 0, "open", "NAMES", set.open,
                   "the sessions in which trading is continuous, OPEN by default"),
    SW_OPTION(0, "amended", "include", set.amended, "let amended orders count in aggregates too"),
    SW_OPTION(0, "unequal", "include", set.unequal,
              "let those count there too that actually traded another quantity than is simulated"),
    SW_SELECTOR_OPTIONS(set.selectors),
    SW_OPTION('g', "group", "KEY,…", set.group, "one more aggregate beside the standard reports"),
    SW_OPTION('a', "measures", "NAME=MEASURE,…", set.measures,
              "measures behind the standard ones, as sw-agg has them"),
    SW_OPTION('f', "format", "FORMAT", set.format,
              "of the files of orders: csv.gz (the default), csv, parquet, arrow, swr or none"),
    SW_OPTION(0, "tables", NULL, set.tables,
              "one file for each table instead of one for each security and date"),
    SW_OPTION('c', "columns", "COL,…", set.columns, "of the copies of events: only these columns"),
    SW_OPTION(0, "no-costs", NULL, set.no_costs, "no measures of what orders cost"),
    SW_OPTION(0, "no-orders", NULL, set.no_orders, "no copies of the events of selected orders"),
    SW_VIEW_OPTIONS(set.view),
    SW_OPTION_UNRECORDED('S', "memory", "SIZE", set.memory,
                         "memory for each sort, 32M by default; what needs more goes to disk"),
    SW_OPTION_UNRECORDED(0, "wrong-order", "FILE", set.wrong_order,
                         "where an order is what is wrong, write its id to FILE"),
    SW_OPTION_UNRECORDED('T', "temporary-directory", "DIR", set.folder,
                         "where temporary files go, $TMPDIR or /tmp by default"),
    SW_OPTION_UNRECORDED('o', "output", "DIR", set.output,
                         "the folder of the results, without any yet"),
    SW_OPTIONS_END,
};

enum { MEMORY_DEFAULT = 32 << 20 };

static bool read_options(struct sw_study_settings *settings, struct sw_error *error)
{
    struct sw_simulate_settings *simulate = &settings->simulate;
    simulate->whole_orders = true;
    simulate->folder = sw_temporary_directory(set.folder);
    if (set.tables && set.format && strcmp(set.format, "none") == 0)
        return sw_fail(error, SW_USAGE, "--tables: not with --format none");
    if (set.columns && (set.no_orders || (set.format && strcmp(set.format, "none") == 0)))
        return sw_fail(error, SW_USAGE, "--columns: not with --no-orders or --format none");
    return sw_memory_of(set.memory, MEMORY_DEFAULT, SW_SORT_MEMORY_MINIMUM, &simulate->memory_bytes,
                        error) &&
           sw_inclusion_parse("--amended", set.amended, &settings->inclusion.amended, error) &&
           sw_inclusion_parse("--unequal", set.unequal, &settings->inclusion.unequal, error) &&
           sw_study_format_parse(set.format, &settings->format, error) &&
           sw_scenarios_parse(set.scenarios, simulate->chosen, error) &&
           sw_impact_parse(set.impact, &simulate->impact, error) &&
           sw_quote_age_parse(set.quote_age, &simulate->quote_age_ns, error);
}

static bool check(const struct sw_command_line *line, struct sw_error *error)
{
    if (!set.output || line->operand_count == 0 || set.trades.count == 0 || set.nbbo.count == 0)
        return sw_fail(error, SW_USAGE, "needs --trades, --nbbo, --output and files of events");
    if (set.sessions && set.no_costs)
        return sw_fail(error, SW_USAGE, "--sessions: of no use with --no-costs");
    return true;
}

static bool study(const struct sw_command_line *line, const char *made_by, struct sw_error *error)
{
    struct sw_study_settings settings = {
        .events = {line->operands, line->operand_count},
        .trades = {set.trades.items, set.trades.count},
        .quotes = {set.nbbo.items, set.nbbo.count},
        .selectors = set.selectors,
        .view = set.view,
        .trades_in = set.trades_in,
        .sessions = set.sessions,
        .open = set.open,
        .keys = set.group,
        .measures = set.measures,
        .made_by = made_by,
        .tables = set.tables,
        .no_costs = set.no_costs,
        .no_events = set.no_orders,
        .event_columns = set.columns,
        .folder = set.output,
    };
    settings.share_directory = sw_share_directory(error);
    return settings.share_directory && read_options(&settings, error) &&
           sw_make_folders(set.output, error) && sw_study_run(&settings, error);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_buffer made_by = {0};
    struct sw_selector_files lists = {0};
    bool good = check(line, error) && sw_selectors_load(&set.selectors, &lists, error) &&
                sw_program_provenance(&made_by, error) && sw_buffer_add(&made_by, "", 1, error) &&
                study(line, (const char *)made_by.bytes, error);
    if (!good) sw_tell_wrong_order(error, set.wrong_order);
    sw_selector_files_free(&lists);
    sw_buffer_free(&made_by);
    return good;
}

static const struct sw_program program = {
    "sw-study",
    "sorted events, trades and quotes of some securities to all results of an analysis",
    "--trades FILE --nbbo FILE [SELECTOR]… [OPTION]… -o DIR FILE…\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    sw_keep_freed_memory();
    return sw_main(&program, argc, argv);
}
