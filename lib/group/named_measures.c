/* SPDX-License-Identifier: ISC */
#include "group/named_measures.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files/whole.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
#define WORD LETTERS "0123456789"

enum { FILE_MOST = 1 << 20, PATH_LENGTH = 4352 };

/* To the comma behind an item of the list, one that is in no parentheses and no quotes. */
static size_t item_length(const char *item)
{
    size_t depth = 0, length = 0;
    bool quoted = false;
    for (; item[length] && (item[length] != ',' || depth > 0 || quoted); length++) {
        if (item[length] == '"') quoted = !quoted;
        if (quoted) continue;
        if (item[length] == '(') depth++;
        if (item[length] == ')' && depth > 0) depth--;
    }
    return length;
}

/* Whether the rows have all columns of a measure: its words, but for those of functions, of sets ("in SET") and in quotes. */
static bool has_columns(const struct sw_schema *rows, const char *measure)
{
    char name[SW_NAME_MAXIMUM + 1];
    bool is_set = false;
    for (const char *at = measure; *at;) {
        size_t length = strspn(at, WORD);
        if (*at == '"') {
            at += 1 + strcspn(at + 1, "\"");
            length = *at == '"';
        } else if (length > 0 && strchr(LETTERS, *at) && at[length] != '(') {
            snprintf(name, sizeof name, "%.*s", (int)length, at);
            bool is_in = strcmp(name, "in") == 0;
            if (!is_in && !is_set && sw_schema_find(rows, name) < 0) return false;
            is_set = is_in;
        }
        at += length ? length : 1;
    }
    return true;
}

static bool put(struct sw_buffer *out, const char *item, size_t length, struct sw_error *error)
{
    return (out->length == 0 || sw_buffer_text(out, ",", error)) &&
           sw_buffer_add(out, item, length, error);
}

static bool put_file(struct sw_buffer *out, const char *path, const struct sw_schema *rows,
                     struct sw_error *error)
{
    struct sw_buffer text = {0};
    size_t before = out->length;
    bool good = sw_read_whole(path, "measures", FILE_MOST, &text, error) &&
                sw_buffer_add(&text, "", 1, error);
    char *rest = good ? (char *)text.bytes : NULL;
    for (const char *line; good && (line = strsep(&rest, "\n"));) {
        const char *measure = strchr(line, '=');
        if (*line == '#' || !measure || (rows && !has_columns(rows, measure + 1))) continue;
        good = put(out, line, strlen(line), error);
    }
    sw_buffer_free(&text);
    return good && (out->length > before ||
                    sw_fail(error, SW_USAGE, "--measures: of '%s' the rows have no columns",
                            strrchr(path, '/') + 1));
}

bool sw_measures_expand(const char *text, const char *share_directory, const struct sw_schema *rows,
                        struct sw_buffer *out, struct sw_error *error)
{
    char path[PATH_LENGTH];
    bool good = true;
    out->length = 0;
    for (const char *item = text; good && *item; item += *item == ',') {
        size_t length = item_length(item);
        snprintf(path, sizeof path, "%s/measures/%.*s", share_directory, (int)length, item);
        good = strspn(item, WORD) == length && length > 0 && access(path, F_OK) == 0
                   ? put_file(out, path, rows, error)
                   : put(out, item, length, error);
        item += length;
    }
    return good && sw_buffer_add(out, "", 1, error);
}
