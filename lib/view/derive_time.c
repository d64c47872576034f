/* SPDX-License-Identifier: ISC
 *
 * Local dates and times of day. Rows near each other share one offset from UTC, so the zone is
 * asked once for a span of time, and a row costs a comparison and a division.
 */
#include <string.h>

#include "base/civil.h"
#include "base/memory.h"
#include "view/derive.h"

/* A span of one offset. Times in it are counted from the local midnight at or before its start, in
 * unsigned arithmetic, since that midnight may lie before the earliest time that 64 bits can say.
 */
struct span {
    int64_t start, end; /* both in; an empty one at first */
    uint64_t midnight;
    int64_t day; /* local date of that midnight */
    int offset_seconds;
};

enum { SPANS = 32, HOURS_KEPT = 32 };

struct clock {
    struct sw_zone *zone;
    struct span now;
    struct span kept[SPANS];
};

/* Spans reach no further from where they were found: differences then fit 64 bits. */
static const int64_t reach_ns = INT64_C(1) << 60;

static void start_clock(struct clock *clock, struct sw_zone *zone)
{
    static const struct span empty = {.start = 1, .end = 0};
    clock->zone = zone;
    clock->now = empty;
    for (size_t i = 0; i < SPANS; i++) clock->kept[i] = empty;
}

static bool within(const struct span *span, int64_t time_ns)
{
    return time_ns >= span->start && time_ns <= span->end;
}

static void find_span(struct span *span, struct sw_zone *zone, int64_t time_ns)
{
    span->offset_seconds = sw_zone_offset(zone, time_ns);
    span->start = time_ns < INT64_MIN + reach_ns ? INT64_MIN : time_ns - reach_ns;
    span->end = time_ns > INT64_MAX - reach_ns ? INT64_MAX : time_ns + reach_ns;
    if (span->start < zone->segment_start_ns) span->start = zone->segment_start_ns;
    if (span->end > zone->segment_end_ns) span->end = zone->segment_end_ns;
    int64_t second = sw_floor_divide(span->start, SW_NS_PER_SECOND);
    span->day = sw_floor_divide(second + span->offset_seconds, 86400);
    span->midnight =
        (uint64_t)(span->day * 86400 - span->offset_seconds) * (uint64_t)SW_NS_PER_SECOND;
}

static void move_clock(struct clock *clock, int64_t time_ns)
{
    struct span *span = &clock->kept[(uint64_t)time_ns >> 46 & (SPANS - 1)];
    if (!within(span, time_ns)) find_span(span, clock->zone, time_ns);
    clock->now = *span;
}

/* Nanoseconds from clock->now.midnight to time_ns. */
static inline uint64_t since_midnight(struct clock *clock, int64_t time_ns)
{
    if (__builtin_expect(!within(&clock->now, time_ns), 0)) move_clock(clock, time_ns);
    return (uint64_t)time_ns - clock->now.midnight;
}

static bool refuse_wide(const struct sw_vector *times, struct sw_error *error)
{
    return !times->wide || sw_fail(error, SW_DATA, "a time is out of range");
}

bool sw_derive_date(struct sw_view *view, const struct sw_vector *const *inputs,
                    struct sw_builder *out, struct sw_error *error)
{
    struct clock clock;
    int64_t *days = out->vector.narrow;
    if (!refuse_wide(inputs[0], error)) return false;
    start_clock(&clock, &view->zone);
    for (size_t row = 0; row < view->rows; row++) {
        uint64_t since = since_midnight(&clock, inputs[0]->narrow[row]);
        days[row] = clock.now.day + (int64_t)(since / (uint64_t)SW_NS_PER_DAY);
    }
    sw_recipe_finish(view, inputs, 1, out);
    return true;
}

bool sw_derive_hour(struct sw_view *view, const struct sw_vector *const *inputs,
                    struct sw_builder *out, struct sw_error *error)
{
    struct clock clock;
    int64_t *hours = out->vector.narrow;
    if (!refuse_wide(inputs[0], error)) return false;
    start_clock(&clock, &view->zone);
    for (size_t row = 0; row < view->rows; row++) {
        uint64_t since = since_midnight(&clock, inputs[0]->narrow[row]);
        hours[row] = (int64_t)(since / (uint64_t)SW_NS_PER_HOUR % 24);
    }
    sw_recipe_finish(view, inputs, 1, out);
    return true;
}

bool sw_derive_time_of_day(struct sw_view *view, const struct sw_vector *const *inputs,
                           struct sw_builder *out, struct sw_error *error)
{
    struct clock clock;
    int64_t *values = out->vector.narrow;
    if (!refuse_wide(inputs[0], error)) return false;
    start_clock(&clock, &view->zone);
    for (size_t row = 0; row < view->rows; row++) {
        uint64_t since = since_midnight(&clock, inputs[0]->narrow[row]);
        values[row] = (int64_t)(since % (uint64_t)SW_NS_PER_DAY);
    }
    sw_recipe_finish(view, inputs, 1, out);
    return true;
}

bool sw_derive_time(struct sw_view *view, const struct sw_vector *const *inputs,
                    struct sw_builder *out, struct sw_error *error)
{
    struct clock clock;
    if (!refuse_wide(inputs[0], error)) return false;
    start_clock(&clock, &view->zone);
    for (size_t row = 0; row < view->rows; row++) {
        char text[SW_CIVIL_LENGTH];
        if (sw_is_null(inputs[0], row)) continue;
        uint64_t since = since_midnight(&clock, inputs[0]->narrow[row]);
        size_t length = sw_format_time_of_day(text, (int64_t)(since % (uint64_t)SW_NS_PER_DAY));
        if (!sw_builder_intern(out, text, length, &out->vector.codes[row], error)) return false;
    }
    sw_recipe_finish(view, inputs, 1, out);
    return true;
}

/* Codes of the hours met last, so that a text is made once for many rows. */
struct kept_hour {
    int64_t hour; /* since 1970 by the local clock */
    int offset_seconds;
    uint32_t code;
    bool set;
};

static bool intern_hour(struct sw_view *view, struct sw_builder *out, struct kept_hour *kept,
                        struct sw_error *error)
{
    char text[2 * SW_CIVIL_LENGTH];
    int64_t day = sw_floor_divide(kept->hour, 24);
    int hour = (int)(kept->hour - day * 24);
    size_t length = sw_format_date(text, day);
    text[length++] = 'T';
    text[length++] = (char)('0' + hour / 10);
    text[length++] = (char)('0' + hour % 10);
    memcpy(text + length, ":00:00", 6);
    length += 6;
    length += sw_format_offset(text + length, kept->offset_seconds);
    kept->set = true;
    if (!sw_builder_intern(out, text, length, &kept->code, error) ||
        !sw_grow(&view->local_hours, &view->local_hour_capacity, (size_t)kept->code + 1,
                 sizeof *view->local_hours, error))
        return false;
    view->local_hours[kept->code] = kept->hour;
    return true;
}

/* The row at `row` is `since` after a midnight: it and those after it that lie in the same hour
 * get its code. Gives the row after them. */
static size_t spread_hour(const struct span *span, const struct sw_vector *times, uint64_t since,
                          size_t row, uint32_t code, uint32_t *codes)
{
    const uint64_t hour = (uint64_t)SW_NS_PER_HOUR, behind = since % hour;
    uint64_t time = (uint64_t)times->narrow[row];
    bool whole =
        time - (uint64_t)span->start >= behind && (uint64_t)span->end - time >= hour - 1 - behind;
    codes[row++] = code;
    for (; whole && row < times->rows; row++) {
        if ((uint64_t)times->narrow[row] - (time - behind) >= hour) break;
        codes[row] = code;
    }
    return row;
}

bool sw_derive_hour_start(struct sw_view *view, const struct sw_vector *const *inputs,
                          struct sw_builder *out, struct sw_error *error)
{
    struct clock clock;
    struct kept_hour hours[HOURS_KEPT] = {{0}};
    if (!refuse_wide(inputs[0], error)) return false;
    start_clock(&clock, &view->zone);
    for (size_t row = 0; row < view->rows;) {
        if (sw_is_null(inputs[0], row)) {
            row++;
            continue;
        }
        uint64_t since = since_midnight(&clock, inputs[0]->narrow[row]);
        int64_t hour = clock.now.day * 24 + (int64_t)(since / (uint64_t)SW_NS_PER_HOUR);
        struct kept_hour *kept = &hours[(uint64_t)hour % HOURS_KEPT];
        if (!kept->set || kept->hour != hour || kept->offset_seconds != clock.now.offset_seconds) {
            *kept = (struct kept_hour){.hour = hour, .offset_seconds = clock.now.offset_seconds};
            if (!intern_hour(view, out, kept, error)) return false;
        }
        row = spread_hour(&clock.now, inputs[0], since, row, kept->code, out->vector.codes);
    }
    sw_recipe_finish(view, inputs, 1, out);
    return true;
}
