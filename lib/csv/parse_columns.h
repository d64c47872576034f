/* SPDX-License-Identifier: ISC
 *
 * Fields of one column into a builder: typed, exact, tight. Knows nothing of rows, files or quotes:
 * it is given where the fields lie, and gives back values and a list of those that are no values.
 *
 *     field i lies between base + cells[i * stride] (a separator) and base + cells[i * stride + 1]
 */
#ifndef SW_CSV_PARSE_COLUMNS_H
#define SW_CSV_PARSE_COLUMNS_H

#include "schema/field_parser.h"
#include "record/vector.h"

struct sw_fields {
    const char *base; /* readable for 24 bytes before each field */
    const uint32_t *cells;
    size_t stride;
    size_t count;
    bool trim; /* a carriage return at the end of a field is not part of it */
};

/* A field that is not of its column's type. */
struct sw_fault {
    uint32_t row; /* counted from the first of the fields */
    uint32_t column;
};

struct sw_faults {
    struct sw_fault *items;
    size_t count, capacity;
};

/* Writes the fields' values after the builder's rows, for which there is room, without counting
 * them in vector.rows. Empty fields are null. What the parser, one of the builder's type and scale,
 * refuses is added to `faults` under `column` and is null, too. SW_SYSTEM: no memory. */
bool sw_convert(struct sw_builder *builder, const struct sw_fields *fields,
                struct sw_field_parser *parser, uint32_t column, struct sw_faults *faults,
                struct sw_error *error) SW_CHECKED;

/* Adds a fault, and makes the builder's value null. SW_SYSTEM: no memory. */
bool sw_fault_add(struct sw_faults *faults, struct sw_builder *builder, size_t row, uint32_t column,
                  struct sw_error *error) SW_CHECKED;

/* Where field i lies, and how long it is. */
static inline const char *sw_field_at(const struct sw_fields *fields, size_t i, size_t *length)
{
    const uint32_t *cell = fields->cells + i * fields->stride;
    const char *text = fields->base + cell[0] + 1;
    *length = cell[1] - cell[0] - 1;
    if (fields->trim && *length && text[*length - 1] == '\r') --*length;
    return text;
}

#endif
