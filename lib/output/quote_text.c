/* SPDX-License-Identifier: ISC */
#include "output/quote_text.h"

#include "files/foreign.h"
#include "files/unpack.h"

#include <string.h>

/* Most texts are seen by their first byte to be none: no kind begins with a digit but 7, or a letter but these. */
static bool may_begin_otherwise(unsigned char first)
{
    return first < ' ' || first > '~' || (first != 0 && strchr("(7ABDP", first));
}

bool sw_begins_otherwise(const char *bytes, size_t length)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    const unsigned char *first = (const unsigned char *)bytes;
    if (length < 2 || !may_begin_otherwise(*first)) return false;
    return (length >= 3 && memcmp(bytes, byte_order_mark, 3) == 0) ||
           sw_packing_of(first, length) != SW_PACKED_NOT || sw_foreign_find(first, length) ||
           memchr(bytes, 0, length);
}

static bool needs_quotes(const char *bytes, size_t length)
{
    if (sw_begins_otherwise(bytes, length)) return true;
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
