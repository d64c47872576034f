/* SPDX-License-Identifier: ISC
 *
 * Sorts items of one size, plain structs that a program makes itself, in bounded memory: stable, by group, `at` and rank. What a table
 * of columns would cost, a builder a column and a search for widths and nulls, is not paid for them; what they hold is the owner's
 * business. Beyond memory_bytes, sorted runs go into a temporary file without a name (sort/item_spill.h).
 *
 *     struct my_item { struct sw_item item; … };
 *     sw_item_sorter_open(&sorter, sizeof(struct my_item), NULL, memory_bytes, folder);
 *     for every item: struct my_item *item = sw_item_sorter_add(&sorter, error); if (item) *item = (struct my_item){…};
 *     if (!sw_item_sorter_finish(&sorter, error)) …
 *     while ((step = sw_item_sorter_next(&sorter, error)) == SW_ROWS) { const struct my_item *item = sorter.item; … }
 *     sw_item_sorter_free(&sorter);
 */
#ifndef SW_SORT_ITEM_SORTER_H
#define SW_SORT_ITEM_SORTER_H

#include "sort/item_spill.h"

struct sw_item_sorter {
    const void *item; /* the current one, until the next call */
    /* The rest is the module's own. */
    struct sw_items items;
    sw_item_compare *compare;
    uint64_t memory_bytes;
    size_t piece_count, piece_capacity, most; /* items that the memory is for */
    struct sw_item_entry *entries;            /* of sorted items */
    size_t given;
    struct sw_item_spill spill;
};

/* Items are of item_bytes, a multiple of 8, a struct sw_item first. compare, NULL: none, orders those that agree in that; memory_bytes and
 * folder: as in sort/sorter.h. Takes no memory yet. Zero-initialize before, free in any case. */
void sw_item_sorter_open(struct sw_item_sorter *sorter, size_t item_bytes, sw_item_compare *compare,
                         uint64_t memory_bytes, const char *folder);

/* Room for one item more, to be filled before the next call. NULL with SW_SYSTEM, of this and the next two: memory, the temporary file. */
void *sw_item_sorter_add(struct sw_item_sorter *sorter, struct sw_error *error) SW_CHECKED;

/* No more items are coming. */
bool sw_item_sorter_finish(struct sw_item_sorter *sorter, struct sw_error *error) SW_CHECKED;

/* Goes to the next item in order. */
enum sw_step sw_item_sorter_next(struct sw_item_sorter *sorter, struct sw_error *error);

void sw_item_sorter_free(struct sw_item_sorter *sorter);

#endif
