/* SPDX-License-Identifier: ISC
 * A configuration's file: lines "KEY = value", read whole, or JSON (config/read_json.c). */
#include <string.h>

#include "base/memory.h"
#include "files/whole.h"
#include "config/configuration.h"

enum { FILE_MAXIMUM = 16 << 20 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool read_line(struct sw_configuration *configuration, const char *line, size_t length,
                      size_t number, struct sw_error *error)
{
    struct sw_said said = {SW_FROM_FILE, number};
    enum sw_key key;
    while (length && is_blank(line[length - 1])) length--;
    while (length && is_blank(*line)) line++, length--;
    if (length == 0 || *line == '#') return true;
    const char *equals = memchr(line, '=', length);
    if (!equals || equals == line)
        return sw_diagnostic_at(configuration, said, error, "not KEY = value: '%.*s'", (int)length,
                                line);
    size_t name_length = (size_t)(equals - line);
    while (name_length && is_blank(line[name_length - 1])) name_length--;
    char *name = sw_copy_text(line, name_length, error);
    bool good = name && sw_setting_begin(configuration, name, said, &key, error);
    if (good && key < SW_KEYS)
        good = sw_setting_take(configuration, key, equals + 1, (size_t)(line + length - equals - 1),
                               error);
    free(name);
    return good;
}

static bool read_lines(struct sw_configuration *configuration, const char *text, size_t length,
                       struct sw_error *error)
{
    for (size_t number = 1; length > 0; number++) {
        const char *newline = memchr(text, '\n', length);
        size_t here = newline ? (size_t)(newline - text) : length;
        if (!read_line(configuration, text, here, number, error)) return false;
        size_t taken = here + (newline != NULL);
        text += taken;
        length -= taken;
    }
    return true;
}

static bool looks_like_json(const char *text, size_t length)
{
    while (length && (is_blank(*text) || *text == '\n')) text++, length--;
    return length && *text == '{';
}

bool sw_configuration_read(struct sw_configuration *configuration, const char *path,
                           struct sw_error *error)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    struct sw_input input;
    struct sw_buffer buffer = {0};
    if (!sw_input_open(&input, path, error)) return false;
    configuration->file = input.name;
    bool good = sw_read_rest(&input, "a configuration", FILE_MAXIMUM, &buffer, error);
    sw_input_close(&input);
    if (good) {
        const char *text = (const char *)buffer.bytes;
        size_t length = buffer.length;
        if (length >= 3 && memcmp(text, byte_order_mark, 3) == 0) text += 3, length -= 3;
        good = looks_like_json(text, length)
                   ? sw_configuration_json(configuration, text, length, error)
                   : read_lines(configuration, text, length, error);
    }
    sw_buffer_free(&buffer);
    return good;
}
