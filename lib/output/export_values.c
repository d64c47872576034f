/* SPDX-License-Identifier: ISC */
#include "output/export_values.h"

#include <stdio.h>

#include "base/memory.h"
#include "base/number.h"

enum {
    EXACT_POWER = 22, /* 10^22 is the largest power of ten that is a double */
    SECOND_NS = 1000000000,
};

static bool named(const char *name, const char *const names[3], int *choice)
{
    for (int i = 0; i < 3; i++)
        if (strcmp(name, names[i]) == 0) {
            *choice = i;
            return true;
        }
    return false;
}

bool sw_decimals_as(const char *name, enum sw_decimals_as *as)
{
    int choice;
    if (!named(name, (const char *const[]){"exact", "double", "text"}, &choice)) return false;
    *as = (enum sw_decimals_as)choice;
    return true;
}

bool sw_times_as(const char *name, enum sw_times_as *as)
{
    int choice;
    if (!named(name, (const char *const[]){"utc", "local", "integer"}, &choice)) return false;
    *as = (enum sw_times_as)choice;
    return true;
}

/* ---- the schema ---- */

static bool changes(const struct sw_export_values *values, size_t column)
{
    enum sw_type type = values->from->columns[column].type;
    return (type == SW_DECIMAL && values->how.decimals != SW_DECIMALS_EXACT) ||
           (type == SW_TIME && values->how.times == SW_TIMES_LOCAL);
}

static void retype(struct sw_export_values *values, size_t i)
{
    struct sw_column *column = &values->schema.columns[i];
    if (column->type == SW_TIME && values->how.times == SW_TIMES_LOCAL)
        values->written[i] = SW_AS_LOCAL_TIME;
    else if (column->type == SW_TIME && values->how.times == SW_TIMES_INTEGER)
        column->type = SW_INT; /* the same bytes */
    if (column->type != SW_DECIMAL || values->how.decimals == SW_DECIMALS_EXACT) return;
    bool text = values->how.decimals == SW_DECIMALS_TEXT;
    column->type = text ? SW_TEXT : SW_INT;
    column->scale = 0;
    if (!text) values->written[i] = SW_AS_DOUBLE;
}

/* Rows in the order of decimals are in that of their doubles, but not of their digits; and local time goes back
 * when the clock does. */
static void keep_order(struct sw_export_values *values)
{
    struct sw_schema *schema = &values->schema;
    for (size_t i = 0; i < schema->sort_count; i++) {
        int column = schema->sort_keys[i].column;
        bool kept = values->written[column] == SW_AS_DOUBLE || !changes(values, (size_t)column);
        if (!kept) schema->sort_count = i;
    }
}

bool sw_export_values_open(struct sw_export_values *values, const struct sw_schema *schema,
                           const struct sw_export_how *how, struct sw_error *error)
{
    size_t count = schema->column_count;
    *values = (struct sw_export_values){.how = *how, .from = schema};
    values->written = sw_alloc(count, sizeof *values->written, error);
    values->builders = sw_alloc(count, sizeof *values->builders, error);
    values->vectors = sw_alloc(count, sizeof *values->vectors, error);
    if (!values->written || !values->builders || !values->vectors ||
        !sw_schema_copy(&values->schema, schema, NULL, count, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        retype(values, i);
        if (changes(values, i) &&
            !sw_builder_init(&values->builders[i], values->schema.columns[i].type, 0,
                             SW_BLOCK_ROWS_MAXIMUM, error))
            return false;
    }
    keep_order(values);
    return true;
}

void sw_export_values_free(struct sw_export_values *values)
{
    for (size_t i = 0; values->builders && i < values->from->column_count; i++)
        sw_builder_free(&values->builders[i]);
    free(values->builders);
    free(values->written);
    free(values->vectors);
    sw_schema_free(&values->schema);
    *values = (struct sw_export_values){0};
}

/* ---- values ---- */

/* The double nearest to the decimal, ties to even. Where the digits and the power of ten are both doubles, one
 * division is rounded right; else strtod is, of the digits ('.' is the point: no program here sets a locale). */
static int64_t double_bits(sw_int128 value, int scale)
{
    char text[SW_NUMBER_LENGTH + 1];
    double number;
    const sw_int128 whole = (sw_int128)1 << 53;
    if (value >= -whole && value <= whole && scale <= EXACT_POWER) {
        number = (double)(int64_t)value / (double)sw_power_of_ten(scale);
    } else {
        text[sw_format_decimal(text, value, scale)] = 0;
        number = strtod(text, NULL);
    }
    int64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static bool add_local(struct sw_export_values *values, size_t column, int64_t time_ns, size_t row,
                      struct sw_error *error)
{
    int64_t offset = sw_zone_offset(values->how.zone, time_ns), local;
    if (__builtin_add_overflow(time_ns, offset * SECOND_NS, &local))
        return sw_fail(error, SW_DATA,
                       "row %llu: %s: local time beyond the years 1677 to 2262: %lld",
                       (unsigned long long)(values->rows + row + 1),
                       values->from->columns[column].name, (long long)time_ns);
    return sw_builder_add_value(&values->builders[column], local, error);
}

static bool add_value(struct sw_export_values *values, size_t column,
                      const struct sw_vector *vector, size_t row, struct sw_error *error)
{
    struct sw_builder *builder = &values->builders[column];
    char text[SW_NUMBER_LENGTH + 1];
    if (vector->type == SW_TIME)
        return add_local(values, column, (int64_t)sw_value(vector, row), row, error);
    if (values->how.decimals == SW_DECIMALS_DOUBLE)
        return sw_builder_add_value(builder, double_bits(sw_value(vector, row), vector->scale),
                                    error);
    size_t length = sw_format_decimal(text, sw_value(vector, row), vector->scale);
    return sw_builder_add_text(builder, text, length, error);
}

/* The rows before `from` are not looked at. */
static bool convert(struct sw_export_values *values, size_t column, const struct sw_vector *vector,
                    size_t from, size_t end, struct sw_error *error)
{
    struct sw_builder *builder = &values->builders[column];
    sw_builder_reset(builder);
    for (size_t row = 0; row < end; row++)
        if (row < from || sw_is_null(vector, row))
            sw_builder_add_null(builder);
        else if (!add_value(values, column, vector, row, error))
            return false;
    return true;
}

bool sw_export_values_next(struct sw_export_values *values, const struct sw_vector *const *vectors,
                           size_t from, size_t end, const struct sw_vector *const **written,
                           struct sw_error *error)
{
    values->rows -= from; /* that a row's number in the block counts from there */
    for (size_t i = 0; i < values->from->column_count; i++) {
        bool made = changes(values, i);
        if (made && !convert(values, i, vectors[i], from, end, error)) return false;
        values->vectors[i] = made ? &values->builders[i].vector : vectors[i];
    }
    values->rows += end;
    *written = values->vectors;
    return true;
}
