/* SPDX-License-Identifier: ISC
 *
 * The last time of a column, by which the next one is read quickly: mostly it has the same day in
 * front of its clock and the same offset after it, often the same second too, and only digits in
 * known places differ. What is not so is not recalled, and has to be read by the book.
 *
 *     if (!sw_time_recall(&memory, zone, text, length, &value))
 *         … read it … sw_time_memory_learn(&memory, zone, &layout, &reading)
 */
#ifndef SW_SCHEMA_TIME_MEMORY_H
#define SW_SCHEMA_TIME_MEMORY_H

#include "base/local_time.h"
#include "kernels/clock_digits.h"

enum { SW_TAIL_LENGTH = 16 };

/* Up to 16 bytes, to be compared with those that stand before a place. */
struct sw_tail {
    uint64_t words[2], masks[2];
    size_t length;
};

enum sw_clock_shape {
    SW_CLOCK_NONE,   /* nothing is known */
    SW_CLOCK_WHOLE,  /* a text that is to be the same in all its bytes */
    SW_CLOCK_COLONS, /* HH:MM:SS */
    SW_CLOCK_PACKED, /* HHMMSS */
};

/* Whether a fraction follows the seconds. */
enum sw_clock_fraction { SW_FRACTION_NEVER, SW_FRACTION_MAYBE, SW_FRACTION_ALWAYS };

/* How the clock of a text is written. */
struct sw_clock_layout {
    enum sw_clock_shape shape;
    enum sw_clock_fraction fraction;
    char points[2];  /* either of which stands before a fraction; 0: none does */
    size_t clock_at; /* where in the text it begins */
};

/* A text and what it was found to say. */
struct sw_time_reading {
    const char *text;
    size_t length;
    int64_t value;      /* the column's */
    bool local;         /* it is a local time, and */
    sw_int128 shown_ns; /* this is what the clock showed, since 1970; else the value */
};

/* Zero at first. */
struct sw_time_memory {
    struct sw_clock_layout layout;
    struct sw_tail prefix, suffix; /* before the clock, after the fraction */
    size_t clock_length;
    bool local;
    int64_t day_ns;    /* of the clock's midnight, as it shows it where it is local */
    uint64_t clock;    /* the characters of the last clock */
    int64_t second_ns; /* what that is, with a fraction of 0 */
};

/* Remembers a time that was read slowly. `zone` (NULL: UTC) is that of local times. */
void sw_time_memory_learn(struct sw_time_memory *memory, struct sw_local_zone *zone,
                          const struct sw_clock_layout *layout,
                          const struct sw_time_reading *reading);

/* Goes on to another second of the day; false: there is none such, and nothing changes. */
bool sw_time_memory_turn(struct sw_time_memory *memory, struct sw_local_zone *zone, uint64_t clock);

static inline bool sw_tail_is(const struct sw_tail *tail, const char *end)
{
    uint64_t near = (sw_load64(end - 8) ^ tail->words[1]) & tail->masks[1];
    uint64_t far = (sw_load64(end - 16) ^ tail->words[0]) & tail->masks[0];
    return (near | far) == 0;
}

/* The value of a text, before which 16 bytes are readable; false: it has to be read by the book.
 * `known` is the memory, or a copy of it that a loop has, of which no pointer goes elsewhere. */
SW_INLINE bool sw_time_recall(struct sw_time_memory *known, struct sw_time_memory *memory,
                              struct sw_local_zone *zone, const char *text, size_t length,
                              int64_t *value)
{
    const struct sw_clock_layout *layout = &known->layout;
    const char *at = text + known->prefix.length, *end = text + length - known->suffix.length;
    size_t around = known->prefix.length + known->clock_length + known->suffix.length;
    int64_t fraction;
    if (layout->shape == SW_CLOCK_NONE || length < around || !sw_tail_is(&known->prefix, at) ||
        !sw_tail_is(&known->suffix, text + length))
        return false;
    if (layout->shape != SW_CLOCK_WHOLE) {
        uint64_t clock = layout->shape == SW_CLOCK_COLONS ? sw_load64(at) : sw_load64(at - 2) >> 16;
        if (clock != known->clock) {
            if (!sw_time_memory_turn(memory, zone, clock)) return false;
            known->clock = memory->clock;
            known->second_ns = memory->second_ns;
        }
    }
    size_t digits = length - around;
    *value = known->second_ns;
    if (digits == 0) return layout->fraction != SW_FRACTION_ALWAYS;
    if (layout->fraction == SW_FRACTION_NEVER) return false;
    if (layout->points[0]) {
        char byte = at[known->clock_length];
        if (byte != layout->points[0] && byte != layout->points[1]) return false;
        digits--;
    }
    return digits - 1 < 9 && sw_read_fraction(end, digits, &fraction) &&
           !__builtin_add_overflow(known->second_ns, fraction, value);
}

#endif
