/* SPDX-License-Identifier: ISC */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/shown.h"

enum { LINE_LENGTH = 3 * 4096 }; /* of two paths, and what is wrong with them */

static bool goes_on(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* What is wrong stands at the end of a line, and where at its beginning: of one that is too long the middle is left out. */
static void record(struct sw_error *error, char *line)
{
    static const char between[] = "…";
    size_t length = strlen(line);
    if (length >= sizeof error->message) {
        size_t head = (sizeof error->message - sizeof between) / 2, tail = length - head;
        while (head > 0 && goes_on(line[head])) head--;
        while (tail < length && goes_on(line[tail])) tail++;
        memcpy(line + head, between, sizeof between - 1);
        head += sizeof between - 1;
        memmove(line + head, line + tail, length - tail + 1);
    }
    sw_shown(error->message, sizeof error->message, line, strlen(line));
}

bool sw_fail(struct sw_error *error, enum sw_status status, const char *format, ...)
{
    char line[LINE_LENGTH];
    if (error->status != SW_DONE) return false;
    error->status = status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    record(error, line);
    return false;
}

bool sw_fail_errno(struct sw_error *error, const char *format, ...)
{
    int number = errno;
    char line[LINE_LENGTH];
    if (error->status != SW_DONE) return false;
    error->status = SW_SYSTEM;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length < sizeof line)
        snprintf(line + length, sizeof line - (size_t)length, ": %s", strerror(number));
    record(error, line);
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
    char line[LINE_LENGTH];
    int length = snprintf(line, sizeof line, "%s: %s", prefix, error->message);
    if (length >= 0 && (size_t)length < sizeof line) record(error, line);
    return false;
}
