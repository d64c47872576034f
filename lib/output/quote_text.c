/* SPDX-License-Identifier: ISC */
#include "output/quote_text.h"

#include <string.h>

bool sw_begins_with_mark(const char *bytes, size_t length)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    return length >= 3 && memcmp(bytes, byte_order_mark, 3) == 0;
}

static bool needs_quotes(const char *bytes, size_t length)
{
    if (sw_begins_with_mark(bytes, length)) return true;
    for (size_t i = 0; i < length; i++)
        if (bytes[i] == ',' || bytes[i] == '"' || bytes[i] == '\n' || bytes[i] == '\r') return true;
    return false;
}

bool sw_render_csv(struct sw_buffer *out, const char *bytes, size_t length, struct sw_error *error)
{
    if (!needs_quotes(bytes, length)) return sw_buffer_add(out, bytes, length, error);
    if (!sw_buffer_reserve(out, 2 * length + 2, error)) return false;
    unsigned char *at = out->bytes + out->length;
    *at++ = '"';
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '"') *at++ = '"';
        *at++ = (unsigned char)bytes[i];
    }
    *at++ = '"';
    out->length = (size_t)(at - out->bytes);
    return true;
}

static char tsv_escape(char byte)
{
    switch (byte) {
    case '\t':
        return 't';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\\':
        return '\\';
    default:
        return 0;
    }
}

bool sw_render_tsv(struct sw_buffer *out, const char *bytes, size_t length, struct sw_error *error)
{
    if (!sw_buffer_reserve(out, 2 * length, error)) return false;
    unsigned char *at = out->bytes + out->length;
    for (size_t i = 0; i < length; i++) {
        char escape = tsv_escape(bytes[i]);
        if (escape) *at++ = '\\';
        *at++ = (unsigned char)(escape ? escape : bytes[i]);
    }
    out->length = (size_t)(at - out->bytes);
    return true;
}
