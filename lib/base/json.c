/* SPDX-License-Identifier: ISC */
#include "base/json.h"

static bool continues(const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((bytes[i] & 0xc0) != 0x80) return false;
    return true;
}

/* The length of the valid UTF-8 sequence (RFC 3629: no overlong forms, no surrogates, up to U+10FFFF) at bytes, 0 for none. */
static size_t utf8_length(const unsigned char *bytes, size_t left)
{
    if (bytes[0] < 0x80) return 1;
    if (bytes[0] >= 0xc2 && bytes[0] <= 0xdf) return left >= 2 && continues(bytes + 1, 1) ? 2 : 0;
    if (bytes[0] >= 0xe0 && bytes[0] <= 0xef) {
        if (left < 3 || !continues(bytes + 1, 2)) return 0;
        bool overlong = bytes[0] == 0xe0 && bytes[1] < 0xa0;
        bool surrogate = bytes[0] == 0xed && bytes[1] >= 0xa0;
        return overlong || surrogate ? 0 : 3;
    }
    if (bytes[0] >= 0xf0 && bytes[0] <= 0xf4) {
        if (left < 4 || !continues(bytes + 1, 3)) return 0;
        bool overlong = bytes[0] == 0xf0 && bytes[1] < 0x90;
        bool beyond = bytes[0] == 0xf4 && bytes[1] >= 0x90;
        return overlong || beyond ? 0 : 4;
    }
    return 0;
}

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
        size_t sequence = utf8_length((const unsigned char *)bytes + i, length - i);
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
