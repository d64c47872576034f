/* SPDX-License-Identifier: ISC */
#include "base/exponent.h"

enum { EXPONENT_MAXIMUM = 10000, POWER_MAXIMUM = 38 };

/* The exponent's place in the text; `length`: there is none. */
static size_t find_exponent(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length && text[at] != 'e' && text[at] != 'E') at++;
    return at;
}

/* A whole number with a sign or without; one that is too large for any use is only that. */
static bool read_exponent(const char *text, size_t length, int *exponent)
{
    bool negative = length && *text == '-';
    size_t at = length && (*text == '-' || *text == '+');
    int sum = 0;
    if (at == length) return false;
    for (; at < length; at++) {
        unsigned digit = (unsigned)(unsigned char)text[at] - '0';
        if (digit > 9) return false;
        if (sum < EXPONENT_MAXIMUM) sum = 10 * sum + (int)digit;
    }
    *exponent = negative ? -sum : sum;
    return true;
}

/* A number of which so many digits have to be zeros at its end, which go. */
static enum sw_number_outcome shorten(int digits, sw_int128 *value)
{
    if (*value == 0) return SW_NUMBER_GOOD;
    if (digits > POWER_MAXIMUM || *value % sw_power_of_ten(digits)) return SW_NUMBER_TOO_FINE;
    *value /= sw_power_of_ten(digits);
    return SW_NUMBER_GOOD;
}

/* The exponent moves the point, and so the number of decimals that are kept. */
enum sw_number_outcome sw_parse_exponent(const char *text, size_t length, int scale,
                                         sw_int128 *value)
{
    size_t at = find_exponent(text, length);
    int exponent;
    sw_int128 number;
    if (at == length) return sw_parse_decimal(text, length, scale, value);
    if (!read_exponent(text + at + 1, length - at - 1, &exponent)) return SW_NUMBER_MALFORMED;
    int decimals = scale + exponent;
    enum sw_number_outcome outcome =
        sw_parse_decimal(text, at, decimals < 0 ? 0 : decimals, &number);
    if (outcome == SW_NUMBER_GOOD && decimals < 0) outcome = shorten(-decimals, &number);
    if (outcome == SW_NUMBER_GOOD) *value = number;
    return outcome;
}
