/* SPDX-License-Identifier: ISC
 *
 * Amounts for people: durations, counts with separators, shares, and what is left of a piece of
 * work by what was done of it. Times are microseconds.
 */
#ifndef SW_MONITOR_AMOUNT_H
#define SW_MONITOR_AMOUNT_H

#include "base/bytes.h"

#define SW_US_PER_SECOND INT64_C(1000000)

enum {
    SW_AMOUNT_LENGTH = 32,     /* bytes that hold any text made here */
    SW_DECIMALS_OF_SECONDS = 6 /* of a time in microseconds, as a decimal of seconds */
};

/* The time of day, and a clock that is never set; both in microseconds. */
int64_t sw_now_us(void);
int64_t sw_clock_us(void);

/* "0:01:23", rounded down; "-:--:--" for what is not known (negative). Returns `to`. */
const char *sw_format_duration(char to[SW_AMOUNT_LENGTH], int64_t us);

/* "12,345,678". Returns `to`. */
const char *sw_format_count(char to[SW_AMOUNT_LENGTH], uint64_t count);

/* part ÷ whole in tenths of a percent, rounded down and 1000 at most; 0 for a whole of 0. */
unsigned sw_permille(uint64_t part, uint64_t whole);

/* "37.5%". Returns `to`. */
const char *sw_format_permille(char to[SW_AMOUNT_LENGTH], unsigned permille);

/* amount a second; 0 where no time has passed. */
uint64_t sw_per_second(uint64_t amount, int64_t us);

/* The time that the rest of `total` takes where `done` took elapsed_us: elapsed × (total - done) ÷
 * done; -1 where nothing was done yet, 0 where all was. */
int64_t sw_time_left(uint64_t done, uint64_t total, int64_t elapsed_us);

#endif
