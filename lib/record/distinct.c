/* SPDX-License-Identifier: ISC */
#include "record/distinct.h"

#include <string.h>

#include "base/memory.h"

enum { SLOTS_AT_FIRST = 1024 };

/* Where a number's search begins. Fibonacci hashing: the high bits of the product are well mixed.
 */
static size_t slot_of(uint64_t number, unsigned shift)
{
    return (size_t)((number * UINT64_C(0x9E3779B97F4A7C15)) >> shift);
}

static unsigned shift_of(const struct sw_distinct *distinct)
{
    return 64 - (unsigned)__builtin_ctzll(distinct->slot_count);
}

static bool make_slots(struct sw_distinct *distinct, size_t count, struct sw_error *error)
{
    if (!sw_grow(&distinct->slots, &distinct->slot_capacity, count, sizeof *distinct->slots, error))
        return false;
    memset(distinct->slots, 0, count * sizeof *distinct->slots);
    distinct->slot_count = count;
    return true;
}

static bool make_room(struct sw_distinct *distinct, size_t count, struct sw_error *error)
{
    return sw_grow(&distinct->numbers, &distinct->number_capacity, count, sizeof(uint64_t),
                   error) &&
           sw_grow(&distinct->spare, &distinct->spare_capacity, count, sizeof(uint64_t), error) &&
           sw_grow(&distinct->codes_of, &distinct->code_capacity, count, sizeof(uint32_t), error) &&
           sw_grow(&distinct->spare_codes, &distinct->spare_code_capacity, count, sizeof(uint32_t),
                   error);
}

/* The slot that holds a number, or a free one for it. */
static inline struct sw_distinct_slot *find(struct sw_distinct_slot *slots, size_t mask,
                                            unsigned shift, uint64_t number)
{
    size_t at = slot_of(number, shift);
    while (slots[at].code && slots[at].number != number) at = (at + 1) & mask;
    return &slots[at];
}

/* Doubles the slots when a quarter of them is taken, so that few searches go on. */
static bool grow_slots(struct sw_distinct *distinct, struct sw_error *error)
{
    if (!make_slots(distinct, 2 * distinct->slot_count, error) ||
        !make_room(distinct, distinct->slot_count / 4, error))
        return false;
    for (size_t code = 0; code < distinct->count; code++) {
        uint64_t number = distinct->numbers[code];
        *find(distinct->slots, distinct->slot_count - 1, shift_of(distinct), number) =
            (struct sw_distinct_slot){number, (uint32_t)code + 1};
    }
    return true;
}

static bool add(struct sw_distinct *distinct, struct sw_distinct_slot *slot, uint64_t number,
                struct sw_error *error)
{
    distinct->numbers[distinct->count++] = number;
    *slot = (struct sw_distinct_slot){number, (uint32_t)distinct->count};
    return distinct->count < distinct->slot_count / 4 || grow_slots(distinct, error);
}

/* Codes by first appearance for the values from *done on, as far as they are known; what is asked
 * of every value stays in registers. */
static void code_known(const struct sw_distinct *distinct, const uint64_t *values,
                       size_t value_count, size_t *done, uint64_t *codes)
{
    struct sw_distinct_slot *slots = distinct->slots;
    size_t i = *done, mask = distinct->slot_count - 1;
    unsigned shift = shift_of(distinct);
    for (; i < value_count; i++) {
        uint32_t code = find(slots, mask, shift, values[i])->code;
        if (!code) break;
        codes[i] = code - 1;
    }
    *done = i;
}

/* Codes by first appearance for all; the count is 0 when there are more than `most`. */
static bool collect(struct sw_distinct *distinct, const uint64_t *values, size_t value_count,
                    size_t most, uint64_t *codes, struct sw_error *error)
{
    for (size_t done = 0;;) {
        code_known(distinct, values, value_count, &done, codes);
        if (done == value_count) return true;
        if (distinct->count == most) {
            distinct->count = 0;
            return true;
        }
        struct sw_distinct_slot *slot =
            find(distinct->slots, distinct->slot_count - 1, shift_of(distinct), values[done]);
        if (!add(distinct, slot, values[done], error)) return false;
    }
}

/* One digit of a radix sort, numbers and their codes together. */
static void sort_by(struct sw_distinct *distinct, unsigned shift, uint64_t bias)
{
    size_t starts[257] = {0};
    for (size_t i = 0; i < distinct->count; i++)
        starts[((distinct->numbers[i] ^ bias) >> shift & 255) + 1]++;
    for (size_t digit = 0; digit < 256; digit++) starts[digit + 1] += starts[digit];
    for (size_t i = 0; i < distinct->count; i++) {
        size_t to = starts[(distinct->numbers[i] ^ bias) >> shift & 255]++;
        distinct->spare[to] = distinct->numbers[i];
        distinct->spare_codes[to] = distinct->codes_of[i];
    }
    uint64_t *numbers = distinct->numbers;
    uint32_t *codes = distinct->codes_of;
    distinct->numbers = distinct->spare;
    distinct->spare = numbers;
    distinct->codes_of = distinct->spare_codes;
    distinct->spare_codes = codes;
}

/* Only the digits in which any two differ. */
static void sort(struct sw_distinct *distinct, uint64_t bias)
{
    uint64_t differing = 0;
    for (size_t i = 0; i < distinct->count; i++) {
        differing |= distinct->numbers[i] ^ distinct->numbers[0];
        distinct->codes_of[i] = (uint32_t)i;
    }
    for (unsigned shift = 0; shift < 64; shift += 8)
        if (differing >> shift & 255) sort_by(distinct, shift, bias);
}

static bool begin(struct sw_distinct *distinct, struct sw_error *error)
{
    distinct->count = 0;
    return make_slots(distinct, SLOTS_AT_FIRST, error) &&
           make_room(distinct, SLOTS_AT_FIRST / 4, error);
}

bool sw_distinct_count(struct sw_distinct *distinct, const uint64_t *values, size_t value_count,
                       size_t most, uint64_t *codes, size_t *count, struct sw_error *error)
{
    if (!begin(distinct, error) || !collect(distinct, values, value_count, most, codes, error))
        return false;
    *count = distinct->count ? distinct->count : most + 1;
    return true;
}

bool sw_distinct_find(struct sw_distinct *distinct, const uint64_t *values, size_t value_count,
                      size_t most, uint64_t bias, uint64_t *codes, size_t *count,
                      struct sw_error *error)
{
    *count = 0;
    if (!begin(distinct, error) || !collect(distinct, values, value_count, most, codes, error))
        return false;
    if (distinct->count == 0) return true;
    sort(distinct, bias);
    /* Where each code by first appearance went: the spare codes are free to hold it. */
    for (size_t i = 0; i < distinct->count; i++)
        distinct->spare_codes[distinct->codes_of[i]] = (uint32_t)i;
    for (size_t i = 0; i < value_count; i++) codes[i] = distinct->spare_codes[codes[i]];
    *count = distinct->count;
    return true;
}

void sw_distinct_free(struct sw_distinct *distinct)
{
    free(distinct->slots);
    free(distinct->numbers);
    free(distinct->spare);
    free(distinct->codes_of);
    free(distinct->spare_codes);
    *distinct = (struct sw_distinct){0};
}
