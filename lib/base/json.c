/* SPDX-License-Identifier: ISC */
#include "base/json.h"

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

bool sw_json_text(struct sw_buffer *out, const char *bytes, size_t length, struct sw_error *error)
{
    if (!sw_buffer_reserve(out, 6 * length + 2, error)) return false;
    unsigned char *at = out->bytes + out->length;
    *at++ = '"';
    for (size_t i = 0; i < length;) {
        size_t sequence = sw_utf8_length((const unsigned char *)bytes + i, length - i);
        if (sequence > 1) {
            memcpy(at, bytes + i, sequence);
            at += sequence;
            i += sequence;
        } else {
            at = json_byte(at, (unsigned char)bytes[i++]);
        }
    }
    *at++ = '"';
    out->length = (size_t)(at - out->bytes);
    return true;
}
