/* SPDX-License-Identifier: ISC
 *
 * sw-match: would resting in the dark book have filled what a sweep took on the lit one? Order
 * events, trades and quotes in; out a row for each match, for each sweep, and what each rule of the
 * book makes of them all.
 */
#include <string.h>

#include "darkbook/match_summary.h"
#include "darkbook/match_write.h"
#include "darkbook/replay.h"
#include "expr/selector_files.h"
#include "expr/selector_options.h"
#include "output/format_name.h"
#include "program/program.h"
#include "view/view_options.h"

static struct {
    const char *trades, *nbbo, *rules, *sweep, *sessions, *open, *ticks;
    const char *sweeps, *summary, *partial, *tally, *rules_off, *folder, *format, *output;
    const char *wrong_order;
    struct sw_selectors selectors;
    struct sw_view_settings view;
    struct sw_size memory;
    bool replay;
} set = {.view = {.say = sw_say_once}};

static const struct sw_option options[] = {
    SW_OPTION_UNRECORDED(
        0, "trades", "FILE", set.trades,
        "the trades, a record stream sorted by security_code, order_id, timestamp"),
    SW_OPTION_UNRECORDED(0, "nbbo", "FILE", set.nbbo,
                         "the quotes: records sorted by security_code, timestamp"),
    SW_OPTION(0, "rules", "RULES", set.rules,
              "simple or full (the default), then ',NAME' for a rule more, ',-NAME' for one less"),
    SW_OPTION(0, "sweep", "CONCESSION", set.sweep,
              "what a sweep concedes: midtick (half a tick, the default), entered, 'limit N'"),
    SW_OPTION(0, "replay", NULL, set.replay,
              "no sweep waits: what the rules make of the real dark trades, a row each"),
    SW_OPTION_UNRECORDED(0, "sessions", "FILE", set.sessions,
                         "changes of session, a record stream sorted by security_code, timestamp"),
    SW_OPTION_WITH("--sessions", 0, "open", "NAMES", set.open,
                   "the sessions in which the book trades, OPEN by default"),
    SW_OPTION_UNRECORDED(0, "ticks", "FILE", set.ticks,
                         "tick sizes, a record stream sorted by security_code, price"),
    SW_SELECTOR_OPTIONS(set.selectors),
    SW_SELECTOR_VIEW_OPTIONS(set.view),
    SW_OPTION_UNRECORDED(0, "sweeps", "FILE", set.sweeps,
                         "also write a row for each sweep to FILE"),
    SW_OPTION_UNRECORDED(0, "summary", "FILE", set.summary,
                         "also write what each rule makes of it to FILE, as text"),
    SW_OPTION_UNRECORDED(0, "partial", "FILE", set.partial,
                         "the same to FILE as records of sums, which sw-agg adds up"),
    SW_OPTION_UNRECORDED(
        0, "tally", "FILE", set.tally,
        "write to FILE what became of events, orders, trades and sweeps, a line a security"),
    SW_OPTION_UNRECORDED(0, "rules-off", "FILE", set.rules_off,
                         "write to FILE which rules are off, since a file lacks what they need"),
    SW_OPTION_UNRECORDED(0, "wrong-order", "FILE", set.wrong_order,
                         "where an order is what is wrong, write its id to FILE"),
    SW_OPTION_UNRECORDED('T', "temporary-directory", "DIR", set.folder,
                         "where temporary files go, $TMPDIR or /tmp by default"),
    SW_OPTION_UNRECORDED(
        'S', "memory", "SIZE", set.memory,
        "memory for each of two sorts, 64M by default; what needs more goes to disk"),
    SW_OPTION_WITH("--summary", 'f', "format", "FORMAT", set.format,
                   "of --summary: csv (the default), tsv, jsonl or table"),
    SW_OPTION_UNRECORDED('o', "output", "FILE", set.output,
                         "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

enum { MEMORY_DEFAULT = 64 << 20, OUTPUTS = 4 };

struct work {
    struct sw_matching matching;
    struct sw_replay replay;
    struct sw_output outputs[OUTPUTS]; /* matches, sweeps, summary, partial */
    struct sw_output *opened[OUTPUTS];
    size_t opened_count;
    enum sw_print_format format;
};

/* ---- results ---- */

static const char *output_name(int index)
{
    const char *const names[OUTPUTS] = {set.output, set.sweeps, set.summary, set.partial};
    return names[index];
}

static bool open_outputs(struct work *work, struct sw_error *error)
{
    for (int i = 0; i < OUTPUTS; i++) {
        if (i > 0 && !output_name(i)) continue;
        bool text = i == 2;
        if (!(text ? sw_output_open_text : sw_output_open)(&work->outputs[i], output_name(i),
                                                           error))
            return false;
        work->opened[work->opened_count++] = &work->outputs[i];
    }
    return sw_output_refuse_terminal(&work->outputs[0], error);
}

static bool write_results(struct work *work, const char *made_by, size_t length,
                          struct sw_error *error)
{
    const struct sw_match_outputs outputs = {.matches = &work->outputs[0],
                                             .sweeps = set.sweeps ? &work->outputs[1] : NULL,
                                             .summary = set.summary ? &work->outputs[2] : NULL,
                                             .partial = set.partial ? &work->outputs[3] : NULL,
                                             .format = work->format,
                                             .made_by = made_by,
                                             .made_by_length = length};
    return sw_match_write(&work->matching, &outputs, error);
}

static bool write_replay(struct work *work, const char *made_by, size_t length,
                         struct sw_error *error)
{
    struct sw_replay *replay = &work->replay;
    return sw_replay_open(replay, &work->matching, set.trades, made_by, length, &work->outputs[0],
                          error) &&
           sw_replay_run(replay, error) &&
           (!set.summary || sw_replay_summary(replay, &work->outputs[2], error));
}

/* All of them are there, or none is. */
static bool write_outputs(struct work *work, struct sw_error *error)
{
    struct sw_buffer made_by = {0};
    bool good = open_outputs(work, error) && sw_program_provenance(&made_by, error) &&
                (set.replay ? write_replay : write_results)(work, (const char *)made_by.bytes,
                                                            made_by.length, error);
    for (size_t i = 0; good && i < work->opened_count; i++)
        good = sw_output_finish(work->opened[i], error);
    good = good && sw_output_publish(work->opened, work->opened_count, error);
    for (size_t i = 0; !good && i < work->opened_count; i++) sw_output_abandon(work->opened[i]);
    sw_buffer_free(&made_by);
    return good;
}

/* ---- the program ---- */

static bool check(const struct sw_command_line *line, struct sw_error *error)
{
    const char *outputs[] = {set.output, set.sweeps,    set.summary,    set.partial,
                             set.tally,  set.rules_off, set.wrong_order};
    const char *more[SW_SELECTOR_LISTS + 5] = {NULL};
    size_t count = 0;
    if (!set.trades || !set.nbbo) return sw_fail(error, SW_USAGE, "needs --trades and --nbbo");
    more[count++] = set.trades;
    more[count++] = set.nbbo;
    if (set.sessions) more[count++] = set.sessions;
    if (set.ticks) more[count++] = set.ticks;
    sw_selectors_files(set.selectors, more + count);
    if (set.replay && (set.sweeps || set.partial || set.tally || set.format ||
                       sw_selectors_given(&set.selectors)))
        return sw_fail(error, SW_USAGE,
                       "--replay: not with --sweeps, --partial, --tally, --format or selectors");
    return sw_input_refuse_sharing(line->operands, line->operand_count, more, count, error) &&
           sw_output_refuse_clash(outputs, 7, line->operands, line->operand_count, more, error);
}

static bool read_options(const struct sw_command_line *line, struct work *work,
                         struct sw_matching_settings *settings, struct sw_error *error)
{
    struct sw_arrivals_settings *arrivals = &settings->arrivals;
    arrivals->events = line->operands;
    arrivals->event_count = line->operand_count;
    arrivals->trades = set.replay ? NULL : set.trades;
    arrivals->view = set.view;
    arrivals->selectors = &set.selectors;
    arrivals->folder = sw_temporary_directory(set.folder);
    arrivals->share_directory = sw_share_directory(error);
    settings->nbbo = set.nbbo;
    settings->ticks = set.ticks;
    settings->sessions = set.sessions;
    settings->open = set.open ? set.open : "OPEN";
    settings->tally = set.tally != NULL;
    settings->each_rule = !set.replay && (set.summary || set.partial);
    settings->own_midtick = set.replay && !set.sweep;
    if (!sw_memory_of(set.memory, MEMORY_DEFAULT, SW_SORT_MEMORY_MINIMUM, &arrivals->memory_bytes,
                      error))
        return false;
    return arrivals->share_directory &&
           sw_print_format(set.summary ? sw_format_name(set.format, set.summary, "csv") : NULL,
                           &work->format, error) &&
           sw_rules_parse(set.rules, &settings->rules, error) &&
           sw_concede_parse(set.sweep, &settings->concede, error);
}

static void say_of(const struct sw_matching *matching)
{
    const char *note =
        set.view.zone ? NULL : sw_schema_zone_note(&matching->arrivals.events.reader.schema);
    if (note) sw_say_once(note);
    sw_matching_say(matching, !set.replay, sw_say);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct work work = {0};
    struct sw_matching_settings settings = {0};
    struct sw_selector_files lists = {0};
    bool good = check(line, error) && sw_selectors_load(&set.selectors, &lists, error) &&
                read_options(line, &work, &settings, error) &&
                sw_matching_open(&work.matching, &settings, error) && write_outputs(&work, error) &&
                (!set.tally || sw_match_tally(&work.matching, set.tally, error)) &&
                (!set.rules_off || sw_matching_write_lacks(&work.matching, set.rules_off, error));
    if (good) say_of(&work.matching);
    if (!good) sw_tell_wrong_order(error, set.wrong_order);
    sw_replay_free(&work.replay);
    sw_matching_free(&work.matching);
    sw_selector_files_free(&lists);
    return good;
}

static const struct sw_program program = {
    "sw-match",
    "would the dark book have filled what sweeps took on the lit one",
    "--trades FILE --nbbo FILE [--rules RULES] [SELECTOR]… [OPTION]… [FILE…]\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
