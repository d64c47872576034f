/* SPDX-License-Identifier: ISC */
#include "csv/bad.h"

#include <stdio.h>

enum { VALUE_SHOWN = 100 };

bool sw_bad_open(struct sw_bad_rows *bad, const char *path, struct sw_error *error)
{
    *bad = (struct sw_bad_rows){0};
    return sw_output_open(&bad->output, path, error);
}

static bool fail(const struct sw_bad_row *row, struct sw_error *error)
{
    char where[32];
    bool cut = row->value_length > VALUE_SHOWN;
    int shown = cut ? VALUE_SHOWN : (int)row->value_length;
    if (row->line)
        snprintf(where, sizeof where, "%llu", (unsigned long long)row->line);
    else
        snprintf(where, sizeof where, "@%llu", (unsigned long long)row->place.offset);
    return sw_fail(error, SW_DATA, "%s:%s: %s%s%s: '%.*s'%s", row->file, where,
                   row->column ? row->column : "", row->column ? ": " : "", row->reason, shown,
                   row->value, cut ? "…" : "");
}

static bool add_escaped(struct sw_buffer *to, const char *text, size_t length,
                        struct sw_error *error)
{
    for (size_t at = 0; at < length; at++) {
        char escape = text[at] == '\t'   ? 't'
                      : text[at] == '\n' ? 'n'
                      : text[at] == '\r' ? 'r'
                      : text[at] == '\\' ? '\\'
                                         : 0;
        char pair[2] = {'\\', escape};
        if (!sw_buffer_add(to, escape ? pair : text + at, escape ? 2 : 1, error)) return false;
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
