/* SPDX-License-Identifier: ISC */
#include "measure/accumulator.h"

#include <stdio.h>

#include "base/number.h"

size_t sw_field_size(enum sw_field_kind kind)
{
    switch (kind) {
    case SW_FIELD_COUNT:
        return sizeof(uint64_t);
    case SW_FIELD_SUM:
        return sizeof(struct sw_sum);
    case SW_FIELD_PRODUCTS:
        return sizeof(struct sw_products);
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
    case SW_FIELD_SUM:
        return 2;
    case SW_FIELD_PRODUCTS:
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
    return sw_texts_compare(&field->texts->texts[a], &field->texts->texts[b]);
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
        return sw_sum_merge(sw_sum_at(field, to), other) || sw_field_overflow(field, error);
    case SW_FIELD_PRODUCTS:
        return sw_products_merge(sw_products_at(field, to), other) ||
               sw_field_overflow(field, error);
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
    if (field->kind == SW_FIELD_SUM && !add_column(schema, field, "/high", SW_INT, 0, error))
        return false;
    if (field->kind == SW_FIELD_PRODUCTS)
        if (!add_column(schema, field, "/top", SW_INT, 0, error) ||
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

static bool write_sum(const struct sw_sum *sum, struct sw_builder *builders, struct sw_error *error)
{
    return sw_builder_add_value(&builders[0], sum->high, error) &&
           sw_builder_add_value(&builders[1], sum->low, error);
}

static bool write_products(const struct sw_products *held, struct sw_builder *builders,
                           struct sw_error *error)
{
    struct sw_products products = *held;
    sw_products_settle(&products);
    return write_sum(&products.high, builders, error) &&
           sw_builder_add_value(&builders[2], products.low.low, error);
}

/* Appends nulls. */
static void skip_field(const struct sw_field *field, struct sw_builder *builders)
{
    for (size_t i = 0; i < sw_field_width(field->kind); i++) sw_builder_add_null(&builders[i]);
}

static bool write_moment(const struct sw_field *field, const struct sw_moment *moment,
                         struct sw_builder *builders, struct sw_error *error)
{
    if (!moment->known) {
        skip_field(field, builders);
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
        return write_sum(held, builders, error);
    case SW_FIELD_PRODUCTS:
        return write_products(held, builders, error);
    }
    return true;
}

/* The value at a row; of text: its id in the field's table. */
static bool read_value(const struct sw_field *field, const struct sw_vector *vector, size_t row,
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

static bool read_moment(const struct sw_field *field, const struct sw_vector *const *vectors,
                        size_t row, struct sw_moment *moment, struct sw_error *error)
{
    *moment = (struct sw_moment){.known = true, .sequence = SW_NO_SEQUENCE};
    if (sw_is_null(vectors[2], row)) return sw_field_overflow(field, error);
    moment->time_ns = (int64_t)sw_value(vectors[0], row);
    if (!sw_is_null(vectors[1], row)) moment->sequence = sw_value(vectors[1], row);
    return read_value(field, vectors[2], row, &moment->value, error);
}

static struct sw_sum read_sum(const struct sw_vector *const *vectors, size_t row)
{
    return (struct sw_sum){.high = (int64_t)sw_value(vectors[0], row),
                           .low = sw_value(vectors[1], row)};
}

static bool read_count(const struct sw_field *field, const struct sw_vector *vector, size_t row,
                       uint64_t *count, struct sw_error *error)
{
    sw_int128 value = sw_value(vector, row);
    *count = (uint64_t)value;
    return value >= 0 || sw_field_overflow(field, error);
}

/* Reads what stands in the row into a record of this field alone. */
static bool read_field(const struct sw_field *field, const struct sw_vector *const *vectors,
                       size_t row, unsigned char *record, struct sw_error *error)
{
    switch (field->kind) {
    case SW_FIELD_COUNT:
        return read_count(field, vectors[0], row, sw_count_at(field, record), error);
    case SW_FIELD_SUM:
        *sw_sum_at(field, record) = read_sum(vectors, row);
        return true;
    case SW_FIELD_PRODUCTS:
        *sw_products_at(field, record) = (struct sw_products){
            .high = read_sum(vectors, row), .low = sw_sum_of(sw_value(vectors[2], row))};
        return true;
    case SW_FIELD_FIRST:
    case SW_FIELD_LAST:
        return read_moment(field, vectors, row, sw_moment_at(field, record), error);
    case SW_FIELD_LEAST:
    case SW_FIELD_MOST:
        break;
    }
    return read_value(field, vectors[0], row, sw_number_at(field, record), error);
}

enum { LARGEST = 48 }; /* bytes of a field */
_Static_assert(sizeof(struct sw_moment) <= LARGEST && sizeof(struct sw_products) <= LARGEST,
               "fields");

bool sw_field_read(const struct sw_field *field, const struct sw_vector *const *vectors, size_t row,
                   unsigned char *record, struct sw_error *error)
{
    unsigned char copy[LARGEST] __attribute__((aligned(16))) = {0};
    struct sw_field at_start = *field;
    if (sw_is_null(vectors[0], row)) return true;
    at_start.offset = 0;
    return read_field(&at_start, vectors, row, copy, error) &&
           sw_field_merge(&at_start, record + field->offset, copy, error);
}
