/* SPDX-License-Identifier: ISC */
#include "sort/item_sorter.h"

#include <stdlib.h>

#include "base/memory.h"
#include "sort/sorter.h"

enum { AHEAD = 8 }; /* an item is asked for so many before it is wanted: they lie anywhere */

void sw_item_sorter_open(struct sw_item_sorter *sorter, size_t item_bytes, sw_item_compare *compare,
                         uint64_t memory_bytes, const char *folder)
{
    const size_t bytes = item_bytes + 2 * sizeof *sorter->entries;
    sorter->items.item_bytes = item_bytes;
    sorter->compare = compare;
    sorter->memory_bytes = memory_bytes ? memory_bytes : SW_SORT_MEMORY_DEFAULT;
    sorter->most = sorter->memory_bytes / bytes / SW_ITEMS_AT_ONCE * SW_ITEMS_AT_ONCE;
    if (sorter->most < SW_ITEMS_AT_ONCE) sorter->most = SW_ITEMS_AT_ONCE;
    if (sorter->most > UINT32_MAX / 2) sorter->most = UINT32_MAX / 2;
    sw_item_spill_open(&sorter->spill, item_bytes, compare, sorter->memory_bytes, folder);
}

static void free_items(struct sw_item_sorter *sorter)
{
    for (size_t i = 0; i < sorter->piece_count; i++) free(sorter->items.pieces[i]);
    free(sorter->items.pieces);
    free(sorter->entries);
    sorter->items.pieces = NULL;
    sorter->entries = NULL;
    sorter->items.count = sorter->piece_count = sorter->piece_capacity = 0;
}

void sw_item_sorter_free(struct sw_item_sorter *sorter)
{
    free_items(sorter);
    sw_item_spill_free(&sorter->spill);
    *sorter = (struct sw_item_sorter){0};
}

/* ---- collecting ---- */

static bool sort(struct sw_item_sorter *sorter, struct sw_error *error)
{
    const size_t count = sorter->items.count;
    struct sw_item_entry *spare = sw_alloc_unset(count + 1, sizeof *spare, error);
    free(sorter->entries);
    sorter->entries = sw_alloc_unset(count + 1, sizeof *sorter->entries, error);
    const bool good = spare && sorter->entries;
    if (good) sw_item_order_find(&sorter->items, sorter->compare, sorter->entries, spare);
    free(spare);
    return good;
}

static bool spill(struct sw_item_sorter *sorter, struct sw_error *error)
{
    if (!sort(sorter, error) || !sw_item_spill_begin(&sorter->spill, error)) return false;
    for (size_t i = 0; i < sorter->items.count; i++)
        if (!sw_item_spill_put(&sorter->spill,
                               sw_items_at(&sorter->items, sorter->entries[i].number), error))
            return false;
    sorter->items.count = 0;
    return sw_item_spill_end(&sorter->spill, error);
}

void *sw_item_sorter_add(struct sw_item_sorter *sorter, struct sw_error *error)
{
    struct sw_items *items = &sorter->items;
    if (items->count == sorter->most && !spill(sorter, error)) return NULL;
    if (items->count == sorter->piece_count * SW_ITEMS_AT_ONCE) {
        if (!sw_grow(&items->pieces, &sorter->piece_capacity, sorter->piece_count + 1,
                     sizeof *items->pieces, error))
            return NULL;
        unsigned char *piece = sw_alloc_unset(SW_ITEMS_AT_ONCE, items->item_bytes, error);
        if (!piece) return NULL;
        items->pieces[sorter->piece_count++] = piece;
    }
    return sw_items_at(items, items->count++);
}

bool sw_item_sorter_finish(struct sw_item_sorter *sorter, struct sw_error *error)
{
    sorter->given = 0;
    if (!sw_item_spill_any(&sorter->spill)) return sort(sorter, error);
    if (sorter->items.count > 0 && !spill(sorter, error)) return false;
    free_items(sorter);
    return sw_item_spill_merge(&sorter->spill, error);
}

/* ---- giving out ---- */

enum sw_step sw_item_sorter_next(struct sw_item_sorter *sorter, struct sw_error *error)
{
    const struct sw_items *items = &sorter->items;
    if (sw_item_spill_any(&sorter->spill))
        return sw_item_spill_next(&sorter->spill, &sorter->item, error);
    if (sorter->given == items->count) return SW_END;
    if (sorter->given + AHEAD < items->count)
        __builtin_prefetch(sw_items_at(items, sorter->entries[sorter->given + AHEAD].number));
    sorter->item = sw_items_at(items, sorter->entries[sorter->given++].number);
    return SW_ROWS;
}
