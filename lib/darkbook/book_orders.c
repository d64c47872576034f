/* SPDX-License-Identifier: ISC */
#include "darkbook/book_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* ---- limits ---- */

static bool has_half_tick(const struct sw_book *book, const struct sw_book_terms *terms)
{
    if (!sw_book_has(book, SW_RULE_MIDTICK)) return true;
    return terms->midtick == 1 || terms->midtick == 4 || terms->midtick == 6;
}

sw_int128 sw_book_reach(const struct sw_book *book, const struct sw_open_order *order,
                        enum sw_role role)
{
    const struct sw_book_terms *terms = &order->terms[role];
    sw_int128 further = 0, half = terms->tick / 2;
    if (!sw_book_has(book, SW_RULE_LIMIT) || !terms->priced) return SW_REACHES_ALL;
    if (sw_book_has(book, SW_RULE_HALF_TICK)) {
        bool told = sw_book_has(book, SW_RULE_MIDTICK);
        bool own = role == SW_ROLE_CONTRA || told ? has_half_tick(book, terms) : false;
        if (own) further = half;
        if (role == SW_ROLE_SWEEP && book->concede.what == SW_CONCEDE_HALF_TICK) further = half;
        if (role == SW_ROLE_SWEEP && book->concede.what == SW_CONCEDE_AMOUNT &&
            book->concede.amount > further)
            further = book->concede.amount;
    }
    return (order->buys ? terms->price : -terms->price) + further;
}

sw_int128 sw_book_available(const struct sw_book *book, const struct sw_open_order *order,
                            enum sw_role role)
{
    const bool one = sw_book_has(book, SW_RULE_INVENTORY);
    const sw_int128 got = order->got + order->booked;
    if (role == SW_ROLE_SWEEP) return order->swept - got - (one ? order->given : 0);
    sw_int128 has = sw_book_has(book, SW_RULE_ELSEWHERE) ? order->leaves : order->quantity;
    return has - order->given - (one ? got : 0);
}

bool sw_book_can_trade(const struct sw_book *book)
{
    if (sw_book_has(book, SW_RULE_SESSION) && !book->session_open) return false;
    return book->quote.known && (!sw_book_has(book, SW_RULE_QUOTE) || book->quote.proper);
}

/* ---- open orders, by number ---- */

static size_t chain_of(const struct sw_book *book, uint64_t number)
{
    return (number * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (book->chain_count - 1);
}

uint32_t sw_book_find(const struct sw_book *book, uint64_t number)
{
    if (book->chain_count == 0) return SW_NOBODY;
    uint32_t index = book->chains[chain_of(book, number)];
    while (index != SW_NOBODY && book->orders[index].number != number)
        index = book->orders[index].next;
    return index;
}

static void link_order(struct sw_book *book, uint32_t index)
{
    size_t chain = chain_of(book, book->orders[index].number);
    book->orders[index].next = book->chains[chain];
    book->chains[chain] = index;
}

static bool grow_chains(struct sw_book *book, struct sw_error *error)
{
    if (book->open_count < book->chain_count) return true;
    size_t count = book->chain_count ? 2 * book->chain_count : 1024;
    uint32_t *chains = sw_alloc(count, sizeof *chains, error), *old = book->chains;
    size_t old_count = book->chain_count;
    if (!chains) return false;
    memset(chains, 0xff, count * sizeof *chains);
    book->chains = chains;
    book->chain_count = count;
    for (size_t i = 0; i < old_count; i++)
        for (uint32_t at = old[i], next; at != SW_NOBODY; at = next) {
            next = book->orders[at].next;
            link_order(book, at);
        }
    free(old);
    return true;
}

static bool take_place(struct sw_book *book, uint32_t *index, struct sw_error *error)
{
    *index = book->free_order;
    if (book->order_count > 0 && *index != SW_NOBODY) {
        book->free_order = book->orders[*index].next;
        return true;
    }
    if (book->order_count >= SW_NOBODY) return sw_fail(error, SW_SYSTEM, "too many open orders");
    if (!sw_grow(&book->orders, &book->order_capacity, book->order_count + 1, sizeof *book->orders,
                 error))
        return false;
    if (book->order_count == 0) book->free_order = SW_NOBODY;
    *index = (uint32_t)book->order_count++;
    return true;
}

/* The order of an arrival, new or known. */
bool sw_book_open_order(struct sw_book *book, const struct sw_arrival *arrival, uint32_t *index,
                        struct sw_error *error)
{
    *index = sw_book_find(book, arrival->number);
    if (*index != SW_NOBODY) return true;
    if (!grow_chains(book, error) || !take_place(book, index, error)) return false;
    book->orders[*index] = (struct sw_open_order){
        .number = arrival->number,
        .order = arrival->order,
        .participant = arrival->participant,
        .buys = arrival->buys,
        .quantity = arrival->quantity,
        .leaves = arrival->leaves,
    };
    link_order(book, *index);
    book->open_count++;
    return true;
}

void sw_book_forget(struct sw_book *book, uint32_t index)
{
    uint32_t *at = &book->chains[chain_of(book, book->orders[index].number)];
    while (*at != index) at = &book->orders[*at].next;
    *at = book->orders[index].next;
    book->orders[index].next = book->free_order;
    book->free_order = index;
    book->open_count--;
}

void sw_book_take_terms(struct sw_open_order *order, enum sw_role role,
                        const struct sw_arrival *arrival)
{
    order->terms[role] = (struct sw_book_terms){
        .priced = arrival->flags & SW_ARRIVAL_PRICED,
        .price = arrival->price,
        .tick = arrival->tick,
        .minimum = arrival->minimum,
        .single = arrival->single,
        .key = arrival->key,
        .midtick = arrival->midtick,
    };
}

/* ---- queues ---- */

static struct sw_queue *queue_of(struct sw_book *book, const struct sw_open_order *order,
                                 enum sw_role role)
{
    return role == SW_ROLE_SWEEP ? &book->sweeps[order->buys] : &book->contras[order->buys];
}

/* NULL: its participant's are not looked for. */
static struct sw_queue *own_queue_of(struct sw_book *book, const struct sw_open_order *order,
                                     enum sw_role role)
{
    if (!sw_book_has(book, SW_RULE_PREFERENCING) || order->participant == SW_NULL_ID) return NULL;
    struct sw_own_queues *own = &book->own[order->participant];
    return role == SW_ROLE_SWEEP ? &own->sweeps[order->buys] : &own->contras[order->buys];
}

static sw_int128 reach_now(const struct sw_book *book, const struct sw_open_order *order,
                           enum sw_role role)
{
    return sw_book_available(book, order, role) > 0 ? sw_book_reach(book, order, role)
                                                    : SW_REACHES_NOTHING;
}

void sw_book_reset_reach(struct sw_book *book, const struct sw_open_order *order, enum sw_role role)
{
    const uint64_t stamp = role == SW_ROLE_SWEEP ? order->sweep_stamp : order->contra_stamp;
    const sw_int128 reach = reach_now(book, order, role);
    struct sw_queue *own = own_queue_of(book, order, role);
    sw_queue_set(queue_of(book, order, role), stamp, reach);
    if (own) sw_queue_set(own, stamp, reach);
}

void sw_book_leave(struct sw_book *book, const struct sw_open_order *order, enum sw_role role)
{
    const uint64_t stamp = role == SW_ROLE_SWEEP ? order->sweep_stamp : order->contra_stamp;
    struct sw_queue *own = own_queue_of(book, order, role);
    sw_queue_remove(queue_of(book, order, role), stamp);
    if (own) sw_queue_remove(own, stamp);
}

/* Makes room for a participant's queues, and notes that they are in use. */
bool sw_book_use_own(struct sw_book *book, uint32_t participant, struct sw_error *error)
{
    const size_t count = book->own_count;
    if (!sw_book_has(book, SW_RULE_PREFERENCING) || participant == SW_NULL_ID) return true;
    if (participant >= count) {
        size_t capacity = count;
        if (!sw_grow(&book->own, &capacity, participant + 1, sizeof *book->own, error))
            return false;
        memset(book->own + count, 0, (capacity - count) * sizeof *book->own);
        book->own_count = capacity;
    }
    const struct sw_own_queues *own = &book->own[participant];
    if (own->sweeps[0].capacity + own->sweeps[1].capacity + own->contras[0].capacity +
            own->contras[1].capacity >
        0)
        return true;
    if (!sw_grow(&book->own_used, &book->own_used_capacity, book->own_used_count + 1,
                 sizeof *book->own_used, error))
        return false;
    book->own_used[book->own_used_count++] = participant;
    return true;
}

bool sw_book_enter(struct sw_book *book, uint32_t index, enum sw_role role, struct sw_error *error)
{
    struct sw_open_order *order = &book->orders[index];
    const uint64_t stamp = ++book->stamp;
    const sw_int128 reach = reach_now(book, order, role);
    struct sw_queue *own = own_queue_of(book, order, role);
    *(role == SW_ROLE_SWEEP ? &order->sweep_stamp : &order->contra_stamp) = stamp;
    return sw_queue_append(queue_of(book, order, role), stamp, index, reach, error) &&
           (!own || sw_queue_append(own, stamp, index, reach, error));
}
