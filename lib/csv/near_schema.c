/* SPDX-License-Identifier: ISC */
#include "csv/near_schema.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

static bool is_there(const struct sw_csv_schema *csv_schema, const struct sw_names *names,
                     const char *wanted)
{
    for (size_t i = 0; i < names->count; i++) {
        const char *other = sw_csv_schema_meaning(csv_schema, names->items[i]);
        if (strcmp(names->items[i], wanted) == 0 || (other && strcmp(other, wanted) == 0))
            return true;
    }
    return false;
}

/* Whether it requires one of several, and none is there. */
static bool lacks_one(const struct sw_csv_schema *csv_schema, const struct sw_names *names)
{
    const struct sw_words_list *one = &csv_schema->require_one;
    for (size_t i = 0; i < one->count; i++)
        if (is_there(csv_schema, names, one->items[i])) return false;
    return one->count > 0;
}

static size_t count_lacking(const struct sw_csv_schema *csv_schema, const struct sw_names *names)
{
    size_t lacking = 0;
    for (size_t i = 0; i < csv_schema->require.count; i++)
        lacking += !is_there(csv_schema, names, csv_schema->require.items[i]);
    return lacking + lacks_one(csv_schema, names);
}

/* The more names it knows, the nearer; then the one that lacks fewer. */
static const struct sw_csv_schema *nearest(const struct sw_csv_schemas *csv_schemas,
                                           const struct sw_names *names)
{
    const struct sw_csv_schema *found = NULL;
    size_t most = 1, fewest = 0;
    for (size_t i = 0; i < csv_schemas->count; i++) {
        const struct sw_csv_schema *csv_schema = &csv_schemas->items[i];
        size_t known = csv_schema->by_choice_only ? 0 : sw_csv_schema_known(csv_schema, names);
        if (known < most || 2 * known < names->count) continue;
        size_t lacking = count_lacking(csv_schema, names);
        if (known == most && (!found || lacking >= fewest)) continue;
        found = csv_schema;
        most = known;
        fewest = lacking;
    }
    return found;
}

/* Appends to a text of so many bytes, as far as there is room. */
static void SW_PRINTF(3, 4) add(char *text, size_t size, const char *format, ...)
{
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

/* The names that it does not know, between commas. */
static void list_unknown(const struct sw_csv_schema *csv_schema, const struct sw_names *names,
                         char *list, size_t size)
{
    for (size_t i = 0; i < names->count; i++)
        if (!sw_csv_schema_meaning(csv_schema, names->items[i]))
            add(list, size, "%s%s", *list ? "," : "", names->items[i]);
}

/* What it requires besides; the first of these, NULL: nothing. */
static const char *say_lacking(const struct sw_csv_schema *near, const struct sw_names *names,
                               char *note, size_t size)
{
    const char *first = NULL;
    for (size_t i = 0; i < near->require.count; i++) {
        const char *wanted = near->require.items[i];
        if (is_there(near, names, wanted)) continue;
        add(note, size, "%s%s", first ? ", " : ", which requires ", wanted);
        if (!first) first = wanted;
    }
    if (first || !lacks_one(near, names)) return first;
    for (size_t i = 0; i < near->require_one.count; i++)
        add(note, size, "%s%s", i ? ", " : ", which requires one of ", near->require_one.items[i]);
    return near->require_one.items[0];
}

const char *sw_near_schema_note(const struct sw_csv_schemas *csv_schemas,
                                const struct sw_names *names, char note[SW_NEAR_SCHEMA_NOTE])
{
    const size_t size = SW_NEAR_SCHEMA_NOTE;
    const struct sw_csv_schema *near = nearest(csv_schemas, names);
    char unknown[1000] = "";
    size_t length = 0;
    note[0] = 0;
    if (!near) return note;
    add(note, size, "; nearest is %s", near->name);
    const char *first = say_lacking(near, names, note, size);
    for (size_t i = 0; !first && i < near->forbid.count; i++)
        if (is_there(near, names, near->forbid.items[i]))
            add(note, size, ", which is for files without %s", near->forbid.items[i]);
    list_unknown(near, names, unknown, sizeof unknown);
    const char *meant = first ? sw_nearest(first, unknown, &length) : NULL;
    if (meant) add(note, size, " (is '%.*s' meant?)", (int)length, meant);
    return note;
}
