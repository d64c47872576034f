/* SPDX-License-Identifier: ISC
 *
 * A dark book in which sweeps wait that did not, and meet contras as they come: of one security at a
 * time, an event after another in order of time. What is open is indexed, so that an event costs the
 * logarithm of that, and every match a step. Memory is that of what is open.
 *
 *     sw_book_turn(&book, …)                                      another security begins
 *     for each moment:
 *         sw_book_quote(&book, quote); sw_book_session(&book, open)    what holds from then on
 *         sw_book_moment(&book, time_ns, arrivals, count, error)       0: only the quote moved
 *     sw_book_close(&book, error)                                 the security has ended
 *
 * Prices are whole numbers of a unit that the caller chooses so that the mid of every quote is one.
 */
#ifndef SW_DARKBOOK_BOOK_H
#define SW_DARKBOOK_BOOK_H

#include "base/sum.h"
#include "darkbook/arrivals.h"
#include "darkbook/queue.h"
#include "darkbook/rules.h"

/* Why a sweep matched nothing. */
enum sw_unmatched {
    SW_UNMATCHED_NOT, /* it did match */
    SW_UNMATCHED_NO_CONTRA,
    SW_UNMATCHED_NOT_IN_TIME,
    SW_UNMATCHED_SESSION,
    SW_UNMATCHED_QUOTE,
    SW_UNMATCHED_QUANTITY,
    SW_UNMATCHED_PRICE,
    SW_UNMATCHED_MINIMUM,
    SW_UNMATCHED_KEY,
    SW_UNMATCHED_REASONS,
};

const char *sw_unmatched_name(enum sw_unmatched reason); /* "" for SW_UNMATCHED_NOT; static */

enum sw_role { SW_ROLE_SWEEP, SW_ROLE_CONTRA, SW_ROLES };

/* What an order says of how it trades, by an event of its. */
struct sw_book_terms {
    bool priced;
    sw_int128 price, tick, minimum, single, key, midtick;
};

/* An order that is open, in one role or both. */
struct sw_open_order {
    uint64_t number;
    sw_int128 order;            /* as in sw_arrival */
    uint32_t participant, next; /* in its chain, or the list of those that are free */
    bool buys, sweeps, contra, rests;
    bool arrived; /* at this moment it comes anew */
    bool counted; /* among the orders with a match, on this date: */
    int64_t counted_date;
    uint32_t settled; /* of this moment's events, those that took effect before it comes */
    int64_t date, from_ns, until_ns, first_match_ns;
    struct sw_book_terms terms[SW_ROLES];
    sw_int128 quantity, leaves, given; /* as a contra: of its first event; now; what it gave */
    sw_int128 swept, got, booked;      /* as a sweep: its quantity; traded; booked */
    uint64_t matches, sweep_stamp, contra_stamp;
    struct sw_products value; /* Σ price × quantity of what it got */
    uint64_t before[4];       /* what had come when it began to wait: see book_reasons.c */
    uint64_t limit_from;      /* of those, what had come when its limit became what it is */
    bool met_minimum,
        beaten; /* beaten: a mid was taken that it took, too, by a limit that it had */
};

struct sw_dark_match {
    const struct sw_open_order *sweep, *contra;
    int64_t time_ns;
    sw_int128 quantity, price, bid, offer;
    bool booked;
};

/* Who is told; either may be NULL. */
struct sw_book_sink {
    void *owner;
    bool (*match)(void *owner, const struct sw_dark_match *match, struct sw_error *error);
    bool (*sweep)(void *owner, const struct sw_open_order *sweep, enum sw_unmatched reason,
                  struct sw_error *error); /* it waits no longer */
};

struct sw_book_quote {
    bool known;  /* there was a quote with bid ≤ offer; the next two are its */
    bool proper; /* the latest has both sides, and bid < offer */
    sw_int128 bid, offer;
};

struct sw_book_totals {
    uint64_t sweeps, matched_sweeps, matches, bookings,
        orders; /* orders: with a match, in any role, on each date once */
    struct sw_sum swept, matched, booked, given, waited_ns;
    struct sw_products value;
    sw_int128 largest;
    int64_t longest_ns;
    uint64_t reasons[SW_UNMATCHED_REASONS];
};

/* Orders of one participant. */
struct sw_own_queues {
    struct sw_queue sweeps[2], contras[2];
};

struct sw_plan_step {
    uint32_t other;
    sw_int128 quantity, price;
    bool booked;
};

/* Which of the contras' offers a sweep could have taken: the best mid since each. */
struct sw_offers {
    uint64_t counts[4]; /* that came, in an open session, with a quote, with a quantity */
    struct sw_offer {
        uint64_t count;
        sw_int128 mid;
    } * best; /* each worse than the next one */
    size_t best_count, best_capacity;
};

struct sw_book {
    struct sw_rules rules;
    struct sw_concede concede;      /* its amount in the book's unit */
    bool midtick_told, status_told; /* orders have a midtick, an orderstatus */
    struct sw_book_sink sink;
    struct sw_book_totals totals;
    struct sw_book_quote quote;
    sw_int128 mid;
    bool session_open, moved;
    struct sw_open_order *orders;
    size_t order_count, order_capacity;
    uint32_t free_order;
    uint32_t *chains; /* by hash of the number */
    size_t chain_count, open_count;
    struct sw_queue sweeps[2], contras[2]; /* those that sell, those that buy */
    struct sw_own_queues *own;             /* by participant */
    size_t own_count;
    size_t *own_used, own_used_count, own_used_capacity; /* participants with anything in them */
    uint32_t *expiries; /* a heap of the sweeps, by the end of their time */
    size_t expiry_count, expiry_capacity, waiting[2];
    struct sw_plan_step *plan;
    size_t plan_count, plan_capacity;
    uint64_t stamp;
    struct sw_offers offers[2]; /* by the contras' side */
    const struct sw_arrivals *arrivals;
    size_t security;
};

/* Zero-initialize, set rules, concede, midtick_told, status_told, sink and arrivals. */

/* The security of this number among those that have arrivals begins: nothing is known of it. */
void sw_book_turn(struct sw_book *book, size_t security);

/* What holds from the next moment on. */
void sw_book_quote(struct sw_book *book, const struct sw_book_quote *quote);
void sw_book_session(struct sw_book *book, bool open);

/* What happens at a moment: arrivals of one time, in order, their prices and ticks in the book's
 * unit; none where only the quote or the session is new. SW_SYSTEM: memory; SW_DATA: a price or a
 * quantity out of range; what the sink says. */
bool sw_book_moment(struct sw_book *book, int64_t time_ns, const struct sw_arrival *arrivals,
                    size_t count, struct sw_error *error) SW_CHECKED;

/* Ends the waiting of all that still wait. */
bool sw_book_close(struct sw_book *book, struct sw_error *error) SW_CHECKED;

void sw_book_free(struct sw_book *book);

#endif
