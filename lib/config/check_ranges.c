/* SPDX-License-Identifier: ISC
 * Ranges that end before they start (config/check.h): told apart from what is no range at all,
 * which the module that reads it will say. */
#include <string.h>

#include "base/civil.h"
#include "base/number.h"
#include "config/check.h"

typedef bool read_end(const char *text, size_t length, sw_int128 *value);

static bool read_date(const char *text, size_t length, sw_int128 *value)
{
    int64_t days;
    if (!sw_parse_date(text, length, &days)) return false;
    *value = days;
    return true;
}

static bool read_time(const char *text, size_t length, sw_int128 *value)
{
    int64_t ns;
    if (!sw_parse_time_of_day(text, length, &ns)) return false;
    *value = ns;
    return true;
}

static bool read_quantity(const char *text, size_t length, sw_int128 *value)
{
    return sw_parse_decimal(text, length, SW_MAXIMUM_SCALE, value) == SW_NUMBER_GOOD;
}

static bool read_hour(const char *text, size_t length, sw_int128 *value)
{
    return length > 0 && length <= 2 && sw_parse_decimal(text, length, 0, value) == SW_NUMBER_GOOD;
}

static bool ends_too_early(const char *word, const char *separator, read_end *read)
{
    sw_int128 low, high;
    const char *found = strstr(word, separator);
    if (!found) return false;
    const char *behind = found + strlen(separator);
    return read(word, (size_t)(found - word), &low) && read(behind, strlen(behind), &high) &&
           high < low;
}

bool sw_range_ends_early(enum sw_key key, const char *value)
{
    static const struct {
        enum sw_key key;
        const char *separator;
        read_end *read;
    } kinds[] = {{SW_KEY_DATES, "..", read_date},
                 {SW_KEY_HOURS, "-", read_hour},
                 {SW_KEY_TIMES, "-", read_time},
                 {SW_KEY_QUANTITIES, "..", read_quantity}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].key == key) return ends_too_early(value, kinds[i].separator, kinds[i].read);
    return false;
}
