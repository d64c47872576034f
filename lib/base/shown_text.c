/* SPDX-License-Identifier: ISC */
#include "base/shown_text.h"

#include "base/shown.h"

bool sw_shown_add(struct sw_buffer *out, const char *text, size_t length, bool lines,
                  struct sw_error *error)
{
    size_t before = out->length;
    for (size_t at = 0, here; at < length; at += here) {
        if (!sw_buffer_reserve(out, SW_SHOWN_MAXIMUM, error)) {
            out->length = before;
            return false;
        }
        char *to = (char *)out->bytes + out->length;
        out->length += sw_shown_character(to, text + at, length - at, &here);
        if (!lines || text[at] != '\n') continue;
        to[0] = '\n';
        out->length--;
    }
    return true;
}

static bool is_shown_already(const char *text, size_t length, bool lines)
{
    for (size_t at = 0, here; at < length; at += here)
        if (!sw_is_showable(text + at, length - at, &here) && !(lines && text[at] == '\n'))
            return false;
    return true;
}

bool sw_shown_tail(struct sw_buffer *out, size_t from, bool lines, struct sw_error *error)
{
    struct sw_buffer tail = {0};
    const char *text = (const char *)out->bytes + from;
    if (out->length == from || is_shown_already(text, out->length - from, lines)) return true;
    bool good = sw_shown_add(&tail, text, out->length - from, lines, error);
    out->length = from;
    good = good && sw_buffer_add(out, tail.bytes, tail.length, error);
    sw_buffer_free(&tail);
    return good;
}
