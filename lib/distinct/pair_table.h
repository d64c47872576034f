/* SPDX-License-Identifier: ISC
 *
 * Pairs of small numbers as small numbers, and sets of small numbers per owner: what the groups of
 * several keys and the distinct counts are made of. Both are tables indexed directly while these
 * stay small, hash tables after that; memory grows with what was put in.
 */
#ifndef SW_DISTINCT_PAIR_TABLE_H
#define SW_DISTINCT_PAIR_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "distinct/counted_pairs.h"

/* Pairs of ids: the first one seen is 0, the next 1, and so on. */
struct sw_pairs {
    size_t count;
    uint32_t *first, *second; /* by id */
    size_t capacity, second_capacity;
    uint32_t *dense; /* id + 1 of (a, b) at a << shift | b; NULL when hashed */
    int shift;
    size_t dense_first; /* values of a that it holds */
    bool hashed;
    uint32_t *slots; /* id + 1 */
    size_t slot_count;
};

void sw_pairs_free(struct sw_pairs *pairs);

/* The ids of the pairs (a[i], b[i]), for a below a_limit and b below b_limit; ids may be one of the
 * two. Zero-initialize the pairs before. SW_SYSTEM: no memory, or 2^32 distinct pairs. */
bool sw_pairs_find(struct sw_pairs *pairs, const uint32_t *a, size_t a_limit, const uint32_t *b,
                   size_t b_limit, uint32_t *ids, size_t rows, struct sw_error *error) SW_CHECKED;

/* For each owner (a cell) the set of its members (ids); where it is `counted`, which is said before anything is added, how often each
 * was added, too. Zero-initialize before, but for that; free with sw_set_free. */
struct sw_set {
    bool counted;
    struct sw_counted_pairs counts; /* all that a counted set has */
    uint64_t *bits; /* stride words, a power of 2, an owner; NULL when it is kept as pairs */
    size_t owners, stride;
    bool sparse;
    struct sw_pairs pairs;
    uint32_t *scratch;
    size_t scratch_capacity;
};

void sw_set_free(struct sw_set *set);

/* Puts member[i] into the set of owner[i], for owners and members below their limits; a counted set, times[i] times, or once for NULL.
 * SW_SYSTEM: no memory, or as sw_pairs_find. */
bool sw_set_add(struct sw_set *set, const uint32_t *owner, size_t owner_limit,
                const uint32_t *member, size_t member_limit, const uint64_t *times, size_t rows,
                struct sw_error *error) SW_CHECKED;

/* All that is in it: *owner and *member are allocated, the caller frees them. SW_SYSTEM: no memory. */
bool sw_set_list(struct sw_set *set, uint32_t **owner, uint32_t **member, size_t *count,
                 struct sw_error *error) SW_CHECKED;

/* How often the pair is there that sw_set_list put at this place, of a counted set to which nothing was added since; else 1. */
static inline uint64_t sw_set_times(const struct sw_set *set, size_t at)
{
    return set->counted ? sw_counted_times(&set->counts, at) : 1;
}

/* Members other than null of each of the `owners`; the caller frees *sizes. SW_SYSTEM: no memory. */
bool sw_set_sizes(struct sw_set *set, size_t owners, uint64_t **sizes,
                  struct sw_error *error) SW_CHECKED;

#endif
