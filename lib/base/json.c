/* SPDX-License-Identifier: ISC */
#include "base/json.h"

#include "base/shown.h"
#include "base/utf8.h"

/* Six characters at most for a byte. */
static unsigned char *json_byte(unsigned char *at, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef";
    const char *shorthand = byte ? strchr("\"\"\\\\\bb\ff\nn\rr\tt", byte) : NULL;
    if (shorthand && (byte < 32 || byte == '"' || byte == '\\')) {
        *at++ = '\\';
        *at++ = (unsigned char)shorthand[1];
        return at;
    }
    if (byte >= 32 && byte < 127) {
        *at++ = byte;
        return at;
    }
    memcpy(at, byte < 128 ? "\\u00" : "\\udc", 4);
    at[4] = (unsigned char)hex[byte >> 4];
    at[5] = (unsigned char)hex[byte & 15];
    return at + 6;
}

/* A character of two or three bytes, none of those beyond U+FFFF being one, that a terminal must not have. */
static unsigned char *json_escape(unsigned char *at, const unsigned char *bytes, size_t length)
{
    static const char hex[] = "0123456789abcdef";
    unsigned code = bytes[0] & (length == 2 ? 0x1f : 0x0f);
    for (size_t i = 1; i < length; i++) code = code << 6 | (bytes[i] & 0x3f);
    memcpy(at, "\\u", 2);
    for (size_t i = 0; i < 4; i++) at[2 + i] = (unsigned char)hex[code >> (12 - 4 * i) & 15];
    return at + 6;
}

bool sw_json_text(struct sw_buffer *out, const char *bytes, size_t length, struct sw_error *error)
{
    if (!sw_buffer_reserve(out, 6 * length + 2, error)) return false;
    unsigned char *at = out->bytes + out->length;
    *at++ = '"';
    for (size_t i = 0, here; i < length; i += here) {
        const unsigned char *from = (const unsigned char *)bytes + i;
        bool plain = *from < 128, showable = true;
        if (plain)
            here = 1;
        else
            showable = sw_is_showable(bytes + i, length - i, &here);
        if (here == 1) {
            at = json_byte(at, *from);
        } else if (showable) {
            memcpy(at, from, here);
            at += here;
        } else {
            at = json_escape(at, from, here);
        }
    }
    *at++ = '"';
    out->length = (size_t)(at - out->bytes);
    return true;
}
