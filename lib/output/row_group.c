/* SPDX-License-Identifier: ISC */
#include "output/row_group.h"

#include <stdio.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/utf8.h"
#include "kernels/narrow.h"

enum { RUN = 512 }; /* rows gathered at a time by their numbers */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool check_names(const struct sw_schema *schema, struct sw_error *error)
{
    for (size_t i = 0; i < schema->column_count; i++) {
        const char *name = schema->columns[i].name;
        if (!sw_utf8_valid(name, strlen(name)))
            return sw_fail(error, SW_DATA, "column %zu: its name is not UTF-8: '%s'", i + 1, name);
    }
    return true;
}

bool sw_row_group_open(struct sw_row_group *row_group, const struct sw_schema *schema,
                       size_t row_limit, size_t cell_limit, struct sw_error *error)
{
    size_t columns = schema->column_count;
    size_t rows = columns ? cell_limit / columns : row_limit;
    *row_group = (struct sw_row_group){.schema = schema, .row_limit = least(rows, row_limit)};
    if (row_group->row_limit == 0) row_group->row_limit = 1;
    if (!check_names(schema, error)) return false;
    row_group->builders = sw_alloc(columns, sizeof *row_group->builders, error);
    if (!row_group->builders) return false;
    for (size_t i = 0; i < columns; i++)
        if (!sw_builder_init(&row_group->builders[i], schema->columns[i].type,
                             schema->columns[i].scale, row_group->row_limit, error))
            return false;
    return true;
}

void sw_row_group_free(struct sw_row_group *row_group)
{
    for (size_t i = 0; row_group->builders && i < row_group->schema->column_count; i++)
        sw_builder_free(&row_group->builders[i]);
    free(row_group->builders);
    *row_group = (struct sw_row_group){0};
}

bool sw_row_group_full(const struct sw_row_group *row_group)
{
    return row_group->rows == row_group->row_limit ||
           row_group->text_bytes >= SW_ROW_GROUP_TEXT_BYTES;
}

void sw_row_group_reset(struct sw_row_group *row_group)
{
    row_group->rows_before += row_group->rows;
    row_group->rows = row_group->text_bytes = 0;
    for (size_t i = 0; i < row_group->schema->column_count; i++)
        sw_builder_reset(&row_group->builders[i]);
}

/* ---- taking rows ---- */

static size_t text_bytes_of(const struct sw_vector *vector, size_t row)
{
    return sw_is_null(vector, row) ? 0 : vector->dictionary[vector->codes[row]].length;
}

/* The first of the rows from..end that the row group's text has no room for; counts the text before
 * it. */
static size_t end_of_text(struct sw_row_group *row_group, const struct sw_vector *const *vectors,
                          size_t from, size_t end)
{
    const struct sw_vector *texts[SW_COLUMNS_MAXIMUM];
    size_t text_count = 0;
    for (size_t i = 0; i < row_group->schema->column_count; i++)
        if (vectors[i]->type == SW_TEXT) texts[text_count++] = vectors[i];
    if (text_count == 0) return end;
    size_t row = from;
    for (; row < end && row_group->text_bytes < SW_ROW_GROUP_TEXT_BYTES; row++)
        for (size_t i = 0; i < text_count; i++)
            row_group->text_bytes += text_bytes_of(texts[i], row);
    return row;
}

static bool gather(struct sw_row_group *row_group, const struct sw_vector *const *vectors,
                   const uint32_t *rows, size_t count, struct sw_error *error)
{
    for (size_t i = 0; i < row_group->schema->column_count; i++)
        if (!sw_builder_gather(&row_group->builders[i], vectors[i], rows, count, error))
            return false;
    row_group->rows += count;
    return true;
}

bool sw_row_group_take(struct sw_row_group *row_group, const struct sw_vector *const *vectors,
                       size_t from, size_t end, size_t *next, struct sw_error *error)
{
    end = from + least(end - from, row_group->row_limit - row_group->rows);
    end = end_of_text(row_group, vectors, from, end);
    *next = end;
    if (from == 0) return gather(row_group, vectors, NULL, end, error);
    while (from < end) {
        uint32_t rows[RUN];
        size_t count = least(end - from, RUN);
        for (size_t i = 0; i < count; i++) rows[i] = (uint32_t)(from + i);
        if (!gather(row_group, vectors, rows, count, error)) return false;
        from += count;
    }
    return true;
}

/* Longest text times rows: a bound that needs no look at the rows, and nearly always will do. */
bool sw_row_group_would_hold(const struct sw_row_group *row_group,
                             const struct sw_vector *const *vectors, size_t count)
{
    size_t bytes = 0;
    if (row_group->rows > 0 || count > row_group->row_limit) return false;
    for (size_t i = 0; i < row_group->schema->column_count; i++) {
        const struct sw_vector *vector = vectors[i];
        size_t longest = 0;
        if (vector->type != SW_TEXT) continue;
        for (uint32_t code = 0; code < vector->dictionary_size; code++)
            if (vector->dictionary[code].length > longest)
                longest = vector->dictionary[code].length;
        bytes += longest * count;
    }
    return bytes < SW_ROW_GROUP_TEXT_BYTES;
}

/* ---- what fits ---- */

/* A vector of a column, and the rows before it. */
struct column {
    const struct sw_vector *vector;
    const char *name;
    uint64_t rows_before;
};

static bool refuse(const struct column *column, size_t row, const char *kind,
                   struct sw_error *error)
{
    const struct sw_vector *vector = column->vector;
    char value[SW_NUMBER_LENGTH];
    size_t length = sw_format_decimal(value, sw_value(vector, row), vector->scale);
    return sw_fail(error, SW_DATA, "row %llu: %s: does not fit %s: %.*s",
                   (unsigned long long)(column->rows_before + row + 1), column->name, kind,
                   (int)length, value);
}

static bool check_each(const struct column *column, sw_int128 low, sw_int128 high, const char *kind,
                       struct sw_error *error)
{
    const struct sw_vector *vector = column->vector;
    for (size_t row = 0; row < vector->rows; row++)
        if (!sw_is_null(vector, row) &&
            (sw_value(vector, row) < low || sw_value(vector, row) > high))
            return refuse(column, row, kind, error);
    return true;
}

/* Where null, a value is 0, which every range has. */
static bool check_range(const struct column *column, sw_int128 low, sw_int128 high,
                        const char *kind, struct sw_error *error)
{
    const struct sw_vector *vector = column->vector;
    int64_t least = 0, most = 0;
    if (vector->wide) return check_each(column, low, high, kind, error);
    if (vector->rows) sw_narrow_bounds(vector->narrow, vector->rows, &least, &most);
    return (least >= low && most <= high) || check_each(column, low, high, kind, error);
}

static bool check_decimals(const struct column *column, struct sw_error *error)
{
    char kind[32];
    sw_int128 most = sw_power_of_ten(SW_EXPORT_DIGITS) - 1;
    snprintf(kind, sizeof kind, "decimal(%d, %d)", SW_EXPORT_DIGITS, column->vector->scale);
    return check_range(column, -most, most, kind, error);
}

static bool refuse_text(const struct column *column, uint32_t code, struct sw_error *error)
{
    const struct sw_vector *vector = column->vector;
    const struct sw_text *text = &vector->dictionary[code];
    size_t row = 0;
    while (sw_is_null(vector, row) || vector->codes[row] != code) row++;
    return sw_fail(error, SW_DATA, "row %llu: %s: not UTF-8: '%.*s'",
                   (unsigned long long)(column->rows_before + row + 1), column->name,
                   (int)least(text->length, 64), text->bytes);
}

static bool check_texts(const struct column *column, struct sw_error *error)
{
    const struct sw_vector *vector = column->vector;
    for (uint32_t code = 0; code < vector->dictionary_size; code++)
        if (!sw_utf8_valid(vector->dictionary[code].bytes, vector->dictionary[code].length))
            return refuse_text(column, code, error);
    return true;
}

static bool check_column(const struct column *column, struct sw_error *error)
{
    const bool wide = column->vector->wide;
    switch (column->vector->type) {
    case SW_TEXT:
        return check_texts(column, error);
    case SW_DATE:
        return check_range(column, INT32_MIN, INT32_MAX, "date32", error);
    case SW_UINT:
        return check_range(column, 0, UINT64_MAX, "uint64", error);
    case SW_DECIMAL:
        return !wide || check_decimals(column, error);
    case SW_INT:
        return !wide || check_range(column, INT64_MIN, INT64_MAX, "int64", error);
    case SW_TIME:
        break;
    }
    return !wide || check_range(column, INT64_MIN, INT64_MAX, "timestamp[ns]", error);
}

static bool check(const struct sw_row_group *row_group, size_t i, const struct sw_vector *vector,
                  struct sw_error *error)
{
    const struct column column = {vector, row_group->schema->columns[i].name,
                                  row_group->rows_before};
    return check_column(&column, error);
}

bool sw_row_group_check(const struct sw_row_group *row_group, struct sw_error *error)
{
    for (size_t i = 0; i < row_group->schema->column_count; i++)
        if (!check(row_group, i, &row_group->builders[i].vector, error)) return false;
    return true;
}

bool sw_row_group_check_vectors(const struct sw_row_group *row_group,
                                const struct sw_vector *const *vectors, struct sw_error *error)
{
    for (size_t i = 0; i < row_group->schema->column_count; i++)
        if (!check(row_group, i, vectors[i], error)) return false;
    return true;
}
