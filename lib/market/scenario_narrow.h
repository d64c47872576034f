/* SPDX-License-Identifier: ISC
 *
 * The formulas of the scenarios (market/scenario.h) in integers of 128 bits, where all that they come to fits: a fraction of
 * integers each, at scales that prices and quantities share, divided and rounded once. What does not fit is left to the
 * other way, in rational numbers of 512 bits; where both can be gone they give the same digits.
 */
#ifndef SW_MARKET_SCENARIO_NARROW_H
#define SW_MARKET_SCENARIO_NARROW_H

#include "market/scenario.h"

/* As sw_scenario_figures. False: something does not fit 128 bits, and the figures are not to be used. */
bool sw_scenario_figures_narrow(const bool chosen[SW_SCENARIOS], const struct sw_order_terms *terms,
                                const struct sw_impact *impact,
                                struct sw_amount figures[SW_SCENARIOS][SW_FIGURES]) SW_CHECKED;

/* The other way: as sw_scenario_figures. */
bool sw_scenario_figures_wide(const bool chosen[SW_SCENARIOS], const struct sw_order_terms *terms,
                              const struct sw_impact *impact,
                              struct sw_amount figures[SW_SCENARIOS][SW_FIGURES],
                              struct sw_error *error) SW_CHECKED;

#endif
