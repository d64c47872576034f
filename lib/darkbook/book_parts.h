/* SPDX-License-Identifier: ISC
 *
 * What the files of the book share: an order's limit and what it has left, who meets whom, and why a
 * sweep did not match. For book*.c alone.
 */
#ifndef SW_DARKBOOK_BOOK_PARTS_H
#define SW_DARKBOOK_BOOK_PARTS_H

#include "darkbook/book.h"

enum { SW_NOBODY = UINT32_MAX };

static inline bool sw_book_has(const struct sw_book *book, enum sw_rule rule)
{
    return book->rules.on[rule];
}

/* The place of the open order of a number; SW_NOBODY: it is not open. Places stay until another order
 * is opened. */
uint32_t sw_book_find(const struct sw_book *book, uint64_t number);

/* The same of the order of an arrival, opened where it is not; and its end. */
bool sw_book_open_order(struct sw_book *book, const struct sw_arrival *arrival, uint32_t *index,
                        struct sw_error *error) SW_CHECKED;
void sw_book_forget(struct sw_book *book, uint32_t index);

/* Gives an order the terms of an event of its, in a role. */
void sw_book_take_terms(struct sw_open_order *order, enum sw_role role,
                        const struct sw_arrival *arrival);

/* Makes room for a participant's queues, before an order of its enters one. SW_SYSTEM: memory. */
bool sw_book_use_own(struct sw_book *book, uint32_t participant, struct sw_error *error) SW_CHECKED;

/* How far an order reaches in a role: the larger, the better its price for the other side.
 * SW_REACHES_ALL: it has no limit. A buy takes a price that is not above it, a sell one whose
 * negative is not. */
sw_int128 sw_book_reach(const struct sw_book *book, const struct sw_open_order *order,
                        enum sw_role role);

/* How far one that buys, or sells, has to reach to trade at a price. */
static inline sw_int128 sw_book_needed(bool buys, sw_int128 price)
{
    return buys ? price : -price;
}

/* What an order has to trade in a role; 0 or less: nothing. */
sw_int128 sw_book_available(const struct sw_book *book, const struct sw_open_order *order,
                            enum sw_role role);

/* Whether anything can trade now. */
bool sw_book_can_trade(const struct sw_book *book);

/* What an order that comes would take of those of the other side and the other role that wait: into
 * book->plan. SW_SYSTEM: memory. */
bool sw_book_plan(struct sw_book *book, uint32_t incoming, enum sw_role role,
                  struct sw_error *error) SW_CHECKED;

/* An order that comes meets those of the other side and the other role that wait, and trades.
 * Outcomes as sw_book_moment. */
bool sw_book_meet(struct sw_book *book, uint32_t incoming, enum sw_role role, int64_t time_ns,
                  struct sw_error *error) SW_CHECKED;

/* Takes an order that waits in a role off the queues, or puts it after all others, or changes how
 * far it reaches there to what it is now. */
void sw_book_leave(struct sw_book *book, const struct sw_open_order *order, enum sw_role role);
bool sw_book_enter(struct sw_book *book, uint32_t order, enum sw_role role,
                   struct sw_error *error) SW_CHECKED;
void sw_book_reset_reach(struct sw_book *book, const struct sw_open_order *order,
                         enum sw_role role);

/* A contra offers itself, or all that rest do since a quote moved; quantity: it has any, takes: it
 * takes the mid. SW_SYSTEM: memory. */
bool sw_book_note_offer(struct sw_book *book, bool buys, bool quantity, bool takes,
                        struct sw_error *error) SW_CHECKED;

/* A sweep begins to wait; its limit is about to change; it ends, and this is why it matched nothing. */
void sw_book_note_sweep(const struct sw_book *book, struct sw_open_order *sweep);
void sw_book_note_limit(const struct sw_book *book, struct sw_open_order *sweep);
enum sw_unmatched sw_book_why(const struct sw_book *book, struct sw_open_order *sweep);

#endif
