/* SPDX-License-Identifier: ISC
 *
 * The values of quantiles row by row: for each row its cell in every grouping of the pass, and the id of its value in every member that
 * counts its values. Where most values differ this is smaller than what the groupings' sets would hold of them (group/pair_table.h), and
 * sorted once for all groups of all reports: a member's rows by value, which are then dealt out to the cells, each of which has its own in
 * order. Where values repeat sets are smaller, and take the rows over. What takes more than the memory that there is for it goes into a
 * temporary file, and is read back a column at a time (group/value_columns.h).
 *
 *     rows ─▶ cells, ids ─ a member by value ─▶ dealt out by cell        or ─▶ the groupings' sets
 */
#ifndef SW_GROUP_VALUE_ROWS_H
#define SW_GROUP_VALUE_ROWS_H

#include "group/grouping.h"
#include "group/value_columns.h"

struct sw_sorted_value {
    uint32_t row, id;
};

/* Of a member, without nulls, once they were asked for; where columns were spilled they are in the file, too. */
struct sw_sorted_values {
    bool made;
    size_t count;
    struct sw_sorted_value *items; /* in memory … */
    struct sw_part part;           /* … or there */
};

/* Zeroed at first. */
struct sw_value_rows {
    size_t count; /* of rows */
    /* The rest is the module's own. */
    const struct sw_shape *shape;
    struct sw_grouping *groupings;
    size_t grouping_count;
    struct sw_value_columns
        columns; /* cells of each grouping, then ids of each member, of those that are counted */
    size_t looked_at; /* bytes that it took when it was last seen to be smaller than sets */
    struct sw_sorted_values *sorted; /* of each member */
    struct sw_value_numbers cells; /* those of grouping cells_of - 1 that were read last; 0: none */
    size_t cells_of;
    /* Of each member, then grouping: values of each cell, once they were counted. */
    uint32_t **counts;
    struct sw_pages places; /* of each row, in the grouping that was aimed at: its cell, … */
    size_t place_bytes;     /* … in so many bytes */
    struct sw_pages dealt;  /* ids that were dealt out last; the room is used again */
};

/* Keeps the rows of these groupings, of one shape, for the members that are counted: their `values` is it from now on, and their sets get no
 * counted values. They stay where they are while it is used. Does nothing where no member is counted. memory_bytes is for what is kept of the rows
 * before it goes into a file in the folder (NULL: none). SW_SYSTEM: no memory. Free it in any case. */
bool sw_value_rows_begin(struct sw_value_rows *values, struct sw_grouping *groupings, size_t count,
                         uint64_t memory_bytes, const char *folder,
                         struct sw_error *error) SW_CHECKED;
void sw_value_rows_free(struct sw_value_rows *values);

/* Adds rows whose cells in the groupings were found last and whose ids are in the dimensions; hands all over to the sets where these may be
 * smaller, and then does nothing any more. SW_SYSTEM: no memory, the file. */
bool sw_value_rows_add(struct sw_value_rows *values, size_t rows,
                       struct sw_error *error) SW_CHECKED;

/* Hands all that it has over to the groupings' sets. SW_SYSTEM: no memory, the file. */
bool sw_value_rows_settle(struct sw_value_rows *values, struct sw_error *error) SW_CHECKED;

/* Looks up where rows go in a grouping whose `values` it is, for all that is dealt out to it. SW_SYSTEM: no memory, the file. */
bool sw_value_rows_aim(struct sw_value_rows *values, const struct sw_grouping *grouping,
                       struct sw_error *error) SW_CHECKED;

/* The values of cells, nulls left out: those of cell i are ids[starts[i]] to ids[starts[i + 1] - 1], by value. */
struct sw_dealt_values {
    size_t *starts;
    const uint32_t *ids; /* of the rows, until values are dealt out again */
};

/* Deals a member's values out to the cells of the grouping that was aimed at. Free *dealt in any case. SW_SYSTEM: no memory, the file. */
bool sw_value_rows_deal(struct sw_value_rows *values, const struct sw_grouping *grouping,
                        size_t member, struct sw_dealt_values *dealt,
                        struct sw_error *error) SW_CHECKED;
void sw_dealt_values_free(struct sw_dealt_values *dealt);

#endif
