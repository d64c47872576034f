/* SPDX-License-Identifier: ISC */
#include "sort/sort_columns.h"

#include <string.h>

#include "base/list.h"
#include "base/memory.h"

static bool is_named(const char *name, const char *word, size_t length)
{
    return strlen(name) == length && memcmp(name, word, length) == 0;
}

static bool in_schema(const struct sw_schema *schema, const char *word, size_t length)
{
    for (size_t i = 0; i < schema->column_count; i++)
        if (is_named(schema->columns[i].name, word, length)) return true;
    return false;
}

/* A label of a size is no number; "#size" is its place among the sizes. */
static bool add_derived(struct sw_sort_columns *columns, struct sw_view *view, const char *name,
                        struct sw_error *error)
{
    int handle = sw_view_column(view, strcmp(name, "size") == 0 ? "#size" : name, SW_USAGE, error);
    if (handle < 0) return false;
    columns->handles[columns->schema.column_count] = handle;
    if (*sw_view_name(view, handle) != '#') name = sw_view_name(view, handle);
    if (sw_schema_find(&columns->schema, name) >= 0) return true;
    return sw_schema_add(&columns->schema, name, sw_view_type(view, handle),
                         sw_view_scale(view, handle), error);
}

/* What a key is without its order. An expression may itself have a colon. */
static size_t without_order(const char *word, size_t length)
{
    const char *colon = memrchr(word, ':', length);
    if (!colon) return length;
    size_t before = (size_t)(colon - word), after = length - before;
    bool ordered = is_named(":desc", colon, after) || is_named(":asc", colon, after);
    bool expression = before && memchr(word, '(', before) != NULL;
    return ordered || (!expression && !sw_list_name(word, length)) ? before : length;
}

/* Adds what a key names, where it is not there yet. A stored column's name may itself hold a colon.
 */
static bool add_key_column(struct sw_sort_columns *columns, struct sw_view *view, const char *word,
                           size_t length, struct sw_error *error)
{
    while (length && (*word == ' ' || *word == '\t')) word++, length--;
    while (length && (word[length - 1] == ' ' || word[length - 1] == '\t')) length--;
    if (in_schema(&columns->schema, word, length)) return true;
    length = without_order(word, length);
    if (in_schema(&columns->schema, word, length)) return true;
    if (length == 0 || *word == '#')
        return sw_fail(error, SW_USAGE, "--keys: an empty name in a list of columns");
    char *name = sw_copy_text(word, length, error);
    bool good = name && (add_derived(columns, view, name, error) || sw_fail_at(error, "--keys"));
    free(name);
    return good;
}

static bool add_stored(struct sw_sort_columns *columns, struct sw_view *view,
                       struct sw_error *error)
{
    for (size_t i = 0; i < columns->stored; i++) {
        columns->handles[i] = sw_view_column(view, columns->schema.columns[i].name, SW_DATA, error);
        if (columns->handles[i] < 0) return false;
    }
    return true;
}

bool sw_sort_columns_open(struct sw_sort_columns *columns, struct sw_view *view, const char *list,
                          struct sw_error *error)
{
    const struct sw_schema *stored = view->supplier.schema;
    size_t most = stored->column_count + 1;
    for (const char *at = list; *at; at++) most += *at == ',';
    *columns = (struct sw_sort_columns){.stored = stored->column_count};
    columns->handles = sw_alloc(most, sizeof *columns->handles, error);
    columns->vectors = sw_alloc(most, sizeof *columns->vectors, error);
    if (!columns->handles || !columns->vectors ||
        !sw_schema_copy(&columns->schema, stored, NULL, 0, error) ||
        !sw_schema_sorted_by(&columns->schema, NULL, 0, error) || !add_stored(columns, view, error))
        return false;
    for (const char *at = list;; at++) {
        size_t length = sw_list_item(at);
        if (!add_key_column(columns, view, at, length, error)) return false;
        at += length;
        if (!*at) break;
    }
    bool good =
        sw_sort_keys_parse(&columns->schema, list, &columns->keys, &columns->key_count, error);
    columns->given_count = columns->key_count;
    return good;
}

static bool is_key(const struct sw_sort_columns *columns, int column)
{
    for (size_t i = 0; i < columns->key_count; i++)
        if (columns->keys[i].column == column) return true;
    return false;
}

bool sw_sort_columns_add_others(struct sw_sort_columns *columns, struct sw_error *error)
{
    size_t capacity = SW_SORT_KEYS_MAXIMUM;
    if (!sw_grow(&columns->keys, &capacity, columns->key_count + columns->stored,
                 sizeof *columns->keys, error))
        return false;
    for (int i = 0; i < (int)columns->stored; i++)
        if (!is_key(columns, i))
            columns->keys[columns->key_count++] = (struct sw_sort_key){.column = i};
    return true;
}

bool sw_sort_columns_fetch(struct sw_sort_columns *columns, struct sw_view *view,
                           struct sw_error *error)
{
    for (size_t i = 0; i < columns->schema.column_count; i++) {
        columns->vectors[i] = sw_view_vector(view, columns->handles[i], error);
        if (!columns->vectors[i]) return false;
    }
    return true;
}

bool sw_sort_columns_output(const struct sw_sort_columns *columns, struct sw_schema *schema,
                            struct sw_error *error)
{
    size_t claimed = 0;
    while (claimed < columns->given_count && columns->keys[claimed].column < (int)columns->stored)
        claimed++;
    int *kept = sw_alloc(columns->stored, sizeof *kept, error);
    for (size_t i = 0; kept && i < columns->stored; i++) kept[i] = (int)i;
    bool good = kept && sw_schema_copy(schema, &columns->schema, kept, columns->stored, error);
    free(kept);
    return good && sw_schema_sorted_by(schema, columns->keys, claimed, error);
}

void sw_sort_columns_free(struct sw_sort_columns *columns)
{
    sw_schema_free(&columns->schema);
    free(columns->handles);
    free(columns->vectors);
    free(columns->keys);
    *columns = (struct sw_sort_columns){0};
}
