/* SPDX-License-Identifier: ISC */
#include "schema/file_name.h"

#include <string.h>

bool sw_file_pattern_check(const char *pattern, struct sw_error *error)
{
    size_t parts = 0;
    for (const char *at = pattern; *at;) {
        size_t literal = strcspn(at, "{}");
        if (parts && literal == 0)
            return sw_fail(error, SW_USAGE, "two parts side by side: '%s'", pattern);
        at += literal;
        if (!*at) break;
        const char *close = *at == '{' ? at + strcspn(at + 1, "{}") + 1 : at;
        if (*at != '{' || *close != '}')
            return sw_fail(error, SW_USAGE, "a brace without its partner: '%s'", pattern);
        if (++parts > SW_FILE_PARTS)
            return sw_fail(error, SW_USAGE, "more than %d parts: '%s'", SW_FILE_PARTS, pattern);
        at = close + 1;
    }
    return parts > 0 || sw_fail(error, SW_USAGE, "no {column} in it: '%s'", pattern);
}

bool sw_file_pattern_part(const char *pattern, size_t number, struct sw_file_part *name)
{
    const char *open = pattern;
    while ((open = strchr(open, '{'))) {
        const char *close = strchr(++open, '}');
        *name = (struct sw_file_part){open, (size_t)(close - open)};
        if (number-- == 0) return true;
    }
    return false;
}

struct sw_file_part sw_file_name_of(const char *path)
{
    static const char *const packed[] = {".gz", ".zst"};
    const char *slash = strrchr(path, '/');
    struct sw_file_part name = {slash ? slash + 1 : path, 0};
    name.length = strlen(name.text);
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++) {
        size_t length = strlen(packed[i]);
        if (name.length <= length ||
            memcmp(name.text + name.length - length, packed[i], length) != 0)
            continue;
        name.length -= length;
        break;
    }
    return name;
}

/* The rest of a pattern and the rest of a name: the shortest part that lets what is after it match is the one. */
static bool match(const char *pattern, const char *at, const char *end, struct sw_file_part *parts)
{
    size_t literal = strcspn(pattern, "{");
    if ((size_t)(end - at) < literal || memcmp(pattern, at, literal) != 0) return false;
    pattern += literal;
    at += literal;
    if (!*pattern) return at == end;
    const char *behind = strchr(pattern, '}') + 1;
    for (const char *to = at; to < end && *to != '_';) {
        *parts = (struct sw_file_part){at, (size_t)(++to - at)};
        if (match(behind, to, end, parts + 1)) return true;
    }
    return false;
}

bool sw_file_name_match(const char *pattern, struct sw_file_part name,
                        struct sw_file_part parts[SW_FILE_PARTS])
{
    return match(pattern, name.text, name.text + name.length, parts);
}
