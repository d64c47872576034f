/* SPDX-License-Identifier: ISC */
#include "base/whole.h"

bool sw_read_rest(struct sw_input *input, const char *what, size_t most, struct sw_buffer *text,
                  struct sw_error *error)
{
    enum { AT_ONCE = 64 << 10 };
    size_t before = text->length, got = AT_ONCE;
    while (got == AT_ONCE) {
        if (!sw_buffer_reserve(text, AT_ONCE, error) ||
            !sw_input_read(input, text->bytes + text->length, AT_ONCE, &got, error))
            return false;
        text->length += got;
        if (text->length - before > most)
            return sw_fail(error, SW_USAGE, "%s: %s of more than %zu bytes", input->name, what,
                           most);
    }
    return true;
}

bool sw_read_whole(const char *path, const char *what, size_t most, struct sw_buffer *text,
                   struct sw_error *error)
{
    struct sw_input input;
    if (!sw_input_open(&input, path, error)) return false;
    bool good = sw_read_rest(&input, what, most, text, error);
    sw_input_close(&input);
    return good;
}
