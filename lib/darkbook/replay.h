/* SPDX-License-Identifier: ISC
 *
 * The real book played again: at each moment at which an order that came traded in the dark, what the
 * book as it stood just before would have given it by the rules, beside what it really got. So one
 * sees how far the rules can be believed. Nothing is changed in the book by it.
 *
 *     trades ─▶ sides, by trade ─▶ fills, by security, time and who came ─┐
 *     arrivals, quotes ─▶ matching, whose book has contras alone ─────────┴▶ rows, counts
 */
#ifndef SW_DARKBOOK_REPLAY_H
#define SW_DARKBOOK_REPLAY_H

#include "darkbook/results.h"
#include "sort/row_sorter.h"

/* Why a transaction was not reproduced. */
enum sw_replay_reason {
    SW_REPLAY_EXACT,
    SW_REPLAY_BOTH_RESTING,     /* no transaction: a trade of two orders that both rested */
    SW_REPLAY_INCOMING_UNKNOWN, /* who came has no event then */
    SW_REPLAY_RESTING_UNKNOWN,  /* one that it met does not rest */
    SW_REPLAY_QUOTE,            /* there is none that trades */
    SW_REPLAY_LIMIT,            /* one that it met had a limit that excludes the mid */
    SW_REPLAY_ANOTHER_FIRST,    /* the rules have another before one that it met */
    SW_REPLAY_QUANTITY,         /* the same orders, other quantities */
    SW_REPLAY_REASONS,
};

struct sw_replay_fill {
    sw_int128 resting, quantity;
    bool same;
};

struct sw_replay {
    struct sw_matching *matching;
    struct sw_reader trades;
    const char *path;
    const struct sw_vector *security; /* of the transaction at hand, at row 0 */
    struct sw_row_sorter sides, fills;
    bool opened, has_fill, fills_read;
    struct sw_replay_fill *list; /* of the transaction at hand */
    size_t count, capacity;
    struct sw_schema schema;
    struct sw_writer writer;
    uint64_t rows[SW_REPLAY_REASONS]; /* transactions, and trades of two that rested */
    uint64_t all_fills, same_fills, trades_count, at_mid,
        odd; /* odd: trades that have not two sides */
};

/* Opens the trades and the table `replay`, a row a transaction. The matching is open, without sweeps
 * and trades of its own. SW_DATA: a column is missing or not of its type. Zero-initialize before;
 * free in any case. */
bool sw_replay_open(struct sw_replay *replay, struct sw_matching *matching, const char *trades,
                    const char *made_by, size_t length, struct sw_output *output,
                    struct sw_error *error) SW_CHECKED;

/* Runs the matching, and writes the rows. */
bool sw_replay_run(struct sw_replay *replay, struct sw_error *error) SW_CHECKED;

/* "NAME,VALUE" lines of the counts and shares, as CSV. */
bool sw_replay_summary(const struct sw_replay *replay, struct sw_output *output,
                       struct sw_error *error) SW_CHECKED;

void sw_replay_free(struct sw_replay *replay);

#endif
