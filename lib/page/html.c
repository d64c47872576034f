/* SPDX-License-Identifier: ISC */
#include "page/html.h"

#include "base/utf8.h"

/* What the character at hand becomes; NULL: itself. */
static const char *reference(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

bool sw_html_text(struct sw_buffer *out, const char *bytes, size_t length, struct sw_error *error)
{
    const unsigned char *at = (const unsigned char *)bytes, *end = at + length;
    bool good = true;
    while (good && at < end) {
        size_t taken = sw_utf8_length(at, (size_t)(end - at));
        const char *meant = reference(*at);
        bool barred = taken == 0 || *at == 0x7f || (*at < 0x20 && !strchr("\t\n\r", *at)) || !*at;
        if (barred) {
            good = sw_buffer_format(out, error, "\\x%02X", *at);
            taken = 1;
        } else
            good = meant ? sw_buffer_text(out, meant, error) : sw_buffer_add(out, at, taken, error);
        at += taken;
    }
    return good;
}

bool sw_html_between(struct sw_buffer *out, const char *before, const char *text,
                     const char *behind, struct sw_error *error)
{
    return sw_buffer_text(out, before, error) && sw_html_text(out, text, strlen(text), error) &&
           sw_buffer_text(out, behind, error);
}
