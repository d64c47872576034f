/* SPDX-License-Identifier: ISC */
#include "output/export_numbers.h"

#include "base/hash.h"
#include "base/memory.h"

enum { SLOTS_LEAST = 64 }; /* a power of two, as every other count */

/* As many as a page may add. */
static uint32_t most_after(const struct sw_number_codes *numbers, size_t count)
{
    const size_t most = numbers->count + count / 2;
    return (uint32_t)(most < SW_CODES_MOST ? most : SW_CODES_MOST);
}

/* ---- hashing ---- */

static size_t slot_of(const struct sw_number_codes *numbers, sw_int128 value)
{
    size_t mask = numbers->slot_count - 1;
    size_t slot = sw_hash_wide(value) & mask;
    while (numbers->slots[slot] && numbers->values[numbers->slots[slot] - 1] != value)
        slot = (slot + 1) & mask;
    return slot;
}

static size_t narrow_slot(const struct sw_number_codes *numbers, int64_t value)
{
    const size_t mask = numbers->slot_count - 1;
    size_t slot = sw_hash_number((uint64_t)value) & mask;
    while (numbers->slots[slot] && numbers->values[numbers->slots[slot] - 1] != value)
        slot = (slot + 1) & mask;
    return slot;
}

/* Slots for `most` codes, at most half of them taken, with those that are there. */
static bool place_all(struct sw_number_codes *numbers, uint32_t most, struct sw_error *error)
{
    size_t slot_count = numbers->slot_count ? numbers->slot_count : SLOTS_LEAST;
    while (slot_count < 2 * (size_t)most + 2) slot_count *= 2;
    if (slot_count != numbers->slot_count) {
        if (!sw_grow(&numbers->slots, &numbers->slot_capacity, slot_count, sizeof *numbers->slots,
                     error))
            return false;
        memset(numbers->slots, 0, slot_count * sizeof *numbers->slots);
        numbers->slot_count = slot_count;
        numbers->placed = 0;
    }
    for (; numbers->placed < numbers->count; numbers->placed++)
        numbers->slots[slot_of(numbers, numbers->values[numbers->placed])] = numbers->placed + 1;
    return true;
}

/* False: there would be too many. */
static bool intern_wide(struct sw_number_codes *numbers, const struct sw_page_numbers *page,
                        uint32_t *codes, uint32_t most)
{
    for (size_t i = 0; i < page->count; i++) {
        if (i > 0 && page->wide[i] == page->wide[i - 1]) {
            codes[i] = codes[i - 1];
            continue;
        }
        uint32_t *slot = &numbers->slots[slot_of(numbers, page->wide[i])];
        if (*slot == 0) {
            if (numbers->count == most) return false;
            numbers->values[numbers->count] = page->wide[i];
            *slot = ++numbers->count;
            numbers->placed = numbers->count;
        }
        codes[i] = *slot - 1;
    }
    return true;
}

static bool intern_narrow(struct sw_number_codes *numbers, const struct sw_page_numbers *page,
                          uint32_t *codes, uint32_t most)
{
    int64_t last = ~page->narrow[0];
    uint32_t code = 0;
    for (size_t i = 0; i < page->count; i++) {
        const int64_t value = page->narrow[i];
        if (value != last) {
            uint32_t *slot = &numbers->slots[narrow_slot(numbers, value)];
            if (*slot == 0) {
                if (numbers->count == most) return false;
                numbers->values[numbers->count] = value;
                *slot = ++numbers->count;
                numbers->placed = numbers->count;
            }
            code = *slot - 1;
            last = value;
        }
        codes[i] = code;
    }
    return true;
}

/* ---- a narrow range ---- */

static bool are_close(const struct sw_page_numbers *page)
{
    return page->narrow && (uint64_t)page->most - (uint64_t)page->least < SW_CLOSE_NUMBERS;
}

/* Where the codes that are there already belong. */
static void lay_out(const struct sw_number_codes *numbers, const struct sw_page_numbers *page,
                    uint32_t count, struct sw_close_numbers *close, bool set)
{
    for (uint32_t code = 0; code < count; code++) {
        const sw_int128 value = numbers->values[code];
        if (value >= page->least && value <= page->most)
            close->codes[(size_t)(value - page->least)] = (uint16_t)(set ? code + 1 : 0);
    }
}

static bool intern_close(struct sw_number_codes *numbers, const struct sw_page_numbers *page,
                         struct sw_close_numbers *close, uint32_t *codes, uint32_t most)
{
    bool few = true;
    lay_out(numbers, page, numbers->count, close, true);
    for (size_t i = 0; i < page->count; i++) {
        uint16_t *code = &close->codes[(uint64_t)page->narrow[i] - (uint64_t)page->least];
        if (*code == 0) {
            few = numbers->count < most;
            if (!few) break;
            numbers->values[numbers->count] = page->narrow[i];
            *code = (uint16_t)++numbers->count;
        }
        codes[i] = *code - 1U;
    }
    lay_out(numbers, page, numbers->count, close, false);
    return few;
}

/* ---- */

bool sw_number_codes_intern(struct sw_number_codes *numbers, const struct sw_page_numbers *page,
                            struct sw_close_numbers *close, uint32_t *codes, bool *few,
                            struct sw_error *error)
{
    const uint32_t most = most_after(numbers, page->count);
    if (!sw_grow(&numbers->values, &numbers->capacity, (size_t)most + 1, sizeof *numbers->values,
                 error))
        return false;
    if (are_close(page)) {
        *few = intern_close(numbers, page, close, codes, most);
        return true;
    }
    if (!place_all(numbers, most, error)) return false;
    *few = page->narrow ? intern_narrow(numbers, page, codes, most)
                        : intern_wide(numbers, page, codes, most);
    return true;
}

void sw_number_codes_reset(struct sw_number_codes *numbers)
{
    numbers->count = numbers->placed = 0;
    numbers->slot_count = 0;
}

void sw_number_codes_free(struct sw_number_codes *numbers)
{
    free(numbers->values);
    free(numbers->slots);
    *numbers = (struct sw_number_codes){0};
}
