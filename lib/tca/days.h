/* SPDX-License-Identifier: ISC
 *
 * What a security's trading days are bounded by: the first quote of each, and the end of its
 * continuous trading. One entry a security and local date that comes by, some 120 bytes; in the order
 * of securities and dates. An entry's number is its place.
 */
#ifndef SW_TCA_DAYS_H
#define SW_TCA_DAYS_H

#include "base/zone.h"
#include "tca/measures.h"
#include "tca/trading_hours.h"

struct sw_day {
    uint64_t security; /* its number, from 0 */
    int64_t date;
    bool bounded; /* a session file says when it is open: */
    int64_t opens_ns, closes_ns;
    bool ended; /* else: there was continuous trading, the last at */
    int64_t ended_ns;
    bool quoted; /* there was an uncrossed quote in the session; the first of them: */
    int64_t quoted_ns;
    sw_int128 mid;                           /* doubled */
    sw_int128 market_quantity, market_value; /* of the market's trades of this security before it */
};

struct sw_days {
    struct sw_zone *zone;                 /* not owned */
    const struct sw_trading_hours *hours; /* not owned */
    struct sw_day *days;
    size_t count, capacity;
};

/* The local date of a time. */
int64_t sw_days_date(const struct sw_days *days, int64_t time_ns);

/* The entry of a security (number, and value in a vector) and a date, which comes at or behind the last
 * one: a new one where it is not that. NULL with SW_SYSTEM: memory. */
struct sw_day *sw_days_reach(struct sw_days *days, uint64_t number,
                             const struct sw_vector *security, size_t row, int64_t date,
                             struct sw_error *error) SW_CHECKED;

/* The entry of a date among those of the security whose first one has this number; NULL: there is
 * none. */
const struct sw_day *sw_days_find(const struct sw_days *days, size_t first, int64_t date);

/* Whether continuous trading has an end that is known, and that end. */
bool sw_day_end(const struct sw_day *day, int64_t *end_ns);

void sw_days_free(struct sw_days *days);

#endif
