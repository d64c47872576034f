/* SPDX-License-Identifier: ISC
 *
 * When continuous trading of each security and date is open, from the changes of its session (table
 * `sessions`), which are sorted by security_code and timestamp; each holds until the next of its
 * security. Held whole, some 60 bytes for each security and date.
 *
 *     if (!sw_trading_hours_open(&hours, path, "OPEN", &zone, error)) …
 *     const struct sw_session_hours *open = sw_trading_hours_find(&hours, security, row, date);
 *     sw_trading_hours_free(&hours);
 */
#ifndef SW_TCA_TRADING_HOURS_H
#define SW_TCA_TRADING_HOURS_H

#include "base/zone.h"
#include "record/vector.h"

/* From the first opening of a date to the last close after it. */
struct sw_session_hours {
    int64_t date;                /* local, of the opening, days since 1970-01-01 */
    int64_t opens_ns, closes_ns; /* where no close follows: the last time there is */
    char *security;              /* as text */
};

struct sw_trading_hours {
    struct sw_session_hours *rows; /* by security, date */
    size_t count, capacity;
};

/* Reads a record stream to its end. open: the names of sessions that are open, between commas; NULL:
 * OPEN. SW_DATA: a column is missing or not of its type, a change without security or time, not sorted;
 * SW_SYSTEM: memory. Zero-initialize before, free in any case. */
bool sw_trading_hours_open(struct sw_trading_hours *hours, const char *path, const char *open,
                           struct sw_zone *zone, struct sw_error *error) SW_CHECKED;

/* Those of a security, which is a vector's value, on a date; NULL: there are none. */
const struct sw_session_hours *sw_trading_hours_find(const struct sw_trading_hours *hours,
                                                     const struct sw_vector *security, size_t row,
                                                     int64_t date);

void sw_trading_hours_free(struct sw_trading_hours *hours);

#endif
