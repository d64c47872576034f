/* SPDX-License-Identifier: ISC */
#include "group/roll_up.h"

#include <stdlib.h>

#include "base/memory.h"

/* The cells of a grouping as a table: the cell of each line, and its keys' ids column by column. */
struct table {
    const struct sw_grouping *grouping;
    uint32_t *cells;
    uint32_t *ids[SW_KEYS_MAXIMUM];
    size_t count;
    uint32_t *targets; /* by cell: the cell of the report that it goes to */
};

static void free_table(struct table *table)
{
    free(table->cells);
    free(table->targets);
    for (size_t i = 0; i < SW_KEYS_MAXIMUM; i++) free(table->ids[i]);
}

static bool make_table(struct table *table, const struct sw_grouping *grouping,
                       struct sw_error *error)
{
    *table = (struct table){.grouping = grouping};
    if (!sw_grouping_order(grouping, &table->cells, &table->count, error)) return false;
    table->targets = sw_alloc(grouping->cell_count, sizeof *table->targets, error);
    if (!table->targets) return false;
    for (size_t key = 0; key < grouping->key_count; key++) {
        table->ids[key] = sw_alloc(table->count, sizeof **table->ids, error);
        if (!table->ids[key]) return false;
    }
    for (size_t i = 0; i < table->count; i++) {
        uint32_t ids[SW_KEYS_MAXIMUM];
        sw_grouping_keys(grouping, table->cells[i], ids);
        for (size_t key = 0; key < grouping->key_count; key++) table->ids[key][i] = ids[key];
    }
    return true;
}

/* The ids of a dimension in the table, or NULL where it is no key there. */
static const uint32_t *column_of(const struct table *table, int dimension)
{
    for (size_t key = 0; key < table->grouping->key_count; key++)
        if (table->grouping->keys[key] == dimension) return table->ids[key];
    return NULL;
}

static bool find_targets(struct table *table, struct sw_grouping *target, struct sw_error *error)
{
    const uint32_t *ids[SW_KEYS_MAXIMUM];
    for (size_t key = 0; key < target->key_count; key++)
        ids[key] = column_of(table, target->keys[key]);
    if (!sw_grouping_find(target, ids, table->count, error)) return false;
    for (size_t i = 0; i < table->count; i++) table->targets[table->cells[i]] = target->cells[i];
    return true;
}

static bool merge_records(const struct table *table, struct sw_grouping *target,
                          struct sw_error *error)
{
    for (size_t i = 0; i < table->count; i++) {
        uint32_t cell = target->cells[i];
        if (!sw_shape_merge(target->shape, sw_grouping_record(target, cell),
                            sw_grouping_record(table->grouping, table->cells[i]), error))
            return sw_grouping_annotate(target, cell, error);
    }
    return true;
}

/* How often each of its members is there; NULL where it does not count them. The caller frees it. */
static bool list_times(const struct sw_set *set, size_t count, uint64_t **times,
                       struct sw_error *error)
{
    *times = set->counted ? sw_alloc(count, sizeof **times, error) : NULL;
    for (size_t i = 0; *times && i < count; i++) (*times)[i] = sw_set_times(set, i);
    return *times || !set->counted;
}

/* Adds the members of a set that the source keeps. */
static bool merge_set(const struct table *table, struct sw_grouping *target, size_t set,
                      size_t member_limit, struct sw_error *error)
{
    uint32_t *owner, *member;
    uint64_t *times;
    size_t count;
    if (!sw_set_list(&table->grouping->sets[set], &owner, &member, &count, error)) return false;
    for (size_t i = 0; i < count; i++) owner[i] = table->targets[owner[i]];
    bool good = list_times(&table->grouping->sets[set], count, &times, error) &&
                sw_set_add(&target->sets[set], owner, target->cell_count, member, member_limit,
                           times, count, error);
    free(times);
    free(owner);
    free(member);
    return good;
}

/* Adds a key of the source as members: a counted one as often as its cell has rows. */
static bool add_keys(const struct table *table, struct sw_grouping *target, size_t set,
                     const uint32_t *ids, size_t limit, struct sw_error *error)
{
    uint64_t *times = sw_alloc(table->count, sizeof *times, error);
    for (size_t i = 0; times && i < table->count; i++)
        times[i] = *sw_count_at(target->shape->fields,
                                sw_grouping_record(table->grouping, table->cells[i]));
    bool good = times && sw_set_add(&target->sets[set], target->cells, target->cell_count, ids,
                                    limit, times, table->count, error);
    free(times);
    return good;
}

static bool merge_sets(const struct table *table, struct sw_grouping *target,
                       struct sw_error *error)
{
    for (size_t set = 0; set < target->shape->member_count; set++) {
        int dimension = target->shape->members[set].dimension;
        size_t limit = target->dimensions->items[dimension].intern.count;
        if (sw_grouping_by_row(table->grouping, set)) continue;
        const uint32_t *ids = column_of(table, dimension);
        if (ids ? !add_keys(table, target, set, ids, limit, error)
                : !merge_set(table, target, set, limit, error))
            return false;
    }
    return true;
}

/* Hands the target's cell of each cell of its source on to it, where values are dealt out by it. */
static void keep_targets(struct table *table, struct sw_grouping *target)
{
    target->values = table->grouping->values;
    target->valued = table->grouping->valued;
    if (!target->values) return;
    target->targets = table->targets;
    table->targets = NULL;
}

bool sw_roll_up(const struct sw_grouping *from, struct sw_grouping *target, struct sw_error *error)
{
    struct table table;
    bool good = make_table(&table, from, error) && find_targets(&table, target, error) &&
                merge_records(&table, target, error) && merge_sets(&table, target, error);
    if (good) keep_targets(&table, target);
    free_table(&table);
    return good;
}

bool sw_roll_up_keys(const struct sw_grouping *source, struct sw_grouping *target,
                     struct sw_error *error)
{
    int own = target->keys[0];
    size_t set = 0, count;
    uint32_t *owner, *member;
    while (target->shape->members[set].dimension != own) set++;
    if (!sw_set_list(&source->sets[set], &owner, &member, &count, error)) return false;
    uint32_t *ids = sw_alloc(count, sizeof *ids, error);
    bool good = ids != NULL;
    for (size_t other = 0; good && other < target->shape->listed_members; other++) {
        int dimension = target->shape->members[other].dimension;
        if (dimension == own) continue;
        size_t key = 0;
        while (key < source->key_count && source->keys[key] != dimension) key++;
        if (key == source->key_count) continue;
        for (size_t i = 0; i < count; i++) {
            uint32_t keys[SW_KEYS_MAXIMUM];
            sw_grouping_keys(source, owner[i], keys);
            ids[i] = keys[key];
        }
        good = sw_set_add(&target->sets[other], member, target->cell_count, ids,
                          target->dimensions->items[dimension].intern.count, NULL, count, error);
    }
    free(ids);
    free(owner);
    free(member);
    return good;
}
