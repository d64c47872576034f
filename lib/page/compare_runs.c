/* SPDX-License-Identifier: ISC */
#include "page/compare_runs.h"

#include "base/memory.h"
#include "base/number.h"
#include "page/difference.h"
#include "page/group_table.h"

enum { TABLE, KEY, MEASURE, BEFORE, AFTER, DIFFERENCE, PERCENT, COLUMNS, ROWS_AT_ONCE = 1024 };

static const char *const names[COLUMNS] = {"table", "key",        "measure", "before",
                                           "after", "difference", "percent"};

bool sw_comparison_open(struct sw_comparison *comparison, struct sw_output *output,
                        const struct sw_print_options *how, struct sw_error *error)
{
    comparison->output = output;
    if (!sw_schema_init(&comparison->schema, "comparison", error)) return false;
    for (size_t i = 0; i < COLUMNS; i++) {
        if (!sw_schema_add(&comparison->schema, names[i], SW_TEXT, 0, error) ||
            !sw_builder_init(&comparison->columns[i], SW_TEXT, 0, ROWS_AT_ONCE, error))
            return false;
        comparison->vectors[i] = &comparison->columns[i].vector;
    }
    return sw_printer_open(&comparison->printer, output, &comparison->schema, how, error);
}

void sw_comparison_free(struct sw_comparison *comparison)
{
    for (size_t i = 0; i < COLUMNS; i++) sw_builder_free(&comparison->columns[i]);
    sw_printer_free(&comparison->printer);
    sw_schema_free(&comparison->schema);
}

static bool put_rows(struct sw_comparison *comparison, struct sw_error *error)
{
    size_t rows = comparison->columns[TABLE].vector.rows;
    bool good = sw_printer_rows(&comparison->printer, comparison->vectors, NULL, rows, error);
    for (size_t i = 0; i < COLUMNS; i++) sw_builder_reset(&comparison->columns[i]);
    return good;
}

static bool put(struct sw_builder *column, struct sw_text text, struct sw_error *error)
{
    if (text.length) return sw_builder_add_text(column, text.bytes, text.length, error);
    sw_builder_add_null(column);
    return true;
}

static struct sw_text text_of(const char *text)
{
    return (struct sw_text){text, (uint32_t)strlen(text)};
}

static bool put_row(struct sw_comparison *comparison, const char *table, struct sw_text key,
                    struct sw_text measure, struct sw_text before, struct sw_text after,
                    struct sw_error *error)
{
    struct sw_difference difference = sw_difference_of(before, after);
    const struct sw_text row[COLUMNS] = {text_of(table),
                                         key,
                                         measure,
                                         before,
                                         after,
                                         text_of(difference.difference),
                                         text_of(difference.percent)};
    for (size_t i = 0; i < COLUMNS; i++)
        if (!put(&comparison->columns[i], row[i], error)) return false;
    return comparison->columns[TABLE].vector.rows < ROWS_AT_ONCE || put_rows(comparison, error);
}

static const struct sw_text nothing = {"", 0};

static bool same(struct sw_text a, struct sw_text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

/* What a measure is in a row of the table; empty where one of them is not there. */
static struct sw_text value_of(const struct sw_group_table *table, size_t row, size_t column)
{
    if (row == SIZE_MAX || column == SIZE_MAX) return nothing;
    return sw_group_table_cell(table, row, column);
}

/* One value of a group: either of the two may be absent. */
static bool put_value(struct sw_comparison *comparison, const char *name, struct sw_text key,
                      struct sw_text measure, struct sw_text was, struct sw_text is,
                      struct sw_error *error)
{
    bool equal = same(was, is);
    comparison->compared++;
    comparison->different += !equal;
    return (equal && !comparison->all) || put_row(comparison, name, key, measure, was, is, error);
}

/* One row of the two: either may be absent, SIZE_MAX. */
static bool put_group(struct sw_comparison *comparison, const char *name,
                      const struct sw_group_table *before, size_t row_before,
                      const struct sw_group_table *after, size_t row_after, struct sw_error *error)
{
    struct sw_text key = row_after != SIZE_MAX ? sw_group_table_key(after, row_after)
                                               : sw_group_table_key(before, row_before);
    for (size_t i = 0; i < after->column_count; i++) {
        if (after->is_key[i]) continue;
        struct sw_text measure = sw_group_table_name(after, i);
        struct sw_text was = value_of(before, row_before, sw_group_table_column(before, measure));
        if (!put_value(comparison, name, key, measure, was, value_of(after, row_after, i), error))
            return false;
    }
    for (size_t i = 0; i < before->column_count; i++) {
        struct sw_text measure = sw_group_table_name(before, i);
        if (before->is_key[i] || sw_group_table_column(after, measure) != SIZE_MAX) continue;
        if (!put_value(comparison, name, key, measure, value_of(before, row_before, i), nothing,
                       error))
            return false;
    }
    comparison->only_before += row_after == SIZE_MAX;
    comparison->only_after += row_before == SIZE_MAX;
    return true;
}

static bool compare(struct sw_comparison *comparison, const char *name,
                    struct sw_group_table *before, struct sw_group_table *after,
                    struct sw_error *error)
{
    for (size_t row = 0; row < before->row_count; row++) {
        size_t partner = sw_group_table_find(after, sw_group_table_key(before, row), error);
        if (error->status || !put_group(comparison, name, before, row, after, partner, error))
            return false;
    }
    for (size_t row = 0; row < after->row_count; row++) {
        size_t partner = sw_group_table_find(before, sw_group_table_key(after, row), error);
        if (error->status) return false;
        if (partner == SIZE_MAX &&
            !put_group(comparison, name, before, SIZE_MAX, after, row, error))
            return false;
    }
    return true;
}

/* The keys of both tables are the same columns, in the same order. */
static bool check_keys(const struct sw_group_table *before, const struct sw_group_table *after,
                       const char *path, struct sw_error *error)
{
    for (size_t i = 0, j = 0;; i++, j++) {
        while (i < before->column_count && !before->is_key[i]) i++;
        while (j < after->column_count && !after->is_key[j]) j++;
        bool one = i < before->column_count, other = j < after->column_count;
        if (!one && !other) return true;
        if (one != other || !same(sw_group_table_name(before, i), sw_group_table_name(after, j)))
            return sw_fail(error, SW_USAGE,
                           "%s: its keys are other columns than in the earlier table", path);
    }
}

bool sw_comparison_file(struct sw_comparison *comparison, const char *table, const char *before,
                        const char *after, struct sw_error *error)
{
    struct sw_group_table was = {.keys = comparison->keys}, is = {.keys = comparison->keys};
    bool good = sw_group_table_read(&was, before, error) &&
                sw_group_table_read(&is, after, error) && check_keys(&was, &is, after, error) &&
                compare(comparison, table, &was, &is, error);
    sw_group_table_free(&was);
    sw_group_table_free(&is);
    return good;
}

bool sw_comparison_end(struct sw_comparison *comparison, struct sw_error *error)
{
    return put_rows(comparison, error) && sw_printer_end(&comparison->printer, error);
}
