/* SPDX-License-Identifier: ISC */
#include "csv/rejects.h"

#include <stdio.h>

#include "base/shown.h"
#include "base/shown_text.h"

enum { VALUE_SHOWN = 100 };

bool sw_bad_open(struct sw_bad_rows *bad, const char *path, struct sw_error *error)
{
    *bad = (struct sw_bad_rows){0};
    return sw_output_open(&bad->output, path, error);
}

/* As much of a value as is shown, whole characters of it. */
static size_t shown_length(const struct sw_bad_row *row)
{
    size_t shown = row->value_length < VALUE_SHOWN ? row->value_length : VALUE_SHOWN;
    for (size_t back = 0; shown < row->value_length && back < 3; back++)
        if ((row->value[shown - back] & 0xc0) != 0x80) return shown - back;
    return shown;
}

static bool fail(const struct sw_bad_row *row, struct sw_error *error)
{
    char where[32], value[4 * VALUE_SHOWN + 1];
    size_t shown = shown_length(row);
    if (row->line)
        snprintf(where, sizeof where, "%llu", (unsigned long long)row->line);
    else
        snprintf(where, sizeof where, "@%llu", (unsigned long long)row->place.offset);
    return sw_fail(error, SW_DATA, "%s:%s: %s%s%s: '%s'%s", row->file, where,
                   row->column ? row->column : "", row->column ? ": " : "", row->reason,
                   sw_shown(value, sizeof value, row->value, shown),
                   shown < row->value_length ? "…" : "");
}

/* As it is shown, with backslashes doubled, so that printf %b gives back every byte. */
static bool add_escaped(struct sw_buffer *to, const char *text, size_t length,
                        struct sw_error *error)
{
    while (length) {
        const char *backslash = memchr(text, '\\', length);
        size_t before = backslash ? (size_t)(backslash - text) : length;
        if (!sw_shown_add(to, text, before, false, error) ||
            (backslash && !sw_buffer_text(to, "\\\\", error)))
            return false;
        text += before + (backslash != NULL);
        length -= before + (backslash != NULL);
    }
    return true;
}

bool sw_bad_add(struct sw_bad_rows *bad, const struct sw_bad_row *row, struct sw_error *error)
{
    if (!bad) return fail(row, error);
    struct sw_buffer *line = &bad->line;
    const char *column = row->column ? row->column : "-";
    line->length = 0;
    bad->count++;
    if (bad->only_counted) return true;
    return add_escaped(line, row->file, strlen(row->file), error) &&
           sw_buffer_format(line, error, ":@%llu\t", (unsigned long long)row->place.offset) &&
           add_escaped(line, column, strlen(column), error) &&
           sw_buffer_format(line, error, "\t%s\t", row->reason) &&
           add_escaped(line, row->place.text, row->place.length, error) &&
           sw_buffer_text(line, "\n", error) &&
           sw_output_write(&bad->output, line->bytes, line->length, error);
}

void sw_bad_abandon(struct sw_bad_rows *bad)
{
    sw_buffer_free(&bad->line);
    sw_output_abandon(&bad->output);
}
