/* SPDX-License-Identifier: ISC */
#include "group/partial_request.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/memory.h"

/* The number is raised whenever what was written before must not be merged: 2,
 * since sums are kept whole, and minima, say, may be of numbers that were read wrong; 3, since an
 * order's size, value and fill are of all that it asked for. */
static const char table_name[] = "aggregate-3", any_table_name[] = "aggregate";

/* In this order. Keys stand last: names of columns may hold anything. */
enum said { REPORTS, ZONE, SIZES, KEYS, SAID };
static const char *const options[SAID] = {" --reports=", " --tz=", " --sizes=", " --group="};

bool sw_partial_refuse(const struct sw_schema *schema, struct sw_error *error)
{
    if (strncmp(schema->table, any_table_name, strlen(any_table_name)) == 0 &&
        strncmp(schema->table, table_name, strlen(table_name)) != 0)
        return sw_fail(error, SW_DATA,
                       "partial aggregates of another version, which have to be made again");
    return sw_fail(error, SW_DATA, "not partial aggregates (of sw-agg --partial): table '%s'",
                   schema->table);
}

/* ---- the table's name ---- */

bool sw_partial_name(const struct sw_partial_request *request, char **table, struct sw_error *error)
{
    const char *const values[SAID] = {request->reports, request->zone, request->sizes,
                                      request->reports ? request->keys : NULL};
    struct sw_buffer text = {0};
    bool good = sw_buffer_text(&text, table_name, error);
    for (int i = 0; good && i < SAID; i++)
        good = !values[i] || sw_buffer_format(&text, error, "%s%s", options[i], values[i]);
    *table = good ? sw_copy_text((const char *)text.bytes, text.length, error) : NULL;
    sw_buffer_free(&text);
    return *table != NULL;
}

/* Where the first of the options after this one begins, or the end. */
static size_t value_length(const char *value, enum said which)
{
    size_t length = strlen(value);
    for (int i = which + 1; which != KEYS && i < SAID; i++) {
        const char *next = strstr(value, options[i]);
        if (next && (size_t)(next - value) < length) length = (size_t)(next - value);
    }
    return length;
}

static bool read_name(struct sw_partial_request *request, const struct sw_schema *schema,
                      struct sw_error *error)
{
    char **const values[SAID] = {&request->reports, &request->zone, &request->sizes,
                                 &request->keys};
    const size_t name_length = strlen(table_name);
    if (strncmp(schema->table, table_name, name_length) != 0)
        return sw_partial_refuse(schema, error);
    const char *at = schema->table + name_length;
    for (int i = 0; i < SAID; i++) {
        const size_t option_length = strlen(options[i]);
        if (strncmp(at, options[i], option_length) != 0) continue;
        const size_t length = value_length(at + option_length, (enum said)i);
        *values[i] = sw_copy_text(at + option_length, length, error);
        if (!*values[i]) return false;
        at += option_length + length;
    }
    return !*at || sw_partial_refuse(schema, error);
}

/* ---- the columns' names ---- */

/* Whether the comma-separated list has this measure already. */
static bool has_measure(const struct sw_buffer *list, const char *text, size_t length)
{
    for (size_t at = 0; at + length <= list->length; at++)
        if ((at == 0 || list->bytes[at - 1] == ',') &&
            (at + length == list->length || list->bytes[at + length] == ',') &&
            memcmp(list->bytes + at, text, length) == 0)
            return true;
    return false;
}

/* Appends to a list the measure that a column belongs to, "NAME=FUNCTION(…)/PART", where it is new.
 */
static bool add_measure(struct sw_buffer *list, const char *column, struct sw_error *error)
{
    const char *end = NULL;
    for (const char *at = column; (at = strstr(at, ")/")) != NULL; at++) end = at + 1;
    if (!end || has_measure(list, column, (size_t)(end - column))) return true;
    return (list->length == 0 || sw_buffer_text(list, ",", error)) &&
           sw_buffer_add(list, column, (size_t)(end - column), error);
}

static bool take_text(struct sw_buffer *list, char **text, struct sw_error *error)
{
    if (list->length == 0) return true;
    *text = sw_copy_text((const char *)list->bytes, list->length, error);
    return *text != NULL;
}

/* The first two columns say what a row is of. */
static bool read_columns(struct sw_partial_request *request, const struct sw_schema *schema,
                         struct sw_error *error)
{
    struct sw_buffer keys = {0}, measures = {0};
    size_t at = 2;
    bool good = true;
    for (; good && at < schema->column_count && strncmp(schema->columns[at].name, "key/", 4) == 0;
         at++)
        good = (!keys.length || sw_buffer_text(&keys, ",", error)) &&
               sw_buffer_text(&keys, schema->columns[at].name + 4, error);
    for (; good && at < schema->column_count; at++)
        good = add_measure(&measures, schema->columns[at].name, error);
    good = good && (request->reports || take_text(&keys, &request->keys, error)) &&
           take_text(&measures, &request->measures, error);
    sw_buffer_free(&keys);
    sw_buffer_free(&measures);
    return good;
}

bool sw_partial_request_read(struct sw_partial_request *request, const struct sw_schema *schema,
                             struct sw_error *error)
{
    *request = (struct sw_partial_request){0};
    if (schema->column_count < 3 || schema->columns[0].type != SW_TEXT ||
        schema->columns[1].type != SW_TEXT)
        return sw_partial_refuse(schema, error);
    return read_name(request, schema, error) && read_columns(request, schema, error);
}

void sw_partial_request_free(struct sw_partial_request *request)
{
    free(request->reports);
    free(request->zone);
    free(request->sizes);
    free(request->keys);
    free(request->measures);
    *request = (struct sw_partial_request){0};
}
