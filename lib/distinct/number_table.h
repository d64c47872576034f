/* SPDX-License-Identifier: ISC
 *
 * 64-bit numbers as small numbers, by a hash table that has the number in the slot: the first one
 * seen is 1, the next 2, and so on. Made for millions of them looked up a block at a time: the
 * slots of some rows are asked for from memory together, so that a look-up costs what the memory
 * can do and not how long it takes. From 18 to 36 bytes a number. Once the table is too large for
 * the cache, numbers seen a short while ago are looked for in a small table first: what has a number,
 * an order say, often comes several times in a few thousand rows, and then long no more.
 */
#ifndef SW_DISTINCT_NUMBER_TABLE_H
#define SW_DISTINCT_NUMBER_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/pages.h"

struct sw_number_table {
    struct sw_pages slots;
    size_t count; /* numbers in it; ids are 1 to count */
    int bits;     /* there are 2^bits slots */
    struct sw_pages recent;
    size_t looked, found; /* rows that were looked for there since it was judged, and found */
    size_t pause;         /* rows for which the numbers of before are not worth looking at */
};

/* Zero-initialize before; free with this. */
void sw_number_table_free(struct sw_number_table *table);

/* Sets ids[] to the ids of values[], 0 where the bit of `valid` (NULL: all are) is not set; adds
 * those that are new, in their order, and sets numbers[id] of these (NULL: not wanted). SW_SYSTEM: no memory, or 2^32 distinct numbers. */
bool sw_number_table_find(struct sw_number_table *table, const int64_t *values,
                          const uint64_t *valid, size_t rows, uint32_t *ids, int64_t *numbers,
                          struct sw_error *error) SW_CHECKED;

#endif
