/* SPDX-License-Identifier: ISC
 *
 * Groups by one set of keys: a cell for each combination of key values that was met, with its
 * record and its sets of distinct members. Rows come in by blocks, records of partial streams one
 * by one; both find their cells the same way.
 *
 *     ids of key 1 ─┐
 *     ids of key 2 ─┴▶ pair ─┐
 *     ids of key 3 ──────────┴▶ cell ─▶ record, sets
 */
#ifndef SW_GROUP_GROUPING_H
#define SW_GROUP_GROUPING_H

#include "measure/measure.h"
#include "distinct/pair_table.h"

enum { SW_KEYS_MAXIMUM = 32 };

struct sw_value_rows;

struct sw_grouping {
    const char *name; /* as partial streams call it; not owned */
    const struct sw_shape *shape;
    struct sw_dimensions *dimensions;
    int keys[SW_KEYS_MAXIMUM]; /* dimensions */
    size_t key_count;
    uint64_t kept;           /* bit i: it keeps the set of the shape's member i */
    struct sw_pairs *levels; /* of the keys after the first */
    struct sw_set *sets;     /* of the shape's members */
    unsigned char *records;  /* of cells; those without rows belong to no group */
    struct sw_pages space;   /* that they stand in */
    size_t cell_count;
    uint32_t *cells; /* of the rows looked up last */
    size_t cell_capacity;
    /* Where values are kept by row (group/value_rows.h), the sets of counted members are empty: */
    struct sw_value_rows *values; /* … and this has them; else NULL; not owned */
    size_t valued;                /* which of the pass's groupings it is, or is made from … */
    uint32_t *targets;            /* … and, by the cell of that one, its own; NULL: the same */
};

/* SW_SYSTEM: no memory. Free it in any case. The dimensions and the shape stay while it is used. */
bool sw_grouping_init(struct sw_grouping *grouping, const char *name, const struct sw_shape *shape,
                      struct sw_dimensions *dimensions, const int *keys, size_t key_count,
                      uint64_t kept, struct sw_error *error) SW_CHECKED;
void sw_grouping_free(struct sw_grouping *grouping);

/* Makes the cell of a grouping without keys, which is there without rows, too. What a new record
 * holds depends on the types of the shape's fields: call it once they have them, before anything
 * else is asked of the grouping. SW_SYSTEM: no memory. */
bool sw_grouping_begin(struct sw_grouping *grouping, struct sw_error *error) SW_CHECKED;

/* Sets cells[] for `rows` rows, given the ids of each key; makes the cells that are new. */
bool sw_grouping_find(struct sw_grouping *grouping, const uint32_t *const *ids, size_t rows,
                      struct sw_error *error) SW_CHECKED;

/* The same with the ids in the dimensions, from row `start` on. */
bool sw_grouping_rows(struct sw_grouping *grouping, size_t start, size_t rows,
                      struct sw_error *error) SW_CHECKED;

/* The same in two steps, where the first keys are known to go together: the cells of the first
 * `keys` keys (1 or more) of `rows` combinations of their ids; and, with cells[] set to those for
 * each row, the rest, from the ids in the dimensions. */
bool sw_grouping_prefix(struct sw_grouping *grouping, const uint32_t *const *ids, size_t keys,
                        size_t rows, uint32_t *cells, struct sw_error *error) SW_CHECKED;
bool sw_grouping_behind(struct sw_grouping *grouping, size_t keys, size_t rows,
                        struct sw_error *error) SW_CHECKED;

/* Puts the members' ids in the dimensions, of rows whose cells were found last, into the sets that
 * are kept; those of counted members not where `values` has them. */
bool sw_grouping_members(struct sw_grouping *grouping, size_t rows,
                         struct sw_error *error) SW_CHECKED;

/* Whether the values of this member are in `values`, and its set is empty. */
static inline bool sw_grouping_by_row(const struct sw_grouping *grouping, size_t member)
{
    return grouping->values && grouping->shape->members[member].counted;
}

/* The record of a cell. */
static inline unsigned char *sw_grouping_record(const struct sw_grouping *grouping, size_t cell)
{
    return grouping->records + cell * grouping->shape->record_size;
}

/* How many rows were taken in, directly or as partial aggregates. */
uint64_t sw_grouping_count(const struct sw_grouping *grouping);

/* The ids of a cell's keys. */
void sw_grouping_keys(const struct sw_grouping *grouping, uint32_t cell,
                      uint32_t ids[SW_KEYS_MAXIMUM]);

/* The cells that have rows, by their keys; all of them (there is one, maybe without rows) where
 * there are no keys. The caller frees *order. */
bool sw_grouping_order(const struct sw_grouping *grouping, uint32_t **order, size_t *count,
                       struct sw_error *error) SW_CHECKED;

/* Puts "GROUP: " before an error that is a cell's. Returns false always. */
bool sw_grouping_annotate(const struct sw_grouping *grouping, uint32_t cell,
                          struct sw_error *error);

#endif
