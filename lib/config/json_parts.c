/* SPDX-License-Identifier: ISC */
#include "config/json_parts.h"

#include <string.h>

#include "base/memory.h"

bool sw_setting_json_broken(struct sw_json_parts *json, const char *reason)
{
    json->broken = true;
    return sw_diagnostic_at(json->configuration, sw_setting_json_here(json), json->error,
                            "not JSON: %s", reason);
}

void sw_setting_json_skip_blanks(struct sw_json_parts *json)
{
    for (; json->at < json->end && strchr(" \t\r\n", *json->at) && *json->at; json->at++)
        json->line += *json->at == '\n';
}

bool sw_setting_json_next_is(struct sw_json_parts *json, char c)
{
    sw_setting_json_skip_blanks(json);
    if (json->at == json->end || *json->at != c) return false;
    json->at++;
    return true;
}

/* ---- texts ---- */

static bool read_hex(struct sw_json_parts *json, unsigned *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, json->at++) {
        if (json->at == json->end) return false;
        char c = *json->at;
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
                                                : 16;
        if (digit > 15) return false;
        *unit = *unit * 16 + digit;
    }
    return true;
}

static size_t encode_utf8(unsigned char to[4], unsigned code)
{
    if (code < 0x80) {
        to[0] = (unsigned char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, code >>= 6) to[i] = (unsigned char)(0x80 | (code & 63));
    to[0] = (unsigned char)((0xf00 >> length) | code);
    return length;
}

/* \uXXXX, and the pair of it where it is half of one. \udc80 to \udcff alone is a byte that was no
 * UTF-8 (base/json.h). */
static bool read_unicode(struct sw_json_parts *json)
{
    unsigned code, low;
    unsigned char bytes[4];
    if (!read_hex(json, &code))
        return sw_setting_json_broken(json, "\\u stands before four hexadecimal digits");
    if (code >= 0xdc80 && code <= 0xdcff) {
        unsigned char byte = (unsigned char)(code - 0xdc00);
        return sw_buffer_add(&json->text, &byte, 1, json->error);
    }
    if (code >= 0xd800 && code < 0xdc00 && json->end - json->at >= 6 && json->at[0] == '\\' &&
        json->at[1] == 'u') {
        json->at += 2;
        if (!read_hex(json, &low) || low < 0xdc00 || low > 0xdfff)
            return sw_setting_json_broken(json, "half of a surrogate pair");
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    if (code == '\n') return sw_setting_json_broken(json, "a text of several lines");
    if (code == 0 || (code >= 0xd800 && code < 0xe000))
        return sw_setting_json_broken(json, code ? "half of a surrogate pair" : "a NUL character");
    return sw_buffer_add(&json->text, bytes, encode_utf8(bytes, code), json->error);
}

static bool read_escape(struct sw_json_parts *json)
{
    static const char letters[] = "\"\\/bfrt", meanings[] = "\"\\/\b\f\r\t";
    if (json->at == json->end) return sw_setting_json_broken(json, "a text without its end");
    char c = *json->at++;
    if (c == 'u') return read_unicode(json);
    if (c == 'n') return sw_setting_json_broken(json, "a text of several lines");
    const char *found = c ? strchr(letters, c) : NULL;
    if (!found) return sw_setting_json_broken(json, "an unknown escape in a text");
    return sw_buffer_add(&json->text, &meanings[found - letters], 1, json->error);
}

/* The rest of a text, after its opening quote. */
static bool take_string(struct sw_json_parts *json)
{
    json->text.length = 0;
    json->is_string = true;
    while (!json->broken && json->at < json->end && *json->at != '"') {
        char c = *json->at++;
        if ((unsigned char)c < ' ')
            return sw_setting_json_broken(json, "a control character in a text");
        bool good = c == '\\' ? read_escape(json) : sw_buffer_add(&json->text, &c, 1, json->error);
        if (!good) return false;
    }
    if (json->broken) return true;
    if (json->at == json->end) return sw_setting_json_broken(json, "a text without its end");
    json->at++;
    return true;
}

/* ---- values ---- */

bool sw_setting_json_scalar(struct sw_json_parts *json)
{
    if (sw_setting_json_next_is(json, '"')) return take_string(json);
    json->text.length = 0;
    json->is_string = false;
    size_t length = 0;
    while (json->at + length < json->end && json->at[length] &&
           !strchr(" \t\r\n,]}:[{\"", json->at[length]))
        length++;
    if (length == 0) return sw_setting_json_broken(json, "a value is missing");
    json->at += length;
    return sw_buffer_add(&json->text, json->at - length, length, json->error);
}

bool sw_setting_json_is(const struct sw_json_parts *json, const char *word)
{
    return !json->is_string && json->text.length == strlen(word) &&
           memcmp(json->text.bytes, word, json->text.length) == 0;
}

bool sw_setting_json_keep(struct sw_json_parts *json, enum sw_key key, bool in_array)
{
    const char *text = (const char *)json->text.bytes;
    size_t length = json->text.length;
    if (json->broken || key == SW_KEYS || sw_setting_json_is(json, "null")) return true;
    if (sw_setting_json_is(json, "true"))
        text = "yes", length = 3;
    else if (sw_setting_json_is(json, "false"))
        text = "no", length = 2;
    else if (!json->is_string && !memchr("-0123456789", *text, 11))
        return sw_setting_json_broken(json, "neither a text nor a number, true, false or null");
    if (!in_array && sw_keys[key].kind != SW_KEY_TEXT)
        return sw_setting_take(json->configuration, key, text, length, json->error);
    return length == 0 || sw_setting_add(json->configuration, key, text, length, json->error);
}

bool sw_setting_json_array(struct sw_json_parts *json, enum sw_key key)
{
    if (key < SW_KEYS && sw_keys[key].kind == SW_KEY_TEXT &&
        !sw_diagnostic_add(json->configuration, key, SW_USAGE, json->error,
                           "takes one value, no list"))
        return false;
    if (sw_setting_json_next_is(json, ']')) return true;
    do {
        if (!sw_setting_json_scalar(json) || !sw_setting_json_keep(json, key, true)) return false;
    } while (!json->broken && sw_setting_json_next_is(json, ','));
    return json->broken || sw_setting_json_next_is(json, ']') ||
           sw_setting_json_broken(json, "a ']' is missing");
}

bool sw_setting_json_member(struct sw_json_parts *json, char **name, struct sw_said *said)
{
    *name = NULL;
    if (!sw_setting_json_next_is(json, '"'))
        return sw_setting_json_broken(json, "a key in quotes is missing");
    *said = sw_setting_json_here(json);
    if (!take_string(json)) return false;
    if (json->broken) return true;
    *name = sw_copy_text((const char *)json->text.bytes, json->text.length, json->error);
    return *name &&
           (sw_setting_json_next_is(json, ':') || sw_setting_json_broken(json, "a ':' is missing"));
}
