/* SPDX-License-Identifier: ISC */
#include "csv/needles.h"

#include <string.h>

static bool add(struct sw_needle_set *set, const char *bytes, size_t length, bool number)
{
    if (length == 0 || set->count == SW_NEEDLES_IN_SET) return false;
    struct sw_needle *needle = &set->items[set->count++];
    needle->number = number;
    needle->cut = length > SW_NEEDLE_LENGTH;
    needle->length = needle->cut ? SW_NEEDLE_LENGTH : length;
    memcpy(needle->bytes, bytes, needle->length);
    return true;
}

bool sw_needle_add_text(struct sw_needle_set *set, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (strchr("\"\r\n", bytes[i]) || (unsigned char)bytes[i] > 127) return false;
    return add(set, bytes, length, false);
}

bool sw_needle_add_number(struct sw_needle_set *set, const char *digits, size_t length)
{
    return add(set, digits, length, true);
}

static bool ends_field(unsigned char byte)
{
    return byte == ',' || byte == '\n' || byte == '\r' || byte == '"';
}

bool sw_needle_may_follow(const struct sw_needle *needle, unsigned char before)
{
    return ends_field(before) ||
           (needle->number && (before == '0' || before == '+' || before == '-'));
}

bool sw_needle_may_precede(const struct sw_needle *needle, unsigned char behind)
{
    bool decimals = memchr(needle->bytes, '.', needle->length);
    return needle->cut || ends_field(behind) ||
           (needle->number && behind == (decimals ? '0' : '.'));
}

static bool needle_in(const struct sw_needle *needle, const char *text, size_t length)
{
    const char *end = text + length;
    for (const char *from = text, *at; from < end; from = at + 1) {
        at = memmem(from, (size_t)(end - from), needle->bytes, needle->length);
        if (!at) return false;
        const char *behind = at + needle->length;
        if (sw_needle_may_follow(needle, at == text ? '\n' : (unsigned char)at[-1]) &&
            sw_needle_may_precede(needle, behind == end ? '\n' : (unsigned char)*behind))
            return true;
    }
    return false;
}

static bool set_in(const struct sw_needle_set *set, const char *text, size_t length)
{
    for (size_t i = 0; i < set->count; i++)
        if (needle_in(&set->items[i], text, length)) return true;
    return false;
}

bool sw_needles_in(const struct sw_needles *needles, const char *text, size_t length)
{
    for (size_t i = 0; i < needles->count; i++)
        if (!set_in(&needles->sets[i], text, length)) return false;
    return true;
}
