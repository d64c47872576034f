/* SPDX-License-Identifier: ISC
 *
 * What an order's quantities say: what it asked for in all, its size, its value, how far it was
 * filled. Nothing here is rounded but fill_ratio, once, half away from zero.
 */
#include <string.h>

#include "base/number.h"
#include "base/wide.h"
#include "kernels/amounts.h"
#include "view/derive.h"
#include "view/order_quantity.h"

enum { RATIO_SCALE = 18 };

/* ---- what was asked for ---- */

static bool fail_asked(struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "order_quantity: does not fit 128 bits");
}

static bool any_asked(const struct sw_view *view, const struct sw_order_quantities *from,
                      struct sw_builder *out, struct sw_error *error)
{
    for (size_t row = 0; row < view->rows; row++) {
        sw_int128 asked;
        switch (sw_order_quantity(from, row, &asked)) {
        case SW_ASKED_NULL:
            sw_builder_add_null(out);
            break;
        case SW_ASKED_KNOWN:
            if (!sw_builder_add_value(out, asked, error)) return false;
            break;
        case SW_ASKED_TOO_FAR:
            return fail_asked(error);
        }
    }
    return true;
}

/* Whether all three are there, as usual: then none of the rows is null. */
static bool is_usual(const struct sw_order_quantities *from)
{
    const struct sw_vector *const columns[] = {from->quantity, from->matched, from->leaves};
    for (size_t i = 0; i < 3; i++)
        if (!columns[i] || columns[i]->wide || columns[i]->scale != from->scale) return false;
    return !from->matched->nulls && !from->leaves->nulls;
}

bool sw_derive_order_quantity(struct sw_view *view, const struct sw_vector *const *inputs,
                              struct sw_builder *out, struct sw_error *error)
{
    const struct sw_order_quantities from = {inputs[0], inputs[1], inputs[2], out->vector.scale};
    if (is_usual(&from) &&
        sw_amounts_best()->asked(from.quantity->narrow, from.matched->narrow, from.leaves->narrow,
                                 view->rows, out->vector.narrow)) {
        out->vector.rows = view->rows;
        return true;
    }
    return any_asked(view, &from, out, error);
}

/* ---- size ---- */

static size_t format_bound(char *to, int64_t bound, int scale)
{
    for (; scale && bound % 10 == 0; scale--) bound /= 10;
    bool thousands = bound != 0 && scale == 0 && bound % 1000 == 0;
    size_t length = sw_format_decimal(to, thousands ? bound / 1000 : bound, scale);
    if (thousands) to[length++] = 'K';
    return length;
}

/* The label of the bucket below bound `bucket`, or above the last one. */
static size_t format_label(const struct sw_view *view, size_t bucket, char to[SW_SIZE_LABEL])
{
    const int64_t *bounds = view->size_bounds;
    const int scale = view->size_scale;
    size_t length = 0;
    if (bucket == view->size_count) {
        to[length++] = '>';
        return length + format_bound(to + length, bounds[bucket - 1], scale);
    }
    if (bucket == 0) {
        to[length++] = '<';
        to[length++] = '=';
    } else {
        length = format_bound(to, bounds[bucket - 1], scale);
        to[length++] = '-';
    }
    return length + format_bound(to + length, bounds[bucket], scale);
}

/* All labels are interned in their order, so that a label's code is its bucket. */
static bool intern_labels(const struct sw_view *view, struct sw_builder *out,
                          struct sw_error *error)
{
    for (size_t bucket = 0; bucket <= view->size_count; bucket++) {
        char label[SW_SIZE_LABEL];
        uint32_t code;
        size_t length = format_label(view, bucket, label);
        if (!sw_builder_intern(out, label, length, &code, error)) return false;
    }
    return true;
}

static void bucket_narrow(const struct sw_view *view, const int64_t *quantities, uint32_t *codes)
{
    if (view->size_count == SW_AMOUNT_BOUNDS) { /* as by default */
        sw_amounts_best()->sizes(view->size_bounds, quantities, view->rows, codes);
        return;
    }
    memset(codes, 0, view->rows * sizeof *codes);
    for (size_t i = 0; i < view->size_count; i++) {
        int64_t bound = view->size_bounds[i];
        for (size_t row = 0; row < view->rows; row++) codes[row] += quantities[row] > bound;
    }
}

static uint32_t bucket_of(const struct sw_view *view, const struct sw_vector *quantity, size_t row)
{
    uint32_t bucket = 0;
    while (bucket < view->size_count &&
           sw_compare_scaled(sw_value(quantity, row), quantity->scale, view->size_bounds[bucket],
                             view->size_scale) > 0)
        bucket++;
    return bucket;
}

bool sw_derive_size(struct sw_view *view, const struct sw_vector *const *inputs,
                    struct sw_builder *out, struct sw_error *error)
{
    const struct sw_vector *quantity = inputs[0];
    uint32_t *codes = out->vector.codes;
    if (!intern_labels(view, out, error)) return false;
    if (!quantity->wide && quantity->scale == 0 && view->size_scale == 0)
        bucket_narrow(view, quantity->narrow, codes);
    else
        for (size_t row = 0; row < view->rows; row++) codes[row] = bucket_of(view, quantity, row);
    sw_recipe_finish(view, inputs, 1, out);
    return true;
}

bool sw_derive_size_place(struct sw_view *view, const struct sw_vector *const *inputs,
                          struct sw_builder *out, struct sw_error *error)
{
    const struct sw_vector *quantity = inputs[0];
    (void)error;
    for (size_t row = 0; row < view->rows; row++)
        out->vector.narrow[row] = bucket_of(view, quantity, row);
    sw_recipe_finish(view, inputs, 1, out);
    return true;
}

/* ---- value ---- */

/* Values from row `row` on, all 128-bit. */
static bool multiply_wide(const struct sw_view *view, const struct sw_vector *const *inputs,
                          size_t row, struct sw_builder *out, struct sw_error *error)
{
    if (!sw_builder_widen(out, row, error)) return false;
    for (; row < view->rows; row++)
        if (__builtin_mul_overflow(sw_value(inputs[0], row), sw_value(inputs[1], row),
                                   &out->vector.wide_values[row]))
            return sw_fail(error, SW_DATA, "value: price times quantity does not fit 128 bits");
    return true;
}

bool sw_derive_value(struct sw_view *view, const struct sw_vector *const *inputs,
                     struct sw_builder *out, struct sw_error *error)
{
    const struct sw_vector *price = inputs[0], *quantity = inputs[1];
    size_t row = 0;
    if (!price->wide && !quantity->wide)
        row = sw_amounts_best()->values(price->narrow, quantity->narrow, view->rows,
                                        out->vector.narrow);
    if (row < view->rows && !multiply_wide(view, inputs, row, out, error)) return false;
    sw_recipe_finish(view, inputs, 2, out);
    return true;
}

/* ---- how far it was filled ---- */

/* `shift`: decimals that the quantity has more than what was matched. */
static bool one_ratio(sw_int128 matched, sw_int128 quantity, int shift, sw_int128 *ratio,
                      struct sw_error *error)
{
    if (matched == 0)
        *ratio = 0;
    else if (matched == quantity && shift == 0)
        *ratio = sw_power_of_ten(RATIO_SCALE);
    else if (!sw_ratio(matched, quantity, RATIO_SCALE + shift, ratio))
        return sw_fail(error, SW_DATA, "fill_ratio: does not fit 128 bits");
    return true;
}

/* Of the rows from `start` on that are usual. */
static void ratio_nulls(const struct sw_vector *const *inputs, size_t start, size_t end,
                        struct sw_builder *out)
{
    size_t zeros = 0; /* where null, it is 0 too */
    for (size_t row = start; row < end; row++) zeros += inputs[1]->narrow[row] == 0;
    for (size_t row = start; (zeros || inputs[0]->nulls) && row < end; row++)
        if (inputs[1]->narrow[row] == 0 || sw_is_null(inputs[0], row)) sw_builder_null(out, row);
    out->vector.rows = end;
}

static bool any_ratios(const struct sw_vector *const *inputs, size_t end, struct sw_builder *out,
                       struct sw_error *error)
{
    const struct sw_vector *matched = inputs[0], *quantity = inputs[1];
    const int shift = quantity->scale - matched->scale;
    for (size_t row = out->vector.rows; row < end; row++) {
        sw_int128 ratio = 0, below = sw_value(quantity, row);
        bool null = below == 0 || sw_is_null(matched, row);
        if (null)
            sw_builder_add_null(out);
        else if (!one_ratio(sw_value(matched, row), below, shift, &ratio, error) ||
                 !sw_builder_add_value(out, ratio, error))
            return false;
    }
    return true;
}

bool sw_derive_fill_ratio(struct sw_view *view, const struct sw_vector *const *inputs,
                          struct sw_builder *out, struct sw_error *error)
{
    const struct sw_vector *matched = inputs[0], *quantity = inputs[1];
    const struct sw_amounts *amounts = sw_amounts_best();
    bool narrow = !matched->wide && !quantity->wide && matched->scale == quantity->scale;
    for (size_t start = 0; start < view->rows; start += SW_AMOUNT_SLICE) {
        size_t rows = view->rows - start < SW_AMOUNT_SLICE ? view->rows - start : SW_AMOUNT_SLICE;
        if (narrow && !out->vector.wide &&
            amounts->ratios(matched->narrow + start, quantity->narrow + start, rows,
                            out->vector.narrow + start))
            ratio_nulls(inputs, start, start + rows, out);
        else if (!any_ratios(inputs, start + rows, out, error))
            return false;
    }
    return true;
}

static void any_fills(const struct sw_view *view, const struct sw_vector *matched,
                      const struct sw_vector *quantity, struct sw_builder *out)
{
    for (size_t row = 0; row < view->rows; row++) {
        bool some = sw_value(matched, row) != 0;
        if (sw_is_null(matched, row) || (some && sw_is_null(quantity, row))) {
            sw_builder_null(out, row);
            continue;
        }
        bool full = sw_compare_scaled(sw_value(matched, row), matched->scale,
                                      sw_value(quantity, row), quantity->scale) == 0;
        uint32_t how = full ? SW_AMOUNT_FULL : SW_AMOUNT_PARTIAL;
        out->vector.codes[row] = some ? how : SW_AMOUNT_NONE;
    }
}

bool sw_derive_fill(struct sw_view *view, const struct sw_vector *const *inputs,
                    struct sw_builder *out, struct sw_error *error)
{
    const struct sw_vector *matched = inputs[0], *quantity = inputs[1];
    for (size_t i = 0; i < SW_FILLS; i++) {
        uint32_t code;
        if (!sw_builder_intern(out, sw_fill_names[i], strlen(sw_fill_names[i]), &code, error))
            return false;
    }
    bool usual = !matched->wide && !quantity->wide && !matched->nulls && !quantity->nulls &&
                 matched->scale == quantity->scale;
    if (usual)
        sw_amounts_best()->fills(matched->narrow, quantity->narrow, view->rows, out->vector.codes);
    else
        any_fills(view, matched, quantity, out);
    out->vector.rows = view->rows;
    return true;
}
