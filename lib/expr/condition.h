/* SPDX-License-Identifier: ISC
 *
 * The condition that a count is of, "count(side == 1 && price > 10)": an expression
 * (expr/expression.h) and the rows of the current block that it selects, worked out once for all
 * groupings.
 */
#ifndef SW_EXPR_CONDITION_H
#define SW_EXPR_CONDITION_H

#include "expr/expression.h"

struct sw_condition {
    struct sw_expression expression;
    uint32_t *selected; /* numbers of rows of the block, ascending */
    size_t count;
};

/* Whether what stands in parentheses is a condition and no column's name: it has an operator. */
bool sw_is_condition(const char *text, size_t length);

/* Outcomes as sw_expression_compile; the caller frees the condition in any case. NULL only where
 * there is no memory. */
struct sw_condition *sw_condition_new(struct sw_error *error) SW_CHECKED;
bool sw_condition_compile(struct sw_condition *condition, struct sw_view *view, const char *text,
                          const char *share_directory, struct sw_error *error) SW_CHECKED;
void sw_condition_free(struct sw_condition *condition); /* NULL: nothing */

/* Finds the rows of the view's block. SW_DATA as sw_expression_select. */
bool sw_condition_take(struct sw_condition *condition, struct sw_view *view,
                       struct sw_error *error) SW_CHECKED;

#endif
