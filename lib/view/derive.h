/* SPDX-License-Identifier: ISC
 *
 * How the derived columns of a view are computed: a table of recipes, each with the columns that it
 * is made from, which may be derived ones, and a function that turns a block of them into a block
 * of its own. Only view.c uses it.
 */
#ifndef SW_VIEW_DERIVE_H
#define SW_VIEW_DERIVE_H

#include "view/view.h"

enum { SW_RECIPE_INPUTS = 3, SW_SIZE_LABEL = 64 };

/* The scale of what is made. */
enum sw_recipe_scale {
    SW_SCALE_FIXED,    /* the recipe's own */
    SW_SCALE_SUM,      /* those of the inputs added, as of a product */
    SW_SCALE_GREATEST, /* the greatest of the inputs, which are all scaled to it; an int of ints */
};

struct sw_recipe {
    const char *name;
    enum sw_type type;
    int scale;
    enum sw_recipe_scale scale_rule;
    bool of_time; /* the only input is the schema's time column */
    /* Names; all are numbers. Of the first `choice` one is enough, and of those after them none is
     * needed; 0: all are. */
    const char *inputs[SW_RECIPE_INPUTS];
    size_t choice;
    /* Fills *out, empty and with room, with view->rows rows; an input that is not there is NULL.
     * SW_DATA where a value is out of range, SW_SYSTEM where there is no memory. */
    bool (*compute)(struct sw_view *view, const struct sw_vector *const *inputs,
                    struct sw_builder *out, struct sw_error *error);
};

/* The recipe of this name, or NULL. */
const struct sw_recipe *sw_recipe_find(const char *name);

/* The name of each in turn; NULL after the last one. */
const char *sw_recipe_name(size_t index);

/* Ends a recipe: rows where one of `count` inputs is null are null, and the vector has all its
 * rows. */
void sw_recipe_finish(const struct sw_view *view, const struct sw_vector *const *inputs,
                      size_t count, struct sw_builder *out);

/* The recipes' functions. */
bool sw_derive_date(struct sw_view *view, const struct sw_vector *const *inputs,
                    struct sw_builder *out, struct sw_error *error) SW_CHECKED;
bool sw_derive_hour(struct sw_view *view, const struct sw_vector *const *inputs,
                    struct sw_builder *out, struct sw_error *error) SW_CHECKED;
bool sw_derive_time_of_day(struct sw_view *view, const struct sw_vector *const *inputs,
                           struct sw_builder *out, struct sw_error *error) SW_CHECKED;
bool sw_derive_time(struct sw_view *view, const struct sw_vector *const *inputs,
                    struct sw_builder *out, struct sw_error *error) SW_CHECKED;
bool sw_derive_hour_start(struct sw_view *view, const struct sw_vector *const *inputs,
                          struct sw_builder *out, struct sw_error *error) SW_CHECKED;
bool sw_derive_order_quantity(struct sw_view *view, const struct sw_vector *const *inputs,
                              struct sw_builder *out, struct sw_error *error) SW_CHECKED;
bool sw_derive_size(struct sw_view *view, const struct sw_vector *const *inputs,
                    struct sw_builder *out, struct sw_error *error) SW_CHECKED;
bool sw_derive_size_place(struct sw_view *view, const struct sw_vector *const *inputs,
                          struct sw_builder *out, struct sw_error *error) SW_CHECKED;
bool sw_derive_value(struct sw_view *view, const struct sw_vector *const *inputs,
                     struct sw_builder *out, struct sw_error *error) SW_CHECKED;
bool sw_derive_fill_ratio(struct sw_view *view, const struct sw_vector *const *inputs,
                          struct sw_builder *out, struct sw_error *error) SW_CHECKED;
bool sw_derive_fill(struct sw_view *view, const struct sw_vector *const *inputs,
                    struct sw_builder *out, struct sw_error *error) SW_CHECKED;

#endif
