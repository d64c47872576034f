/* SPDX-License-Identifier: ISC */
#include "query/order.h"

#include <stdlib.h>

#include "base/memory.h"

struct item {
    uint64_t key;
    uint32_t id;
};

/* One pass of a radix sort, by eight bits of the key. False: all were equal there, nothing was
 * moved. */
static bool by_byte(const struct item *from, struct item *to, size_t count, int shift)
{
    size_t starts[256] = {0}, sum = 0;
    for (size_t i = 0; i < count; i++) starts[from[i].key >> shift & 255]++;
    if (starts[from[0].key >> shift & 255] == count) return false;
    for (size_t i = 0; i < 256; i++) {
        size_t here = starts[i];
        starts[i] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++) to[starts[from[i].key >> shift & 255]++] = from[i];
    return true;
}

/* Sorts items by key, stably; the result is in *items or, where they changed places, *scratch is.
 */
static void radix_sort(struct item **items, struct item **scratch, size_t count)
{
    for (int shift = 0; count > 0 && shift < 64; shift += 8)
        if (by_byte(*items, *scratch, count, shift)) {
            struct item *sorted = *scratch;
            *scratch = *items;
            *items = sorted;
        }
}

bool sw_order_by(uint32_t *order, size_t count, const uint32_t *keys, struct sw_error *error)
{
    struct item *items = sw_alloc(count, sizeof *items, error);
    struct item *scratch = items ? sw_alloc(count, sizeof *scratch, error) : NULL;
    bool good = items && scratch;
    for (size_t i = 0; good && i < count; i++) items[i] = (struct item){keys[order[i]], order[i]};
    if (good) radix_sort(&items, &scratch, count);
    for (size_t i = 0; good && i < count; i++) order[i] = items[i].id;
    free(items);
    free(scratch);
    return good;
}

/* The bounds of a size, as sw_view makes them: "<=1K", "1K-5K", ">50K". Its place among sizes is
 * its lower bound. */
static bool size_place(struct sw_text text, sw_int128 *place)
{
    const char *at = text.bytes, *end = at + text.length;
    bool lowest = text.length > 2 && at[0] == '<' && at[1] == '=';
    at += lowest ? 2 : text.length > 0 && *at == '>';
    sw_int128 number = 0;
    const char *digits = at;
    for (; at < end && *at >= '0' && *at <= '9' && at - digits < 19; at++)
        number = number * 10 + (*at - '0');
    if (at == digits) return false;
    if (at < end && (*at == 'K' || *at == 'M')) number *= *at++ == 'K' ? 1000 : 1000000;
    if (at < end && (*at != '-' || lowest || *text.bytes == '>')) return false;
    *place = lowest ? -1 : number;
    return true;
}

struct comparison {
    const struct sw_intern *intern;
    bool sizes;
};

static int compare_numbers(sw_int128 a, sw_int128 b)
{
    return (a > b) - (a < b);
}

static int compare_values(const void *left, const void *right, void *context)
{
    const struct comparison *how = context;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    if (!how->intern->text)
        return compare_numbers(how->intern->numbers[a], how->intern->numbers[b]);
    struct sw_text first = how->intern->texts[a], second = how->intern->texts[b];
    if (how->sizes) {
        sw_int128 place_a = 0, place_b = 0;
        int first_is = !size_place(first, &place_a), second_is = !size_place(second, &place_b);
        if (first_is != second_is) return first_is - second_is;
        if (place_a != place_b) return compare_numbers(place_a, place_b);
    }
    return sw_text_compare(first, second);
}

/* Numbers of 64 bits, by counting. False: there are wider ones. */
static bool narrow_items(const struct sw_intern *intern, struct item *items)
{
    for (size_t id = 1; id < intern->count; id++) {
        if (intern->text || intern->numbers[id] != (int64_t)intern->numbers[id]) return false;
        items[id - 1] =
            (struct item){(uint64_t)intern->numbers[id] ^ (uint64_t)1 << 63, (uint32_t)id};
    }
    return true;
}

static bool order_narrow(const struct sw_intern *intern, uint32_t *ids, bool *done,
                         struct sw_error *error)
{
    struct item *items = sw_alloc(intern->count, sizeof *items, error);
    struct item *scratch = items ? sw_alloc(intern->count, sizeof *scratch, error) : NULL;
    bool good = items && scratch;
    *done = good && narrow_items(intern, items);
    if (*done) {
        radix_sort(&items, &scratch, intern->count - 1);
        for (size_t i = 0; i + 1 < intern->count; i++) ids[i] = items[i].id;
    }
    free(items);
    free(scratch);
    return good;
}

bool sw_order_ranks(const struct sw_intern *intern, bool sizes, uint32_t **ranks,
                    struct sw_error *error)
{
    struct comparison how = {intern, sizes};
    bool done = false;
    uint32_t *ids = sw_alloc(intern->count, sizeof *ids, error);
    *ranks = ids ? sw_alloc(intern->count, sizeof **ranks, error) : NULL;
    bool good = *ranks && (intern->text || order_narrow(intern, ids, &done, error));
    for (size_t i = 1; good && !done && i < intern->count; i++) ids[i - 1] = (uint32_t)i;
    if (good && !done) qsort_r(ids, intern->count - 1, sizeof *ids, compare_values, &how);
    for (size_t i = 0; good && i + 1 < intern->count; i++) (*ranks)[ids[i]] = (uint32_t)i + 1;
    free(ids);
    if (!good) {
        free(*ranks);
        *ranks = NULL;
    }
    return good;
}
