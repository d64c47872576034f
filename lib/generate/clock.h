/* SPDX-License-Identifier: ISC
 *
 * The time of made-up events. A day is cut into segments (the evening before, before the open, the
 * opening burst, …, the closing burst), and each has its share of the day's rows; from the rows
 * still due and the time still left in a segment follows the next moment. Hence the number of rows
 * is exact, time only goes forward, and nothing is remembered.
 */
#ifndef SW_GENERATE_CLOCK_H
#define SW_GENERATE_CLOCK_H

#include "generate/random.h"

enum sw_gen_phase {
    SW_GEN_EVENING,    /* orders are entered for the next day */
    SW_GEN_PREPARING,  /* entered, changed and cancelled; no trades, prices may cross */
    SW_GEN_AUCTION,    /* what crosses is matched at one price */
    SW_GEN_CONTINUOUS, /* trades as they come */
};

struct sw_gen_clock {
    int64_t rows, days;        /* of the whole run */
    int64_t day;               /* 0 is 2024-09-02; weekdays only */
    int segment;               /* of the day */
    enum sw_gen_phase phase;   /* of the segment */
    int64_t last_row, end_ns;  /* where the segment ends */
    int64_t now_ns, before_ns; /* this event's time and that of the one before */
    int64_t date;              /* local date of the segment, days since 1970 */
    int64_t done;              /* rows at the last call */
};

/* Sets the clock before the first event of `rows` over `days` weekdays. */
void sw_gen_clock_start(struct sw_gen_clock *clock, int64_t rows, int64_t days);

/* Goes to the time of the next event, later than the last one; rows_done < rows are behind us. True
 * when a segment has begun (date, day and phase may be new). */
bool sw_gen_clock_advance(struct sw_gen_clock *clock, int64_t rows_done,
                          struct sw_gen_random *random);

#endif
