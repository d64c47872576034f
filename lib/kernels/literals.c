/* SPDX-License-Identifier: ISC */
#include "kernels/literals.h"

#include <string.h>

static bool add(struct sw_needle_set *set, size_t column, const char *bytes, size_t length,
                bool number)
{
    if (length == 0 || set->count == SW_NEEDLES_IN_SET) return false;
    struct sw_needle *needle = &set->items[set->count++];
    needle->column = column;
    needle->number = number;
    needle->cut = length > SW_NEEDLE_LENGTH;
    needle->length = needle->cut ? SW_NEEDLE_LENGTH : length;
    memcpy(needle->bytes, bytes, needle->length);
    return true;
}

bool sw_needle_add_text(struct sw_needle_set *set, size_t column, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (strchr("\"\r\n", bytes[i]) || (unsigned char)bytes[i] > 127) return false;
    return add(set, column, bytes, length, false);
}

bool sw_needle_add_number(struct sw_needle_set *set, size_t column, const char *digits,
                          size_t length)
{
    return add(set, column, digits, length, true);
}

static bool ends_field(unsigned char byte)
{
    return byte == ',' || byte == '\n' || byte == '\r';
}

/* What a number's digits may have before them, and behind them. */
static bool leads(unsigned char byte)
{
    return byte == '0' || byte == '+' || byte == '-';
}

static bool trails(const struct sw_needle *needle, unsigned char byte)
{
    return byte == (memchr(needle->bytes, '.', needle->length) ? '0' : '.');
}

bool sw_needle_may_follow(const struct sw_needle *needle, unsigned char before)
{
    return ends_field(before) || (needle->number && leads(before));
}

bool sw_needle_may_precede(const struct sw_needle *needle, unsigned char behind)
{
    return needle->cut || ends_field(behind) || (needle->number && trails(needle, behind));
}

/* Whether the field text[0..length) holds it. */
static bool needle_in(const struct sw_needle *needle, const char *text, size_t length)
{
    size_t at = 0;
    while (needle->number && at < length && leads((unsigned char)text[at])) at++;
    if (length - at < needle->length || memcmp(text + at, needle->bytes, needle->length) != 0)
        return false;
    at += needle->length;
    return at == length || needle->cut ||
           (needle->number && trails(needle, (unsigned char)text[at]));
}

static bool set_in(const struct sw_needle_set *set, const char *base, const uint32_t *cells)
{
    for (size_t i = 0; i < set->count; i++) {
        const uint32_t *cell = cells + set->items[i].column;
        const char *text = base + cell[0] + 1;
        size_t length = cell[1] - cell[0] - 1;
        if (length && text[length - 1] == '\r') length--;
        if (needle_in(&set->items[i], text, length)) return true;
    }
    return false;
}

bool sw_needles_in(const struct sw_needles *needles, const char *base, const uint32_t *cells)
{
    for (size_t i = 0; i < needles->count; i++)
        if (!set_in(&needles->sets[i], base, cells)) return false;
    return true;
}
