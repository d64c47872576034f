/* SPDX-License-Identifier: ISC */
#include "schema/dialect.h"

#include <string.h>

#include "base/memory.h"

const struct sw_dialect sw_dialect_csv = {.separator = ','};

static const struct {
    const char *name;
    char byte;
} separators[] = {{"comma", ','}, {"tab", '\t'}, {"semicolon", ';'}, {"pipe", '|'}};

bool sw_dialect_ignore(struct sw_dialect *dialect, const char *bytes, size_t length, bool whole,
                       struct sw_error *error)
{
    if (!sw_grow(&dialect->ignored, &dialect->ignored_capacity, dialect->ignored_count + 1,
                 sizeof *dialect->ignored, error))
        return false;
    char *copy = sw_copy_text(bytes, length, error);
    if (!copy) return false;
    dialect->ignored[dialect->ignored_count++] = (struct sw_ignored){copy, length, whole};
    dialect->first[(unsigned char)*bytes] = true;
    if (length > dialect->longest) dialect->longest = length;
    return true;
}

bool sw_dialect_copy(struct sw_dialect *to, const struct sw_dialect *from, struct sw_error *error)
{
    *to = (struct sw_dialect){.separator = from->separator};
    for (size_t i = 0; i < from->ignored_count; i++) {
        const struct sw_ignored *ignored = &from->ignored[i];
        if (sw_dialect_ignore(to, ignored->bytes, ignored->length, ignored->whole, error)) continue;
        sw_dialect_free(to);
        return false;
    }
    return true;
}

static bool is_line(const struct sw_ignored *ignored, const char *line, size_t length)
{
    if (length < ignored->length || memcmp(line, ignored->bytes, ignored->length) != 0)
        return false;
    if (!ignored->whole || length == ignored->length) return true;
    const char *behind = line + ignored->length;
    return *behind == '\n' ||
           (*behind == '\r' && (length == ignored->length + 1 || behind[1] == '\n'));
}

bool sw_dialect_ignores(const struct sw_dialect *dialect, const char *line, size_t length)
{
    if (length == 0 || !dialect->first[(unsigned char)*line]) return false;
    for (size_t i = 0; i < dialect->ignored_count; i++)
        if (is_line(&dialect->ignored[i], line, length)) return true;
    return false;
}

size_t sw_dialect_find_ignored(const struct sw_dialect *dialect, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        if (dialect->first[(unsigned char)text[at]] &&
            sw_dialect_ignores(dialect, text + at, length - at))
            return at;
        const char *newline = memchr(text + at, '\n', length - at);
        if (!newline) break;
        at = (size_t)(newline + 1 - text);
    }
    return length;
}

bool sw_separator_find(const char *name, char *separator, struct sw_error *error)
{
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++)
        if (strcmp(name, separators[i].name) == 0) {
            *separator = separators[i].byte;
            return true;
        }
    if (strlen(name) != 1 || strchr("\"\r\n.-+", *name) || (*name >= '0' && *name <= '9') ||
        (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') ||
        (unsigned char)*name > 127)
        return sw_fail(
            error, SW_USAGE,
            "separator: not comma, tab, semicolon, pipe or a character that stands in no "
            "number or word: '%s'",
            name);
    *separator = *name;
    return true;
}

void sw_dialect_free(struct sw_dialect *dialect)
{
    for (size_t i = 0; i < dialect->ignored_count; i++) free(dialect->ignored[i].bytes);
    free(dialect->ignored);
    *dialect = (struct sw_dialect){0};
}
