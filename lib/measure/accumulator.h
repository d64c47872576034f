/* SPDX-License-Identifier: ISC
 *
 * What a group remembers of its rows: a record of fields, each of which can be merged with its
 * like, written to a partial stream and read back. Merging is associative and commutative, so that
 * no split and no order of the input shows. Knows nothing of what is made of the fields in the end
 * (measure/measure.h does).
 */
#ifndef SW_MEASURE_ACCUMULATOR_H
#define SW_MEASURE_ACCUMULATOR_H

#include "base/sum.h"
#include "distinct/intern.h"

enum sw_field_kind {
    SW_FIELD_COUNT, /* uint64_t */
    SW_FIELD_SUM,   /* struct sw_sum; two columns */
    SW_FIELD_LEAST, /* sw_int128, SW_INT128_MAX while there is none; of text: an id or SW_NULL_ID */
    SW_FIELD_MOST,  /* the same with SW_INT128_MIN */
    SW_FIELD_FIRST, /* struct sw_moment; three columns */
    SW_FIELD_LAST,
    SW_FIELD_PRODUCTS, /* struct sw_products; three columns */
};

/* A value and the row it is of. */
struct sw_moment {
    sw_int128 value;    /* of text: an id */
    sw_int128 sequence; /* SW_NO_SEQUENCE: null */
    int64_t time_ns;
    bool known; /* false while there was no row */
};

#define SW_NO_SEQUENCE (-((sw_int128)1 << 100))

struct sw_field {
    char *name; /* of its (last) column in a partial stream */
    enum sw_field_kind kind;
    size_t offset;     /* in the record */
    enum sw_type type; /* of the values; COUNT: SW_INT, SUM and PRODUCTS: SW_DECIMAL */
    int scale;
    struct sw_intern *texts; /* what ids of text mean; NULL for numbers */
};

/* Bytes that a field of this kind takes in a record, a multiple of 8. */
size_t sw_field_size(enum sw_field_kind kind);

/* How many columns a partial stream has for it. */
size_t sw_field_width(enum sw_field_kind kind);

/* Sets the field of a new record. */
void sw_field_clear(const struct sw_field *field, unsigned char *record);

/* Merges one record's field into another's. False with SW_DATA: out of range. */
bool sw_field_merge(const struct sw_field *field, unsigned char *to, const unsigned char *from,
                    struct sw_error *error) SW_CHECKED;

/* Offers a value (of text: an id) to a LEAST or MOST field, a moment to a FIRST or LAST one. */
void sw_field_offer(const struct sw_field *field, unsigned char *record, sw_int128 value);
void sw_field_offer_moment(const struct sw_field *field, unsigned char *record,
                           const struct sw_moment *moment);

/* Adds the field's columns to the schema of a partial stream. Outcomes as sw_schema_add. */
bool sw_field_columns(const struct sw_field *field, struct sw_schema *schema,
                      struct sw_error *error) SW_CHECKED;

/* Appends a record's field to the sw_field_width builders. SW_DATA: out of range; SW_SYSTEM: no memory. */
bool sw_field_write(const struct sw_field *field, const unsigned char *record,
                    struct sw_builder *builders, struct sw_error *error) SW_CHECKED;

/* Reads what sw_field_write wrote at a row of the field's vectors and merges it into the record.
 * SW_DATA: out of range, or nothing that a field writes. */
bool sw_field_read(const struct sw_field *field, const struct sw_vector *const *vectors, size_t row,
                   unsigned char *record, struct sw_error *error) SW_CHECKED;

/* Appends a value of the field's type (of text: its id) to a builder of that type. SW_DATA: out of range; SW_SYSTEM: no memory. */
bool sw_field_put(const struct sw_field *field, sw_int128 value, struct sw_builder *builder,
                  struct sw_error *error) SW_CHECKED;

/* Records that a sum in this field is out of range, by the measure's name. Returns false always. */
bool sw_field_overflow(const struct sw_field *field, struct sw_error *error);

/* The field's place in a record. */
static inline uint64_t *sw_count_at(const struct sw_field *field, unsigned char *record)
{
    return (uint64_t *)(void *)(record + field->offset);
}
static inline sw_int128 *sw_number_at(const struct sw_field *field, unsigned char *record)
{
    return (sw_int128 *)(void *)(record + field->offset);
}
static inline struct sw_sum *sw_sum_at(const struct sw_field *field, unsigned char *record)
{
    return (struct sw_sum *)(void *)(record + field->offset);
}
static inline struct sw_products *sw_products_at(const struct sw_field *field,
                                                 unsigned char *record)
{
    return (struct sw_products *)(void *)(record + field->offset);
}
static inline struct sw_moment *sw_moment_at(const struct sw_field *field, unsigned char *record)
{
    return (struct sw_moment *)(void *)(record + field->offset);
}

#endif
