/* SPDX-License-Identifier: ISC */
#include "config/print.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"

struct show {
    const struct sw_configuration *configuration;
    const struct sw_resources *resources;
    struct sw_buffer *out;
    struct sw_error *error;
};

static const struct sw_setting *setting_of(const struct show *show, enum sw_key key)
{
    return &show->configuration->settings[key];
}

/* ---- as a file ---- */

static bool has_outer_blanks(const char *value)
{
    const char *last = value + strlen(value) - 1;
    return strchr(" \t\r", *value) || strchr(" \t\r", *last);
}

/* A comma that would end the value: outside of parentheses, where those join. */
static bool has_free_comma(const char *value, enum sw_key_kind kind)
{
    int depth = 0;
    for (; *value; value++) {
        if (kind == SW_KEY_CALLS) depth += (*value == '(') - (*value == ')');
        if (*value == ',' && depth <= 0) return true;
    }
    return kind == SW_KEY_CALLS && depth != 0;
}

static bool write_value(const struct show *show, enum sw_key key, const char *value)
{
    enum sw_key_kind kind = sw_keys[key].kind;
    bool plain = *value && *value != '"' && !strchr(value, '#') && !has_outer_blanks(value) &&
                 (kind == SW_KEY_TEXT || !has_free_comma(value, kind));
    if (plain) return sw_buffer_text(show->out, value, show->error);
    if (!sw_buffer_text(show->out, "\"", show->error)) return false;
    for (; *value; value++)
        if (((*value == '"' || *value == '\\') && !sw_buffer_text(show->out, "\\", show->error)) ||
            !sw_buffer_add(show->out, value, 1, show->error))
            return false;
    return sw_buffer_text(show->out, "\"", show->error);
}

/* What follows the origin of a value that is left to the machine. */
static bool write_meaning(const struct show *show, enum sw_key key)
{
    const struct sw_resources *here = show->resources;
    const uint64_t mib = UINT64_C(1) << 20;
    if (strcmp(sw_configuration_text(show->configuration, key), "auto") != 0) return true;
    if (key == SW_KEY_WORKERS)
        return sw_buffer_format(show->out, show->error, "; here %" PRIu64, here->workers);
    if (key == SW_KEY_CHUNK_SIZE)
        return sw_buffer_format(show->out, show->error, "; here at most %" PRIu64 "M",
                                here->chunk_bytes / mib);
    if (key == SW_KEY_MEMORY)
        return sw_buffer_format(show->out, show->error, "; here %" PRIu64 "M",
                                here->memory_bytes / mib);
    return true;
}

static bool text_line(const struct show *show, enum sw_key key)
{
    enum { COMMENT_AT = 56 };
    size_t start = show->out->length;
    const struct sw_setting *setting = setting_of(show, key);
    if (!sw_buffer_format(show->out, show->error, "%s =", sw_keys[key].name)) return false;
    for (size_t i = 0; i < setting->count; i++)
        if (!sw_buffer_text(show->out, i ? ", " : " ", show->error) ||
            !write_value(show, key, setting->values[i]))
            return false;
    size_t length = show->out->length - start;
    int blanks = length < COMMENT_AT ? (int)(COMMENT_AT - length) : 1;
    return sw_buffer_format(show->out, show->error, "%*s# ", blanks, "") &&
           sw_configuration_origin(show->configuration, key, show->out, show->error) &&
           write_meaning(show, key) && sw_buffer_text(show->out, "\n", show->error);
}

/* ---- for a shell and for make ---- */

bool sw_quote_for_shell(struct sw_buffer *out, const char *text, struct sw_error *error)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "_-+=./:,@%";
    if (*text && !text[strspn(text, safe)]) return sw_buffer_text(out, text, error);
    if (!sw_buffer_text(out, "'", error)) return false;
    for (;;) {
        size_t length = strcspn(text, "'");
        if (!sw_buffer_add(out, text, length, error)) return false;
        if (!text[length]) return sw_buffer_text(out, "'", error);
        if (!sw_buffer_text(out, "'\\''", error)) return false;
        text += length + 1;
    }
}

/* The values as one text: names of files as words of a shell, others between commas. */
static bool joined(const struct show *show, enum sw_key key, struct sw_buffer *text)
{
    const struct sw_setting *setting = setting_of(show, key);
    text->length = 0;
    if (sw_keys[key].kind != SW_KEY_FILES)
        return sw_configuration_join(show->configuration, key, text, show->error);
    for (size_t i = 0; i < setting->count; i++)
        if ((i > 0 && !sw_buffer_text(text, " ", show->error)) ||
            !sw_quote_for_shell(text, setting->values[i], show->error))
            return false;
    return sw_buffer_add(text, "", 1, show->error);
}

static bool write_name(const struct show *show, enum sw_key key, const char *behind)
{
    if (!sw_buffer_text(show->out, "SW_CONF_", show->error)) return false;
    for (const char *at = sw_keys[key].name; *at; at++) {
        char upper = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
        if (!sw_buffer_add(show->out, &upper, 1, show->error)) return false;
    }
    return sw_buffer_text(show->out, behind, show->error);
}

/* Always in quotes: an assignment reads more evenly so. */
static bool sh_value(const struct show *show, const char *text)
{
    if (text[strcspn(text, "'")]) return sw_quote_for_shell(show->out, text, show->error);
    return sw_buffer_format(show->out, show->error, "'%s'", text);
}

static bool sh_line(const struct show *show, enum sw_key key)
{
    struct sw_buffer text = {0};
    bool good = joined(show, key, &text) && write_name(show, key, "=") &&
                sh_value(show, (const char *)text.bytes) &&
                sw_buffer_text(show->out, "\n", show->error);
    sw_buffer_free(&text);
    return good;
}

/* Doubles "$" and escapes "#", before which make halves backslashes. "$()" is nothing: it keeps
 * blanks in front and a backslash at the end. */
static bool make_value(const struct show *show, const char *text)
{
    size_t backslashes = 0;
    if ((*text == ' ' || *text == '\t') && !sw_buffer_text(show->out, "$()", show->error))
        return false;
    for (; *text; text++) {
        if (*text == '$' && !sw_buffer_text(show->out, "$", show->error)) return false;
        for (size_t i = 0; *text == '#' && i <= backslashes; i++)
            if (!sw_buffer_text(show->out, "\\", show->error)) return false;
        backslashes = *text == '\\' ? backslashes + 1 : 0;
        if (!sw_buffer_add(show->out, text, 1, show->error)) return false;
    }
    return backslashes == 0 || sw_buffer_text(show->out, "$()", show->error);
}

static bool make_line(const struct show *show, enum sw_key key)
{
    struct sw_buffer text = {0};
    bool good = joined(show, key, &text) && write_name(show, key, " = ") &&
                make_value(show, (const char *)text.bytes) &&
                sw_buffer_text(show->out, "\n", show->error);
    sw_buffer_free(&text);
    return good;
}

/* ---- as JSON ---- */

static bool json_value(const struct show *show, enum sw_key key, const char *value)
{
    if (sw_key_is_number(key, value)) return sw_buffer_text(show->out, value, show->error);
    if (sw_keys[key].choices && sw_among("yes", sw_keys[key].choices) && sw_among(value, "yes,no"))
        return sw_buffer_text(show->out, strcmp(value, "yes") == 0 ? "true" : "false", show->error);
    return sw_json_text(show->out, value, strlen(value), show->error);
}

static bool json_values(const struct show *show, enum sw_key key)
{
    const struct sw_setting *setting = setting_of(show, key);
    if (sw_keys[key].kind == SW_KEY_TEXT)
        return setting->count ? json_value(show, key, setting->values[0])
                              : sw_buffer_text(show->out, "null", show->error);
    if (!sw_buffer_text(show->out, "[", show->error)) return false;
    for (size_t i = 0; i < setting->count; i++)
        if ((i > 0 && !sw_buffer_text(show->out, ", ", show->error)) ||
            !json_value(show, key, setting->values[i]))
            return false;
    return sw_buffer_text(show->out, "]", show->error);
}

static bool json_line(const struct show *show, enum sw_key key)
{
    return sw_buffer_format(show->out, show->error, "%s  \"%s\": ", key == 0 ? "{\n" : "",
                            sw_keys[key].name) &&
           json_values(show, key) &&
           sw_buffer_text(show->out, key + 1 == SW_KEYS ? "\n}\n" : ",\n", show->error);
}

bool sw_configuration_show(const struct sw_configuration *configuration,
                           const struct sw_resources *resources, const char *format,
                           struct sw_buffer *out, struct sw_error *error)
{
    static const struct {
        const char *name;
        bool (*print)(const struct show *show, enum sw_key key);
    } formats[] = {{"text", text_line}, {"sh", sh_line}, {"make", make_line}, {"json", json_line}};
    const struct show show = {configuration, resources, out, error};
    size_t i = 0;
    while (i < 4 && format && strcmp(format, formats[i].name) != 0) i++;
    if (i == 4)
        return sw_fail(error, SW_USAGE, "--format: not text, sh, make or json: '%s'", format);
    for (int key = 0; key < SW_KEYS; key++)
        if (!formats[i].print(&show, (enum sw_key)key)) return false;
    return true;
}
