/* SPDX-License-Identifier: ISC
 *
 * What an order would have cost in a dark pool: three scenarios, each a formula over the order's
 * terms (sw-analysis(7)). With quantity q, midprice m (or the initial price), actual price p (or the
 * initial price), s = +1 for a buy and −1 for a sell:
 *
 *     A unlimited      q·m                            all of it at the mid point
 *     B limited_50     q·m/2 + q·p/2                  half of it there, half as it was
 *     C price_impact   q·m/2 + q·(m + s·impact)/2     half of it at a price that it moves
 *
 * Every figure is worked out exactly and rounded once, to millionths, half away from zero: in integers of 128 bits where these
 * are wide enough (market/scenario_narrow.h), else in rational numbers. Knows nothing of streams.
 */
#ifndef SW_MARKET_SCENARIO_H
#define SW_MARKET_SCENARIO_H

#include "base/amount.h"
#include "base/error.h"
#include "base/sum.h"

enum sw_scenario {
    SW_UNLIMITED,
    SW_LIMITED_50,
    SW_PRICE_IMPACT,
    SW_SCENARIOS,
};

/* Its name as a user writes it; static. */
const char *sw_scenario_name(enum sw_scenario scenario);

/* The scenario of this name or letter, in any case; SW_SCENARIOS: there is none. */
enum sw_scenario sw_scenario_find(const char *name, size_t length);

/* Reads "A,limited_50,…" (NULL: all) into chosen[]. SW_USAGE for a name that is unknown, empty or
 * there twice. */
bool sw_scenarios_parse(const char *list, bool chosen[SW_SCENARIOS],
                        struct sw_error *error) SW_CHECKED;

/* By how much an order of its size moves the price: value ÷ 10^scale price units, or percent of the
 * midprice. */
struct sw_impact {
    sw_int128 value;
    int scale;
    bool percent;
};

/* Reads "5", "0.25" or "0.05%" (NULL: 5). SW_USAGE for what is no decimal, too fine or negative. */
bool sw_impact_parse(const char *text, struct sw_impact *impact, struct sw_error *error) SW_CHECKED;

/* value ÷ 10^scale; zero-initialized, which it is where it is not known: none. */
struct sw_decimal {
    bool known;
    int scale;
    sw_int128 value;
};

/* The mean of the prices between bid and offer: both ÷ (2 × quotes × 10^scale). Zero-initialized: none. */
struct sw_mean_price {
    bool known;
    int scale;
    uint64_t quotes;    /* above 0, where it is known */
    struct sw_sum both; /* of their bids and offers */
};

/* What an order brings along; none where it is not known. */
struct sw_order_terms {
    int sign; /* +1 for a buy, −1 for a sell, else 0 */
    struct sw_decimal initial_quantity, initial_price;
    struct sw_decimal actual_quantity, actual_cost;
    struct sw_mean_price midprice; /* of the quotes */
};

/* What comes out, in the names of the table `simulation`. */
enum sw_figure {
    SW_SIMULATED_PRICE,
    SW_SIMULATED_COST,
    SW_SIMULATED_FILL_RATIO,
    SW_COST_DIFFERENCE,
    SW_SAVINGS,
    SW_COST_IMPROVEMENT_PCT,
    SW_INITIAL_PRICE, /* from here on the same in every scenario */
    SW_ACTUAL_PRICE,
    SW_ACTUAL_COST,
    SW_MIDPRICE,
    SW_FIGURES,
};

enum { SW_FIGURE_SCALE = 6 }; /* figures are millionths */

/* The figure's column. */
const char *sw_figure_name(enum sw_figure figure);

/* Fills figures[S] for each chosen scenario S. False with SW_DATA, "FIGURE: out of range", where
 * one does not fit 128 bits. */
bool sw_scenario_figures(const bool chosen[SW_SCENARIOS], const struct sw_order_terms *terms,
                         const struct sw_impact *impact,
                         struct sw_amount figures[SW_SCENARIOS][SW_FIGURES],
                         struct sw_error *error) SW_CHECKED;

#endif
