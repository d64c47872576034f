/* SPDX-License-Identifier: ISC */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void clean(char *line)
{
    for (; *line; line++)
        if ((unsigned char)*line < 32 || *line == 127) *line = '?';
}

bool sw_fail(struct sw_error *error, enum sw_status status, const char *format, ...)
{
    if (error->status != SW_DONE) return false;
    error->status = status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    clean(error->message);
    return false;
}

bool sw_fail_errno(struct sw_error *error, const char *format, ...)
{
    int number = errno;
    if (error->status != SW_DONE) return false;
    error->status = SW_SYSTEM;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length < sizeof error->message)
        snprintf(error->message + length, sizeof error->message - (size_t)length, ": %s",
                 strerror(number));
    clean(error->message);
    return false;
}

bool sw_fail_at(struct sw_error *error, const char *prefix)
{
    size_t length = strlen(prefix), most = sizeof error->message;
    if (length > most - 3) return false;
    memmove(error->message + length + 2, error->message, most - length - 2);
    memcpy(error->message, prefix, length);
    memcpy(error->message + length, ": ", 2);
    error->message[most - 1] = 0;
    clean(error->message);
    return false;
}
