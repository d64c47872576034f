/* SPDX-License-Identifier: ISC
 *
 * Local time: what the clock on a wall says at an instant. A zone is a fixed offset ("+10:00", "Z", "UTC") or a name of
 * the system's tz database ("Australia/Sydney"), whose changes of the clock are looked up through the C library; the machine's own
 * zone plays no part. The process's TZ variable is set to the zone that is asked; mostly that is the one of before.
 */
#ifndef SW_BASE_ZONE_H
#define SW_BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum { SW_ZONE_PATH = 300 };

struct sw_zone {
    bool named;
    char path[SW_ZONE_PATH]; /* of a named zone's file */
    int offset_seconds;      /* in force from segment_start_ns up to segment_end_ns */
    int64_t segment_start_ns, segment_end_ns; /* both ends in */
};

/* Opens the zone of this name; of a named one the segment is empty until an instant is asked about. SW_USAGE when it is not an offset and no such zone exists on this system; SW_SYSTEM where its file
 * cannot be read. */
bool sw_zone_open(struct sw_zone *zone, const char *name, struct sw_error *error) SW_CHECKED;

/* Whether two names mean the same local time: the same name, or offsets that are equal. */
bool sw_zone_same(const char *a, const char *b);

/* Whether there is such a zone here: an offset, or a name that the tz database has; any name of the right form where there is no
 * database. */
bool sw_zone_exists(const char *name);

/* Where the tz database has the zone of this name, whose local time is as that file says. False for an offset, and where there is no such
 * zone, or it cannot be read. */
bool sw_zone_file(const char *name, char path[SW_ZONE_PATH]);

/* Finds the span of equal offset around an instant: afterwards the segment holds time_ns. */
void sw_zone_find(struct sw_zone *zone, int64_t time_ns);

/* The offset from UTC, in seconds, at an instant. */
static inline int sw_zone_offset(struct sw_zone *zone, int64_t time_ns)
{
    if (time_ns < zone->segment_start_ns || time_ns > zone->segment_end_ns)
        sw_zone_find(zone, time_ns);
    return zone->offset_seconds;
}

#endif
