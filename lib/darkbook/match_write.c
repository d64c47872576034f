/* SPDX-License-Identifier: ISC */
#include "darkbook/match_write.h"

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
