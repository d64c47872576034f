/* SPDX-License-Identifier: ISC
 *
 * Matches sweeps with the orders that came while they waited (darkbook/book.h): arrivals, quotes
 * and sessions side by side in order of time, one security after another, into a book for the
 * rules that were asked for and, for the summary, into one for each rule less.
 *
 *     arrivals ─┐
 *     quotes  ──┼▶ moments ─▶ book, book, … ─▶ sink, totals
 *     sessions ─┘
 *
 *     if (!sw_matching_open(&match, &settings, error) || !sw_matching_run(&match, error)) …
 *     sw_matching_free(&match);
 */
#ifndef SW_DARKBOOK_MATCHING_H
#define SW_DARKBOOK_MATCHING_H

#include "darkbook/book.h"
#include "darkbook/sessions.h"
#include "darkbook/tick_sizes.h"
#include "market/quotes.h"

struct sw_matching_settings {
    struct sw_arrivals_settings arrivals;
    const char *nbbo, *ticks, *sessions; /* files; the last two may be NULL */
    const char *open;                    /* the names of sessions that are open */
    struct sw_rules rules;
    struct sw_concede concede;
    bool own_midtick; /* who comes concedes what its midtick says, and half a tick where there is no
                         such column */
    bool each_rule;   /* a book for each rule more, too */
    bool tally;       /* count by security */
};

/* Why a rule that was asked for is off; NULL: it is on, or was not asked for. */
struct sw_matching_lacks {
    const char *why[SW_RULES];
};

/* Who wants to see the book at times of its own, before what happens then: when the next of them is
 * of the current security, if it has one; and that it is then. */
struct sw_matching_watch {
    void *owner;
    bool (*peek)(void *owner, int64_t *time_ns, bool *has, struct sw_error *error);
    bool (*at)(void *owner, int64_t time_ns, struct sw_error *error);
};

struct sw_matching {
    struct sw_matching_watch watch; /* set after opening, if at all */
    struct sw_matching_settings settings;
    struct sw_arrivals arrivals;
    struct sw_quotes quotes;
    struct sw_tick_sizes ticks;
    struct sw_sessions sessions;
    struct sw_rules rules; /* those that are on */
    struct sw_matching_lacks lacks;
    int price_scale;       /* of the book's unit */
    struct sw_book *books; /* of each rule more, where that is asked for; the last one is the one */
    size_t book_count;
    enum sw_rule *added; /* by book but the first: its last rule */
    struct sw_arrival *moment;
    size_t moment_count, moment_capacity;
    struct sw_arrival next; /* where has_next */
    bool has_next;
    enum sw_step quote_step; /* whether there is a quote at hand */
    enum sw_quote_state quote_state;
    struct sw_book_quote quote;
    struct sw_builder security; /* the current one, of a row */
    bool any_security;
    size_t security_number;
    struct sw_match_tally tally;
    struct sw_book_totals before; /* of the book of all rules, when the security began */
};

/* Opens the inputs. SW_DATA, SW_USAGE: see the parts; a security that is of another type in the
 * quotes. Zero-initialize before, free in any case. The sink of the last book is the caller's to
 * set, after this. */
bool sw_matching_open(struct sw_matching *match, const struct sw_matching_settings *settings,
                      struct sw_error *error) SW_CHECKED;

/* Reads all and runs; or the second half of that alone, where the arrivals were read before. */
bool sw_matching_run(struct sw_matching *match, struct sw_error *error) SW_CHECKED;
bool sw_matching_moments(struct sw_matching *match, struct sw_error *error) SW_CHECKED;

/* The book of all rules. */
static inline struct sw_book *sw_matching_book(struct sw_matching *match)
{
    return &match->books[match->book_count - 1];
}

void sw_matching_free(struct sw_matching *match);

#endif
