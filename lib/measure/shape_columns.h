/* SPDX-License-Identifier: ISC
 *
 * The columns of a partial stream: what the fields and members of a shape are called there, found again, and taken over.
 */
#ifndef SW_MEASURE_SHAPE_COLUMNS_H
#define SW_MEASURE_SHAPE_COLUMNS_H

#include "measure/measure.h"

/* Adds the columns of the shape's fields and members to the schema of a partial stream. Outcomes as sw_schema_add. */
bool sw_shape_columns(const struct sw_shape *shape, const struct sw_dimensions *dimensions,
                      struct sw_schema *schema, struct sw_error *error) SW_CHECKED;

/* The index of the first of those columns in a schema that has them; -1: it lacks one. */
int sw_shape_find(const struct sw_shape *shape, const struct sw_schema *schema);

/* Takes the types of fields and members from the columns of a partial stream. SW_DATA: they are not
 * what the shape needs. */
bool sw_shape_adopt(struct sw_shape *shape, struct sw_dimensions *dimensions,
                    const struct sw_schema *schema, struct sw_error *error) SW_CHECKED;

#endif
