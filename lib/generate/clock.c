/* SPDX-License-Identifier: ISC */
#include "generate/clock.h"

#include "base/bytes.h"
#include "base/civil.h"

#define LOCAL_OFFSET_NS (10 * SW_NS_PER_HOUR)
#define AT(hour, minute, second) (((hour)*60 + (minute)) * 60 + (second))

enum { FIRST_DATE = 19968 /* 2024-09-02, a Monday */ };

/* In order of time; shares are per mille and come to 1000. The evening is that of the weekday
 * before. */
static const struct segment {
    int start_s, end_s; /* local time of day */
    int share;
    enum sw_gen_phase phase;
} segments[] = {
    {AT(21, 20, 0), AT(21, 30, 0), 30, SW_GEN_EVENING},
    {AT(7, 0, 0), AT(9, 59, 50), 50, SW_GEN_PREPARING},
    {AT(10, 0, 0), AT(10, 0, 45), 80, SW_GEN_AUCTION},
    {AT(10, 0, 45), AT(10, 30, 0), 120, SW_GEN_CONTINUOUS},
    {AT(10, 30, 0), AT(12, 0, 0), 150, SW_GEN_CONTINUOUS},
    {AT(12, 0, 0), AT(14, 0, 0), 130, SW_GEN_CONTINUOUS},
    {AT(14, 0, 0), AT(15, 30, 0), 160, SW_GEN_CONTINUOUS},
    {AT(15, 30, 0), AT(16, 0, 0), 150, SW_GEN_CONTINUOUS},
    {AT(16, 0, 0), AT(16, 10, 0), 40, SW_GEN_PREPARING},
    {AT(16, 10, 0), AT(16, 12, 0), 90, SW_GEN_AUCTION},
};
enum { SEGMENTS = sizeof segments / sizeof *segments };

static int64_t rows_before_day(const struct sw_gen_clock *clock, int64_t day)
{
    return (int64_t)((sw_int128)clock->rows * day / clock->days);
}

static void enter_segment(struct sw_gen_clock *clock)
{
    const struct segment *segment = &segments[clock->segment];
    int64_t first = rows_before_day(clock, clock->day);
    int64_t rows = rows_before_day(clock, clock->day + 1) - first;
    int share = 0;
    for (int i = 0; i <= clock->segment; i++) share += segments[i].share;
    clock->last_row = first + (int64_t)((sw_int128)rows * share / 1000);
    clock->phase = segment->phase;
    clock->date = FIRST_DATE + clock->day / 5 * 7 + clock->day % 5;
    if (segment->phase == SW_GEN_EVENING) clock->date -= clock->day % 5 == 0 ? 3 : 1;
    int64_t midnight = clock->date * SW_NS_PER_DAY - LOCAL_OFFSET_NS;
    clock->now_ns = midnight + segment->start_s * SW_NS_PER_SECOND;
    clock->end_ns = midnight + segment->end_s * SW_NS_PER_SECOND;
}

void sw_gen_clock_start(struct sw_gen_clock *clock, int64_t rows, int64_t days)
{
    *clock = (struct sw_gen_clock){.rows = rows, .days = days};
    enter_segment(clock);
}

static bool next_segment(struct sw_gen_clock *clock, int64_t rows_done)
{
    bool entered = rows_done == 0;
    while (rows_done >= clock->last_row) {
        if (++clock->segment == SEGMENTS) {
            clock->segment = 0;
            clock->day++;
        }
        enter_segment(clock);
        entered = true;
    }
    return entered;
}

bool sw_gen_clock_advance(struct sw_gen_clock *clock, int64_t rows_done,
                          struct sw_gen_random *random)
{
    uint64_t rows = (uint64_t)(rows_done - clock->done);
    clock->done = rows_done;
    clock->before_ns = clock->now_ns;
    bool entered = next_segment(clock, rows_done);

    /* From nothing to twice the share that the rows just made have in what is left; at most half of
     * it, so that the end is never reached, and at least two nanoseconds, so that a quote fits
     * between two events. */
    uint64_t left_ns = (uint64_t)(clock->end_ns - clock->now_ns);
    uint64_t due = (uint64_t)(clock->last_row - rows_done) + rows;
    uint64_t mean_ns = left_ns / due * rows;
    uint64_t gap_ns = (uint64_t)(((sw_uint128)mean_ns * sw_gen_bits(random)) >> 63);
    if (gap_ns > left_ns / 2) gap_ns = left_ns / 2;
    clock->now_ns += (int64_t)(gap_ns < 2 ? 2 : gap_ns);
    return entered;
}
