/* SPDX-License-Identifier: ISC */
#include "view/derive.h"

/* A row of which another input was null already is not marked again: each null counts once. */
static void mark_nulls(const struct sw_vector *input, size_t rows, struct sw_builder *out)
{
    if (!input->nulls) return;
    for (size_t row = 0; row < rows; row++)
        if (sw_is_null(input, row) && !sw_is_null(&out->vector, row)) sw_builder_null(out, row);
}

void sw_recipe_finish(const struct sw_view *view, const struct sw_vector *const *inputs,
                      size_t count, struct sw_builder *out)
{
    for (size_t i = 0; i < count; i++) mark_nulls(inputs[i], view->rows, out);
    out->vector.rows = view->rows;
}
