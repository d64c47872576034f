/* SPDX-License-Identifier: ISC */
#include "base/shown.h"

#include <string.h>

#include "base/utf8.h"

static bool in_order(const char *low, const unsigned char *text, const char *high, size_t length)
{
    return memcmp(low, text, length) <= 0 && memcmp(text, high, length) <= 0;
}

bool sw_is_showable(const char *text, size_t left, size_t *length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    *length = sw_utf8_length(bytes, left);
    switch (*length) {
    case 0:
        *length = 1;
        return false;
    case 1:
        return *bytes >= ' ' && *bytes != 0x7f;
    case 2:
        return !in_order("\xc2\x80", bytes, "\xc2\x9f", 2) && memcmp(bytes, "\xd8\x9c", 2) != 0;
    case 3:
        return !in_order("\xe2\x80\x8e", bytes, "\xe2\x80\x8f", 3) &&
               !in_order("\xe2\x80\xa8", bytes, "\xe2\x80\xae", 3) &&
               !in_order("\xe2\x81\xa6", bytes, "\xe2\x81\xa9", 3);
    default:
        return true;
    }
}

size_t sw_shown_character(char to[SW_SHOWN_MAXIMUM], const char *text, size_t left, size_t *length)
{
    static const char hex[] = "0123456789abcdef";
    bool showable = sw_is_showable(text, left, length);
    if (showable) {
        memcpy(to, text, *length);
        return *length;
    }
    const char *known = *text ? strchr("\tt\nn\rr", *text) : NULL;
    if (known) {
        to[0] = '\\';
        to[1] = known[1];
        return 2;
    }
    for (size_t i = 0; i < *length; i++) {
        unsigned char byte = (unsigned char)text[i];
        memcpy(to + 4 * i, "\\x", 2);
        to[4 * i + 2] = hex[byte >> 4];
        to[4 * i + 3] = hex[byte & 15];
    }
    return 4 * *length;
}

char *sw_shown(char *to, size_t size, const char *text, size_t length)
{
    char shown[SW_SHOWN_MAXIMUM];
    size_t used = 0;
    for (size_t at = 0, here; at < length; at += here) {
        size_t count = sw_shown_character(shown, text + at, length - at, &here);
        if (used + count >= size) break;
        memcpy(to + used, shown, count);
        used += count;
    }
    to[used] = 0;
    return to;
}
