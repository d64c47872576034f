/* SPDX-License-Identifier: ISC */
#include "group/group_output.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/memory.h"
#include "base/number.h"
#include "group/quantile.h"
#include "output/quote_text.h"
#include "stream/writer.h"

enum { ROWS_AT_ONCE = 1024 };

struct result {
    const struct sw_grouping *grouping;
    const struct sw_result_options *options;
    struct sw_schema schema;
    struct sw_builder *builders;
    const struct sw_vector **vectors;
    uint64_t *sizes[SW_VALUE_SET_MAXIMUM]; /* of members, by cell; NULL of counted ones */
    struct sw_quantile **quantiles; /* of measures that are quantiles, by cell; NULL of others */
    bool *fixed, *sums;
    bool all_plain; /* all columns are put at once for many cells, nothing cell by cell */
    struct sw_printer printer;
    struct sw_writer writer;
    struct sw_exporter exporter;
};

bool sw_result_format(const char *name, struct sw_result_options *options, struct sw_error *error)
{
    struct sw_error unknown = {0};
    options->kind = SW_RESULT_TEXT;
    if (sw_export_format(name, &options->export_format))
        options->kind = SW_RESULT_EXPORT;
    else if (name && strcmp(name, "swr") == 0)
        options->kind = SW_RESULT_RECORDS;
    else if (!sw_print_format(name, &options->format, &unknown))
        return sw_fail(error, SW_USAGE,
                       "--format: not csv, tsv, jsonl, table, swr, parquet, arrow or arrows: '%s'",
                       name);
    return true;
}

/* What the rows of the stream are known by, beside their columns: a time column, the first that is one, and the order of the groups as
 * far as it is that of values. (Of texts some are in an order of their own: sizes, times.) */
static bool describe_rows(struct result *result, struct sw_error *error)
{
    struct sw_sort_key keys[SW_KEYS_MAXIMUM];
    size_t count = 0;
    struct sw_schema *schema = &result->schema;
    for (size_t i = 0; i < schema->column_count && schema->time_column < 0; i++)
        if (schema->columns[i].type == SW_TIME) schema->time_column = (int)i;
    for (; count < result->grouping->key_count && schema->columns[count].type != SW_TEXT; count++)
        keys[count] = (struct sw_sort_key){.column = (int)count};
    return count == 0 || sw_schema_sorted_by(schema, keys, count, error);
}

static bool make_schema(struct result *result, struct sw_error *error)
{
    const struct sw_grouping *grouping = result->grouping;
    const struct sw_schema *from = result->options->made_from;
    const char *made_by = result->options->made_by;
    if (!sw_schema_init(&result->schema, "groups", error)) return false;
    for (size_t i = 0; i < grouping->key_count; i++) {
        const struct sw_dimension *key = &grouping->dimensions->items[grouping->keys[i]];
        if (!sw_schema_add(&result->schema, key->name, key->type, key->scale, error)) return false;
    }
    for (size_t i = 0; i < grouping->shape->measure_count; i++) {
        const struct sw_measure *measure = &grouping->shape->measures[i];
        if (measure->hidden) continue;
        if (!sw_schema_add(&result->schema, measure->name, measure->type, measure->scale, error))
            return false;
    }
    if (!describe_rows(result, error) ||
        (from && !sw_schema_inherit(&result->schema, from, false, error)))
        return false;
    return !made_by || sw_schema_made_by(&result->schema, made_by, strlen(made_by), error);
}

static bool make_builders(struct result *result, struct sw_error *error)
{
    size_t count = result->schema.column_count, keys = result->grouping->key_count;
    result->builders = sw_alloc(count, sizeof *result->builders, error);
    result->vectors = sw_alloc(count, sizeof *result->vectors, error);
    result->fixed = sw_alloc(count, sizeof *result->fixed, error);
    result->sums = sw_alloc(count, sizeof *result->sums, error);
    if (!result->builders || !result->vectors || !result->fixed || !result->sums) return false;
    for (size_t i = 0; i < count; i++) {
        const struct sw_column *column = &result->schema.columns[i];
        result->vectors[i] = &result->builders[i].vector;
        if (!sw_builder_init(&result->builders[i], column->type, column->scale, ROWS_AT_ONCE,
                             error))
            return false;
    }
    const struct sw_shape *shape = result->grouping->shape;
    for (size_t i = 0, at = keys; i < shape->measure_count; i++) {
        if (shape->measures[i].hidden) continue;
        result->fixed[at] = sw_measure_fixed(&shape->measures[i]);
        result->sums[at++] = sw_measure_is_sum(&shape->measures[i]);
    }
    return true;
}

/* A single key's ids are the cells. */
static bool key_is_plain(const struct result *result)
{
    return result->grouping->key_count == 1;
}

static bool measure_is_plain(const struct result *result, const struct sw_measure *measure)
{
    return sw_measure_is_plain(result->grouping->shape, measure);
}

static void find_plain(struct result *result)
{
    const struct sw_shape *shape = result->grouping->shape;
    result->all_plain = key_is_plain(result);
    for (size_t i = 0; i < shape->measure_count; i++)
        if (!shape->measures[i].hidden && !measure_is_plain(result, &shape->measures[i]))
            result->all_plain = false;
}

static bool count_members(struct result *result, struct sw_error *error)
{
    const struct sw_grouping *grouping = result->grouping;
    for (size_t i = 0; i < grouping->shape->member_count; i++)
        if (!grouping->shape->members[i].counted &&
            !sw_set_sizes(&grouping->sets[i], grouping->cell_count, &result->sizes[i], error))
            return false;
    return true;
}

static bool make_quantiles(struct result *result, struct sw_error *error)
{
    size_t count = result->grouping->shape->measure_count;
    result->quantiles = sw_alloc(count, sizeof *result->quantiles, error);
    return result->quantiles && sw_quantiles_make(result->grouping, result->quantiles, error);
}

static bool open_result(struct result *result, struct sw_output *output, struct sw_error *error)
{
    const struct sw_result_options *options = result->options;
    if (!make_schema(result, error) || !make_builders(result, error) ||
        !count_members(result, error) || !make_quantiles(result, error))
        return false;
    find_plain(result);
    if (options->kind == SW_RESULT_RECORDS)
        return sw_writer_open(&result->writer, output, &result->schema, 0, error);
    if (options->kind == SW_RESULT_EXPORT)
        return sw_exporter_open(&result->exporter, options->export_format, output, &result->schema,
                                NULL, error);
    struct sw_print_options how = {.format = options->format,
                                   .json_numbers = options->json_numbers,
                                   .table_time = options->table_time,
                                   .iso_time = options->iso_time,
                                   .fixed = result->fixed,
                                   .sums = result->sums};
    return sw_printer_open(&result->printer, output, &result->schema, &how, error);
}

static void free_result(struct result *result)
{
    for (size_t i = 0; result->builders && i < result->schema.column_count; i++)
        sw_builder_free(&result->builders[i]);
    free(result->builders);
    free(result->vectors);
    free(result->fixed);
    free(result->sums);
    for (size_t i = 0; i < SW_VALUE_SET_MAXIMUM; i++) free(result->sizes[i]);
    for (size_t i = 0; result->quantiles && i < result->grouping->shape->measure_count; i++)
        free(result->quantiles[i]);
    free(result->quantiles);
    sw_writer_free(&result->writer);
    sw_exporter_free(&result->exporter);
    sw_printer_free(&result->printer);
    sw_schema_free(&result->schema);
}

static bool write_rows(struct result *result, size_t rows, struct sw_error *error)
{
    const struct sw_vector *const *vectors = result->vectors;
    switch (result->options->kind) {
    case SW_RESULT_RECORDS:
        return sw_writer_gather(&result->writer, vectors, NULL, rows, error);
    case SW_RESULT_EXPORT:
        return sw_exporter_rows(&result->exporter, vectors, 0, rows, error);
    case SW_RESULT_TEXT:
        break;
    }
    return sw_printer_rows(&result->printer, vectors, NULL, rows, error);
}

static bool close_result(struct result *result, struct sw_error *error)
{
    switch (result->options->kind) {
    case SW_RESULT_RECORDS:
        return sw_writer_close(&result->writer, error);
    case SW_RESULT_EXPORT:
        return sw_exporter_close(&result->exporter, error);
    case SW_RESULT_TEXT:
        break;
    }
    return sw_printer_end(&result->printer, error);
}

static bool hand_over(struct result *result, struct sw_error *error)
{
    size_t rows = result->vectors[0]->rows;
    bool good = rows == 0 || write_rows(result, rows, error);
    for (size_t i = 0; i < result->schema.column_count; i++) sw_builder_reset(&result->builders[i]);
    return good;
}

/* A cell whose measures are put. */
struct finishing {
    const struct result *result;
    uint32_t cell;
    uint64_t members[SW_VALUE_SET_MAXIMUM];
};

static bool fetch_exact(void *context, int which, struct sw_formula_value *value,
                        struct sw_error *error)
{
    const struct finishing *cell = context;
    const struct result *result = cell->result;
    const struct sw_grouping *grouping = result->grouping;
    const struct sw_measure *measure = &grouping->shape->measures[which];
    if (!result->quantiles[which])
        return sw_measure_exact(grouping->shape, measure, sw_grouping_record(grouping, cell->cell),
                                cell->members, value, error);
    sw_quantile_exact(grouping, measure, &result->quantiles[which][cell->cell], value);
    return true;
}

static bool put_formula(struct finishing *cell, const struct sw_measure *measure,
                        struct sw_builder *builder, struct sw_error *error)
{
    struct sw_formula_value value = {0};
    sw_int128 rounded;
    if (!sw_formula_value(measure->formula, fetch_exact, cell, &value, error))
        return sw_fail_at(error, measure->name);
    if (value.null) {
        sw_builder_add_null(builder);
        return true;
    }
    if (!sw_rational_round(&value.number, SW_RESULT_SCALE, &rounded))
        return sw_fail(error, SW_DATA, "%s: out of range: more than 127 bits with %d decimals",
                       measure->name, SW_RESULT_SCALE);
    return sw_builder_add_value(builder, rounded, error);
}

static bool put_measure(struct finishing *cell, size_t which, struct sw_builder *builder,
                        struct sw_error *error)
{
    const struct result *result = cell->result;
    const struct sw_grouping *grouping = result->grouping;
    const struct sw_measure *measure = &grouping->shape->measures[which];
    if (measure->formula) return put_formula(cell, measure, builder, error);
    if (result->quantiles[which])
        return sw_quantile_put(grouping, measure, &result->quantiles[which][cell->cell], builder,
                               error);
    return sw_measure_put(grouping->shape, measure, sw_grouping_record(grouping, cell->cell),
                          cell->members, builder, error);
}

/* All but those that are plain. */
static bool put_measures(struct result *result, uint32_t cell, struct sw_builder *builders,
                         struct sw_error *error)
{
    const struct sw_shape *shape = result->grouping->shape;
    struct finishing finishing; /* of the members, only as many as there are are looked at */
    finishing.result = result;
    finishing.cell = cell;
    for (size_t i = 0; i < shape->member_count; i++)
        finishing.members[i] = result->sizes[i] ? result->sizes[i][cell] : 0;
    for (size_t i = 0; i < shape->measure_count; i++) {
        const struct sw_measure *measure = &shape->measures[i];
        if (measure->hidden) continue;
        if (!measure_is_plain(result, measure) && !put_measure(&finishing, i, builders, error))
            return sw_grouping_annotate(result->grouping, cell, error);
        builders++;
    }
    return true;
}

static bool put_cell(struct result *result, uint32_t cell, struct sw_error *error)
{
    const struct sw_grouping *grouping = result->grouping;
    uint32_t ids[SW_KEYS_MAXIMUM];
    if (!key_is_plain(result)) sw_grouping_keys(grouping, cell, ids);
    for (size_t i = 0; i < grouping->key_count && !key_is_plain(result); i++)
        if (!sw_dimension_put(&grouping->dimensions->items[grouping->keys[i]], ids[i],
                              &result->builders[i], error))
            return false;
    return put_measures(result, cell, result->builders + grouping->key_count, error);
}

/* The plain columns of some cells. */
static bool put_plain(struct result *result, const uint32_t *cells, size_t count,
                      struct sw_error *error)
{
    const struct sw_grouping *grouping = result->grouping;
    const struct sw_shape *shape = grouping->shape;
    struct sw_builder *builder = result->builders + grouping->key_count;
    if (key_is_plain(result) &&
        !sw_dimension_put_all(&grouping->dimensions->items[grouping->keys[0]], cells, count,
                              result->builders, error))
        return false;
    for (size_t i = 0; i < shape->measure_count; i++) {
        const struct sw_measure *measure = &shape->measures[i];
        if (measure->hidden) continue;
        if (measure_is_plain(result, measure) &&
            !sw_measure_put_plain(shape, measure, grouping->records, cells, count, builder, error))
            return false;
        builder++;
    }
    return true;
}

static bool put_some(struct result *result, const uint32_t *cells, size_t count,
                     struct sw_error *error)
{
    if (!put_plain(result, cells, count, error)) return false;
    for (size_t i = 0; i < count && !result->all_plain; i++)
        if (!put_cell(result, cells[i], error)) return false;
    return hand_over(result, error);
}

static bool put_cells(struct result *result, size_t *groups, struct sw_error *error)
{
    uint32_t *order;
    size_t count;
    if (!sw_grouping_order(result->grouping, &order, &count, error)) return false;
    bool good = true;
    for (size_t i = 0; good && i < count; i += ROWS_AT_ONCE)
        good =
            put_some(result, order + i, count - i < ROWS_AT_ONCE ? count - i : ROWS_AT_ONCE, error);
    free(order);
    if (groups) *groups = count;
    return good;
}

bool sw_result_write(const struct sw_grouping *grouping, const struct sw_result_options *options,
                     struct sw_output *output, size_t *groups, struct sw_error *error)
{
    struct result result = {.grouping = grouping, .options = options};
    bool good = open_result(&result, output, error) && put_cells(&result, groups, error) &&
                close_result(&result, error);
    free_result(&result);
    return good;
}

/* ---- metric,value ---- */

/* The value as it stands in a CSV field. */
static bool add_value(const struct sw_measure *measure, const struct sw_vector *vector,
                      struct sw_zone *iso_time, struct sw_buffer *text, struct sw_error *error)
{
    char number[SW_NUMBER_LENGTH];
    if (sw_is_null(vector, 0)) return true;
    if (vector->type == SW_TEXT) {
        const struct sw_text *value = &vector->dictionary[vector->codes[0]];
        return sw_render_csv(text, value->bytes, value->length, error);
    }
    sw_int128 value = sw_value(vector, 0);
    bool iso = iso_time && vector->type == SW_TIME;
    int offset = iso ? sw_zone_offset(iso_time, (int64_t)value) : 0;
    size_t length = iso ? sw_format_time(number, (int64_t)value, offset, false)
                    : vector->type == SW_DATE   ? sw_format_date(number, (int64_t)value)
                    : sw_measure_fixed(measure) ? sw_format_fixed(number, value, measure->scale)
                                                : sw_format_decimal(number, value, measure->scale);
    return sw_buffer_add(text, number, length, error);
}

static bool format_metrics(struct result *result, struct sw_buffer *text, struct sw_error *error)
{
    const struct sw_shape *shape = result->grouping->shape;
    bool good = sw_buffer_text(text, "metric,value\n", error);
    for (size_t i = 0, at = 0; good && i < shape->measure_count; i++) {
        const struct sw_measure *measure = &shape->measures[i];
        if (measure->hidden) continue;
        good = sw_render_csv(text, measure->name, strlen(measure->name), error) &&
               sw_buffer_text(text, ",", error) &&
               add_value(measure, result->vectors[at++], result->options->iso_time, text, error) &&
               sw_buffer_text(text, "\n", error);
    }
    return good;
}

bool sw_result_metrics(const struct sw_grouping *grouping, const struct sw_result_options *options,
                       struct sw_output *output, struct sw_error *error)
{
    const struct sw_result_options plain = {.iso_time = options->iso_time};
    struct result result = {.grouping = grouping, .options = &plain};
    struct sw_buffer text = {0};
    bool good = make_schema(&result, error) && make_builders(&result, error) &&
                count_members(&result, error) && make_quantiles(&result, error) &&
                put_plain(&result, &(const uint32_t){0}, 1, error) &&
                put_measures(&result, 0, result.builders, error) &&
                format_metrics(&result, &text, error) &&
                sw_output_write(output, text.bytes, text.length, error);
    sw_buffer_free(&text);
    free_result(&result);
    return good;
}
