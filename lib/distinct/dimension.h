/* SPDX-License-Identifier: ISC
 *
 * The columns that rows are grouped by or whose distinct values are counted, each with the table of
 * its values and, for the current block, the id of each row's value. A column that is both, or a
 * key of several reports, is one dimension.
 */
#ifndef SW_DISTINCT_DIMENSION_H
#define SW_DISTINCT_DIMENSION_H

#include "distinct/intern.h"
#include "view/view.h"

/* All that it points to is its own. */
struct sw_dimension {
    char *name;
    char *definition; /* "NAME=EXPRESSION", where it is given so; else NULL */
    enum sw_type type;
    int scale;
    int handle; /* in the view */
    struct sw_intern intern;
    uint32_t *ids; /* a row each */
    size_t id_capacity;
    uint32_t *of_number; /* ids of a keyed block's numbers */
    size_t of_number_capacity;
    uint64_t keyed_block; /* the block that they are of; 0: none */
    uint32_t *ranks;      /* sw_dimension_rank made them, for `ranked` ids */
    size_t ranked;
};

/* Zero-initialize before; free with sw_dimensions_free. */
struct sw_dimensions {
    struct sw_dimension *items;
    size_t count, capacity;
};

/* The index of the dimension of this name, which is added where it is new; -1 with SW_SYSTEM: no
 * memory. */
int sw_dimension_add(struct sw_dimensions *dimensions, const char *name, size_t length,
                     struct sw_error *error) SW_CHECKED;
void sw_dimensions_free(struct sw_dimensions *dimensions);

/* Says what type the values are of, before the first one. SW_SYSTEM: no memory. */
bool sw_dimension_type(struct sw_dimension *dimension, enum sw_type type, int scale,
                       struct sw_error *error) SW_CHECKED;

/* Finds it in the view and takes its type from there. `missing`, SW_USAGE or SW_DATA: the view has no such column; else as
 * sw_view_column. */
bool sw_dimension_bind(struct sw_dimension *dimension, struct sw_view *view, enum sw_status missing,
                       struct sw_error *error) SW_CHECKED;

/* Sets ids[] for the first `rows` rows of a vector. Outcomes as sw_intern_vector. */
bool sw_dimension_load(struct sw_dimension *dimension, const struct sw_vector *vector, size_t rows,
                       struct sw_error *error) SW_CHECKED;

/* The same of a column that is stored by codes: the numbers of a block are looked up once, whether it comes in pieces or not. */
bool sw_dimension_load_keyed(struct sw_dimension *dimension, const struct sw_keyed *keyed,
                             size_t rows, struct sw_error *error) SW_CHECKED;

/* Whether its values are sizes, which are ordered by their bounds. */
bool sw_dimension_sizes(const struct sw_dimension *dimension);

/* Makes ranks[] up to date: null first, numbers as numbers, text by bytes, a dimension called
 * "size" by its bounds. SW_SYSTEM: no memory. */
bool sw_dimension_rank(struct sw_dimension *dimension, struct sw_error *error) SW_CHECKED;

/* Appends the value of an id to a builder of its type, null for SW_NULL_ID. SW_SYSTEM: no memory. */
bool sw_dimension_put(const struct sw_dimension *dimension, uint32_t id, struct sw_builder *builder,
                      struct sw_error *error) SW_CHECKED;

/* The same of many ids. There must be room for them; SW_SYSTEM: no memory for a text. */
bool sw_dimension_put_all(const struct sw_dimension *dimension, const uint32_t *ids, size_t count,
                          struct sw_builder *builder, struct sw_error *error) SW_CHECKED;

/* Appends "NAME=VALUE" for an error's message. SW_SYSTEM: no memory. */
bool sw_dimension_say(const struct sw_dimension *dimension, uint32_t id, struct sw_buffer *out,
                      struct sw_error *error) SW_CHECKED;

#endif
