/* SPDX-License-Identifier: ISC */
#include "page/group_table.h"

#include "base/memory.h"
#include "page/rows.h"

static const char *const counts[] = {"orders", "events", "trades",       "trade_sides", "quotes",
                                     "rows",   "sweeps", "transactions", NULL};

static bool is(struct sw_text text, const char *word, size_t length)
{
    return text.length == length && memcmp(text.bytes, word, length) == 0;
}

struct sw_text sw_group_table_name(const struct sw_group_table *table, size_t column)
{
    size_t from = column ? table->ends[column - 1] : 0;
    return (struct sw_text){(const char *)table->bytes.bytes + from,
                            (uint32_t)(table->ends[column] - from)};
}

struct sw_text sw_group_table_cell(const struct sw_group_table *table, size_t row, size_t column)
{
    return sw_group_table_name(table, (row + 1) * table->column_count + column);
}

size_t sw_group_table_column(const struct sw_group_table *table, struct sw_text name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (is(sw_group_table_name(table, i), name.bytes, name.length)) return i;
    return SIZE_MAX;
}

struct sw_text sw_group_table_key(const struct sw_group_table *table, size_t row)
{
    return table->index.vector.dictionary[row];
}

size_t sw_group_table_find(struct sw_group_table *table, struct sw_text key, struct sw_error *error)
{
    uint32_t code;
    if (!sw_builder_intern(&table->index, key.bytes, key.length, &code, error)) return SIZE_MAX;
    return code < table->row_count ? code : SIZE_MAX;
}

/* ---- which columns are keys ---- */

static bool mark_named(struct sw_group_table *table, const char *path, struct sw_error *error)
{
    for (const char *at = table->keys; *at; at += strcspn(at, ","), at += *at == ',') {
        struct sw_text name = {at, (uint32_t)strcspn(at, ",")};
        size_t column = sw_group_table_column(table, name);
        if (column == SIZE_MAX)
            return sw_fail(error, SW_USAGE, "%s: no column '%.*s'", path, (int)name.length, at);
        table->is_key[column] = true;
    }
    return true;
}

static bool says_what_is_counted(struct sw_text name)
{
    for (size_t i = 0; counts[i]; i++)
        if (is(name, counts[i], strlen(counts[i]))) return true;
    return false;
}

/* The totals have a row a measure; all other tables of groups say after their keys what was counted: a table that begins with that has
 * no keys, and one row. */
static bool mark_leading(struct sw_group_table *table, const char *path, struct sw_error *error)
{
    size_t keys = 0;
    if (table->column_count == 2 && is(sw_group_table_name(table, 0), "metric", 6))
        keys = 1;
    else
        while (keys < table->column_count &&
               !says_what_is_counted(sw_group_table_name(table, keys)))
            keys++;
    if (keys == table->column_count)
        return sw_fail(error, SW_USAGE,
                       "%s: no column says what was counted, so which ones are keys is not known; "
                       "-g names them",
                       path);
    for (size_t i = 0; i < keys; i++) table->is_key[i] = true;
    return true;
}

/* ---- reading ---- */

struct reading {
    struct sw_group_table *table;
    const char *path;
    struct sw_buffer key;
};

static bool take_header(struct reading *reading, const struct sw_page_row *row,
                        struct sw_error *error)
{
    struct sw_group_table *table = reading->table;
    table->column_count = row->columns;
    table->is_key = sw_alloc(row->columns, sizeof *table->is_key, error);
    if (!table->is_key) return false;
    return table->keys ? mark_named(table, reading->path, error)
                       : mark_leading(table, reading->path, error);
}

static bool take_key(struct reading *reading, struct sw_error *error)
{
    struct sw_group_table *table = reading->table;
    struct sw_buffer *key = &reading->key;
    uint32_t code;
    bool first = true;
    key->length = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        if (!table->is_key[i]) continue;
        struct sw_text cell = sw_group_table_cell(table, table->row_count, i);
        if ((!first && !sw_buffer_text(key, "/", error)) ||
            !sw_buffer_add(key, cell.bytes, cell.length, error))
            return false;
        first = false;
    }
    if (!sw_buffer_add(key, "", 1, error) ||
        !sw_builder_intern(&table->index, (const char *)key->bytes, key->length - 1, &code, error))
        return false;
    if (code != table->row_count)
        return sw_fail(error, SW_DATA, "%s: row %zu: its key stands twice: '%s'", reading->path,
                       table->row_count + 1, (const char *)key->bytes);
    table->row_count++;
    return true;
}

static bool take(void *owner, const struct sw_page_row *row, struct sw_error *error)
{
    struct reading *reading = owner;
    struct sw_group_table *table = reading->table;
    if (!sw_grow(&table->ends, &table->end_capacity, table->end_count + row->columns,
                 sizeof *table->ends, error))
        return false;
    for (size_t i = 0; i < row->columns; i++) {
        size_t length;
        const char *cell = sw_page_cell(row, i, &length);
        if (!sw_buffer_add(&table->bytes, cell, length, error)) return false;
        table->ends[table->end_count++] = table->bytes.length;
    }
    return row->number == 0 ? take_header(reading, row, error) : take_key(reading, error);
}

bool sw_group_table_read(struct sw_group_table *table, const char *path, struct sw_error *error)
{
    struct reading reading = {.table = table, .path = path};
    bool good = sw_builder_init(&table->index, SW_TEXT, 0, 1, error) &&
                sw_page_rows(path, take, &reading, error);
    sw_buffer_free(&reading.key);
    return good;
}

void sw_group_table_free(struct sw_group_table *table)
{
    free(table->is_key);
    free(table->ends);
    sw_buffer_free(&table->bytes);
    sw_builder_free(&table->index);
    *table = (struct sw_group_table){0};
}
