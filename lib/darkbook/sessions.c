/* SPDX-License-Identifier: ISC */
#include "darkbook/sessions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const char *const names[SW_SESSION_COLUMNS] = {"security_code", "timestamp", "name"};

bool sw_sessions_open(struct sw_sessions *sessions, const char *path, const char *open,
                      const struct sw_column *security, struct sw_error *error)
{
    sessions->path = path;
    sessions->open = open;
    if (!path) return true;
    if (!sw_reader_open(&sessions->reader, &sessions->path, 1, error)) return false;
    const struct sw_schema *schema = &sessions->reader.schema;
    const char *file = sessions->reader.first_name;
    const enum sw_type types[SW_SESSION_COLUMNS] = {security->type, SW_TIME, SW_TEXT};
    for (int i = 0; i < SW_SESSION_COLUMNS; i++) {
        int column = sessions->columns[i] = sw_schema_find(schema, names[i]);
        if (column < 0) return sw_fail(error, SW_DATA, "%s: no column '%s'", file, names[i]);
        if (schema->columns[column].type != types[i])
            return sw_fail(error, SW_DATA, "%s: column '%s' is of type %s", file, names[i],
                           sw_type_name(schema->columns[column].type));
    }
    sessions->by_column = sw_alloc(schema->column_count, sizeof *sessions->by_column, error);
    return sessions->by_column &&
           sw_sort_keys_need(schema, names, 2, file, sessions->keys, error) &&
           sw_sorted_open(&sessions->sorted, schema, sessions->keys, 2, file, error);
}

void sw_sessions_free(struct sw_sessions *sessions)
{
    free(sessions->by_column);
    sw_sorted_free(&sessions->sorted);
    if (sessions->path) sw_reader_close(&sessions->reader);
}

static enum sw_step reach_row(struct sw_sessions *sessions, struct sw_error *error)
{
    if (sessions->at < sessions->rows) return SW_ROWS;
    sessions->rows = sessions->at = 0;
    enum sw_step step = sw_reader_next(&sessions->reader, error);
    if (step != SW_ROWS) return step;
    sessions->rows = sessions->reader.rows;
    for (int i = 0; i < SW_SESSION_COLUMNS; i++) {
        sessions->vectors[i] = sw_reader_vector(&sessions->reader, sessions->columns[i], error);
        if (!sessions->vectors[i]) return SW_FAILED;
        sessions->by_column[sessions->columns[i]] = sessions->vectors[i];
    }
    return sw_sorted_check(&sessions->sorted, sessions->by_column, sessions->rows, error)
               ? SW_ROWS
               : SW_FAILED;
}

enum sw_step sw_sessions_peek(struct sw_sessions *sessions, const struct sw_vector *security,
                              size_t row, int64_t *time_ns, struct sw_error *error)
{
    enum sw_step step = SW_END;
    for (; sessions->path && (step = reach_row(sessions, error)) == SW_ROWS; sessions->at++) {
        const struct sw_vector *times = sessions->vectors[SW_SESSION_TIME];
        int side =
            sw_value_compare(sessions->vectors[SW_SESSION_SECURITY], sessions->at, security, row);
        if (side > 0) return SW_END;
        if (side < 0) continue;
        if (sw_is_null(times, sessions->at)) {
            sw_fail(error, SW_DATA, "%s: row %" PRIu64 ": timestamp: null",
                    sessions->reader.first_name,
                    sessions->reader.total_rows - sessions->rows + sessions->at + 1);
            return SW_FAILED;
        }
        *time_ns = (int64_t)sw_value(times, sessions->at);
        return SW_ROWS;
    }
    return step;
}

bool sw_sessions_take(struct sw_sessions *sessions)
{
    const struct sw_vector *vector = sessions->vectors[SW_SESSION_NAME];
    const size_t row = sessions->at++;
    if (sw_is_null(vector, row)) return false;
    const struct sw_text *name = &vector->dictionary[vector->codes[row]];
    for (const char *word = sessions->open; word; word = strchr(word, ',')) {
        word += word != sessions->open;
        size_t length = strcspn(word, ",");
        if (length == name->length && memcmp(word, name->bytes, length) == 0) return true;
    }
    return false;
}
