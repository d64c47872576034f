/* SPDX-License-Identifier: ISC */
#include "market/scenario.h"

#include <string.h>
#include <strings.h>

#include "base/exact.h"
#include "base/number.h"
#include "market/scenario_narrow.h"

static const char *const scenario_names[SW_SCENARIOS] = {"unlimited", "limited_50", "price_impact"};

static const char *const figure_names[SW_FIGURES] = {
    "simulated_price",      "simulated_cost", "simulated_fill_ratio", "cost_difference", "savings",
    "cost_improvement_pct", "initial_price",  "actual_price",         "actual_cost",     "midprice",
};

const char *sw_scenario_name(enum sw_scenario scenario)
{
    return scenario_names[scenario];
}

const char *sw_figure_name(enum sw_figure figure)
{
    return figure_names[figure];
}

/* ---- what a user writes ---- */

enum sw_scenario sw_scenario_find(const char *name, size_t length)
{
    for (int i = 0; i < SW_SCENARIOS; i++) {
        const char *known = scenario_names[i];
        if (length == strlen(known) && strncasecmp(name, known, length) == 0) return i;
        if (length == 1 && (name[0] | 0x20) == 'a' + i) return i;
    }
    return SW_SCENARIOS;
}

bool sw_scenarios_parse(const char *list, bool chosen[SW_SCENARIOS], struct sw_error *error)
{
    for (int i = 0; i < SW_SCENARIOS; i++) chosen[i] = !list;
    while (list) {
        size_t length = strcspn(list, ",");
        enum sw_scenario scenario = sw_scenario_find(list, length);
        if (scenario == SW_SCENARIOS)
            return sw_fail(error, SW_USAGE,
                           "--scenarios: '%.*s' is none of unlimited (A), limited_50 (B), "
                           "price_impact (C)",
                           (int)length, list);
        if (chosen[scenario])
            return sw_fail(error, SW_USAGE, "--scenarios: %s stands twice",
                           sw_scenario_name(scenario));
        chosen[scenario] = true;
        list = list[length] ? list + length + 1 : NULL;
    }
    return true;
}

bool sw_impact_parse(const char *text, struct sw_impact *impact, struct sw_error *error)
{
    *impact = (struct sw_impact){.value = 5};
    if (!text) return true;
    size_t length = strlen(text);
    impact->percent = length > 0 && text[length - 1] == '%';
    impact->scale = SW_MAXIMUM_SCALE;
    enum sw_number_outcome outcome =
        sw_parse_decimal(text, length - impact->percent, impact->scale, &impact->value);
    char space[64];
    if (outcome != SW_NUMBER_GOOD)
        return sw_fail(error, SW_USAGE, "--impact: %s: '%s'",
                       sw_number_reason(outcome, "decimal", impact->scale, space), text);
    if (impact->value < 0) return sw_fail(error, SW_USAGE, "--impact: negative: '%s'", text);
    for (; impact->scale > 0 && impact->value % 10 == 0; impact->scale--) impact->value /= 10;
    return true;
}

/* ---- the formulas ---- */

/* The terms, as sw_order_terms has them. */
struct terms {
    struct sw_exact sign, initial_quantity, initial_price, actual_quantity, actual_cost, midprice;
};

static struct sw_exact exact_of(const struct sw_decimal *decimal)
{
    return decimal->known ? sw_exact_of(decimal->value, decimal->scale) : (struct sw_exact){0};
}

static struct sw_exact exact_mean(const struct sw_mean_price *mean)
{
    if (!mean->known) return (struct sw_exact){0};
    return sw_exact_divide(sw_exact_of_sum(&mean->both, mean->scale),
                           sw_exact_of(2 * (sw_int128)mean->quotes, 0));
}

static struct terms terms_of(const struct sw_order_terms *terms)
{
    return (struct terms){
        .sign = terms->sign ? sw_exact_of(terms->sign, 0) : (struct sw_exact){0},
        .initial_quantity = exact_of(&terms->initial_quantity),
        .initial_price = exact_of(&terms->initial_price),
        .actual_quantity = exact_of(&terms->actual_quantity),
        .actual_cost = exact_of(&terms->actual_cost),
        .midprice = exact_mean(&terms->midprice),
    };
}

/* With what stands in for those that are not there. */
struct prices {
    struct sw_exact midprice, actual, impact; /* impact: with the side's sign */
};

static struct prices prices_of(const struct terms *terms, const struct sw_impact *impact)
{
    struct sw_exact actual = sw_exact_divide(terms->actual_cost, terms->actual_quantity);
    struct sw_exact moved = sw_exact_of(impact->value, impact->scale);
    struct prices prices = {.midprice = sw_exact_or(terms->midprice, terms->initial_price),
                            .actual = sw_exact_or(actual, terms->initial_price)};
    if (impact->percent)
        moved = sw_exact_divide(sw_exact_multiply(moved, prices.midprice), sw_exact_of(100, 0));
    prices.impact = sw_exact_multiply(terms->sign, moved);
    return prices;
}

/* What a unit costs, times two. */
static struct sw_exact doubled_price(enum sw_scenario scenario, const struct prices *prices)
{
    struct sw_exact twice = sw_exact_add(prices->midprice, prices->midprice);
    if (scenario == SW_LIMITED_50) return sw_exact_add(prices->midprice, prices->actual);
    if (scenario == SW_PRICE_IMPACT) return sw_exact_add(twice, prices->impact);
    return twice;
}

static bool round_figure(const struct sw_exact *exact, enum sw_figure figure,
                         struct sw_amount figures[SW_FIGURES], struct sw_error *error)
{
    enum sw_exact_state state = sw_exact_round(exact, SW_FIGURE_SCALE, &figures[figure].value);
    figures[figure].known = state == SW_EXACT_KNOWN;
    return state != SW_EXACT_TOO_LARGE ||
           sw_fail(error, SW_DATA, "%s: out of range", sw_figure_name(figure));
}

/* What is the same in every scenario. */
static bool round_common(const struct terms *terms, struct sw_amount figures[SW_FIGURES],
                         struct sw_error *error)
{
    struct sw_exact price = sw_exact_divide(terms->actual_cost, terms->actual_quantity);
    return round_figure(&terms->initial_price, SW_INITIAL_PRICE, figures, error) &&
           round_figure(&price, SW_ACTUAL_PRICE, figures, error) &&
           round_figure(&terms->actual_cost, SW_ACTUAL_COST, figures, error) &&
           round_figure(&terms->midprice, SW_MIDPRICE, figures, error);
}

static bool round_scenario(enum sw_scenario scenario, const struct terms *terms,
                           const struct prices *prices, struct sw_amount figures[SW_FIGURES],
                           struct sw_error *error)
{
    struct sw_exact quantity = terms->initial_quantity, actual_cost = terms->actual_cost;
    struct sw_exact cost = sw_exact_multiply(
        quantity, sw_exact_divide(doubled_price(scenario, prices), sw_exact_of(2, 0)));
    struct sw_exact price = sw_exact_divide(cost, quantity);
    struct sw_exact ratio = sw_exact_divide(quantity, quantity);
    struct sw_exact difference = sw_exact_subtract(actual_cost, cost);
    struct sw_exact savings = sw_exact_multiply(difference, terms->sign);
    struct sw_exact percent =
        sw_exact_divide(sw_exact_multiply(difference, sw_exact_of(100, 0)), actual_cost);
    return round_figure(&price, SW_SIMULATED_PRICE, figures, error) &&
           round_figure(&cost, SW_SIMULATED_COST, figures, error) &&
           round_figure(&ratio, SW_SIMULATED_FILL_RATIO, figures, error) &&
           round_figure(&difference, SW_COST_DIFFERENCE, figures, error) &&
           round_figure(&savings, SW_SAVINGS, figures, error) &&
           round_figure(&percent, SW_COST_IMPROVEMENT_PCT, figures, error);
}

bool sw_scenario_figures_wide(const bool chosen[SW_SCENARIOS], const struct sw_order_terms *of,
                              const struct sw_impact *impact,
                              struct sw_amount figures[SW_SCENARIOS][SW_FIGURES],
                              struct sw_error *error)
{
    struct terms terms = terms_of(of);
    struct prices prices = prices_of(&terms, impact);
    struct sw_amount common[SW_FIGURES] = {{0}};
    if (!round_common(&terms, common, error)) return false;
    for (int i = 0; i < SW_SCENARIOS; i++) {
        if (!chosen[i]) continue;
        memcpy(figures[i], common, sizeof common);
        if (!round_scenario(i, &terms, &prices, figures[i], error)) return false;
    }
    return true;
}

bool sw_scenario_figures(const bool chosen[SW_SCENARIOS], const struct sw_order_terms *terms,
                         const struct sw_impact *impact,
                         struct sw_amount figures[SW_SCENARIOS][SW_FIGURES], struct sw_error *error)
{
    return sw_scenario_figures_narrow(chosen, terms, impact, figures) ||
           sw_scenario_figures_wide(chosen, terms, impact, figures, error);
}
