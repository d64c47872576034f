/* SPDX-License-Identifier: ISC
 *
 * Columns that a user makes of others: "notional=price*quantity", "bucket(timestamp,5m)",
 * "sector=security_code". A view asks the definer for a name that is neither stored nor derived
 * (view/view.h).
 *
 *     struct sw_view_settings settings = {.definer = &sw_value_definer};
 */
#ifndef SW_EXPR_VALUE_H
#define SW_EXPR_VALUE_H

#include "view/view.h"

/* Bytes of a column's name, at most; an expression without a name is its own. */
enum { SW_VALUE_NAME = 200 };

/* Numbers become decimals of the scale that their parts give them (18 decimals of a quotient),
 * times times, dates dates, texts texts; a column alone stays what it is. SW_USAGE: the text is no
 * expression (the message has the place in it), a column is not there, the name is too long, or it
 * is a column already. SW_DATA: a result does not fit 128 bits. */
extern const struct sw_column_definer sw_value_definer;

#endif
