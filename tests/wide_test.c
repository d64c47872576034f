/* SPDX-License-Identifier: ISC
 *
 * Puts base/wide.h to the test: reads lines "OPERATION NUMBER…" (decimal) and prints what each
 * comes to, for tests/wide.bats to compare with Python's integers. "none" is a result that does not
 * fit.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/wide.h"

static struct sw_wide read_wide(const char *text)
{
    struct sw_wide wide = sw_wide_of(0, 0), ten = sw_wide_of(0, 10);
    for (; *text; text++) {
        struct sw_wide digit = sw_wide_of(0, (sw_uint128)(*text - '0'));
        if (!sw_wide_multiply(&wide, &ten) || !sw_wide_add(&wide, &digit)) abort();
    }
    return wide;
}

static void print_wide(struct sw_wide wide, const char *end)
{
    char digits[160];
    size_t at = sizeof digits;
    struct sw_wide zero = sw_wide_of(0, 0), ten = sw_wide_of(0, 10), rest;
    digits[--at] = 0;
    do {
        struct sw_wide quotient;
        sw_wide_divide(&wide, &ten, &quotient, &rest);
        digits[--at] = (char)('0' + rest.digit[0]);
        wide = quotient;
    } while (sw_wide_compare(&wide, &zero) != 0);
    printf("%s%s", digits + at, end);
}

static sw_int128 read_number(const char *text)
{
    sw_int128 value = 0;
    if (sw_parse_decimal(text, strlen(text), 0, &value) != SW_NUMBER_GOOD) abort();
    return value;
}

static void print_number(bool fits, sw_int128 value)
{
    char text[SW_NUMBER_LENGTH];
    int length = fits ? (int)sw_format_decimal(text, value, 0) : 4;
    printf("%.*s\n", length, fits ? text : "none");
}

static void on_wide(char operation, const char *first, const char *second)
{
    struct sw_wide a = read_wide(first), b = read_wide(second), quotient, rest;
    bool fits = true;
    switch (operation) {
    case '+':
        fits = sw_wide_add(&a, &b);
        break;
    case '-':
        sw_wide_subtract(&a, &b);
        break;
    case '*':
        fits = sw_wide_multiply(&a, &b);
        break;
    case 'r':
        a = sw_wide_root(&a);
        break;
    default:
        sw_wide_divide(&a, &b, &quotient, &rest);
        print_wide(quotient, " ");
        a = rest;
    }
    if (fits)
        print_wide(a, "\n");
    else
        puts("none");
}

/* Adds the same value `times` times. */
static void on_squares(const char *value, const char *times)
{
    struct sw_squares squares = {0};
    bool fits = true;
    for (long i = atol(times); i > 0 && fits; i--)
        fits = sw_squares_add(&squares, read_number(value));
    if (fits)
        print_wide(sw_wide_of(squares.high, squares.low), "\n");
    else
        puts("none");
}

/* The deviation of the values 0, value, 2 × value, …, `count` of them. */
static void on_deviation(const char *count, const char *value, const char *shift)
{
    struct sw_squares squares = {0};
    sw_int128 sum = 0, result = 0;
    bool fits = true;
    for (long i = 0; i < atol(count) && fits; i++) {
        fits = sw_squares_add(&squares, i * read_number(value));
        sum += i * read_number(value);
    }
    fits = fits && sw_deviation((uint64_t)atol(count), sum, &squares, atoi(shift), &result);
    print_number(fits, result);
}

static void on_ratio(const char *numerator, const char *denominator, const char *shift)
{
    sw_int128 result = 0;
    bool fits = sw_ratio(read_number(numerator), read_number(denominator), atoi(shift), &result);
    print_number(fits, result);
}

int main(void)
{
    char operation[8], a[200], b[200], c[200];
    while (scanf("%7s %199s %199s %199s", operation, a, b, c) == 4) {
        if (*operation == 's')
            on_squares(a, b);
        else if (*operation == 'd')
            on_deviation(a, b, c);
        else if (*operation == 'q')
            on_ratio(a, b, c);
        else
            on_wide(*operation, a, b);
    }
    return 0;
}
