/* SPDX-License-Identifier: ISC */
#include "schema/time_memory.h"

#include <string.h>

#include "base/civil.h"

static struct sw_tail tail_of(const char *text, size_t length)
{
    char bytes[SW_TAIL_LENGTH] = {0}, masks[SW_TAIL_LENGTH] = {0};
    memcpy(bytes + SW_TAIL_LENGTH - length, text, length);
    memset(masks + SW_TAIL_LENGTH - length, 0xff, length);
    return (struct sw_tail){
        {sw_load64(bytes), sw_load64(bytes + 8)}, {sw_load64(masks), sw_load64(masks + 8)}, length};
}

static bool read_clock(enum sw_clock_shape shape, uint64_t clock, int64_t *seconds)
{
    return shape == SW_CLOCK_COLONS ? sw_read_clock(clock, seconds)
                                    : sw_read_packed_clock(clock, seconds);
}

bool sw_time_memory_turn(struct sw_time_memory *memory, struct sw_local_zone *zone, uint64_t clock)
{
    int64_t seconds, shown, time;
    if (!read_clock(memory->layout.shape, clock, &seconds) ||
        __builtin_add_overflow(memory->day_ns, seconds * SW_NS_PER_SECOND, &shown))
        return false;
    time = shown;
    if (memory->local && zone) {
        enum sw_local_outcome outcome = sw_local_find(zone, shown, &time);
        if (outcome != SW_LOCAL_GOOD && outcome != SW_LOCAL_TWICE) return false;
    }
    memory->clock = clock;
    memory->second_ns = time;
    return true;
}

/* A text of which nothing may differ. */
static void learn_whole(struct sw_time_memory *memory, const struct sw_time_reading *reading)
{
    size_t length = reading->length, front = length < SW_TAIL_LENGTH ? length : SW_TAIL_LENGTH;
    *memory = (struct sw_time_memory){0};
    if (length - front > SW_TAIL_LENGTH) return;
    memory->layout.shape = SW_CLOCK_WHOLE;
    memory->prefix = tail_of(reading->text, front);
    memory->suffix = tail_of(reading->text + front, length - front);
    memory->second_ns = reading->value;
}

static size_t digits_at(const char *text, size_t length, size_t at)
{
    size_t end = at;
    while (end < length && text[end] >= '0' && text[end] <= '9') end++;
    return end - at;
}

/* Where the fraction's digits begin; the clock's end where there is none. */
static size_t fraction_at(const struct sw_clock_layout *layout,
                          const struct sw_time_reading *reading, size_t clock_end)
{
    if (layout->fraction == SW_FRACTION_NEVER || clock_end == reading->length) return clock_end;
    if (!layout->points[0]) return clock_end;
    char byte = reading->text[clock_end];
    return clock_end + (byte == layout->points[0] || byte == layout->points[1]);
}

/* The characters of the clock, in the word's lower bytes. */
static uint64_t clock_at(const char *text, size_t length)
{
    char bytes[8] = {0};
    memcpy(bytes, text, length);
    return sw_load64(bytes);
}

static int64_t nanoseconds_of(const char *digits, size_t count)
{
    int64_t value = 0;
    for (size_t i = 0; i < 9; i++) value = 10 * value + (i < count ? digits[i] - '0' : 0);
    return value;
}

/* Learns where the clock stands; false: that is nothing to go by. */
static bool learn_clock(struct sw_time_memory *memory, const struct sw_clock_layout *layout,
                        const struct sw_time_reading *reading, uint64_t *clock)
{
    size_t width = layout->shape == SW_CLOCK_COLONS ? 8 : 6, from = layout->clock_at;
    size_t clock_end = from + width;
    int64_t seconds, fraction = 0;
    if (layout->shape < SW_CLOCK_COLONS || from > SW_TAIL_LENGTH || clock_end > reading->length)
        return false;
    size_t end = fraction_at(layout, reading, clock_end);
    bool digits_may_follow =
        layout->fraction != SW_FRACTION_NEVER && (end > clock_end || !layout->points[0]);
    if (digits_may_follow) {
        size_t digits = digits_at(reading->text, reading->length, end);
        if (digits == 0 || digits > 9) return false;
        fraction = nanoseconds_of(reading->text + end, digits);
        end += digits;
    }
    *clock = clock_at(reading->text + from, width);
    if (reading->length - end > SW_TAIL_LENGTH || !read_clock(layout->shape, *clock, &seconds))
        return false;
    sw_int128 day_ns = reading->shown_ns - seconds * SW_NS_PER_SECOND - fraction;
    *memory = (struct sw_time_memory){.layout = *layout,
                                      .prefix = tail_of(reading->text, from),
                                      .suffix = tail_of(reading->text + end, reading->length - end),
                                      .clock_length = width,
                                      .local = reading->local,
                                      .day_ns = (int64_t)day_ns};
    return day_ns == memory->day_ns;
}

void sw_time_memory_learn(struct sw_time_memory *memory, struct sw_local_zone *zone,
                          const struct sw_clock_layout *layout,
                          const struct sw_time_reading *reading)
{
    uint64_t clock;
    if (!learn_clock(memory, layout, reading, &clock) || !sw_time_memory_turn(memory, zone, clock))
        learn_whole(memory, reading);
}
