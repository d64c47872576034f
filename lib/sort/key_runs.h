/* SPDX-License-Identifier: ISC
 *
 * The keys of a sorted stream, block by block: checks that its rows do come in the order of the
 * keys, and finds where one key ends and the next begins, so that what is done once a key is not
 * done once a row.
 *
 *     keys      a a a b b c        starts  0 3 5
 *
 *     if (!sw_key_runs_open(&runs, &reader, "security_code,order_id", "--keys", error)) …
 *     while ((step = sw_key_runs_next(&runs, error)) == SW_ROWS) … runs.starts[0..runs.start_count) …
 *     sw_key_runs_free(&runs);
 */
#ifndef SW_SORT_KEY_RUNS_H
#define SW_SORT_KEY_RUNS_H

#include "sort/sort_keys.h"
#include "stream/reader.h"

struct sw_key_runs {
    struct sw_reader *reader; /* not owned */
    const char *file;         /* for messages; not owned */
    size_t key_count;
    int *columns;                     /* of the keys, in the reader's schema */
    struct sw_schema schema;          /* of the keys alone */
    struct sw_sort_key *order;        /* of the keys, as columns of that schema */
    const struct sw_vector **vectors; /* of the keys, in the current block */
    uint32_t *starts; /* rows of the current block whose key is not that of the row before; the
                         first is among them */
    size_t start_count;
    bool continued; /* whether the first row's key is that of the last row of the block before */
    struct sw_sorted sorted;
    unsigned char *fresh; /* scratch: per row, whether it is a start */
};

/* keys: "COL[:asc|:desc],…". SW_USAGE for what sw_sort_keys_parse refuses, with the file named.
 * Zero-initialize before; free in any case. The reader is one that was just opened. */
bool sw_key_runs_open(struct sw_key_runs *runs, struct sw_reader *reader, const char *keys,
                      struct sw_error *error) SW_CHECKED;

/* Goes to the reader's next block. SW_FAILED with SW_DATA where it is out of order, as
 * sw_sorted_check says it. */
enum sw_step sw_key_runs_next(struct sw_key_runs *runs, struct sw_error *error) SW_CHECKED;

/* Whether a part of the key is null at a row of the current block. */
bool sw_key_runs_null(const struct sw_key_runs *runs, size_t row);

/* SW_DATA where a key stands in two rows of the current block, or in its first one and the last of
 * the block before: "FILE: row N: the key order_id 17 stands twice". Keys with a null in them may.
 */
bool sw_key_runs_unique(const struct sw_key_runs *runs, struct sw_error *error) SW_CHECKED;

void sw_key_runs_free(struct sw_key_runs *runs);

#endif
