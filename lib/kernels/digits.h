/* SPDX-License-Identifier: ISC
 *
 * Digits, eight at a time in a 64-bit word: the inner loop of reading numbers, for machines on
 * which kernels/parse_numbers.c has nothing better.
 */
#ifndef SW_KERNELS_DIGITS_H
#define SW_KERNELS_DIGITS_H

#include "base/bytes.h"

#define SW_INLINE static inline __attribute__((always_inline))
#define SW_EVERY_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether the word is eight characters 0 to 9: high halves 3, and still 3 after adding 6. */
SW_INLINE bool sw_all_digits(uint64_t word)
{
    const uint64_t high = SW_EVERY_BYTE(0xf0);
    return ((word & high) | ((word + SW_EVERY_BYTE(6)) & high) >> 4) == SW_EVERY_BYTE(0x33);
}

/* The number that eight digits are, the first in the lowest byte: pairs, then fours, then all. */
SW_INLINE uint64_t sw_eight_digits(uint64_t word)
{
    word &= SW_EVERY_BYTE(0x0f);
    word = word * 10 + (word >> 8);
    uint64_t odd = (word & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064);
    uint64_t even = (word >> 16 & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001);
    return (odd + even) >> 32;
}

/* The last `length` (1 to 8) characters of the word, with zeros '0' in front. */
SW_INLINE uint64_t sw_padded_word(uint64_t word, size_t length)
{
    uint64_t kept = ~UINT64_C(0) << (64 - 8 * length);
    return (word & kept) | (SW_EVERY_BYTE('0') & ~kept);
}

/* Reads a field of 1 to 19 digits, which are the last of words[0] to words[2]; false where it is
 * anything else. *value is below 2^64 then. */
SW_INLINE bool sw_read_digits(const uint64_t words[3], size_t length, uint64_t *value)
{
    *value = 0;
    if (length - 1 < 8) {
        uint64_t low = sw_padded_word(words[2], length);
        *value = sw_eight_digits(low);
        return sw_all_digits(low);
    }
    if (length - 1 >= 19) return false;
    if (length <= 16) {
        uint64_t middle = sw_padded_word(words[1], length - 8);
        *value = sw_eight_digits(middle) * 100000000 + sw_eight_digits(words[2]);
        return sw_all_digits(words[2]) && sw_all_digits(middle);
    }
    uint64_t high = sw_padded_word(words[0], length - 16);
    *value = (sw_eight_digits(high) * 100000000 + sw_eight_digits(words[1])) * 100000000 +
             sw_eight_digits(words[2]);
    return sw_all_digits(words[2]) && sw_all_digits(words[1]) && sw_all_digits(high);
}

/* Reads a field of 1 to 8 characters, the last of the word, digits with at most one point among
 * them, as *value ÷ 10^*decimals; false where it is anything else, a lone point among them. */
SW_INLINE bool sw_read_decimal(uint64_t characters, size_t length, uint64_t *value,
                               unsigned *decimals)
{
    *value = *decimals = 0;
    if (length - 1 >= 8) return false;
    uint64_t word = sw_padded_word(characters, length);
    uint64_t differing = word ^ SW_EVERY_BYTE('.');
    uint64_t points = (differing - SW_EVERY_BYTE(1)) & ~differing & SW_EVERY_BYTE(0x80);
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
