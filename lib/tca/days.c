/* SPDX-License-Identifier: ISC */
#include "tca/days.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/memory.h"

int64_t sw_days_date(const struct sw_days *days, int64_t time_ns)
{
    int64_t second = sw_floor_divide(time_ns, SW_NS_PER_SECOND);
    return sw_floor_divide(second + sw_zone_offset(days->zone, time_ns), 24 * 60 * 60);
}

struct sw_day *sw_days_reach(struct sw_days *days, uint64_t number,
                             const struct sw_vector *security, size_t row, int64_t date,
                             struct sw_error *error)
{
    if (days->count > 0) {
        struct sw_day *last = &days->days[days->count - 1];
        if (last->security == number && last->date == date) return last;
    }
    if (!sw_grow(&days->days, &days->capacity, days->count + 1, sizeof *days->days, error))
        return NULL;
    struct sw_day *day = &days->days[days->count++];
    *day = (struct sw_day){.security = number, .date = date};
    const struct sw_session_hours *session =
        sw_trading_hours_find(days->hours, security, row, date);
    if (session) {
        day->bounded = true;
        day->opens_ns = session->opens_ns;
        day->closes_ns = session->closes_ns;
    }
    return day;
}

const struct sw_day *sw_days_find(const struct sw_days *days, size_t first, int64_t date)
{
    size_t low = first, high = days->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct sw_day *day = &days->days[middle];
        bool before = day->security == days->days[first].security && day->date < date;
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == days->count || days->days[low].date != date) return NULL;
    return days->days[low].security == days->days[first].security ? &days->days[low] : NULL;
}

bool sw_day_end(const struct sw_day *day, int64_t *end_ns)
{
    *end_ns = day->bounded ? day->closes_ns : day->ended_ns;
    return day->bounded || day->ended;
}

void sw_days_free(struct sw_days *days)
{
    free(days->days);
    *days = (struct sw_days){0};
}
