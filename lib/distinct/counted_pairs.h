/* SPDX-License-Identifier: ISC
 *
 * How often each pair of small numbers, an owner and a member, was put in: the values of groups, whose quantiles are asked for. No hash
 * table, since millions of pairs would miss the cache at every row and take three times the memory: what was put in is gathered, sorted
 * and merged into what is there already, 12 bytes a pair, and 4 for what is gathered.
 *
 *     add ─▶ fresh ─ sorted, where it is a quarter of what is there ─▶ keys, times: by owner and member
 */
#ifndef SW_DISTINCT_COUNTED_PAIRS_H
#define SW_DISTINCT_COUNTED_PAIRS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct sw_fresh_pair {
    uint64_t key, times;
};

/* Zero-initialize before; free with sw_counted_free. */
struct sw_counted_pairs {
    size_t count; /* of pairs that are settled */
    /* The rest is the module's own. */
    uint64_t *keys;  /* owner << 32 | member, rising */
    uint32_t *times; /* of each … */
    uint64_t *large; /* … or, once one of them has no place there, these */
    struct sw_fresh_pair *fresh;
    size_t fresh_count, fresh_capacity;
};

/* Puts in the pairs (owner[i], member[i]), times[i] times, or once for NULL. SW_SYSTEM: no memory. */
bool sw_counted_add(struct sw_counted_pairs *pairs, const uint32_t *owner, const uint32_t *member,
                    const uint64_t *times, size_t rows, struct sw_error *error) SW_CHECKED;

/* Makes count and what follows know all that was put in. SW_SYSTEM: no memory. */
bool sw_counted_settle(struct sw_counted_pairs *pairs, struct sw_error *error) SW_CHECKED;

static inline uint32_t sw_counted_owner(const struct sw_counted_pairs *pairs, size_t i)
{
    return (uint32_t)(pairs->keys[i] >> 32);
}

static inline uint32_t sw_counted_member(const struct sw_counted_pairs *pairs, size_t i)
{
    return (uint32_t)pairs->keys[i];
}

static inline uint64_t sw_counted_times(const struct sw_counted_pairs *pairs, size_t i)
{
    return pairs->large ? pairs->large[i] : pairs->times[i];
}

void sw_counted_free(struct sw_counted_pairs *pairs);

#endif
