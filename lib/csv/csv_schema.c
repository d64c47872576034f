/* SPDX-License-Identifier: ISC */
#include "csv/csv_schema.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

static int find_name(const struct sw_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0) return (int)i;
    return -1;
}

/* The place of a schema's column among the names: under its own name, or under the first alias that
 * is there. */
static int find_column(const struct sw_names *names, const struct sw_csv_schema_column *column)
{
    int found = find_name(names, column->name);
    for (size_t i = 0; found < 0 && i < column->aliases.count; i++)
        found = find_name(names, column->aliases.items[i]);
    return found;
}

static bool has(const struct sw_csv_schema *csv_schema, const struct sw_names *names,
                const char *name)
{
    if (find_name(names, name) >= 0) return true;
    for (size_t i = 0; i < csv_schema->column_count; i++)
        if (strcmp(csv_schema->columns[i].name, name) == 0)
            return find_column(names, &csv_schema->columns[i]) >= 0;
    return false;
}

static size_t count_there(const struct sw_csv_schema *csv_schema, const struct sw_names *names,
                          const struct sw_words_list *list)
{
    size_t there = 0;
    for (size_t i = 0; i < list->count; i++) there += has(csv_schema, names, list->items[i]);
    return there;
}

static bool fits(const struct sw_csv_schema *csv_schema, const struct sw_names *names)
{
    const struct sw_words_list *one = &csv_schema->require_one;
    return count_there(csv_schema, names, &csv_schema->require) == csv_schema->require.count &&
           (one->count == 0 || count_there(csv_schema, names, one) > 0) &&
           count_there(csv_schema, names, &csv_schema->forbid) == 0;
}

static bool knows_any(const struct sw_csv_schema *csv_schema, const struct sw_names *names)
{
    for (size_t i = 0; i < csv_schema->column_count; i++)
        if (find_column(names, &csv_schema->columns[i]) >= 0) return true;
    return false;
}

/* Appends the tables of schemas that fit (or, with all, of every one) to a text of `size` bytes. */
static void list_tables(const struct sw_csv_schemas *csv_schemas, const struct sw_names *names,
                        bool all, char *text, size_t size)
{
    text[0] = 0;
    for (size_t i = 0; i < csv_schemas->count; i++) {
        size_t used = strlen(text);
        if (all || fits(&csv_schemas->items[i], names))
            snprintf(text + used, size - used, "%s%s", used ? ", " : "",
                     csv_schemas->items[i].table);
    }
}

const struct sw_csv_schema *sw_csv_schemas_find(const struct sw_csv_schemas *csv_schemas,
                                                const struct sw_names *names,
                                                struct sw_error *error)
{
    const struct sw_csv_schema *found = NULL;
    size_t count = 0;
    char tables[400];
    if (csv_schemas->chosen) {
        if (knows_any(&csv_schemas->items[0], names)) return &csv_schemas->items[0];
        sw_fail(error, SW_USAGE, "the header has no column of schema %s",
                csv_schemas->items[0].table);
        return NULL;
    }
    for (size_t i = 0; i < csv_schemas->count; i++)
        if (fits(&csv_schemas->items[i], names)) {
            found = &csv_schemas->items[i];
            count++;
        }
    if (count == 1) return found;
    list_tables(csv_schemas, names, count == 0, tables, sizeof tables);
    if (count == 0)
        sw_fail(error, SW_USAGE, "the header fits no schema (%s); see -t", tables);
    else
        sw_fail(error, SW_USAGE, "the header fits several schemas (%s); see -t", tables);
    return NULL;
}

const struct sw_value_map *sw_csv_schema_values(const struct sw_csv_schema *csv_schema,
                                                const char *name)
{
    for (size_t i = 0; i < csv_schema->column_count; i++)
        if (strcmp(csv_schema->columns[i].name, name) == 0)
            return csv_schema->columns[i].values.count ? &csv_schema->columns[i].values : NULL;
    return NULL;
}

const char *sw_csv_schema_canonical(const struct sw_csv_schema *csv_schema, const char *text,
                                    size_t length)
{
    for (size_t i = 0; i < csv_schema->column_count; i++) {
        const struct sw_words_list *aliases = &csv_schema->columns[i].aliases;
        for (size_t k = 0; k < aliases->count; k++)
            if (strlen(aliases->items[k]) == length && memcmp(aliases->items[k], text, length) == 0)
                return csv_schema->columns[i].name;
    }
    return NULL;
}

static bool check_names(const struct sw_names *names, struct sw_error *error)
{
    for (size_t i = 0; i < names->count; i++) {
        if (!*names->items[i])
            return sw_fail(error, SW_DATA, "header: column %zu has no name%s", i + 1,
                           i > 0 && i + 1 == names->count ? ": the line ends in a comma" : "");
        if (find_name(names, names->items[i]) != (int)i)
            return sw_fail(error, SW_DATA, "header: column name stands twice: '%s'",
                           names->items[i]);
    }
    return true;
}

/* Adds a column for each name; meant[i] is the schema's column after it, or NULL. */
static bool add_columns(struct sw_schema *schema, const struct sw_names *names,
                        const struct sw_csv_schema_column *const *meant, struct sw_error *error)
{
    for (size_t i = 0; i < names->count; i++) {
        bool good =
            meant[i] ? sw_schema_add(schema, meant[i]->name, meant[i]->type, meant[i]->scale, error)
                     : sw_schema_add(schema, names->items[i], SW_TEXT, 0, error);
        if (!good) return false;
    }
    return true;
}

bool sw_csv_schema_schema(const struct sw_csv_schema *csv_schema, const struct sw_names *names,
                          struct sw_schema *schema, struct sw_error *error)
{
    if (!check_names(names, error)) return false;
    const struct sw_csv_schema_column **meant = sw_alloc(names->count, sizeof *meant, error);
    if (!meant) return false;
    for (size_t i = 0; i < csv_schema->column_count; i++) {
        int place = find_column(names, &csv_schema->columns[i]);
        if (place >= 0) meant[place] = &csv_schema->columns[i];
    }
    bool good = sw_schema_init(schema, csv_schema->table, error);
    if (good && !(good = add_columns(schema, names, meant, error))) sw_schema_free(schema);
    if (good) {
        schema->time_column = csv_schema->time ? sw_schema_find(schema, csv_schema->time) : -1;
        schema->row_kind = csv_schema->row_kind;
        good = sw_schema_in_zone(schema, csv_schema->zone, error);
        if (!good) sw_schema_free(schema);
    }
    free(meant);
    return good;
}
