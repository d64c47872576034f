/* SPDX-License-Identifier: ISC
 *
 * What a condition implies for the bytes of a CSV row: where it is true only of rows in which a
 * stored column is one of a few numbers or texts, the column's field shows one of them.
 *
 * Of a number they are its digits from the first that is not 0 to the last decimal that is not 0,
 * the point among them: a sign, zeros in front, decimals that are 0, and quotes around the field
 * are all that the ways to write a number differ in (base/number.h). Times and dates, which can be
 * written in more ways, imply nothing, nor does 0, of which no digit is left.
 *
 *     side == 1 && price in (12.5, 0.25)      { side "1" } { price "12.5", price ".25" }
 */
#ifndef SW_EXPR_IMPLIED_LITERALS_H
#define SW_EXPR_IMPLIED_LITERALS_H

#include "kernels/literals.h"
#include "expr/expression.h"

/* Finds what the expression, compiled against the view, implies; perhaps nothing. Nothing, too,
 * where a row can make the expression fail, for then every row has to be looked at. */
void sw_expression_implied(const struct sw_expression *expression, const struct sw_view *view,
                           struct sw_literals *literals);

#endif
