/* SPDX-License-Identifier: ISC */
#include "csv/parse_columns.h"

#include "base/civil.h"
#include "base/memory.h"
#include "base/number.h"
#include "kernels/long_decimal.h"
#include "kernels/mask.h"
#include "kernels/parse_numbers.h"

#define INLINE static inline __attribute__((always_inline))

enum { PAST_NUMBERS = 7 }; /* that a reader may write past the last one */

/* A refused field is null, so that its row can be looked at until it is dropped. */
bool sw_fault_add(struct sw_faults *faults, struct sw_builder *builder, size_t row, uint32_t column,
                  struct sw_error *error)
{
    sw_builder_null(builder, builder->vector.rows + row);
    if (!sw_grow(&faults->items, &faults->capacity, faults->count + 1, sizeof *faults->items,
                 error))
        return false;
    faults->items[faults->count++] = (struct sw_fault){(uint32_t)row, column};
    return true;
}

/* One field, the slow way: nulls, signs, local times, values past 64 bits, faults. The first
 * `written` fields may have their numbers already, in 64 bits, also those after this one: they
 * move along where it turns out not to fit. */
static bool convert_one(struct sw_builder *builder, const struct sw_fields *fields,
                        struct sw_field_parser *parser, size_t i, size_t written, uint32_t column,
                        struct sw_faults *faults, struct sw_error *error)
{
    struct sw_vector *vector = &builder->vector;
    size_t length, row = vector->rows + i;
    const char *text = sw_field_at(fields, i, &length);
    sw_int128 value = 0;
    enum sw_field_outcome outcome =
        length == 0 ? SW_FIELD_NULL : sw_field_parse(parser, text, length, &value);
    if (outcome == SW_FIELD_NULL) {
        sw_builder_null(builder, row);
        return true;
    }
    if (outcome != SW_FIELD_GOOD) return sw_fault_add(faults, builder, i, column, error);
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
        const char *text = sw_field_at(fields, from + i, &length);
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

/* How the numbers of a column are read many at a time. */
enum kernel {
    NO_KERNEL, /* one by one */
    WHOLE,     /* whole numbers, of a unit */
    SHORT,     /* decimals of up to 8 characters */
};

static enum kernel kernel_of(const struct sw_field_parser *parser)
{
    if (parser->format || parser->memory.layout.shape || parser->long_run) return NO_KERNEL;
    if (parser->form == SW_FIELD_NUMBER)
        return parser->type == SW_DECIMAL && parser->decimals ? SHORT : WHOLE;
    bool counted = parser->form == SW_FIELD_TIME || parser->unit_said;
    return counted && parser->decimals < 9 ? WHOLE : NO_KERNEL;
}

/* Makes points of commas in the last 8 characters of each number, and commas of points. */
static void swap_points(struct sw_numbers *numbers)
{
    const uint64_t low7 = SW_EVERY_BYTE(0x7f), either = SW_EVERY_BYTE(0xfd);
    for (size_t i = 0; i < numbers->count; i++) {
        uint64_t differing = (numbers->low[i] & either) ^ SW_EVERY_BYTE(',');
        uint64_t marks = ~(((differing & low7) + low7) | differing | low7);
        numbers->low[i] ^= marks >> 6;
    }
}

/* Reads the collected numbers; false: too long for that. */
static bool read_numbers(const struct sw_number_reader *reader, const struct sw_numbers *numbers,
                         const struct sw_field_parser *parser, enum kernel kernel, int64_t *values,
                         struct sw_refused *refused)
{
    if (kernel == NO_KERNEL || numbers->longest > (kernel == SHORT ? 8 : SW_DIGITS_AT_MOST))
        return false;
    if (kernel == SHORT)
        reader->decimal(numbers, parser->decimals, values, refused);
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

/* Makes nanoseconds of what counts another unit; what does not fit is looked at one by one. */
static void scale_times(const struct sw_field_parser *parser, int64_t *values, size_t count,
                        struct sw_refused *refused)
{
    const int64_t unit = (int64_t)sw_power_of_ten(parser->decimals);
    const int64_t most = (parser->form == SW_FIELD_CLOCK ? SW_NS_PER_DAY : INT64_MAX) / unit;
    for (size_t i = 0; i < count; i++) {
        refused->bits[i / 64] |= (uint64_t)(values[i] > most) << i % 64;
        values[i] = (int64_t)((uint64_t)values[i] * (uint64_t)unit);
    }
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

/* What is read many at a time needs a second look where it may not be what it seems. */
static void look_again(const struct sw_field_parser *parser, int64_t *values, size_t count,
                       struct sw_refused *refused)
{
    bool counted = parser->form == SW_FIELD_TIME || parser->form == SW_FIELD_CLOCK;
    if (counted && parser->decimals) scale_times(parser, values, count, refused);
    if (parser->form == SW_FIELD_CLOCK && !parser->decimals)
        scale_times(parser, values, count, refused);
    if (parser->form == SW_FIELD_TIME && !parser->unit_said)
        refuse_small_times(values, count, refused);
    if (parser->map) refuse_mapped(parser->map, values, count, refused);
}

/* What is written in words, such as a side, mostly means a small number. */
INLINE bool convert_word(struct sw_builder *builder, const struct sw_value_map *map,
                         const char *text, size_t length, size_t row)
{
    const struct sw_value_rule *rule = sw_value_map_of_field(map, text, length);
    if (!rule || (rule->to && !rule->plain_meaning)) return false;
    if (rule->to)
        builder->vector.narrow[row] = rule->meaning;
    else
        sw_builder_null(builder, row);
    return true;
}

/* Whether a number of the column, 0 or above, means something else. */
INLINE bool is_mapped(const struct sw_value_map *map, int64_t value)
{
    for (size_t k = 0; map && k < map->plain_count; k++)
        if (map->plain[k] == value) return true;
    return false;
}

/* Whether fields may be decimals, or counts with a fraction, that sw_read_long_decimal can read. */
static bool reads_decimals(const struct sw_field_parser *parser)
{
    if (parser->form == SW_FIELD_NUMBER) return parser->type == SW_DECIMAL;
    return parser->form != SW_FIELD_DATE && !parser->format && parser->unit_said;
}

static int64_t most_of(const struct sw_field_parser *parser)
{
    return parser->form == SW_FIELD_CLOCK ? SW_NS_PER_DAY : INT64_MAX;
}

/* What a kernel refuses is mostly a decimal with more digits, a word, or a time that begins as the
 * last one. */
static inline bool convert_quickly(struct sw_builder *builder, const struct sw_fields *fields,
                                   struct sw_field_parser *parser, size_t i)
{
    size_t length;
    struct sw_vector *vector = &builder->vector;
    const char *text = sw_field_at(fields, i, &length);
    int64_t *to = vector->narrow + vector->rows + i;
    char point = parser->comma_point ? ',' : '.';
    if (vector->wide || length == 0) return false;
    if (parser->map && convert_word(builder, parser->map, text, length, vector->rows + i))
        return true;
    if (parser->form != SW_FIELD_NUMBER && !parser->map &&
        sw_time_recall(&parser->memory, &parser->memory, parser->zone, text, length, to))
        return true;
    return reads_decimals(parser) &&
           sw_read_long_decimal(text, length, point, parser->decimals, to) &&
           !is_mapped(parser->map, *to) && *to <= most_of(parser);
}

/* The refused ones of the fields before `end`, of which the first is `from`. */
static bool convert_refused(struct sw_builder *builder, const struct sw_fields *fields,
                            struct sw_field_parser *parser, const struct sw_refused *refused,
                            size_t from, size_t end, uint32_t column, struct sw_faults *faults,
                            struct sw_error *error)
{
    for (size_t word = 0; word * 64 < end - from; word++)
        for (uint64_t bits = refused->bits[word]; bits; bits &= bits - 1) {
            size_t i = from + word * 64 + (size_t)__builtin_ctzll(bits);
            if (i >= end || convert_quickly(builder, fields, parser, i)) continue;
            if (!convert_one(builder, fields, parser, i, end, column, faults, error)) return false;
        }
    return true;
}

/* Times, dates and clocks as text, each of which mostly begins as the one before. */
static bool convert_times(struct sw_builder *builder, const struct sw_fields *fields,
                          struct sw_field_parser *parser, size_t from, size_t end, uint32_t column,
                          struct sw_faults *faults, struct sw_error *error)
{
    int64_t *values = builder->vector.narrow + builder->vector.rows;
    struct sw_time_memory known = parser->memory;
    for (size_t i = from; i < end; i++) {
        size_t length;
        const char *text = sw_field_at(fields, i, &length);
        if (length &&
            sw_time_recall(&known, &parser->memory, parser->zone, text, length, &values[i]))
            continue;
        if (!convert_one(builder, fields, parser, i, i, column, faults, error)) return false;
        known = parser->memory;
    }
    return true;
}

/* Decimals of more characters than a kernel takes, and what counts a time with a fraction. */
static bool convert_decimals(struct sw_builder *builder, const struct sw_fields *fields,
                             struct sw_field_parser *parser, size_t from, size_t end,
                             uint32_t column, struct sw_faults *faults, struct sw_error *error)
{
    const struct sw_vector *vector = &builder->vector;
    int64_t *values = vector->narrow + vector->rows;
    const char point = parser->comma_point ? ',' : '.';
    const int decimals = parser->decimals;
    const int64_t most = most_of(parser);
    const struct sw_value_map *map = parser->map;
    for (size_t i = from; i < end; i++) {
        size_t length;
        const char *text = sw_field_at(fields, i, &length);
        int64_t value;
        if (!vector->wide && sw_read_long_decimal(text, length, point, decimals, &value) &&
            value <= most && !is_mapped(map, value))
            values[i] = value;
        else if (!convert_one(builder, fields, parser, i, i, column, faults, error))
            return false;
    }
    return true;
}

/* Some fields in a row, none of which a kernel has read. */
static bool convert_each(struct sw_builder *builder, const struct sw_fields *fields,
                         struct sw_field_parser *parser, size_t from, size_t end, uint32_t column,
                         struct sw_faults *faults, struct sw_error *error)
{
    if (parser->memory.layout.shape && !parser->map)
        return convert_times(builder, fields, parser, from, end, column, faults, error);
    if (reads_decimals(parser))
        return convert_decimals(builder, fields, parser, from, end, column, faults, error);
    for (size_t i = from; i < end; i++)
        if (!convert_quickly(builder, fields, parser, i) &&
            !convert_one(builder, fields, parser, i, i, column, faults, error))
            return false;
    return true;
}

/* Whether nearly all are words, so that a kernel had better not be tried for a while. */
static bool are_words(const struct sw_field_parser *parser, const struct sw_refused *refused,
                      size_t count)
{
    size_t words = 0;
    if (!parser->map) return false;
    for (size_t from = 0; from < count; from += 64) {
        uint64_t bits = refused->bits[from / 64];
        if (count - from < 64) bits &= (UINT64_C(1) << (count - from)) - 1;
        words += (size_t)__builtin_popcountll(bits);
    }
    return words > count - count / 8;
}

/* Times that a kernel is not tried where numbers are longer than it takes. */
enum { LONG_RUN = 16 };

/* Columns of one number a value, some rows at a time; what is refused goes the slow way, and all of
 * it once the column is 128 bits wide. */
static bool convert_numbers(struct sw_builder *builder, const struct sw_fields *fields,
                            struct sw_field_parser *parser, uint32_t column,
                            struct sw_faults *faults, struct sw_error *error)
{
    static const struct sw_number_reader *reader;
    if (!reader) reader = sw_number_reader_best();
    struct sw_numbers numbers;
    int64_t values[SW_NUMBERS_AT_ONCE];
    const struct sw_vector *vector = &builder->vector;
    enum kernel kernel = kernel_of(parser);
    if (parser->long_run) parser->long_run--;
    if (kernel == NO_KERNEL || vector->wide)
        return convert_each(builder, fields, parser, 0, fields->count, column, faults, error);
    for (size_t from = 0; from < fields->count; from += numbers.count) {
        size_t left = fields->count - from;
        struct sw_refused refused;
        take_numbers(reader, &numbers, fields, from,
                     left < SW_NUMBERS_AT_ONCE ? left : SW_NUMBERS_AT_ONCE);
        if (parser->comma_point && kernel == SHORT) swap_points(&numbers);
        size_t end = from + numbers.count;
        /* Written where they belong, if what a reader may write past the last finds room there. */
        bool room = vector->rows + end + PAST_NUMBERS <= builder->capacity;
        int64_t *here = room ? vector->narrow + vector->rows + from : values;
        if (vector->wide || !read_numbers(reader, &numbers, parser, kernel, here, &refused)) {
            if (!vector->wide) parser->long_run = LONG_RUN;
            if (!convert_each(builder, fields, parser, from, end, column, faults, error))
                return false;
            continue;
        }
        if (are_words(parser, &refused, numbers.count)) parser->long_run = LONG_RUN;
        look_again(parser, here, numbers.count, &refused);
        if (!room)
            memcpy(vector->narrow + vector->rows + from, values, numbers.count * sizeof *values);
        if (!convert_refused(builder, fields, parser, &refused, from, end, column, faults, error))
            return false;
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

/* Whether two texts of the same length are the same; 8 bytes before them are readable. */
INLINE bool same_text(const char *a, const char *b, size_t length)
{
    if (length > 8) return memcmp(a, b, length) == 0;
    return (sw_load64(a + length - 8) ^ sw_load64(b + length - 8)) >> (64 - 8 * length) == 0;
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
        const char *text = sw_field_at(fields, i, &length);
        if (map) text = mapped_text(map, text, &length);
        codes[i] = 0;
        if (length == 0) {
            sw_builder_null(builder, vector->rows + i);
            continue;
        }
        if (length > SW_TEXT_MAXIMUM) {
            if (!sw_fault_add(faults, builder, i, column, error)) return false;
            continue;
        }
        bool same = last && length == last_length &&
                    (map ? memcmp(text, last, length) == 0 : same_text(text, last, length));
        if (!same && !sw_builder_intern(builder, text, length, &code, error)) return false;
        codes[i] = code;
        last = text;
        last_length = length;
    }
    return true;
}

/* A field that is the same for all rows: the others are as the first. */
static void repeat_first(struct sw_builder *builder, size_t count)
{
    struct sw_vector *vector = &builder->vector;
    bool null = sw_is_null(vector, vector->rows);
    for (size_t row = vector->rows + 1; row < vector->rows + count; row++) {
        if (null)
            sw_builder_null(builder, row);
        else if (vector->wide)
            vector->wide_values[row] = vector->wide_values[vector->rows];
        else
            vector->narrow[row] = vector->narrow[vector->rows];
    }
}

/* A column of the file's name. */
static bool convert_constant(struct sw_builder *builder, const struct sw_fields *fields,
                             struct sw_field_parser *parser, uint32_t column,
                             struct sw_faults *faults, struct sw_error *error)
{
    if (!convert_one(builder, fields, parser, 0, 0, column, faults, error)) return false;
    repeat_first(builder, fields->count);
    return true;
}

bool sw_convert(struct sw_builder *builder, const struct sw_fields *fields,
                struct sw_field_parser *parser, uint32_t column, struct sw_faults *faults,
                struct sw_error *error)
{
    if (fields->stride == 0 && fields->count && parser->form != SW_FIELD_TEXT)
        return convert_constant(builder, fields, parser, column, faults, error);
    return parser->form == SW_FIELD_TEXT
               ? convert_texts(builder, fields, parser->map, column, faults, error)
               : convert_numbers(builder, fields, parser, column, faults, error);
}
