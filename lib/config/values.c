/* SPDX-License-Identifier: ISC
 * What stands after "KEY =": one value or a list, bare or quoted, and a comment (man 5
 * sweep.conf). */
#include <string.h>

#include "config/configuration.h"

/* The text that is being read, and the value that is being made of it. */
struct scan {
    const char *at, *end;
    struct sw_buffer value;
    bool quoted;
    const char *reason; /* what is wrong; NULL: nothing so far */
    struct sw_error *error;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void skip_blanks(struct scan *scan)
{
    while (scan->at < scan->end && is_blank(*scan->at)) scan->at++;
}

/* A comment begins at the start or after a blank, so that a "#" inside of a word stays one. */
static bool at_comment(const struct scan *scan, const char *start)
{
    return *scan->at == '#' && (scan->at == start || is_blank(scan->at[-1]));
}

static bool keep(struct scan *scan, char c)
{
    return sw_buffer_add(&scan->value, &c, 1, scan->error);
}

/* "…" with \" and \\ in it. */
static bool read_quoted(struct scan *scan)
{
    scan->quoted = true;
    for (scan->at++; scan->at < scan->end && *scan->at != '"'; scan->at++) {
        if (*scan->at == '\\') {
            scan->at++;
            if (scan->at == scan->end || (*scan->at != '"' && *scan->at != '\\')) {
                scan->reason = "a backslash in quotes stands before a quote or a backslash";
                return true;
            }
        }
        if (!keep(scan, *scan->at)) return false;
    }
    if (scan->at == scan->end)
        scan->reason = "the closing quote is missing";
    else
        scan->at++;
    return true;
}

/* Up to a comment, or in a list up to a comma; blanks at the end do not count. */
static bool read_bare(struct scan *scan, enum sw_key_kind kind, const char *start)
{
    int depth = 0;
    for (; scan->at < scan->end && !at_comment(scan, start); scan->at++) {
        if (kind == SW_KEY_CALLS) depth += (*scan->at == '(') - (*scan->at == ')');
        if (*scan->at == ',' && kind != SW_KEY_TEXT && depth <= 0) break;
        if (!keep(scan, *scan->at)) return false;
    }
    while (scan->value.length && is_blank((char)scan->value.bytes[scan->value.length - 1]))
        scan->value.length--;
    return true;
}

static bool read_value(struct scan *scan, enum sw_key_kind kind, const char *start)
{
    scan->value.length = 0;
    scan->quoted = false;
    skip_blanks(scan);
    if (scan->at < scan->end && *scan->at == '"') {
        if (!read_quoted(scan)) return false;
        skip_blanks(scan);
        bool ended = scan->at == scan->end || at_comment(scan, start) ||
                     (*scan->at == ',' && kind != SW_KEY_TEXT);
        if (!ended && !scan->reason) scan->reason = "text behind the closing quote";
        return true;
    }
    return read_bare(scan, kind, start);
}

/* Adds the value that was read; an empty text is no value, an empty one in a list a fault. */
static bool add_value(struct sw_configuration *configuration, enum sw_key key, struct scan *scan,
                      bool alone)
{
    const struct sw_buffer *value = &scan->value;
    if (value->length == 0) {
        if (!alone || (scan->quoted && sw_keys[key].kind != SW_KEY_TEXT))
            scan->reason = "an empty value in a list";
        return true;
    }
    if (memchr(value->bytes, 0, value->length)) {
        scan->reason = "a NUL byte";
        return true;
    }
    return sw_setting_add(configuration, key, (const char *)value->bytes, value->length,
                          scan->error);
}

/* Reads the values of a text or list into the key, up to the comment or the first fault. */
static bool read_values(struct sw_configuration *configuration, enum sw_key key, struct scan *scan)
{
    const char *start = scan->at;
    bool more = true;
    for (size_t count = 0; more; count++) {
        if (!read_value(scan, sw_keys[key].kind, start)) return false;
        more = !scan->reason && scan->at < scan->end && *scan->at == ',';
        if (scan->reason) return true;
        if (!add_value(configuration, key, scan, count == 0 && !more)) return false;
        if (more) scan->at++;
    }
    return true;
}

bool sw_setting_take(struct sw_configuration *configuration, enum sw_key key, const char *text,
                     size_t length, struct sw_error *error)
{
    struct scan scan = {.at = text, .end = text + length, .error = error};
    bool good = sw_buffer_reserve(&scan.value, 1, error) && read_values(configuration, key, &scan);
    if (good && scan.reason)
        good = sw_diagnostic_add(configuration, key, SW_USAGE, error, "%s: '%.*s'", scan.reason,
                                 (int)length, text);
    sw_buffer_free(&scan.value);
    return good;
}
