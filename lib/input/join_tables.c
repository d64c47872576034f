/* SPDX-License-Identifier: ISC */
#include "input/join_tables.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/memory.h"

/* ---- opening ---- */

/* A schema without columns: everything is text. */
static bool make_fallback(struct sw_csv_schema *schema, struct sw_error *error)
{
    char table[] = "table", name[] = "rows", *words[] = {table, name};
    *schema = (struct sw_csv_schema){.dialect = {.separator = ','}};
    schema->name = sw_copy_text(name, strlen(name), error);
    return schema->name && sw_csv_schema_line(schema, words, 2, error);
}

static bool open_schemas(struct sw_csv_schemas *schemas, const struct sw_join_tables *tables,
                         const char *choice, struct sw_error *error)
{
    if (!sw_csv_schemas_open(schemas, tables->settings.share_directory, choice, NULL, error))
        return false;
    schemas->fallback = choice ? NULL : &tables->fallback;
    return true;
}

static bool open_files(struct sw_join_tables *tables, const char *const *paths, size_t count,
                       const char *with, struct sw_error *error)
{
    if (!make_fallback(&tables->fallback, error) ||
        !open_schemas(&tables->left_schemas, tables, tables->settings.choice, error) ||
        !open_schemas(&tables->right_schemas, tables, NULL, error))
        return false;
    tables->left_open = sw_rows_open_all(&tables->left, paths, count, &tables->left_schemas, error);
    tables->right_open =
        tables->left_open && sw_rows_open(&tables->right, with, &tables->right_schemas, error);
    return tables->right_open;
}

static bool open_view(struct sw_view *view, struct sw_rows *rows,
                      const struct sw_join_tables *tables, struct sw_error *error)
{
    return sw_view_open(view, sw_rows_supplier(rows), &tables->settings.view, error);
}

/* ---- types of the keys ---- */

/* The column of the file that a key is; `space` becomes its name. */
static void stored_name(const struct sw_rows *rows, const char *key, size_t length, char *space)
{
    sw_join_key_of(sw_rows_schema(rows), key, length, space);
    size_t from = sw_list_expression(space, strlen(space));
    while (space[from] == ' ') from++;
    memmove(space, space + from, strlen(space + from) + 1);
}

/* What type a key has on a side, by a view of its own. */
static bool type_of(struct sw_rows *rows, const struct sw_join_tables *tables, const char *key,
                    size_t length, char *space, struct sw_column *type, struct sw_error *error)
{
    struct sw_view view;
    if (!open_view(&view, rows, tables, error)) return false;
    sw_join_key_of(sw_rows_schema(rows), key, length, space);
    int handle = sw_view_column(&view, space, SW_USAGE, error);
    if (handle >= 0)
        *type = (struct sw_column){.type = sw_view_type(&view, handle),
                                   .scale = sw_view_scale(&view, handle)};
    sw_view_free(&view);
    const char *file = rows->records ? rows->reader.first_name : rows->csv.source.input.name;
    return handle >= 0 || sw_fail_at(error, "--keys") || sw_fail_at(error, file);
}

/* Text of a CSV is of the type that the other side has. */
static bool settle_key(struct sw_join_tables *tables, const char *key, size_t length, char *space,
                       struct sw_error *error)
{
    struct sw_column left = {0}, right = {0};
    if (!type_of(&tables->left, tables, key, length, space, &left, error) ||
        !type_of(&tables->right, tables, key, length, space, &right, error))
        return false;
    if (left.type == right.type || (left.type != SW_TEXT && right.type != SW_TEXT)) return true;
    bool of_right = right.type == SW_TEXT;
    struct sw_rows *rows = of_right ? &tables->right : &tables->left;
    const struct sw_column *as = of_right ? &left : &right;
    stored_name(rows, key, length, space);
    return sw_rows_type_texts(rows, space, as->type, as->scale, error);
}

static bool settle_keys(struct sw_join_tables *tables, struct sw_error *error)
{
    const char *list = tables->settings.join.keys;
    char *space = sw_alloc(strlen(list) + 1, 1, error);
    bool good = space != NULL;
    for (const char *at = list; good; at++) {
        size_t length = sw_list_item(at);
        good = settle_key(tables, at, length, space, error);
        at += length;
        if (!*at) break;
    }
    free(space);
    return good;
}

/* ---- the way ---- */

static bool is_sorted_by(const struct sw_schema *schema, const char *list)
{
    struct sw_error unused = {0};
    struct sw_sort_key *keys;
    size_t count, same = 0;
    if (!sw_sort_keys_parse(schema, list, &keys, &count, &unused)) return false;
    while (same < count && same < schema->sort_count &&
           schema->sort_keys[same].column == keys[same].column &&
           schema->sort_keys[same].descending == keys[same].descending)
        same++;
    free(keys);
    return same == count;
}

static enum sw_step next_rows(void *owner, size_t *rows, struct sw_error *error)
{
    return sw_rows_next(owner, rows, error);
}

static struct sw_join_side side_of(struct sw_rows *rows, struct sw_view *view)
{
    const char *name = rows->records ? rows->reader.first_name : rows->csv.source.input.name;
    return (struct sw_join_side){.view = view,
                                 .next = next_rows,
                                 .owner = rows,
                                 .file = name,
                                 .reader = rows->records ? &rows->reader : NULL};
}

static bool open_lookup(struct sw_join_tables *tables, struct sw_error *error)
{
    struct sw_join_side left = side_of(&tables->left, &tables->left_view);
    struct sw_join_side right = side_of(&tables->right, &tables->right_view);
    if (!settle_keys(tables, error) ||
        !open_view(&tables->left_view, &tables->left, tables, error) ||
        !open_view(&tables->right_view, &tables->right, tables, error) ||
        !sw_lookup_open(&tables->lookup, &left, &right, &tables->settings.join, error))
        return false;
    tables->schema = &tables->lookup.schema;
    return sw_rows_start(&tables->left, &tables->left_view, NULL, error) &&
           sw_rows_start(&tables->right, &tables->right_view, NULL, error);
}

bool sw_join_tables_open(struct sw_join_tables *tables, const char *const *paths, size_t count,
                         const char *with, struct sw_error *error)
{
    const struct sw_join_settings *join = &tables->settings.join;
    if (!open_files(tables, paths, count, with, error)) return false;
    tables->merges = tables->left.records && tables->right.records &&
                     is_sorted_by(sw_rows_schema(&tables->left), join->keys) &&
                     is_sorted_by(sw_rows_schema(&tables->right), join->keys);
    if (!tables->merges) return open_lookup(tables, error);
    tables->schema = &tables->merge.schema;
    return open_view(&tables->right_view, &tables->right, tables, error) &&
           sw_join_open(&tables->merge, &tables->left.reader, &tables->right.reader,
                        &tables->right_view, join, error);
}

bool sw_join_tables_rows(struct sw_join_tables *tables, struct sw_writer *writer,
                         struct sw_error *error)
{
    return tables->merges ? sw_join_rows(&tables->merge, writer, error)
                          : sw_lookup_rows(&tables->lookup, writer, error);
}

struct sw_tally sw_join_tables_tally(const struct sw_join_tables *tables)
{
    return tables->merges ? sw_join_tally(&tables->merge) : sw_lookup_tally(&tables->lookup);
}

void sw_join_tables_close(struct sw_join_tables *tables)
{
    sw_join_free(&tables->merge);
    sw_lookup_free(&tables->lookup);
    sw_view_free(&tables->left_view);
    sw_view_free(&tables->right_view);
    if (tables->left_open) sw_rows_close(&tables->left);
    if (tables->right_open) sw_rows_close(&tables->right);
    sw_csv_schemas_free(&tables->left_schemas);
    sw_csv_schemas_free(&tables->right_schemas);
    sw_csv_schema_free(&tables->fallback);
}
