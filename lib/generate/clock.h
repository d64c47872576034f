/* SPDX-License-Identifier: ISC
 *
 * The time of made-up events, Sydney's. A day is cut into segments (the evening before, before the
 * open, the opening auction, …, the end of the day). Most have a share of the day's rows; from the
 * rows still due and the time still left in one follows the next moment. The others have a list of
 * what is to be done, and are over when it is. Hence the number of rows is exact, time only goes
 * forward, and nothing is remembered.
 */
#ifndef SW_GENERATE_CLOCK_H
#define SW_GENERATE_CLOCK_H

#include "generate/random.h"

enum sw_gen_phase {
    SW_GEN_EVENING,    /* orders of earlier days come back: a list */
    SW_GEN_PREPARING,  /* entered, changed and cancelled; no trades, prices may cross */
    SW_GEN_AUCTION,    /* what crosses is matched at one price: a list of securities */
    SW_GEN_CONTINUOUS, /* trades as they come */
    SW_GEN_AFTER,      /* trades at the closing price */
    SW_GEN_PURGE,      /* orders of the day are taken off the book: a list */
};

struct sw_gen_clock {
    int64_t rows, days;        /* of the whole run */
    int64_t day;               /* 0 is 2024-09-02; weekdays only */
    int segment;               /* of the day */
    enum sw_gen_phase phase;   /* of the segment */
    int64_t last_row, end_ns;  /* where the segment ends */
    int64_t now_ns, before_ns; /* this event's time and that of the one before */
    int64_t date;              /* local date of the segment, days since 1970 */
};

/* Sets the clock before the first event of `rows` over `days` weekdays. */
void sw_gen_clock_start(struct sw_gen_clock *clock, int64_t rows, int64_t days);

/* Goes to the start of the next segment, of the next day after the last one. */
void sw_gen_clock_next(struct sw_gen_clock *clock);

/* Goes to the time of the next event, later than the last one: `made` rows, or things done, are
 * after us since the last call, `due` are still before the segment's end. */
void sw_gen_clock_advance(struct sw_gen_clock *clock, int64_t made, int64_t due,
                          struct sw_gen_random *random);

/* The date of a day (days since 1970), and when it begins there, at midnight. */
int64_t sw_gen_clock_date(int64_t day);
int64_t sw_gen_clock_midnight_ns(int64_t date);

/* Rows that the evening of a day has at most. */
int64_t sw_gen_clock_evening_rows(const struct sw_gen_clock *clock);

#endif
