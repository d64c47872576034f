/* SPDX-License-Identifier: ISC
 *
 * Hash tables under keys that a test chooses.
 *
 *     hash_test collide   texts that all met in one place before there were keys are looked up without many comparisons
 *     hash_test same      codes and ids are the same whatever the key
 *
 * Comparisons are counted: linked with --wrap=memcmp.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "distinct/intern.h"
#include "distinct/pair_table.h"
#include "encode/dictionary.h"
#include "record/vector.h"

enum { TEXTS = 65000, VALUES = 20000 };

static size_t comparisons;
int __real_memcmp(const void *a, const void *b, size_t length);
int __wrap_memcmp(const void *a, const void *b, size_t length);

int __wrap_memcmp(const void *a, const void *b, size_t length)
{
    comparisons++;
    return __real_memcmp(a, b, length);
}

/* x with x * odd = 1 */
static uint64_t inverse(uint64_t odd)
{
    uint64_t x = odd;
    for (int i = 0; i < 6; i++) x *= 2 - odd * x;
    return x;
}

/* Eight bytes each, which the old function of builders took all to the same 32 bits: it could be run backwards. */
static uint64_t met_in_builder(uint64_t i)
{
    const uint64_t first = UINT64_C(0x9E3779B97F4A7C15), second = UINT64_C(0xFF51AFD7ED558CCD),
                   third = UINT64_C(0xC4CEB9FE1A85EC53), length = 8 * first;
    uint64_t hash = (UINT64_C(0x1234567) << 32 | i) * inverse(first);
    hash ^= hash >> 32;
    hash *= inverse(third);
    return (hash ^ length >> 29) * inverse(second) ^ length;
}

/* Sixteen bytes each: the second half took the old function of groups to 0 after any first half. */
static void met_in_groups(uint64_t i, uint64_t text[2])
{
    sw_uint128 product =
        (sw_uint128)(16 ^ UINT64_C(0x9e3779b97f4a7c15) ^ i) * UINT64_C(0xd6e8feb86659fd93);
    text[0] = i;
    text[1] = (uint64_t)product ^ (uint64_t)(product >> 64);
}

static void collide_in_builder(void)
{
    struct sw_error error = {0};
    struct sw_builder builder;
    uint32_t code;
    assert(sw_builder_init(&builder, SW_TEXT, 0, SW_BLOCK_ROWS_MAXIMUM, &error));
    comparisons = 0;
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < TEXTS; i++) {
            uint64_t text = met_in_builder(i);
            assert(sw_builder_intern(&builder, (const char *)&text, 8, &code, &error) && code == i);
            if (comparisons > 3 * 2 * TEXTS) break;
        }
    printf("builder: %zu comparisons for 2 times %d texts\n", comparisons, TEXTS);
    sw_builder_free(&builder);
    if (comparisons > 3 * 2 * TEXTS) exit(1);
}

static void collide_in_groups(void)
{
    struct sw_error error = {0};
    struct sw_intern intern;
    uint32_t id;
    assert(sw_intern_init(&intern, true, &error));
    comparisons = 0;
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < TEXTS; i++) {
            uint64_t text[2];
            met_in_groups(i, text);
            assert(sw_intern_text(&intern, (struct sw_text){(const char *)text, 16}, &id, &error) &&
                   id == i + 1);
            if (comparisons > 3 * 2 * TEXTS) break;
        }
    printf("groups: %zu comparisons for 2 times %d texts\n", comparisons, TEXTS);
    sw_intern_free(&intern);
    if (comparisons > 3 * 2 * TEXTS) exit(1);
}

/* ---- the same whatever the key ---- */

struct results {
    uint32_t codes[VALUES], texts[VALUES], numbers[VALUES], wide[VALUES], pairs[VALUES];
    uint64_t distinct[VALUES];
};

static uint64_t value_of(size_t i)
{
    uint64_t x = (i * i * 7 + i / 3) % (VALUES / 4) + 1;
    return i % 2 ? x * UINT64_C(0x9e3779b97f4a7c15) : x;
}

static void find_texts(struct results *results, const uint64_t *values)
{
    struct sw_error error = {0};
    struct sw_builder builder;
    struct sw_intern intern;
    assert(sw_builder_init(&builder, SW_TEXT, 0, VALUES, &error) &&
           sw_intern_init(&intern, true, &error));
    for (size_t i = 0; i < VALUES; i++) {
        char text[40];
        int length = snprintf(text, sizeof text, "%llx", (unsigned long long)values[i]);
        assert(sw_builder_intern(&builder, text, (size_t)length, &results->codes[i], &error) &&
               sw_intern_text(&intern, (struct sw_text){text, (uint32_t)length}, &results->texts[i],
                              &error));
    }
    sw_builder_free(&builder);
    sw_intern_free(&intern);
}

static void find_numbers(struct results *results, const uint64_t *values)
{
    struct sw_error error = {0};
    struct sw_intern narrow, wide;
    struct sw_pairs pairs = {0};
    struct sw_distinct distinct = {0};
    static uint32_t others[VALUES];
    size_t count;
    assert(sw_intern_init(&narrow, false, &error) && sw_intern_init(&wide, false, &error));
    for (size_t i = 0; i < VALUES; i++) {
        sw_int128 large = (sw_int128)values[i] << (i % 3 * 20);
        assert(sw_intern_number(&narrow, (int64_t)values[i], &results->numbers[i], &error) &&
               sw_intern_number(&wide, large, &results->wide[i], &error));
        others[i] = (uint32_t)(i % 1500);
    }
    assert(
        sw_pairs_find(&pairs, results->numbers, VALUES, others, 1500, results->pairs, VALUES,
                      &error) &&
        sw_distinct_find(&distinct, values, VALUES, VALUES, 0, results->distinct, &count, &error));
    sw_intern_free(&narrow);
    sw_intern_free(&wide);
    sw_pairs_free(&pairs);
    sw_distinct_free(&distinct);
}

static void all(struct results *results)
{
    static uint64_t values[VALUES];
    for (size_t i = 0; i < VALUES; i++) values[i] = value_of(i);
    find_texts(results, values);
    find_numbers(results, values);
}

static void same(void)
{
    static struct results first, next;
    static const struct sw_hash_key keys[] = {
        {0, 1}, {~UINT64_C(0), ~UINT64_C(0)}, {17, UINT64_C(1) << 63 | 1}};
    all(&first);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        sw_hash_key = keys[i];
        all(&next);
        assert(__real_memcmp(&first, &next, sizeof first) == 0);
    }
}

int main(int argc, char **argv)
{
    assert(argc == 2);
    assert(sw_hash_key.factor % 2 == 1);
    if (strcmp(argv[1], "same") == 0)
        same();
    else if (strcmp(argv[1], "key") == 0)
        printf("%016llx %016llx\n", (unsigned long long)sw_hash_key.start,
               (unsigned long long)sw_hash_key.factor);
    else {
        collide_in_builder();
        collide_in_groups();
    }
    return 0;
}
