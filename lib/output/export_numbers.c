/* SPDX-License-Identifier: ISC */
#include "output/export_numbers.h"

#include "base/hash.h"
#include "base/memory.h"

enum { SLOTS_AT_FIRST = 1024 }; /* a power of two, as every later count */

static size_t slot_of(const struct sw_number_codes *numbers, sw_int128 value)
{
    size_t mask = numbers->slot_count - 1;
    size_t slot = sw_hash_wide(value) & mask;
    while (numbers->slots[slot] && numbers->values[numbers->slots[slot] - 1] != value)
        slot = (slot + 1) & mask;
    return slot;
}

/* Room for one more value, the slots at most half full. */
static bool make_room(struct sw_number_codes *numbers, struct sw_error *error)
{
    if (!sw_grow(&numbers->values, &numbers->capacity, (size_t)numbers->count + 1,
                 sizeof *numbers->values, error))
        return false;
    if (2 * ((size_t)numbers->count + 1) <= numbers->slot_count) return true;
    size_t slot_count = numbers->slot_count ? 2 * numbers->slot_count : SLOTS_AT_FIRST;
    uint32_t *slots = sw_alloc(slot_count, sizeof *slots, error);
    if (!slots) return false;
    free(numbers->slots);
    numbers->slots = slots;
    numbers->slot_count = slot_count;
    for (uint32_t code = 0; code < numbers->count; code++)
        slots[slot_of(numbers, numbers->values[code])] = code + 1;
    return true;
}

static bool intern(struct sw_number_codes *numbers, sw_int128 value, uint32_t *code,
                   struct sw_error *error)
{
    if (!make_room(numbers, error)) return false;
    uint32_t *slot = &numbers->slots[slot_of(numbers, value)];
    if (*slot == 0) {
        numbers->values[numbers->count] = value;
        *slot = ++numbers->count;
    }
    *code = *slot - 1;
    return true;
}

bool sw_number_codes_intern(struct sw_number_codes *numbers, const sw_int128 *values, size_t count,
                            uint32_t *codes, struct sw_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && values[i] == values[i - 1])
            codes[i] = codes[i - 1];
        else if (!intern(numbers, values[i], &codes[i], error))
            return false;
    }
    return true;
}

void sw_number_codes_reset(struct sw_number_codes *numbers)
{
    numbers->count = 0;
    if (numbers->slots) memset(numbers->slots, 0, numbers->slot_count * sizeof *numbers->slots);
}

void sw_number_codes_free(struct sw_number_codes *numbers)
{
    free(numbers->values);
    free(numbers->slots);
    *numbers = (struct sw_number_codes){0};
}
