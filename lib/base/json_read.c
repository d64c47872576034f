/* SPDX-License-Identifier: ISC */
#include "base/json_read.h"

static void skip_blanks(struct sw_json *text)
{
    while (text->at < text->end && *text->at && strchr(" \t\r\n", *text->at)) text->at++;
}

static bool next_is(struct sw_json *text, char c)
{
    skip_blanks(text);
    if (text->at == text->end || *text->at != c) return false;
    text->at++;
    return true;
}

/* After the quote that ends the string which begins here. */
static bool skip_string(struct sw_json *text)
{
    for (text->at++; text->at < text->end; text->at++) {
        if (*text->at == '\\')
            text->at++;
        else if (*text->at == '"')
            return text->at++, true;
    }
    text->at = text->end;
    return false;
}

static bool skip_nested(struct sw_json *text)
{
    size_t depth = 0;
    while (text->at < text->end) {
        char c = *text->at;
        if (c == '"') {
            if (!skip_string(text)) return false;
            continue;
        }
        text->at++;
        if (c == '{' || c == '[') depth++;
        if ((c == '}' || c == ']') && --depth == 0) return true;
    }
    return false;
}

/* Takes a value. False: there is no whole one. */
static bool take_value(struct sw_json *text, struct sw_json *value)
{
    skip_blanks(text);
    if (text->at == text->end) return false;
    value->at = text->at;
    if (*text->at == '"') {
        if (!skip_string(text)) return false;
    } else if (*text->at == '{' || *text->at == '[') {
        if (!skip_nested(text)) return false;
    } else
        while (text->at < text->end && *text->at && !strchr(",]} \t\r\n", *text->at)) text->at++;
    value->end = text->at;
    return value->end > value->at;
}

bool sw_json_member(struct sw_json object, const char *name, struct sw_json *value)
{
    struct sw_json key;
    size_t length = strlen(name);
    if (!next_is(&object, '{')) return false;
    do {
        if (!take_value(&object, &key) || *key.at != '"' || !next_is(&object, ':') ||
            !take_value(&object, value))
            return false;
        if ((size_t)(key.end - key.at) == length + 2 && memcmp(key.at + 1, name, length) == 0)
            return true;
    } while (next_is(&object, ','));
    return false;
}

bool sw_json_element(struct sw_json *array, struct sw_json *value)
{
    return (next_is(array, '[') || next_is(array, ',')) && take_value(array, value);
}

/* ---- strings ---- */

static bool take_unit(struct sw_json *text, unsigned *unit)
{
    if (text->end - text->at < 4) return false;
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *digit = *text->at ? strchr(digits, *text->at++) : NULL;
        if (!digit) return false;
        *unit = *unit * 16 + (unsigned)(digit - digits) % 16;
    }
    return true;
}

static bool add_character(struct sw_buffer *out, unsigned code, struct sw_error *error)
{
    unsigned char bytes[4];
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, code >>= 6)
        bytes[i] = (unsigned char)(0x80 | (code & 63));
    bytes[0] = (unsigned char)(length == 1 ? code : ((0xf00u >> length) & 0xff) | code);
    return sw_buffer_add(out, bytes, length, error);
}

/* What stands after \u: a character, half of one with the other after it, or a byte that was no
 * UTF-8. */
static bool add_escaped(struct sw_json *text, struct sw_buffer *out, struct sw_error *error)
{
    unsigned code, low;
    if (!take_unit(text, &code)) return true;
    if (code >= 0xdc80 && code <= 0xdcff) {
        unsigned char byte = (unsigned char)(code & 0xff);
        return sw_buffer_add(out, &byte, 1, error);
    }
    if (code >= 0xd800 && code < 0xdc00 && text->end - text->at >= 6 && text->at[0] == '\\' &&
        text->at[1] == 'u') {
        text->at += 2;
        if (!take_unit(text, &low)) return true;
        code = 0x10000 + ((code - 0xd800) << 10) + ((low - 0xdc00) & 0x3ff);
    }
    return add_character(out, code, error);
}

bool sw_json_said(struct sw_json value, struct sw_buffer *out, struct sw_error *error)
{
    static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
    if (value.at == value.end || *value.at != '"')
        return sw_buffer_add(out, value.at, (size_t)(value.end - value.at), error);
    struct sw_json text = {value.at + 1, value.end - 1};
    while (text.at < text.end) {
        char c = *text.at++;
        if (c == '\\' && text.at < text.end) {
            c = *text.at++;
            const char *letter = c ? strchr(letters, c) : NULL;
            if (c == 'u') {
                if (!add_escaped(&text, out, error)) return false;
                continue;
            }
            if (letter) c = meant[letter - letters];
        }
        if (!sw_buffer_add(out, &c, 1, error)) return false;
    }
    return true;
}
