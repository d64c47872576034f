/* SPDX-License-Identifier: ISC */
#include "base/utf8.h"

static bool continues(const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((bytes[i] & 0xc0) != 0x80) return false;
    return true;
}

size_t sw_utf8_length(const unsigned char *bytes, size_t left)
{
    if (bytes[0] < 0x80) return 1;
    if (bytes[0] >= 0xc2 && bytes[0] <= 0xdf) return left >= 2 && continues(bytes + 1, 1) ? 2 : 0;
    if (bytes[0] >= 0xe0 && bytes[0] <= 0xef) {
        if (left < 3 || !continues(bytes + 1, 2)) return 0;
        bool overlong = bytes[0] == 0xe0 && bytes[1] < 0xa0;
        bool surrogate = bytes[0] == 0xed && bytes[1] >= 0xa0;
        return overlong || surrogate ? 0 : 3;
    }
    if (bytes[0] >= 0xf0 && bytes[0] <= 0xf4) {
        if (left < 4 || !continues(bytes + 1, 3)) return 0;
        bool overlong = bytes[0] == 0xf0 && bytes[1] < 0x90;
        bool beyond = bytes[0] == 0xf4 && bytes[1] >= 0x90;
        return overlong || beyond ? 0 : 4;
    }
    return 0;
}

bool sw_utf8_valid(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t sequence = sw_utf8_length((const unsigned char *)bytes + i, length - i);
        if (sequence == 0) return false;
        i += sequence;
    }
    return true;
}
