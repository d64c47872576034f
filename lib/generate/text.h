/* SPDX-License-Identifier: ISC
 *
 * Numbers into a line, as fast as a generator of terabytes needs them. Each function returns where
 * it stopped.
 */
#ifndef SW_GENERATE_TEXT_H
#define SW_GENERATE_TEXT_H

#include <stdint.h>
#include <string.h>

static inline char *sw_put_bytes(char *to, const char *bytes, size_t length)
{
    memcpy(to, bytes, length);
    return to + length;
}

#define SW_PUT(to, literal) sw_put_bytes(to, literal, sizeof(literal) - 1)

/* A number below 10^9. */
static inline char *sw_put_small(char *to, uint32_t number)
{
    char digits[10];
    char *first = digits + sizeof digits;
    do *--first = (char)('0' + number % 10);
    while (number /= 10);
    return sw_put_bytes(to, first, (size_t)(digits + sizeof digits - first));
}

/* All eight digits of a number below 10^8: halves side by side in one register. */
static inline char *sw_put_eight(char *to, uint32_t number)
{
    uint64_t halves = number / 10000 | (uint64_t)(number % 10000) << 32;
    uint64_t hundreds = (halves * 10486 >> 20) & UINT64_C(0x7f0000007f);
    uint64_t pairs = hundreds | (halves - hundreds * 100) << 16;
    uint64_t tens = (pairs * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    uint64_t digits = (tens | (pairs - tens * 10) << 8) | UINT64_C(0x3030303030303030);
    memcpy(to, &digits, 8);
    return to + 8;
}

static inline char *sw_put_number(char *to, uint64_t number)
{
    enum { EIGHT = 100000000 };
    if (number < EIGHT) return sw_put_small(to, (uint32_t)number);
    to = sw_put_number(to, number / EIGHT);
    return sw_put_eight(to, (uint32_t)(number % EIGHT));
}

/* Hundredths as a decimal without needless zeros: 335050 is 3350.5. */
static inline char *sw_put_price(char *to, int32_t hundredths)
{
    uint32_t whole = (uint32_t)hundredths / 100, rest = (uint32_t)hundredths % 100;
    to = sw_put_small(to, whole);
    if (rest == 0) return to;
    *to++ = '.';
    *to++ = (char)('0' + rest / 10);
    if (rest % 10) *to++ = (char)('0' + rest % 10);
    return to;
}

/* The same with one decimal at least: 3350.0. */
static inline char *sw_put_long_price(char *to, int32_t hundredths)
{
    to = sw_put_price(to, hundredths);
    return hundredths % 100 ? to : SW_PUT(to, ".0");
}

#endif
