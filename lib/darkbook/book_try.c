/* SPDX-License-Identifier: ISC */
#include "darkbook/book_try.h"

#include "darkbook/book_parts.h"

bool sw_book_try(struct sw_book *book, const struct sw_arrival *incoming, sw_int128 quantity,
                 struct sw_error *error)
{
    struct sw_arrival arrival = *incoming;
    uint32_t index;
    arrival.number = UINT64_MAX; /* nobody's */
    if (!sw_book_use_own(book, arrival.participant, error) ||
        !sw_book_open_order(book, &arrival, &index, error))
        return false;
    struct sw_open_order *order = &book->orders[index];
    sw_book_take_terms(order, SW_ROLE_SWEEP, &arrival);
    order->swept = quantity;
    bool good = sw_book_plan(book, index, SW_ROLE_SWEEP, error);
    sw_book_forget(book, index);
    return good;
}

enum sw_book_rests sw_book_rests(const struct sw_book *book, bool buys, sw_int128 order)
{
    const struct sw_queue *queue = &book->contras[buys];
    for (uint32_t slot = 0; slot < queue->used; slot++) {
        if (queue->gone[slot] || book->orders[queue->items[slot]].order != order) continue;
        return queue->tree[queue->capacity + slot] >= sw_book_needed(buys, book->mid)
                   ? SW_RESTS_TAKES
                   : SW_RESTS_BEYOND;
    }
    return SW_RESTS_NOT;
}
