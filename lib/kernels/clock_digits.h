/* SPDX-License-Identifier: ISC
 *
 * Clocks and fractions of a second, all their digits at a time: "14:30:05", "143005", "123456789".
 * What is refused here (24:00:00, 60 seconds, other characters) is for base/civil.c and
 * schema/time_format.c to read slowly; what is accepted is exact.
 */
#ifndef SW_KERNELS_CLOCK_DIGITS_H
#define SW_KERNELS_CLOCK_DIGITS_H

#include "kernels/long_decimal.h"

/* The clock that the six characters in the word's lower bytes show, HHMMSS, the first in the lowest,
 * the upper two zero: seconds since midnight; false where none shows that. */
SW_INLINE bool sw_read_packed_clock(uint64_t word, int64_t *seconds)
{
    uint64_t digits = word ^ UINT64_C(0x303030303030);
    uint64_t above = (digits | (digits + UINT64_C(0x767676767676))) & UINT64_C(0x808080808080);
    uint64_t pairs = digits * 10 + (digits >> 8);
    int64_t hour = pairs & 0xff, minute = pairs >> 16 & 0xff, second = pairs >> 32 & 0xff;
    *seconds = (hour * 60 + minute) * 60 + second;
    return !above && hour < 24 && minute < 60 && second < 60;
}

/* The same of the eight characters HH:MM:SS. */
SW_INLINE bool sw_read_clock(uint64_t word, int64_t *seconds)
{
    const uint64_t colons = UINT64_C(0x0000ff0000ff0000);
    uint64_t packed = (word & 0xffff) | (word >> 8 & UINT64_C(0xffff0000)) |
                      (word >> 16 & UINT64_C(0xffff00000000));
    return sw_read_packed_clock(packed, seconds) &&
           (word & colons) == (SW_EVERY_BYTE(':') & colons);
}

/* The 1 to 9 digits that end here, of a fraction of a second, as nanoseconds; false where they are
 * none. Sixteen characters before the end are readable. */
SW_INLINE bool sw_read_fraction(const char *end, size_t digits, int64_t *nanoseconds)
{
    uint64_t low = sw_load64(end - 8);
    unsigned first = 0;
    if (digits == 9)
        first = (unsigned)(unsigned char)end[-9] - '0';
    else
        low = sw_padded_word(low, digits);
    uint64_t unit = digits == 9 ? 1 : sw_powers_of_ten[9 - digits];
    *nanoseconds = (int64_t)((first * UINT64_C(100000000) + sw_eight_digits(low)) * unit);
    return first <= 9 && sw_all_digits(low);
}

#endif
