/* SPDX-License-Identifier: ISC */
#include "input/any_table.h"

#include <string.h>

#include "base/memory.h"

bool sw_begins_as_records(struct sw_input *input, bool *records, struct sw_error *error)
{
    static const unsigned char magic[] = {0x89, 'S', 'W', 'R'};
    unsigned char first[sizeof magic];
    size_t got;
    bool good = sw_input_peek(input, first, sizeof first, &got, error);
    *records = good && got == sizeof first && memcmp(first, magic, got) == 0;
    return good;
}

/* Where any header will do, a stream whose first bytes are damaged, or that ends after few of them, would be taken for one: what has a
 * NUL near its beginning, or begins as streams do and no UTF-8, is no text, unless it is packed. */
static bool looks_like_text(struct sw_input *input, struct sw_error *error)
{
    unsigned char first[SW_PEEK_MAXIMUM];
    size_t got;
    if (!sw_input_peek(input, first, sizeof first, &got, error)) return false;
    const bool text = !memchr(first, 0, got) && (got == 0 || first[0] != 0x89);
    return sw_packing_of(first, got) != SW_PACKED_NOT || text ||
           sw_fail(error, SW_DATA, "%s: neither a record stream nor text", input->name);
}

bool sw_rows_open(struct sw_rows *rows, const char *path, const struct sw_csv_schemas *csv_schemas,
                  struct sw_error *error)
{
    struct sw_input input;
    *rows = (struct sw_rows){0};
    if (!sw_input_open(&input, path, error)) return false;
    if (!sw_begins_as_records(&input, &rows->records, error)) {
        sw_input_close(&input);
        return false;
    }
    if (!rows->records && csv_schemas->fallback && !looks_like_text(&input, error)) {
        sw_input_close(&input);
        return false;
    }
    return rows->records ? sw_reader_open_input(&rows->reader, &input, error)
                         : sw_csv_open_input(&rows->csv, &input, path, csv_schemas, error);
}

bool sw_rows_open_all(struct sw_rows *rows, const char *const *paths, size_t count,
                      const struct sw_csv_schemas *csv_schemas, struct sw_error *error)
{
    if (count <= 1) return sw_rows_open(rows, count ? paths[0] : NULL, csv_schemas, error);
    *rows = (struct sw_rows){.records = true};
    return sw_reader_open(&rows->reader, paths, count, error);
}

bool sw_rows_type_texts(struct sw_rows *rows, const char *name, enum sw_type type, int scale,
                        struct sw_error *error)
{
    int at = rows->records ? -1 : sw_schema_find(&rows->csv.schema, name);
    if (at < 0 || (size_t)at >= rows->csv.field_count ||
        rows->csv.schema.columns[at].type != SW_TEXT)
        return true;
    if (rows->table_open) return sw_fail(error, SW_SYSTEM, "%s: was read already", name);
    struct sw_local_zone *zone = rows->csv.parsers[at].zone;
    rows->csv.schema.columns[at].type = type;
    rows->csv.schema.columns[at].scale = scale;
    rows->csv.parsers[at] = sw_field_parser_of(type, scale);
    rows->csv.parsers[at].zone = zone;
    return true;
}

void sw_rows_close(struct sw_rows *rows)
{
    if (rows->table_open) sw_table_free(&rows->table);
    free(rows->wanted);
    if (rows->records)
        sw_reader_close(&rows->reader);
    else
        sw_csv_close(&rows->csv);
}

const struct sw_schema *sw_rows_schema(const struct sw_rows *rows)
{
    return rows->records ? &rows->reader.schema : &rows->csv.schema;
}

/* ---- blocks of rows ---- */

static const struct sw_vector *supply(void *owner, int column, struct sw_error *error)
{
    struct sw_rows *rows = owner;
    if (rows->records) return sw_reader_vector(&rows->reader, column, error);
    for (size_t i = 0; i < rows->wanted_count; i++)
        if (rows->wanted[i] == column) return rows->table.vectors[i];
    (void)sw_fail(error, SW_SYSTEM, "column %d was not asked for", column);
    return NULL;
}

struct sw_supplier sw_rows_supplier(struct sw_rows *rows)
{
    return (struct sw_supplier){sw_rows_schema(rows), rows, supply, NULL};
}

bool sw_rows_start(struct sw_rows *rows, const struct sw_view *view, struct sw_bad_rows *bad,
                   struct sw_error *error)
{
    if (rows->records) return true;
    size_t columns = rows->csv.schema.column_count;
    bool *needed = sw_alloc(columns, sizeof *needed, error);
    rows->wanted = needed ? sw_alloc(columns, sizeof *rows->wanted, error) : NULL;
    if (!rows->wanted) {
        free(needed);
        return false;
    }
    sw_view_needed(view, needed);
    for (size_t i = 0; i < columns; i++)
        if (needed[i]) rows->wanted[rows->wanted_count++] = (int)i;
    free(needed);
    struct sw_table_settings settings = {.wanted = rows->wanted,
                                         .wanted_count = rows->wanted_count,
                                         .batch_rows =
                                             sw_csv_batch_rows(&rows->csv, SW_BLOCK_ROWS_DEFAULT),
                                         .bad = bad};
    rows->table_open = sw_table_open(&rows->table, &rows->csv, &settings, error);
    return rows->table_open;
}

enum sw_step sw_rows_next(struct sw_rows *rows, size_t *count, struct sw_error *error)
{
    enum sw_step step =
        rows->records ? sw_reader_next(&rows->reader, error) : sw_table_next(&rows->table, error);
    *count = rows->records ? rows->reader.rows : rows->table.rows;
    return step;
}

/* ---- schemas ---- */

bool sw_schema_of_csv_schema(struct sw_schema *schema, const struct sw_csv_schema *csv_schema,
                             struct sw_error *error)
{
    struct sw_names names = {sw_alloc(csv_schema->column_count, sizeof *names.items, error),
                             csv_schema->column_count};
    for (size_t i = 0; names.items && i < names.count; i++)
        names.items[i] = csv_schema->columns[i].name;
    bool good = names.items && sw_csv_schema_schema(csv_schema, &names, schema, error);
    free(names.items);
    return good;
}

const struct sw_csv_schema *sw_csv_schema_of_table(const struct sw_csv_schemas *csv_schemas,
                                                   const char *table)
{
    for (size_t i = 0; i < csv_schemas->count; i++)
        if (strcmp(csv_schemas->items[i].name, table) == 0) return &csv_schemas->items[i];
    return NULL;
}
