/* SPDX-License-Identifier: ISC */
#include "distinct/pair_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "kernels/lookup.h"

enum {
    DENSE_MAXIMUM = 1 << 20, /* entries of a pair table: 4 MiB */
    BITS_MAXIMUM = 1 << 20,  /* words of a set: 8 MiB */
    AHEAD = 12,              /* rows that a hash table's slot is asked for before it is needed */
};

void sw_pairs_free(struct sw_pairs *pairs)
{
    free(pairs->first);
    free(pairs->second);
    free(pairs->dense);
    free(pairs->slots);
    *pairs = (struct sw_pairs){0};
}

static size_t hash_pair(uint32_t a, uint32_t b)
{
    uint64_t hash = ((uint64_t)a << 32 | b) * sw_hash_key.factor;
    return (size_t)(hash ^ hash >> 32);
}

/* Doubles the hash table where it is half full. */
static bool grow_slots(struct sw_pairs *pairs, struct sw_error *error)
{
    if (pairs->slot_count && pairs->count * 2 < pairs->slot_count) return true;
    size_t slot_count = pairs->slot_count ? pairs->slot_count * 2 : 256;
    while (slot_count <= pairs->count * 2) slot_count *= 2;
    uint32_t *slots = sw_alloc(slot_count, sizeof *slots, error);
    if (!slots) return false;
    for (size_t id = 0; id < pairs->count; id++) {
        size_t at = hash_pair(pairs->first[id], pairs->second[id]) & (slot_count - 1);
        while (slots[at]) at = (at + 1) & (slot_count - 1);
        slots[at] = (uint32_t)id + 1;
    }
    free(pairs->slots);
    pairs->slots = slots;
    pairs->slot_count = slot_count;
    return true;
}

/* Makes the dense table hold the limits, with room to grow, or gives it up. */
static bool cover(struct sw_pairs *pairs, size_t a_limit, size_t b_limit, struct sw_error *error)
{
    if (pairs->hashed) return true;
    if (pairs->dense && a_limit <= pairs->dense_first && b_limit <= (size_t)1 << pairs->shift)
        return true;
    size_t first = pairs->dense_first ? pairs->dense_first : 4;
    int shift = pairs->shift ? pairs->shift : 2;
    while (first < a_limit) first *= 2;
    while ((size_t)1 << shift < b_limit) shift++;
    free(pairs->dense);
    pairs->dense = NULL;
    pairs->hashed = first > (size_t)DENSE_MAXIMUM >> shift;
    if (pairs->hashed) return grow_slots(pairs, error);
    pairs->dense = sw_alloc(first << shift, sizeof *pairs->dense, error);
    if (!pairs->dense) return false;
    for (size_t id = 0; id < pairs->count; id++)
        pairs->dense[(size_t)pairs->first[id] << shift | pairs->second[id]] = (uint32_t)id + 1;
    pairs->dense_first = first;
    pairs->shift = shift;
    return true;
}

static bool add_pair(struct sw_pairs *pairs, uint32_t a, uint32_t b, uint32_t *id_and_one,
                     struct sw_error *error)
{
    size_t count = pairs->count;
    if (count >= UINT32_MAX - 1) return sw_fail(error, SW_SYSTEM, "more than 2^32 groups");
    if (!sw_grow(&pairs->first, &pairs->capacity, count + 1, sizeof *pairs->first, error) ||
        !sw_grow(&pairs->second, &pairs->second_capacity, count + 1, sizeof *pairs->second, error))
        return false;
    pairs->first[count] = a;
    pairs->second[count] = b;
    *id_and_one = (uint32_t)++pairs->count;
    return true;
}

static bool find_hashed(struct sw_pairs *pairs, uint32_t a, uint32_t b, uint32_t *id,
                        struct sw_error *error)
{
    size_t mask = pairs->slot_count - 1, at = hash_pair(a, b) & mask;
    for (; pairs->slots[at]; at = (at + 1) & mask) {
        *id = pairs->slots[at] - 1;
        if (pairs->first[*id] == a && pairs->second[*id] == b) return true;
    }
    if (!add_pair(pairs, a, b, &pairs->slots[at], error)) return false;
    *id = (uint32_t)pairs->count - 1;
    return grow_slots(pairs, error);
}

static bool find_all_hashed(struct sw_pairs *pairs, const uint32_t *a, const uint32_t *b,
                            uint32_t *ids, size_t rows, struct sw_error *error)
{
    for (size_t row = 0; row < rows; row++) {
        size_t ahead = row + AHEAD < rows ? row + AHEAD : rows - 1;
        size_t slot = hash_pair(a[ahead], b[ahead]) & (pairs->slot_count - 1);
        __builtin_prefetch(&pairs->slots[slot]);
        if (!find_hashed(pairs, a[row], b[row], &ids[row], error)) return false;
    }
    return true;
}

bool sw_pairs_find(struct sw_pairs *pairs, const uint32_t *a, size_t a_limit, const uint32_t *b,
                   size_t b_limit, uint32_t *ids, size_t rows, struct sw_error *error)
{
    if (!cover(pairs, a_limit, b_limit, error)) return false;
    if (pairs->hashed) return find_all_hashed(pairs, a, b, ids, rows, error);
    for (size_t row = 0;; row++) {
        row += sw_lookup_pairs(pairs->dense, pairs->shift, a + row, b + row, rows - row, ids + row);
        if (row == rows) return true;
        uint32_t *at = &pairs->dense[(size_t)a[row] << pairs->shift | b[row]];
        if (!add_pair(pairs, a[row], b[row], at, error)) return false;
        ids[row] = *at - 1;
    }
}

void sw_set_free(struct sw_set *set)
{
    free(set->bits);
    free(set->scratch);
    sw_counted_free(&set->counts);
    sw_pairs_free(&set->pairs);
    *set = (struct sw_set){0};
}

static void list_bits(const struct sw_set *set, uint32_t *owner, uint32_t *member)
{
    size_t at = 0;
    for (size_t of = 0; of < set->owners; of++)
        for (size_t word = 0; word < set->stride; word++)
            for (uint64_t bits = set->bits[of * set->stride + word]; bits; bits &= bits - 1) {
                owner[at] = (uint32_t)of;
                member[at++] = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
            }
}

static size_t count_members(const struct sw_set *set)
{
    size_t count = set->pairs.count + set->counts.count;
    for (size_t word = 0; word < set->owners * set->stride; word++)
        count += (size_t)__builtin_popcountll(set->bits[word]);
    return count;
}

bool sw_set_list(struct sw_set *set, uint32_t **owner, uint32_t **member, size_t *count,
                 struct sw_error *error)
{
    if (!sw_counted_settle(&set->counts, error)) return false;
    *count = count_members(set);
    *owner = sw_alloc(*count, sizeof **owner, error);
    *member = *owner ? sw_alloc(*count, sizeof **member, error) : NULL;
    if (!*member) {
        free(*owner);
        return false;
    }
    if (!set->sparse) list_bits(set, *owner, *member);
    for (size_t i = 0; i < set->pairs.count; i++) {
        (*owner)[i] = set->pairs.first[i];
        (*member)[i] = set->pairs.second[i];
    }
    for (size_t i = 0; i < set->counts.count; i++) {
        (*owner)[i] = sw_counted_owner(&set->counts, i);
        (*member)[i] = sw_counted_member(&set->counts, i);
    }
    return true;
}

/* Gives up the bits for a table of pairs. */
static bool become_sparse(struct sw_set *set, size_t owner_limit, size_t member_limit,
                          struct sw_error *error)
{
    uint32_t *owner, *member;
    size_t count;
    if (!sw_set_list(set, &owner, &member, &count, error)) return false;
    uint32_t *ids = sw_alloc(count, sizeof *ids, error);
    bool good = ids && sw_pairs_find(&set->pairs, owner, owner_limit, member, member_limit, ids,
                                     count, error);
    free(ids);
    free(owner);
    free(member);
    free(set->bits);
    set->bits = NULL;
    set->owners = set->stride = 0;
    set->sparse = true;
    return good;
}

/* Makes room for owners and members below the limits. */
static bool cover_set(struct sw_set *set, size_t owner_limit, size_t member_limit,
                      struct sw_error *error)
{
    if (set->sparse || (owner_limit <= set->owners && member_limit <= set->stride * 64))
        return true;
    size_t owners = set->owners ? set->owners : 4, stride = set->stride ? set->stride : 1;
    while (owners < owner_limit) owners *= 2;
    while (stride * 64 < member_limit) stride *= 2;
    if (owners > BITS_MAXIMUM / stride) return become_sparse(set, owner_limit, member_limit, error);
    uint64_t *bits = sw_alloc(owners * stride, sizeof *bits, error);
    if (!bits) return false;
    for (size_t i = 0; i < set->owners; i++)
        memcpy(bits + i * stride, set->bits + i * set->stride, set->stride * sizeof *bits);
    free(set->bits);
    set->bits = bits;
    set->owners = owners;
    set->stride = stride;
    return true;
}

bool sw_set_add(struct sw_set *set, const uint32_t *owner, size_t owner_limit,
                const uint32_t *member, size_t member_limit, const uint64_t *times, size_t rows,
                struct sw_error *error)
{
    if (set->counted) return sw_counted_add(&set->counts, owner, member, times, rows, error);
    if (!cover_set(set, owner_limit, member_limit, error)) return false;
    if (set->sparse)
        return sw_grow(&set->scratch, &set->scratch_capacity, rows, sizeof *set->scratch, error) &&
               sw_pairs_find(&set->pairs, owner, owner_limit, member, member_limit, set->scratch,
                             rows, error);
    sw_lookup_mark(set->bits, __builtin_ctzll(set->stride), owner, member, rows);
    return true;
}

bool sw_set_sizes(struct sw_set *set, size_t owners, uint64_t **sizes, struct sw_error *error)
{
    if (!sw_counted_settle(&set->counts, error)) return false;
    *sizes = sw_alloc(owners, sizeof **sizes, error);
    if (!*sizes) return false;
    for (size_t i = 0; i < set->owners && i < owners; i++) {
        const uint64_t *bits = set->bits + i * set->stride;
        for (size_t word = 0; word < set->stride; word++)
            (*sizes)[i] += (uint64_t)__builtin_popcountll(bits[word]);
        (*sizes)[i] -= bits[0] & 1;
    }
    for (size_t i = 0; i < set->pairs.count; i++)
        if (set->pairs.second[i] != 0) (*sizes)[set->pairs.first[i]]++;
    for (size_t i = 0; i < set->counts.count; i++)
        if (sw_counted_member(&set->counts, i) != 0) (*sizes)[sw_counted_owner(&set->counts, i)]++;
    return true;
}
