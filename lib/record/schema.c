/* SPDX-License-Identifier: ISC */
#include "record/schema.h"

#include <string.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/zone.h"

bool sw_schema_init(struct sw_schema *schema, const char *table, struct sw_error *error)
{
    *schema = (struct sw_schema){.time_column = -1};
    schema->table = sw_copy_text(table, strlen(table), error);
    return schema->table != NULL;
}

bool sw_schema_add(struct sw_schema *schema, const char *name, enum sw_type type, int scale,
                   struct sw_error *error)
{
    if (schema->column_count == SW_COLUMNS_MAXIMUM)
        return sw_fail(error, SW_DATA, "more than %d columns", SW_COLUMNS_MAXIMUM);
    if (strlen(name) > SW_NAME_MAXIMUM)
        return sw_fail(error, SW_DATA, "a column's name of more than %d bytes", SW_NAME_MAXIMUM);
    if (sw_schema_find(schema, name) >= 0)
        return sw_fail(error, SW_DATA, "two columns are called '%s'", name);
    if (!sw_grow(&schema->columns, &schema->column_capacity, schema->column_count + 1,
                 sizeof *schema->columns, error))
        return false;
    char *copy = sw_copy_text(name, strlen(name), error);
    if (!copy) return false;
    schema->columns[schema->column_count++] = (struct sw_column){copy, type, scale};
    return true;
}

bool sw_schema_sorted_by(struct sw_schema *schema, const struct sw_sort_key *keys, size_t count,
                         struct sw_error *error)
{
    struct sw_sort_key *copy = sw_alloc(count, sizeof *copy, error);
    if (!copy) return false;
    if (count) memcpy(copy, keys, count * sizeof *copy);
    free(schema->sort_keys);
    schema->sort_keys = copy;
    schema->sort_count = count;
    return true;
}

bool sw_schema_in_zone(struct sw_schema *schema, const char *zone, struct sw_error *error)
{
    char *copy = NULL;
    if (zone && strlen(zone) > SW_ZONE_MAXIMUM)
        return sw_fail(error, SW_DATA, "a zone's name of more than %d bytes", SW_ZONE_MAXIMUM);
    if (zone && !(copy = sw_copy_text(zone, strlen(zone), error))) return false;
    free(schema->zone);
    schema->zone = copy;
    schema->zone_assumed = false;
    return true;
}

bool sw_schema_add_metadata(struct sw_schema *schema, const char *key, const char *value,
                            size_t length, struct sw_error *error)
{
    if (schema->metadata_count == SW_METADATA_MAXIMUM)
        return sw_fail(error, SW_DATA, "more than %d entries of metadata", SW_METADATA_MAXIMUM);
    if (!*key || strlen(key) > SW_NAME_MAXIMUM)
        return sw_fail(error, SW_DATA, "a key of metadata of 0 or more than %d bytes",
                       SW_NAME_MAXIMUM);
    if (sw_schema_metadata(schema, key))
        return sw_fail(error, SW_DATA, "two entries of metadata are called '%s'", key);
    if (!schema->metadata) {
        schema->metadata = sw_alloc(SW_METADATA_MAXIMUM, sizeof *schema->metadata, error);
        if (!schema->metadata) return false;
    }
    const struct sw_metadata entry = {sw_copy_text(key, strlen(key), error),
                                      sw_copy_text(value, length, error)};
    if (!entry.key || !entry.value) {
        free(entry.key);
        free(entry.value);
        return false;
    }
    schema->metadata[schema->metadata_count++] = entry;
    return true;
}

const char *sw_schema_metadata(const struct sw_schema *schema, const char *key)
{
    for (size_t i = 0; i < schema->metadata_count; i++)
        if (strcmp(schema->metadata[i].key, key) == 0) return schema->metadata[i].value;
    return NULL;
}

bool sw_schema_inherit(struct sw_schema *schema, const struct sw_schema *from, bool same_rows,
                       struct sw_error *error)
{
    if (!sw_schema_in_zone(schema, from->zone, error)) return false;
    schema->zone_assumed = from->zone_assumed;
    if (same_rows) schema->row_kind = from->row_kind;
    for (size_t i = 0; i < from->provenance_count; i++)
        if (!sw_schema_made_by(schema, from->provenance[i], strlen(from->provenance[i]), error))
            return false;
    return true;
}

bool sw_schema_made_by(struct sw_schema *schema, const char *line, size_t length,
                       struct sw_error *error)
{
    if (!schema->provenance) {
        schema->provenance = sw_alloc(SW_PROVENANCE_MAXIMUM, sizeof *schema->provenance, error);
        if (!schema->provenance) return false;
    }
    char *copy = sw_copy_text(line, length, error);
    if (!copy) return false;
    if (schema->provenance_count == SW_PROVENANCE_MAXIMUM) {
        free(schema->provenance[0]);
        memmove(schema->provenance, schema->provenance + 1,
                (SW_PROVENANCE_MAXIMUM - 1) * sizeof *schema->provenance);
        schema->provenance_count--;
    }
    schema->provenance[schema->provenance_count++] = copy;
    return true;
}

/* Where column `index` of the original stands among the kept, or -1. */
static int kept_as(int index, const int *kept, size_t count)
{
    if (!kept) return index;
    for (size_t i = 0; i < count; i++)
        if (kept[i] == index) return (int)i;
    return -1;
}

/* A leading part of a sort order is one too; after a dropped key nothing is ordered. */
static bool copy_sort(struct sw_schema *schema, const struct sw_schema *from, const int *kept,
                      size_t count, struct sw_error *error)
{
    struct sw_sort_key keys[SW_PROVENANCE_MAXIMUM];
    size_t length = 0;
    for (; length < from->sort_count && length < SW_PROVENANCE_MAXIMUM; length++) {
        keys[length] = from->sort_keys[length];
        keys[length].column = kept_as(keys[length].column, kept, count);
        if (keys[length].column < 0) break;
    }
    return sw_schema_sorted_by(schema, keys, length, error);
}

static bool copy_parts(struct sw_schema *schema, const struct sw_schema *from, const int *kept,
                       size_t count, struct sw_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const struct sw_column *column = &from->columns[kept ? kept[i] : (int)i];
        if (!sw_schema_add(schema, column->name, column->type, column->scale, error)) return false;
    }
    if (from->time_column >= 0) schema->time_column = kept_as(from->time_column, kept, count);
    for (size_t i = 0; i < from->metadata_count; i++) {
        const struct sw_metadata *entry = &from->metadata[i];
        if (!sw_schema_add_metadata(schema, entry->key, entry->value, strlen(entry->value), error))
            return false;
    }
    return sw_schema_inherit(schema, from, true, error) &&
           copy_sort(schema, from, kept, count, error);
}

bool sw_schema_copy(struct sw_schema *schema, const struct sw_schema *from, const int *kept,
                    size_t count, struct sw_error *error)
{
    if (!sw_schema_init(schema, from->table, error)) return false;
    if (copy_parts(schema, from, kept, kept ? count : from->column_count, error)) return true;
    sw_schema_free(schema);
    return false;
}

void sw_schema_free(struct sw_schema *schema)
{
    free(schema->table);
    free(schema->zone);
    for (size_t i = 0; i < schema->column_count; i++) free(schema->columns[i].name);
    free(schema->columns);
    free(schema->sort_keys);
    for (size_t i = 0; i < schema->provenance_count; i++) free(schema->provenance[i]);
    free(schema->provenance);
    for (size_t i = 0; i < schema->metadata_count; i++) {
        free(schema->metadata[i].key);
        free(schema->metadata[i].value);
    }
    free(schema->metadata);
    *schema = (struct sw_schema){.time_column = -1};
}

int sw_schema_find(const struct sw_schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->column_count; i++)
        if (strcmp(schema->columns[i].name, name) == 0) return (int)i;
    return -1;
}

static bool same_columns(const struct sw_schema *a, const struct sw_schema *b)
{
    if (strcmp(a->table, b->table) != 0 || a->column_count != b->column_count ||
        a->time_column != b->time_column)
        return false;
    for (size_t i = 0; i < a->column_count; i++) {
        const struct sw_column *one = &a->columns[i], *other = &b->columns[i];
        if (strcmp(one->name, other->name) != 0 || one->type != other->type ||
            one->scale != other->scale)
            return false;
    }
    return true;
}

/* A key of the first for which the second has another value, or none. */
static const char *other_metadata(const struct sw_schema *a, const struct sw_schema *b)
{
    for (size_t i = 0; i < a->metadata_count; i++) {
        const struct sw_metadata *entry = &a->metadata[i];
        const char *value = sw_schema_metadata(b, entry->key);
        if (!value || strcmp(value, entry->value) != 0) return entry->key;
    }
    return NULL;
}

static bool same_metadata(const struct sw_schema *a, const struct sw_schema *b)
{
    return a->metadata_count == b->metadata_count && !other_metadata(a, b);
}

static bool same_rows(const struct sw_schema *a, const struct sw_schema *b)
{
    return a->row_kind == b->row_kind || a->row_kind == SW_ROWS_UNSAID ||
           b->row_kind == SW_ROWS_UNSAID;
}

bool sw_schema_same(const struct sw_schema *a, const struct sw_schema *b)
{
    return same_columns(a, b) && same_metadata(a, b) && same_rows(a, b) &&
           sw_zone_same(sw_schema_zone(a), sw_schema_zone(b));
}

static bool refuse_metadata(const struct sw_schema *a, const char *first, const struct sw_schema *b,
                            const char *place, struct sw_error *error)
{
    const char *key = other_metadata(a, b);
    if (!key) key = other_metadata(b, a);
    const char *was = sw_schema_metadata(a, key), *is = sw_schema_metadata(b, key);
    return sw_fail(error, SW_DATA, "%s: a stream made with %s '%s', where %s is made with '%s'",
                   place, key, is ? is : "", first, was ? was : "");
}

bool sw_schema_check_same(const struct sw_schema *a, const char *first, const struct sw_schema *b,
                          const char *place, struct sw_error *error)
{
    if (!same_columns(a, b))
        return sw_fail(error, SW_DATA, "%s: a stream with other columns than %s", place, first);
    if (!same_metadata(a, b)) return refuse_metadata(a, first, b, place, error);
    if (!same_rows(a, b))
        return sw_fail(error, SW_DATA, "%s: a stream whose rows are %s, where those of %s are %s",
                       place, sw_row_kind_name(b->row_kind), first, sw_row_kind_name(a->row_kind));
    if (!sw_zone_same(sw_schema_zone(a), sw_schema_zone(b)))
        return sw_fail(error, SW_DATA, "%s: a stream in the zone %s, where %s is in %s", place,
                       sw_schema_zone(b), first, sw_schema_zone(a));
    return true;
}

static const char *const row_kinds[SW_ROW_KINDS] = {"rows",   "events",      "orders",
                                                    "trades", "trade_sides", "quotes"};

const char *sw_row_kind_name(enum sw_row_kind kind)
{
    return row_kinds[kind];
}

bool sw_row_kind_find(const char *name, enum sw_row_kind *kind)
{
    for (int i = SW_ROWS_EVENTS; i < SW_ROW_KINDS; i++) {
        if (strcmp(name, row_kinds[i]) != 0) continue;
        *kind = (enum sw_row_kind)i;
        return true;
    }
    return false;
}

const char *sw_schema_zone(const struct sw_schema *schema)
{
    return schema->zone ? schema->zone : "UTC";
}

const char *sw_schema_zone_note(const struct sw_schema *schema)
{
    if (!schema->zone)
        return "local time is UTC: neither the schema (zone NAME) nor --tz says the zone";
    if (schema->zone_assumed)
        return "local time is " SW_ZONE_OF_OLD_STREAMS
               ": the stream is older than zones; --tz says another";
    return NULL;
}

const char *sw_type_name(enum sw_type type)
{
    switch (type) {
    case SW_INT:
        return "int";
    case SW_UINT:
        return "uint";
    case SW_DECIMAL:
        return "decimal";
    case SW_TIME:
        return "time";
    case SW_DATE:
        return "date";
    case SW_TEXT:
        return "text";
    }
    return "unknown";
}

static void no_such_column(const struct sw_schema *schema, const char *name, struct sw_error *error)
{
    struct sw_buffer names = {0};
    struct sw_error unused = {0};
    char note[SW_NEAREST_NOTE] = "";
    bool good = true;
    for (size_t i = 0; good && i < schema->column_count; i++)
        good = sw_buffer_format(&names, &unused, "%s,", schema->columns[i].name);
    if (good && sw_buffer_add(&names, "", 1, &unused))
        sw_nearest_note(name, (const char *)names.bytes, note);
    sw_buffer_free(&names);
    sw_fail(error, SW_USAGE, "no such column: '%s'%s", name, note);
}

static bool pick_one(const struct sw_schema *schema, const char *name, size_t length, int *index,
                     struct sw_error *error)
{
    while (length && *name == ' ') name++, length--;
    while (length && name[length - 1] == ' ') length--;
    if (length == 0) return sw_fail(error, SW_USAGE, "an empty name in a list of columns");
    char *copy = sw_copy_text(name, length, error);
    if (!copy) return false;
    *index = sw_schema_find(schema, copy);
    if (*index < 0) no_such_column(schema, copy, error);
    free(copy);
    return *index >= 0;
}

bool sw_schema_pick(const struct sw_schema *schema, const char *list, int **indices, size_t *count,
                    struct sw_error *error)
{
    size_t capacity = 1;
    for (const char *at = list; *at; at++) capacity += *at == ',';
    *count = 0;
    *indices = sw_alloc(capacity, sizeof **indices, error);
    if (!*indices) return false;
    for (bool more = true; more;) {
        size_t length = strcspn(list, ",");
        int index = -1;
        bool good = pick_one(schema, list, length, &index, error);
        if (good && kept_as(index, *indices, *count) >= 0)
            good =
                sw_fail(error, SW_USAGE, "column '%s' is named twice", schema->columns[index].name);
        if (!good) {
            free(*indices);
            *indices = NULL;
            return false;
        }
        (*indices)[(*count)++] = index;
        more = list[length] == ',';
        list += length + more;
    }
    return true;
}
