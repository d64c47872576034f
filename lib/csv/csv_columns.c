/* SPDX-License-Identifier: ISC
 * Which columns, and which range, of a file are meant (csv/file.h). */
#include <inttypes.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/number.h"
#include "csv/file.h"

static bool has_column(const struct sw_schema *schema, const char *name, size_t length)
{
    for (size_t i = 0; i < schema->column_count; i++)
        if (strlen(schema->columns[i].name) == length &&
            memcmp(schema->columns[i].name, name, length) == 0)
            return true;
    return false;
}

/* Appends one name of a list; an alias gives way to the canonical name, unless the file has a
 * column called so. */
static bool add_name(const struct sw_csv *csv, struct sw_buffer *names, const char *name,
                     size_t length, struct sw_error *error)
{
    while (length && (*name == ' ' || *name == '\t')) name++, length--;
    while (length && (name[length - 1] == ' ' || name[length - 1] == '\t')) length--;
    const char *canonical = has_column(&csv->schema, name, length)
                                ? NULL
                                : sw_csv_schema_canonical(csv->csv_schema, name, length);
    if (canonical) return sw_buffer_text(names, canonical, error);
    return sw_buffer_add(names, name, length, error);
}

static bool add_names(const struct sw_csv *csv, struct sw_buffer *names, const char *list,
                      struct sw_error *error)
{
    for (;;) {
        size_t length = strcspn(list, ",");
        if (!add_name(csv, names, list, length, error)) return false;
        list += length;
        if (!*list) return sw_buffer_add(names, "", 1, error);
        if (!sw_buffer_add(names, list++, 1, error)) return false;
    }
}

static bool pick_all(const struct sw_csv *csv, int **columns, size_t *count, struct sw_error *error)
{
    *count = csv->schema.column_count;
    *columns = sw_alloc(*count, sizeof **columns, error);
    for (size_t i = 0; *columns && i < *count; i++) (*columns)[i] = (int)i;
    return *columns != NULL;
}

bool sw_csv_pick(const struct sw_csv *csv, const char *list, int **columns, size_t *count,
                 struct sw_error *error)
{
    struct sw_buffer names = {0};
    if (!list) return pick_all(csv, columns, count, error);
    bool good = add_names(csv, &names, list, error) &&
                sw_schema_pick(&csv->schema, (const char *)names.bytes, columns, count, error);
    sw_buffer_free(&names);
    return good;
}

static bool same_column(const struct sw_csv *csv, const struct sw_column *wanted, int *found,
                        const char *first_file, struct sw_error *error)
{
    const char *name = csv->source.input.name;
    *found = sw_schema_find(&csv->schema, wanted->name);
    if (*found < 0)
        return sw_fail(error, SW_DATA, "%s: has no column %s, which %s has", name, wanted->name,
                       first_file);
    const struct sw_column *column = &csv->schema.columns[*found];
    if (column->type != wanted->type || column->scale != wanted->scale)
        return sw_fail(error, SW_DATA, "%s: %s is %s, but %s in %s", name, wanted->name,
                       sw_type_name(column->type), sw_type_name(wanted->type), first_file);
    return true;
}

static bool same_table(const struct sw_csv *csv, const struct sw_schema *schema,
                       const char *first_file, bool some, struct sw_error *error)
{
    const char *name = csv->source.input.name;
    if (strcmp(csv->schema.table, schema->table) != 0)
        return sw_fail(error, SW_DATA, "%s: has %s, but %s has %s", name, csv->schema.table,
                       first_file, schema->table);
    for (size_t i = 0; !some && i < csv->schema.column_count; i++)
        if (sw_schema_find(schema, csv->schema.columns[i].name) < 0)
            return sw_fail(error, SW_DATA, "%s: has a column %s, which %s has not", name,
                           csv->schema.columns[i].name, first_file);
    return true;
}

bool sw_csv_same(const struct sw_csv *csv, const struct sw_schema *schema, const char *first_file,
                 bool some, int **columns, size_t *count, struct sw_error *error)
{
    if (!same_table(csv, schema, first_file, some, error)) return false;
    *count = schema->column_count;
    *columns = sw_alloc(*count, sizeof **columns, error);
    bool good = *columns != NULL;
    for (size_t i = 0; good && i < *count; i++)
        good = same_column(csv, &schema->columns[i], &(*columns)[i], first_file, error);
    if (good) return true;
    free(*columns);
    *columns = NULL;
    return false;
}
