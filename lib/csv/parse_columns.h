/* SPDX-License-Identifier: ISC
 *
 * Fields of one column into a builder: typed, exact, tight. Knows nothing of rows, files or quotes:
 * it is given where the fields lie, and gives back values and a list of those that are no values.
 *
 *     field i lies between base + cells[i * stride] (a separator) and base + cells[i * stride + 1]
 */
#ifndef SW_CSV_PARSE_COLUMNS_H
#define SW_CSV_PARSE_COLUMNS_H

#include "csv/value_map.h"
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
 * them in vector.rows. Empty fields are null. What is not of the builder's type and scale is added
 * to `faults` under `column` and is null, too. What the map (NULL: there is none) has a rule for is what
 * that says. SW_SYSTEM: no memory. */
bool sw_convert(struct sw_builder *builder, const struct sw_fields *fields,
                const struct sw_value_map *map, uint32_t column, struct sw_faults *faults,
                struct sw_error *error) SW_CHECKED;

/* Why a field was refused ("not a decimal"); NULL where it was not. Static text or text in `space`.
 */
const char *sw_convert_reason(enum sw_type type, int scale, const char *text, size_t length,
                              char space[64]);

#endif
