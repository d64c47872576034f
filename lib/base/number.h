/* SPDX-License-Identifier: ISC
 *
 * Exact decimal numbers in text: 128-bit integers with a decimal scale, counts and sizes.
 * A decimal of scale s with mantissa m is m ÷ 10^s. Nothing here is ever a double.
 */
#ifndef SW_BASE_NUMBER_H
#define SW_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum {
    SW_MAXIMUM_SCALE = 18, /* decimals after the point, of a column */
    SW_NUMBER_LENGTH = 48, /* bytes that hold any number as text, with sign, point and NUL */
};

enum sw_number_outcome {
    SW_NUMBER_GOOD = 0,
    SW_NUMBER_MALFORMED, /* not digits with an optional sign and point (exponents are malformed) */
    SW_NUMBER_TOO_FINE,  /* more significant decimals than the scale holds */
    SW_NUMBER_TOO_LARGE, /* does not fit 128 bits */
};

#define SW_INT128_MAX ((sw_int128)(~(sw_uint128)0 >> 1))
#define SW_INT128_MIN (-SW_INT128_MAX - 1)

/* 10^exponent for exponent 0 to 38. */
sw_int128 sw_power_of_ten(int exponent);

/* Reads text[0..length) as a decimal of the given scale: [+-]DIGITS[.DIGITS], at least one digit in all.
 * Trailing zeros after the point do not count as significant. *value is set only when good. */
enum sw_number_outcome sw_parse_decimal(const char *text, size_t length, int scale,
                                        sw_int128 *value) SW_CHECKED;

/* Why a number was refused, as the end of an error line, for a column of this kind of number
 * ("not a decimal", "more than 4 decimals", "out of range"). Static text or text in `space`. */
const char *sw_number_reason(enum sw_number_outcome outcome, const char *kind, int scale,
                             char space[64]);

/* Writes value ÷ 10^scale in canonical form (no trailing zeros after the point, no "-0", a digit
 * before the point); returns the length, without a NUL. At most SW_NUMBER_LENGTH bytes. */
size_t sw_format_decimal(char *to, sw_int128 value, int scale);

/* The same with all `scale` decimals ("0.500000"). */
size_t sw_format_fixed(char *to, sw_int128 value, int scale);

/* Writes a 64-bit integer; returns the length, without a NUL. At most 20 bytes. */
size_t sw_format_integer(char *to, int64_t value);
size_t sw_format_unsigned(char *to, uint64_t value);

/* Writes eight digits, zeros in front, of a value below 10^8. */
void sw_format_eight(char *to, uint32_t value);

/* A whole number from 0 to 2^63 - 1, digits only. */
bool sw_parse_count(const char *text, uint64_t *value) SW_CHECKED;

/* Bytes: a whole number with an optional K, M, G or T (powers of 1024; "KiB", "KB" and lower case are the same). */
bool sw_parse_size(const char *text, uint64_t *bytes) SW_CHECKED;

/* A range of bytes as --range has it: "OFFSET:LENGTH", two whole numbers. SW_USAGE where it is not. */
bool sw_parse_range(const char *text, uint64_t *offset, uint64_t *length,
                    struct sw_error *error) SW_CHECKED;

/* The sign of a − b where a has scale a_scale and b has b_scale. */
int sw_compare_scaled(sw_int128 a, int a_scale, sw_int128 b, int b_scale);

#endif
