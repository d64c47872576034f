/* SPDX-License-Identifier: ISC
 *
 * Sorted runs on disk: record streams, one after another in a file without a name, and their
 * merging, in as many passes as it takes. What has been merged gives its space back.
 *
 *     if (!sw_spill_open(&spill, &schema, keys, key_count, memory_bytes, folder, error)) …
 *     for every run: sw_spill_begin, then for every block sw_spill_put, sw_spill_end
 *     if (!sw_spill_merge(&spill, error)) …
 *     while ((step = sw_merge_next(&spill.merge, error)) == SW_ROWS) …
 *     sw_spill_free(&spill);
 */
#ifndef SW_SORT_SPILL_H
#define SW_SORT_SPILL_H

#include "files/scratch.h"
#include "sort/merge.h"
#include "stream/writer.h"

struct sw_spill {
    const struct sw_schema *schema; /* not owned, as the next two */
    const struct sw_sort_key *keys;
    const char *folder;
    size_t key_count;
    uint64_t memory_bytes;
    size_t block_rows;     /* of the runs */
    size_t text_bytes;     /* at most, of a run's block, but for a single row */
    struct sw_part *parts; /* the runs, in the order in which equal rows are to come */
    size_t part_count, part_capacity;
    struct sw_scratch scratch;
    bool scratch_open;
    struct sw_writer writer;    /* of the run being written */
    uint64_t began;             /* where it begins */
    size_t block_bytes;         /* the most that a block of a run took, stored and decoded */
    struct sw_spilled *spilled; /* the runs being merged */
    size_t spilled_count;
    struct sw_merge merge;
};

/* Makes no file yet. memory_bytes: what merging holds, about. Zero-initialize before; free in any
 * case. SW_SYSTEM: memory. */
bool sw_spill_open(struct sw_spill *spill, const struct sw_schema *schema,
                   const struct sw_sort_key *keys, size_t key_count, uint64_t memory_bytes,
                   const char *folder, struct sw_error *error) SW_CHECKED;

/* Begins a run, puts sorted rows into it, ends it. SW_SYSTEM names the folder. */
bool sw_spill_begin(struct sw_spill *spill, struct sw_error *error) SW_CHECKED;
bool sw_spill_put(struct sw_spill *spill, const struct sw_vector *const *vectors, size_t rows,
                  struct sw_error *error) SW_CHECKED;
bool sw_spill_end(struct sw_spill *spill, struct sw_error *error) SW_CHECKED;

/* Merges runs until the rest can be merged at once, and opens that as `merge`. No run may be added
 * from then on. */
bool sw_spill_merge(struct sw_spill *spill, struct sw_error *error) SW_CHECKED;

void sw_spill_free(struct sw_spill *spill);

#endif
