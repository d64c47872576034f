/* SPDX-License-Identifier: ISC */
#include "distinct/counted_pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    FRESH_LEAST = 8192, /* pairs: 128 KiB */
    SHARE = 4,          /* of what is settled, the part that is gathered before it is merged */
    DIGITS = 8,
};

void sw_counted_free(struct sw_counted_pairs *pairs)
{
    free(pairs->keys);
    free(pairs->times);
    free(pairs->large);
    free(pairs->fresh);
    *pairs = (struct sw_counted_pairs){0};
}

/* ---- sorting ---- */

static unsigned char digit_of(uint64_t key, int digit)
{
    return (unsigned char)(key >> 8 * digit);
}

static void sort_by_digit(const struct sw_fresh_pair *from, struct sw_fresh_pair *to, size_t count,
                          int digit)
{
    size_t counts[256] = {0}, places[256], place = 0;
    for (size_t i = 0; i < count; i++) counts[digit_of(from[i].key, digit)]++;
    for (int i = 0; i < 256; i++) {
        places[i] = place;
        place += counts[i];
    }
    for (size_t i = 0; i < count; i++) to[places[digit_of(from[i].key, digit)]++] = from[i];
}

/* The bits in which keys differ: few, since owners and members are counted from 0. */
static uint64_t bits_that_differ(const struct sw_fresh_pair *pairs, size_t count)
{
    uint64_t differ = 0;
    for (size_t i = 1; i < count; i++) differ |= pairs[i].key ^ pairs[0].key;
    return differ;
}

/* And makes one of those that are the same. */
static bool sort_fresh(struct sw_counted_pairs *pairs, struct sw_error *error)
{
    struct sw_fresh_pair *other = sw_alloc(pairs->fresh_capacity, sizeof *other, error);
    uint64_t differ = bits_that_differ(pairs->fresh, pairs->fresh_count);
    size_t kept = 0;
    if (!other) return false;
    for (int digit = 0; digit < DIGITS; digit++) {
        struct sw_fresh_pair *fresh = pairs->fresh;
        if (!digit_of(differ, digit)) continue;
        sort_by_digit(fresh, other, pairs->fresh_count, digit);
        pairs->fresh = other;
        other = fresh;
    }
    free(other);
    for (size_t i = 1; i < pairs->fresh_count; i++) {
        if (pairs->fresh[i].key == pairs->fresh[kept].key)
            pairs->fresh[kept].times += pairs->fresh[i].times;
        else
            pairs->fresh[++kept] = pairs->fresh[i];
    }
    pairs->fresh_count = kept + 1;
    return true;
}

/* ---- merging ---- */

/* How many of the fresh ones are settled already. Sets *large where a sum has no place in 32 bits. */
static size_t count_known(const struct sw_counted_pairs *pairs, bool *large)
{
    size_t known = 0;
    for (size_t i = 0, at = 0; i < pairs->fresh_count; i++) {
        uint64_t times = pairs->fresh[i].times;
        while (at < pairs->count && pairs->keys[at] < pairs->fresh[i].key) at++;
        if (at < pairs->count && pairs->keys[at] == pairs->fresh[i].key) {
            times += sw_counted_times(pairs, at);
            known++;
        }
        *large = *large || times > UINT32_MAX;
    }
    return known;
}

static bool resize(void *block, size_t count, size_t size, struct sw_error *error)
{
    void *resized, **at = block;
    if (count > SIZE_MAX / 2 / size || !(resized = realloc(*at, count * size)))
        return sw_fail(error, SW_SYSTEM, "no memory for %zu pairs", count);
    *at = resized;
    return true;
}

static bool widen(struct sw_counted_pairs *pairs, struct sw_error *error)
{
    uint64_t *large = sw_alloc(pairs->count, sizeof *large, error);
    if (!large) return false;
    for (size_t i = 0; i < pairs->count; i++) large[i] = pairs->times[i];
    free(pairs->times);
    pairs->times = NULL;
    pairs->large = large;
    return true;
}

static bool make_room(struct sw_counted_pairs *pairs, size_t count, struct sw_error *error)
{
    return resize(&pairs->keys, count, sizeof *pairs->keys, error) &&
           (pairs->large ? resize(&pairs->large, count, sizeof *pairs->large, error)
                         : resize(&pairs->times, count, sizeof *pairs->times, error));
}

static void put(struct sw_counted_pairs *pairs, size_t at, uint64_t key, uint64_t times)
{
    pairs->keys[at] = key;
    if (pairs->large)
        pairs->large[at] = times;
    else
        pairs->times[at] = (uint32_t)times;
}

/* From the last ones on, into the room after: nothing is overwritten before it was moved. */
static void merge_fresh(struct sw_counted_pairs *pairs, size_t count)
{
    size_t from = pairs->count, to = count;
    for (size_t i = pairs->fresh_count; i-- > 0;) {
        const struct sw_fresh_pair *fresh = &pairs->fresh[i];
        uint64_t times = fresh->times;
        for (; from > 0 && pairs->keys[from - 1] > fresh->key; from--) {
            to--;
            put(pairs, to, pairs->keys[from - 1], sw_counted_times(pairs, from - 1));
        }
        if (from > 0 && pairs->keys[from - 1] == fresh->key)
            times += sw_counted_times(pairs, --from);
        put(pairs, --to, fresh->key, times);
    }
    pairs->count = count;
    pairs->fresh_count = 0;
}

bool sw_counted_settle(struct sw_counted_pairs *pairs, struct sw_error *error)
{
    bool large = false;
    if (pairs->fresh_count == 0) return true;
    if (!sort_fresh(pairs, error)) return false;
    size_t count = pairs->count + pairs->fresh_count - count_known(pairs, &large);
    if (large && !pairs->large && !widen(pairs, error)) return false;
    if (count > pairs->count && !make_room(pairs, count, error)) return false;
    merge_fresh(pairs, count);
    return true;
}

/* ---- adding ---- */

/* Room for fresh ones: those that are there are settled where there is none. */
static bool make_fresh(struct sw_counted_pairs *pairs, struct sw_error *error)
{
    if (pairs->fresh_count < pairs->fresh_capacity) return true;
    if (!sw_counted_settle(pairs, error)) return false;
    size_t capacity = pairs->count / SHARE;
    if (capacity < FRESH_LEAST) capacity = FRESH_LEAST;
    if (capacity <= pairs->fresh_capacity) return true;
    if (!resize(&pairs->fresh, capacity, sizeof *pairs->fresh, error)) return false;
    pairs->fresh_capacity = capacity;
    return true;
}

bool sw_counted_add(struct sw_counted_pairs *pairs, const uint32_t *owner, const uint32_t *member,
                    const uint64_t *times, size_t rows, struct sw_error *error)
{
    for (size_t row = 0; row < rows;) {
        if (!make_fresh(pairs, error)) return false;
        for (; row < rows && pairs->fresh_count < pairs->fresh_capacity; row++)
            pairs->fresh[pairs->fresh_count++] = (struct sw_fresh_pair){
                (uint64_t)owner[row] << 32 | member[row], times ? times[row] : 1};
    }
    return true;
}
