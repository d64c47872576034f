/* SPDX-License-Identifier: ISC
 *
 * A list of columns of a view, stored or derived, as a user names it with -c: their schema and, block by block, their vectors.
 */
#ifndef SW_VIEW_PROJECTION_H
#define SW_VIEW_PROJECTION_H

#include "view/view.h"

struct sw_columns {
    size_t count;
    int *handles;                     /* in the view */
    struct sw_schema schema;          /* of the columns in this order, under the table's name */
    const struct sw_vector **vectors; /* of the current block, after sw_columns_fetch */
};

/* Reads "a,b,c", or takes all stored columns for NULL. SW_USAGE for a name that is empty, unknown or there twice.
 * Free with sw_columns_free, also after a failure; zero-initialize before. */
bool sw_columns_open(struct sw_columns *columns, struct sw_view *view, const char *list,
                     struct sw_error *error) SW_CHECKED;

/* Gives the schema what stays true of the rows when they are passed on: the time column and the sort order, as far as their
 * columns are kept, and the provenance. */
bool sw_columns_inherit(struct sw_columns *columns, const struct sw_view *view,
                        struct sw_error *error) SW_CHECKED;

/* Fetches the vectors of the view's current block. */
bool sw_columns_fetch(struct sw_columns *columns, struct sw_view *view,
                      struct sw_error *error) SW_CHECKED;

void sw_columns_free(struct sw_columns *columns);

#endif
