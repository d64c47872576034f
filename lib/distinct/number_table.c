/* SPDX-License-Identifier: ISC */
#include "distinct/number_table.h"

#include "base/hash.h"

enum {
    BITS_FIRST = 8,
    BATCH = 1024, /* rows that there is room for before they are looked up */
    AHEAD = 24,   /* rows whose slots are on their way from memory at once */
};

struct slot {
    int64_t number;
    uint32_t id; /* 0: free */
} __attribute__((packed));

void sw_number_table_free(struct sw_number_table *table)
{
    sw_pages_free(&table->slots);
    *table = (struct sw_number_table){0};
}

/* A number's slot is the upper bits of its hash: numbers stand in the order of their hashes, and a
 * table of twice the size has them in the same order. */
static size_t home_of(int64_t number, int bits)
{
    return (size_t)(sw_hash_number((uint64_t)number) >> (64 - bits));
}

static struct slot *find_slot(struct slot *slots, size_t at, size_t mask, int64_t number)
{
    while (slots[at].id != 0 && slots[at].number != number) at = (at + 1) & mask;
    return &slots[at];
}

static size_t slots_of(const struct sw_number_table *table)
{
    return table->bits ? (size_t)1 << table->bits : 0;
}

/* From front to back in both tables, which memory is good at. */
static void move_slots(const struct sw_number_table *from, struct sw_number_table *to)
{
    const struct slot *old = from->slots.bytes;
    struct slot *slots = to->slots.bytes;
    size_t mask = slots_of(to) - 1;
    for (size_t i = 0; i < slots_of(from); i++)
        if (old[i].id != 0)
            *find_slot(slots, home_of(old[i].number, to->bits), mask, old[i].number) = old[i];
}

/* Makes room for `more` numbers, so that at most two slots of three are taken. */
static bool reserve(struct sw_number_table *table, size_t more, struct sw_error *error)
{
    if ((table->count + more) * 3 <= slots_of(table) * 2) return true;
    if (table->count + more >= UINT32_MAX)
        return sw_fail(error, SW_SYSTEM, "more than 2^32 distinct values");
    struct sw_number_table grown = {.slots.large = true, .count = table->count, .bits = BITS_FIRST};
    while ((table->count + more) * 3 > slots_of(&grown) * 2) grown.bits++;
    if (!sw_pages_grow(&grown.slots, slots_of(&grown) * sizeof(struct slot), error)) return false;
    move_slots(table, &grown);
    sw_pages_free(&table->slots);
    *table = grown;
    return true;
}

static void find_batch(struct sw_number_table *table, const int64_t *values, const uint64_t *valid,
                       size_t start, size_t rows, uint32_t *ids)
{
    struct slot *slots = table->slots.bytes;
    size_t mask = slots_of(table) - 1, homes[BATCH + AHEAD];
    for (size_t i = 0; i < rows; i++) homes[i] = home_of(values[start + i], table->bits);
    for (size_t i = 0; i < AHEAD; i++) homes[rows + i] = homes[rows - 1];
    for (size_t i = 0; i < AHEAD; i++) __builtin_prefetch(&slots[homes[i]], 1);
    for (size_t i = 0, row = start; i < rows; i++, row++) {
        __builtin_prefetch(&slots[homes[i + AHEAD]], 1);
        ids[row] = 0;
        if (valid && !(valid[row / 64] >> row % 64 & 1)) continue;
        struct slot *slot = find_slot(slots, homes[i], mask, values[row]);
        if (slot->id == 0) *slot = (struct slot){values[row], (uint32_t)++table->count};
        ids[row] = slot->id;
    }
}

bool sw_number_table_find(struct sw_number_table *table, const int64_t *values,
                          const uint64_t *valid, size_t rows, uint32_t *ids, struct sw_error *error)
{
    for (size_t start = 0; start < rows; start += BATCH) {
        size_t batch = rows - start < BATCH ? rows - start : BATCH;
        if (!reserve(table, batch, error)) return false;
        find_batch(table, values, valid, start, batch, ids);
    }
    return true;
}
