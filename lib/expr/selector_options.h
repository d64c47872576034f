/* SPDX-License-Identifier: ISC
 *
 * The option rows of the selectors (expr/selectors.h), for the table of every program that has them:
 *
 *     static struct { struct sw_selectors selectors; … } set;
 *     static const struct sw_option options[] = {
 *         SW_SELECTOR_OPTIONS(set.selectors),
 */
#ifndef SW_EXPR_SELECTOR_OPTIONS_H
#define SW_EXPR_SELECTOR_OPTIONS_H

#include "program/options.h"
#include "expr/selectors.h"

#define SW_SELECTOR_OPTIONS(selectors)                                                             \
    SW_OPTION('s', "securities", "CODES", (selectors).securities,                                  \
              "only rows of these securities: 110621,85603 or @FILE"),                             \
        SW_OPTION('d', "dates", "DATES", (selectors).dates,                                        \
                  "only rows of these local dates: 2024-09-05, 2024-09-01..2024-09-30"),           \
        SW_OPTION('p', "participants", "PARTICIPANTS", (selectors).participants,                   \
                  "only rows of these participants: 69,102 or @FILE"),                             \
        SW_OPTION('H', "hours", "HOURS", (selectors).hours,                                        \
                  "only rows of these local hours: 10-16 is 10:00:00 to 16:59:59.999999999"),      \
        SW_OPTION(0, "times", "TIMES", (selectors).times,                                          \
                  "only rows of these local times of day, the end not in: 10:00-16:12"),           \
        SW_OPTION('q', "quantities", "QUANTITIES", (selectors).quantities,                         \
                  "only rows with these quantities, both ends in: 100..5000"),                     \
        SW_OPTION('e', "expression", "EXPR", (selectors).expression,                               \
                  "only rows for which EXPR is true: 'side == 1' (see sw-expression(7))")

#endif
