/* SPDX-License-Identifier: ISC
 *
 * Calendar arithmetic in the proleptic Gregorian calendar, without a time zone (base/zone.h has those): dates as days
 * since 1970-01-01, times as nanoseconds since 1970-01-01T00:00:00Z, and their ISO 8601 texts.
 */
#ifndef SW_BASE_CIVIL_H
#define SW_BASE_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define SW_NS_PER_SECOND INT64_C(1000000000)
#define SW_NS_PER_HOUR (3600 * SW_NS_PER_SECOND)
#define SW_NS_PER_DAY (24 * SW_NS_PER_HOUR)

enum { SW_CIVIL_LENGTH = 48 }; /* bytes that hold any text made here */

/* value ÷ divisor, rounded down; the divisor is positive. */
static inline int64_t sw_floor_divide(int64_t value, int64_t divisor)
{
    return value / divisor - (value % divisor < 0);
}

/* Days since 1970-01-01 of a year, month (1–12) and day (1–31), and back. */
int64_t sw_days_from_civil(int64_t year, int month, int day);
void sw_civil_from_days(int64_t days, int64_t *year, int *month, int *day);

/* YYYY-MM-DD (years 0000 to 9999), a day that exists; anything else is false. */
bool sw_parse_date(const char *text, size_t length, int64_t *days) SW_CHECKED;

/* An ISO 8601 time with an offset: DATE, 'T' or ' ', HH:MM[:SS[.fraction of at most 9 digits]], then Z, ±HH, ±HHMM or ±HH:MM.
 * False where it is not one or does not fit 64 bits. */
bool sw_parse_time(const char *text, size_t length, int64_t *time_ns) SW_CHECKED;

/* HH:MM[:SS[.fraction]] as nanoseconds since midnight; 24:00 is allowed. */
bool sw_parse_time_of_day(const char *text, size_t length, int64_t *ns) SW_CHECKED;

/* Write texts; each returns the length, without a NUL. Dates outside years 0000–9999 get a sign and all their digits. */
size_t sw_format_date(char *to, int64_t days);
/* HH:MM:SS and, where there is one, the fraction without trailing zeros. */
size_t sw_format_time_of_day(char *to, int64_t ns);
/* DATETHH:MM:SS[.fraction]±HH:MM; the offset in seconds, shown as Z when `zulu`. */
size_t sw_format_time(char *to, int64_t time_ns, int offset_seconds, bool zulu);
/* ±HH:MM, with :SS where there are seconds. */
size_t sw_format_offset(char *to, int offset_seconds);
/* ±HH, ±HHMM, ±HH:MM, at most 24 hours; false where it is none of them. */
bool sw_parse_offset(const char *text, size_t length, int *offset_seconds) SW_CHECKED;

#endif
