/* SPDX-License-Identifier: ISC
 *
 * Selecting rows of a block for a program that wants no others. The conditions that all must be
 * true are asked one after another; where few rows are left the view is narrowed to them, so that
 * the columns of further conditions, and those that are written, are decoded for them alone.
 */
#ifndef SW_EXPR_SELECT_ROWS_H
#define SW_EXPR_SELECT_ROWS_H

#include "expr/expression.h"

/* As sw_expression_select, and may leave the view picked (sw_view_pick) to exactly the selected
 * rows: view->rows is *count then. Their numbers are those of the block. */
bool sw_expression_pick(struct sw_expression *expression, struct sw_view *view, uint32_t *selected,
                        size_t *count, struct sw_error *error) SW_CHECKED;

#endif
