/* SPDX-License-Identifier: ISC */
#include "remote/paths.h"

#include <stdarg.h>
#include <stdio.h>

#include "files/input.h"

const char *sw_put_path(struct sw_buffer *path, struct sw_error *error, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    int length = vsnprintf(NULL, 0, format, words);
    va_end(words);
    path->length = 0;
    if (length < 0 || !sw_buffer_reserve(path, (size_t)length + 1, error)) return NULL;
    va_start(words, format);
    vsnprintf((char *)path->bytes, (size_t)length + 1, format, words);
    va_end(words);
    path->length = (size_t)length + 1;
    return (const char *)path->bytes;
}

bool sw_read_bytes(const char *path, struct sw_buffer *text, struct sw_error *error)
{
    struct sw_input input;
    unsigned char bytes[8192];
    size_t got;
    text->length = 0;
    if (!sw_input_open(&input, path, error)) return false;
    bool good;
    while ((good = sw_input_read(&input, bytes, sizeof bytes, &got, error)) && got > 0)
        if (!(good = sw_buffer_add(text, bytes, got, error))) break;
    sw_input_close(&input);
    return good;
}
