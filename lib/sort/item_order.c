/* SPDX-License-Identifier: ISC */
#include "sort/item_order.h"

#include <stdbool.h>
#include <string.h>

enum {
    FEW = 16,    /* entries that are sorted by insertion */
    SOME = 1024, /* that are merged; more go by their digits */
    DIGIT_BITS = 11,
    DIGITS = 1 << DIGIT_BITS,
};

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int sw_item_order(const struct sw_item *a, const struct sw_item *b, sw_item_compare *compare)
{
    int order = compare_numbers(a->group, b->group);
    if (order == 0) order = compare_numbers(a->at, b->at);
    if (order == 0) order = compare_numbers(a->rank, b->rank);
    return order || !compare ? order : compare(a, b);
}

/* ---- entries by any relation ---- */

/* What entries are sorted by: their words, or, where there are items, by those. */
struct relation {
    const struct sw_items *items; /* NULL: words */
    sw_item_compare *compare;
};

static inline bool is_behind(const struct relation *by, const struct sw_item_entry *a,
                             const struct sw_item_entry *b)
{
    if (!by->items) return a->word > b->word;
    return sw_item_order(sw_items_at(by->items, a->number), sw_items_at(by->items, b->number),
                         by->compare) > 0;
}

static inline void sort_by_insertion(const struct relation *by, struct sw_item_entry *entries,
                                     size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct sw_item_entry entry = entries[i];
        size_t to = i;
        for (; to > 0 && is_behind(by, &entries[to - 1], &entry); to--)
            entries[to] = entries[to - 1];
        entries[to] = entry;
    }
}

static void sort_by_merging(const struct relation *by, struct sw_item_entry *entries, size_t count,
                            struct sw_item_entry *spare)
{
    size_t half = count / 2, a = 0, b = half, to = 0;
    if (count <= FEW) {
        sort_by_insertion(by, entries, count);
        return;
    }
    sort_by_merging(by, entries, half, spare);
    sort_by_merging(by, entries + half, count - half, spare);
    if (!is_behind(by, &entries[half - 1], &entries[half])) return;
    memcpy(spare, entries, half * sizeof *spare);
    while (a < half && b < count)
        entries[to++] = is_behind(by, &spare[a], &entries[b]) ? entries[b++] : spare[a++];
    memcpy(&entries[to], &spare[a], (half - a) * sizeof *spare);
}

/* ---- entries by the digits of their words ---- */

/* Turns counts into places; false where all entries have the same digit. */
static bool place_digits(uint32_t counts[DIGITS], size_t count)
{
    uint32_t place = 0;
    for (size_t digit = 0; digit < DIGITS; digit++) {
        uint32_t here = counts[digit];
        if (here == count) return false;
        counts[digit] = place;
        place += here;
    }
    return true;
}

static void sort_by_digits(struct sw_item_entry *entries, size_t count, uint64_t most,
                           struct sw_item_entry *spare)
{
    struct sw_item_entry *from = entries, *to = spare;
    uint32_t counts[DIGITS];
    for (unsigned shift = 0; shift < 64 && most >> shift; shift += DIGIT_BITS) {
        memset(counts, 0, sizeof counts);
        for (size_t i = 0; i < count; i++) counts[from[i].word >> shift & (DIGITS - 1)]++;
        if (!place_digits(counts, count)) continue;
        for (size_t i = 0; i < count; i++)
            to[counts[from[i].word >> shift & (DIGITS - 1)]++] = from[i];
        struct sw_item_entry *other = from;
        from = to;
        to = other;
    }
    if (from != entries) memcpy(entries, from, count * sizeof *entries);
}

static bool are_in_order(const struct sw_item_entry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (entries[i - 1].word > entries[i].word) return false;
    return true;
}

/* ---- a group ---- */

/* How a group's words are made: of `at` less the least of them, and after that the rank. */
struct words {
    int64_t least;
    uint64_t range; /* of `at` */
    uint32_t ranks; /* all bits of all ranks */
    unsigned rank_bits;
};

static struct words measure(const struct sw_items *items, size_t from, size_t to)
{
    const int64_t first = sw_items_at(items, from)->at;
    int64_t most = first;
    struct words words = {.least = first};
    for (size_t i = from; i < to; i++) {
        const struct sw_item *item = sw_items_at(items, i);
        if (item->at < words.least) words.least = item->at;
        if (item->at > most) most = item->at;
        words.ranks |= item->rank;
    }
    words.range = (uint64_t)most - (uint64_t)words.least;
    for (; words.rank_bits < 32 && words.ranks >> words.rank_bits; words.rank_bits++) {
    }
    return words;
}

/* Items that agree in their words stand as they came; the owner may want them otherwise. */
static void sort_equals(const struct sw_items *items, sw_item_compare *compare,
                        struct sw_item_entry *entries, size_t count, struct sw_item_entry *spare)
{
    const struct relation by_items = {items, compare};
    for (size_t begin = 0, end; begin < count; begin = end) {
        for (end = begin + 1; end < count && entries[end].word == entries[begin].word;) end++;
        if (end - begin > 1) sort_by_merging(&by_items, entries + begin, end - begin, spare);
    }
}

static void sort_group(const struct sw_items *items, size_t from, size_t to,
                       sw_item_compare *compare, struct sw_item_entry *entries,
                       struct sw_item_entry *spare)
{
    const struct relation by_words = {0}, by_items = {items, compare};
    const struct words words = measure(items, from, to);
    const size_t count = to - from;
    const bool fits = words.rank_bits == 0 || words.range >> (64 - words.rank_bits) == 0;
    for (size_t i = from; i < to; i++) {
        const struct sw_item *item = sw_items_at(items, i);
        uint64_t at = (uint64_t)item->at - (uint64_t)words.least;
        entries[i - from] =
            (struct sw_item_entry){fits ? at << words.rank_bits | item->rank : 0, (uint32_t)i};
    }
    if (!fits) {
        sort_by_merging(&by_items, entries, count, spare);
        return;
    }
    if (!are_in_order(entries, count)) {
        uint64_t most = words.range << words.rank_bits | words.ranks;
        if (count <= SOME)
            sort_by_merging(&by_words, entries, count, spare);
        else
            sort_by_digits(entries, count, most, spare);
    }
    if (compare) sort_equals(items, compare, entries, count, spare);
}

static size_t end_of_group(const struct sw_items *items, size_t from)
{
    const uint32_t group = sw_items_at(items, from)->group;
    size_t to = from + 1;
    while (to < items->count && sw_items_at(items, to)->group == group) to++;
    return to;
}

void sw_item_order_find(const struct sw_items *items, sw_item_compare *compare,
                        struct sw_item_entry *entries, struct sw_item_entry *spare)
{
    bool ascend = true;
    for (size_t from = 0, to; from < items->count; from = to) {
        to = end_of_group(items, from);
        ascend = ascend && (from == 0 ||
                            sw_items_at(items, from - 1)->group < sw_items_at(items, from)->group);
        sort_group(items, from, to, compare, entries + from, spare);
    }
    const struct relation by_items = {items, compare};
    if (!ascend) sort_by_merging(&by_items, entries, items->count, spare);
}
