/* SPDX-License-Identifier: ISC */
#include "darkbook/book_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* ---- the ends of sweeps ---- */

static bool ends_before(const struct sw_book *book, uint32_t a, uint32_t b)
{
    const struct sw_open_order *one = &book->orders[a], *other = &book->orders[b];
    return one->until_ns != other->until_ns ? one->until_ns < other->until_ns
                                            : one->sweep_stamp < other->sweep_stamp;
}

static void swap(struct sw_book *book, size_t a, size_t b)
{
    uint32_t held = book->expiries[a];
    book->expiries[a] = book->expiries[b];
    book->expiries[b] = held;
}

static bool push_expiry(struct sw_book *book, uint32_t index, struct sw_error *error)
{
    size_t at = book->expiry_count;
    if (!sw_grow(&book->expiries, &book->expiry_capacity, at + 1, sizeof *book->expiries, error))
        return false;
    book->expiries[book->expiry_count++] = index;
    for (; at > 0 && ends_before(book, book->expiries[at], book->expiries[(at - 1) / 2]);
         at = (at - 1) / 2)
        swap(book, at, (at - 1) / 2);
    return true;
}

static uint32_t pop_expiry(struct sw_book *book)
{
    uint32_t first = book->expiries[0];
    book->expiries[0] = book->expiries[--book->expiry_count];
    for (size_t at = 0, least = 0;; at = least) {
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < book->expiry_count; child++)
            if (ends_before(book, book->expiries[child], book->expiries[least])) least = child;
        if (least == at) return first;
        swap(book, at, least);
    }
}

static bool end_sweep(struct sw_book *book, uint32_t index, struct sw_error *error)
{
    struct sw_open_order *sweep = &book->orders[index];
    struct sw_book_totals *totals = &book->totals;
    const enum sw_unmatched reason = sw_book_why(book, sweep);
    totals->sweeps++;
    totals->matched_sweeps += sweep->got > 0;
    totals->reasons[reason]++;
    sw_sum_add(&totals->swept, sweep->swept);
    sw_sum_add(&totals->given, sweep->given);
    sw_book_leave(book, sweep, SW_ROLE_SWEEP);
    book->waiting[sweep->buys]--;
    if (book->sink.sweep && !book->sink.sweep(book->sink.owner, sweep, reason, error)) return false;
    sweep->sweeps = false;
    if (!sweep->contra) sw_book_forget(book, index);
    return true;
}

static bool expire(struct sw_book *book, int64_t before_ns, bool all, struct sw_error *error)
{
    while (book->expiry_count > 0 && (all || book->orders[book->expiries[0]].until_ns < before_ns))
        if (!end_sweep(book, pop_expiry(book), error)) return false;
    return true;
}

/* ---- arrivals ---- */

static bool begin_sweep(struct sw_book *book, const struct sw_arrival *arrival,
                        struct sw_error *error)
{
    uint32_t index;
    if (!sw_book_use_own(book, arrival->participant, error) ||
        !sw_book_open_order(book, arrival, &index, error))
        return false;
    struct sw_open_order *order = &book->orders[index];
    order->sweeps = true;
    order->date = arrival->date;
    order->from_ns = arrival->time_ns;
    order->until_ns = arrival->until_ns;
    order->swept = arrival->swept;
    order->got = order->booked = 0;
    order->matches = 0;
    order->value = (struct sw_products){0};
    order->met_minimum = false;
    if (!sw_book_enter(book, index, SW_ROLE_SWEEP, error) || !push_expiry(book, index, error))
        return false;
    book->waiting[order->buys]++;
    sw_book_note_sweep(book, order);
    return true;
}

/* Contras that rest offer themselves to a sweep that comes, or when the quote moves. */
static bool note_resting(struct sw_book *book, bool buys, struct sw_error *error)
{
    const struct sw_queue *queue = &book->contras[buys];
    const sw_int128 furthest = sw_queue_furthest(queue);
    if (queue->used == queue->left) return true;
    return sw_book_note_offer(book, buys, furthest > SW_REACHES_NOTHING,
                              furthest >= sw_book_needed(buys, book->mid), error);
}

static bool contra_arrives(struct sw_book *book, uint32_t index, int64_t time_ns,
                           struct sw_error *error)
{
    const struct sw_open_order *order = &book->orders[index];
    const sw_int128 reach = sw_book_reach(book, order, SW_ROLE_CONTRA);
    return sw_book_note_offer(book, order->buys, sw_book_available(book, order, SW_ROLE_CONTRA) > 0,
                              reach >= sw_book_needed(order->buys, book->mid), error) &&
           sw_book_meet(book, index, SW_ROLE_CONTRA, time_ns, error);
}

/* Whether an update costs an order its place: then it is an arrival, too. */
static bool loses_place(const struct sw_open_order *order, const struct sw_arrival *arrival)
{
    const struct sw_book_terms *terms = &order->terms[SW_ROLE_CONTRA];
    return terms->price != arrival->price ||
           terms->priced != !!(arrival->flags & SW_ARRIVAL_PRICED) ||
           terms->midtick != arrival->midtick || order->leaves < arrival->leaves;
}

static bool may_rest(const struct sw_book *book, const struct sw_arrival *arrival)
{
    if (!sw_book_has(book, SW_RULE_BOOK) || !(arrival->flags & SW_ARRIVAL_ON_BOOK)) return false;
    if (arrival->leaves <= 0) return false;
    return !(arrival->flags & SW_ARRIVAL_LIT) || (book->midtick_told && arrival->midtick == 1);
}

/* A sweep that waits has the terms of the later events of its order. */
static void follow_order(struct sw_book *book, struct sw_open_order *order,
                         const struct sw_arrival *arrival)
{
    if (!order->sweeps || arrival->time_ns <= order->from_ns) return;
    sw_book_note_limit(book, order);
    sw_book_take_terms(order, SW_ROLE_SWEEP, arrival);
    sw_book_reset_reach(book, order, SW_ROLE_SWEEP);
}

/* What a contra's event at hand says holds from here on. */
static bool settle_contra(struct sw_book *book, uint32_t index, const struct sw_arrival *arrival,
                          struct sw_error *error)
{
    struct sw_open_order *order = &book->orders[index];
    const bool rested = order->rests, rests = may_rest(book, arrival);
    sw_book_take_terms(order, SW_ROLE_CONTRA, arrival);
    order->leaves = arrival->leaves;
    order->rests = rests;
    if (rested && !rests) sw_book_leave(book, order, SW_ROLE_CONTRA);
    if (rests && !rested && !sw_book_enter(book, index, SW_ROLE_CONTRA, error)) return false;
    if (rests) sw_book_reset_reach(book, order, SW_ROLE_CONTRA);
    follow_order(book, order, arrival);
    if (order->sweeps) sw_book_reset_reach(book, order, SW_ROLE_SWEEP);
    return true;
}

static void end_contra(struct sw_book *book, uint32_t index)
{
    struct sw_open_order *order = &book->orders[index];
    if (order->rests) sw_book_leave(book, order, SW_ROLE_CONTRA);
    order->rests = order->contra = false;
    if (!order->sweeps) sw_book_forget(book, index);
}

/* ---- a moment ---- */

/* With the simple rules a contra comes with its first event of the date and is gone. */
static bool simple_contra(struct sw_book *book, const struct sw_arrival *arrival, int64_t time_ns,
                          struct sw_error *error)
{
    const unsigned wanted = SW_ARRIVAL_FIRST_OF_DATE | SW_ARRIVAL_CONTRA;
    uint32_t index;
    if ((arrival->flags & wanted) != wanted) return true;
    if (!sw_book_use_own(book, arrival->participant, error) ||
        !sw_book_open_order(book, arrival, &index, error))
        return false;
    struct sw_open_order *order = &book->orders[index];
    sw_book_take_terms(order, SW_ROLE_CONTRA, arrival);
    order->quantity = arrival->quantity;
    order->leaves = arrival->leaves;
    order->contra = true;
    if (!contra_arrives(book, index, time_ns, error)) return false;
    order->contra = false;
    if (!order->sweeps) sw_book_forget(book, index);
    return true;
}

/* What was known of an order before the moment changes without its coming anew. */
static bool update_known(struct sw_book *book, const struct sw_arrival *arrival,
                         struct sw_error *error)
{
    uint32_t index = sw_book_find(book, arrival->number);
    if (index == SW_NOBODY || !book->orders[index].contra) return true;
    struct sw_open_order *order = &book->orders[index];
    if (order->arrived || loses_place(order, arrival) ||
        (!order->rests && may_rest(book, arrival))) {
        order->arrived = true;
        return true;
    }
    order->settled++;
    return settle_contra(book, index, arrival, error);
}

/* An order that is new, or has lost its place, comes. */
static bool book_contra(struct sw_book *book, const struct sw_arrival *arrival, int64_t time_ns,
                        struct sw_error *error)
{
    uint32_t index = sw_book_find(book, arrival->number);
    if (!(arrival->flags & SW_ARRIVAL_CONTRA) &&
        (index == SW_NOBODY || !book->orders[index].contra)) {
        if (index != SW_NOBODY) follow_order(book, &book->orders[index], arrival);
        return true;
    }
    if (!sw_book_use_own(book, arrival->participant, error) ||
        !sw_book_open_order(book, arrival, &index, error))
        return false;
    struct sw_open_order *order = &book->orders[index];
    const bool known = order->contra;
    if (known && !order->arrived) return true;
    if (order->settled > 0) { /* this event has taken effect before the sweeps came */
        order->settled--;
        return true;
    }
    const bool again = known && loses_place(order, arrival);
    const bool comes = !known || again || (!order->rests && may_rest(book, arrival));
    if (!known) order->quantity = arrival->quantity;
    order->contra = order->arrived = true;
    if (order->rests && again) {
        sw_book_leave(book, order, SW_ROLE_CONTRA);
        order->rests = false;
    }
    sw_book_take_terms(order, SW_ROLE_CONTRA, arrival);
    order->leaves = arrival->leaves;
    if (comes && !contra_arrives(book, index, time_ns, error)) return false;
    return settle_contra(book, index, arrival, error);
}

/* The quote has moved, or a session has opened: sweeps that wait meet contras that rest, those that buy
 * first. They have met in that session even where no quote trades. */
static bool meet_again(struct sw_book *book, int64_t time_ns, struct sw_error *error)
{
    const bool moved = book->moved;
    book->moved = false;
    if (!moved || !sw_book_has(book, SW_RULE_BOOK)) return true;
    if (!note_resting(book, false, error) || !note_resting(book, true, error)) return false;
    if (!sw_book_can_trade(book)) return true;
    for (int buys = 1; buys >= 0; buys--) {
        const struct sw_queue *sweeps = &book->sweeps[buys];
        sw_int128 needed = sw_book_needed(buys, book->mid),
                  other = sw_book_needed(!buys, book->mid);
        bool inside = sw_book_has(book, SW_RULE_INSIDE) && book->midtick_told;
        if (inside || !sw_book_has(book, SW_RULE_LIMIT)) needed = other = SW_REACHES_NOTHING + 1;
        for (uint32_t slot = sw_queue_next(sweeps, 0, needed);
             slot != SW_NO_SLOT && sw_queue_furthest(&book->contras[!buys]) >= other;
             slot = sw_queue_next(sweeps, slot + 1, needed))
            if (!sw_book_meet(book, sweeps->items[slot], SW_ROLE_SWEEP, time_ns, error))
                return false;
    }
    return true;
}

static bool sweeps_arrive(struct sw_book *book, const struct sw_arrival *arrivals, size_t count,
                          int64_t time_ns, struct sw_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (!(arrivals[i].flags & SW_ARRIVAL_SWEEP)) continue;
        if (!begin_sweep(book, &arrivals[i], error)) return false;
        uint32_t index = sw_book_find(book, arrivals[i].number);
        sw_book_take_terms(&book->orders[index], SW_ROLE_SWEEP, &arrivals[i]);
        sw_book_reset_reach(book, &book->orders[index], SW_ROLE_SWEEP);
        if (!sw_book_has(book, SW_RULE_BOOK) || arrivals[i].until_ns < time_ns) continue;
        if (!note_resting(book, !arrivals[i].buys, error) ||
            !sw_book_meet(book, index, SW_ROLE_SWEEP, time_ns, error))
            return false;
    }
    return true;
}

static bool contras_arrive(struct sw_book *book, const struct sw_arrival *arrivals, size_t count,
                           int64_t time_ns, struct sw_error *error)
{
    const bool rest = sw_book_has(book, SW_RULE_BOOK);
    for (size_t i = 0; i < count; i++)
        if (!(rest ? book_contra : simple_contra)(book, &arrivals[i], time_ns, error)) return false;
    for (size_t i = 0; rest && i < count; i++) {
        uint32_t index = sw_book_find(book, arrivals[i].number);
        if (index == SW_NOBODY || !book->orders[index].contra) continue;
        book->orders[index].arrived = false;
        book->orders[index].settled = 0;
        /* Where nothing tells whether it is still on the book, its last event ends it. */
        if (arrivals[i].flags & SW_ARRIVAL_LAST &&
            !(book->status_told && book->orders[index].rests))
            end_contra(book, index);
    }
    return true;
}

bool sw_book_moment(struct sw_book *book, int64_t time_ns, const struct sw_arrival *arrivals,
                    size_t count, struct sw_error *error)
{
    if (!expire(book, time_ns, false, error)) return false;
    for (size_t i = 0; sw_book_has(book, SW_RULE_BOOK) && i < count; i++)
        if (!update_known(book, &arrivals[i], error)) return false;
    return meet_again(book, time_ns, error) &&
           sweeps_arrive(book, arrivals, count, time_ns, error) &&
           expire(book, time_ns, false, error) && /* those whose time was over before it began */
           contras_arrive(book, arrivals, count, time_ns, error);
}

/* ---- what holds ---- */

void sw_book_quote(struct sw_book *book, const struct sw_book_quote *quote)
{
    sw_int128 mid = quote->known ? (quote->bid + quote->offer) / 2 : 0;
    book->moved = book->moved || quote->known != book->quote.known || mid != book->mid ||
                  (quote->proper && !book->quote.proper);
    book->quote = *quote;
    book->mid = mid;
}

void sw_book_session(struct sw_book *book, bool open)
{
    book->moved = book->moved || (open && !book->session_open);
    book->session_open = open;
}

static void empty_queues(struct sw_book *book)
{
    for (int side = 0; side < 2; side++) {
        sw_queue_free(&book->sweeps[side]);
        sw_queue_free(&book->contras[side]);
        for (size_t i = 0; i < book->own_used_count; i++) {
            sw_queue_free(&book->own[book->own_used[i]].sweeps[side]);
            sw_queue_free(&book->own[book->own_used[i]].contras[side]);
        }
        book->offers[side].best_count = 0;
        memset(book->offers[side].counts, 0, sizeof book->offers[side].counts);
    }
    book->own_used_count = 0;
}

void sw_book_turn(struct sw_book *book, size_t security)
{
    empty_queues(book);
    book->order_count = book->open_count = 0;
    book->free_order = SW_NOBODY;
    if (book->chain_count) memset(book->chains, 0xff, book->chain_count * sizeof *book->chains);
    book->quote = (struct sw_book_quote){0};
    book->mid = 0;
    book->session_open = book->moved = false;
    book->security = security;
}

bool sw_book_close(struct sw_book *book, struct sw_error *error)
{
    return expire(book, 0, true, error);
}

void sw_book_free(struct sw_book *book)
{
    empty_queues(book);
    for (int side = 0; side < 2; side++) free(book->offers[side].best);
    free(book->own);
    free(book->own_used);
    free(book->orders);
    free(book->chains);
    free(book->expiries);
    free(book->plan);
}
