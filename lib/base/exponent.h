/* SPDX-License-Identifier: ISC
 *
 * Decimals with an exponent, such as 9.54e-06 and 4.25001e+11: exact, as those of base/number.h.
 */
#ifndef SW_BASE_EXPONENT_H
#define SW_BASE_EXPONENT_H

#include "base/number.h"

/* As sw_parse_decimal, with [(e|E)[+-]DIGITS] after the number, or without. */
enum sw_number_outcome sw_parse_exponent(const char *text, size_t length, int scale,
                                         sw_int128 *value) SW_CHECKED;

#endif
