/* SPDX-License-Identifier: ISC */
#include "pipeline/shell_fields.h"

#include <stdlib.h>
#include <string.h>

struct fields {
    struct sw_buffer one, none, several; /* each field ended by a NUL */
    size_t ones, nones;
};

static const char *next(const char *field)
{
    return field + strlen(field) + 1;
}

static bool add(struct sw_buffer *to, const char *field, struct sw_error *error)
{
    return sw_buffer_add(to, field, strlen(field) + 1, error);
}

static bool add_one(struct fields *fields, const char *name, const char *value,
                    struct sw_error *error)
{
    fields->ones++;
    return sw_buffer_text(&fields->one, name, error) && sw_buffer_text(&fields->one, "=", error) &&
           add(&fields->one, value, error);
}

static bool sort_out(struct fields *fields, const struct sw_buffer *settings,
                     struct sw_error *error)
{
    const char *at = (const char *)settings->bytes, *end = at + settings->length;
    bool good = true;
    while (good && at < end) {
        const char *name = at, *count = next(name), *values = next(count);
        size_t many = strtoul(count, NULL, 10);
        if (strcmp(count, "-") == 0) {
            good = add_one(fields, name, values, error);
            at = next(values);
            continue;
        }
        at = values;
        for (size_t i = 0; i < many; i++) at = next(at);
        if (many == 0 && ++fields->nones)
            good = sw_buffer_text(&fields->none, name, error) && add(&fields->none, "=()", error);
        else
            good = sw_buffer_add(&fields->several, name, (size_t)(at - name), error);
    }
    return good;
}

/* Control characters first, of which names and expressions have none. Blanks would run together, and two bytes have a meaning within bash.
 * 0: all are there. */
static unsigned char unused_byte(const unsigned char *bytes, size_t length)
{
    for (int byte = 2; byte < 256; byte++)
        if (!strchr("\t\n \177", byte) && !memchr(bytes, byte, length)) return (unsigned char)byte;
    return 0;
}

bool sw_shell_fields(const struct sw_buffer *settings, struct sw_buffer *out,
                     struct sw_error *error)
{
    struct fields fields = {0};
    const size_t begin = out->length;
    bool good =
        sort_out(&fields, settings, error) && sw_buffer_format(out, error, " %zu", fields.ones) &&
        sw_buffer_add(out, "", 1, error) &&
        sw_buffer_add(out, fields.one.bytes, fields.one.length, error) &&
        sw_buffer_format(out, error, "%zu", fields.nones) && sw_buffer_add(out, "", 1, error) &&
        sw_buffer_add(out, fields.none.bytes, fields.none.length, error) &&
        sw_buffer_add(out, fields.several.bytes, fields.several.length, error);
    if (good) {
        unsigned char *bytes = out->bytes + begin;
        const size_t length = out->length - begin;
        unsigned char byte = unused_byte(bytes, length);
        good = byte || sw_fail(error, SW_USAGE, "the words have every byte there is");
        for (size_t i = 0; i < length; i++)
            if (!bytes[i]) bytes[i] = byte;
        bytes[0] = byte;
    }
    sw_buffer_free(&fields.one);
    sw_buffer_free(&fields.none);
    sw_buffer_free(&fields.several);
    return good;
}
