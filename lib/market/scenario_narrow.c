/* SPDX-License-Identifier: ISC */
#include "market/scenario_narrow.h"

#include <string.h>

#include "base/number.h"

/* above ÷ below, where it is known; below is above 0. */
struct fraction {
    bool known;
    sw_int128 above, below;
};

/* An order's terms as whole numbers: prices of one scale, quantities of one, costs of the sum of the two. */
struct narrow {
    int price_scale, cost_scale;
    bool quantity_known, cost_known;
    sw_int128 quantity, cost; /* the initial quantity, the actual cost */
    struct fraction paid;     /* the actual price, where there is one */
    struct fraction quoted;   /* the midprice, where there is one */
    struct fraction initial;  /* the initial price */
    struct fraction mid,
        actual; /* with the initial price in their place where they are not there */
    int sign;
    sw_int128
        impact; /* of the prices' scale; where in percent, of `hundred` parts of the midprice */
    sw_int128 hundred;
};

static bool multiply(sw_int128 a, sw_int128 b, sw_int128 *product)
{
    return !__builtin_mul_overflow(a, b, product);
}

static bool add(sw_int128 a, sw_int128 b, sw_int128 *sum)
{
    return !__builtin_add_overflow(a, b, sum);
}

/* value × 10^(to − from). */
static bool rescale(sw_int128 value, int from, int to, sw_int128 *result)
{
    return to - from <= 38 && multiply(value, sw_power_of_ten(to - from), result);
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* ---- the terms ---- */

/* What does not matter where it is not known has scale 0 then. */
static void choose_scales(const struct sw_order_terms *terms, const struct sw_impact *impact,
                          struct narrow *narrow, int *quantity_scale)
{
    int prices = larger(terms->initial_price.scale, terms->midprice.scale);
    int quantities = larger(terms->initial_quantity.scale, terms->actual_quantity.scale);
    if (!impact->percent) prices = larger(prices, impact->scale);
    narrow->price_scale = larger(prices, terms->actual_cost.scale - quantities);
    narrow->cost_scale = narrow->price_scale + quantities;
    *quantity_scale = quantities;
}

static bool take_prices(const struct sw_order_terms *terms, struct narrow *narrow)
{
    const struct sw_mean_price *mean = &terms->midprice;
    narrow->initial = (struct fraction){.known = terms->initial_price.known, .below = 1};
    narrow->quoted = (struct fraction){.known = mean->known, .below = 1};
    if (narrow->initial.known && !rescale(terms->initial_price.value, terms->initial_price.scale,
                                          narrow->price_scale, &narrow->initial.above))
        return false;
    if (mean->known) {
        if (mean->both.high != 0 || mean->quotes > INT64_MAX) return false;
        narrow->quoted.below = 2 * (sw_int128)mean->quotes;
        if (!rescale(mean->both.low, mean->scale, narrow->price_scale, &narrow->quoted.above))
            return false;
    }
    narrow->mid = narrow->quoted.known ? narrow->quoted : narrow->initial;
    return true;
}

/* A quantity or a cost below 0 is left to the other way. */
static bool take_quantities(const struct sw_order_terms *terms, struct narrow *narrow, int scale)
{
    const struct sw_decimal *initial = &terms->initial_quantity, *actual = &terms->actual_quantity,
                            *cost = &terms->actual_cost;
    sw_int128 quantity = 0;
    narrow->quantity_known = initial->known;
    narrow->cost_known = cost->known;
    if (initial->value < 0 || actual->value < 0 || cost->value < 0) return false;
    if (!rescale(initial->value, initial->scale, scale, &narrow->quantity) ||
        !rescale(actual->value, actual->scale, scale, &quantity) ||
        !rescale(cost->value, cost->scale, narrow->cost_scale, &narrow->cost))
        return false;
    narrow->paid = (struct fraction){cost->known && actual->known && quantity != 0, narrow->cost,
                                     quantity ? quantity : 1};
    narrow->actual = narrow->paid.known ? narrow->paid : narrow->initial;
    return true;
}

static bool take_impact(const struct sw_impact *impact, struct narrow *narrow)
{
    narrow->hundred = 0;
    if (!impact->percent)
        return rescale(impact->value, impact->scale, narrow->price_scale, &narrow->impact);
    narrow->impact = impact->value;
    return rescale(100, 0, impact->scale, &narrow->hundred);
}

static bool take_terms(const struct sw_order_terms *terms, const struct sw_impact *impact,
                       struct narrow *narrow)
{
    int quantity_scale;
    choose_scales(terms, impact, narrow, &quantity_scale);
    narrow->sign = terms->sign;
    return narrow->cost_scale <= 38 && take_prices(terms, narrow) &&
           take_quantities(terms, narrow, quantity_scale) && take_impact(impact, narrow);
}

/* ---- what a unit costs ---- */

/* m/2 + p/2. */
static bool half_each(const struct narrow *narrow, struct fraction *price)
{
    const struct fraction *mid = &narrow->mid, *actual = &narrow->actual;
    sw_int128 a, b;
    price->known = mid->known && actual->known;
    return !price->known ||
           (multiply(mid->above, actual->below, &a) && multiply(actual->above, mid->below, &b) &&
            add(a, b, &price->above) && multiply(mid->below, actual->below, &a) &&
            multiply(a, 2, &price->below));
}

/* m/2 + (m + s × impact)/2, the impact a price. */
static bool moved(const struct narrow *narrow, struct fraction *price)
{
    const struct fraction *mid = &narrow->mid;
    sw_int128 twice, by;
    return multiply(mid->above, 2, &twice) &&
           multiply(narrow->sign * narrow->impact, mid->below, &by) &&
           add(twice, by, &price->above) && multiply(mid->below, 2, &price->below);
}

/* The same, the impact a share of m: m × (2 × hundred + s × impact) ÷ (2 × hundred). */
static bool moved_by_share(const struct narrow *narrow, struct fraction *price)
{
    const struct fraction *mid = &narrow->mid;
    sw_int128 whole, shares;
    return multiply(narrow->hundred, 2, &whole) &&
           add(whole, narrow->sign * narrow->impact, &shares) &&
           multiply(mid->above, shares, &price->above) &&
           multiply(mid->below, whole, &price->below);
}

static bool unit_price(enum sw_scenario scenario, const struct narrow *narrow,
                       struct fraction *price)
{
    *price = narrow->mid;
    if (scenario == SW_LIMITED_50) return half_each(narrow, price);
    if (scenario != SW_PRICE_IMPACT) return true;
    price->known = narrow->mid.known && narrow->sign != 0;
    if (!price->known) return true;
    return narrow->hundred ? moved_by_share(narrow, price) : moved(narrow, price);
}

/* ---- figures ---- */

static struct sw_amount none(void)
{
    return (struct sw_amount){0};
}

/* above ÷ (below × 10^scale) in millionths, half away from zero. */
static bool round_figure(bool known, sw_int128 above, sw_int128 below, int scale,
                         struct sw_amount *figure)
{
    *figure = none();
    if (!known) return true;
    if (scale <= SW_FIGURE_SCALE) {
        if (!rescale(above, scale, SW_FIGURE_SCALE, &above)) return false;
    } else if (!rescale(below, SW_FIGURE_SCALE, scale, &below)) {
        return false;
    }
    sw_uint128 size = above < 0 ? 0 - (sw_uint128)above : (sw_uint128)above;
    size = sw_divide_half_up(size, (sw_uint128)below);
    figure->known = true;
    figure->value = above < 0 ? -(sw_int128)size : (sw_int128)size;
    return size >> 127 == 0;
}

/* What is the same in every scenario. */
static bool round_common(const struct narrow *narrow, struct sw_amount figures[SW_FIGURES])
{
    const struct fraction *initial = &narrow->initial, *paid = &narrow->paid,
                          *quoted = &narrow->quoted;
    return round_figure(initial->known, initial->above, 1, narrow->price_scale,
                        &figures[SW_INITIAL_PRICE]) &&
           round_figure(paid->known, paid->above, paid->below, narrow->price_scale,
                        &figures[SW_ACTUAL_PRICE]) &&
           round_figure(narrow->cost_known, narrow->cost, 1, narrow->cost_scale,
                        &figures[SW_ACTUAL_COST]) &&
           round_figure(quoted->known, quoted->above, quoted->below, narrow->price_scale,
                        &figures[SW_MIDPRICE]);
}

/* The differences from the actual cost, which is known: (cost − simulated) ÷ price->below. */
static bool round_differences(const struct narrow *narrow, const struct fraction *price,
                              sw_int128 simulated, struct sw_amount figures[SW_FIGURES])
{
    sw_int128 actual, difference, hundredfold, below;
    struct sw_amount *savings = &figures[SW_SAVINGS];
    if (!multiply(narrow->cost, price->below, &actual) ||
        __builtin_sub_overflow(actual, simulated, &difference) ||
        !round_figure(true, difference, price->below, narrow->cost_scale,
                      &figures[SW_COST_DIFFERENCE]))
        return false;
    *savings = figures[SW_COST_DIFFERENCE];
    savings->known = narrow->sign != 0;
    savings->value *= narrow->sign;
    return narrow->cost == 0 ||
           (multiply(difference, 100, &hundredfold) &&
            multiply(narrow->cost, price->below, &below) &&
            round_figure(true, hundredfold, below, 0, &figures[SW_COST_IMPROVEMENT_PCT]));
}

static bool round_scenario(enum sw_scenario scenario, const struct narrow *narrow,
                           struct sw_amount figures[SW_FIGURES])
{
    struct fraction price;
    sw_int128 simulated;
    const bool some = narrow->quantity_known && narrow->quantity != 0;
    if (!unit_price(scenario, narrow, &price)) return false;
    figures[SW_SIMULATED_FILL_RATIO] =
        some ? (struct sw_amount){true, sw_power_of_ten(SW_FIGURE_SCALE)} : none();
    if (!price.known || !narrow->quantity_known) return true;
    return multiply(narrow->quantity, price.above, &simulated) &&
           round_figure(some, price.above, price.below, narrow->price_scale,
                        &figures[SW_SIMULATED_PRICE]) &&
           round_figure(true, simulated, price.below, narrow->cost_scale,
                        &figures[SW_SIMULATED_COST]) &&
           (!narrow->cost_known || round_differences(narrow, &price, simulated, figures));
}

bool sw_scenario_figures_narrow(const bool chosen[SW_SCENARIOS], const struct sw_order_terms *terms,
                                const struct sw_impact *impact,
                                struct sw_amount figures[SW_SCENARIOS][SW_FIGURES])
{
    struct narrow narrow;
    struct sw_amount common[SW_FIGURES] = {{0}};
    if (!take_terms(terms, impact, &narrow) || !round_common(&narrow, common)) return false;
    for (int i = 0; i < SW_SCENARIOS; i++) {
        if (!chosen[i]) continue;
        memcpy(figures[i], common, sizeof common);
        if (!round_scenario(i, &narrow, figures[i])) return false;
    }
    return true;
}
