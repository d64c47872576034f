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

/* .DIGITS behind the seconds, as nanoseconds. */
static bool fraction_at(const char **at, const char *end, int64_t *ns)
{
    int64_t unit = SW_NS_PER_SECOND / 10;
    if (!literal(at, end, '.')) return true;
    const char *start = *at;
    for (; *at < end && **at >= '0' && **at <= '9'; ++*at, unit /= 10) {
        if (unit == 0) return false;
        *ns += (**at - '0') * unit;
    }
    return *at > start;
}

static bool time_of_day_at(const char **at, const char *end, int64_t *ns)
{
    int hour, minute, second = 0;
    if (!digits(at, end, 2, &hour) || !literal(at, end, ':') || !digits(at, end, 2, &minute))
        return false;
    bool seconds = literal(at, end, ':');
    if (seconds && !digits(at, end, 2, &second)) return false;
    if (hour > 24 || minute > 59 || second > 59) return false;
    *ns = ((hour * 60 + minute) * 60 + second) * SW_NS_PER_SECOND;
    return (!seconds || fraction_at(at, end, ns)) && *ns <= SW_NS_PER_DAY;
}

bool sw_parse_date(const char *text, size_t length, int64_t *days)
{
    const char *end = text + length;
    return date_at(&text, end, days) && text == end;
}

bool sw_parse_time_of_day(const char *text, size_t length, int64_t *ns)
{
    const char *end = text + length;
    return time_of_day_at(&text, end, ns) && text == end;
}

bool sw_parse_offset(const char *text, size_t length, int *offset_seconds)
{
    const char *end = text + length;
    int hours, minutes = 0;
    if (text == end || (*text != '+' && *text != '-')) return false;
    int sign = *text++ == '-' ? -1 : 1;
    if (!digits(&text, end, 2, &hours)) return false;
    if (text < end) {
        if (*text == ':') text++;
        if (!digits(&text, end, 2, &minutes)) return false;
    }
    if (text != end || hours > 24 || minutes > 59 || (hours == 24 && minutes)) return false;
    *offset_seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool sw_parse_time(const char *text, size_t length, int64_t *time_ns)
{
    const char *end = text + length;
    int64_t days, ns;
    int offset = 0;
    if (!date_at(&text, end, &days)) return false;
    if (!literal(&text, end, 'T') && !literal(&text, end, ' ')) return false;
    if (!time_of_day_at(&text, end, &ns)) return false;
    bool zulu = literal(&text, end, 'Z') && text == end;
    if (!zulu && !sw_parse_offset(text, (size_t)(end - text), &offset)) return false;
    sw_int128 sum = (sw_int128)days * SW_NS_PER_DAY + ns - (sw_int128)offset * SW_NS_PER_SECOND;
    *time_ns = (int64_t)sum;
    return sum == *time_ns;
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

size_t sw_format_time(char *to, int64_t time_ns, int offset_seconds, bool zulu)
{
    sw_int128 local = (sw_int128)time_ns + (sw_int128)offset_seconds * SW_NS_PER_SECOND;
    int64_t days = (int64_t)(local / SW_NS_PER_DAY - (local % SW_NS_PER_DAY < 0));
    char *at = to + sw_format_date(to, days);
    *at++ = 'T';
    at += sw_format_time_of_day(at, (int64_t)(local - (sw_int128)days * SW_NS_PER_DAY));
    if (zulu) {
        *at++ = 'Z';
        return (size_t)(at - to);
    }
    return (size_t)(at - to) + sw_format_offset(at, offset_seconds);
}
