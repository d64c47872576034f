/* SPDX-License-Identifier: ISC */
#include "sort/sort_run_order.h"

#include "sort/sort_run_key.h"

enum {
    FEW = 24,       /* rows that are sorted by insertion */
    SOME = 1 << 11, /* rows that are merged; more go by their digits */
    MANY = 1 << 15, /* rows whose entries and spare ones fill the second cache */
    WORD_BITS = 64,
    DIGIT_BITS = 8,
    DIGITS = 256,
};

_Static_assert(2 * sizeof(struct sw_sort_run_entry) == SW_ORDER_ROW_BYTES,
               "entries and their copy");

/* ---- sorting entries by their word, stably; spare has room for as many ---- */

static void sort_by_insertion(struct sw_sort_run_entry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct sw_sort_run_entry entry = entries[i];
        size_t to = i;
        for (; to > 0 && entries[to - 1].word > entry.word; to--) entries[to] = entries[to - 1];
        entries[to] = entry;
    }
}

static void merge_halves(struct sw_sort_run_entry *entries, size_t half, size_t count,
                         struct sw_sort_run_entry *spare)
{
    size_t a = 0, b = half, to = 0;
    if (entries[half - 1].word <= entries[half].word) return;
    memcpy(spare, entries, half * sizeof *spare);
    while (a < half && b < count)
        entries[to++] = entries[b].word < spare[a].word ? entries[b++] : spare[a++];
    memcpy(&entries[to], &spare[a], (half - a) * sizeof *spare);
}

static void sort_by_merging(struct sw_sort_run_entry *entries, size_t count,
                            struct sw_sort_run_entry *spare)
{
    if (count <= FEW) {
        sort_by_insertion(entries, count);
        return;
    }
    size_t half = count / 2;
    sort_by_merging(entries, half, spare);
    sort_by_merging(entries + half, count - half, spare);
    merge_halves(entries, half, count, spare);
}

/* The bits in which words differ. */
static uint64_t differing_bits(const struct sw_sort_run_entry *entries, size_t count)
{
    uint64_t differ = 0;
    for (size_t i = 1; i < count; i++) differ |= entries[i].word ^ entries[0].word;
    return differ;
}

/* Deals entries out by a digit of their word, stably; ends says where each digit's end. */
static void deal_by_digit(const struct sw_sort_run_entry *from, size_t count, unsigned shift,
                          struct sw_sort_run_entry *to, uint32_t ends[DIGITS])
{
    uint32_t place = 0;
    memset(ends, 0, sizeof(uint32_t) * DIGITS);
    for (size_t i = 0; i < count; i++) ends[from[i].word >> shift & (DIGITS - 1)]++;
    for (unsigned digit = 0; digit < DIGITS; digit++) {
        uint32_t here = ends[digit];
        ends[digit] = place;
        place += here;
    }
    for (size_t i = 0; i < count; i++) to[ends[from[i].word >> shift & (DIGITS - 1)]++] = from[i];
}

/* Not inlined: its tables would lie on the stack once for every word that sort_from goes down. */
__attribute__((noinline)) static void sort_by_digits(struct sw_sort_run_entry *entries,
                                                     size_t count, struct sw_sort_run_entry *spare)
{
    const uint64_t differ = differing_bits(entries, count);
    uint32_t ends[DIGITS];
    struct sw_sort_run_entry *from = entries, *to = spare;
    for (unsigned shift = 0; shift < WORD_BITS; shift += DIGIT_BITS) {
        if (!(differ >> shift & (DIGITS - 1))) continue;
        deal_by_digit(from, count, shift, to, ends);
        struct sw_sort_run_entry *other = from;
        from = to;
        to = other;
    }
    if (from != entries) memcpy(entries, from, count * sizeof *entries);
}

static bool in_order(const struct sw_sort_run_entry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (entries[i - 1].word > entries[i].word) return false;
    return true;
}

static void sort_entries(struct sw_sort_run_entry *entries, size_t count,
                         struct sw_sort_run_entry *spare);

/* Deals many out by their highest digit: what is left to do in each part stays in caches. */
__attribute__((noinline)) static void sort_by_parts(struct sw_sort_run_entry *entries, size_t count,
                                                    struct sw_sort_run_entry *spare)
{
    /* They are not in order, so there is a bit. */
    const int bits = WORD_BITS - __builtin_clzll(differing_bits(entries, count) | 1);
    uint32_t ends[DIGITS];
    deal_by_digit(entries, count, bits > DIGIT_BITS ? (unsigned)(bits - DIGIT_BITS) : 0, spare,
                  ends);
    for (unsigned digit = 0, begin = 0; digit < DIGITS; begin = ends[digit++]) {
        const size_t part = ends[digit] - begin;
        if (part == 0) continue;
        memcpy(&entries[begin], &spare[begin], part * sizeof *entries);
        sort_entries(&entries[begin], part, &spare[begin]);
    }
}

static void sort_entries(struct sw_sort_run_entry *entries, size_t count,
                         struct sw_sort_run_entry *spare)
{
    if (count <= FEW)
        sort_by_insertion(entries, count);
    else if (in_order(entries, count))
        return;
    else if (count <= SOME)
        sort_by_merging(entries, count, spare);
    else if (count <= MANY)
        sort_by_digits(entries, count, spare);
    else
        sort_by_parts(entries, count, spare);
}

/* ---- word after word ---- */

static size_t same_words(const struct sw_sort_run_entry *entries, size_t count)
{
    size_t same = 1;
    while (same < count && entries[same].word == entries[0].word) same++;
    return same;
}

/* How many entries have the same word as a neighbour; they are in order. */
static size_t count_same(const struct sw_sort_run_entry *entries, size_t count)
{
    size_t found = 0;
    for (size_t begin = 0, same; begin < count; begin += same) {
        same = same_words(&entries[begin], count - begin);
        if (same > 1) found += same;
    }
    return found;
}

static void sort_from(const struct sw_sort_run_key *key, size_t word,
                      struct sw_sort_run_entry *entries, size_t count,
                      struct sw_sort_run_entry *spare);

/* Sorts each stretch of entries with the same word by what follows, from this word on. */
static void sort_stretches(const struct sw_sort_run_key *key, size_t word,
                           struct sw_sort_run_entry *entries, size_t count,
                           struct sw_sort_run_entry *spare)
{
    for (size_t begin = 0, same; word < key->word_count && begin < count; begin += same) {
        same = same_words(&entries[begin], count - begin);
        if (same > 1) sort_from(key, word, &entries[begin], same, spare);
    }
}

/* The same where most entries are in stretches: their next word is found for all of them at once, which waits for memory once and not at
 * every stretch. */
static void sort_many_stretches(const struct sw_sort_run_key *key, size_t word,
                                struct sw_sort_run_entry *entries, size_t count,
                                struct sw_sort_run_entry *spare)
{
    memcpy(spare, entries, count * sizeof *spare);
    sw_sort_run_key_fill(key, word, spare, count);
    for (size_t begin = 0, same; begin < count; begin += same) {
        struct sw_sort_run_entry *here = &entries[begin];
        same = same_words(here, count - begin);
        if (same == 1) continue;
        sort_entries(&spare[begin], same, here);
        memcpy(here, &spare[begin], same * sizeof *here);
        sort_stretches(key, word + 1, here, same, &spare[begin]);
    }
}

/* Sorts rows that agree in all words before `word`. It goes deeper only into a part, so not deeper
 * than the number of words. */
static void sort_from(const struct sw_sort_run_key *key, size_t word,
                      struct sw_sort_run_entry *entries, size_t count,
                      struct sw_sort_run_entry *spare)
{
    for (; word < key->word_count; word++) {
        sw_sort_run_key_fill(key, word, entries, count);
        sort_entries(entries, count, spare);
        if (entries[0].word != entries[count - 1].word) break;
    }
    if (word + 1 >= key->word_count) return;
    if (count > SOME && count_same(entries, count) > count / 2)
        sort_many_stretches(key, word + 1, entries, count, spare);
    else
        sort_stretches(key, word + 1, entries, count, spare);
}

/* ---- keys that nothing is left to do for ---- */

static bool is_plain(const struct sw_sort_run_column *column)
{
    return !column->has_nulls && column->type != SW_TEXT && column->width <= 8;
}

/* Whether a row may stand behind the one before it, by plain keys. */
static bool follows(const struct sw_sort_run *run, const struct sw_sort_key *keys, size_t key_count,
                    size_t row)
{
    for (size_t i = 0; i < key_count; i++) {
        const struct sw_sort_run_column *column = &run->columns[keys[i].column];
        const sw_uint128 one = sw_sort_run_distance(column, row - 1);
        const sw_uint128 other = sw_sort_run_distance(column, row);
        if (one != other) return (one < other) != keys[i].descending;
    }
    return true;
}

/* The first row from `row` on that is not simply behind the one before it by a plain key, ascending: it is before it, or beside it. */
#define PASS(stored)                                                                               \
    {                                                                                              \
        const stored *values = column->values.bytes, low = (stored)column->low;                    \
        while (row < rows && (stored)(values[row - 1] - low) < (stored)(values[row] - low)) row++; \
        return row;                                                                                \
    }

static size_t pass_ascending(const struct sw_sort_run_column *column, size_t row, size_t rows)
{
    switch (column->width) {
    case 1:
        PASS(uint8_t)
    case 2:
        PASS(uint16_t)
    case 4:
        PASS(uint32_t)
    default:
        PASS(uint64_t)
    }
}

/* Whether the rows are in order by these keys as they came. */
static bool came_in_order(const struct sw_sort_run *run, const struct sw_sort_key *keys,
                          size_t key_count)
{
    const struct sw_sort_run_column *first = &run->columns[keys->column];
    for (size_t i = 0; i < key_count; i++)
        if (!is_plain(&run->columns[keys[i].column])) return false;
    for (size_t row = 1; row < run->rows; row++) {
        if (!keys->descending) row = pass_ascending(first, row, run->rows);
        if (row < run->rows && !follows(run, keys, key_count, row)) return false;
    }
    return true;
}

/* How many of the keys order the rows. What a market writes down is in the order of time: rows that agree in the keys in front of the time are
 * in order already, since a stable order leaves them as they came. */
static size_t needed_keys(const struct sw_sort_run *run, const struct sw_sort_key *keys,
                          size_t key_count)
{
    size_t needed = key_count;
    for (size_t from = key_count; from-- > 0;)
        if (came_in_order(run, &keys[from], key_count - from)) needed = from;
    return needed;
}

/* ---- the order ---- */

/* Leaves the rows alone, four bytes each, where the entries were. */
static const uint32_t *pack_rows(struct sw_sort_run_entry *entries, size_t count)
{
    unsigned char *to = (unsigned char *)entries;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = entries[i].row;
        memcpy(to + i * sizeof row, &row, sizeof row);
    }
    return (const uint32_t *)(const void *)to;
}

bool sw_sort_run_order_find(struct sw_sort_run_order *order, const struct sw_sort_run *run,
                            const struct sw_sort_key *keys, size_t key_count,
                            struct sw_error *error)
{
    struct sw_sort_run_key key = {0};
    order->entries.large = true;
    key_count = needed_keys(run, keys, key_count);
    bool good = sw_pages_grow(&order->entries, run->rows * SW_ORDER_ROW_BYTES, error) &&
                sw_sort_run_key_open(&key, run, keys, key_count, error);
    if (good) {
        struct sw_sort_run_entry *entries = order->entries.bytes;
        for (size_t i = 0; i < run->rows; i++) entries[i].row = (uint32_t)i;
        if (run->rows > 1) sort_from(&key, 0, entries, run->rows, entries + run->rows);
        order->rows = pack_rows(entries, run->rows);
    }
    sw_sort_run_key_free(&key);
    return good;
}

/* Whether one more column of each width fits where the entries were, beside 8 bytes a row. */
static bool has_room(const struct sw_sort_run *run)
{
    unsigned bytes = 0;
    for (unsigned width = 1; width <= 16; width *= 2)
        for (size_t i = 0; i < run->column_count; i++)
            if (run->columns[i].width == width) {
                bytes += width;
                break;
            }
    return bytes <= SW_ORDER_ROW_BYTES - 2 * sizeof(uint32_t);
}

static bool is_applied(const struct sw_sort_run_order *order, size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        if (order->rows[i] != i) return false;
    return true;
}

bool sw_sort_run_order_apply(struct sw_sort_run_order *order, struct sw_sort_run *run,
                             struct sw_error *error)
{
    uint32_t *rows = order->entries.bytes, *places = rows + run->rows;
    if (run->rows <= MANY || !has_room(run) || is_applied(order, run->rows)) return true;
    for (size_t i = 0; i < run->rows; i++) places[rows[i]] = (uint32_t)i;
    for (size_t i = 0; i < run->rows; i++) rows[i] = (uint32_t)i;
    sw_pages_forget(&order->entries, 2 * run->rows * sizeof *rows);
    return sw_sort_run_move(run, places, error);
}

void sw_sort_run_order_free(struct sw_sort_run_order *order)
{
    sw_pages_free(&order->entries);
    *order = (struct sw_sort_run_order){0};
}
