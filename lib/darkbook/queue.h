/* SPDX-License-Identifier: ISC
 *
 * One side of a book: orders in their priority, each with how far it reaches. The next order that
 * reaches a price is found in the time of a logarithm, however many stand before it that do not.
 * Knows nothing of orders but a number, and nothing of prices but that more reaches further.
 *
 *     stamps rise ─▶   slot    0   1   2   3  …
 *                      reach   9   7  −∞   8       −∞: not to be had for now
 *                              └─9─┘   └─8─┘       a tree of maxima above
 *                                └───9───┘
 */
#ifndef SW_DARKBOOK_QUEUE_H
#define SW_DARKBOOK_QUEUE_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

#define SW_REACHES_NOTHING ((sw_int128)((unsigned __int128)1 << 127))
#define SW_REACHES_ALL (~SW_REACHES_NOTHING)

enum { SW_NO_SLOT = UINT32_MAX };

struct sw_queue {
    sw_int128 *tree;  /* 2 × capacity: node i has the larger of nodes 2i and 2i + 1 */
    uint64_t *stamps; /* by slot, rising */
    uint32_t *items;
    bool *gone; /* by slot: the order has left */
    uint32_t capacity, used, left;
};

void sw_queue_free(struct sw_queue *queue);

/* Puts an order after all others; its stamp is larger than theirs. SW_SYSTEM: memory. Zero-initialize
 * a queue before. */
bool sw_queue_append(struct sw_queue *queue, uint64_t stamp, uint32_t item, sw_int128 reach,
                     struct sw_error *error) SW_CHECKED;

/* Changes how far the order of this stamp reaches, or takes it off. Nothing where it is not there. */
void sw_queue_set(struct sw_queue *queue, uint64_t stamp, sw_int128 reach);
void sw_queue_remove(struct sw_queue *queue, uint64_t stamp);

/* The first slot from this one on that reaches this far or further; SW_NO_SLOT: none. Slots stay as
 * they are until the next append. */
uint32_t sw_queue_next(const struct sw_queue *queue, uint32_t from, sw_int128 reach);

/* How far the one that reaches furthest does. */
static inline sw_int128 sw_queue_furthest(const struct sw_queue *queue)
{
    return queue->capacity ? queue->tree[1] : SW_REACHES_NOTHING;
}

#endif
