/* SPDX-License-Identifier: ISC
 *
 * What a file may be taken for. Where it is given says that, not its table's name, and its columns
 * decide; but for the tables of this suite, which are known to hold something else.
 */
#ifndef SW_MARKET_ROLES_H
#define SW_MARKET_ROLES_H

#include "record/schema.h"

/* Whether the rows may be trades. SW_DATA: "FILE: not trades: table 'orders'". */
bool sw_role_trades(const struct sw_schema *schema, const char *file,
                    struct sw_error *error) SW_CHECKED;

/* Whether the rows may be quotes of themselves: they have a bid and an offer. */
bool sw_role_quotes(const struct sw_schema *schema);

#endif
