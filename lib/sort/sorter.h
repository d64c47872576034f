/* SPDX-License-Identifier: ISC
 *
 * Sorts any number of rows in bounded memory: stable, nulls first. Rows are collected up to
 * `memory_bytes`, sorted, and spilled as a run (a record stream) into a temporary file without a
 * name; runs are merged, at most `SW_MERGE_FILES` at a time. What fits into the memory is never
 * written. The file is gone when the program ends, whatever ends it.
 *
 *     rows ─▶ run ─▶ run_order ─┬──────────────────▶ rows in order
 *                               └─▶ spill ─▶ merge ─▶
 *
 *     if (!sw_sorter_open(&sorter, &schema, &settings, error)) …
 *     for every block: sw_sorter_add(&sorter, vectors, NULL, rows, error)
 *     if (!sw_sorter_finish(&sorter, error)) …
 *     while ((step = sw_sorter_next(&sorter, error)) == SW_ROWS) … sorter.vectors[column], sorter.rows …
 *     sw_sorter_free(&sorter);
 *
 * Several sorters may be in use in one program.
 */
#ifndef SW_SORT_SORTER_H
#define SW_SORT_SORTER_H

#include "sort/sort_keys.h"
#include "stream/reader.h"

enum {
    SW_SORT_MEMORY_DEFAULT = 256 << 20,
    SW_SORT_MEMORY_MINIMUM = 1 << 20,
    SW_MERGE_FILES = 128, /* runs or files merged at a time, where the memory allows */
};

struct sw_sort_settings {
    const struct sw_sort_key *keys; /* columns of the schema; copied */
    size_t key_count;
    bool last_resort; /* rows with equal keys: by all the other columns, in the schema's order,
                         instead of the input's order */
    /* 0: SW_SORT_MEMORY_DEFAULT; what the sorter holds at its peak, all told. */
    uint64_t memory_bytes;
    const char *folder; /* of the temporary file; see sw_temporary_directory; stays while the sorter
                           is used */
};

struct sw_sorter {
    size_t rows; /* of the current block, after sw_sorter_next */
    /* Of the current block, one per column of the schema, until the next call. */
    const struct sw_vector **vectors;
    struct sw_sorter_state *state; /* private */
};

/* Zero-initialize before; free in any case. SW_SYSTEM: memory. The schema stays while the sorter is
 * used. */
bool sw_sorter_open(struct sw_sorter *sorter, const struct sw_schema *schema,
                    const struct sw_sort_settings *settings, struct sw_error *error) SW_CHECKED;

/* SW_SYSTEM of the next three, beside memory: the temporary file, named after its folder. */

/* Adds rows of vectors, one per column of the schema: those in selected[0..count), or the first
 * `count` for NULL. */
bool sw_sorter_add(struct sw_sorter *sorter, const struct sw_vector *const *vectors,
                   const uint32_t *selected, size_t count, struct sw_error *error) SW_CHECKED;

/* No more rows are coming. */
bool sw_sorter_finish(struct sw_sorter *sorter, struct sw_error *error) SW_CHECKED;

/* The next block of sorted rows. */
enum sw_step sw_sorter_next(struct sw_sorter *sorter, struct sw_error *error);

void sw_sorter_free(struct sw_sorter *sorter);

#endif
