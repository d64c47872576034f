/* SPDX-License-Identifier: ISC */
#include "distinct/number_table.h"

#include "base/hash.h"

enum {
    BITS_FIRST = 8,
    BATCH = 1024,       /* rows that there is room for before they are looked up */
    AHEAD = 24,         /* rows whose slots are on their way from memory at once */
    RECENT_BITS = 13,   /* 2^RECENT_BITS numbers of a short while ago, 128 KiB */
    FAR_BITS = 17,      /* from so many slots on, 1.5 MiB, they are kept */
    TRIED = 16 * BATCH, /* rows by which it is judged whether they are worth looking at */
    WORTH = 4, /* where fewer than one row of so many is found there, they are left alone */
    PAUSE = 16 * TRIED, /* for so many rows */
};

/* What is known of a number that was seen: its id, or, PENDING, which of the batch's rows that are to be looked up has it. */
struct recent {
    int64_t number;
    uint64_t what; /* 0: none was seen */
};

#define PENDING (UINT64_C(1) << 32)

struct slot {
    int64_t number;
    uint32_t id; /* 0: free */
} __attribute__((packed));

void sw_number_table_free(struct sw_number_table *table)
{
    sw_pages_free(&table->slots);
    sw_pages_free(&table->recent);
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
    table->slots = grown.slots;
    table->bits = grown.bits;
    return true;
}

/* Some rows, those of `which` (NULL: all), through the table. */
struct batch {
    const int64_t *values;
    uint32_t *ids;
    const uint16_t *which;
    size_t rows;
};

static size_t row_of(const struct batch *batch, size_t i)
{
    return batch->which ? batch->which[i] : i;
}

static void find_rows(struct sw_number_table *table, const struct batch *batch, int64_t *numbers)
{
    struct slot *slots = table->slots.bytes;
    const size_t mask = slots_of(table) - 1, rows = batch->rows;
    size_t homes[BATCH + AHEAD];
    if (rows == 0) return;
    for (size_t i = 0; i < rows; i++)
        homes[i] = home_of(batch->values[row_of(batch, i)], table->bits);
    for (size_t i = 0; i < AHEAD; i++) homes[rows + i] = homes[rows - 1];
    for (size_t i = 0; i < AHEAD; i++) __builtin_prefetch(&slots[homes[i]], 1);
    for (size_t i = 0; i < rows; i++) {
        const size_t row = row_of(batch, i);
        __builtin_prefetch(&slots[homes[i + AHEAD]], 1);
        struct slot *slot = find_slot(slots, homes[i], mask, batch->values[row]);
        if (slot->id == 0) {
            *slot = (struct slot){batch->values[row], (uint32_t)++table->count};
            if (numbers) numbers[slot->id] = slot->number;
        }
        batch->ids[row] = slot->id;
    }
}

/* ---- the numbers of a short while ago ---- */

static size_t recent_of(int64_t number)
{
    return sw_hash_quickly((uint64_t)number, RECENT_BITS);
}

/* Lists the rows that are to be looked up in which[], and says what each row is. Nobody can foresee which rows are found: there is no
 * branch to be guessed. */
static size_t look_back(struct recent *recent, const int64_t *values, size_t rows, uint64_t *what,
                        uint16_t *which)
{
    size_t others = 0;
    for (size_t row = 0; row < rows; row++) {
        struct recent *seen = &recent[recent_of(values[row])];
        const bool found = seen->number == values[row] && seen->what != 0;
        which[others] = (uint16_t)row;
        what[row] = found ? seen->what : PENDING | others;
        *seen = (struct recent){values[row], what[row]};
        others += !found;
    }
    return others;
}

/* Once those are looked up. */
static void settle(struct recent *recent, const struct batch *found, const uint64_t *what,
                   size_t rows)
{
    uint32_t *ids = found->ids;
    for (size_t row = 0; row < rows; row++)
        ids[row] =
            what[row] & PENDING ? ids[found->which[(uint16_t)what[row]]] : (uint32_t)what[row];
    for (size_t i = 0; i < found->rows; i++) {
        struct recent *seen = &recent[recent_of(found->values[found->which[i]])];
        if (seen->what == (PENDING | i)) seen->what = ids[found->which[i]];
    }
}

static bool use_recent(struct sw_number_table *table, struct sw_error *error)
{
    if (table->bits < FAR_BITS) return true;
    return sw_pages_grow(&table->recent, sizeof(struct recent) << RECENT_BITS, error);
}

static void judge_recent(struct sw_number_table *table, size_t rows, size_t found)
{
    table->looked += rows;
    table->found += found;
    if (table->looked < TRIED) return;
    if (table->found * WORTH < table->looked) table->pause = PAUSE;
    table->looked = table->found = 0;
}

/* All rows have a number. */
static void find_batch(struct sw_number_table *table, const int64_t *values, size_t rows,
                       uint32_t *ids, int64_t *numbers)
{
    struct recent *recent = table->recent.bytes;
    uint64_t what[BATCH];
    uint16_t which[BATCH + 1];
    struct batch batch = {values, ids, NULL, rows};
    if (!recent || table->pause > 0) {
        table->pause -= table->pause < rows ? table->pause : rows;
        find_rows(table, &batch, numbers);
        return;
    }
    batch.which = which;
    batch.rows = look_back(recent, values, rows, what, which);
    find_rows(table, &batch, numbers);
    settle(recent, &batch, what, rows);
    judge_recent(table, rows, rows - batch.rows);
}

/* Rows without a number among them. */
static void find_valid(struct sw_number_table *table, const int64_t *values, const uint64_t *valid,
                       size_t start, size_t rows, uint32_t *ids, int64_t *numbers)
{
    uint16_t which[BATCH + 1];
    struct batch batch = {values + start, ids + start, which, 0};
    for (size_t i = 0, row = start; i < rows; i++, row++) {
        ids[row] = 0;
        which[batch.rows] = (uint16_t)i;
        batch.rows += valid[row / 64] >> row % 64 & 1;
    }
    find_rows(table, &batch, numbers);
}

bool sw_number_table_find(struct sw_number_table *table, const int64_t *values,
                          const uint64_t *valid, size_t rows, uint32_t *ids, int64_t *numbers,
                          struct sw_error *error)
{
    for (size_t start = 0; start < rows; start += BATCH) {
        size_t batch = rows - start < BATCH ? rows - start : BATCH;
        if (!reserve(table, batch, error) || !use_recent(table, error)) return false;
        if (valid)
            find_valid(table, values, valid, start, batch, ids, numbers);
        else
            find_batch(table, values + start, batch, ids + start, numbers);
    }
    return true;
}
