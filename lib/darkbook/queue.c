/* SPDX-License-Identifier: ISC */
#include "darkbook/queue.h"

#include <stdlib.h>

#include "base/memory.h"

enum { FIRST_CAPACITY = 16 };

void sw_queue_free(struct sw_queue *queue)
{
    free(queue->tree);
    free(queue->stamps);
    free(queue->items);
    free(queue->gone);
    *queue = (struct sw_queue){0};
}

static void raise_maxima(struct sw_queue *queue, uint32_t slot)
{
    for (uint32_t node = (queue->capacity + slot) / 2; node > 0; node /= 2) {
        sw_int128 left = queue->tree[2 * node], right = queue->tree[2 * node + 1];
        queue->tree[node] = left > right ? left : right;
    }
}

/* Moves those that are still there to the front, in a queue of another capacity. */
static bool rebuild(struct sw_queue *queue, uint32_t capacity, struct sw_error *error)
{
    struct sw_queue other = {.capacity = capacity};
    other.tree = sw_alloc(2 * (size_t)capacity, sizeof *other.tree, error);
    other.stamps = sw_alloc(capacity, sizeof *other.stamps, error);
    other.items = sw_alloc(capacity, sizeof *other.items, error);
    other.gone = sw_alloc(capacity, sizeof *other.gone, error);
    if (!other.tree || !other.stamps || !other.items || !other.gone) {
        sw_queue_free(&other);
        return false;
    }
    for (uint32_t slot = 0; slot < queue->used; slot++) {
        if (queue->gone[slot]) continue;
        other.stamps[other.used] = queue->stamps[slot];
        other.items[other.used] = queue->items[slot];
        other.tree[capacity + other.used++] = queue->tree[queue->capacity + slot];
    }
    for (uint32_t slot = other.used; slot < capacity; slot++)
        other.tree[capacity + slot] = SW_REACHES_NOTHING;
    for (uint32_t node = capacity - 1; node > 0; node--) {
        sw_int128 left = other.tree[2 * node], right = other.tree[2 * node + 1];
        other.tree[node] = left > right ? left : right;
    }
    sw_queue_free(queue);
    *queue = other;
    return true;
}

bool sw_queue_append(struct sw_queue *queue, uint64_t stamp, uint32_t item, sw_int128 reach,
                     struct sw_error *error)
{
    if (queue->used == queue->capacity) {
        uint32_t kept = queue->used - queue->left, capacity = FIRST_CAPACITY;
        while (capacity < 2 * (uint64_t)kept) {
            if (capacity > UINT32_MAX / 4) return sw_fail(error, SW_SYSTEM, "too many open orders");
            capacity *= 2;
        }
        if (!rebuild(queue, capacity, error)) return false;
    }
    uint32_t slot = queue->used++;
    queue->stamps[slot] = stamp;
    queue->items[slot] = item;
    queue->gone[slot] = false;
    queue->tree[queue->capacity + slot] = reach;
    raise_maxima(queue, slot);
    return true;
}

static uint32_t find(const struct sw_queue *queue, uint64_t stamp)
{
    uint32_t low = 0, high = queue->used;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (queue->stamps[middle] < stamp)
            low = middle + 1;
        else
            high = middle;
    }
    return low < queue->used && queue->stamps[low] == stamp ? low : SW_NO_SLOT;
}

void sw_queue_set(struct sw_queue *queue, uint64_t stamp, sw_int128 reach)
{
    uint32_t slot = find(queue, stamp);
    if (slot == SW_NO_SLOT || queue->gone[slot]) return;
    queue->tree[queue->capacity + slot] = reach;
    raise_maxima(queue, slot);
}

void sw_queue_remove(struct sw_queue *queue, uint64_t stamp)
{
    uint32_t slot = find(queue, stamp);
    if (slot == SW_NO_SLOT || queue->gone[slot]) return;
    sw_queue_set(queue, stamp, SW_REACHES_NOTHING);
    queue->gone[slot] = true;
    queue->left++;
}

/* Up to a node right of `from` that reaches, then down to its first leaf that does. */
uint32_t sw_queue_next(const struct sw_queue *queue, uint32_t from, sw_int128 reach)
{
    if (from >= queue->used || sw_queue_furthest(queue) < reach) return SW_NO_SLOT;
    uint32_t node = queue->capacity + from;
    while (queue->tree[node] < reach) {
        while (node & 1) node /= 2;
        if (node == 0) return SW_NO_SLOT;
        node++;
    }
    while (node < queue->capacity) {
        node *= 2;
        if (queue->tree[node] < reach) node++;
    }
    return node - queue->capacity;
}
