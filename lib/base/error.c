/* SPDX-License-Identifier: ISC */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/shown.h"

bool sw_fail(struct sw_error *error, enum sw_status status, const char *format, ...)
{
    char line[sizeof error->message];
    if (error->status != SW_DONE) return false;
    error->status = status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    sw_shown(error->message, sizeof error->message, line, strlen(line));
    return false;
}

bool sw_fail_errno(struct sw_error *error, const char *format, ...)
{
    int number = errno;
    char line[sizeof error->message];
    if (error->status != SW_DONE) return false;
    error->status = SW_SYSTEM;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length < sizeof line)
        snprintf(line + length, sizeof line - (size_t)length, ": %s", strerror(number));
    sw_shown(error->message, sizeof error->message, line, strlen(line));
    return false;
}

bool sw_fail_about(struct sw_error *error, const char *id)
{
    size_t length = strlen(id);
    if (length < sizeof error->about && strspn(id, "-0123456789") == length)
        memcpy(error->about, id, length + 1);
    return false;
}

bool sw_fail_at(struct sw_error *error, const char *prefix)
{
    char line[sizeof error->message];
    size_t length = strlen(prefix), rest = strlen(error->message);
    if (length > sizeof line - 3) return false;
    memcpy(line, prefix, length);
    memcpy(line + length, ": ", 2);
    if (rest > sizeof line - length - 3) rest = sizeof line - length - 3;
    memcpy(line + length + 2, error->message, rest);
    line[length + 2 + rest] = 0;
    sw_shown(error->message, sizeof error->message, line, strlen(line));
    return false;
}
