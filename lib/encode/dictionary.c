/* SPDX-License-Identifier: ISC */
#include "encode/dictionary.h"

#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

enum {
    SLOTS_AT_LEAST = 1024,
    SLOTS_A_NUMBER = 4, /* at least: where fewer are free the processor cannot foresee which
                           numbers collide */
};

/* How many bits of a hash a slot's number has. */
static unsigned bits_of(const struct sw_distinct *distinct)
{
    return (unsigned)__builtin_ctzll(distinct->slot_count);
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

/* Doubles the slots when as many of them are taken as may be. */
static bool grow_slots(struct sw_distinct *distinct, struct sw_error *error)
{
    if (!make_slots(distinct, 2 * distinct->slot_count, error) ||
        !make_room(distinct, distinct->slot_count / SLOTS_A_NUMBER, error))
        return false;
    size_t mask = distinct->slot_count - 1;
    for (size_t code = 0; code < distinct->count; code++) {
        size_t at = sw_hash_quickly(distinct->numbers[code], bits_of(distinct));
        while (distinct->slots[at]) at = (at + 1) & mask;
        distinct->slots[at] = (uint32_t)code + 1;
    }
    return true;
}

/* Codes by first appearance for the values from *done on, until there are `room` distinct ones.
 * What is asked of every value stays in registers. */
static void code_values(struct sw_distinct *distinct, const uint64_t *values, size_t value_count,
                        size_t room, size_t *done, uint64_t *codes)
{
    uint32_t *slots = distinct->slots;
    uint64_t *numbers = distinct->numbers;
    size_t i = *done, mask = distinct->slot_count - 1, count = distinct->count;
    unsigned bits = bits_of(distinct);
    for (; i < value_count; i++) {
        size_t at = sw_hash_quickly(values[i], bits);
        while (slots[at] && numbers[slots[at] - 1] != values[i]) at = (at + 1) & mask;
        if (!slots[at]) {
            if (count == room) break;
            numbers[count++] = values[i];
            slots[at] = (uint32_t)count;
        }
        codes[i] = slots[at] - 1;
    }
    *done = i;
    distinct->count = count;
}

/* Codes by first appearance for all; the count is 0 when there are more than `most`. */
static bool collect(struct sw_distinct *distinct, const uint64_t *values, size_t value_count,
                    size_t most, uint64_t *codes, struct sw_error *error)
{
    for (size_t done = 0;;) {
        size_t slots_allow = distinct->slot_count / SLOTS_A_NUMBER;
        size_t room = slots_allow < most ? slots_allow : most;
        code_values(distinct, values, value_count, room, &done, codes);
        if (done == value_count) return true;
        if (distinct->count == most) {
            distinct->count = 0;
            return true;
        }
        if (!grow_slots(distinct, error)) return false;
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

/* As many slots as the last values needed: the next ones are often like them. */
static bool begin(struct sw_distinct *distinct, size_t value_count, struct sw_error *error)
{
    size_t slots = SLOTS_AT_LEAST;
    while (slots < SLOTS_A_NUMBER * distinct->count && slots < SLOTS_A_NUMBER * value_count)
        slots *= 2;
    distinct->count = 0;
    return make_slots(distinct, slots, error) && make_room(distinct, slots / SLOTS_A_NUMBER, error);
}

bool sw_distinct_number(struct sw_distinct *distinct, const uint64_t *values, size_t value_count,
                        size_t most, uint64_t *codes, size_t *count, struct sw_error *error)
{
    if (!begin(distinct, value_count, error) ||
        !collect(distinct, values, value_count, most, codes, error))
        return false;
    *count = distinct->count ? distinct->count : most + 1;
    return true;
}

bool sw_distinct_find(struct sw_distinct *distinct, const uint64_t *values, size_t value_count,
                      size_t most, uint64_t bias, uint64_t *codes, size_t *count,
                      struct sw_error *error)
{
    *count = 0;
    if (!begin(distinct, value_count, error) ||
        !collect(distinct, values, value_count, most, codes, error))
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
