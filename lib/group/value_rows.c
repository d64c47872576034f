/* SPDX-License-Identifier: ISC */
#include "group/value_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

enum {
    ALWAYS_BYTES = 16 << 20, /* kept as rows in any case */
    PAIR_BYTES = 32,         /* of a value in a set, half of them while quantiles are made of it */
    SAMPLE_BITS = 6,         /* one pair of 64 */
};

void sw_value_rows_free(struct sw_value_rows *values)
{
    size_t members = values->shape ? values->shape->member_count : 0;
    for (size_t i = 0; values->cells && i < values->grouping_count; i++)
        sw_pages_free(&values->cells[i]);
    for (size_t i = 0; values->ids && i < members; i++) sw_pages_free(&values->ids[i]);
    for (size_t i = 0; values->sorted && i < members; i++) free(values->sorted[i]);
    free(values->cells);
    free(values->ids);
    free(values->sorted);
    free(values->sorted_count);
    for (size_t i = 0; values->counts && i < values->grouping_count * members; i++)
        free(values->counts[i]);
    free(values->counts);
    for (size_t i = 0; i < values->grouping_count; i++) values->groupings[i].values = NULL;
    *values = (struct sw_value_rows){0};
}

static size_t count_counted(const struct sw_shape *shape)
{
    size_t count = 0;
    for (size_t i = 0; i < shape->member_count; i++) count += shape->members[i].counted;
    return count;
}

bool sw_value_rows_begin(struct sw_value_rows *values, struct sw_grouping *groupings, size_t count,
                         struct sw_error *error)
{
    const struct sw_shape *shape = groupings[0].shape;
    if (count_counted(shape) == 0) return true;
    values->shape = shape;
    values->groupings = groupings;
    values->grouping_count = count;
    values->cells = sw_alloc(count, sizeof *values->cells, error);
    values->ids = sw_alloc(shape->member_count, sizeof *values->ids, error);
    values->sorted = sw_alloc(shape->member_count, sizeof *values->sorted, error);
    values->sorted_count = sw_alloc(shape->member_count, sizeof *values->sorted_count, error);
    values->counts = sw_alloc(count * shape->member_count, sizeof *values->counts, error);
    if (!values->cells || !values->ids || !values->sorted || !values->sorted_count ||
        !values->counts)
        return false;
    for (size_t i = 0; i < count; i++) {
        groupings[i].values = values;
        groupings[i].valued = i;
    }
    return true;
}

/* ---- rows ---- */

static uint32_t *cells_of(const struct sw_value_rows *values, size_t grouping)
{
    return values->cells[grouping].bytes;
}

static uint32_t *ids_of(const struct sw_value_rows *values, size_t member)
{
    return values->ids[member].bytes;
}

static const struct sw_dimension *dimension_of(const struct sw_value_rows *values, size_t member)
{
    return &values->groupings[0].dimensions->items[values->shape->members[member].dimension];
}

/* Adds those of a member's pairs of (cell, value) that the sample has to *found. */
static bool sample_pairs(const struct sw_value_rows *values, size_t grouping, size_t member,
                         size_t *found, struct sw_error *error)
{
    const uint32_t *cells = cells_of(values, grouping), *ids = ids_of(values, member);
    struct sw_counted_pairs pairs = {0};
    bool good = true;
    for (size_t row = 0; good && row < values->count; row++) {
        uint64_t hash = ((uint64_t)cells[row] << 32 | ids[row]) * sw_hash_key.factor;
        if (hash >> (64 - SAMPLE_BITS) == 0)
            good = sw_counted_add(&pairs, &cells[row], &ids[row], NULL, 1, error);
    }
    good = good && sw_counted_settle(&pairs, error);
    *found += pairs.count;
    sw_counted_free(&pairs);
    return good;
}

/* Sets *pay to whether the rows take no more than sets would, by a sample of the pairs that these would hold. It is asked for again when
 * there are twice as many, so that all the samples cost two looks at a row. */
static bool rows_pay(struct sw_value_rows *values, bool *pay, struct sw_error *error)
{
    size_t bytes = values->count * (values->grouping_count * sizeof(uint32_t) +
                                    count_counted(values->shape) * sizeof(struct sw_sorted_value));
    size_t found = 0;
    *pay = values->count < UINT32_MAX / 2;
    if (!*pay || bytes <= values->looked_at * 2 || bytes <= ALWAYS_BYTES) return true;
    for (size_t member = 0; member < values->shape->member_count; member++)
        for (size_t i = 0; values->shape->members[member].counted && i < values->grouping_count;
             i++)
            if (!sample_pairs(values, i, member, &found, error)) return false;
    values->looked_at = bytes;
    *pay = bytes >> SAMPLE_BITS <= found * PAIR_BYTES;
    return true;
}

static bool append(struct sw_pages *pages, size_t count, const uint32_t *more, size_t rows,
                   struct sw_error *error)
{
    if (!sw_pages_grow(pages, (count + rows) * sizeof *more, error)) return false;
    if (rows) memcpy((uint32_t *)pages->bytes + count, more, rows * sizeof *more);
    return true;
}

bool sw_value_rows_add(struct sw_value_rows *values, size_t rows, struct sw_error *error)
{
    if (!values->shape) return true;
    for (size_t i = 0; i < values->grouping_count; i++)
        if (!append(&values->cells[i], values->count, values->groupings[i].cells, rows, error))
            return false;
    for (size_t i = 0; i < values->shape->member_count; i++)
        if (values->shape->members[i].counted &&
            !append(&values->ids[i], values->count, dimension_of(values, i)->ids, rows, error))
            return false;
    values->count += rows;
    bool pay;
    return rows_pay(values, &pay, error) && (pay || sw_value_rows_settle(values, error));
}

bool sw_value_rows_settle(struct sw_value_rows *values, struct sw_error *error)
{
    bool good = true;
    for (size_t member = 0; values->shape && member < values->shape->member_count; member++) {
        if (!values->shape->members[member].counted) continue;
        for (size_t i = 0; good && i < values->grouping_count; i++) {
            struct sw_grouping *grouping = &values->groupings[i];
            good = sw_set_add(&grouping->sets[member], cells_of(values, i), grouping->cell_count,
                              ids_of(values, member), dimension_of(values, member)->intern.count,
                              NULL, values->count, error);
        }
        sw_pages_free(&values->ids[member]);
    }
    sw_value_rows_free(values);
    return good;
}

/* ---- sorted and dealt out ---- */

/* Makes starts[1..count], in which the values of each kind were counted, where each kind ends, and starts[0..count) where it begins. */
static void add_up(size_t *starts, size_t count)
{
    for (size_t i = 0; i < count; i++) starts[i + 1] += starts[i];
}

/* Puts the rows that have a value in its order, by counting: as many places as different values. */
static void sort_rows(const uint32_t *ids, size_t rows, const uint32_t *ranks, size_t *starts,
                      struct sw_sorted_value *sorted)
{
    for (size_t row = 0; row < rows; row++)
        if (ids[row] != SW_NULL_ID)
            sorted[starts[ranks[ids[row]]]++] = (struct sw_sorted_value){(uint32_t)row, ids[row]};
}

/* The ids by row are not needed any more after it. */
static bool sort_member(struct sw_value_rows *values, size_t member, struct sw_error *error)
{
    struct sw_dimension *dimension =
        &values->groupings[0].dimensions->items[values->shape->members[member].dimension];
    size_t kinds = dimension->intern.count, *counted = &values->sorted_count[member];
    const uint32_t *ids = ids_of(values, member);
    if (values->sorted[member]) return true;
    if (!sw_dimension_rank(dimension, error)) return false;
    size_t *starts = sw_alloc(kinds + 1, sizeof *starts, error);
    if (!starts) return false;
    for (size_t row = 0; row < values->count; row++)
        if (ids[row] != SW_NULL_ID) starts[dimension->ranks[ids[row]] + 1]++;
    add_up(starts, kinds);
    *counted = starts[kinds];
    values->sorted[member] = sw_alloc_unset(*counted, sizeof **values->sorted, error);
    if (values->sorted[member])
        sort_rows(ids, values->count, dimension->ranks, starts, values->sorted[member]);
    free(starts);
    sw_pages_free(&values->ids[member]);
    return values->sorted[member] != NULL;
}

void sw_dealt_values_free(struct sw_dealt_values *dealt)
{
    free(dealt->starts);
    free(dealt->ids);
    *dealt = (struct sw_dealt_values){0};
}

/* The cell of a report's grouping that a cell of the pass goes to. */
static uint32_t target_of(const uint32_t *targets, uint32_t cell)
{
    return targets ? targets[cell] : cell;
}

/* How many values of a member each cell of the pass has; counted once, for all reports that are made from them. NULL: no memory. */
static const uint32_t *count_values(struct sw_value_rows *values, size_t grouping, size_t member,
                                    struct sw_error *error)
{
    uint32_t **counts = &values->counts[member * values->grouping_count + grouping];
    const uint32_t *cells = cells_of(values, grouping);
    const struct sw_sorted_value *sorted = values->sorted[member];
    if (*counts) return *counts;
    *counts = sw_alloc(values->groupings[grouping].cell_count, sizeof **counts, error);
    for (size_t i = 0; *counts && i < values->sorted_count[member]; i++)
        (*counts)[cells[sorted[i].row]]++;
    return *counts;
}

bool sw_value_rows_deal(struct sw_value_rows *values, const struct sw_grouping *grouping,
                        size_t member, struct sw_dealt_values *dealt, struct sw_error *error)
{
    const uint32_t *cells = cells_of(values, grouping->valued), *targets = grouping->targets;
    const size_t sources = values->groupings[grouping->valued].cell_count;
    *dealt = (struct sw_dealt_values){0};
    if (!sort_member(values, member, error)) return false;
    const uint32_t *counts = count_values(values, grouping->valued, member, error);
    const struct sw_sorted_value *sorted = values->sorted[member];
    const size_t count = values->sorted_count[member];
    size_t *starts = sw_alloc(grouping->cell_count + 2, sizeof *starts, error);
    uint32_t *ids = sw_alloc_unset(count, sizeof *ids, error);
    dealt->starts = starts;
    dealt->ids = ids;
    if (!counts || !starts || !ids) return false;
    for (size_t cell = 0; cell < sources; cell++)
        starts[target_of(targets, (uint32_t)cell) + 2] += counts[cell];
    add_up(starts + 1, grouping->cell_count);
    for (size_t i = 0; i < count; i++)
        ids[starts[target_of(targets, cells[sorted[i].row]) + 1]++] = sorted[i].id;
    return true;
}
