/* SPDX-License-Identifier: ISC
 *
 * The other way round from base/zone.h: the instant at which the clock on a wall shows a local time. Mostly there is one; a clock that is
 * put forward skips an hour, one that is put back shows an hour twice, and then the earlier of the two instants is meant.
 *
 *     sw_local_begin(&local, "America/New_York");
 *     if (sw_local_find(&local, shown_ns, &time_ns) == SW_LOCAL_SKIPPED) …
 */
#ifndef SW_BASE_LOCAL_TIME_H
#define SW_BASE_LOCAL_TIME_H

#include "base/number.h"
#include "base/zone.h"

enum sw_local_outcome {
    SW_LOCAL_GOOD,
    SW_LOCAL_TWICE,     /* it occurs twice; the earlier one was taken */
    SW_LOCAL_SKIPPED,   /* no clock there has shown it */
    SW_LOCAL_TOO_LARGE, /* the instant does not fit 64 bits */
    SW_LOCAL_NO_ZONE,   /* the zone cannot be read */
};

/* The rest is the module's own: what was found last, for it mostly holds for the next one, too. */
struct sw_local_zone {
    const char *name;
    bool open;
    struct sw_zone zone;
    int64_t low_ns, high_ns; /* the local times for which it holds */
    int64_t change_ns;       /* the instant before which the first offset holds, then the second */
    int64_t before_ns, after_ns; /* both offsets; the same where there is no change */
};

/* The zone of this name (NULL: UTC), which stays the caller's, is opened when it is needed first. */
void sw_local_begin(struct sw_local_zone *local, const char *name);

/* Finds the instant of a local time, nanoseconds since 1970-01-01T00:00:00 on that clock; *time_ns is set where it is good or twice. */
enum sw_local_outcome sw_local_find(struct sw_local_zone *local, sw_int128 shown_ns,
                                    int64_t *time_ns) SW_CHECKED;

/* Local times that all have the same offset: their instants are they less offset_ns. */
struct sw_local_range {
    int64_t low_ns, high_ns; /* both in; none where low_ns is above */
    int64_t offset_ns;
};

/* Those around what was found last, as far as is known. */
static inline struct sw_local_range sw_local_known(const struct sw_local_zone *local)
{
    if (local->before_ns != local->after_ns) return (struct sw_local_range){.low_ns = 1};
    return (struct sw_local_range){local->low_ns, local->high_ns, local->before_ns};
}

/* How many of the instants are the earlier one of two that show the same local time. */
uint64_t sw_local_count_twice(struct sw_local_zone *local, const int64_t *times_ns, size_t count);

#endif
