/* SPDX-License-Identifier: ISC
 *
 * Partial aggregates as a record stream, and back. One schema holds all groupings:
 *
 *     report | set | key/COLUMN … | fields of the record … | members …
 *
 * A row with a null `set` is a group's record; one with a set's name says that the group has this
 * member. Rows are in the order of groupings, keys and members, so that equal aggregates are equal
 * bytes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "query/aggregate.h"
#include "query/order.h"

/* ---- writing ---- */

struct partial_writer {
    const struct sw_aggregate *aggregate;
    struct sw_schema schema;
    struct sw_writer writer;
    int key_columns[SW_KEYS_MAXIMUM]; /* the dimension of each key column, those of all groupings */
    size_t key_count;
};

static bool is_key(const struct sw_aggregate *aggregate, size_t dimension)
{
    for (size_t i = 0; i < aggregate->grouping_count; i++)
        for (size_t key = 0; key < aggregate->groupings[i].key_count; key++)
            if (aggregate->groupings[i].keys[key] == (int)dimension) return true;
    return false;
}

static bool add_keys(struct partial_writer *partial, struct sw_error *error)
{
    const struct sw_dimensions *dimensions = &partial->aggregate->dimensions;
    for (size_t i = 0; i < dimensions->count; i++) {
        const struct sw_dimension *dimension = &dimensions->items[i];
        char name[SW_NAME_MAXIMUM + 8];
        if (!is_key(partial->aggregate, i)) continue;
        snprintf(name, sizeof name, "key/%s", dimension->name);
        if (!sw_schema_add(&partial->schema, name, dimension->type, dimension->scale, error))
            return false;
        partial->key_columns[partial->key_count++] = (int)i;
    }
    return true;
}

static bool make_schema(struct partial_writer *partial, const struct sw_schema *made_from,
                        const char *made_by, struct sw_error *error)
{
    struct sw_schema *schema = &partial->schema;
    const struct sw_aggregate *aggregate = partial->aggregate;
    if (!sw_schema_init(schema, aggregate->table, error) ||
        !sw_schema_add(schema, "report", SW_TEXT, 0, error) ||
        !sw_schema_add(schema, "set", SW_TEXT, 0, error) || !add_keys(partial, error) ||
        !sw_shape_columns(&aggregate->shape, &aggregate->dimensions, schema, error))
        return false;
    for (size_t i = 0; i < made_from->provenance_count; i++)
        if (!sw_schema_made_by(schema, made_from->provenance[i], strlen(made_from->provenance[i]),
                               error))
            return false;
    return sw_schema_made_by(schema, made_by, strlen(made_by), error);
}

/* The columns that say which group it is; *next is the builder behind them. */
static bool put_group(struct partial_writer *partial, const struct sw_grouping *grouping,
                      uint32_t cell, const char *set, struct sw_builder **next,
                      struct sw_error *error)
{
    struct sw_builder *builder = partial->writer.builders;
    uint32_t ids[SW_KEYS_MAXIMUM];
    sw_grouping_keys(grouping, cell, ids);
    if (!sw_builder_add_text(builder++, grouping->name, strlen(grouping->name), error))
        return false;
    if (!set)
        sw_builder_add_null(builder++);
    else if (!sw_builder_add_text(builder++, set, strlen(set), error))
        return false;
    for (size_t i = 0; i < partial->key_count; i++, builder++) {
        uint32_t id = SW_NULL_ID;
        for (size_t key = 0; key < grouping->key_count; key++)
            if (grouping->keys[key] == partial->key_columns[i]) id = ids[key];
        if (!sw_dimension_put(&grouping->dimensions->items[partial->key_columns[i]], id, builder,
                              error))
            return false;
    }
    *next = builder;
    return true;
}

static bool put_record(struct partial_writer *partial, const struct sw_grouping *grouping,
                       uint32_t cell, struct sw_error *error)
{
    const struct sw_shape *shape = grouping->shape;
    const unsigned char *record = sw_grouping_record(grouping, cell);
    struct sw_builder *builder;
    if (!put_group(partial, grouping, cell, NULL, &builder, error)) return false;
    for (size_t i = 0; i < shape->field_count; i++) {
        if (!sw_field_write(&shape->fields[i], record, builder, error)) return false;
        builder += sw_field_width(shape->fields[i].kind);
    }
    for (size_t i = 0; i < shape->member_count; i++) sw_builder_add_null(builder++);
    return sw_writer_added(&partial->writer, 1, error);
}

static bool put_member(struct partial_writer *partial, const struct sw_grouping *grouping,
                       size_t set, uint32_t cell, uint32_t id, struct sw_error *error)
{
    const struct sw_shape *shape = grouping->shape;
    struct sw_builder *builder;
    if (!put_group(partial, grouping, cell, shape->members[set].name, &builder, error))
        return false;
    for (size_t i = 0; i < shape->field_count; i++) {
        sw_field_skip(&shape->fields[i], builder);
        builder += sw_field_width(shape->fields[i].kind);
    }
    for (size_t i = 0; i < shape->member_count; i++, builder++) {
        const struct sw_dimension *dimension =
            &grouping->dimensions->items[shape->members[i].dimension];
        if (!sw_dimension_put(dimension, i == set ? id : SW_NULL_ID, builder, error)) return false;
    }
    return sw_writer_added(&partial->writer, 1, error);
}

/* Puts owners in the order of places[], and the members of each by their rank. */
static bool order_members(const uint32_t *owner, const uint32_t *member, size_t count,
                          const uint32_t *places, const uint32_t *ranks, uint32_t *order,
                          struct sw_error *error)
{
    uint32_t *keys = sw_alloc(count, sizeof *keys, error);
    if (!keys) return false;
    for (size_t i = 0; i < count; i++) {
        order[i] = (uint32_t)i;
        keys[i] = ranks[member[i]];
    }
    bool good = sw_order_by(order, count, keys, error);
    for (size_t i = 0; i < count; i++) keys[i] = places[owner[i]];
    good = good && sw_order_by(order, count, keys, error);
    free(keys);
    return good;
}

static bool write_set(struct partial_writer *partial, const struct sw_grouping *grouping,
                      size_t set, const uint32_t *places, struct sw_error *error)
{
    struct sw_dimension *dimension =
        &grouping->dimensions->items[grouping->shape->members[set].dimension];
    uint32_t *owner, *member;
    size_t count;
    if (!sw_dimension_rank(dimension, error) ||
        !sw_set_list(&grouping->sets[set], &owner, &member, &count, error))
        return false;
    uint32_t *order = sw_alloc(count, sizeof *order, error);
    bool good =
        order && order_members(owner, member, count, places, dimension->ranks, order, error);
    for (size_t i = 0; good && i < count; i++)
        good = put_member(partial, grouping, set, owner[order[i]], member[order[i]], error);
    free(order);
    free(owner);
    free(member);
    return good;
}

static bool write_cells(struct partial_writer *partial, const struct sw_grouping *grouping,
                        const uint32_t *order, size_t count, struct sw_error *error)
{
    uint32_t *places = sw_alloc(grouping->cell_count, sizeof *places, error);
    bool good = places != NULL;
    for (size_t i = 0; good && i < count; i++) {
        places[order[i]] = (uint32_t)i;
        good = put_record(partial, grouping, order[i], error);
    }
    for (size_t set = 0; good && set < grouping->shape->member_count; set++)
        good = write_set(partial, grouping, set, places, error);
    free(places);
    return good;
}

static bool write_grouping(struct partial_writer *partial, const struct sw_grouping *grouping,
                           struct sw_error *error)
{
    uint32_t *order;
    size_t count;
    if (!sw_grouping_order(grouping, &order, &count, error)) return false;
    bool good = write_cells(partial, grouping, order, count, error);
    free(order);
    return good;
}

static bool write_groupings(struct partial_writer *partial, struct sw_output *output,
                            struct sw_error *error)
{
    const struct sw_aggregate *aggregate = partial->aggregate;
    if (!sw_writer_open(&partial->writer, output, &partial->schema, 0, error)) return false;
    bool good = true;
    for (size_t i = 0; good && i < aggregate->grouping_count; i++)
        good = write_grouping(partial, &aggregate->groupings[i], error);
    good = good && sw_writer_close(&partial->writer, error);
    sw_writer_free(&partial->writer);
    return good;
}

bool sw_partial_write(struct sw_aggregate *aggregate, struct sw_output *output,
                      const struct sw_schema *made_from, const char *made_by,
                      struct sw_error *error)
{
    struct partial_writer partial = {.aggregate = aggregate};
    bool good = make_schema(&partial, made_from, made_by, error) &&
                write_groupings(&partial, output, error);
    sw_schema_free(&partial.schema);
    return good;
}

/* ---- reading ---- */

struct partial_reader {
    struct sw_aggregate *aggregate;
    struct sw_reader *reader;
    int fields, members;              /* the first column of each */
    const struct sw_vector **vectors; /* of the current block, a column each */
};

static bool is_text(const struct sw_vector *vector, size_t row, const char *text)
{
    struct sw_text is = vector->dictionary[vector->codes[row]];
    return strlen(text) == is.length && memcmp(text, is.bytes, is.length) == 0;
}

static bool load_members(struct partial_reader *partial, struct sw_error *error)
{
    struct sw_aggregate *aggregate = partial->aggregate;
    size_t rows = partial->reader->rows, count = aggregate->shape.member_count;
    if (!sw_grow(&aggregate->member_ids, &aggregate->member_capacity, rows * count,
                 sizeof *aggregate->member_ids, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        int dimension = aggregate->shape.members[i].dimension;
        const struct sw_vector *vector = partial->vectors[(size_t)partial->members + i];
        if (!sw_intern_vector(&aggregate->dimensions.items[dimension].intern, vector, rows,
                              aggregate->member_ids + i * rows, error))
            return false;
    }
    return true;
}

static bool load_block(struct partial_reader *partial, struct sw_error *error)
{
    struct sw_dimensions *dimensions = &partial->aggregate->dimensions;
    const struct sw_schema *schema = &partial->reader->schema;
    for (size_t i = 0; i < schema->column_count; i++) {
        partial->vectors[i] = sw_reader_vector(partial->reader, (int)i, error);
        if (!partial->vectors[i]) return false;
    }
    for (size_t i = 2; i < (size_t)partial->fields; i++) {
        const char *name = schema->columns[i].name + strlen("key/");
        int key = sw_dimension_add(dimensions, name, strlen(name), error);
        if (key < 0 || !sw_dimension_load(&dimensions->items[key], partial->vectors[i],
                                          partial->reader->rows, error))
            return false;
    }
    return load_members(partial, error);
}

static struct sw_grouping *find_grouping(struct partial_reader *partial, size_t row,
                                         struct sw_error *error)
{
    const struct sw_vector *report = partial->vectors[0];
    struct sw_aggregate *aggregate = partial->aggregate;
    for (size_t i = 0; !sw_is_null(report, row) && i < aggregate->grouping_count; i++)
        if (is_text(report, row, aggregate->groupings[i].name)) return &aggregate->groupings[i];
    sw_fail(error, SW_DATA, "%s: not partial aggregates: an unknown report",
            partial->reader->input.name);
    return NULL;
}

static bool merge_records(struct partial_reader *partial, struct sw_grouping *grouping,
                          size_t start, size_t rows, struct sw_error *error)
{
    const struct sw_shape *shape = grouping->shape;
    for (size_t row = 0; row < rows; row++) {
        const struct sw_vector *const *vectors = partial->vectors + partial->fields;
        unsigned char *record = sw_grouping_record(grouping, grouping->cells[row]);
        for (size_t i = 0; i < shape->field_count; i++) {
            if (!sw_field_read(&shape->fields[i], vectors, start + row, record, error))
                return sw_grouping_blame(grouping, grouping->cells[row], error);
            vectors += sw_field_width(shape->fields[i].kind);
        }
    }
    return true;
}

static bool merge_members(struct partial_reader *partial, struct sw_grouping *grouping,
                          size_t start, size_t rows, struct sw_error *error)
{
    struct sw_aggregate *aggregate = partial->aggregate;
    const struct sw_shape *shape = grouping->shape;
    size_t set = 0;
    while (set < shape->member_count &&
           !is_text(partial->vectors[1], start, shape->members[set].name))
        set++;
    if (set == shape->member_count || !(grouping->kept >> set & 1))
        return sw_fail(error, SW_DATA, "%s: not partial aggregates: an unknown set",
                       partial->reader->input.name);
    const struct sw_dimension *dimension =
        &aggregate->dimensions.items[shape->members[set].dimension];
    const uint32_t *ids = aggregate->member_ids + set * partial->reader->rows + start;
    return sw_set_add(&grouping->sets[set], grouping->cells, grouping->cell_count, ids,
                      dimension->intern.count, rows, error);
}

/* Rows of one grouping, either all records or all members of one set. */
static size_t run_length(const struct partial_reader *partial, size_t start)
{
    const struct sw_vector *report = partial->vectors[0], *set = partial->vectors[1];
    size_t row = start;
    while (row < partial->reader->rows && report->codes[row] == report->codes[start] &&
           set->codes[row] == set->codes[start] &&
           sw_is_null(report, row) == sw_is_null(report, start) &&
           sw_is_null(set, row) == sw_is_null(set, start))
        row++;
    return row - start;
}

static bool merge_block(struct partial_reader *partial, struct sw_error *error)
{
    if (!load_block(partial, error)) return false;
    for (size_t start = 0, rows; start < partial->reader->rows; start += rows) {
        rows = run_length(partial, start);
        struct sw_grouping *grouping = find_grouping(partial, start, error);
        if (!grouping || !sw_grouping_rows(grouping, start, rows, error)) return false;
        bool record = sw_is_null(partial->vectors[1], start);
        if (!(record ? merge_records : merge_members)(partial, grouping, start, rows, error))
            return false;
    }
    return true;
}

bool sw_aggregate_partials(struct sw_aggregate *aggregate, struct sw_reader *reader,
                           struct sw_error *error)
{
    struct partial_reader partial = {.aggregate = aggregate, .reader = reader};
    size_t columns = reader->schema.column_count;
    enum sw_step step = SW_FAILED;
    partial.fields = sw_shape_find(&aggregate->shape, &reader->schema);
    partial.members = (int)(columns - aggregate->shape.member_count);
    partial.vectors = sw_alloc(columns, sizeof *partial.vectors, error);
    while (partial.vectors && (step = sw_reader_next(reader, error)) == SW_ROWS)
        if (!merge_block(&partial, error)) {
            step = SW_FAILED;
            break;
        }
    free(partial.vectors);
    return step == SW_END;
}
