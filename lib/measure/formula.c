/* SPDX-License-Identifier: ISC */
#include "measure/formula.h"

/* ---- one step ---- */

static bool out_of_range(struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "out of range: more than 512 bits on the way");
}

static bool combine(enum sw_formula_operation operation, struct sw_formula_value *a,
                    const struct sw_formula_value *b, struct sw_error *error)
{
    bool fits = true;
    a->null =
        a->null || b->null || (operation == SW_FORMULA_DIVIDE && sw_rational_is_zero(&b->number));
    if (a->null) return true;
    if (operation == SW_FORMULA_ADD) fits = sw_rational_add(&a->number, &b->number);
    if (operation == SW_FORMULA_SUBTRACT) fits = sw_rational_subtract(&a->number, &b->number);
    if (operation == SW_FORMULA_MULTIPLY) fits = sw_rational_multiply(&a->number, &b->number);
    if (operation == SW_FORMULA_DIVIDE) fits = sw_rational_divide(&a->number, &b->number);
    return fits || out_of_range(error);
}

/* values[0] becomes the least or the greatest of those that are not null. */
static bool choose(enum sw_formula_operation operation, struct sw_formula_value *values,
                   size_t count, struct sw_error *error)
{
    for (size_t i = 1; i < count; i++) {
        bool less = values[0].null;
        if (values[i].null) continue;
        bool least = operation == SW_FORMULA_LEAST;
        if (!values[0].null &&
            !sw_rational_less(least ? &values[i].number : &values[0].number,
                              least ? &values[0].number : &values[i].number, &less))
            return out_of_range(error);
        if (less) values[0] = values[i];
    }
    return true;
}

static bool round_to(struct sw_formula_value *a, int decimals, struct sw_error *error)
{
    sw_int128 rounded;
    if (a->null) return true;
    if (!sw_rational_round(&a->number, decimals, &rounded))
        return sw_fail(error, SW_DATA, "out of range: round: more than 127 bits with %d decimals",
                       decimals);
    a->number = sw_rational_of(rounded, decimals);
    return true;
}

/* How many values the step takes from the stack. */
static size_t taken(const struct sw_formula_step *step)
{
    switch (step->operation) {
    case SW_FORMULA_MEASURE:
    case SW_FORMULA_NUMBER:
        return 0;
    case SW_FORMULA_NEGATE:
    case SW_FORMULA_ABS:
    case SW_FORMULA_ROUND:
        return 1;
    case SW_FORMULA_LEAST:
    case SW_FORMULA_GREATEST:
        return (size_t)step->argument;
    default:
        return 2;
    }
}

/* values[0] is the first that it takes, and what it puts there. */
static bool work_out(const struct sw_formula_step *step, struct sw_formula_value *values,
                     struct sw_error *error)
{
    switch (step->operation) {
    case SW_FORMULA_MEASURE: /* the caller's */
        return true;
    case SW_FORMULA_NUMBER:
        values[0] = (struct sw_formula_value){false, sw_rational_of(step->number, step->argument)};
        return true;
    case SW_FORMULA_NEGATE:
        values[0].number.negative = !values[0].number.negative;
        return true;
    case SW_FORMULA_ABS:
        values[0].number.negative = false;
        return true;
    case SW_FORMULA_LEAST:
    case SW_FORMULA_GREATEST:
        return choose(step->operation, values, (size_t)step->argument, error);
    case SW_FORMULA_ROUND:
        return round_to(&values[0], step->argument, error);
    default:
        return combine(step->operation, &values[0], &values[1], error);
    }
}

bool sw_formula_value(const struct sw_formula *formula, sw_formula_fetch *fetch, void *context,
                      struct sw_formula_value *value, struct sw_error *error)
{
    struct sw_formula_value stack[SW_FORMULA_STEPS + 1] = {0};
    size_t height = 0;
    for (size_t i = 0; i < formula->count; i++) {
        const struct sw_formula_step *step = &formula->steps[i];
        height -= taken(step);
        bool good = step->operation == SW_FORMULA_MEASURE
                        ? fetch(context, step->argument, &stack[height], error)
                        : work_out(step, &stack[height], error);
        if (!good) return false;
        height++;
    }
    *value = stack[0];
    return true;
}
