/* SPDX-License-Identifier: ISC */
#include "view/projection.h"

#include <string.h>

#include "base/list.h"
#include "base/memory.h"

static bool add(struct sw_columns *columns, struct sw_view *view, const char *name,
                struct sw_error *error)
{
    int handle = sw_view_column(view, name, SW_USAGE, error);
    if (handle < 0) return false;
    for (size_t i = 0; i < columns->count; i++)
        if (columns->handles[i] == handle)
            return sw_fail(error, SW_USAGE, "column '%s' is named twice", name);
    columns->handles[columns->count++] = handle;
    return sw_schema_add(&columns->schema, sw_view_name(view, handle), sw_view_type(view, handle),
                         sw_view_scale(view, handle), error);
}

static bool add_named(struct sw_columns *columns, struct sw_view *view, const char *name,
                      size_t length, struct sw_error *error)
{
    while (length && *name == ' ') name++, length--;
    while (length && name[length - 1] == ' ') length--;
    if (length == 0 || *name == '#')
        return sw_fail(error, SW_USAGE, "an empty name in a list of columns");
    char *copy = sw_copy_text(name, length, error);
    bool good = copy && add(columns, view, copy, error);
    free(copy);
    return good;
}

static bool add_list(struct sw_columns *columns, struct sw_view *view, const char *list,
                     struct sw_error *error)
{
    for (;;) {
        size_t length = sw_list_item(list);
        if (!add_named(columns, view, list, length, error)) return false;
        if (!list[length]) return true;
        list += length + 1;
    }
}

static bool add_stored(struct sw_columns *columns, struct sw_view *view, struct sw_error *error)
{
    const struct sw_schema *schema = view->supplier.schema;
    for (size_t i = 0; i < schema->column_count; i++)
        if (!add(columns, view, schema->columns[i].name, error)) return false;
    return true;
}

bool sw_columns_open(struct sw_columns *columns, struct sw_view *view, const char *list,
                     struct sw_error *error)
{
    const struct sw_schema *schema = view->supplier.schema;
    size_t most = schema->column_count;
    for (const char *at = list; at && *at; at++) most += *at == ',';
    columns->handles = sw_alloc(most + 1, sizeof *columns->handles, error);
    columns->vectors = sw_alloc(most + 1, sizeof *columns->vectors, error);
    if (!columns->handles || !columns->vectors ||
        !sw_schema_init(&columns->schema, schema->table, error))
        return false;
    return list ? add_list(columns, view, list, error) : add_stored(columns, view, error);
}

/* Where a stored column stands among the named ones, or -1. */
static int kept_as(const struct sw_columns *columns, const struct sw_view *view, int stored)
{
    for (size_t i = 0; i < columns->count; i++)
        if (stored >= 0 && sw_view_stored(view, columns->handles[i]) == stored) return (int)i;
    return -1;
}

/* After a sort key that is dropped nothing is in order. */
static bool inherit_sort(struct sw_columns *columns, const struct sw_view *view,
                         struct sw_error *error)
{
    const struct sw_schema *from = view->supplier.schema;
    size_t length = 0;
    struct sw_sort_key *keys = sw_alloc(from->sort_count, sizeof *keys, error);
    if (!keys) return false;
    for (; length < from->sort_count; length++) {
        keys[length] = from->sort_keys[length];
        keys[length].column = kept_as(columns, view, keys[length].column);
        if (keys[length].column < 0) break;
    }
    bool good = sw_schema_sorted_by(&columns->schema, keys, length, error);
    free(keys);
    return good;
}

bool sw_columns_inherit(struct sw_columns *columns, const struct sw_view *view,
                        struct sw_error *error)
{
    const struct sw_schema *from = view->supplier.schema;
    columns->schema.time_column = kept_as(columns, view, from->time_column);
    return sw_schema_inherit(&columns->schema, from, true, error) &&
           inherit_sort(columns, view, error);
}

bool sw_columns_fetch(struct sw_columns *columns, struct sw_view *view, struct sw_error *error)
{
    for (size_t i = 0; i < columns->count; i++) {
        columns->vectors[i] = sw_view_vector(view, columns->handles[i], error);
        if (!columns->vectors[i]) return false;
    }
    return true;
}

void sw_columns_free(struct sw_columns *columns)
{
    free(columns->handles);
    free(columns->vectors);
    sw_schema_free(&columns->schema);
    *columns = (struct sw_columns){0};
}
