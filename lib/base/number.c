/* SPDX-License-Identifier: ISC */
#include "base/number.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

static const uint64_t powers64[] = {
    1ULL,
    10ULL,
    100ULL,
    1000ULL,
    10000ULL,
    100000ULL,
    1000000ULL,
    10000000ULL,
    100000000ULL,
    1000000000ULL,
    10000000000ULL,
    100000000000ULL,
    1000000000000ULL,
    10000000000000ULL,
    100000000000000ULL,
    1000000000000000ULL,
    10000000000000000ULL,
    100000000000000000ULL,
    1000000000000000000ULL,
    10000000000000000000ULL,
};

sw_int128 sw_power_of_ten(int exponent)
{
    if (exponent <= 19) return powers64[exponent];
    return (sw_int128)powers64[19] * powers64[exponent - 19];
}

/* Appends one digit to a magnitude of at most `most`; false where there is no room. */
static bool add_digit(sw_uint128 *magnitude, unsigned digit, sw_uint128 most)
{
    if (*magnitude > (most - digit) / 10) return false;
    *magnitude = *magnitude * 10 + digit;
    return true;
}

enum sw_number_outcome sw_parse_decimal(const char *text, size_t length, int scale,
                                        sw_int128 *value)
{
    size_t at = 0;
    bool negative = length > 0 && text[0] == '-';
    if (length > 0 && (text[0] == '-' || text[0] == '+')) at++;
    sw_uint128 magnitude = 0, most = (sw_uint128)SW_INT128_MAX + negative;
    int decimals = 0;
    bool point = false, any = false, large = false, fine = false;
    for (; at < length; at++) {
        unsigned digit = (unsigned)(unsigned char)text[at] - '0';
        if (text[at] == '.' && !point) {
            point = true;
            continue;
        }
        if (digit > 9) return SW_NUMBER_MALFORMED;
        any = true;
        if (point && decimals == scale) {
            fine = fine || digit != 0;
            continue;
        }
        decimals += point;
        large = !add_digit(&magnitude, digit, most) || large;
    }
    if (!any) return SW_NUMBER_MALFORMED;
    for (; decimals < scale; decimals++) large = !add_digit(&magnitude, 0, most) || large;
    if (large) return SW_NUMBER_TOO_LARGE;
    if (fine) return SW_NUMBER_TOO_FINE;
    *value = (sw_int128)(negative ? 0 - magnitude : magnitude);
    return SW_NUMBER_GOOD;
}

const char *sw_number_reason(enum sw_number_outcome outcome, const char *kind, int scale,
                             char space[64])
{
    switch (outcome) {
    case SW_NUMBER_GOOD:
        return "good";
    case SW_NUMBER_MALFORMED:
        snprintf(space, 64, "not a %s", kind);
        return space;
    case SW_NUMBER_TOO_FINE:
        if (scale == 0) return "not a whole number";
        snprintf(space, 64, "more than %d decimals", scale);
        return space;
    case SW_NUMBER_TOO_LARGE:
        return "out of range";
    }
    return "not a number";
}

/* A power of two tells all but the last step; 1233 ÷ 4096 is just over log 2. */
static size_t digits_of(uint64_t value)
{
    size_t bits = 64 - (size_t)__builtin_clzll(value | 1), count = bits * 1233 >> 12;
    return count + ((value | 1) >= powers64[count]);
}

/* The eight digits of a number below 10^8, the first one in the lowest byte. It is halved into four
 * and four, these into twos, these into ones, all halves of a step at once. */
static uint64_t eight_digits(uint64_t value)
{
    uint64_t fours = value / 10000 | (value % 10000) << 32;
    uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
    uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
    uint64_t tens = (twos * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    return (tens | (twos - tens * 10) << 8) + UINT64_C(0x3030303030303030);
}

/* The last `count` of them, and not a byte more: moves of constant size that overlap. */
static void put_digits(char *to, uint64_t value, size_t count)
{
    uint64_t digits = eight_digits(value) >> (64 - 8 * count);
    if (count >= 4) {
        sw_store32(to, (uint32_t)digits);
        sw_store32(to + count - 4, (uint32_t)(digits >> (8 * count - 32)));
        return;
    }
    to[count - 1] = (char)(digits >> (8 * count - 8));
    to[count / 2] = (char)(digits >> (count / 2 * 8));
    to[0] = (char)digits;
}

void sw_format_eight(char *to, uint32_t value)
{
    sw_store64(to, eight_digits(value));
}

size_t sw_format_unsigned(char *to, uint64_t value)
{
    const uint64_t eight = powers64[8];
    if (value < 10) {
        *to = (char)('0' + value);
        return 1;
    }
    size_t count = digits_of(value), left = count;
    for (; left > 8; value /= eight) {
        left -= 8;
        sw_store64(to + left, eight_digits(value % eight));
    }
    put_digits(to, value, left);
    return count;
}

size_t sw_format_integer(char *to, int64_t value)
{
    if (value >= 0) return sw_format_unsigned(to, (uint64_t)value);
    *to = '-';
    return 1 + sw_format_unsigned(to + 1, 0 - (uint64_t)value);
}

static size_t format_magnitude(char *to, sw_uint128 value)
{
    const uint64_t part = powers64[19];
    if (value < part) return sw_format_unsigned(to, (uint64_t)value);
    size_t length = format_magnitude(to, value / part);
    uint64_t low = (uint64_t)(value % part);
    for (int i = 18; i >= 0; i--) {
        to[length + (size_t)i] = (char)('0' + low % 10);
        low /= 10;
    }
    return length + 19;
}

size_t sw_format_fixed(char *to, sw_int128 value, int scale)
{
    size_t length = 0;
    sw_uint128 magnitude = value < 0 ? 0 - (sw_uint128)value : (sw_uint128)value;
    sw_uint128 unit = (sw_uint128)sw_power_of_ten(scale);
    if (value < 0) to[length++] = '-';
    length += format_magnitude(to + length, magnitude / unit);
    if (scale == 0) return length;
    uint64_t rest = (uint64_t)(magnitude % unit);
    to[length++] = '.';
    for (int i = scale - 1; i >= 0; i--) {
        to[length + (size_t)i] = (char)('0' + rest % 10);
        rest /= 10;
    }
    return length + (size_t)scale;
}

/* A fraction of `scale` decimals, which is not 0, without the zeros at its end: eight digits at a time, and the zeros as many. */
static size_t put_fraction(char *to, uint64_t rest, int scale)
{
    char *end = to;
    uint64_t digits;
    for (; scale > 8 && rest; scale -= 8, end += 8) {
        sw_store64(end, eight_digits(rest / powers64[scale - 8]));
        rest %= powers64[scale - 8];
    }
    if (rest) {
        sw_store64(end, eight_digits(rest * powers64[8 - scale]));
        end += 8;
    }
    while ((digits = sw_load64(end - 8) ^ UINT64_C(0x3030303030303030)) == 0) end -= 8;
    return (size_t)(end - to) - (size_t)__builtin_clzll(digits) / 8;
}

enum { SCALE_OF_64_BITS = 18 };

static size_t format_narrow(char *to, int64_t value, int scale)
{
    const uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    const uint64_t usual = powers64[6], unit = powers64[scale];
    const uint64_t whole = scale == 6 ? magnitude / usual : magnitude / unit;
    const uint64_t rest = magnitude - whole * unit;
    size_t length = 0;
    if (value < 0) to[length++] = '-';
    length += sw_format_unsigned(to + length, whole);
    if (rest == 0) return length;
    to[length++] = '.';
    return length + put_fraction(to + length, rest, scale);
}

size_t sw_format_decimal(char *to, sw_int128 value, int scale)
{
    if (value == (int64_t)value && scale <= SCALE_OF_64_BITS)
        return scale ? format_narrow(to, (int64_t)value, scale)
                     : sw_format_integer(to, (int64_t)value);
    while (scale > 0 && value % 10 == 0) {
        value /= 10;
        scale--;
    }
    return sw_format_fixed(to, value, scale);
}

bool sw_parse_count(const char *text, uint64_t *value)
{
    uint64_t sum = 0;
    if (!*text) return false;
    for (; *text; text++) {
        unsigned digit = (unsigned)(unsigned char)*text - '0';
        if (digit > 9 || sum > ((uint64_t)INT64_MAX - digit) / 10) return false;
        sum = sum * 10 + digit;
    }
    *value = sum;
    return true;
}

static bool size_suffix(const char *suffix, int *shift)
{
    static const char letters[] = "KMGT";
    const char *found = *suffix ? strchr(letters, *suffix & ~0x20) : NULL;
    if (found) {
        *shift = 10 * (int)(found - letters + 1);
        suffix++;
        if (*suffix == 'i') suffix++;
    }
    if (*suffix == 'B' || (*suffix == 'b' && found)) suffix++;
    return *suffix == 0;
}

bool sw_parse_size(const char *text, uint64_t *bytes)
{
    char digits[24];
    size_t length = strspn(text, "0123456789");
    int shift = 0;
    if (length == 0 || length >= sizeof digits || !size_suffix(text + length, &shift)) return false;
    memcpy(digits, text, length);
    digits[length] = 0;
    uint64_t number;
    if (!sw_parse_count(digits, &number) || number > ((uint64_t)INT64_MAX >> shift)) return false;
    *bytes = number << shift;
    return true;
}

bool sw_parse_range(const char *text, uint64_t *offset, uint64_t *length, struct sw_error *error)
{
    char first[24];
    size_t digits = strcspn(text, ":");
    if (digits < sizeof first && text[digits] == ':') {
        memcpy(first, text, digits);
        first[digits] = 0;
        if (sw_parse_count(first, offset) && sw_parse_count(text + digits + 1, length)) return true;
    }
    return sw_fail(error, SW_USAGE, "--range: not OFFSET:LENGTH: '%s'", text);
}

static int sign(sw_int128 a, sw_int128 b)
{
    return (a > b) - (a < b);
}

/* Where scaling up leaves 128 bits, the scaled side is further from zero than anything the other
 * can be. */
int sw_compare_scaled(sw_int128 a, int a_scale, sw_int128 b, int b_scale)
{
    if (a_scale == b_scale) return sign(a, b);
    if (a_scale > b_scale) return -sw_compare_scaled(b, b_scale, a, a_scale);
    sw_int128 scaled;
    if (__builtin_mul_overflow(a, sw_power_of_ten(b_scale - a_scale), &scaled)) return sign(a, 0);
    return sign(scaled, b);
}
