/* SPDX-License-Identifier: ISC
 *
 * What a stream is sorted by, as a user writes it with -k: keys among the stored columns, and
 * derived ones, which are computed for the sort and not written out. The schema here has the stored
 * columns first and the derived keys after them, so that a sorter sees columns only.
 */
#ifndef SW_SORT_SORT_COLUMNS_H
#define SW_SORT_SORT_COLUMNS_H

#include "sort/sort_keys.h"
#include "view/view.h"

struct sw_sort_columns {
    struct sw_schema schema;
    size_t stored;                    /* columns of the schema that the view's supplier stores */
    int *handles;                     /* in the view, one per column of the schema */
    const struct sw_vector **vectors; /* of the view's current block, after sw_sort_columns_fetch */
    struct sw_sort_key *keys;         /* columns of the schema */
    size_t key_count, given_count;    /* the first of them are the user's */
};

/* Reads "COL[:asc|:desc],…", where COL may be "NAME=EXPRESSION" if the view has a definer. A derived `size` is in the order of its bounds. SW_USAGE naming a
 * column that is neither stored nor can be derived; else as sw_sort_keys_parse. Zero-initialize
 * before; free in any case. */
bool sw_sort_columns_open(struct sw_sort_columns *columns, struct sw_view *view, const char *list,
                          struct sw_error *error) SW_CHECKED;

/* Makes all the other columns keys too, after those given, in their order. SW_SYSTEM: memory. */
bool sw_sort_columns_add_others(struct sw_sort_columns *columns, struct sw_error *error) SW_CHECKED;

/* Fetches the vectors of the view's current block. */
bool sw_sort_columns_fetch(struct sw_sort_columns *columns, struct sw_view *view,
                           struct sw_error *error) SW_CHECKED;

/* The schema of what is written: the stored columns, sorted by the keys given before the first
 * derived one. *schema is initialized by this. */
bool sw_sort_columns_output(const struct sw_sort_columns *columns, struct sw_schema *schema,
                            struct sw_error *error) SW_CHECKED;

void sw_sort_columns_free(struct sw_sort_columns *columns);

#endif
