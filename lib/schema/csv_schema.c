/* SPDX-License-Identifier: ISC */
#include "schema/csv_schema.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "schema/file_name.h"

/* Every start of a program that has no -t compares each name of all schemas with many others, of which most differ in the first byte. */
static bool equal(const char *a, const char *b)
{
    return *a == *b && strcmp(a, b) == 0;
}

static int find_name(const struct sw_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (equal(names->items[i], name)) return (int)i;
    return -1;
}

/* The place of a csv_schema's column among the names: under its own name, or under the first alias that
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
    const struct sw_csv_schema_column *column = sw_csv_schema_column(csv_schema, name);
    return find_name(names, name) >= 0 || (column && find_column(names, column) >= 0);
}

static size_t count_there(const struct sw_csv_schema *csv_schema, const struct sw_names *names,
                          const struct sw_words_list *list)
{
    size_t there = 0;
    for (size_t i = 0; i < list->count; i++) there += has(csv_schema, names, list->items[i]);
    return there;
}

bool sw_csv_schema_fits(const struct sw_csv_schema *csv_schema, const struct sw_names *names)
{
    const struct sw_words_list *one = &csv_schema->require_one;
    return count_there(csv_schema, names, &csv_schema->require) == csv_schema->require.count &&
           (one->count == 0 || count_there(csv_schema, names, one) > 0) &&
           count_there(csv_schema, names, &csv_schema->forbid) == 0;
}

bool sw_csv_schema_knows_any(const struct sw_csv_schema *csv_schema, const struct sw_names *names)
{
    for (size_t i = 0; i < csv_schema->column_count; i++)
        if (find_column(names, &csv_schema->columns[i]) >= 0) return true;
    return false;
}

const struct sw_csv_schema_column *sw_csv_schema_column(const struct sw_csv_schema *csv_schema,
                                                        const char *name)
{
    for (size_t i = 0; i < csv_schema->column_count; i++)
        if (equal(csv_schema->columns[i].name, name)) return &csv_schema->columns[i];
    return NULL;
}

const char *sw_csv_schema_canonical(const struct sw_csv_schema *csv_schema, const char *text,
                                    size_t length)
{
    for (size_t i = 0; i < csv_schema->column_count; i++) {
        const struct sw_words_list *aliases = &csv_schema->columns[i].aliases;
        for (size_t k = 0; k < aliases->count; k++)
            if ((length == 0 || *aliases->items[k] == *text) &&
                strlen(aliases->items[k]) == length && memcmp(aliases->items[k], text, length) == 0)
                return csv_schema->columns[i].name;
    }
    return NULL;
}

const char *sw_csv_schema_meaning(const struct sw_csv_schema *csv_schema, const char *name)
{
    const struct sw_csv_schema_column *column = sw_csv_schema_column(csv_schema, name);
    return column ? column->name : sw_csv_schema_canonical(csv_schema, name, strlen(name));
}

size_t sw_csv_schema_known(const struct sw_csv_schema *csv_schema, const struct sw_names *names)
{
    size_t known = 0;
    for (size_t i = 0; i < names->count; i++)
        known += *names->items[i] && sw_csv_schema_meaning(csv_schema, names->items[i]);
    return known;
}

static bool check_names(const struct sw_names *names, struct sw_error *error)
{
    for (size_t i = 0; i < names->count; i++)
        if (*names->items[i] && find_name(names, names->items[i]) != (int)i)
            return sw_fail(error, SW_DATA, "header: column name stands twice: '%s'",
                           names->items[i]);
    return true;
}

static bool add_column(struct sw_schema *schema, const struct sw_csv_schema_column *column,
                       struct sw_error *error)
{
    return sw_schema_add(schema, column->name, column->parser.type, column->parser.scale, error);
}

/* What no column of the csv_schema is: text, under its own name or its number. */
static bool add_other(struct sw_schema *schema, const struct sw_names *names, size_t i,
                      struct sw_error *error)
{
    char numbered[32];
    const char *name = names->items[i];
    if (!*name) {
        snprintf(numbered, sizeof numbered, "column_%zu", i + 1);
        name = numbered;
        if (find_name(names, name) >= 0)
            return sw_fail(error, SW_DATA, "header: column %zu has no name, and %s is another",
                           i + 1, name);
    }
    return sw_schema_add(schema, name, SW_TEXT, 0, error);
}

/* Adds a column for each name; meant[i] is the csv_schema's column after it, or NULL. */
static bool add_columns(struct sw_schema *schema, const struct sw_names *names,
                        const struct sw_csv_schema_column *const *meant, struct sw_error *error)
{
    for (size_t i = 0; i < names->count; i++)
        if (!(meant[i] ? add_column(schema, meant[i], error) : add_other(schema, names, i, error)))
            return false;
    return true;
}

/* The columns that no field of a row is. */
static bool add_made(const struct sw_csv_schema *csv_schema, struct sw_schema *schema,
                     struct sw_error *error)
{
    struct sw_file_part part;
    for (size_t i = 0;
         csv_schema->file_pattern && sw_file_pattern_part(csv_schema->file_pattern, i, &part);
         i++) {
        char name[SW_NAME_MAXIMUM + 1];
        if (part.length == 0) continue;
        snprintf(name, sizeof name, "%.*s", (int)part.length, part.text);
        if (sw_schema_find(schema, name) >= 0)
            return sw_fail(error, SW_DATA, "header: column %s is a part of the file's name", name);
        if (!add_column(schema, sw_csv_schema_column(csv_schema, name), error)) return false;
    }
    if (!csv_schema->date) return true;
    for (int i = 0; i < 2; i++)
        if (sw_schema_find(schema, i ? csv_schema->clock : csv_schema->date) < 0)
            return sw_fail(error, SW_DATA, "header: there is no column %s, of which %s is made",
                           i ? csv_schema->clock : csv_schema->date, csv_schema->time);
    if (sw_schema_find(schema, csv_schema->time) >= 0)
        return sw_fail(error, SW_DATA, "header: column %s is one that is made of others",
                       csv_schema->time);
    return sw_schema_add(schema, csv_schema->time, SW_TIME, 0, error);
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
    if (good) {
        good = add_columns(schema, names, meant, error) && add_made(csv_schema, schema, error);
        schema->time_column = csv_schema->time ? sw_schema_find(schema, csv_schema->time) : -1;
        schema->row_kind = csv_schema->row_kind;
        good = good && sw_schema_in_zone(schema, csv_schema->zone, error);
        if (!good) sw_schema_free(schema);
    }
    free(meant);
    return good;
}
