/* SPDX-License-Identifier: ISC
 *
 * Sorted runs of items (sort/item_sorter.h) on disk, and their merging: blocks of items, each with its checksum, in a file without a
 * name. Of so many runs that a merge of all would take too much memory, some are merged into one before the others come.
 *
 *     sw_item_spill_open(&spill, item_bytes, compare, memory_bytes, folder);
 *     for every run: sw_item_spill_begin, for every item sw_item_spill_put, sw_item_spill_end
 *     if (!sw_item_spill_merge(&spill, error)) …
 *     while ((step = sw_item_spill_next(&spill, &item, error)) == SW_ROWS) …
 *     sw_item_spill_free(&spill);
 */
#ifndef SW_SORT_ITEM_SPILL_H
#define SW_SORT_ITEM_SPILL_H

#include "files/scratch.h"
#include "sort/item_order.h"
#include "stream/reader.h"

struct sw_item_run {
    struct sw_part part;
    uint64_t items;
    unsigned level; /* how often its items were merged */
};

struct sw_item_spill {
    size_t item_bytes;
    sw_item_compare *compare;
    const char *folder; /* not owned */
    size_t block_items; /* in a block */
    struct sw_scratch scratch;
    bool open;
    struct sw_item_run *runs; /* in the order in which equal items are to come */
    size_t run_count, run_capacity;
    unsigned char *block; /* being filled, after room for its checksum */
    size_t block_count;
    struct sw_item_source *sources; /* runs being merged */
    size_t source_count;
    size_t *heap; /* sources that have items, the one with the first of them at the top */
    size_t heap_count;
    bool given; /* the item at the top was handed out */
};

/* memory_bytes: what merging holds, about. Zero-initialize before; free in any case. */
void sw_item_spill_open(struct sw_item_spill *spill, size_t item_bytes, sw_item_compare *compare,
                        uint64_t memory_bytes, const char *folder);

/* Whether a run was begun. */
static inline bool sw_item_spill_any(const struct sw_item_spill *spill)
{
    return spill->open;
}

/* Begins a run, puts sorted items into it, ends it. SW_SYSTEM: memory, the file, named after its folder. */
bool sw_item_spill_begin(struct sw_item_spill *spill, struct sw_error *error) SW_CHECKED;
bool sw_item_spill_put(struct sw_item_spill *spill, const struct sw_item *item,
                       struct sw_error *error) SW_CHECKED;
bool sw_item_spill_end(struct sw_item_spill *spill, struct sw_error *error) SW_CHECKED;

/* Opens all runs to be merged; no more may be begun. */
bool sw_item_spill_merge(struct sw_item_spill *spill, struct sw_error *error) SW_CHECKED;

/* Goes to the next item of all runs; *item holds until the next call. SW_SYSTEM also where the file is not as it was written. */
enum sw_step sw_item_spill_next(struct sw_item_spill *spill, const void **item,
                                struct sw_error *error);

void sw_item_spill_free(struct sw_item_spill *spill);

#endif
