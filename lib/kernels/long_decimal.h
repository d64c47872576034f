/* SPDX-License-Identifier: ISC
 *
 * Decimals of more than eight characters, one at a time: "157.350000", "34200.004241176". What is
 * refused here (signs, exponents, more digits) is for schema/field_parser.c to read slowly; what is
 * accepted is exact.
 */
#ifndef SW_KERNELS_LONG_DECIMAL_H
#define SW_KERNELS_LONG_DECIMAL_H

#include "kernels/digits.h"

/* 10^0 to 10^19. */
static const uint64_t sw_powers_of_ten[20] = {
    UINT64_C(1),
    UINT64_C(10),
    UINT64_C(100),
    UINT64_C(1000),
    UINT64_C(10000),
    UINT64_C(100000),
    UINT64_C(1000000),
    UINT64_C(10000000),
    UINT64_C(100000000),
    UINT64_C(1000000000),
    UINT64_C(10000000000),
    UINT64_C(100000000000),
    UINT64_C(1000000000000),
    UINT64_C(10000000000000),
    UINT64_C(100000000000000),
    UINT64_C(1000000000000000),
    UINT64_C(10000000000000000),
    UINT64_C(100000000000000000),
    UINT64_C(1000000000000000000),
    UINT64_C(10000000000000000000),
};

/* The three words before a place, the one next to it last. */
SW_INLINE void sw_words_before(const char *end, uint64_t words[3])
{
    words[0] = sw_load64(end - 24);
    words[1] = sw_load64(end - 16);
    words[2] = sw_load64(end - 8);
}

/* The characters after the last point among the last `length` of the words; `length` where there is
 * none. */
SW_INLINE size_t sw_behind_point(const uint64_t words[3], size_t length, char point)
{
    for (size_t seen = 0; seen < length && seen < 24; seen += 8) {
        uint64_t differing = words[2 - seen / 8] ^ SW_EVERY_BYTE((unsigned char)point);
        uint64_t low7 = SW_EVERY_BYTE(0x7f);
        uint64_t points = ~(((differing & low7) + low7) | differing | low7);
        if (!points) continue;
        size_t behind = seen + (size_t)__builtin_clzll(points) / 8;
        return behind < length ? behind : length;
    }
    return length;
}

/* The fraction's digits as multiples of 10^-scale; false where it is finer than that. */
SW_INLINE bool sw_scale_fraction(uint64_t digits, size_t count, int scale, uint64_t *fraction)
{
    size_t decimals = (size_t)scale;
    if (count <= decimals) {
        *fraction = digits * sw_powers_of_ten[decimals - count];
        return true;
    }
    uint64_t unit = sw_powers_of_ten[count - decimals];
    *fraction = digits / unit;
    return digits % unit == 0;
}

/* The bytes of a word that are the point: 0x80 where they are. */
SW_INLINE uint64_t sw_points_in(uint64_t word, char point)
{
    uint64_t low7 = SW_EVERY_BYTE(0x7f), differing = word ^ SW_EVERY_BYTE((unsigned char)point);
    return ~(((differing & low7) + low7) | differing | low7);
}

/* Takes the point out of 16 characters: what stands before it moves up, and a zero comes first.
 * *decimals is how many characters stood after it. */
SW_INLINE void sw_take_point(uint64_t *high, uint64_t *low, char point, size_t *decimals)
{
    uint64_t in_low = sw_points_in(*low, point), in_high = sw_points_in(*high, point);
    *decimals = 0;
    if (in_low) {
        unsigned at = (unsigned)__builtin_ctzll(in_low) & ~7u;
        uint64_t before = *low & ((UINT64_C(1) << at) - 1);
        uint64_t after = at == 56 ? 0 : *low & (~UINT64_C(0) << (at + 8));
        *low = after | before << 8 | *high >> 56;
        *high = *high << 8 | '0';
        *decimals = 7 - at / 8;
    } else if (in_high) {
        unsigned at = (unsigned)__builtin_ctzll(in_high) & ~7u;
        uint64_t before = *high & ((UINT64_C(1) << at) - 1);
        uint64_t after = at == 56 ? 0 : *high & (~UINT64_C(0) << (at + 8));
        *high = after | before << 8 | '0';
        *decimals = 15 - at / 8;
    }
}

/* The same as sw_read_long_decimal, of 2 to 16 characters. */
SW_INLINE bool sw_read_sixteen(const char *end, size_t length, char point, int scale,
                               int64_t *value)
{
    uint64_t low = sw_load64(end - 8), high = SW_EVERY_BYTE('0');
    size_t decimals;
    if (length <= 8)
        low = sw_padded_word(low, length);
    else
        high = sw_padded_word(sw_load64(end - 16), length - 8);
    sw_take_point(&high, &low, point, &decimals);
    if (!sw_all_digits(low) || !sw_all_digits(high)) return false;
    uint64_t number = sw_eight_digits(high) * 100000000 + sw_eight_digits(low), scaled;
    if (decimals > (size_t)scale) {
        uint64_t unit = sw_powers_of_ten[decimals - (size_t)scale];
        *value = (int64_t)(number / unit);
        return number % unit == 0;
    }
    if (__builtin_mul_overflow(number, sw_powers_of_ten[(size_t)scale - decimals], &scaled) ||
        scaled > INT64_MAX)
        return false;
    *value = (int64_t)scaled;
    return true;
}

/* Reads digits with at most one point among them, 1 to 24 characters of which 24 before the first
 * are readable, as *value ÷ 10^scale, scale being at most 18; false where it is anything else, or
 * does not fit simply. */
SW_INLINE bool sw_read_long_decimal(const char *text, size_t length, char point, int scale,
                                    int64_t *value)
{
    if (length - 2 < 15) return sw_read_sixteen(text + length, length, point, scale, value);
    uint64_t words[3], whole = 0, digits = 0, fraction = 0, scaled;
    if (length - 1 >= 24) return false;
    sw_words_before(text + length, words);
    size_t behind = sw_behind_point(words, length, point);
    size_t front = behind == length ? length : length - behind - 1;
    if (behind == length) behind = 0;
    if (front + behind == 0 || (behind && !sw_read_digits(words, behind, &digits)) ||
        !sw_scale_fraction(digits, behind, scale, &fraction))
        return false;
    if (front) {
        sw_words_before(text + front, words);
        if (!sw_read_digits(words, front, &whole)) return false;
    }
    if (__builtin_mul_overflow(whole, sw_powers_of_ten[scale], &scaled) ||
        __builtin_add_overflow(scaled, fraction, &scaled) || scaled > INT64_MAX)
        return false;
    *value = (int64_t)scaled;
    return true;
}

#endif
