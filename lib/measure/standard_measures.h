/* SPDX-License-Identifier: ISC
 *
 * The standard measures of every report, computed together: one loop over a block adds each row to
 * a lane of 128 bytes for its cell, in up to three groupings at once, and the lanes are added to
 * the records once per block.
 *
 *     block of rows ─▶ lanes (a lane per cell met in the block) ─▶ records (128 and 256 bits)
 *
 * Nulls and wide values cost nothing where there are none.
 */
#ifndef SW_MEASURE_STANDARD_MEASURES_H
#define SW_MEASURE_STANDARD_MEASURES_H

#include "measure/accumulator_lanes.h"
#include "measure/standard_shape.h"

enum { SW_TARGETS_MAXIMUM = 3 };

/* A grouping's cells: where a block's rows go. */
struct sw_standard_target {
    const uint32_t *cells; /* of each row */
    size_t cell_limit;     /* all are below */
    unsigned char *records;
};

struct sw_standard {
    int at[SW_STANDARD_FIELDS];                    /* where the shape has its fields; -1: nowhere */
    int handles[SW_STANDARD_COLUMNS], fill_handle; /* -1: there is no such column */
    struct sw_vector absent;                       /* zeros: what lanes take for such a one */
    const struct sw_vector *vectors[SW_STANDARD_COLUMNS]; /* of the current block */
    size_t rows;
    uint64_t sizes[SW_STANDARD_COLUMNS]; /* of quantity, matched and price: no value is farther
                                            from 0 */
    bool multiplied;                     /* value is price times quantity, not stored */
    bool simple;                         /* all values fit what lanes hold */
    bool nulls;                          /* some are null */
    int64_t *fills;                      /* a row each */
    bool fills_known;                    /* none is null or has another name */
    struct sw_lane_columns columns;
    int64_t *spare[4]; /* where its extremes are copied to when there are nulls */
    struct sw_lanes lanes[SW_TARGETS_MAXIMUM];
    uint32_t *lane_nulls; /* SW_STANDARD_COLUMNS a lane */
};

/* Finds the columns in the view and gives the shape (sw_shape_standard's) its types. SW_DATA naming
 * a column that is not there, SW_SYSTEM: no memory. Free it in any case. */
bool sw_standard_bind(struct sw_standard *standard, struct sw_shape *shape, struct sw_view *view,
                      struct sw_error *error) SW_CHECKED;
void sw_standard_free(struct sw_standard *standard);

/* Takes up the view's current block. Outcomes as sw_view_vector; SW_SYSTEM: no memory. */
bool sw_standard_begin(struct sw_standard *standard, struct sw_view *view,
                       struct sw_error *error) SW_CHECKED;

/* Adds its rows to the records of their cells, in each of 1 to SW_TARGETS_MAXIMUM targets. SW_SYSTEM: no memory. */
bool sw_standard_add(struct sw_standard *standard, const struct sw_shape *shape,
                     const struct sw_standard_target *targets, size_t count,
                     struct sw_error *error) SW_CHECKED;

#endif
