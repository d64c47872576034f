/* SPDX-License-Identifier: ISC */
#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/memory.h"

bool sw_buffer_reserve(struct sw_buffer *buffer, size_t more, struct sw_error *error)
{
    return sw_grow(&buffer->bytes, &buffer->capacity, buffer->length + more, 1, error);
}

bool sw_buffer_add(struct sw_buffer *buffer, const void *bytes, size_t length,
                   struct sw_error *error)
{
    if (!sw_buffer_reserve(buffer, length, error)) return false;
    if (length) memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    return true;
}

bool sw_buffer_text(struct sw_buffer *buffer, const char *text, struct sw_error *error)
{
    return sw_buffer_add(buffer, text, strlen(text), error);
}

bool sw_buffer_format(struct sw_buffer *buffer, struct sw_error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) return sw_fail(error, SW_SYSTEM, "cannot format '%s'", format);
    if (!sw_buffer_reserve(buffer, (size_t)length + 1, error)) return false;
    va_start(arguments, format);
    vsnprintf((char *)buffer->bytes + buffer->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
    return true;
}

void sw_buffer_free(struct sw_buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct sw_buffer){0};
}
