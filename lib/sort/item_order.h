/* SPDX-License-Identifier: ISC
 *
 * The order of items that lie in memory (sort/item_sorter.h): by group, `at` and rank, then as a function of the owner's says, then as
 * they came. Items mostly come group by group; each group is then sorted by one word an item, made of `at` and rank.
 */
#ifndef SW_SORT_ITEM_ORDER_H
#define SW_SORT_ITEM_ORDER_H

#include <stddef.h>
#include <stdint.h>

/* What every item begins with. */
struct sw_item {
    int64_t at;
    uint32_t group;
    uint32_t rank;
};

/* Of two items of one group, `at` and rank: below 0 where the first stands before the second, above 0 where after it, else 0. */
typedef int sw_item_compare(const struct sw_item *a, const struct sw_item *b);

enum { SW_ITEMS_AT_ONCE = 1024 }; /* in a piece of memory */

struct sw_items {
    unsigned char **pieces; /* of SW_ITEMS_AT_ONCE items */
    size_t item_bytes, count;
};

static inline struct sw_item *sw_items_at(const struct sw_items *items, size_t number)
{
    return (struct sw_item *)(void *)(items->pieces[number / SW_ITEMS_AT_ONCE] +
                                      number % SW_ITEMS_AT_ONCE * items->item_bytes);
}

struct sw_item_entry {
    uint64_t word;
    uint32_t number; /* of the item */
} __attribute__((packed, aligned(4)));

/* The order of all of two items of any groups. compare may be NULL. */
int sw_item_order(const struct sw_item *a, const struct sw_item *b, sw_item_compare *compare);

/* Puts the numbers of the items into entries, in order. entries and spare have room for as many. */
void sw_item_order_find(const struct sw_items *items, sw_item_compare *compare,
                        struct sw_item_entry *entries, struct sw_item_entry *spare);

#endif
