/* SPDX-License-Identifier: ISC
 *
 * Puts base/wide.h, base/sum.h and decimals of base/number.h to the test: reads lines "OPERATION NUMBER…" (decimal) and prints what each
 * comes to, for tests/wide.bats to compare with Python's integers. "none" is a result that does not
 * fit.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/sum.h"

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
    struct sw_products squares = {{0}, {0}};
    for (long i = atol(times); i > 0; i--)
        sw_products_add(&squares, read_number(value), read_number(value));
    print_wide(sw_products_size(&squares), "\n");
}

/* The deviation of the values 0, value, 2 × value, …, `count` of them. */
static void on_deviation(const char *count, const char *value, const char *shift)
{
    struct sw_products squares = {{0}, {0}};
    struct sw_sum sum = {0};
    sw_int128 result = 0;
    for (long i = 0; i < atol(count); i++) {
        sw_products_add(&squares, i * read_number(value), i * read_number(value));
        sw_sum_add(&sum, i * read_number(value));
    }
    struct sw_wide size = sw_sum_size(&sum), of_squares = sw_products_size(&squares);
    bool fits = sw_deviation((uint64_t)atol(count), &size, &of_squares, atoi(shift), &result);
    print_number(fits, result);
}

static void on_ratio(const char *numerator, const char *denominator, const char *shift)
{
    sw_int128 result = 0;
    bool fits = sw_ratio(read_number(numerator), read_number(denominator), atoi(shift), &result);
    print_number(fits, result);
}

/* The sum of numbers between commas, those from number `split` on added up apart and merged. */
static void on_sum(char *numbers, const char *split)
{
    struct sw_sum sums[2] = {{0}, {0}};
    sw_int128 result = 0;
    long at = 0, border = atol(split);
    for (char *number = strtok(numbers, ","); number; number = strtok(NULL, ","))
        sw_sum_add(&sums[at++ >= border], read_number(number));
    bool merged = sw_sum_merge(&sums[0], &sums[1]);
    bool fits = merged && sw_sum_narrow(&sums[0], &result);
    print_number(fits, result);
    print_wide(sw_sum_size(&sums[0]), "\n");
}

/* The mean of such numbers, weighted by as many others. */
static void on_weighted(char *numbers, char *weights, const char *split)
{
    struct sw_products products[2] = {{{0}, {0}}, {{0}, {0}}};
    struct sw_sum weight = {0};
    sw_int128 result = 0;
    long at = 0, border = atol(split);
    char *rest, *other, *number = strtok_r(numbers, ",", &rest);
    for (char *by = strtok_r(weights, ",", &other); number && by;
         by = strtok_r(NULL, ",", &other)) {
        sw_products_add(&products[at++ >= border], read_number(number), read_number(by));
        sw_sum_add(&weight, read_number(by));
        number = strtok_r(NULL, ",", &rest);
    }
    bool merged = sw_products_merge(&products[0], &products[1]);
    bool fits =
        merged && !sw_sum_is_zero(&weight) && sw_products_ratio(&products[0], &weight, 2, &result);
    print_number(fits, result);
    fits = merged && sw_products_narrow(&products[0], &result);
    print_number(fits, result);
}

static void on_decimal(const char *value, const char *scale)
{
    char text[SW_NUMBER_LENGTH];
    printf("%.*s\n", (int)sw_format_decimal(text, read_number(value), atoi(scale)), text);
}

int main(void)
{
    char operation[8], a[2000], b[2000], c[200];
    while (scanf("%7s %1999s %1999s %199s", operation, a, b, c) == 4) {
        if (*operation == 'a')
            on_sum(a, b);
        else if (*operation == 'w')
            on_weighted(a, b, c);
        else if (*operation == 's')
            on_squares(a, b);
        else if (*operation == 'd')
            on_deviation(a, b, c);
        else if (*operation == 'f')
            on_decimal(a, b);
        else if (*operation == 'q')
            on_ratio(a, b, c);
        else
            on_wide(*operation, a, b);
    }
    return 0;
}
