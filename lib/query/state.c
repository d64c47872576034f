/* SPDX-License-Identifier: ISC */
#include "query/state.h"

#include <stdio.h>

#include "base/number.h"

/* A sum of squares in a stream: high × 2^126 + low, both non-negative 127-bit numbers, which every
 * reader can hold. */
enum { SQUARES_SHIFT = 126 };

size_t sw_field_size(enum sw_field_kind kind)
{
    switch (kind) {
    case SW_FIELD_COUNT:
        return sizeof(uint64_t);
    case SW_FIELD_SQUARES:
        return sizeof(struct sw_squares);
    case SW_FIELD_FIRST:
    case SW_FIELD_LAST:
        return sizeof(struct sw_moment);
    default:
        return sizeof(sw_int128);
    }
}

size_t sw_field_width(enum sw_field_kind kind)
{
    switch (kind) {
    case SW_FIELD_SQUARES:
        return 2;
    case SW_FIELD_FIRST:
    case SW_FIELD_LAST:
        return 3;
    default:
        return 1;
    }
}

void sw_field_clear(const struct sw_field *field, unsigned char *record)
{
    memset(record + field->offset, 0, sw_field_size(field->kind));
    if (field->texts) return;
    if (field->kind == SW_FIELD_LEAST) *sw_number_at(field, record) = SW_INT128_MAX;
    if (field->kind == SW_FIELD_MOST) *sw_number_at(field, record) = SW_INT128_MIN;
}

/* Which of two values is the smaller. */
static int compare(const struct sw_field *field, sw_int128 a, sw_int128 b)
{
    if (!field->texts) return (a > b) - (a < b);
    return sw_text_compare(field->texts->texts[a], field->texts->texts[b]);
}

void sw_field_offer(const struct sw_field *field, unsigned char *record, sw_int128 value)
{
    sw_int128 *held = sw_number_at(field, record);
    bool none = field->texts && *held == SW_NULL_ID;
    if (field->texts && value == SW_NULL_ID) return;
    int order = none ? 0 : compare(field, value, *held);
    if (none || (field->kind == SW_FIELD_LEAST ? order < 0 : order > 0)) *held = value;
}

static int compare_moments(const struct sw_field *field, const struct sw_moment *a,
                           const struct sw_moment *b)
{
    if (a->time_ns != b->time_ns) return a->time_ns < b->time_ns ? -1 : 1;
    if (a->sequence != b->sequence) return a->sequence < b->sequence ? -1 : 1;
    return compare(field, a->value, b->value);
}

void sw_field_offer_moment(const struct sw_field *field, unsigned char *record,
                           const struct sw_moment *moment)
{
    struct sw_moment *held = sw_moment_at(field, record);
    if (!moment->known) return;
    int order = held->known ? compare_moments(field, moment, held) : 0;
    if (!held->known || (field->kind == SW_FIELD_FIRST ? order < 0 : order > 0)) *held = *moment;
}

/* "standard/price_sum" and "p=sum(price)/value" are columns' names; people asked for price_sum and
 * p=sum(price). */
bool sw_field_overflow(const struct sw_field *field, struct sw_error *error)
{
    static const char standard[] = "standard/";
    const char *name = field->name, *slash = strrchr(name, '/');
    int length = (int)strlen(name);
    if (strncmp(name, standard, strlen(standard)) == 0)
        name = slash + 1, length = (int)strlen(name);
    else if (slash)
        length = (int)(slash - name);
    return sw_fail(error, SW_DATA, "%.*s: out of range: a sum has more than 127 bits", length,
                   name);
}

bool sw_field_merge(const struct sw_field *field, unsigned char *to, const unsigned char *from,
                    struct sw_error *error)
{
    const void *other = from + field->offset;
    switch (field->kind) {
    case SW_FIELD_COUNT:
        if (__builtin_add_overflow(*sw_count_at(field, to), *(const uint64_t *)other,
                                   sw_count_at(field, to)) ||
            *sw_count_at(field, to) > INT64_MAX)
            return sw_field_overflow(field, error);
        return true;
    case SW_FIELD_SUM:
        if (__builtin_add_overflow(*sw_number_at(field, to), *(const sw_int128 *)other,
                                   sw_number_at(field, to)))
            return sw_field_overflow(field, error);
        return true;
    case SW_FIELD_SQUARES:
        if (!sw_squares_merge(sw_squares_at(field, to), other))
            return sw_field_overflow(field, error);
        return true;
    case SW_FIELD_LEAST:
    case SW_FIELD_MOST:
        sw_field_offer(field, to, *(const sw_int128 *)other);
        return true;
    case SW_FIELD_FIRST:
    case SW_FIELD_LAST:
        sw_field_offer_moment(field, to, other);
        return true;
    }
    return true;
}

static bool add_column(struct sw_schema *schema, const struct sw_field *field, const char *suffix,
                       enum sw_type type, int scale, struct sw_error *error)
{
    char name[SW_NAME_MAXIMUM + 16];
    snprintf(name, sizeof name, "%s%s", field->name, suffix);
    return sw_schema_add(schema, name, type, scale, error);
}

bool sw_field_columns(const struct sw_field *field, struct sw_schema *schema,
                      struct sw_error *error)
{
    if (field->kind == SW_FIELD_SQUARES &&
        !add_column(schema, field, "/high", SW_DECIMAL, 0, error))
        return false;
    if (field->kind == SW_FIELD_FIRST || field->kind == SW_FIELD_LAST)
        if (!add_column(schema, field, "/time", SW_TIME, 0, error) ||
            !add_column(schema, field, "/sequence", SW_DECIMAL, 0, error))
            return false;
    return add_column(schema, field, "", field->type, field->scale, error);
}

bool sw_field_put(const struct sw_field *field, sw_int128 value, struct sw_builder *builder,
                  struct sw_error *error)
{
    if (!field->texts) return sw_builder_add_value(builder, value, error);
    struct sw_text text = field->texts->texts[value];
    return sw_builder_add_text(builder, text.bytes, text.length, error);
}

static bool write_squares(const struct sw_squares *squares, struct sw_builder *builders,
                          struct sw_error *error)
{
    sw_uint128 mask = ((sw_uint128)1 << SQUARES_SHIFT) - 1;
    sw_uint128 high = squares->high << (128 - SQUARES_SHIFT) | squares->low >> SQUARES_SHIFT;
    return sw_builder_add_value(&builders[0], (sw_int128)high, error) &&
           sw_builder_add_value(&builders[1], (sw_int128)(squares->low & mask), error);
}

static bool write_moment(const struct sw_field *field, const struct sw_moment *moment,
                         struct sw_builder *builders, struct sw_error *error)
{
    if (!moment->known) {
        sw_field_skip(field, builders);
        return true;
    }
    if (!sw_builder_add_value(&builders[0], moment->time_ns, error)) return false;
    if (moment->sequence == SW_NO_SEQUENCE)
        sw_builder_add_null(&builders[1]);
    else if (!sw_builder_add_value(&builders[1], moment->sequence, error))
        return false;
    return sw_field_put(field, moment->value, &builders[2], error);
}

/* Whether a LEAST or MOST field holds what it held when it was new. For numbers that is a value
 * too, but one that changes nothing when it is merged. */
static bool is_clear(const struct sw_field *field, sw_int128 value)
{
    if (field->texts) return value == SW_NULL_ID;
    return value == (field->kind == SW_FIELD_LEAST ? SW_INT128_MAX : SW_INT128_MIN);
}

bool sw_field_write(const struct sw_field *field, const unsigned char *record,
                    struct sw_builder *builders, struct sw_error *error)
{
    const void *held = record + field->offset;
    switch (field->kind) {
    case SW_FIELD_COUNT:
        return sw_builder_add_value(builders, (sw_int128) * (const uint64_t *)held, error);
    case SW_FIELD_SQUARES:
        return write_squares(held, builders, error);
    case SW_FIELD_FIRST:
    case SW_FIELD_LAST:
        return write_moment(field, held, builders, error);
    case SW_FIELD_LEAST:
    case SW_FIELD_MOST:
        if (is_clear(field, *(const sw_int128 *)held)) {
            sw_builder_add_null(builders);
            return true;
        }
        return sw_field_put(field, *(const sw_int128 *)held, builders, error);
    case SW_FIELD_SUM:
        break;
    }
    return sw_builder_add_value(builders, *(const sw_int128 *)held, error);
}

void sw_field_skip(const struct sw_field *field, struct sw_builder *builders)
{
    for (size_t i = 0; i < sw_field_width(field->kind); i++) sw_builder_add_null(&builders[i]);
}

/* The value at a row; of text: its id in the field's table. */
static bool value_at(const struct sw_field *field, const struct sw_vector *vector, size_t row,
                     sw_int128 *value, struct sw_error *error)
{
    uint32_t id;
    if (!field->texts) {
        *value = sw_value(vector, row);
        return true;
    }
    if (!sw_intern_text(field->texts, vector->dictionary[vector->codes[row]], &id, error))
        return false;
    *value = id;
    return true;
}

static bool read_squares(const struct sw_field *field, const struct sw_vector *const *vectors,
                         size_t row, struct sw_squares *squares, struct sw_error *error)
{
    sw_int128 high = sw_value(vectors[0], row), low = sw_value(vectors[1], row);
    if (high < 0 || low < 0 || high >> SQUARES_SHIFT || low >> SQUARES_SHIFT)
        return sw_field_overflow(field, error);
    sw_uint128 upper = (sw_uint128)high;
    squares->low = upper << SQUARES_SHIFT | (sw_uint128)low;
    squares->high = upper >> (128 - SQUARES_SHIFT);
    return true;
}

static bool read_moment(const struct sw_field *field, const struct sw_vector *const *vectors,
                        size_t row, struct sw_moment *moment, struct sw_error *error)
{
    *moment = (struct sw_moment){.known = true, .sequence = SW_NO_SEQUENCE};
    if (sw_is_null(vectors[2], row)) return sw_field_overflow(field, error);
    moment->time_ns = (int64_t)sw_value(vectors[0], row);
    if (!sw_is_null(vectors[1], row)) moment->sequence = sw_value(vectors[1], row);
    return value_at(field, vectors[2], row, &moment->value, error);
}

bool sw_field_read(const struct sw_field *field, const struct sw_vector *const *vectors, size_t row,
                   unsigned char *record, struct sw_error *error)
{
    unsigned char copy[sizeof(struct sw_moment)] __attribute__((aligned(16))) = {0};
    struct sw_field at_start = *field;
    sw_int128 value = 0;
    bool good = true;
    if (sw_is_null(vectors[0], row)) return true;
    at_start.offset = 0;
    if (field->kind == SW_FIELD_SQUARES)
        good = read_squares(field, vectors, row, sw_squares_at(&at_start, copy), error);
    else if (field->kind == SW_FIELD_FIRST || field->kind == SW_FIELD_LAST)
        good = read_moment(field, vectors, row, sw_moment_at(&at_start, copy), error);
    else
        good = value_at(field, vectors[0], row, &value, error);
    if (!good) return false;
    if (field->kind == SW_FIELD_COUNT) {
        if (value < 0) return sw_field_overflow(field, error);
        *sw_count_at(&at_start, copy) = (uint64_t)value;
    } else if (sw_field_width(field->kind) == 1)
        *sw_number_at(&at_start, copy) = value;
    return sw_field_merge(&at_start, record + field->offset, copy, error);
}
