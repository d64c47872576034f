/* SPDX-License-Identifier: ISC
 *
 * The order of rows: keys as a user writes them ("security_code,timestamp:desc"), the comparison of two values, and the check that
 * rows do come in an order that a program needs. Nulls come first, before every value (last where descending); numbers compare as
 * numbers, texts as unsigned bytes, the shorter first where one begins with the other.
 *
 *     if (!sw_sorted_open(&sorted, &schema, keys, count, "orders.swr", error)) …
 *     for every block: if (!sw_sorted_check(&sorted, vectors, rows, error)) …   // names row, column and values
 */
#ifndef SW_SORT_SORT_KEYS_H
#define SW_SORT_SORT_KEYS_H

#include "record/schema.h"
#include "record/vector.h"

enum { SW_SORT_KEYS_MAXIMUM = 64, SW_DESCRIBED_LENGTH = 64 };

/* Below 0, 0 or above 0 as the value at a row of one vector stands before, with or after a value of
 * another of the same type and scale (ascending). */
int sw_value_compare(const struct sw_vector *a, size_t row_a, const struct sw_vector *b,
                     size_t row_b);

/* A value as a message shows it: a number in its own form, a text in quotes and cut where it is long, or "null". */
void sw_value_describe(const struct sw_vector *vector, size_t row, char to[SW_DESCRIBED_LENGTH]);

/* Reads "COL[:asc|:desc],…"; *keys is allocated, the caller frees it. SW_USAGE naming a column that the schema lacks, one
 * that stands twice, an unknown direction, more than SW_SORT_KEYS_MAXIMUM. */
bool sw_sort_keys_parse(const struct sw_schema *schema, const char *list, struct sw_sort_key **keys,
                        size_t *count, struct sw_error *error) SW_CHECKED;

/* The ascending keys that a program itself needs: names[0..count), each found in the schema; SW_DATA ("FILE: no column …")
 * for one that is not there. keys has room for count. */
bool sw_sort_keys_need(const struct sw_schema *schema, const char *const *names, size_t count,
                       const char *file, struct sw_sort_key *keys,
                       struct sw_error *error) SW_CHECKED;

/* Compares rows of two sets of vectors, one per column of the same schema, key by key. */
int sw_rows_compare(const struct sw_vector *const *a, size_t row_a,
                    const struct sw_vector *const *b, size_t row_b, const struct sw_sort_key *keys,
                    size_t key_count);

/* Checks rows against an order, block by block. */
struct sw_sorted {
    const struct sw_schema *schema; /* not owned */
    const struct sw_sort_key *keys; /* not owned */
    size_t key_count;
    const char *file; /* for messages; not owned */
    uint64_t rows;    /* checked so far */
    /* Rows ahead of the next block that were not checked; they count in messages. */
    uint64_t skipped;
    struct sw_builder *last;               /* per key, the values of the last row */
    const struct sw_vector **last_vectors; /* per column of the schema; NULL but for the keys */
};

/* Zero-initialize before; free in any case. SW_SYSTEM: memory. */
bool sw_sorted_open(struct sw_sorted *sorted, const struct sw_schema *schema,
                    const struct sw_sort_key *keys, size_t key_count, const char *file,
                    struct sw_error *error) SW_CHECKED;

/* Takes the next block; vectors has an element per column of the schema, those of the keys not NULL. SW_DATA where a row stands
 * before the one ahead of it: "FILE: row N: not sorted by a, b: b 17 comes after 18", N counted from 1. */
bool sw_sorted_check(struct sw_sorted *sorted, const struct sw_vector *const *vectors, size_t rows,
                     struct sw_error *error) SW_CHECKED;

void sw_sorted_free(struct sw_sorted *sorted);

#endif
