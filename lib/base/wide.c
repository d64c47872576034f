/* SPDX-License-Identifier: ISC */
#include "base/wide.h"

#include "base/number.h"

struct sw_wide sw_wide_of(sw_uint128 high, sw_uint128 low)
{
    struct sw_wide wide = {{0}};
    memcpy(wide.digit, &low, sizeof low);
    memcpy(wide.digit + 4, &high, sizeof high);
    return wide;
}

/* How many digits are not leading zeros. */
static int length_of(const struct sw_wide *wide)
{
    int length = SW_WIDE_DIGITS;
    while (length > 0 && wide->digit[length - 1] == 0) length--;
    return length;
}

bool sw_wide_narrow(const struct sw_wide *wide, sw_uint128 *value)
{
    if (length_of(wide) > 4 || wide->digit[3] >> 31) return false;
    *value = 0;
    for (int i = 3; i >= 0; i--) *value = *value << 32 | wide->digit[i];
    return true;
}

int sw_wide_compare(const struct sw_wide *a, const struct sw_wide *b)
{
    for (int i = SW_WIDE_DIGITS - 1; i >= 0; i--)
        if (a->digit[i] != b->digit[i]) return a->digit[i] < b->digit[i] ? -1 : 1;
    return 0;
}

bool sw_wide_add(struct sw_wide *a, const struct sw_wide *b)
{
    uint64_t carry = 0;
    for (int i = 0; i < SW_WIDE_DIGITS; i++) {
        carry += (uint64_t)a->digit[i] + b->digit[i];
        a->digit[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return carry == 0;
}

void sw_wide_subtract(struct sw_wide *a, const struct sw_wide *b)
{
    uint64_t borrow = 0;
    for (int i = 0; i < SW_WIDE_DIGITS; i++) {
        uint64_t difference = (uint64_t)a->digit[i] - b->digit[i] - borrow;
        a->digit[i] = (uint32_t)difference;
        borrow = difference >> 63;
    }
}

bool sw_wide_multiply(struct sw_wide *a, const struct sw_wide *b)
{
    struct sw_wide product = {{0}};
    int a_length = length_of(a), b_length = length_of(b);
    for (int i = 0; i < a_length; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < b_length; j++) {
            carry += (uint64_t)a->digit[i] * b->digit[j];
            if (i + j < SW_WIDE_DIGITS) {
                carry += product.digit[i + j];
                product.digit[i + j] = (uint32_t)carry;
            } else if (carry)
                return false;
            carry >>= 32;
        }
        if (carry && i + b_length >= SW_WIDE_DIGITS) return false;
        if (carry) product.digit[i + b_length] = (uint32_t)carry;
    }
    *a = product;
    return true;
}

/* to[0..length] = from[0..length) shifted left by fewer than 32 bits. */
static void shift_left(uint32_t *to, const uint32_t *from, int length, int bits)
{
    uint64_t carry = 0;
    for (int i = 0; i < length; i++) {
        carry |= (uint64_t)from[i] << bits;
        to[i] = (uint32_t)carry;
        carry >>= 32;
    }
    to[length] = (uint32_t)carry;
}

static void divide_by_digit(const struct sw_wide *a, uint32_t by, struct sw_wide *quotient,
                            struct sw_wide *rest)
{
    uint64_t left = 0;
    for (int i = SW_WIDE_DIGITS - 1; i >= 0; i--) {
        left = left << 32 | a->digit[i];
        quotient->digit[i] = (uint32_t)(left / by);
        left %= by;
    }
    *rest = sw_wide_of(0, left);
}

/* a[0..length] -= b[0..length) × by; true when that went below zero. */
static bool subtract_product(uint32_t *a, const uint32_t *b, int length, uint64_t by)
{
    uint64_t carry = 0, borrow = 0;
    for (int i = 0; i <= length; i++) {
        if (i < length) carry += by * b[i];
        uint64_t difference = (uint64_t)a[i] - (uint32_t)carry - borrow;
        a[i] = (uint32_t)difference;
        borrow = difference >> 63;
        carry >>= 32;
    }
    return borrow;
}

static void add_back(uint32_t *a, const uint32_t *b, int length)
{
    uint64_t carry = 0;
    for (int i = 0; i < length; i++) {
        carry += (uint64_t)a[i] + b[i];
        a[i] = (uint32_t)carry;
        carry >>= 32;
    }
    a[length] += (uint32_t)carry;
}

/* One digit of the quotient, at most one too large (Knuth, The Art of Computer Programming
 * 2, 4.3.1, algorithm D). */
static uint64_t guess_digit(const uint32_t *top, uint32_t first, uint32_t second)
{
    uint64_t two = (uint64_t)top[0] << 32 | top[-1];
    uint64_t guess = two / first, left = two % first;
    while (guess >> 32 || guess * second > (left << 32 | top[-2])) {
        guess--;
        left += first;
        if (left >> 32) break;
    }
    return guess;
}

void sw_wide_divide(const struct sw_wide *a, const struct sw_wide *b, struct sw_wide *quotient,
                    struct sw_wide *rest)
{
    int length = length_of(b), a_length = length_of(a);
    if (length == 1) {
        divide_by_digit(a, b->digit[0], quotient, rest);
        return;
    }
    uint32_t above[SW_WIDE_DIGITS + 1] = {0}, below[SW_WIDE_DIGITS + 1] = {0};
    int bits = __builtin_clz(b->digit[length - 1]);
    shift_left(above, a->digit, a_length, bits);
    shift_left(below, b->digit, length, bits);
    *quotient = (struct sw_wide){{0}};
    for (int at = a_length - length; at >= 0; at--) {
        uint64_t guess = guess_digit(above + at + length, below[length - 1], below[length - 2]);
        if (subtract_product(above + at, below, length, guess)) {
            guess--;
            add_back(above + at, below, length);
        }
        quotient->digit[at] = (uint32_t)guess;
    }
    *rest = (struct sw_wide){{0}};
    for (int i = 0; i < length; i++)
        rest->digit[i] = (uint32_t)(((uint64_t)above[i + 1] << 32 | above[i]) >> bits);
}

/* Newton's iteration from above: it falls until it has arrived. */
struct sw_wide sw_wide_root(const struct sw_wide *a)
{
    int length = length_of(a);
    if (length == 0) return *a;
    int bits = 32 * length - __builtin_clz(a->digit[length - 1]);
    int half = (bits + 1) / 2;
    struct sw_wide root = {{0}}, next, rest;
    root.digit[half / 32] = (uint32_t)1 << (half % 32);
    for (;;) {
        sw_wide_divide(a, &root, &next, &rest);
        if (sw_wide_compare(&next, &root) >= 0) return root;
        bool fits = sw_wide_add(&next, &root);
        (void)fits; /* both are below 2^257 */
        for (int i = 0; i < SW_WIDE_DIGITS; i++) {
            uint32_t above = i + 1 < SW_WIDE_DIGITS ? next.digit[i + 1] : 0;
            root.digit[i] = next.digit[i] >> 1 | above << 31;
        }
    }
}

static sw_uint128 magnitude(sw_int128 value)
{
    return value < 0 ? 0 - (sw_uint128)value : (sw_uint128)value;
}

enum { MOST_AT_ONCE = 38 }; /* 10^38 is the largest power of ten in 127 bits */

static struct sw_wide power_of_ten(int exponent)
{
    return sw_wide_of(0, (sw_uint128)sw_power_of_ten(exponent));
}

/* *number × 10^exponent, which may be more than one step goes. */
static bool scale_up(struct sw_wide *number, int exponent)
{
    for (int step; exponent > 0; exponent -= step) {
        step = exponent < MOST_AT_ONCE ? exponent : MOST_AT_ONCE;
        struct sw_wide power = power_of_ten(step);
        if (!sw_wide_multiply(number, &power)) return false;
    }
    return true;
}

bool sw_wide_ratio(struct sw_wide *above, struct sw_wide *below, int shift, sw_uint128 *result)
{
    struct sw_wide rounded, rest;
    if (!scale_up(shift < 0 ? below : above, shift < 0 ? -shift : shift)) return false;
    sw_wide_divide(above, below, &rounded, &rest);
    struct sw_wide one = sw_wide_of(0, 1);
    sw_wide_subtract(below, &rest);
    if (sw_wide_compare(&rest, below) >= 0 && !sw_wide_add(&rounded, &one)) return false;
    return sw_wide_narrow(&rounded, result);
}

/* The same where all of it fits 128 bits. */
static bool narrow_ratio(sw_uint128 above, sw_uint128 below, int shift, sw_uint128 *size)
{
    if (shift < -MOST_AT_ONCE || shift > MOST_AT_ONCE) return false;
    sw_uint128 power = (sw_uint128)sw_power_of_ten(shift < 0 ? -shift : shift);
    sw_uint128 *scaled = shift < 0 ? &below : &above;
    if (__builtin_mul_overflow(*scaled, power, scaled) || (above | below) >> 127) return false;
    *size = sw_divide_half_up(above, below);
    return true;
}

bool sw_ratio(sw_int128 numerator, sw_int128 denominator, int shift, sw_int128 *result)
{
    sw_uint128 size;
    if (!narrow_ratio(magnitude(numerator), magnitude(denominator), shift, &size)) {
        struct sw_wide above = sw_wide_of(0, magnitude(numerator));
        struct sw_wide below = sw_wide_of(0, magnitude(denominator));
        if (!sw_wide_ratio(&above, &below, shift, &size)) return false;
    }
    *result = (numerator < 0) != (denominator < 0) ? -(sw_int128)size : (sw_int128)size;
    return true;
}

/* The variance times 4 × 10^(2 × shift), rounded down. */
static bool four_variances(uint64_t count, const struct sw_wide *sum_size,
                           const struct sw_wide *squares, int shift, struct sw_wide *result)
{
    struct sw_wide above = *squares, squared = *sum_size;
    struct sw_wide below = sw_wide_of(0, (sw_uint128)count * (count - 1));
    struct sw_wide n = sw_wide_of(0, count), four = sw_wide_of(0, 4), rest;
    struct sw_wide power = power_of_ten(shift < 0 ? -shift : shift);
    struct sw_wide *scaled = shift < 0 ? &below : &above;
    if (!sw_wide_multiply(&above, &n) || !sw_wide_multiply(&squared, &squared)) return false;
    if (sw_wide_compare(&above, &squared) < 0) return false;
    sw_wide_subtract(&above, &squared);
    if (!sw_wide_multiply(scaled, &power) || !sw_wide_multiply(scaled, &power)) return false;
    if (!sw_wide_multiply(&above, &four)) return false;
    sw_wide_divide(&above, &below, result, &rest);
    return true;
}

/* Half away from zero: ⌊√v + ½⌋ = ⌊(⌊√4v⌋ + 1) ÷ 2⌋, and ⌊√x⌋ = ⌊√⌊x⌋⌋, so that nothing is rounded
 * twice. */
bool sw_deviation(uint64_t count, const struct sw_wide *sum_size, const struct sw_wide *squares,
                  int shift, sw_int128 *result)
{
    struct sw_wide variances;
    sw_uint128 twice;
    if (!four_variances(count, sum_size, squares, shift, &variances)) return false;
    variances = sw_wide_root(&variances);
    if (!sw_wide_narrow(&variances, &twice)) return false;
    *result = (sw_int128)((twice + 1) / 2);
    return true;
}
