/* SPDX-License-Identifier: ISC
 *
 * Lists as users write them: items between commas, where an item may be an expression with commas
 * of its own, and may have a name.
 *
 *     security_code,bucket(timestamp,5m),notional=price*quantity
 */
#ifndef SW_BASE_LIST_H
#define SW_BASE_LIST_H

#include <stddef.h>

/* The length of the first item: up to a comma that stands in no parentheses and no quotes ('…',
 * "…", `…`), or to the end. */
size_t sw_list_item(const char *list);

/* The length of the name in "NAME=EXPRESSION": what stands before an equals sign that is part of no
 * comparison, is in no parentheses and no quotes; blanks at its end are no part of it. 0: there is
 * none. */
size_t sw_list_name(const char *item, size_t length);

/* Where the expression of such an item begins: after the equals sign, else at its start. */
size_t sw_list_expression(const char *item, size_t length);

/* The length of what stands in parentheses at text[0], both of them with it; `length` where they are not closed. */
size_t sw_list_parenthesis(const char *text, size_t length);

#endif
