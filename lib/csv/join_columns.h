/* SPDX-License-Identifier: ISC
 *
 * A time that two columns make together, a date and a clock.
 */
#ifndef SW_CSV_JOIN_COLUMNS_H
#define SW_CSV_JOIN_COLUMNS_H

#include "csv/parse_columns.h"

/* Fields of a column of the file, and how they are read. */
struct sw_join_part {
    struct sw_fields fields;
    struct sw_field_parser *parser;
    uint32_t column;
};

/* Space for the parts. Zero-initialize. */
struct sw_column_join {
    bool open;
    struct sw_builder date, clock;
};

/* A column that was converted before. */
struct sw_join_source {
    const struct sw_vector *vector;
    size_t from; /* the first of its rows */
};

/* Joins `count` rows of both. What is null in one is null. Faults, which are of local times that
 * there are not, are counted from the builder's rows. SW_SYSTEM: no memory. */
bool sw_join_converted(struct sw_builder *builder, const struct sw_join_source *date,
                       const struct sw_join_source *clock, size_t count,
                       struct sw_field_parser *parser, uint32_t column, struct sw_faults *faults,
                       struct sw_error *error) SW_CHECKED;

/* As sw_convert, of as many fields in both parts, at most `most`. Null is what has no date or no
 * clock. A part that is refused is its own column's fault, a local time that there is not is that of
 * `column`. */
bool sw_join_columns(struct sw_column_join *join, struct sw_builder *builder,
                     const struct sw_join_part *date, const struct sw_join_part *clock, size_t most,
                     struct sw_field_parser *parser, uint32_t column, struct sw_faults *faults,
                     struct sw_error *error) SW_CHECKED;

void sw_column_join_free(struct sw_column_join *join);

#endif
