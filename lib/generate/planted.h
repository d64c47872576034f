/* SPDX-License-Identifier: ISC
 *
 * Days of which it is known what the dark book makes of them: situations of a few orders each, one
 * after another in every security, whose matches are written down with them. Nothing here matches
 * anything: what is expected stands in the table of situations (planted_table.c), as somebody who
 * knows the rules has worked it out.
 *
 * A situation takes a stretch of time that it has for itself, all its orders are over at its end,
 * and it begins with a quote. Securities have theirs at the same time, interleaved, none at another's
 * moment.
 */
#ifndef SW_GENERATE_PLANTED_H
#define SW_GENERATE_PLANTED_H

#include "generate/generate.h"
#include "generate/rows.h"

enum { SW_GEN_CAST = 5, SW_GEN_MOVES = 16, SW_GEN_ANSWERS = 6, SW_GEN_BEATS = 16 };

/* Prices in a situation are counted in half ticks, from that of the near side of its first quote:
 * upwards where its first sweep buys, and downwards where that sells. Times are beats, 0 to 15,
 * quantities units; what these are is drawn. */
struct sw_gen_role {
    uint8_t units; /* 0: the cast ends before */
    bool sweep;    /* else an order for the dark */
    bool opposite; /* on the other side than the first sweep */
    bool ally;     /* of the second of two participants */
    int8_t price;
    uint8_t traits;
};

enum sw_gen_move_kind {
    SW_GEN_MOVES_END,
    SW_GEN_QUOTES_MOVE, /* who: the near side, what: the far one; below 0: there is none */
    SW_GEN_ENTERS,
    SW_GEN_FILLED,     /* what units, in the book, by an order that comes for that */
    SW_GEN_DARK_TRADE, /* who rests, what is the order that comes */
    SW_GEN_REPRICED,   /* to what */
    SW_GEN_SHRINKS,    /* to what units */
    SW_GEN_OVER,       /* cancelled */
};

struct sw_gen_move {
    uint8_t beat;
    enum sw_gen_move_kind kind;
    int8_t who, what;
};

enum { SW_GEN_SIMPLE = 1, SW_GEN_FULL = 2, SW_GEN_BOTH = 3 };

struct sw_gen_answer {
    uint8_t rules; /* 0: the answers end before */
    uint8_t sweep, contra, beat, units;
    int8_t price;
    bool booked;
    const char *reason; /* not NULL: nothing was matched */
};

struct sw_gen_situation {
    bool full; /* only in orders with all columns */
    struct sw_gen_role cast[SW_GEN_CAST];
    struct sw_gen_move moves[SW_GEN_MOVES]; /* by beat */
    struct sw_gen_answer answers[SW_GEN_ANSWERS];
};

/* The first opens a day: orders on both sides, before all sweeps. */
extern const struct sw_gen_situation sw_gen_situations[];
extern const int sw_gen_situation_count;

/* Makes settings->planted situations and the openings. SW_SYSTEM on failure. */
bool sw_gen_planted(const struct sw_generate_settings *settings,
                    struct sw_output *const outputs[SW_GEN_TABLES],
                    struct sw_error *error) SW_CHECKED;

#endif
