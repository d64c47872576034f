/* SPDX-License-Identifier: ISC */
#include "schema/time_format.h"

#include <string.h>

#include "base/civil.h"

enum { NANOSECOND_DIGITS = 9, NOT_SAID = -1 };

/* What was read so far. */
struct reading {
    const char *start, *at, *end;
    int year, month, day, day_of_year;
    int hour, minute, second, fraction_ns;
    int afternoon; /* of a clock of twelve hours */
    bool twelve, has_epoch;
    int64_t epoch_seconds;
    struct sw_time_parts *parts;
};

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* What stands after these directives in a format; NULL where they do not. The per cent sign is no sign of itself. */
static const char *behind(const char *format, const char *directives)
{
    const char *at = strstr(format, directives);
    return at && (at == format || at[-1] != '%') ? at + strlen(directives) : NULL;
}

struct sw_clock_layout sw_time_format_clock(const char *format)
{
    struct sw_clock_layout layout = {.shape = SW_CLOCK_COLONS};
    const char *end = behind(format, "%H:%M:%S");
    if (!end) end = behind(format, "%T");
    if (!end && (end = behind(format, "%H%M%S"))) layout.shape = SW_CLOCK_PACKED;
    if (!end) return (struct sw_clock_layout){.shape = SW_CLOCK_NONE};
    bool point = *end && *end != '%' && !is_blank(*end);
    bool fraction = strncmp(end + point, "%f", 2) == 0;
    if (fraction) layout.fraction = SW_FRACTION_ALWAYS;
    if (fraction && point) layout.points[0] = layout.points[1] = *end;
    return layout;
}

/* Directives that stand for others. */
static const char *expansion(char letter)
{
    switch (letter) {
    case 'F':
        return "%Y-%m-%d";
    case 'T':
        return "%H:%M:%S";
    case 'R':
        return "%H:%M";
    case 'D':
        return "%m/%d/%y";
    default:
        return NULL;
    }
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* From one digit to `most` of them. */
static bool number(struct reading *reading, int most, int low, int high, int *value)
{
    const char *start = reading->at;
    int sum = 0;
    for (; reading->at < reading->end && is_digit(*reading->at) && reading->at - start < most;
         reading->at++)
        sum = 10 * sum + (*reading->at - '0');
    *value = sum;
    return reading->at > start && sum >= low && sum <= high;
}

static bool fraction(struct reading *reading)
{
    const char *start = reading->at;
    int unit = (int)SW_NS_PER_SECOND / 10;
    reading->fraction_ns = 0;
    for (; reading->at < reading->end && is_digit(*reading->at); reading->at++, unit /= 10) {
        if (unit == 0 && *reading->at != '0') reading->parts->fine = true;
        reading->fraction_ns += (*reading->at - '0') * unit;
    }
    return reading->at > start;
}

static bool same_letters(const char *text, const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((text[i] | 0x20) != (name[i] | 0x20)) return false;
    return true;
}

/* A whole name or its first three letters. */
static bool month_name(struct reading *reading)
{
    size_t left = (size_t)(reading->end - reading->at);
    for (int i = 0; i < 12; i++) {
        size_t whole = strlen(months[i]);
        size_t length = left >= whole && same_letters(reading->at, months[i], whole) ? whole : 3;
        if (left < length || !same_letters(reading->at, months[i], length)) continue;
        reading->month = i + 1;
        reading->at += length;
        return true;
    }
    return false;
}

static bool half_of_day(struct reading *reading)
{
    if (reading->end - reading->at < 2) return false;
    reading->afternoon = same_letters(reading->at, "pm", 2);
    bool good = reading->afternoon || same_letters(reading->at, "am", 2);
    reading->at += 2;
    return good;
}

static bool offset(struct reading *reading)
{
    struct sw_time_parts *parts = reading->parts;
    size_t left = (size_t)(reading->end - reading->at), length = left > 0;
    parts->has_offset = true;
    if (left == 0) return false;
    if (*reading->at == 'Z' || *reading->at == 'z') {
        reading->at++;
        return true;
    }
    while (length < left && (is_digit(reading->at[length]) || reading->at[length] == ':')) length++;
    bool good = sw_parse_offset(reading->at, length, &parts->offset_seconds);
    reading->at += length;
    return good;
}

static bool epoch(struct reading *reading)
{
    const char *start = reading->at;
    reading->has_epoch = reading->parts->has_offset = true;
    for (; reading->at < reading->end && is_digit(*reading->at) && reading->at - start < 12;
         reading->at++)
        reading->epoch_seconds = 10 * reading->epoch_seconds + (*reading->at - '0');
    return reading->at > start;
}

static bool two_digits_of_year(struct reading *reading)
{
    if (!number(reading, 2, 0, 99, &reading->year)) return false;
    reading->year += reading->year < 69 ? 2000 : 1900;
    return true;
}

static bool padded_day(struct reading *reading)
{
    while (reading->at < reading->end && is_blank(*reading->at)) reading->at++;
    return number(reading, 2, 1, 31, &reading->day);
}

static bool directive(struct reading *reading, char letter)
{
    switch (letter) {
    case 'Y':
        return number(reading, 4, 0, 9999, &reading->year);
    case 'y':
        return two_digits_of_year(reading);
    case 'm':
        return number(reading, 2, 1, 12, &reading->month);
    case 'b':
    case 'h':
    case 'B':
        return month_name(reading);
    case 'e':
        return padded_day(reading);
    case 'd':
        return number(reading, 2, 1, 31, &reading->day);
    case 'j':
        return number(reading, 3, 1, 366, &reading->day_of_year);
    case 'H':
        reading->parts->clock_at = (size_t)(reading->at - reading->start);
        return number(reading, 2, 0, 24, &reading->hour);
    case 'I':
        reading->twelve = true;
        return number(reading, 2, 1, 12, &reading->hour);
    case 'p':
        return half_of_day(reading);
    case 'M':
        return number(reading, 2, 0, 59, &reading->minute);
    case 'S':
        return number(reading, 2, 0, 59, &reading->second);
    case 'f':
        return fraction(reading);
    case 'z':
        return offset(reading);
    case 's':
        return epoch(reading);
    default:
        return false;
    }
}

/* Reads what the format says from where the text stands. */
static bool follow(struct reading *reading, const char *format)
{
    for (; *format; format++) {
        if (is_blank(*format)) {
            while (reading->at < reading->end && is_blank(*reading->at)) reading->at++;
            continue;
        }
        bool literal = *format != '%' || *++format == '%';
        if (!literal) {
            const char *others = expansion(*format);
            if (others ? follow(reading, others) : directive(reading, *format)) continue;
            return false;
        }
        if (reading->at == reading->end || *reading->at++ != *format) return false;
    }
    return true;
}

static bool date_of(struct reading *reading)
{
    int64_t year, first = sw_days_from_civil(reading->year, 1, 1);
    int month, day;
    if (reading->day_of_year) {
        reading->parts->days = first + reading->day_of_year - 1;
        return reading->parts->days < sw_days_from_civil(reading->year + 1, 1, 1);
    }
    reading->parts->days = sw_days_from_civil(reading->year, reading->month, reading->day);
    sw_civil_from_days(reading->parts->days, &year, &month, &day);
    return month == reading->month && day == reading->day;
}

static bool clock_of(struct reading *reading)
{
    int hour = reading->twelve ? reading->hour % 12 + 12 * reading->afternoon : reading->hour;
    int64_t second = (hour * 60 + reading->minute) * INT64_C(60) + reading->second;
    reading->parts->clock_ns = second * SW_NS_PER_SECOND + reading->fraction_ns;
    return reading->parts->clock_ns <= SW_NS_PER_DAY;
}

bool sw_time_format_read(const char *format, const char *text, size_t length,
                         struct sw_time_parts *parts)
{
    struct reading reading = {.start = text,
                              .at = text,
                              .end = text + length,
                              .year = 1970,
                              .month = 1,
                              .day = 1,
                              .parts = parts};
    *parts = (struct sw_time_parts){0};
    if (!follow(&reading, format) || reading.at != reading.end) return false;
    if (!reading.has_epoch) return date_of(&reading) && clock_of(&reading);
    parts->days = sw_floor_divide(reading.epoch_seconds, 86400);
    parts->clock_ns =
        (reading.epoch_seconds - parts->days * 86400) * SW_NS_PER_SECOND + reading.fraction_ns;
    return true;
}

/* ---- what a format is ---- */

/* Which directives there are in it; a bit a letter, capitals first. */
struct letters {
    bool has[128];
};

static bool collect(const char *format, struct letters *letters, struct sw_error *error)
{
    for (; *format; format++) {
        if (*format != '%') continue;
        const char *others = *++format ? expansion(*format) : NULL;
        if (others && !collect(others, letters, error)) return false;
        if (others || *format == '%') continue;
        if (!*format || !strchr("YymbhBedjHIpMSfzs", *format))
            return sw_fail(error, SW_USAGE, "no directive of a time: '%%%.1s'", format);
        if (letters->has[(unsigned char)*format])
            return sw_fail(error, SW_USAGE, "stands twice: '%%%c'", *format);
        letters->has[(unsigned char)*format] = true;
    }
    return true;
}

static bool any(const struct letters *letters, const char *of)
{
    for (; *of; of++)
        if (letters->has[(unsigned char)*of]) return true;
    return false;
}

/* Of a date or a clock either all that tells it is there or nothing. */
bool sw_time_format_check(const char *format, struct sw_time_format_kind *kind,
                          struct sw_error *error)
{
    struct letters letters = {{false}};
    if (!collect(format, &letters, error)) return false;
    bool epoch = any(&letters, "s"),
         day = any(&letters, "j") || (any(&letters, "mbhB") && any(&letters, "de"));
    bool hour = any(&letters, "H") || (any(&letters, "I") && any(&letters, "p"));
    *kind = (struct sw_time_format_kind){.date = epoch || (any(&letters, "Yy") && day),
                                         .clock = epoch || hour,
                                         .offset = epoch || any(&letters, "z")};
    if (!kind->date && any(&letters, "YymbhBdej"))
        return sw_fail(error, SW_USAGE, "a date needs year, month and day");
    if (!kind->clock && any(&letters, "IpMSf"))
        return sw_fail(error, SW_USAGE, "a clock needs %%H, or %%I and %%p");
    if (epoch && any(&letters, "YymbhBdejHIpMSz"))
        return sw_fail(error, SW_USAGE, "%%s is a date and a clock already");
    if (letters.has['f'] && !letters.has['S'] && !epoch)
        return sw_fail(error, SW_USAGE, "%%f is of a second: there is no %%S");
    return true;
}
