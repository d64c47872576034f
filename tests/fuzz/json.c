/* SPDX-License-Identifier: ISC
 *
 * Whether a text is JSON (RFC 8259), in UTF-8; for what the suite writes. */
#include "fuzz.h"

struct json {
    const char *at, *end;
    int depth;
};

static bool value(struct json *json);

static void blanks(struct json *json)
{
    while (json->at < json->end && *json->at && strchr(" \t\r\n", *json->at)) json->at++;
}

static bool literal(struct json *json, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(json->end - json->at) < length || memcmp(json->at, word, length) != 0)
        return false;
    json->at += length;
    return true;
}

static size_t digits(struct json *json)
{
    const char *from = json->at;
    while (json->at < json->end && *json->at >= '0' && *json->at <= '9') json->at++;
    return (size_t)(json->at - from);
}

static bool number(struct json *json)
{
    (void)literal(json, "-");
    if (!literal(json, "0") && digits(json) == 0) return false;
    if (literal(json, ".") && digits(json) == 0) return false;
    if (!literal(json, "e") && !literal(json, "E")) return true;
    if (!literal(json, "+")) (void)literal(json, "-");
    return digits(json) > 0;
}

static bool escape(struct json *json)
{
    if (json->at == json->end) return false;
    char kind = *json->at++;
    if (kind != 'u') return kind && strchr("\"\\/bfnrt", kind);
    for (int i = 0; i < 4; i++)
        if (json->at == json->end || !memchr("0123456789abcdefABCDEF", *json->at++, 22))
            return false;
    return true;
}

/* The bytes after the first of a character; -1: it begins none. */
static int behind(unsigned char first)
{
    if (first < 0x80) return 0;
    if (first >= 0xc2 && first <= 0xdf) return 1;
    if (first >= 0xe0 && first <= 0xef) return 2;
    return first >= 0xf0 && first <= 0xf4 ? 3 : -1;
}

static bool text(struct json *json)
{
    if (!literal(json, "\"")) return false;
    while (json->at < json->end) {
        unsigned char byte = (unsigned char)*json->at++;
        int more = behind(byte);
        if (byte == '"') return true;
        if (byte < 0x20 || more < 0 || (byte == '\\' && !escape(json))) return false;
        for (; more > 0; more--)
            if (json->at == json->end || ((unsigned char)*json->at++ & 0xc0) != 0x80) return false;
    }
    return false;
}

/* The members of an object or an array, up to its end. */
static bool members(struct json *json, bool named, const char *end)
{
    blanks(json);
    if (literal(json, end)) return true;
    do {
        blanks(json);
        if (named && !text(json)) return false;
        if (named) blanks(json);
        if (named && !literal(json, ":")) return false;
        if (!value(json)) return false;
        blanks(json);
    } while (literal(json, ","));
    return literal(json, end);
}

static bool value(struct json *json)
{
    bool good;
    if (++json->depth > 100) return false;
    blanks(json);
    if (literal(json, "{"))
        good = members(json, true, "}");
    else if (literal(json, "["))
        good = members(json, false, "]");
    else if (json->at < json->end && *json->at == '"')
        good = text(json);
    else
        good = literal(json, "true") || literal(json, "false") || literal(json, "null") ||
               number(json);
    json->depth--;
    return good;
}

bool fuzz_is_json(const void *bytes, size_t length)
{
    struct json json = {bytes, (const char *)bytes + length, 0};
    if (!value(&json)) return false;
    blanks(&json);
    return json.at == json.end;
}
