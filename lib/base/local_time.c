/* SPDX-License-Identifier: ISC */
#include "base/local_time.h"

#include "base/civil.h"

void sw_local_begin(struct sw_local_zone *local, const char *name)
{
    *local = (struct sw_local_zone){.name = name ? name : "UTC", .low_ns = 1};
}

static bool is_open(struct sw_local_zone *local)
{
    struct sw_error ignored = {0};
    if (!local->open) local->open = sw_zone_open(&local->zone, local->name, &ignored);
    return local->open;
}

static int64_t offset_ns(struct sw_local_zone *local, int64_t time_ns)
{
    return sw_zone_offset(&local->zone, time_ns) * SW_NS_PER_SECOND;
}

static int64_t clamp(sw_int128 value)
{
    if (value < INT64_MIN) return INT64_MIN;
    return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

/* Looks at the day before and the day after, in which an instant lies whatever its offset is; a clock changes at most once in them. */
static void look_around(struct sw_local_zone *local, sw_int128 shown_ns)
{
    const struct sw_zone *zone = &local->zone;
    int64_t from = clamp(shown_ns - SW_NS_PER_DAY), to = clamp(shown_ns + SW_NS_PER_DAY);
    local->before_ns = local->after_ns = offset_ns(local, from);
    local->low_ns = clamp((sw_int128)zone->segment_start_ns + SW_NS_PER_DAY);
    local->change_ns = INT64_MAX;
    while (zone->segment_end_ns < to) {
        int64_t next = zone->segment_end_ns + 1;
        local->after_ns = offset_ns(local, next);
        if (local->after_ns == local->before_ns) continue;
        local->change_ns = next;
        break;
    }
    local->high_ns = clamp((sw_int128)zone->segment_end_ns - SW_NS_PER_DAY);
    if (local->low_ns > clamp(shown_ns)) local->low_ns = clamp(shown_ns);
    if (local->high_ns < clamp(shown_ns)) local->high_ns = clamp(shown_ns);
}

static enum sw_local_outcome instant(sw_int128 time, enum sw_local_outcome outcome,
                                     int64_t *time_ns)
{
    if (time < INT64_MIN || time > INT64_MAX) return SW_LOCAL_TOO_LARGE;
    *time_ns = (int64_t)time;
    return outcome;
}

enum sw_local_outcome sw_local_find(struct sw_local_zone *local, sw_int128 shown_ns,
                                    int64_t *time_ns)
{
    if (shown_ns < local->low_ns || shown_ns > local->high_ns) {
        if (!is_open(local)) return SW_LOCAL_NO_ZONE;
        look_around(local, shown_ns);
    }
    sw_int128 first = shown_ns - local->before_ns, second = shown_ns - local->after_ns;
    if (local->before_ns == local->after_ns) return instant(first, SW_LOCAL_GOOD, time_ns);
    bool before = first < local->change_ns, after = second >= local->change_ns;
    if (before) return instant(first, after ? SW_LOCAL_TWICE : SW_LOCAL_GOOD, time_ns);
    return after ? instant(second, SW_LOCAL_GOOD, time_ns) : SW_LOCAL_SKIPPED;
}

static bool is_first_of_two(struct sw_local_zone *local, int64_t time_ns)
{
    int64_t found;
    sw_int128 shown = (sw_int128)time_ns + offset_ns(local, time_ns);
    return sw_local_find(local, shown, &found) == SW_LOCAL_TWICE && found == time_ns;
}

/* The first of the instants from `from` on that may lie near a change of the clock. */
static size_t step_over_known(const struct sw_local_zone *local, const int64_t *times_ns,
                              size_t from, size_t count)
{
    struct sw_local_range known = sw_local_known(local);
    int64_t low = clamp((sw_int128)known.low_ns - known.offset_ns);
    int64_t high = clamp((sw_int128)known.high_ns - known.offset_ns);
    while (from < count && times_ns[from] >= low && times_ns[from] <= high) from++;
    return from;
}

uint64_t sw_local_count_twice(struct sw_local_zone *local, const int64_t *times_ns, size_t count)
{
    uint64_t twice = 0;
    if (!is_open(local)) return 0;
    for (size_t i = step_over_known(local, times_ns, 0, count); i < count;
         i = step_over_known(local, times_ns, i + 1, count))
        twice += is_first_of_two(local, times_ns[i]);
    return twice;
}
