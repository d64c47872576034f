/* SPDX-License-Identifier: ISC
 *
 * The selectors -s -d -p -H --times -q and -e, as every program that selects rows has them: texts
 * of options that come to one condition, all of them joined by &&.
 *
 *     securities, participants   110621,85603 or @FILE (words between commas and newlines)
 *     dates                      2024-09-05, 2024-09-01..2024-09-30, an open end allowed; several
 *     hours                      10-16 (10:00:00 to 16:59:59.999999999), 9; several
 *     times                      10:00-16:12, the end not in; several
 *     quantities                 100..5000 (both in), 500, an open end allowed; several
 *
 * Several stand between commas.
 */
#ifndef SW_EXPR_SELECTORS_H
#define SW_EXPR_SELECTORS_H

#include "expr/expression.h"

/* NULL: not given. */
struct sw_selectors {
    const char *securities, *dates, *participants, *hours, *times, *quantities, *expression;
};

/* Whether any is given. */
bool sw_selectors_given(const struct sw_selectors *selectors);

/* Compiles them into one expression; without any, every row is selected. SW_USAGE: a selector that
 * cannot be read, with its option in front, or what sw_expression_compile refuses; SW_SYSTEM: a
 * @FILE that cannot be read. On failure only sw_expression_point may be called before
 * sw_expression_free. */
bool sw_selectors_compile(struct sw_expression *expression, struct sw_view *view,
                          const struct sw_selectors *selectors, const char *share_directory,
                          struct sw_error *error) SW_CHECKED;

#endif
