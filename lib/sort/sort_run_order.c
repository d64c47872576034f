/* SPDX-License-Identifier: ISC */
#include "sort/sort_run_order.h"

#include "sort/sort_run_key.h"

enum {
    FEW = 24,       /* rows that are sorted by insertion */
    SOME = 1 << 11, /* rows that are merged; more go by their digits */
    DIGIT_BITS = 8,
    DIGITS = 256,
    PASSES = 64 / DIGIT_BITS,
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

static void count_digits(const struct sw_sort_run_entry *entries, size_t count,
                         uint32_t counts[PASSES][DIGITS])
{
    memset(counts, 0, sizeof(uint32_t) * PASSES * DIGITS);
    for (size_t i = 0; i < count; i++) {
        uint64_t word = entries[i].word;
        for (unsigned pass = 0; pass < PASSES; pass++)
            counts[pass][word >> DIGIT_BITS * pass & (DIGITS - 1)]++;
    }
}

/* Turns counts into places; false where all entries have the same digit. */
static bool place_digits(uint32_t counts[DIGITS], size_t count)
{
    uint32_t place = 0;
    for (unsigned digit = 0; digit < DIGITS; digit++) {
        uint32_t here = counts[digit];
        if (here == count) return false;
        counts[digit] = place;
        place += here;
    }
    return true;
}

/* Not inlined: its tables would lie on the stack once for every word that sort_from goes down. */
__attribute__((noinline)) static void sort_by_digits(struct sw_sort_run_entry *entries,
                                                     size_t count, struct sw_sort_run_entry *spare)
{
    uint32_t counts[PASSES][DIGITS];
    struct sw_sort_run_entry *from = entries, *to = spare;
    count_digits(entries, count, counts);
    for (unsigned pass = 0; pass < PASSES; pass++) {
        if (!place_digits(counts[pass], count)) continue;
        for (size_t i = 0; i < count; i++)
            to[counts[pass][from[i].word >> DIGIT_BITS * pass & (DIGITS - 1)]++] = from[i];
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
                         struct sw_sort_run_entry *spare)
{
    if (count <= FEW)
        sort_by_insertion(entries, count);
    else if (in_order(entries, count))
        return;
    else if (count <= SOME)
        sort_by_merging(entries, count, spare);
    else
        sort_by_digits(entries, count, spare);
}

/* ---- word after word ---- */

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
    for (size_t begin = 0, end; begin < count; begin = end) {
        uint64_t same = entries[begin].word;
        for (end = begin + 1; end < count && entries[end].word == same;) end++;
        if (end - begin > 1) sort_from(key, word + 1, &entries[begin], end - begin, spare);
    }
}

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

void sw_sort_run_order_free(struct sw_sort_run_order *order)
{
    sw_pages_free(&order->entries);
    *order = (struct sw_sort_run_order){0};
}
