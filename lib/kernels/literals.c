/* SPDX-License-Identifier: ISC */
#include "kernels/literals.h"

#include <string.h>

static bool add(struct sw_literal_set *set, size_t column, const char *bytes, size_t length,
                bool number)
{
    if (length == 0 || set->count == SW_LITERALS_IN_SET) return false;
    struct sw_literal *literal = &set->items[set->count++];
    literal->column = column;
    literal->number = number;
    literal->cut = length > SW_LITERAL_LENGTH;
    literal->length = literal->cut ? SW_LITERAL_LENGTH : length;
    memcpy(literal->bytes, bytes, literal->length);
    return true;
}

bool sw_literal_add_text(struct sw_literal_set *set, size_t column, const char *bytes,
                         size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (strchr("\"\r\n", bytes[i]) || (unsigned char)bytes[i] > 127) return false;
    return add(set, column, bytes, length, false);
}

bool sw_literal_add_number(struct sw_literal_set *set, size_t column, const char *digits,
                           size_t length)
{
    return add(set, column, digits, length, true);
}

static bool ends_field(unsigned char byte, char separator)
{
    return byte == (unsigned char)separator || byte == '\n' || byte == '\r';
}

/* What a number's digits may have before them, and after them. */
static bool leads(unsigned char byte)
{
    return byte == '0' || byte == '+' || byte == '-';
}

static bool trails(const struct sw_literal *literal, unsigned char byte)
{
    return byte == (memchr(literal->bytes, '.', literal->length) ? '0' : '.');
}

bool sw_literal_may_follow(const struct sw_literal *literal, unsigned char before, char separator)
{
    return ends_field(before, separator) || (literal->number && leads(before));
}

bool sw_literal_may_precede(const struct sw_literal *literal, unsigned char after, char separator)
{
    return literal->cut || ends_field(after, separator) ||
           (literal->number && trails(literal, after));
}

/* Whether the field text[0..length) holds it. */
static bool literal_in(const struct sw_literal *literal, const char *text, size_t length)
{
    size_t at = 0;
    while (literal->number && at < length && leads((unsigned char)text[at])) at++;
    if (length - at < literal->length || memcmp(text + at, literal->bytes, literal->length) != 0)
        return false;
    at += literal->length;
    return at == length || literal->cut ||
           (literal->number && trails(literal, (unsigned char)text[at]));
}

static bool set_in(const struct sw_literal_set *set, const char *base, const uint32_t *cells)
{
    for (size_t i = 0; i < set->count; i++) {
        const uint32_t *cell = cells + set->items[i].column;
        const char *text = base + cell[0] + 1;
        size_t length = cell[1] - cell[0] - 1;
        if (length && text[length - 1] == '\r') length--;
        if (literal_in(&set->items[i], text, length)) return true;
    }
    return false;
}

bool sw_literals_in(const struct sw_literals *literals, const char *base, const uint32_t *cells)
{
    for (size_t i = 0; i < literals->count; i++)
        if (!set_in(&literals->sets[i], base, cells)) return false;
    return true;
}
