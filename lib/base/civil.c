/* SPDX-License-Identifier: ISC */
#include "base/civil.h"

#include <string.h>

#include "base/number.h"

/* Eras of 400 years (146097 days) that begin on 1 March, so that the leap day is the last of its year. */
int64_t sw_days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = sw_floor_divide(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void sw_civil_from_days(int64_t days, int64_t *year, int *month, int *day)
{
    days += 719468;
    int64_t era = sw_floor_divide(days, 146097);
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

/* Reads exactly `count` digits. */
static bool digits(const char **at, const char *end, int count, int *value)
{
    *value = 0;
    for (; count; count--, ++*at) {
        if (*at == end || **at < '0' || **at > '9') return false;
        *value = *value * 10 + (**at - '0');
    }
    return true;
}

static bool literal(const char **at, const char *end, char wanted)
{
    if (*at == end || **at != wanted) return false;
    ++*at;
    return true;
}

static bool date_at(const char **at, const char *end, int64_t *days)
{
    int year, month, day, month_back, day_back;
    int64_t year_back;
    if (!digits(at, end, 4, &year) || !literal(at, end, '-') || !digits(at, end, 2, &month) ||
        !literal(at, end, '-') || !digits(at, end, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > 31) return false;
    *days = sw_days_from_civil(year, month, day);
    sw_civil_from_days(*days, &year_back, &month_back, &day_back);
    return month == month_back && day == day_back;
}

/* .DIGITS after the seconds, as nanoseconds; *fine where there is more than they hold. */
static bool fraction_at(const char **at, const char *end, int64_t *ns, bool *fine)
{
    int64_t unit = SW_NS_PER_SECOND / 10;
    if (!literal(at, end, '.')) return true;
    const char *start = *at;
    for (; *at < end && **at >= '0' && **at <= '9'; ++*at, unit /= 10) {
        if (unit == 0 && **at != '0') *fine = true;
        *ns += (**at - '0') * unit;
    }
    return *at > start;
}

static bool time_of_day_at(const char **at, const char *end, int64_t *ns, bool *fine)
{
    int hour, minute, second = 0;
    *fine = false;
    if (!digits(at, end, 2, &hour) || !literal(at, end, ':') || !digits(at, end, 2, &minute))
        return false;
    bool seconds = literal(at, end, ':');
    if (seconds && !digits(at, end, 2, &second)) return false;
    if (hour > 24 || minute > 59 || second > 59) return false;
    *ns = ((hour * 60 + minute) * 60 + second) * SW_NS_PER_SECOND;
    return (!seconds || fraction_at(at, end, ns, fine)) && *ns <= SW_NS_PER_DAY;
}

bool sw_parse_date(const char *text, size_t length, int64_t *days)
{
    const char *end = text + length;
    return date_at(&text, end, days) && text == end;
}

bool sw_parse_time_of_day(const char *text, size_t length, int64_t *ns)
{
    const char *end = text + length;
    bool fine;
    return time_of_day_at(&text, end, ns, &fine) && text == end && !fine;
}

bool sw_parse_offset(const char *text, size_t length, int *offset_seconds)
{
    const char *end = text + length;
    int hours, minutes = 0, seconds = 0;
    if (text == end || (*text != '+' && *text != '-')) return false;
    int sign = *text++ == '-' ? -1 : 1;
    if (!digits(&text, end, 2, &hours)) return false;
    bool colon = literal(&text, end, ':');
    if ((colon || text < end) && !digits(&text, end, 2, &minutes)) return false;
    if (colon && literal(&text, end, ':') && !digits(&text, end, 2, &seconds)) return false;
    if (text != end || hours > 23 || minutes > 59 || seconds > 59) return false;
    *offset_seconds = sign * (hours * 3600 + minutes * 60 + seconds);
    return true;
}

/* Z, z or an offset, to the end. */
static bool offset_at(const char *at, const char *end, int *offset_seconds)
{
    *offset_seconds = 0;
    if (end - at == 1 && (*at == 'Z' || *at == 'z')) return true;
    return sw_parse_offset(at, (size_t)(end - at), offset_seconds);
}

enum sw_time_outcome sw_parse_time(const char *text, size_t length, int64_t *time_ns)
{
    const char *end = text + length;
    int64_t days, ns;
    int offset;
    bool fine;
    if (!date_at(&text, end, &days)) return SW_TIME_MALFORMED;
    if (text == end) return SW_TIME_NO_CLOCK;
    if (!literal(&text, end, 'T') && !literal(&text, end, ' ') && !literal(&text, end, 't'))
        return SW_TIME_MALFORMED;
    if (!time_of_day_at(&text, end, &ns, &fine)) return SW_TIME_MALFORMED;
    if (text == end) return SW_TIME_NO_OFFSET;
    if (!offset_at(text, end, &offset)) return SW_TIME_MALFORMED;
    if (fine) return SW_TIME_TOO_FINE;
    sw_int128 sum = (sw_int128)days * SW_NS_PER_DAY + ns - (sw_int128)offset * SW_NS_PER_SECOND;
    if (sum != (int64_t)sum) return SW_TIME_TOO_LARGE;
    *time_ns = (int64_t)sum;
    return SW_TIME_GOOD;
}

const char *sw_time_reason(enum sw_time_outcome outcome)
{
    switch (outcome) {
    case SW_TIME_GOOD:
        return "good";
    case SW_TIME_MALFORMED:
        return "not a time";
    case SW_TIME_TOO_FINE:
        return "more than 9 decimals of a second";
    case SW_TIME_TOO_LARGE:
        return "out of range (1677-09-21 to 2262-04-11)";
    case SW_TIME_NO_OFFSET:
        return "a local time without its offset, such as +10:00 or Z";
    case SW_TIME_NO_CLOCK:
        return "a date without a time of day and an offset";
    }
    return "not a time";
}

static char *two_digits(char *to, int value)
{
    *to++ = (char)('0' + value / 10);
    *to++ = (char)('0' + value % 10);
    return to;
}

size_t sw_format_date(char *to, int64_t days)
{
    int64_t year;
    int month, day;
    char *at = to;
    sw_civil_from_days(days, &year, &month, &day);
    if (year >= 0 && year <= 9999) {
        at = two_digits(at, (int)(year / 100));
        at = two_digits(at, (int)(year % 100));
    } else {
        if (year > 0) *at++ = '+';
        at += sw_format_integer(at, year);
    }
    *at++ = '-';
    at = two_digits(at, month);
    *at++ = '-';
    return (size_t)(two_digits(at, day) - to);
}

size_t sw_format_time_of_day(char *to, int64_t ns)
{
    int64_t second = ns / SW_NS_PER_SECOND, fraction = ns % SW_NS_PER_SECOND;
    char *at = two_digits(to, (int)(second / 3600));
    *at++ = ':';
    at = two_digits(at, (int)(second / 60 % 60));
    *at++ = ':';
    at = two_digits(at, (int)(second % 60));
    if (fraction == 0) return (size_t)(at - to);
    *at++ = '.';
    for (int64_t unit = SW_NS_PER_SECOND / 10; fraction; unit /= 10) {
        *at++ = (char)('0' + fraction / unit);
        fraction %= unit;
    }
    return (size_t)(at - to);
}

size_t sw_format_offset(char *to, int offset_seconds)
{
    char *at = to;
    *at++ = offset_seconds < 0 ? '-' : '+';
    if (offset_seconds < 0) offset_seconds = -offset_seconds;
    at = two_digits(at, offset_seconds / 3600);
    *at++ = ':';
    at = two_digits(at, offset_seconds / 60 % 60);
    if (offset_seconds % 60) {
        *at++ = ':';
        at = two_digits(at, offset_seconds % 60);
    }
    return (size_t)(at - to);
}

/* A date and a time of day on a clock with this offset, and what stands between them. */
static size_t format_clock(char *to, int64_t time_ns, int offset_seconds, char between)
{
    sw_int128 local = (sw_int128)time_ns + (sw_int128)offset_seconds * SW_NS_PER_SECOND;
    int64_t days = (int64_t)(local / SW_NS_PER_DAY - (local % SW_NS_PER_DAY < 0));
    char *at = to + sw_format_date(to, days);
    *at++ = between;
    at += sw_format_time_of_day(at, (int64_t)(local - (sw_int128)days * SW_NS_PER_DAY));
    return (size_t)(at - to);
}

size_t sw_format_local(char *to, int64_t time_ns, int offset_seconds)
{
    return format_clock(to, time_ns, offset_seconds, ' ');
}

size_t sw_format_time(char *to, int64_t time_ns, int offset_seconds, bool zulu)
{
    char *at = to + format_clock(to, time_ns, offset_seconds, 'T');
    if (zulu) {
        *at++ = 'Z';
        return (size_t)(at - to);
    }
    return (size_t)(at - to) + sw_format_offset(at, offset_seconds);
}

const char *sw_time_unit(int64_t value)
{
    static const char *const units[] = {"seconds", "milliseconds", "microseconds"};
    int64_t factor = 1;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++, factor *= 1000)
        if (value >= 978307200 * factor && value <= 4133980800 * factor) return units[i];
    return NULL;
}
