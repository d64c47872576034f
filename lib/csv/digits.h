/* SPDX-License-Identifier: ISC
 *
 * Digits, eight at a time in a 64-bit word: the inner loop of reading numbers. Everything here reads backwards from the end of a
 * field, up to 8 bytes past its front, so those must be readable; their values do not matter.
 */
#ifndef SW_CSV_DIGITS_H
#define SW_CSV_DIGITS_H

#include "base/bytes.h"

#define SW_EVERY_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether the word is eight characters 0 to 9: high halves 3, and still 3 after adding 6. */
static inline bool sw_all_digits(uint64_t word)
{
    const uint64_t high = SW_EVERY_BYTE(0xf0);
    return ((word & high) | ((word + SW_EVERY_BYTE(6)) & high) >> 4) == SW_EVERY_BYTE(0x33);
}

/* The number that eight digits are, the first in the lowest byte: pairs, then fours, then all. */
static inline uint64_t sw_eight_digits(uint64_t word)
{
    word &= SW_EVERY_BYTE(0x0f);
    word = word * 10 + (word >> 8);
    uint64_t odd = (word & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064);
    uint64_t even = (word >> 16 & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001);
    return (odd + even) >> 32;
}

/* The last `length` (1 to 8) characters before `end`, with zeros '0' in front. */
static inline uint64_t sw_padded_word(const char *end, size_t length)
{
    uint64_t kept = ~UINT64_C(0) << (64 - 8 * length);
    return (sw_load64(end - 8) & kept) | (SW_EVERY_BYTE('0') & ~kept);
}

/* Reads a field of 1 to 19 digits that ends before `end`; false where it is anything else. */
static inline bool sw_read_whole(const char *end, size_t length, uint64_t *value)
{
    if (length - 1 < 8) {
        uint64_t word = sw_padded_word(end, length);
        *value = sw_eight_digits(word);
        return sw_all_digits(word);
    }
    if (length - 1 >= 19) return false;
    uint64_t low = sw_load64(end - 8);
    if (length <= 16) {
        uint64_t high = sw_padded_word(end - 8, length - 8);
        *value = sw_eight_digits(high) * 100000000 + sw_eight_digits(low);
        return sw_all_digits(low) && sw_all_digits(high);
    }
    uint64_t middle = sw_load64(end - 16), high = sw_padded_word(end - 16, length - 16);
    *value = (sw_eight_digits(high) * 100000000 + sw_eight_digits(middle)) * 100000000 +
             sw_eight_digits(low);
    return sw_all_digits(low) && sw_all_digits(middle) && sw_all_digits(high);
}

/* Reads a field of 1 to 8 characters, digits with at most one point among them, as *value ÷ 10^*decimals; false where it is
 * anything else, a lone point among them. */
static inline bool sw_read_short_decimal(const char *end, size_t length, uint64_t *value,
                                         unsigned *decimals)
{
    if (length - 1 >= 8) return false;
    uint64_t word = sw_padded_word(end, length);
    uint64_t differing = word ^ SW_EVERY_BYTE('.');
    uint64_t points = (differing - SW_EVERY_BYTE(1)) & ~differing & SW_EVERY_BYTE(0x80);
    *decimals = 0;
    if (points) {
        unsigned at = (unsigned)__builtin_ctzll(points) & ~7u; /* the lowest mark is exact */
        uint64_t before = word & ((UINT64_C(1) << at) - 1);
        uint64_t behind = at == 56 ? 0 : word & (~UINT64_C(0) << (at + 8));
        word = behind | before << 8 | '0';
        *decimals = 7 - at / 8;
        if (length == 1) return false;
    }
    *value = sw_eight_digits(word);
    return sw_all_digits(word);
}

#endif
