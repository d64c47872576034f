/* SPDX-License-Identifier: ISC
 *
 * Values that are texts: a column's, a literal, one of two, a bucket of time.
 */
#ifndef SW_EXPR_TEXT_VALUE_H
#define SW_EXPR_TEXT_VALUE_H

#include "expr/evaluate.h"

/* Appends the texts of a bound value in the view's block, rows of them, to a builder of text. */
bool sw_text_value(struct sw_slice *slice, struct sw_node *node, size_t rows,
                   struct sw_builder *out) SW_CHECKED;

#endif
