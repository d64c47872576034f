/* SPDX-License-Identifier: ISC */
#include "expr/value_set.h"

#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "kernels/mask.h"

enum { BITMAP_AT_MOST = 1 << 20 }; /* bits: 128 KiB stay in the cache */

bool sw_value_set_add_number(struct sw_value_set *value_set, sw_int128 number,
                             struct sw_error *error)
{
    if (!sw_grow(&value_set->numbers, &value_set->number_capacity, value_set->number_count + 1,
                 sizeof *value_set->numbers, error))
        return false;
    if (value_set->number_count == 0 || number < value_set->low) value_set->low = number;
    if (value_set->number_count == 0 || number > value_set->high) value_set->high = number;
    value_set->numbers[value_set->number_count++] = number;
    return true;
}

bool sw_value_set_add_text(struct sw_value_set *value_set, struct sw_text text,
                           struct sw_error *error)
{
    if (!sw_grow(&value_set->texts, &value_set->text_capacity, value_set->text_count + 1,
                 sizeof *value_set->texts, error))
        return false;
    value_set->texts[value_set->text_count++] = text;
    return true;
}

static int compare_texts(const void *a, const void *b)
{
    return sw_texts_compare(a, b);
}

static sw_uint128 span_of(const struct sw_value_set *value_set)
{
    return (sw_uint128)value_set->high - (sw_uint128)value_set->low;
}

static bool make_bitmap(struct sw_value_set *value_set, struct sw_error *error)
{
    size_t span = (size_t)span_of(value_set), distinct = 0;
    value_set->bits = sw_alloc(span / 64 + 1, sizeof *value_set->bits, error);
    if (!value_set->bits) return false;
    for (size_t i = 0; i < value_set->number_count; i++) {
        size_t bit = (size_t)(value_set->numbers[i] - value_set->low);
        distinct += !(value_set->bits[bit / 64] >> bit % 64 & 1);
        value_set->bits[bit / 64] |= UINT64_C(1) << bit % 64;
    }
    value_set->contiguous = distinct == span + 1;
    return true;
}

static bool is_listed(const struct sw_value_set *value_set, sw_int128 number)
{
    if (value_set->number_count == 0 || number < value_set->low || number > value_set->high)
        return false;
    if (value_set->bits) {
        size_t bit = (size_t)(number - value_set->low);
        return value_set->bits[bit / 64] >> bit % 64 & 1;
    }
    size_t slot = sw_hash_wide(number) & value_set->slot_mask;
    for (; value_set->slots[slot]; slot = (slot + 1) & value_set->slot_mask)
        if (value_set->numbers[value_set->slots[slot] - 1] == number) return true;
    return false;
}

static bool make_table(struct sw_value_set *value_set, struct sw_error *error)
{
    size_t count = 64;
    while (count < value_set->number_count * 2) count *= 2;
    value_set->slots = sw_alloc(count, sizeof *value_set->slots, error);
    if (!value_set->slots) return false;
    value_set->slot_mask = count - 1;
    for (size_t i = 0; i < value_set->number_count; i++) {
        if (is_listed(value_set, value_set->numbers[i])) continue;
        size_t slot = sw_hash_wide(value_set->numbers[i]) & value_set->slot_mask;
        while (value_set->slots[slot]) slot = (slot + 1) & value_set->slot_mask;
        value_set->slots[slot] = (uint32_t)i + 1;
    }
    return true;
}

bool sw_value_set_seal(struct sw_value_set *value_set, struct sw_error *error)
{
    if (value_set->text_count)
        qsort(value_set->texts, value_set->text_count, sizeof *value_set->texts, compare_texts);
    if (value_set->number_count == 0) return true;
    return span_of(value_set) < BITMAP_AT_MOST ? make_bitmap(value_set, error)
                                               : make_table(value_set, error);
}

bool sw_value_set_may_have(const struct sw_value_set *value_set, sw_int128 low, sw_int128 high)
{
    uint64_t lowest = value_set->mask & -value_set->mask;
    /* What lies from 0 to below the lowest of the bits has none of them. */
    if (value_set->mask && (low < 0 || high / value_set->unit >= lowest)) return true;
    return value_set->number_count > 0 && value_set->low <= high && value_set->high >= low;
}

static bool has_bit(const struct sw_value_set *value_set, sw_int128 number)
{
    return (uint64_t)(number / value_set->unit) & value_set->mask && number % value_set->unit == 0;
}

bool sw_value_set_has_number(const struct sw_value_set *value_set, sw_int128 number)
{
    return (value_set->mask && has_bit(value_set, number)) || is_listed(value_set, number);
}

bool sw_value_set_has_text(const struct sw_value_set *value_set, const struct sw_text *text)
{
    return value_set->text_count && bsearch(text, value_set->texts, value_set->text_count,
                                            sizeof *value_set->texts, compare_texts);
}

/* A number outside looks at bit 0 and is then told no, which costs less than a branch. */
static void test_bits(const struct sw_value_set *value_set, const int64_t *values, size_t count,
                      unsigned char *mask)
{
    const uint64_t *bits = value_set->bits;
    uint64_t low = (uint64_t)(int64_t)value_set->low, span = (uint64_t)span_of(value_set);
    for (size_t i = 0; i < count; i++) {
        uint64_t bit = (uint64_t)values[i] - low;
        bool inside = bit <= span;
        bit = inside ? bit : 0;
        mask[i] = (unsigned char)((bits[bit / 64] >> bit % 64 & inside) << 1);
    }
}

static void test_any_bit(uint64_t wanted, const int64_t *values, size_t count, unsigned char *mask)
{
    for (size_t i = 0; i < count; i++)
        mask[i] = (unsigned char)((((uint64_t)values[i] & wanted) != 0) << 1);
}

static bool fits64(sw_int128 number)
{
    return number >= INT64_MIN && number <= INT64_MAX;
}

void sw_value_set_test(const struct sw_value_set *value_set, const int64_t *values, size_t count,
                       unsigned char *mask)
{
    bool narrow = value_set->bits && fits64(value_set->low) && fits64(value_set->high);
    if (value_set->mask && value_set->number_count == 0 && value_set->unit == 1)
        test_any_bit(value_set->mask, values, count, mask);
    else if (value_set->mask)
        for (size_t i = 0; i < count; i++)
            mask[i] = (unsigned char)(sw_value_set_has_number(value_set, values[i]) << 1);
    else if (narrow &&
             value_set->contiguous) /* one number, as most lists have, or a few neighbours */
        sw_mask_best()->range(values, count, (uint64_t)(int64_t)value_set->low,
                              (uint64_t)span_of(value_set), false, mask);
    else if (narrow)
        test_bits(value_set, values, count, mask);
    else
        for (size_t i = 0; i < count; i++)
            mask[i] = (unsigned char)(sw_value_set_has_number(value_set, values[i]) << 1);
}

void sw_value_set_free(struct sw_value_set *value_set)
{
    free(value_set->numbers);
    free(value_set->bits);
    free(value_set->slots);
    free(value_set->texts);
    *value_set = (struct sw_value_set){0};
}
