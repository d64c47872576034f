/* SPDX-License-Identifier: ISC
 *
 * Partial aggregates as a record stream, and back. One schema holds all groupings:
 *
 *     report | set | key/COLUMN … | fields of the record … | members …
 *
 * A row with a null `set` is a group's record; one with a set's name says that the group has this
 * member. Rows are in the order of groupings, keys and members, so that equal aggregates are equal
 * bytes. Members stand in blocks of their own, in which most columns have no values: writing and
 * reading a member costs what its few columns do.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "group/aggregate.h"
#include "distinct/value_order.h"
#include "measure/shape_columns.h"

/* ---- writing ---- */

enum { BLOCK_ROWS = 4096 }; /* as many as stay in the CPU's caches, all columns together */

struct partial_writer {
    const struct sw_aggregate *aggregate;
    struct sw_schema schema;
    struct sw_writer writer;
    int key_columns[SW_KEYS_MAXIMUM]; /* the dimension of each key column, those of all groupings */
    size_t key_count;
    uint32_t ids[BLOCK_ROWS]; /* scratch */
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
    if (!sw_partial_schema_init(schema, &aggregate->said, error) ||
        !sw_schema_add(schema, "report", SW_TEXT, 0, error) ||
        !sw_schema_add(schema, "set", SW_TEXT, 0, error) || !add_keys(partial, error) ||
        !sw_shape_columns(&aggregate->shape, &aggregate->dimensions, schema, error))
        return false;
    return sw_schema_inherit(schema, made_from, true, error) &&
           (!made_by || sw_schema_made_by(schema, made_by, strlen(made_by), error));
}

/* The ids that cells have in a dimension: null where it is no key of theirs. Neighbours are often
 * the same. */
static void list_ids(const struct sw_grouping *grouping, int dimension, const uint32_t *cells,
                     size_t count, uint32_t *of_cells)
{
    uint32_t ids[SW_KEYS_MAXIMUM];
    size_t key = 0;
    while (key < grouping->key_count && grouping->keys[key] != dimension) key++;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || cells[i] != cells[i - 1]) sw_grouping_keys(grouping, cells[i], ids);
        of_cells[i] = key < grouping->key_count ? ids[key] : SW_NULL_ID;
    }
}

/* A text, or null for NULL, in `count` (1 or more) rows. */
static bool put_same(struct sw_builder *builder, const char *text, size_t count,
                     struct sw_error *error)
{
    if (!text)
        sw_builder_add_null(builder);
    else if (!sw_builder_add_text(builder, text, strlen(text), error))
        return false;
    sw_builder_repeat(builder, count - 1);
    return true;
}

/* The columns that say which groups `count` (up to BLOCK_ROWS) cells are; *next is the builder
 * after them. */
static bool put_groups(struct partial_writer *partial, const struct sw_grouping *grouping,
                       const uint32_t *cells, size_t count, const char *set,
                       struct sw_builder **next, struct sw_error *error)
{
    struct sw_builder *builder = partial->writer.builders;
    if (!put_same(builder++, grouping->name, count, error) ||
        !put_same(builder++, set, count, error))
        return false;
    for (size_t i = 0; i < partial->key_count; i++, builder++) {
        int dimension = partial->key_columns[i];
        list_ids(grouping, dimension, cells, count, partial->ids);
        if (!sw_dimension_put_all(&grouping->dimensions->items[dimension], partial->ids, count,
                                  builder, error))
            return false;
    }
    *next = builder;
    return true;
}

/* How many rows may be put at once, where a row has `text_bytes` of text besides its keys, so that
 * a block's texts stay bounded. */
static size_t rows_at_once(const struct partial_writer *partial, const struct sw_grouping *grouping,
                           size_t text_bytes)
{
    for (size_t key = 0; key < grouping->key_count; key++)
        text_bytes += sw_intern_longest(&grouping->dimensions->items[grouping->keys[key]].intern);
    size_t rows = partial->writer.text_limit_bytes / (text_bytes + 1);
    return rows < 1 ? 1 : rows < BLOCK_ROWS ? rows : BLOCK_ROWS;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool put_fields(const struct sw_grouping *grouping, uint32_t cell,
                       struct sw_builder *builder, struct sw_error *error)
{
    const struct sw_shape *shape = grouping->shape;
    const unsigned char *record = sw_grouping_record(grouping, cell);
    for (size_t i = 0; i < shape->field_count; i++) {
        if (!sw_field_write(&shape->fields[i], record, builder, error)) return false;
        builder += sw_field_width(shape->fields[i].kind);
    }
    return true;
}

static bool put_records(struct partial_writer *partial, const struct sw_grouping *grouping,
                        const uint32_t *cells, size_t count, struct sw_error *error)
{
    struct sw_builder *builder, *end = partial->writer.builders + partial->schema.column_count;
    if (!put_groups(partial, grouping, cells, count, NULL, &builder, error)) return false;
    for (size_t i = 0; i < count; i++)
        if (!put_fields(grouping, cells[i], builder, error)) return false;
    for (builder = end - grouping->shape->member_count; builder < end; builder++)
        if (!put_same(builder, NULL, count, error)) return false;
    return sw_writer_added(&partial->writer, count, error);
}

static bool write_records(struct partial_writer *partial, const struct sw_grouping *grouping,
                          const uint32_t *cells, size_t count, struct sw_error *error)
{
    const struct sw_shape *shape = grouping->shape;
    size_t text_bytes = 0;
    for (size_t i = 0; i < shape->field_count; i++)
        if (shape->fields[i].texts) text_bytes += sw_intern_longest(shape->fields[i].texts);
    size_t most = rows_at_once(partial, grouping, text_bytes);
    for (size_t from = 0, part; from < count; from += part) {
        part = smaller(smaller(most, count - from), sw_writer_room(&partial->writer));
        if (!put_records(partial, grouping, cells + from, part, error)) return false;
    }
    return true;
}

static bool put_members(struct partial_writer *partial, const struct sw_grouping *grouping,
                        size_t set, const uint32_t *cells, const uint32_t *ids,
                        const uint64_t *times, size_t count, struct sw_error *error)
{
    const struct sw_member *member = &grouping->shape->members[set];
    struct sw_builder *builder, *end = partial->writer.builders + partial->schema.column_count;
    struct sw_builder *has_member = end - grouping->shape->member_count + set;
    if (!put_groups(partial, grouping, cells, count, member->name, &builder, error) ||
        !sw_dimension_put_all(&grouping->dimensions->items[member->dimension], ids, count,
                              has_member, error))
        return false;
    for (size_t i = 0; times && i < count; i++)
        if (!sw_builder_add_value(builder, (sw_int128)times[i], error)) return false;
    for (builder += times != NULL; builder < end; builder++)
        if (builder != has_member && !put_same(builder, NULL, count, error)) return false;
    return sw_writer_added(&partial->writer, count, error);
}

static bool put_in_order(struct partial_writer *partial, const struct sw_grouping *grouping,
                         size_t set, const uint32_t *owner, const uint32_t *member,
                         const uint32_t *order, size_t count, struct sw_error *error)
{
    uint32_t owners[BLOCK_ROWS], members[BLOCK_ROWS];
    uint64_t times[BLOCK_ROWS];
    const struct sw_member *of = &grouping->shape->members[set];
    size_t longest = sw_intern_longest(&grouping->dimensions->items[of->dimension].intern);
    size_t most = rows_at_once(partial, grouping, longest);
    if (!sw_writer_cut(&partial->writer, error)) return false;
    for (size_t from = 0, part; from < count; from += part) {
        part = smaller(smaller(most, count - from), sw_writer_room(&partial->writer));
        for (size_t i = 0; i < part; i++) {
            owners[i] = owner[order[from + i]];
            members[i] = member[order[from + i]];
            if (of->counted) times[i] = sw_set_times(&grouping->sets[set], order[from + i]);
        }
        if (!put_members(partial, grouping, set, owners, members, of->counted ? times : NULL, part,
                         error))
            return false;
    }
    return sw_writer_cut(&partial->writer, error);
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
    bool good = order &&
                order_members(owner, member, count, places, dimension->ranks, order, error) &&
                put_in_order(partial, grouping, set, owner, member, order, count, error);
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
    for (size_t i = 0; good && i < count; i++) places[order[i]] = (uint32_t)i;
    good = good && write_records(partial, grouping, order, count, error);
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
    if (!sw_writer_open(&partial->writer, output, &partial->schema, BLOCK_ROWS, error))
        return false;
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
    bool good = sw_value_rows_settle(&aggregate->values, error) &&
                make_schema(&partial, made_from, made_by, error) &&
                write_groupings(&partial, output, error);
    sw_schema_free(&partial.schema);
    return good;
}

/* ---- reading ---- */

struct partial_reader {
    struct sw_aggregate *aggregate;
    struct sw_reader *reader;
    int fields, members; /* the first column of each */
    /* Of the current block, a column each; NULL: not needed yet. */
    const struct sw_vector **vectors;
};

static bool is_text(const struct sw_vector *vector, size_t row, const char *text)
{
    struct sw_text is = vector->dictionary[vector->codes[row]];
    return strlen(text) == is.length && memcmp(text, is.bytes, is.length) == 0;
}

static bool load(struct partial_reader *partial, size_t column, struct sw_error *error)
{
    partial->vectors[column] = sw_reader_vector(partial->reader, (int)column, error);
    return partial->vectors[column] != NULL;
}

static bool load_members(struct partial_reader *partial, size_t set, struct sw_error *error)
{
    struct sw_aggregate *aggregate = partial->aggregate;
    const struct sw_shape *shape = &aggregate->shape;
    size_t rows = partial->reader->rows, column = (size_t)partial->members + set;
    if (partial->vectors[column]) return true;
    return load(partial, column, error) &&
           sw_intern_vector(&aggregate->dimensions.items[shape->members[set].dimension].intern,
                            partial->vectors[column], rows, aggregate->member_ids + set * rows,
                            error);
}

static bool load_keys(struct partial_reader *partial, const struct sw_grouping *grouping,
                      struct sw_error *error)
{
    for (size_t key = 0; key < grouping->key_count; key++) {
        struct sw_dimension *dimension = &grouping->dimensions->items[grouping->keys[key]];
        char name[SW_NAME_MAXIMUM + 8];
        snprintf(name, sizeof name, "key/%s", dimension->name);
        int column = sw_schema_find(&partial->reader->schema, name);
        if (partial->vectors[column]) continue;
        if (!load(partial, (size_t)column, error) ||
            !sw_dimension_load(dimension, partial->vectors[column], partial->reader->rows, error))
            return false;
    }
    return true;
}

/* What tells its rows apart; of the other columns those that they need will be loaded. */
static bool begin_block(struct partial_reader *partial, struct sw_error *error)
{
    struct sw_aggregate *aggregate = partial->aggregate;
    memset(partial->vectors, 0, partial->reader->schema.column_count * sizeof *partial->vectors);
    return load(partial, 0, error) && load(partial, 1, error) &&
           sw_grow(&aggregate->member_ids, &aggregate->member_capacity,
                   partial->reader->rows * aggregate->shape.member_count,
                   sizeof *aggregate->member_ids, error);
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
    for (int i = partial->fields; i < partial->members; i++)
        if (!partial->vectors[i] && !load(partial, (size_t)i, error)) return false;
    for (size_t row = 0; row < rows; row++) {
        const struct sw_vector *const *vectors = partial->vectors + partial->fields;
        unsigned char *record = sw_grouping_record(grouping, grouping->cells[row]);
        for (size_t i = 0; i < shape->field_count; i++) {
            if (!sw_field_read(&shape->fields[i], vectors, start + row, record, error))
                return sw_grouping_annotate(grouping, grouping->cells[row], error);
            vectors += sw_field_width(shape->fields[i].kind);
        }
    }
    return true;
}

/* How often each member of a counted set was added stands in the column of the number of rows. */
static bool load_times(struct partial_reader *partial, size_t start, size_t rows, uint64_t **times,
                       struct sw_error *error)
{
    size_t column = (size_t)partial->fields;
    if (!partial->vectors[column] && !load(partial, column, error)) return false;
    const struct sw_vector *vector = partial->vectors[column];
    *times = sw_alloc(rows, sizeof **times, error);
    if (!*times) return false;
    for (size_t row = 0; row < rows; row++) {
        sw_int128 count = sw_is_null(vector, start + row) ? 0 : sw_value(vector, start + row);
        if (count < 1 || count > INT64_MAX) {
            free(*times);
            return sw_fail(error, SW_DATA,
                           "%s: not partial aggregates: a member that is there no times",
                           partial->reader->input.name);
        }
        (*times)[row] = (uint64_t)count;
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
    if (!load_members(partial, set, error)) return false;
    const struct sw_dimension *dimension =
        &aggregate->dimensions.items[shape->members[set].dimension];
    const uint32_t *ids = aggregate->member_ids + set * partial->reader->rows + start;
    uint64_t *times = NULL;
    if (shape->members[set].counted && !load_times(partial, start, rows, &times, error))
        return false;
    bool good = sw_set_add(&grouping->sets[set], grouping->cells, grouping->cell_count, ids,
                           dimension->intern.count, times, rows, error);
    free(times);
    return good;
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
    if (!begin_block(partial, error)) return false;
    for (size_t start = 0, rows; start < partial->reader->rows; start += rows) {
        rows = run_length(partial, start);
        struct sw_grouping *grouping = find_grouping(partial, start, error);
        if (!grouping || !load_keys(partial, grouping, error) ||
            !sw_grouping_rows(grouping, start, rows, error))
            return false;
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
