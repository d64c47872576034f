/* SPDX-License-Identifier: ISC */
#include "darkbook/match_write.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "darkbook/match_summary.h"
#include "darkbook/results.h"

struct rows {
    struct sw_match_rows matches;
    struct sw_sweep_rows sweeps;
};

static bool put_match(void *owner, const struct sw_dark_match *match, struct sw_error *error)
{
    struct rows *rows = owner;
    return sw_match_rows_put(&rows->matches, match, error);
}

static bool put_sweep(void *owner, const struct sw_open_order *sweep, enum sw_unmatched reason,
                      struct sw_error *error)
{
    struct rows *rows = owner;
    return sw_sweep_rows_put(&rows->sweeps, sweep, reason, error);
}

static bool write_rows(struct rows *rows, struct sw_matching *matching,
                       const struct sw_match_outputs *outputs, struct sw_error *error)
{
    sw_matching_book(matching)->sink =
        (struct sw_book_sink){rows, put_match, outputs->sweeps ? put_sweep : NULL};
    return sw_match_rows_open(&rows->matches, matching, outputs->made_by, outputs->made_by_length,
                              outputs->matches, error) &&
           (!outputs->sweeps ||
            sw_sweep_rows_open(&rows->sweeps, matching, outputs->made_by, outputs->made_by_length,
                               outputs->sweeps, error)) &&
           sw_matching_run(matching, error) && sw_match_check(matching, error) &&
           sw_match_rows_close(&rows->matches, error) &&
           (!outputs->sweeps || sw_sweep_rows_close(&rows->sweeps, error));
}

bool sw_match_write(struct sw_matching *matching, const struct sw_match_outputs *outputs,
                    struct sw_error *error)
{
    struct rows rows = {0};
    bool good = write_rows(&rows, matching, outputs, error) &&
                (!outputs->summary ||
                 sw_match_summary_print(matching, outputs->format, outputs->summary, error)) &&
                (!outputs->partial ||
                 sw_match_summary_write(matching, outputs->made_by, outputs->made_by_length,
                                        outputs->partial, error));
    sw_match_rows_free(&rows.matches);
    sw_sweep_rows_free(&rows.sweeps);
    return good;
}

static int by_name(const void *left, const void *right)
{
    return strcmp(sw_rule_name(*(const enum sw_rule *)left),
                  sw_rule_name(*(const enum sw_rule *)right));
}

bool sw_matching_write_lacks(const struct sw_matching *matching, const char *path,
                             struct sw_error *error)
{
    enum sw_rule rules[SW_RULES];
    struct sw_buffer text = {0};
    bool good = true;
    for (int i = 0; i < SW_RULES; i++) rules[i] = (enum sw_rule)i;
    qsort(rules, SW_RULES, sizeof *rules, by_name);
    for (int i = 0; good && i < SW_RULES; i++) {
        const char *why = matching->lacks.why[rules[i]];
        good = !why || sw_buffer_format(&text, error, "%s\t%s\n", sw_rule_name(rules[i]), why);
    }
    good = good && sw_output_file(path, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

void sw_matching_say(const struct sw_matching *matching, bool sweeps,
                     void (*say)(const char *format, ...))
{
    const struct sw_arrival_counts *counts = &matching->arrivals.counts;
    for (int rule = 0; rule < SW_RULES; rule++)
        if (matching->lacks.why[rule])
            say("rule %s is off: %s", sw_rule_name(rule), matching->lacks.why[rule]);
    if (matching->ticks.unsaid > 0 && matching->rules.on[SW_RULE_HALF_TICK])
        say("tick sizes of %" PRIu64 " securities are taken from the prices of their orders",
            matching->ticks.unsaid);
    if (!sweeps) return;
    if (!matching->arrivals.trades.told)
        say("%s: no column 'dealsource': all trades are taken for trades on the lit book",
            matching->settings.arrivals.trades);
    if (counts->without_side > 0)
        say("%" PRIu64 " of %" PRIu64 " orders neither buy (1) nor sell (2), and are left out",
            counts->without_side, counts->orders);
    if (counts->sweeps == 0)
        say("none of %" PRIu64 " orders is a sweep that was filled on the lit book alone",
            counts->orders);
}
