/* SPDX-License-Identifier: ISC */
#include "files/name_part.h"

#include <string.h>

static bool safe_byte(unsigned char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || (byte && strchr("._+-", byte));
}

bool sw_put_name_part(const char *bytes, size_t length, struct sw_buffer *out,
                      struct sw_error *error)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        bool plain = safe_byte(byte) && !(i == 0 && byte == '.');
        if (plain ? !sw_buffer_add(out, &byte, 1, error)
                  : !sw_buffer_format(out, error, "%%%02X", byte))
            return false;
    }
    return true;
}
