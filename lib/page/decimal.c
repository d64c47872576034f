/* SPDX-License-Identifier: ISC */
#include "page/decimal.h"

#include <string.h>

static size_t digits(const char *text, size_t length)
{
    size_t count = 0;
    while (count < length && text[count] >= '0' && text[count] <= '9') count++;
    return count;
}

bool sw_page_is_decimal(const char *text, size_t length)
{
    size_t sign = length > 0 && *text == '-';
    size_t whole = digits(text + sign, length - sign), used = sign + whole;
    if (whole == 0) return false;
    if (used == length) return true;
    return text[used] == '.' && used + 1 < length &&
           digits(text + used + 1, length - used - 1) == length - used - 1;
}

static const char *first_digit(const char *decimal)
{
    if (*decimal == '-') decimal++;
    while (*decimal == '0') decimal++;
    return decimal;
}

size_t sw_page_whole_digits(const char *decimal)
{
    return strcspn(first_digit(decimal), ".");
}

/* Of fractions the shorter one is as if zeros stood after it. */
static int compare_fractions(const char *a, const char *b)
{
    for (; *a || *b; a += *a != 0, b += *b != 0) {
        char left = *a ? *a : '0', right = *b ? *b : '0';
        if (left != right) return left < right ? -1 : 1;
    }
    return 0;
}

int sw_page_farther(const char *a, const char *b)
{
    size_t whole_a = sw_page_whole_digits(a), whole_b = sw_page_whole_digits(b);
    if (whole_a != whole_b) return whole_a < whole_b ? -1 : 1;
    a = first_digit(a);
    b = first_digit(b);
    int order = memcmp(a, b, whole_a);
    if (order != 0) return order;
    a += whole_a;
    b += whole_b;
    return compare_fractions(*a ? a + 1 : a, *b ? b + 1 : b);
}
