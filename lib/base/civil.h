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

/* Why a text is no time. */
enum sw_time_outcome {
    SW_TIME_GOOD = 0,
    SW_TIME_MALFORMED,
    SW_TIME_TOO_FINE,  /* other digits than 0 after the ninth decimal of a second */
    SW_TIME_TOO_LARGE, /* does not fit 64 bits: before 1677-09-21 or after 2262-04-11 */
    SW_TIME_NO_OFFSET, /* a local time, of nobody knows where */
    SW_TIME_NO_CLOCK,  /* a date alone */
};

/* An ISO 8601 (RFC 3339) time with an offset: DATE, 'T', 't' or ' ', HH:MM[:SS[.fraction]], then Z, z, ±HH, ±HHMM, ±HH:MM or
 * ±HH:MM:SS. *time_ns is set only when good. */
enum sw_time_outcome sw_parse_time(const char *text, size_t length, int64_t *time_ns) SW_CHECKED;

/* Why it was refused, as the end of an error line ("not a time", "out of range (…)"). Static. */
const char *sw_time_reason(enum sw_time_outcome outcome);

/* HH:MM[:SS[.fraction]] as nanoseconds since midnight; 24:00 is allowed, decimals after the ninth
 * where they are 0. */
bool sw_parse_time_of_day(const char *text, size_t length, int64_t *ns) SW_CHECKED;

/* Write texts; each returns the length, without a NUL. Dates outside years 0000–9999 get a sign and all their digits. */
size_t sw_format_date(char *to, int64_t days);
/* HH:MM:SS and, where there is one, the fraction without trailing zeros. */
size_t sw_format_time_of_day(char *to, int64_t ns);
/* DATETHH:MM:SS[.fraction]±HH:MM; the offset in seconds, shown as Z when `zulu`. */
size_t sw_format_time(char *to, int64_t time_ns, int offset_seconds, bool zulu);
/* The same for eyes: "DATE HH:MM:SS[.fraction]", without the offset. */
size_t sw_format_local(char *to, int64_t time_ns, int offset_seconds);
/* ±HH:MM, with :SS where there are seconds. */
size_t sw_format_offset(char *to, int offset_seconds);
/* ±HH, ±HHMM, ±HH:MM, ±HH:MM:SS, less than 24 hours; false where it is none of them. */
bool sw_parse_offset(const char *text, size_t length, int *offset_seconds) SW_CHECKED;

/* A number of nanoseconds since 1970 that would lie in the years 2001 to 2100 if it counted "seconds", "milliseconds" or
 * "microseconds": which of these; else NULL. All of them lie from the least to the most. */
#define SW_TIME_UNIT_LEAST INT64_C(978307200)
#define SW_TIME_UNIT_MOST INT64_C(4133980800000000)
const char *sw_time_unit(int64_t value);

#endif
