/* SPDX-License-Identifier: ISC
 *
 * Decimals as text, of any length: told from other text, and compared, without becoming numbers.
 */
#ifndef SW_PAGE_DECIMAL_H
#define SW_PAGE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

/* Whether it is digits, with a minus before them or not, a point and more digits after them or
 * not. */
bool sw_page_is_decimal(const char *text, size_t length);

/* Which of two decimals, each ended by a NUL, is farther from 0: below 0, 0 or above 0 as strcmp
 * has it. */
int sw_page_farther(const char *a, const char *b);

/* How many digits it has before the point, leading zeros not counted. */
size_t sw_page_whole_digits(const char *decimal);

#endif
