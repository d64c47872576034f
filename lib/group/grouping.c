/* SPDX-License-Identifier: ISC */
#include "group/grouping.h"

#include <stdlib.h>

#include "base/memory.h"
#include "distinct/value_order.h"

bool sw_grouping_init(struct sw_grouping *grouping, const char *name, const struct sw_shape *shape,
                      struct sw_dimensions *dimensions, const int *keys, size_t key_count,
                      uint64_t kept, struct sw_error *error)
{
    *grouping = (struct sw_grouping){.name = name,
                                     .shape = shape,
                                     .dimensions = dimensions,
                                     .key_count = key_count,
                                     .kept = kept,
                                     .space.large = true};
    if (key_count) memcpy(grouping->keys, keys, key_count * sizeof *keys);
    grouping->levels = sw_alloc(key_count, sizeof *grouping->levels, error);
    grouping->sets = sw_alloc(shape->member_count, sizeof *grouping->sets, error);
    for (size_t i = 0; grouping->sets && i < shape->member_count; i++)
        grouping->sets[i].counted = shape->members[i].counted;
    return grouping->levels && grouping->sets;
}

bool sw_grouping_begin(struct sw_grouping *grouping, struct sw_error *error)
{
    return grouping->key_count > 0 || sw_grouping_find(grouping, NULL, 0, error);
}

void sw_grouping_free(struct sw_grouping *grouping)
{
    for (size_t i = 0; grouping->levels && i < grouping->key_count; i++)
        sw_pairs_free(&grouping->levels[i]);
    for (size_t i = 0; grouping->sets && i < grouping->shape->member_count; i++)
        sw_set_free(&grouping->sets[i]);
    free(grouping->levels);
    free(grouping->sets);
    sw_pages_free(&grouping->space);
    free(grouping->cells);
    free(grouping->targets);
    *grouping = (struct sw_grouping){0};
}

/* ---- finding cells ---- */

static bool make_cells(struct sw_grouping *grouping, size_t count, struct sw_error *error)
{
    const struct sw_shape *shape = grouping->shape;
    if (!sw_pages_grow(&grouping->space, count * shape->record_size, error)) return false;
    grouping->records = grouping->space.bytes;
    if (sw_shape_begins_zero(shape) && count > grouping->cell_count) grouping->cell_count = count;
    for (; grouping->cell_count < count; grouping->cell_count++)
        sw_shape_clear(shape, sw_grouping_record(grouping, grouping->cell_count));
    return true;
}

/* How many cells the first `keys` keys have; ids are below that. */
static size_t limit_of(const struct sw_grouping *grouping, size_t keys)
{
    if (keys > 1) return grouping->levels[keys - 1].count;
    return grouping->dimensions->items[grouping->keys[0]].intern.count;
}

/* Goes from the cells of the first `from` keys to those of the first `to`. */
static bool find_levels(struct sw_grouping *grouping, const uint32_t *const *ids, size_t from,
                        size_t to, uint32_t *cells, size_t rows, struct sw_error *error)
{
    for (size_t key = from; key < to; key++) {
        size_t limit = grouping->dimensions->items[grouping->keys[key]].intern.count;
        if (!sw_pairs_find(&grouping->levels[key], cells, limit_of(grouping, key), ids[key], limit,
                           cells, rows, error))
            return false;
    }
    return true;
}

bool sw_grouping_prefix(struct sw_grouping *grouping, const uint32_t *const *ids, size_t keys,
                        size_t rows, uint32_t *cells, struct sw_error *error)
{
    if (rows) memcpy(cells, ids[0], rows * sizeof *cells);
    return find_levels(grouping, ids, 1, keys, cells, rows, error);
}

bool sw_grouping_behind(struct sw_grouping *grouping, size_t keys, size_t rows,
                        struct sw_error *error)
{
    const uint32_t *ids[SW_KEYS_MAXIMUM] = {NULL};
    for (size_t key = keys; key < grouping->key_count; key++)
        ids[key] = grouping->dimensions->items[grouping->keys[key]].ids;
    return find_levels(grouping, ids, keys, grouping->key_count, grouping->cells, rows, error) &&
           make_cells(grouping, limit_of(grouping, grouping->key_count), error);
}

bool sw_grouping_find(struct sw_grouping *grouping, const uint32_t *const *ids, size_t rows,
                      struct sw_error *error)
{
    if (!sw_grow(&grouping->cells, &grouping->cell_capacity, rows + 1, sizeof *grouping->cells,
                 error))
        return false;
    if (grouping->key_count == 0) {
        memset(grouping->cells, 0, rows * sizeof *grouping->cells);
        return make_cells(grouping, 1, error);
    }
    return sw_grouping_prefix(grouping, ids, grouping->key_count, rows, grouping->cells, error) &&
           make_cells(grouping, limit_of(grouping, grouping->key_count), error);
}

bool sw_grouping_rows(struct sw_grouping *grouping, size_t start, size_t rows,
                      struct sw_error *error)
{
    const uint32_t *ids[SW_KEYS_MAXIMUM];
    for (size_t key = 0; key < grouping->key_count; key++)
        ids[key] = grouping->dimensions->items[grouping->keys[key]].ids + start;
    return sw_grouping_find(grouping, ids, rows, error);
}

bool sw_grouping_members(struct sw_grouping *grouping, size_t rows, struct sw_error *error)
{
    for (size_t i = 0; i < grouping->shape->member_count; i++) {
        const struct sw_member *member = &grouping->shape->members[i];
        const struct sw_dimension *dimension = &grouping->dimensions->items[member->dimension];
        if (!(grouping->kept >> i & 1) || sw_grouping_by_row(grouping, i)) continue;
        if (!sw_set_add(&grouping->sets[i], grouping->cells, grouping->cell_count, dimension->ids,
                        dimension->intern.count, NULL, rows, error))
            return false;
    }
    return true;
}

void sw_grouping_keys(const struct sw_grouping *grouping, uint32_t cell,
                      uint32_t ids[SW_KEYS_MAXIMUM])
{
    for (size_t key = grouping->key_count; key > 1; key--) {
        ids[key - 1] = grouping->levels[key - 1].second[cell];
        cell = grouping->levels[key - 1].first[cell];
    }
    if (grouping->key_count > 0) ids[0] = cell;
}

/* ---- their order ---- */

static bool has_rows(const struct sw_grouping *grouping, size_t cell)
{
    return *sw_count_at(grouping->shape->fields, sw_grouping_record(grouping, cell)) > 0;
}

static size_t list_cells(const struct sw_grouping *grouping, uint32_t *order)
{
    size_t count = 0;
    for (size_t cell = 0; cell < grouping->cell_count; cell++)
        if (grouping->key_count == 0 || has_rows(grouping, cell)) order[count++] = (uint32_t)cell;
    return count;
}

/* Cells of one key are its ids: the order of these is theirs, null first. */
static bool order_ids(const struct sw_grouping *grouping, uint32_t **order, size_t *count,
                      struct sw_error *error)
{
    const struct sw_dimension *key = &grouping->dimensions->items[grouping->keys[0]];
    uint32_t *ids = NULL;
    *order = sw_alloc(key->intern.count, sizeof **order, error);
    *count = 0;
    if (!*order || !sw_order_ids(&key->intern, sw_dimension_sizes(key), &ids, error)) {
        free(*order);
        *order = NULL;
        return false;
    }
    for (size_t i = 0; i < key->intern.count; i++) {
        uint32_t id = i == 0 ? SW_NULL_ID : ids[i - 1];
        if (id < grouping->cell_count && has_rows(grouping, id)) (*order)[(*count)++] = id;
    }
    free(ids);
    return true;
}

/* Sorts by the last key first; each sort leaves equals as the one before had them. */
static bool sort_cells(const struct sw_grouping *grouping, uint32_t *order, size_t count,
                       uint32_t *ranks, struct sw_error *error)
{
    for (size_t key = grouping->key_count; key > 0; key--) {
        struct sw_dimension *dimension = &grouping->dimensions->items[grouping->keys[key - 1]];
        if (!sw_dimension_rank(dimension, error)) return false;
        for (size_t i = 0; i < count; i++) {
            uint32_t ids[SW_KEYS_MAXIMUM];
            sw_grouping_keys(grouping, order[i], ids);
            ranks[order[i]] = dimension->ranks[ids[key - 1]];
        }
        if (!sw_order_by(order, count, ranks, error)) return false;
    }
    return true;
}

bool sw_grouping_order(const struct sw_grouping *grouping, uint32_t **order, size_t *count,
                       struct sw_error *error)
{
    if (grouping->key_count == 1) return order_ids(grouping, order, count, error);
    uint32_t *ranks = sw_alloc(grouping->cell_count, sizeof *ranks, error);
    *order = ranks ? sw_alloc(grouping->cell_count, sizeof **order, error) : NULL;
    bool good = *order != NULL;
    if (good) {
        *count = list_cells(grouping, *order);
        good = sort_cells(grouping, *order, *count, ranks, error);
    }
    free(ranks);
    if (!good) {
        free(*order);
        *order = NULL;
    }
    return good;
}

bool sw_grouping_annotate(const struct sw_grouping *grouping, uint32_t cell, struct sw_error *error)
{
    uint32_t ids[SW_KEYS_MAXIMUM];
    struct sw_buffer text = {0};
    if (grouping->key_count == 0) return false;
    bool good = sw_buffer_text(&text, "group ", error);
    sw_grouping_keys(grouping, cell, ids);
    for (size_t key = 0; good && key < grouping->key_count; key++)
        good = (key == 0 || sw_buffer_text(&text, ",", error)) &&
               sw_dimension_say(&grouping->dimensions->items[grouping->keys[key]], ids[key], &text,
                                error);
    if (good && sw_buffer_add(&text, "", 1, error)) sw_fail_at(error, (const char *)text.bytes);
    sw_buffer_free(&text);
    return false;
}

uint64_t sw_grouping_count(const struct sw_grouping *grouping)
{
    uint64_t rows = 0;
    for (size_t cell = 0; cell < grouping->cell_count; cell++)
        rows += *sw_count_at(grouping->shape->fields, sw_grouping_record(grouping, cell));
    return rows;
}
