/* SPDX-License-Identifier: ISC
 *
 * The texts that a condition wants columns to have: those of `column == "text"` and
 * `column in ("text", …)`, and of selectors on columns of text, which have to be true of a row, alone
 * or beside others (&& and ||), for it to be selected. What stands under ! is not wanted.
 */
#ifndef SW_EXPR_WANTED_TEXTS_H
#define SW_EXPR_WANTED_TEXTS_H

#include "expr/expression.h"

struct sw_wanted_text {
    int column;          /* handle in the view */
    struct sw_text text; /* lives as long as the expression */
};

/* Those of a compiled expression, in the order of the text, as many as there is room for; returns how
 * many there are in wanted. */
size_t sw_expression_wanted(const struct sw_expression *expression, struct sw_wanted_text *wanted,
                            size_t room);

#endif
