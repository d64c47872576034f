/* SPDX-License-Identifier: ISC */
#include "files/whole.h"

bool sw_refuse_nul(const struct sw_input *input, const char *what, const unsigned char *bytes,
                   size_t length, struct sw_error *error)
{
    const unsigned char *nul = length ? memchr(bytes, 0, length) : NULL;
    if (!nul) return true;
    uint64_t at = input->position - length + (uint64_t)(nul - bytes);
    return sw_fail(error, SW_USAGE, "%s: a NUL at byte %llu: %s is text", input->name,
                   (unsigned long long)at, what);
}

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
        if (!sw_refuse_nul(input, what, text->bytes + text->length - got, got, error)) return false;
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

static bool read_bytes(struct sw_input *input, struct sw_buffer *bytes, struct sw_error *error)
{
    enum { AT_ONCE = 64 << 10 };
    size_t got = AT_ONCE;
    while (got == AT_ONCE) {
        if (!sw_buffer_reserve(bytes, AT_ONCE, error) ||
            !sw_input_read(input, bytes->bytes + bytes->length, AT_ONCE, &got, error))
            return false;
        bytes->length += got;
    }
    return true;
}

bool sw_read_names(const char *path, struct sw_buffer *names, size_t *count, struct sw_error *error)
{
    struct sw_input input;
    const size_t before = names->length;
    if (!sw_input_open(&input, path, error)) return false;
    bool good = read_bytes(&input, names, error);
    if (good && names->length > before && names->bytes[names->length - 1] != 0)
        good = sw_fail(error, SW_USAGE, "%s: the last name is not ended by a NUL", input.name);
    *count = 0;
    for (size_t i = before; good && i < names->length; i++) *count += names->bytes[i] == 0;
    sw_input_close(&input);
    return good;
}
