/* SPDX-License-Identifier: ISC
 *
 * Dates, clocks and times in a form of their own, as strptime(3) writes it: "%d/%m/%Y %H:%M:%S.%f". Names of months are English. %f, which
 * strptime has not, is the digits of a fraction of the second that is being read, up to nine of them and then zeros only; numbers may
 * have fewer digits than they could, as with strptime, and a blank of the format stands for any number of them.
 *
 *     %Y %y %m %b %B %d %e %j     %H %I %p %M %S %f     %z (Z, ±HH, ±HHMM, ±HH:MM)     %s     %F %T %R %D %%
 */
#ifndef SW_SCHEMA_TIME_FORMAT_H
#define SW_SCHEMA_TIME_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "schema/time_memory.h"

/* What a text said. */
struct sw_time_parts {
    int64_t days;     /* since 1970-01-01 */
    int64_t clock_ns; /* since midnight; a whole day for 24:00 */
    int offset_seconds;
    bool has_offset;
    bool fine;       /* the fraction has more than nanoseconds */
    size_t clock_at; /* where the hour begins, if it is %H */
};

/* What texts of a format say. */
struct sw_time_format_kind {
    bool date, clock, offset;
};

/* Whether it is a format: SW_USAGE naming the directive that is none, or what is lacking of a date or of a clock. */
bool sw_time_format_check(const char *format, struct sw_time_format_kind *kind,
                          struct sw_error *error) SW_CHECKED;

/* How the clock of its texts is written, but for where; of shape NONE where that is not one of the common ways. */
struct sw_clock_layout sw_time_format_clock(const char *format);

/* Reads a text, all of it. False: it is not so written, or there is no such date or clock. */
bool sw_time_format_read(const char *format, const char *text, size_t length,
                         struct sw_time_parts *parts) SW_CHECKED;

#endif
