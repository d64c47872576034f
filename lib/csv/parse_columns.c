/* SPDX-License-Identifier: ISC */
#include "csv/parse_columns.h"

#include <stdio.h>

#include "base/civil.h"
#include "base/memory.h"
#include "base/number.h"
#include "kernels/mask.h"
#include "kernels/parse_numbers.h"

#define INLINE static inline __attribute__((always_inline))

enum { PAST_NUMBERS = 7 }; /* that a reader may write past the last one */

enum outcome {
    GOOD = SW_NUMBER_GOOD,
    MALFORMED = SW_NUMBER_MALFORMED,
    TOO_FINE = SW_NUMBER_TOO_FINE,
    TOO_LARGE = SW_NUMBER_TOO_LARGE,
    NOTHING,    /* it is null */
    OTHER_UNIT, /* a time that counts something else than nanoseconds */
};

/* A sign, and up to 18 digits with a point among them or not, at the scale: the common rest of what
 * the fast ways refuse. False: none of these, or it does not come out at the scale so simply. */
static bool read_signed(const char *text, size_t length, int scale, sw_int128 *value)
{
    bool negative = length && text[0] == '-', point = false;
    int decimals = 0;
    int64_t magnitude = 0;
    size_t at = length && (text[0] == '-' || text[0] == '+');
    if (length == at || length - at > 18 || text[at] == '.') return false;
    for (; at < length; at++) {
        unsigned digit = (unsigned)(unsigned char)text[at] - '0';
        bool extra = point && decimals == scale; /* a zero too many, as in 2048.0 */
        if (digit > 9 || (extra && digit)) {
            if (text[at] != '.' || point) return false;
            point = true;
            continue;
        }
        if (extra) continue;
        magnitude = magnitude * 10 + digit;
        decimals += point;
    }
    *value = (negative ? -(sw_int128)magnitude : magnitude) * sw_power_of_ten(scale - decimals);
    return true;
}

/* Any field, by the book: what the fast ways below refuse ends here. */
static enum outcome read_field(enum sw_type type, int scale, const char *text, size_t length,
                               sw_int128 *value)
{
    int64_t narrow = 0;
    if (type == SW_DATE) {
        bool good = sw_parse_date(text, length, &narrow);
        *value = narrow;
        return good ? GOOD : MALFORMED;
    }
    if (type != SW_DECIMAL) scale = 0;
    enum sw_number_outcome outcome = read_signed(text, length, scale, value)
                                         ? SW_NUMBER_GOOD
                                         : sw_parse_decimal(text, length, scale, value);
    if (outcome == SW_NUMBER_MALFORMED && type == SW_TIME) {
        enum sw_time_outcome time = sw_parse_time(text, length, &narrow);
        *value = narrow;
        return time == SW_TIME_GOOD ? GOOD : MALFORMED;
    }
    if (outcome != SW_NUMBER_GOOD || type == SW_DECIMAL) return (enum outcome)outcome;
    if (type == SW_UINT) return *value < 0 || *value > UINT64_MAX ? TOO_LARGE : GOOD;
    if (*value < INT64_MIN || *value > INT64_MAX) return TOO_LARGE;
    return type == SW_TIME && sw_time_unit((int64_t)*value) ? OTHER_UNIT : GOOD;
}

/* The same of a field that may mean something else. A number that the column has is compared as that; what is none, or a time or
 * a date, as it is written. */
static enum outcome read_mapped(const struct sw_vector *vector, const struct sw_value_map *map,
                                const char *text, size_t length, sw_int128 *value)
{
    enum sw_type type = vector->type;
    const struct sw_value_rule *rule = map ? sw_value_map_of_bytes(map, text, length) : NULL;
    enum outcome outcome = rule ? GOOD : read_field(type, vector->scale, text, length, value);
    if (map && !rule) {
        bool number = outcome == GOOD && type != SW_TIME && type != SW_DATE;
        rule = number ? sw_value_map_of_value(map, *value) : sw_value_map_find(map, text, length);
    }
    if (!rule) return outcome;
    return rule->to ? read_field(type, vector->scale, rule->to, rule->to_length, value) : NOTHING;
}

/* A refused field is null, so that its row can be looked at until it is dropped. */
static bool add_fault(struct sw_builder *builder, struct sw_faults *faults, size_t row,
                      uint32_t column, struct sw_error *error)
{
    sw_builder_null(builder, builder->vector.rows + row);
    if (!sw_grow(&faults->items, &faults->capacity, faults->count + 1, sizeof *faults->items,
                 error))
        return false;
    faults->items[faults->count++] = (struct sw_fault){(uint32_t)row, column};
    return true;
}

/* Where field i lies, and how long it is. */
INLINE const char *field_at(const struct sw_fields *fields, size_t i, size_t *length)
{
    const uint32_t *cell = fields->cells + i * fields->stride;
    const char *text = fields->base + cell[0] + 1;
    *length = cell[1] - cell[0] - 1;
    if (fields->trim && *length && text[*length - 1] == '\r') --*length;
    return text;
}

/* One field, the slow way: nulls, signs, ISO times, values past 64 bits, faults. The first
 * `written` fields may have their numbers already, in 64 bits, also those after this one: they
 * move along where it turns out not to fit. */
static bool convert_one(struct sw_builder *builder, const struct sw_fields *fields,
                        const struct sw_value_map *map, size_t i, size_t written, uint32_t column,
                        struct sw_faults *faults, struct sw_error *error)
{
    struct sw_vector *vector = &builder->vector;
    size_t length, row = vector->rows + i;
    const char *text = field_at(fields, i, &length);
    sw_int128 value = 0;
    enum outcome outcome = length == 0 ? NOTHING : read_mapped(vector, map, text, length, &value);
    if (outcome == NOTHING) {
        sw_builder_null(builder, row);
        return true;
    }
    if (outcome != GOOD) return add_fault(builder, faults, i, column, error);
    bool fits = value >= INT64_MIN && value <= INT64_MAX;
    if (!fits && !sw_builder_widen(builder, vector->rows + written, error)) return false;
    if (vector->wide)
        vector->wide_values[row] = value;
    else
        vector->narrow[row] = (int64_t)value;
    return true;
}

/* A field's two places, the one after it in the upper half: one load, where cells are. */
INLINE uint64_t pair_at(const uint32_t *cell)
{
    return (uint64_t)cell[1] << 32 | cell[0];
}

/* Brings the ends of fields from..from+count side by side, and their places. */
static void collect(struct sw_numbers *numbers, const struct sw_fields *fields, size_t from,
                    size_t count)
{
    const char *base = fields->base;
    const uint32_t *cell = fields->cells + from * fields->stride;
    size_t stride = fields->stride;
    for (size_t i = 0; i < count; i++, cell += stride) {
        uint64_t pair = pair_at(cell);
        numbers->places[i] = pair;
        numbers->low[i] = sw_load64(base + (pair >> 32) - 8);
    }
    numbers->count = count;
}

/* The same, with the ends of fields where a carriage return stands moved before it. */
static void collect_trimmed(struct sw_numbers *numbers, const struct sw_fields *fields, size_t from,
                            size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t length;
        const uint32_t *cell = fields->cells + (from + i) * fields->stride;
        const char *text = field_at(fields, from + i, &length);
        numbers->places[i] = ((uint64_t)cell[0] + 1 + length) << 32 | cell[0];
        numbers->low[i] = sw_load64(text + length - 8);
    }
    numbers->count = count;
}

static bool any_return(const struct sw_numbers *numbers)
{
    bool any = false;
    for (size_t i = 0; i < numbers->count; i++) any = any || numbers->low[i] >> 56 == '\r';
    return any;
}

/* Collects, finds the longest field, and brings side by side what else of the fields is to be read.
 */
static void take_numbers(const struct sw_number_reader *reader, struct sw_numbers *numbers,
                         const struct sw_fields *fields, size_t from, size_t count)
{
    collect(numbers, fields, from, count);
    if (fields->trim && any_return(numbers)) collect_trimmed(numbers, fields, from, count);
    reader->measure(numbers);
    size_t longest = numbers->longest;
    const char *base = fields->base;
    for (size_t i = 0; longest > 8 && i < count; i++)
        numbers->middle[i] = sw_load64(base + (numbers->places[i] >> 32) - 16);
    for (size_t i = 0; longest > 16 && i < count; i++)
        numbers->high[i] = sw_load64(base + (numbers->places[i] >> 32) - 24);
}

/* Reads the collected numbers; false: too long for that. */
static bool read_numbers(const struct sw_number_reader *reader, const struct sw_numbers *numbers,
                         const struct sw_vector *vector, int64_t *values,
                         struct sw_refused *refused)
{
    bool decimal = vector->type == SW_DECIMAL;
    if (vector->wide || numbers->longest > (decimal ? 8 : SW_DIGITS_AT_MOST)) return false;
    if (decimal)
        reader->decimal(numbers, vector->scale, values, refused);
    else
        reader->whole(numbers, values, refused);
    return true;
}

/* Refuses the times that are so small that they may count another unit: they are looked at one by one. */
static void refuse_small_times(const int64_t *values, size_t count, struct sw_refused *refused)
{
    unsigned char mask[SW_NUMBERS_AT_ONCE];
    const int64_t low = SW_TIME_UNIT_LEAST, high = SW_TIME_UNIT_MOST;
    sw_mask_best()->range(values, count, (uint64_t)low, (uint64_t)(high - low), false, mask);
    if (!memchr(mask, SW_TRUE, count)) return;
    for (size_t i = 0; i < count; i++)
        if (mask[i] == SW_TRUE) refused->bits[i / 64] |= UINT64_C(1) << i % 64;
}

/* Refuses the numbers that mean something else: they are looked at one by one. */
static void refuse_mapped(const struct sw_value_map *map, const int64_t *values, size_t count,
                          struct sw_refused *refused)
{
    unsigned char mask[SW_NUMBERS_AT_ONCE];
    for (size_t k = 0; k < map->plain_count; k++) {
        sw_mask_best()->range(values, count, (uint64_t)map->plain[k], 0, false, mask);
        const unsigned char *at = mask, *end = mask + count;
        while ((at = memchr(at, SW_TRUE, (size_t)(end - at)))) {
            size_t i = (size_t)(at++ - mask);
            refused->bits[i / 64] |= UINT64_C(1) << i % 64;
        }
    }
}

/* Number columns, some rows at a time; what is refused goes the slow way, and all of it once the
 * column is 128 bits wide. */
static bool convert_numbers(struct sw_builder *builder, const struct sw_fields *fields,
                            const struct sw_value_map *map, uint32_t column,
                            struct sw_faults *faults, struct sw_error *error)
{
    static const struct sw_number_reader *reader;
    if (!reader) reader = sw_number_reader_best();
    struct sw_numbers numbers;
    int64_t values[SW_NUMBERS_AT_ONCE];
    const struct sw_vector *vector = &builder->vector;
    for (size_t from = 0; from < fields->count; from += numbers.count) {
        size_t left = fields->count - from;
        struct sw_refused refused;
        take_numbers(reader, &numbers, fields, from,
                     left < SW_NUMBERS_AT_ONCE ? left : SW_NUMBERS_AT_ONCE);
        size_t end = from + numbers.count;
        /* Written where they belong, if what a reader may write past the last finds room there. */
        bool room = vector->rows + end + PAST_NUMBERS <= builder->capacity;
        int64_t *to = vector->wide ? values : vector->narrow + vector->rows + from;
        if (!read_numbers(reader, &numbers, vector, room ? to : values, &refused))
            memset(&refused, 0xff, sizeof refused);
        else if (!room)
            memcpy(to, values, numbers.count * sizeof *values);
        if (vector->type == SW_TIME) refuse_small_times(to, numbers.count, &refused);
        if (map) refuse_mapped(map, to, numbers.count, &refused);
        for (size_t word = 0; word * 64 < numbers.count; word++)
            for (uint64_t bits = refused.bits[word]; bits; bits &= bits - 1) {
                size_t i = word * 64 + (size_t)__builtin_ctzll(bits);
                if (i < numbers.count &&
                    !convert_one(builder, fields, map, from + i, end, column, faults, error))
                    return false;
            }
    }
    return true;
}

/* Dates come in runs: a text equal to the last one is not read again. */
static bool convert_dates(struct sw_builder *builder, const struct sw_fields *fields,
                          const struct sw_value_map *map, uint32_t column, struct sw_faults *faults,
                          struct sw_error *error)
{
    struct sw_vector *vector = &builder->vector;
    const char *last = NULL;
    int64_t day = 0;
    for (size_t i = 0; i < fields->count; i++) {
        size_t length;
        const char *text = field_at(fields, i, &length);
        bool same = length == 10 && last && memcmp(text, last, 10) == 0;
        if (!same && !map && length == 10 && sw_parse_date(text, length, &day))
            same = true, last = text;
        if (same && !vector->wide)
            vector->narrow[vector->rows + i] = day;
        else if (!convert_one(builder, fields, map, i, i, column, faults, error))
            return false;
        if (!same) last = NULL;
    }
    return true;
}

/* What a text means; of length 0 where that is null. */
static const char *mapped_text(const struct sw_value_map *map, const char *text, size_t *length)
{
    const struct sw_value_rule *rule = *length ? sw_value_map_find(map, text, *length) : NULL;
    if (!rule) return text;
    *length = rule->to_length;
    return rule->to;
}

/* Texts come in runs too. */
static bool convert_texts(struct sw_builder *builder, const struct sw_fields *fields,
                          const struct sw_value_map *map, uint32_t column, struct sw_faults *faults,
                          struct sw_error *error)
{
    struct sw_vector *vector = &builder->vector;
    uint32_t *codes = vector->codes + vector->rows;
    const char *last = NULL;
    size_t last_length = 0;
    uint32_t code = 0;
    for (size_t i = 0; i < fields->count; i++) {
        size_t length;
        const char *text = field_at(fields, i, &length);
        if (map) text = mapped_text(map, text, &length);
        codes[i] = 0;
        if (length == 0) {
            sw_builder_null(builder, vector->rows + i);
            continue;
        }
        if (length > SW_TEXT_MAXIMUM) {
            if (!add_fault(builder, faults, i, column, error)) return false;
            continue;
        }
        bool same = last && length == last_length && memcmp(text, last, length) == 0;
        if (!same && !sw_builder_intern(builder, text, length, &code, error)) return false;
        codes[i] = code;
        last = text;
        last_length = length;
    }
    return true;
}

bool sw_convert(struct sw_builder *builder, const struct sw_fields *fields,
                const struct sw_value_map *map, uint32_t column, struct sw_faults *faults,
                struct sw_error *error)
{
    switch (builder->vector.type) {
    case SW_TEXT:
        return convert_texts(builder, fields, map, column, faults, error);
    case SW_DATE:
        return convert_dates(builder, fields, map, column, faults, error);
    default:
        return convert_numbers(builder, fields, map, column, faults, error);
    }
}

const char *sw_convert_reason(enum sw_type type, int scale, const char *text, size_t length,
                              char space[64])
{
    static const char *const kinds[] = {
        [SW_INT] = "whole number", [SW_UINT] = "whole number", [SW_DECIMAL] = "decimal",
        [SW_TIME] = "time",        [SW_DATE] = "date",         [SW_TEXT] = "text",
    };
    sw_int128 value;
    if (length == 0) return NULL;
    if (type == SW_TEXT) return length > SW_TEXT_MAXIMUM ? "longer than 1048576 bytes" : NULL;
    enum outcome outcome = read_field(type, scale, text, length, &value);
    if (outcome == GOOD) return NULL;
    if (outcome == OTHER_UNIT) {
        snprintf(space, 64, "counts %s since 1970, not nanoseconds", sw_time_unit((int64_t)value));
        return space;
    }
    if (type == SW_TIME && outcome == MALFORMED) {
        int64_t narrow;
        return sw_time_reason(sw_parse_time(text, length, &narrow));
    }
    return sw_number_reason((enum sw_number_outcome)outcome, kinds[type],
                            type == SW_DECIMAL ? scale : 0, space);
}
