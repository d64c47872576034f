/* SPDX-License-Identifier: ISC
 *
 * What follows from an hour: where date, hour and hour_start are all derived, the first two are
 * functions of the third. They are then worked out once for each hour of a block and not for each
 * row, and so are the cells of the three as keys.
 */
#ifndef SW_GROUP_HOUR_KEYS_H
#define SW_GROUP_HOUR_KEYS_H

#include "group/grouping.h"

enum sw_hour_key {
    SW_HOUR_START,
    SW_HOUR_DATE,
    SW_HOUR_OF_DAY,
    SW_HOUR_KEYS,
};

struct sw_hours {
    bool on;
    struct sw_grouping *grouping; /* its first keys are hour_start, date, hour */
    int dimensions[SW_HOUR_KEYS];
    const struct sw_vector *vector;  /* hour_start in the current block */
    uint32_t *entries[SW_HOUR_KEYS]; /* ids by entry of its dictionary, null after the last */
    uint32_t *cells;                 /* of the three, by entry */
    size_t capacities[SW_HOUR_KEYS], cell_capacity;
};

/* Looks whether this can be done in the view for a grouping that begins with hour_start, date,
 * hour. */
void sw_hours_bind(struct sw_hours *hours, struct sw_grouping *grouping,
                   const struct sw_view *view);
void sw_hours_free(struct sw_hours *hours);

/* Whether a dimension is one of the three. */
bool sw_hours_has(const struct sw_hours *hours, int dimension);

/* Takes up the view's block: sets the date's ids of all rows. */
bool sw_hours_load(struct sw_hours *hours, struct sw_view *view, struct sw_error *error) SW_CHECKED;

/* Finds the cells of the block's rows in the grouping, whose keys after the three are loaded. */
bool sw_hours_find(struct sw_hours *hours, size_t rows, struct sw_error *error) SW_CHECKED;

#endif
