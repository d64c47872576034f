/* SPDX-License-Identifier: ISC */
#include "schema/misread.h"

#include <string.h>

#include "base/civil.h"
#include "base/number.h"

bool sw_misread_ends(const char *line, size_t length, struct sw_error *error)
{
    bool quoted = false;
    size_t end = length;
    while (end && line[end - 1] == '\r') end--;
    for (size_t at = 0; at < end; at++) {
        if (line[at] == '"') quoted = !quoted;
        if (line[at] == '\r' && !quoted)
            return sw_fail(error, SW_DATA,
                           "lines end in carriage returns alone: tr '\\r' '\\n' mends them");
    }
    return length - end < 2 || quoted ||
           sw_fail(error, SW_DATA,
                   "lines end in %zu carriage returns and a line feed: tr -d '\\r' "
                   "mends them",
                   length - end);
}

static size_t count_bytes(const char *line, size_t length, char byte)
{
    size_t count = 0;
    for (size_t at = 0; at < length; at++) count += line[at] == byte;
    return count;
}

/* A name that is a value: a number, a date, or a date with a time after it. */
static bool is_value(const char *name)
{
    size_t length = strlen(name);
    sw_int128 number;
    int64_t days;
    return sw_parse_decimal(name, length, SW_MAXIMUM_SCALE, &number) != SW_NUMBER_MALFORMED ||
           (length >= 10 && sw_parse_date(name, 10, &days));
}

static const char *first_value(const struct sw_names *names)
{
    const char *first = NULL;
    size_t values = 0;
    for (size_t i = 0; i < names->count; i++)
        if (is_value(names->items[i])) {
            if (!first) first = names->items[i];
            values++;
        }
    return 2 * values >= names->count ? first : NULL;
}

bool sw_misread_header(const char *line, size_t length, const struct sw_names *names,
                       const struct sw_error *failure, struct sw_error *error)
{
    static const struct {
        char byte;
        const char *plural, *word;
    } separators[] = {
        {';', "semicolons", "semicolon"}, {'\t', "tabs", "tab"}, {'|', "pipes", "pipe"}};
    size_t commas = count_bytes(line, length, ',');
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++)
        if (count_bytes(line, length, separators[i].byte) > commas)
            return sw_fail(error, SW_USAGE,
                           "the header is separated by %s, not commas: see --separator %s",
                           separators[i].plural, separators[i].word);
    const char *value = first_value(names);
    if (value)
        return sw_fail(error, SW_USAGE,
                       "no header: the first line holds values ('%.100s'): a line with the names "
                       "of the columns has to stand before it, or see --names",
                       value);
    return sw_fail(error, failure->status, "%s", failure->message);
}
