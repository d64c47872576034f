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
    SORTED_AT_ONCE = 8192,   /* that are read back together */
};

void sw_value_rows_free(struct sw_value_rows *values)
{
    size_t members = values->shape ? values->shape->member_count : 0;
    sw_value_columns_free(&values->columns);
    sw_value_numbers_free(&values->cells);
    for (size_t i = 0; values->sorted && i < members; i++) free(values->sorted[i].items);
    sw_pages_free(&values->places);
    sw_pages_free(&values->dealt);
    free(values->sorted);
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
                         uint64_t memory_bytes, const char *folder, struct sw_error *error)
{
    const struct sw_shape *shape = groupings[0].shape;
    if (count_counted(shape) == 0) return true;
    values->shape = shape;
    values->groupings = groupings;
    values->grouping_count = count;
    values->sorted = sw_alloc(shape->member_count, sizeof *values->sorted, error);
    values->counts = sw_alloc(count * shape->member_count, sizeof *values->counts, error);
    if (!values->sorted || !values->counts ||
        !sw_value_columns_open(&values->columns, count + count_counted(shape), memory_bytes, folder,
                               error))
        return false;
    for (size_t i = 0; i < count; i++) {
        groupings[i].values = values;
        groupings[i].valued = i;
    }
    return true;
}

/* ---- rows ---- */

/* The column of a member's ids. */
static size_t column_of(const struct sw_value_rows *values, size_t member)
{
    size_t column = values->grouping_count;
    for (size_t i = 0; i < member; i++) column += values->shape->members[i].counted;
    return column;
}

/* The cells of a grouping, until those of another one are asked for. NULL: no memory, the file. */
static const uint32_t *cells_of(struct sw_value_rows *values, size_t grouping,
                                struct sw_error *error)
{
    if (values->cells_of != grouping + 1) {
        sw_value_numbers_free(&values->cells);
        values->cells_of = 0;
        if (!sw_value_columns_read(&values->columns, grouping, &values->cells, error)) return NULL;
        values->cells_of = grouping + 1;
    }
    return values->cells.at;
}

static const struct sw_dimension *dimension_of(const struct sw_value_rows *values, size_t member)
{
    return &values->groupings[0].dimensions->items[values->shape->members[member].dimension];
}

/* Adds those of a member's pairs of (cell, value) that the sample has to *found. */
static bool sample_pairs(const struct sw_value_rows *values, size_t grouping, size_t member,
                         size_t *found, struct sw_error *error)
{
    const struct sw_pages *held = values->columns.held;
    const uint32_t *cells = held[grouping].bytes, *ids = held[column_of(values, member)].bytes;
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
 * there are twice as many, so that all the samples cost two looks at a row; and no more once they are in a file. */
static bool rows_pay(struct sw_value_rows *values, bool *pay, struct sw_error *error)
{
    size_t bytes = values->count * (values->grouping_count * sizeof(uint32_t) +
                                    count_counted(values->shape) * sizeof(struct sw_sorted_value));
    size_t found = 0;
    *pay = values->count < UINT32_MAX / 2;
    if (!*pay || values->columns.spilled || bytes <= values->looked_at * 2 || bytes <= ALWAYS_BYTES)
        return true;
    for (size_t member = 0; member < values->shape->member_count; member++)
        for (size_t i = 0; values->shape->members[member].counted && i < values->grouping_count;
             i++)
            if (!sample_pairs(values, i, member, &found, error)) return false;
    values->looked_at = bytes;
    *pay = bytes >> SAMPLE_BITS <= found * PAIR_BYTES;
    return true;
}

bool sw_value_rows_add(struct sw_value_rows *values, size_t rows, struct sw_error *error)
{
    struct sw_value_columns *columns = &values->columns;
    if (!values->shape) return true;
    for (size_t i = 0; i < values->grouping_count; i++)
        if (!sw_value_columns_append(columns, i, values->groupings[i].cells, rows, error))
            return false;
    for (size_t i = 0; i < values->shape->member_count; i++)
        if (values->shape->members[i].counted &&
            !sw_value_columns_append(columns, column_of(values, i), dimension_of(values, i)->ids,
                                     rows, error))
            return false;
    values->count += rows;
    bool pay;
    return sw_value_columns_added(columns, rows, error) && rows_pay(values, &pay, error) &&
           (pay || sw_value_rows_settle(values, error));
}

static bool settle_member(struct sw_value_rows *values, size_t member, struct sw_error *error)
{
    struct sw_value_numbers ids = {0};
    bool good = sw_value_columns_read(&values->columns, column_of(values, member), &ids, error);
    for (size_t i = 0; good && i < values->grouping_count; i++) {
        struct sw_grouping *grouping = &values->groupings[i];
        const uint32_t *cells = cells_of(values, i, error);
        good = (cells || values->count == 0) &&
               sw_set_add(&grouping->sets[member], cells, grouping->cell_count, ids.at,
                          dimension_of(values, member)->intern.count, NULL, values->count, error);
    }
    sw_value_numbers_free(&ids);
    sw_value_columns_drop(&values->columns, column_of(values, member));
    return good;
}

bool sw_value_rows_settle(struct sw_value_rows *values, struct sw_error *error)
{
    bool good = true;
    for (size_t i = 0; good && values->shape && i < values->shape->member_count; i++)
        good = !values->shape->members[i].counted || settle_member(values, i, error);
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

static bool sort_ids(struct sw_sorted_values *sorted, const uint32_t *ids, size_t rows,
                     const struct sw_dimension *dimension, struct sw_error *error)
{
    const size_t kinds = dimension->intern.count;
    size_t *starts = sw_alloc(kinds + 1, sizeof *starts, error);
    if (!starts) return false;
    for (size_t row = 0; row < rows; row++)
        if (ids[row] != SW_NULL_ID) starts[dimension->ranks[ids[row]] + 1]++;
    add_up(starts, kinds);
    sorted->count = starts[kinds];
    sorted->items = sw_alloc_unset(sorted->count, sizeof *sorted->items, error);
    if (sorted->items) sort_rows(ids, rows, dimension->ranks, starts, sorted->items);
    free(starts);
    return sorted->items != NULL;
}

static bool put_by(struct sw_value_rows *values, struct sw_sorted_values *sorted,
                   struct sw_error *error)
{
    struct sw_output *output = &values->columns.scratch.output;
    sorted->part = (struct sw_part){output->written, sorted->count * sizeof *sorted->items};
    bool good = sw_output_write(output, sorted->items, sorted->part.length, error) &&
                sw_output_flush(output, error);
    free(sorted->items);
    sorted->items = NULL;
    return good;
}

/* The ids by row are not needed any more after it. */
static bool sort_member(struct sw_value_rows *values, size_t member, struct sw_error *error)
{
    struct sw_dimension *dimension =
        &values->groupings[0].dimensions->items[values->shape->members[member].dimension];
    struct sw_sorted_values *sorted = &values->sorted[member];
    struct sw_value_numbers ids = {0};
    const size_t column = column_of(values, member);
    if (sorted->made) return true;
    bool good = sw_dimension_rank(dimension, error) &&
                sw_value_columns_read(&values->columns, column, &ids, error) &&
                sort_ids(sorted, ids.at, values->count, dimension, error);
    sw_value_numbers_free(&ids);
    sw_value_columns_drop(&values->columns, column);
    return sorted->made = good && (!values->columns.spilled || put_by(values, sorted, error));
}

/* Some of the sorted values, from one on: all that are left where they are in memory, else what the buffer takes. */
struct some_values {
    struct sw_sorted_value buffer[SORTED_AT_ONCE];
    const struct sw_sorted_value *at;
    size_t count;
};

static bool next_values(const struct sw_value_rows *values, size_t member, size_t from,
                        struct some_values *some, struct sw_error *error)
{
    const struct sw_sorted_values *sorted = &values->sorted[member];
    some->count = sorted->count - from;
    some->at = sorted->items ? sorted->items + from : some->buffer;
    if (sorted->items || some->count == 0) return true;
    if (some->count > SORTED_AT_ONCE) some->count = SORTED_AT_ONCE;
    const struct sw_part part = {sorted->part.offset + from * sizeof *some->at,
                                 some->count * sizeof *some->at};
    struct sw_input input;
    size_t got;
    sw_scratch_input(&values->columns.scratch, part, &input);
    return sw_input_read(&input, some->buffer, part.length, &got, error) &&
           (got == part.length ||
            sw_fail(error, SW_SYSTEM, "%s: a temporary file has become shorter", input.name));
}

void sw_dealt_values_free(struct sw_dealt_values *dealt)
{
    free(dealt->starts);
    *dealt = (struct sw_dealt_values){0};
}

/* The cell of a report's grouping that a cell of the pass goes to. */
static uint32_t target_of(const uint32_t *targets, uint32_t cell)
{
    return targets ? targets[cell] : cell;
}

/* How many values of a member each cell of the pass has; counted once, for all reports that are made from them. NULL: no memory, the file. */
static const uint32_t *count_values(struct sw_value_rows *values, size_t grouping, size_t member,
                                    const uint32_t *cells, struct sw_error *error)
{
    uint32_t **kept = &values->counts[member * values->grouping_count + grouping];
    struct some_values some;
    if (*kept) return *kept;
    uint32_t *counts = sw_alloc(values->groupings[grouping].cell_count, sizeof *counts, error);
    for (size_t from = 0; counts && from < values->sorted[member].count; from += some.count) {
        if (!next_values(values, member, from, &some, error)) {
            free(counts);
            return NULL;
        }
        for (size_t i = 0; i < some.count; i++) counts[cells[some.at[i].row]]++;
    }
    return *kept = counts;
}

/* ---- where rows go ---- */

/* Sets the place of each row, in as few bytes as there are places for: it is reached for in the order of values, so that it should stay in the
 * CPU's caches. */
#define AIM(type)                                                                                  \
    {                                                                                              \
        type *places = values->places.bytes;                                                       \
        for (size_t row = 0; row < values->count; row++)                                           \
            places[row] = (type)target_of(targets, cells[row]);                                    \
        return true;                                                                               \
    }

bool sw_value_rows_aim(struct sw_value_rows *values, const struct sw_grouping *grouping,
                       struct sw_error *error)
{
    const uint32_t *targets = grouping->targets;
    const uint32_t *cells = cells_of(values, grouping->valued, error);
    if (!cells && values->count > 0) return false;
    values->place_bytes = grouping->cell_count <= UINT8_MAX + 1    ? 1
                          : grouping->cell_count <= UINT16_MAX + 1 ? 2
                                                                   : 4;
    if (!sw_pages_grow(&values->places, values->count * values->place_bytes, error)) return false;
    switch (values->place_bytes) {
    case 1:
        AIM(uint8_t)
    case 2:
        AIM(uint16_t)
    default:
        AIM(uint32_t)
    }
}

#define DEAL(type)                                                                                 \
    {                                                                                              \
        const type *places = values->places.bytes;                                                 \
        for (size_t i = 0; i < some->count; i++)                                                   \
            ids[starts[places[some->at[i].row]]++] = some->at[i].id;                               \
        return;                                                                                    \
    }

static void deal_some(const struct sw_value_rows *values, const struct some_values *some,
                      size_t *starts)
{
    uint32_t *ids = values->dealt.bytes;
    switch (values->place_bytes) {
    case 1:
        DEAL(uint8_t)
    case 2:
        DEAL(uint16_t)
    default:
        DEAL(uint32_t)
    }
}

static bool deal_values(const struct sw_value_rows *values, size_t member, size_t *starts,
                        struct sw_error *error)
{
    struct some_values some;
    for (size_t from = 0; from < values->sorted[member].count; from += some.count) {
        if (!next_values(values, member, from, &some, error)) return false;
        deal_some(values, &some, starts);
    }
    return true;
}

/* All of them to the one cell that there is. */
static bool deal_to_one(const struct sw_value_rows *values, size_t member,
                        struct sw_dealt_values *dealt, struct sw_error *error)
{
    const size_t count = values->sorted[member].count;
    struct some_values some;
    uint32_t *ids = values->dealt.bytes;
    dealt->starts = sw_alloc(2, sizeof *dealt->starts, error);
    if (!dealt->starts) return false;
    dealt->starts[1] = count;
    for (size_t from = 0; from < count; from += some.count) {
        if (!next_values(values, member, from, &some, error)) return false;
        for (size_t i = 0; i < some.count; i++) ids[from + i] = some.at[i].id;
    }
    return true;
}

bool sw_value_rows_deal(struct sw_value_rows *values, const struct sw_grouping *grouping,
                        size_t member, struct sw_dealt_values *dealt, struct sw_error *error)
{
    const uint32_t *targets = grouping->targets;
    const size_t sources = values->groupings[grouping->valued].cell_count;
    *dealt = (struct sw_dealt_values){0};
    if (!sort_member(values, member, error)) return false;
    if (!sw_pages_grow(&values->dealt, values->count * sizeof *dealt->ids, error)) return false;
    dealt->ids = values->dealt.bytes;
    if (grouping->key_count == 0) return deal_to_one(values, member, dealt, error);
    const uint32_t *cells = cells_of(values, grouping->valued, error);
    if (!cells && values->count > 0) return false;
    const uint32_t *counts = count_values(values, grouping->valued, member, cells, error);
    dealt->starts = sw_alloc(grouping->cell_count + 2, sizeof *dealt->starts, error);
    if (!counts || !dealt->starts) return false;
    for (size_t cell = 0; cell < sources; cell++)
        dealt->starts[target_of(targets, (uint32_t)cell) + 2] += counts[cell];
    add_up(dealt->starts + 1, grouping->cell_count);
    return deal_values(values, member, dealt->starts + 1, error);
}
