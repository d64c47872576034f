/* SPDX-License-Identifier: ISC */
#include "base/civil.h"
#include "expr/tree.h"

const char *sw_class_parse(enum sw_class class, const char *text, size_t length, int64_t *value)
{
    if (class == SW_CLASS_DATE)
        return sw_parse_date(text, length, value) ? NULL : "not a date (YYYY-MM-DD)";
    if (class == SW_CLASS_CLOCK)
        return sw_parse_time_of_day(text, length, value) ? NULL
                                                         : "not a time of day (HH:MM or HH:MM:SS)";
    enum sw_time_outcome outcome = sw_parse_time(text, length, value);
    if (outcome == SW_TIME_MALFORMED) return "not a time (YYYY-MM-DDTHH:MM:SS with an offset)";
    return outcome == SW_TIME_GOOD ? NULL : sw_time_reason(outcome);
}
