/* SPDX-License-Identifier: ISC */
#include "distinct/value_order.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/number.h"
#include "base/memory.h"

struct item {
    uint64_t key;
    uint32_t id;
};

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* One pass of a radix sort, by a digit of the key. False: all were equal there, nothing was
 * moved. */
static bool by_digit(const struct item *from, struct item *to, size_t count, int shift)
{
    size_t starts[DIGITS] = {0}, sum = 0;
    for (size_t i = 0; i < count; i++) starts[from[i].key >> shift & (DIGITS - 1)]++;
    if (starts[from[0].key >> shift & (DIGITS - 1)] == count) return false;
    for (size_t i = 0; i < DIGITS; i++) {
        size_t here = starts[i];
        starts[i] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++) to[starts[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
    return true;
}

/* Makes the keys as small as they can be and keep their order; gives how many bits they have. */
static int shrink_keys(struct item *items, size_t count)
{
    uint64_t least = UINT64_MAX, most = 0;
    for (size_t i = 0; i < count; i++) {
        if (items[i].key < least) least = items[i].key;
        if (items[i].key > most) most = items[i].key;
    }
    if (count == 0 || least == most) return 0;
    for (size_t i = 0; i < count; i++) items[i].key -= least;
    return 64 - __builtin_clzll(most - least);
}

/* Sorts items by key, stably; the result is in *items or, where they changed places, *scratch is.
 */
static void radix_sort(struct item **items, struct item **scratch, size_t count)
{
    int bits = shrink_keys(*items, count);
    for (int shift = 0; shift < bits; shift += DIGIT_BITS)
        if (by_digit(*items, *scratch, count, shift)) {
            struct item *sorted = *scratch;
            *scratch = *items;
            *items = sorted;
        }
}

bool sw_order_by(uint32_t *order, size_t count, const uint32_t *keys, struct sw_error *error)
{
    struct item *items = sw_alloc_unset(count, sizeof *items, error);
    struct item *scratch = items ? sw_alloc_unset(count, sizeof *scratch, error) : NULL;
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
    while (at < end && ((*at >= '0' && *at <= '9') || *at == '.')) at++;
    if (sw_parse_decimal(digits, (size_t)(at - digits), SW_MAXIMUM_SCALE, &number) !=
        SW_NUMBER_GOOD)
        return false;
    sw_int128 times = at == end || (*at != 'K' && *at != 'M') ? 1 : *at++ == 'K' ? 1000 : 1000000;
    if (__builtin_mul_overflow(number, times, &number)) return false;
    if (at < end && (*at != '-' || lowest || *text.bytes == '>')) return false;
    *place = lowest ? -1 : number;
    return true;
}

/* A local time with its offset, as hour_start and bucket write them: "2024-04-07T02:55:00+11:00". */
static bool is_local_time(struct sw_text text, int64_t *instant)
{
    enum { LENGTH = 25, MARK = 10, SIGN = 19 };
    return text.length == LENGTH && text.bytes[MARK] == 'T' &&
           (text.bytes[SIGN] == '+' || text.bytes[SIGN] == '-') &&
           sw_parse_time(text.bytes, text.length, instant) == SW_TIME_GOOD;
}

/* Where all texts are local times with an offset, they are in order as instants, which their bytes are not on a day when the clock
 * changes. */
static bool all_local_times(const struct sw_intern *intern)
{
    int64_t instant;
    for (uint32_t id = 1; id < intern->count; id++)
        if (!is_local_time(intern->texts[id], &instant)) return false;
    return intern->count > 1;
}

struct comparison {
    const struct sw_intern *intern;
    bool sizes, times;
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
        return compare_numbers(sw_intern_value(how->intern, a), sw_intern_value(how->intern, b));
    struct sw_text first = how->intern->texts[a], second = how->intern->texts[b];
    if (how->sizes) {
        sw_int128 place_a = 0, place_b = 0;
        int first_is = !size_place(first, &place_a), second_is = !size_place(second, &place_b);
        if (first_is != second_is) return first_is - second_is;
        if (place_a != place_b) return compare_numbers(place_a, place_b);
    }
    if (how->times) {
        int64_t instant_a = 0, instant_b = 0;
        bool known = is_local_time(first, &instant_a) && is_local_time(second, &instant_b);
        if (known && instant_a != instant_b) return instant_a < instant_b ? -1 : 1;
    }
    return sw_texts_compare(&first, &second);
}

/* Numbers of 64 bits, by counting. */
static bool order_narrow(const struct sw_intern *intern, uint32_t *ids, struct sw_error *error)
{
    size_t count = intern->count - 1;
    struct item *items = sw_alloc_unset(count, sizeof *items, error);
    struct item *scratch = items ? sw_alloc_unset(count, sizeof *scratch, error) : NULL;
    bool good = items && scratch;
    for (uint32_t id = 1; good && id <= count; id++)
        items[id - 1] =
            (struct item){(uint64_t)sw_intern_value(intern, id) ^ UINT64_C(1) << 63, id};
    if (good) radix_sort(&items, &scratch, count);
    for (size_t i = 0; good && i < count; i++) ids[i] = items[i].id;
    free(items);
    free(scratch);
    return good;
}

/* As they are where values come in order, which the ids of orders do. */
static bool in_order(const struct sw_intern *intern)
{
    for (uint32_t id = 2; id < intern->count; id++)
        if (sw_intern_value(intern, id) < sw_intern_value(intern, id - 1)) return false;
    return true;
}

bool sw_order_ids(const struct sw_intern *intern, bool sizes, uint32_t **ids,
                  struct sw_error *error)
{
    struct comparison how = {intern, sizes, intern->text && all_local_times(intern)};
    size_t count = intern->count - 1;
    *ids = sw_alloc_unset(count, sizeof **ids, error);
    if (!*ids) return false;
    for (size_t i = 0; i < count; i++) (*ids)[i] = (uint32_t)i + 1;
    if (!intern->text && in_order(intern)) return true;
    if (intern->text || intern->wide) {
        qsort_r(*ids, count, sizeof **ids, compare_values, &how);
        return true;
    }
    if (order_narrow(intern, *ids, error)) return true;
    free(*ids);
    *ids = NULL;
    return false;
}

bool sw_order_ranks(const struct sw_intern *intern, bool sizes, uint32_t **ranks,
                    struct sw_error *error)
{
    uint32_t *ids = NULL;
    *ranks = sw_alloc(intern->count, sizeof **ranks, error);
    bool good = *ranks && sw_order_ids(intern, sizes, &ids, error);
    for (size_t i = 0; good && i + 1 < intern->count; i++) (*ranks)[ids[i]] = (uint32_t)i + 1;
    free(ids);
    if (!good) {
        free(*ranks);
        *ranks = NULL;
    }
    return good;
}
