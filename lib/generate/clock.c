/* SPDX-License-Identifier: ISC */
#include "generate/clock.h"

#include "base/bytes.h"
#include "base/civil.h"

#define STANDARD_OFFSET_NS (10 * SW_NS_PER_HOUR)
#define SUMMER_OFFSET_NS (11 * SW_NS_PER_HOUR)
#define AT(hour, minute, second) (((hour)*60 + (minute)) * 60 + (second))

enum { FIRST_DATE = 19968 /* 2024-09-02, a Monday */, EVENING_SHARE = 30 };

/* In order of time; shares are per mille and come to 1000. The evening is that of the weekday
 * before. Hours have the shares that they have in the real day (man/sw-gen.1.in has the table). */
static const struct segment {
    int start_s, end_s; /* local time of day */
    int share;
    enum sw_gen_phase phase;
} segments[] = {
    {AT(21, 22, 21), AT(21, 22, 25), EVENING_SHARE, SW_GEN_EVENING},
    {AT(7, 0, 0), AT(9, 59, 50), 135, SW_GEN_PREPARING},
    {AT(10, 0, 0), AT(10, 0, 45), 0, SW_GEN_AUCTION},
    {AT(10, 0, 45), AT(11, 0, 0), 109, SW_GEN_CONTINUOUS},
    {AT(11, 0, 0), AT(12, 0, 0), 114, SW_GEN_CONTINUOUS},
    {AT(12, 0, 0), AT(13, 0, 0), 112, SW_GEN_CONTINUOUS},
    {AT(13, 0, 0), AT(14, 0, 0), 103, SW_GEN_CONTINUOUS},
    {AT(14, 0, 0), AT(15, 0, 0), 93, SW_GEN_CONTINUOUS},
    {AT(15, 0, 0), AT(15, 30, 0), 84, SW_GEN_CONTINUOUS},
    {AT(15, 30, 0), AT(16, 0, 0), 110, SW_GEN_CONTINUOUS},
    {AT(16, 0, 0), AT(16, 10, 0), 90, SW_GEN_PREPARING},
    {AT(16, 10, 0), AT(16, 11, 0), 0, SW_GEN_AUCTION},
    {AT(16, 11, 0), AT(16, 12, 0), 20, SW_GEN_AFTER},
    {AT(18, 50, 0), AT(18, 51, 0), 0, SW_GEN_PURGE},
};
enum { SEGMENTS = sizeof segments / sizeof *segments };

/* Sydney is an hour ahead from the first Sunday of October to the first Sunday of April. The change
 * is in the night: a weekday has one offset. */
static int64_t local_offset_ns(int64_t date)
{
    int64_t year;
    int month, day;
    sw_civil_from_days(date, &year, &month, &day);
    if (month > 4 && month < 10) return STANDARD_OFFSET_NS;
    if (month < 4 || month > 10) return SUMMER_OFFSET_NS;
    int64_t first = date - (day - 1);
    int64_t sunday = first + (10 - first % 7) % 7; /* day 3 of 1970 was one */
    return (month == 4) == (date < sunday) ? SUMMER_OFFSET_NS : STANDARD_OFFSET_NS;
}

int64_t sw_gen_clock_date(int64_t day)
{
    return FIRST_DATE + day / 5 * 7 + day % 5;
}

int64_t sw_gen_clock_midnight_ns(int64_t date)
{
    return date * SW_NS_PER_DAY - local_offset_ns(date);
}

static int64_t rows_before_day(const struct sw_gen_clock *clock, int64_t day)
{
    return (int64_t)((sw_int128)clock->rows * day / clock->days);
}

static int64_t rows_of_day(const struct sw_gen_clock *clock)
{
    return rows_before_day(clock, clock->day + 1) - rows_before_day(clock, clock->day);
}

static void enter_segment(struct sw_gen_clock *clock)
{
    const struct segment *segment = &segments[clock->segment];
    int share = 0;
    for (int i = 0; i <= clock->segment; i++) share += segments[i].share;
    clock->last_row = rows_before_day(clock, clock->day) +
                      (int64_t)((sw_int128)rows_of_day(clock) * share / 1000);
    clock->phase = segment->phase;
    clock->date = sw_gen_clock_date(clock->day);
    if (segment->phase == SW_GEN_EVENING) clock->date -= clock->day % 5 == 0 ? 3 : 1;
    int64_t midnight = sw_gen_clock_midnight_ns(clock->date);
    clock->now_ns = midnight + segment->start_s * SW_NS_PER_SECOND;
    clock->end_ns = midnight + segment->end_s * SW_NS_PER_SECOND;
}

void sw_gen_clock_start(struct sw_gen_clock *clock, int64_t rows, int64_t days)
{
    *clock = (struct sw_gen_clock){.rows = rows, .days = days};
    enter_segment(clock);
}

void sw_gen_clock_next(struct sw_gen_clock *clock)
{
    if (++clock->segment == SEGMENTS) {
        clock->segment = 0;
        clock->day++;
    }
    enter_segment(clock);
}

int64_t sw_gen_clock_evening_rows(const struct sw_gen_clock *clock)
{
    return (int64_t)((sw_int128)rows_of_day(clock) * EVENING_SHARE / 1000);
}

/* From nothing to twice the share that what was just made has in what is left; at most half of it,
 * so that the end is never reached, and at least two nanoseconds, so that a quote fits between two
 * events. */
void sw_gen_clock_advance(struct sw_gen_clock *clock, int64_t made, int64_t due,
                          struct sw_gen_random *random)
{
    clock->before_ns = clock->now_ns;
    uint64_t left_ns =
        clock->end_ns > clock->now_ns ? (uint64_t)(clock->end_ns - clock->now_ns) : 0;
    uint64_t mean_ns = left_ns / (uint64_t)(due + made) * (uint64_t)made;
    uint64_t gap_ns = (uint64_t)(((sw_uint128)mean_ns * sw_gen_bits(random)) >> 63);
    if (gap_ns > left_ns / 2) gap_ns = left_ns / 2;
    clock->now_ns += (int64_t)(gap_ns < 4 ? 4 : gap_ns);
}
