/* SPDX-License-Identifier: ISC
 * Names and files of ledger/results.h. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/checksum.h"
#include "files/output.h"
#include "ledger/results_parts.h"

static bool join(struct sw_buffer *path, const char *format, va_list words, struct sw_error *error)
{
    va_list again;
    va_copy(again, words);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    path->length = 0;
    if (length < 0) return sw_fail(error, SW_SYSTEM, "%s: cannot be written", format);
    if (!sw_buffer_reserve(path, (size_t)length + 1, error)) return false;
    vsnprintf((char *)path->bytes, (size_t)length + 1, format, words);
    path->length = (size_t)length + 1;
    return true;
}

bool sw_join_path(struct sw_buffer *path, struct sw_error *error, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    bool good = join(path, format, words, error);
    va_end(words);
    return good;
}

bool sw_write_list(const struct sw_buffer *text, struct sw_error *error, const char *format, ...)
{
    struct sw_buffer path = {0};
    va_list words;
    va_start(words, format);
    bool good = join(&path, format, words, error) &&
                sw_output_file((const char *)path.bytes, text->bytes, text->length, error);
    va_end(words);
    sw_buffer_free(&path);
    return good;
}

/* Of the text before the NUL. */
bool sw_put_check(struct sw_buffer *check, const struct sw_buffer *tally, struct sw_error *error)
{
    return sw_buffer_format(check, error, "%" PRIu32 " %zu\n",
                            sw_checksum(tally->bytes, tally->length - 1), tally->length - 1) &&
           sw_buffer_add(check, "", 1, error);
}

bool sw_write_check(const char *place, const struct sw_buffer *tally, struct sw_error *error)
{
    struct sw_buffer check = {0};
    bool good = sw_put_check(&check, tally, error);
    if (good) check.length--;
    good = good && sw_write_list(&check, error, "%s/check", place);
    sw_buffer_free(&check);
    return good;
}
