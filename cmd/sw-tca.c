/* SPDX-License-Identifier: ISC
 *
 * sw-tca: transaction cost analysis. Classified orders, their trades and the quotes of the market in,
 * a row an order out: what it cost against the mid at its arrival and at each trade, what of that was
 * given back, what was missed, against whom it traded.
 */
#include <string.h>

#include "output/format_name.h"
#include "program/program.h"
#include "tca/from_events.h"
#include "tca/table.h"

static struct {
    const char *trades, *trades_in, *events, *nbbo, *sessions, *open, *zone, *tally, *folder,
        *format, *output;
    bool all, iso_time;
    struct sw_size memory;
} set;

static const struct sw_option options[] = {
    SW_OPTION_UNRECORDED(
        0, "trades", "FILE", set.trades,
        "the trades, a record stream sorted by security_code, order_id, timestamp"),
    SW_OPTION(0, "trades-in", "SET", set.trades_in,
              "what is a trade: a set of dealsource, or its values; market by default"),
    SW_OPTION_UNRECORDED(
        0, "nbbo", "FILE|orders|trades", set.nbbo,
        "the quotes, records sorted by security_code, timestamp; or those in the rows of the "
        "events or "
        "the trades"),
    SW_OPTION_UNRECORDED(
        0, "events", "FILE", set.events,
        "the orders' events, sorted by security_code, order_id, timestamp, sequence: the "
        "limit in force "
        "at each trade, reloads, an order's own quote"),
    SW_OPTION(0, "all", NULL, set.all,
              "of events, which are classified first: orders without trades too"),
    SW_OPTION_UNRECORDED(0, "sessions", "FILE", set.sessions,
                         "changes of session, a record stream sorted by security_code, timestamp"),
    SW_OPTION_WITH("--sessions", 0, "open", "NAMES", set.open,
                   "the sessions in which trading is continuous, OPEN by default"),
    SW_OPTION(0, "tz", "ZONE", set.zone,
              "local time: an offset or a name, by default the schema's zone"),
    SW_OPTION_UNRECORDED(0, "tally", "FILE", set.tally,
                         "write to FILE what the measures rest on: counts, each with its name"),
    SW_OPTION_UNRECORDED('T', "temporary-directory", "DIR", set.folder,
                         "where temporary files go, $TMPDIR or /tmp by default"),
    SW_OPTION_UNRECORDED(
        'S', "memory", "SIZE", set.memory,
        "memory for each of three or four sorts, 16M by default; what needs more goes to disk"),
    SW_OPTION_UNRECORDED(
        'f', "format", "FORMAT", set.format,
        "swr (the default), csv, tsv, jsonl or table (the default on a terminal); what the "
        "name of the "
        "output ends in says it too"),
    SW_OPTION_UNRECORDED(0, "iso-time", NULL, set.iso_time,
                         "in text, times as ISO 8601 in local time with its offset"),
    SW_OPTION_UNRECORDED('o', "output", "FILE", set.output,
                         "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

enum { MEMORY_DEFAULT = 16 << 20 };

struct work {
    struct sw_tca_settings settings;
    struct sw_tca_form form;
    struct sw_tca_events events;
    struct sw_tca tca;
    struct sw_tca_table table;
    struct sw_output output;
};

/* ---- rows ---- */

static bool open_table(struct work *work, struct sw_error *error)
{
    struct sw_buffer line = {0};
    bool good = sw_program_provenance(&line, error) &&
                sw_tca_table_open(&work->table, &work->tca, &work->form, (const char *)line.bytes,
                                  line.length, &work->output, error);
    sw_buffer_free(&line);
    return good;
}

static bool put_orders(struct work *work, struct sw_error *error)
{
    enum sw_step step;
    if (!sw_tca_read(&work->tca, error) || !open_table(work, error)) return false;
    while ((step = sw_tca_next(&work->tca, error)) == SW_ROWS)
        if (!sw_tca_table_put(&work->table, &work->tca, error)) return false;
    return step == SW_END && sw_tca_check(&work->tca, error) &&
           sw_tca_table_close(&work->table, error);
}

static bool write_orders(struct work *work, struct sw_error *error)
{
    bool opened = work->form.records ? sw_output_open(&work->output, set.output, error)
                                     : sw_output_open_text(&work->output, set.output, error);
    if (!opened) return false;
    bool good = (!work->form.records || sw_output_refuse_terminal(&work->output, error)) &&
                put_orders(work, error);
    return sw_output_end(&work->output, good, error);
}

/* ---- what they rest on ---- */

static bool write_tally(const struct work *work, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_tca_table_tally(&work->table, &work->tca.counts, &text, error) &&
                sw_output_file(set.tally, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

static bool say_doubts(const struct work *work, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_tca_doubts(&work->tca.counts, &text, error);
    if (good && text.length > 0) sw_say("%.*s", (int)text.length, (const char *)text.bytes);
    sw_buffer_free(&text);
    return good;
}

/* ---- the program ---- */

static bool check_paths(const struct sw_command_line *line, struct sw_error *error)
{
    const char *outputs[] = {set.output, set.tally};
    const char *more[] = {set.trades, set.events, set.sessions, set.nbbo, NULL}, **last = more;
    const char *inputs[] = {set.trades, set.nbbo, set.events, set.sessions};
    if (!set.trades || !set.nbbo)
        return sw_fail(error, SW_USAGE, "needs --%s", set.trades ? "nbbo" : "trades");
    if (!sw_input_refuse_sharing(line->operands, line->operand_count, inputs,
                                 sizeof inputs / sizeof *inputs, error))
        return false;
    bool words = strcmp(set.nbbo, "orders") == 0 || strcmp(set.nbbo, "trades") == 0;
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
        if (inputs[i] && !(words && inputs[i] == set.nbbo)) *last++ = inputs[i];
    *last = NULL;
    return sw_output_refuse_clash(outputs, 2, line->operands, line->operand_count, more, error);
}

static bool read_options(const struct sw_command_line *line, struct work *work,
                         struct sw_error *error)
{
    struct sw_tca_settings *settings = &work->settings;
    *settings = (struct sw_tca_settings){.inputs = {.orders = line->operands,
                                                    .order_count = line->operand_count,
                                                    .trades = set.trades,
                                                    .trades_in = set.trades_in,
                                                    .events = set.events ? &set.events : NULL,
                                                    .event_count = 1,
                                                    .share_directory = sw_share_directory(error),
                                                    .zone = set.zone},
                                         .nbbo = set.nbbo,
                                         .sessions = set.sessions,
                                         .open = set.open,
                                         .folder = sw_temporary_directory(set.folder)};
    if (!settings->inputs.share_directory) return false;
    if (!sw_memory_of(set.memory, MEMORY_DEFAULT, SW_SORT_MEMORY_MINIMUM, &settings->memory_bytes,
                      error) ||
        !sw_tca_table_format(sw_format_name(set.format, set.output, "swr"), &work->form.records,
                             &work->form.format, error))
        return false;
    work->form.iso_time = set.iso_time;
    return !set.iso_time || !work->form.records ||
           sw_fail(error, SW_USAGE, "--iso-time: records have times as such");
}

/* Events are read twice, and so are their trades. */
static bool classify_events(struct work *work, struct sw_error *error)
{
    struct sw_tca_inputs *inputs = &work->settings.inputs;
    bool are_events;
    if (!sw_tca_is_events(inputs->orders, inputs->order_count, &are_events, error)) return false;
    if (!are_events)
        return !set.all || sw_fail(error, SW_USAGE, "--all: of no use without files of events");
    if (set.events) return sw_fail(error, SW_USAGE, "--events: the orders are events already");
    if (strcmp(set.trades, "-") == 0)
        return sw_fail(error, SW_USAGE, "--trades: needs a file where the orders are events");
    return sw_tca_classify(&work->events, inputs, set.all, work->settings.folder, error);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct work work = {0};
    if (!check_paths(line, error) || !read_options(line, &work, error)) return false;
    bool good = classify_events(&work, error) && sw_tca_open(&work.tca, &work.settings, error) &&
                write_orders(&work, error) && (!set.tally || write_tally(&work, error)) &&
                say_doubts(&work, error);
    sw_tca_table_free(&work.table);
    sw_tca_close(&work.tca);
    sw_tca_events_close(&work.events);
    return good;
}

static const struct sw_program program = {
    "sw-tca",
    "what orders cost: transaction cost analysis",
    "--trades FILE --nbbo FILE|orders|trades [OPTION]… [FILE…]\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
