/* SPDX-License-Identifier: ISC */
#include "base/zone.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/civil.h"

/* Where systems keep the tz database. */
static const char *const folders[] = {"/usr/share/zoneinfo", "/usr/lib/zoneinfo",
                                      "/usr/share/lib/zoneinfo"};

static bool safe_name(const char *name)
{
    if (!*name || *name == '/' || strstr(name, "..") || strlen(name) > 200) return false;
    return name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "_-+/")] == 0;
}

/* What a file of the database says of itself: that it is one, and that local time may be UTC by now. */
struct zone_file {
    bool found, may_be_utc;
};

/* Its last line is the rule for the times after its table, "\nUTC0\n", or nothing. */
static bool look_at(FILE *file, struct zone_file *about)
{
    char bytes[16] = "";
    about->found = fread(bytes, 1, 4, file) == 4 && memcmp(bytes, "TZif", 4) == 0;
    if (about->found && fseek(file, -6, SEEK_END) == 0 && fread(bytes, 1, 6, file) == 6)
        about->may_be_utc = memcmp(bytes, "\nUTC0\n", 6) == 0 || memcmp(bytes + 4, "\n\n", 2) == 0;
    return !ferror(file) || errno == EISDIR;
}

/* The C library takes an unknown zone for UTC without a word, so the file itself is looked at. */
static bool find_file(const char *name, char *path, size_t size, struct zone_file *about,
                      struct sw_error *error)
{
    for (size_t i = 0; i < sizeof folders / sizeof *folders && !about->found; i++) {
        snprintf(path, size, "%s/%s", folders[i], name);
        FILE *file = fopen(path, "rb");
        if (!file && (errno == ENOENT || errno == ENOTDIR)) continue;
        bool good = file && look_at(file, about);
        if (!good) sw_fail_errno(error, "--tz: %s", path);
        if (file) fclose(file);
        if (!good) return false;
    }
    return true;
}

/* What the library could not read, for want of memory say, it takes for UTC as well, or for UTC without a name. */
static bool is_loaded(const struct zone_file *about)
{
    return about->may_be_utc || (tzname[0][0] && strcmp(tzname[0], "UTC") != 0);
}

static bool is_offset(const char *name, int *seconds)
{
    *seconds = 0;
    return strcmp(name, "Z") == 0 || strcmp(name, "UTC") == 0 ||
           sw_parse_offset(name, strlen(name), seconds);
}

bool sw_zone_file(const char *name, char path[SW_ZONE_PATH])
{
    int seconds;
    struct zone_file about = {0};
    struct sw_error ignored = {0};
    return !is_offset(name, &seconds) && safe_name(name) &&
           find_file(name, path, SW_ZONE_PATH, &about, &ignored) && about.found;
}

bool sw_zone_same(const char *a, const char *b)
{
    int one, other;
    return strcmp(a, b) == 0 || (is_offset(a, &one) && is_offset(b, &other) && one == other);
}

bool sw_zone_exists(const char *name)
{
    static char last[SW_ZONE_PATH]; /* that was there: many schemas have one zone */
    int seconds;
    char path[SW_ZONE_PATH];
    bool database = false;
    if (is_offset(name, &seconds) || strcmp(name, last) == 0) return true;
    if (!safe_name(name)) return false;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        database = database || access(folders[i], F_OK) == 0;
    bool exists = !database || sw_zone_file(name, path);
    if (exists) snprintf(last, sizeof last, "%s", name);
    return exists;
}

/* The library knows one zone at a time, by a variable whose text stays ours. */
static char variable[SW_ZONE_PATH + 8];

/* Makes the zone of that file the library's. Once it has worked it works always. */
static bool load(const char *path)
{
    static bool there;
    snprintf(variable, sizeof variable, "TZ=:%s", path);
    if (!there && putenv(variable) != 0) return false;
    there = true;
    tzset();
    return true;
}

/* Makes the zone the library's, if another was asked last. */
static void enter(const struct sw_zone *zone)
{
    if (strcmp(variable + strlen("TZ=:"), zone->path) != 0) (void)load(zone->path);
}

bool sw_zone_open(struct sw_zone *zone, const char *name, struct sw_error *error)
{
    char *path = zone->path;
    struct zone_file about = {0};
    *zone = (struct sw_zone){.segment_start_ns = INT64_MIN, .segment_end_ns = INT64_MAX};
    if (is_offset(name, &zone->offset_seconds)) return true;
    if (safe_name(name) && !find_file(name, path, SW_ZONE_PATH, &about, error)) return false;
    if (!about.found)
        return sw_fail(error, SW_USAGE,
                       "--tz: no such time zone: '%s' (an offset such as +10:00, or a name such as "
                       "Australia/Sydney from the system's tzdata)",
                       name);
    if (!load(path)) return sw_fail_errno(error, "TZ");
    if (!is_loaded(&about)) return sw_fail(error, SW_SYSTEM, "--tz: %s: cannot be read", path);
    zone->named = true;
    /* A span of no instant: the first that is asked about has one looked up. */
    zone->segment_start_ns = INT64_MAX;
    zone->segment_end_ns = INT64_MIN;
    return true;
}

static int offset_at(int64_t second)
{
    time_t when = (time_t)second;
    struct tm local;
    return localtime_r(&when, &local) ? (int)local.tm_gmtoff : 0;
}

enum { DAY = 86400, DAYS_AT_ONCE = 64 };

/* The last second of a run of whole days from `second` on, by steps of a day (or back, by -DAY), at whose ends the offset is the same. */
static int64_t same_until(int64_t second, int step, int offset)
{
    for (int i = 0; i < DAYS_AT_ONCE; i++) {
        int64_t next = second + step;
        if (next < INT64_MIN / SW_NS_PER_SECOND || next > INT64_MAX / SW_NS_PER_SECOND ||
            offset_at(next) != offset)
            break;
        second = next;
    }
    return second;
}

/* Clocks change at whole seconds and, in practice, at most once in a UTC day: a day whose ends agree has one
 * offset, and so have those around it as long as their ends agree too; one whose ends differ is halved until the second of the change is
 * found. */
void sw_zone_find(struct sw_zone *zone, int64_t time_ns)
{
    if (!zone->named) return;
    enter(zone);
    int64_t second = sw_floor_divide(time_ns, SW_NS_PER_SECOND);
    int64_t first = sw_floor_divide(second, 86400) * 86400, last = first + 86399;
    int before = offset_at(first), after = offset_at(last);
    if (before != after) {
        int64_t low = first, high = last;
        while (high - low > 1) {
            int64_t middle = low + (high - low) / 2;
            if (offset_at(middle) == before)
                low = middle;
            else
                high = middle;
        }
        if (second <= low)
            last = low;
        else
            first = high;
    }
    if ((last + 1) % DAY == 0) last = same_until(last, DAY, after);
    if (first % DAY == 0) first = same_until(first, -DAY, before);
    zone->offset_seconds = offset_at(second);
    bool low_end = first < INT64_MIN / SW_NS_PER_SECOND + 1;
    bool high_end = last > INT64_MAX / SW_NS_PER_SECOND - 1;
    zone->segment_start_ns = low_end ? INT64_MIN : first * SW_NS_PER_SECOND;
    zone->segment_end_ns = high_end ? INT64_MAX : (last + 1) * SW_NS_PER_SECOND - 1;
}
