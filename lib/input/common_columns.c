/* SPDX-License-Identifier: ISC */
#include "input/common_columns.h"

#include "base/memory.h"

struct names {
    char **items;
    size_t count, capacity;
};

static bool add_name(struct names *names, const char *name, size_t length, struct sw_error *error)
{
    if (length == 0 || strcspn(name, "\",\n") < length) return true;
    for (size_t i = 0; i < names->count; i++)
        if (strlen(names->items[i]) == length && memcmp(names->items[i], name, length) == 0)
            return true;
    if (!sw_grow(&names->items, &names->capacity, names->count + 1, sizeof *names->items, error))
        return false;
    names->items[names->count] = sw_copy_text(name, length, error);
    return names->items[names->count++] != NULL;
}

static bool begin_names(struct names *names, const char *list, const struct sw_schema *schema,
                        struct sw_error *error)
{
    bool good = true;
    for (const char *at = list; good && *at;) {
        size_t length = strcspn(at, ",");
        if (length == 1 && *at == '*')
            for (size_t i = 0; good && i < schema->column_count; i++)
                good = add_name(names, schema->columns[i].name, strlen(schema->columns[i].name),
                                error);
        else
            good = add_name(names, at, length, error);
        at += length + (at[length] == ',');
    }
    return good;
}

static void keep_names(struct names *names, const struct sw_schema *schema)
{
    size_t kept = 0;
    for (size_t i = 0; i < names->count; i++) {
        if (sw_schema_find(schema, names->items[i]) >= 0)
            names->items[kept++] = names->items[i];
        else
            free(names->items[i]);
    }
    names->count = kept;
}

bool sw_common_columns(const char *list, const char *const *paths, size_t count,
                       const struct sw_probe_settings *settings, struct sw_buffer *columns,
                       struct sw_error *error)
{
    struct names names = {0};
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        struct sw_probe probe;
        good = sw_probe_open(&probe, paths[i], settings, error) &&
               (i > 0 || begin_names(&names, list, probe.schema, error));
        if (good) keep_names(&names, probe.schema);
        sw_probe_close(&probe);
    }
    for (size_t i = 0; good && i < names.count; i++)
        good = sw_buffer_format(columns, error, "%s%s", i ? "," : "", names.items[i]);
    good = good && sw_buffer_add(columns, "", 1, error);
    for (size_t i = 0; i < names.count; i++) free(names.items[i]);
    free(names.items);
    return good;
}
