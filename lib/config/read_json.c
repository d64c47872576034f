/* SPDX-License-Identifier: ISC
 * A configuration as JSON: one object, its members texts, numbers, true, false, null or arrays of
 * texts and numbers. What sw-conf show -f json prints comes back the same. */
#include <string.h>

#include "base/memory.h"
#include "config/configuration.h"

struct json {
    struct sw_configuration *configuration;
    const char *at, *end;
    size_t line;
    struct sw_buffer text; /* of the string or literal read last */
    bool is_string;
    bool broken; /* no JSON: the rest cannot be read */
    struct sw_error *error;
};

static struct sw_said said_here(const struct json *json)
{
    return (struct sw_said){SW_FROM_FILE, json->line};
}

/* Notes what is wrong with the syntax; the reading ends there. */
static bool broken(struct json *json, const char *reason)
{
    json->broken = true;
    return sw_diagnostic_at(json->configuration, said_here(json), json->error, "not JSON: %s",
                            reason);
}

static void skip_blanks(struct json *json)
{
    for (; json->at < json->end && strchr(" \t\r\n", *json->at) && *json->at; json->at++)
        json->line += *json->at == '\n';
}

/* Takes a character, blanks before it, if it is the next one. */
static bool next_is(struct json *json, char c)
{
    skip_blanks(json);
    if (json->at == json->end || *json->at != c) return false;
    json->at++;
    return true;
}

/* ---- texts ---- */

static bool read_hex(struct json *json, unsigned *unit)
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
static bool read_unicode(struct json *json)
{
    unsigned code, low;
    unsigned char bytes[4];
    if (!read_hex(json, &code)) return broken(json, "\\u stands before four hexadecimal digits");
    if (code >= 0xdc80 && code <= 0xdcff) {
        unsigned char byte = (unsigned char)(code - 0xdc00);
        return sw_buffer_add(&json->text, &byte, 1, json->error);
    }
    if (code >= 0xd800 && code < 0xdc00 && json->end - json->at >= 6 && json->at[0] == '\\' &&
        json->at[1] == 'u') {
        json->at += 2;
        if (!read_hex(json, &low) || low < 0xdc00 || low > 0xdfff)
            return broken(json, "half of a surrogate pair");
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    if (code == '\n') return broken(json, "a text of several lines");
    if (code == 0 || (code >= 0xd800 && code < 0xe000))
        return broken(json, code ? "half of a surrogate pair" : "a NUL character");
    return sw_buffer_add(&json->text, bytes, encode_utf8(bytes, code), json->error);
}

static bool read_escape(struct json *json)
{
    static const char letters[] = "\"\\/bfrt", meanings[] = "\"\\/\b\f\r\t";
    if (json->at == json->end) return broken(json, "a text without its end");
    char c = *json->at++;
    if (c == 'u') return read_unicode(json);
    if (c == 'n') return broken(json, "a text of several lines");
    const char *found = c ? strchr(letters, c) : NULL;
    if (!found) return broken(json, "an unknown escape in a text");
    return sw_buffer_add(&json->text, &meanings[found - letters], 1, json->error);
}

/* After the opening quote. */
static bool read_string(struct json *json)
{
    json->text.length = 0;
    json->is_string = true;
    while (!json->broken && json->at < json->end && *json->at != '"') {
        char c = *json->at++;
        if ((unsigned char)c < ' ') return broken(json, "a control character in a text");
        bool good = c == '\\' ? read_escape(json) : sw_buffer_add(&json->text, &c, 1, json->error);
        if (!good) return false;
    }
    if (json->broken) return true;
    if (json->at == json->end) return broken(json, "a text without its end");
    json->at++;
    return true;
}

/* ---- values ---- */

/* A text, or a number, true, false or null as it stands. */
static bool read_scalar(struct json *json)
{
    if (next_is(json, '"')) return read_string(json);
    json->text.length = 0;
    json->is_string = false;
    size_t length = 0;
    while (json->at + length < json->end && json->at[length] &&
           !strchr(" \t\r\n,]}:[{\"", json->at[length]))
        length++;
    if (length == 0) return broken(json, "a value is missing");
    json->at += length;
    return sw_buffer_add(&json->text, json->at - length, length, json->error);
}

static bool text_is(const struct json *json, const char *word)
{
    return !json->is_string && json->text.length == strlen(word) &&
           memcmp(json->text.bytes, word, json->text.length) == 0;
}

/* Gives the key what was read. A text for a list may hold several values, as in a file of lines. */
static bool keep_scalar(struct json *json, enum sw_key key, bool in_array)
{
    const char *text = (const char *)json->text.bytes;
    size_t length = json->text.length;
    if (json->broken || key == SW_KEYS || text_is(json, "null")) return true;
    if (text_is(json, "true"))
        text = "yes", length = 3;
    else if (text_is(json, "false"))
        text = "no", length = 2;
    else if (!json->is_string && !memchr("-0123456789", *text, 11))
        return broken(json, "neither a text nor a number, true, false or null");
    if (!in_array && sw_keys[key].kind != SW_KEY_TEXT)
        return sw_setting_take(json->configuration, key, text, length, json->error);
    return length == 0 || sw_setting_add(json->configuration, key, text, length, json->error);
}

/* After the opening bracket. */
static bool read_array(struct json *json, enum sw_key key)
{
    if (key < SW_KEYS && sw_keys[key].kind == SW_KEY_TEXT &&
        !sw_diagnostic_add(json->configuration, key, SW_USAGE, json->error,
                           "takes one value, no list"))
        return false;
    if (next_is(json, ']')) return true;
    do {
        if (!read_scalar(json) || !keep_scalar(json, key, true)) return false;
    } while (!json->broken && next_is(json, ','));
    return json->broken || next_is(json, ']') || broken(json, "a ']' is missing");
}

static bool read_member(struct json *json)
{
    enum sw_key key;
    if (!next_is(json, '"')) return broken(json, "a key in quotes is missing");
    if (!read_string(json)) return false;
    if (json->broken) return true;
    char *name = sw_copy_text((const char *)json->text.bytes, json->text.length, json->error);
    bool good =
        name && sw_setting_begin(json->configuration, name, said_here(json), &key, json->error);
    free(name);
    if (!good) return false;
    if (!next_is(json, ':')) return broken(json, "a ':' is missing");
    if (next_is(json, '[')) return read_array(json, key);
    return read_scalar(json) && keep_scalar(json, key, false);
}

static bool read_object(struct json *json)
{
    if (!next_is(json, '{')) return broken(json, "a '{' is missing");
    if (!next_is(json, '}')) {
        do {
            if (!read_member(json)) return false;
        } while (!json->broken && next_is(json, ','));
        if (!json->broken && !next_is(json, '}')) return broken(json, "a ',' or '}' is missing");
    }
    skip_blanks(json);
    return json->broken || json->at == json->end || broken(json, "text behind the object");
}

bool sw_configuration_json(struct sw_configuration *configuration, const char *text, size_t length,
                           struct sw_error *error)
{
    struct json json = {configuration, text, text + length, 1, {0}, false, false, error};
    bool good = sw_buffer_reserve(&json.text, 1, error) && read_object(&json);
    sw_buffer_free(&json.text);
    return good;
}
