/* SPDX-License-Identifier: ISC */
#include "expr/value_set.h"

#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "kernels/mask.h"

enum { BITMAP_AT_MOST = 1 << 20 }; /* bits: 128 KiB stay in the cache */

bool sw_members_add_number(struct sw_members *members, sw_int128 number, struct sw_error *error)
{
    if (!sw_grow(&members->numbers, &members->number_capacity, members->number_count + 1,
                 sizeof *members->numbers, error))
        return false;
    if (members->number_count == 0 || number < members->low) members->low = number;
    if (members->number_count == 0 || number > members->high) members->high = number;
    members->numbers[members->number_count++] = number;
    return true;
}

bool sw_members_add_text(struct sw_members *members, struct sw_text text, struct sw_error *error)
{
    if (!sw_grow(&members->texts, &members->text_capacity, members->text_count + 1,
                 sizeof *members->texts, error))
        return false;
    members->texts[members->text_count++] = text;
    return true;
}

int sw_text_compare(const struct sw_text *a, const struct sw_text *b)
{
    size_t common = a->length < b->length ? a->length : b->length;
    int difference = common ? memcmp(a->bytes, b->bytes, common) : 0;
    return difference ? difference : (a->length > b->length) - (a->length < b->length);
}

static int compare_texts(const void *a, const void *b)
{
    return sw_text_compare(a, b);
}

static sw_uint128 span_of(const struct sw_members *members)
{
    return (sw_uint128)members->high - (sw_uint128)members->low;
}

static bool make_bitmap(struct sw_members *members, struct sw_error *error)
{
    size_t span = (size_t)span_of(members), distinct = 0;
    members->bits = sw_alloc(span / 64 + 1, sizeof *members->bits, error);
    if (!members->bits) return false;
    for (size_t i = 0; i < members->number_count; i++) {
        size_t bit = (size_t)(members->numbers[i] - members->low);
        distinct += !(members->bits[bit / 64] >> bit % 64 & 1);
        members->bits[bit / 64] |= UINT64_C(1) << bit % 64;
    }
    members->contiguous = distinct == span + 1;
    return true;
}

static bool is_listed(const struct sw_members *members, sw_int128 number)
{
    if (members->number_count == 0 || number < members->low || number > members->high) return false;
    if (members->bits) {
        size_t bit = (size_t)(number - members->low);
        return members->bits[bit / 64] >> bit % 64 & 1;
    }
    size_t slot = sw_hash_wide(number) & members->slot_mask;
    for (; members->slots[slot]; slot = (slot + 1) & members->slot_mask)
        if (members->numbers[members->slots[slot] - 1] == number) return true;
    return false;
}

static bool make_table(struct sw_members *members, struct sw_error *error)
{
    size_t count = 64;
    while (count < members->number_count * 2) count *= 2;
    members->slots = sw_alloc(count, sizeof *members->slots, error);
    if (!members->slots) return false;
    members->slot_mask = count - 1;
    for (size_t i = 0; i < members->number_count; i++) {
        if (is_listed(members, members->numbers[i])) continue;
        size_t slot = sw_hash_wide(members->numbers[i]) & members->slot_mask;
        while (members->slots[slot]) slot = (slot + 1) & members->slot_mask;
        members->slots[slot] = (uint32_t)i + 1;
    }
    return true;
}

bool sw_members_seal(struct sw_members *members, struct sw_error *error)
{
    if (members->text_count)
        qsort(members->texts, members->text_count, sizeof *members->texts, compare_texts);
    if (members->number_count == 0) return true;
    return span_of(members) < BITMAP_AT_MOST ? make_bitmap(members, error)
                                             : make_table(members, error);
}

bool sw_members_may_have(const struct sw_members *members, sw_int128 low, sw_int128 high)
{
    uint64_t lowest = members->mask & -members->mask;
    /* What lies from 0 to below the lowest of the bits has none of them. */
    if (members->mask && (low < 0 || high / members->unit >= lowest)) return true;
    return members->number_count > 0 && members->low <= high && members->high >= low;
}

static bool has_bit(const struct sw_members *members, sw_int128 number)
{
    return (uint64_t)(number / members->unit) & members->mask && number % members->unit == 0;
}

bool sw_members_has_number(const struct sw_members *members, sw_int128 number)
{
    return (members->mask && has_bit(members, number)) || is_listed(members, number);
}

bool sw_members_has_text(const struct sw_members *members, const struct sw_text *text)
{
    return members->text_count && bsearch(text, members->texts, members->text_count,
                                          sizeof *members->texts, compare_texts);
}

/* A number outside looks at bit 0 and is then told no, which costs less than a branch. */
static void test_bits(const struct sw_members *members, const int64_t *values, size_t count,
                      unsigned char *truths)
{
    const uint64_t *bits = members->bits;
    uint64_t low = (uint64_t)(int64_t)members->low, span = (uint64_t)span_of(members);
    for (size_t i = 0; i < count; i++) {
        uint64_t bit = (uint64_t)values[i] - low;
        bool inside = bit <= span;
        bit = inside ? bit : 0;
        truths[i] = (unsigned char)((bits[bit / 64] >> bit % 64 & inside) << 1);
    }
}

static void test_mask(uint64_t mask, const int64_t *values, size_t count, unsigned char *truths)
{
    for (size_t i = 0; i < count; i++)
        truths[i] = (unsigned char)((((uint64_t)values[i] & mask) != 0) << 1);
}

static bool fits64(sw_int128 number)
{
    return number >= INT64_MIN && number <= INT64_MAX;
}

void sw_members_test(const struct sw_members *members, const int64_t *values, size_t count,
                     unsigned char *truths)
{
    bool narrow = members->bits && fits64(members->low) && fits64(members->high);
    if (members->mask && members->number_count == 0 && members->unit == 1)
        test_mask(members->mask, values, count, truths);
    else if (members->mask)
        for (size_t i = 0; i < count; i++)
            truths[i] = (unsigned char)(sw_members_has_number(members, values[i]) << 1);
    else if (narrow &&
             members->contiguous) /* one number, as most lists have, or a few neighbours */
        sw_truths_best()->range(values, count, (uint64_t)(int64_t)members->low,
                                (uint64_t)span_of(members), false, truths);
    else if (narrow)
        test_bits(members, values, count, truths);
    else
        for (size_t i = 0; i < count; i++)
            truths[i] = (unsigned char)(sw_members_has_number(members, values[i]) << 1);
}

void sw_members_free(struct sw_members *members)
{
    free(members->numbers);
    free(members->bits);
    free(members->slots);
    free(members->texts);
    *members = (struct sw_members){0};
}
