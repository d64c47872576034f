/* SPDX-License-Identifier: ISC
 * What a misspelt word may have been meant to be (config/keys.h). */
#include <string.h>

#include "config/keys.h"

enum { LONGEST = 40 }; /* no key or choice is longer */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static char letter(char c)
{
    if (c == '-') return '_';
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Row i of the table of distances; `before` is row i - 1, `earlier` row i - 2. */
static void fill_row(size_t *row, const size_t *before, const size_t *earlier, const char *a,
                     size_t i, const char *b, size_t b_length)
{
    row[0] = i;
    for (size_t j = 1; j <= b_length; j++) {
        bool same = letter(a[i - 1]) == letter(b[j - 1]);
        row[j] = least(least(row[j - 1], before[j]) + 1, before[j - 1] + !same);
        if (i > 1 && j > 1 && letter(a[i - 1]) == letter(b[j - 2]) &&
            letter(a[i - 2]) == letter(b[j - 1]))
            row[j] = least(row[j], earlier[j - 2] + 1);
    }
}

/* The optimal string alignment distance; both are at most LONGEST bytes long. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= b_length; j++) rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++)
        fill_row(rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3], a, i, b, b_length);
    return rows[a_length % 3][b_length];
}

/* Further than this is no misspelling any more. */
static size_t tolerance(size_t length)
{
    return length < 6 ? 1 : length / 3;
}

struct search {
    const char *wanted, *found;
    size_t wanted_length, found_length, distance;
};

static void consider(struct search *search, const char *word, size_t length)
{
    if (length > LONGEST || search->wanted_length > LONGEST) return;
    size_t far = distance(search->wanted, search->wanted_length, word, length);
    if (far > tolerance(length) || (search->found && far >= search->distance)) return;
    search->found = word;
    search->found_length = length;
    search->distance = far;
}

const char *sw_nearest(const char *value, const char *list, size_t *length)
{
    struct search search = {.wanted = value, .wanted_length = strlen(value)};
    for (;;) {
        size_t here = strcspn(list, ",");
        consider(&search, list, here);
        if (!list[here]) break;
        list += here + 1;
    }
    *length = search.found_length;
    return search.found;
}

const char *sw_key_nearest(const char *name)
{
    struct search search = {.wanted = name, .wanted_length = strlen(name)};
    for (size_t i = 0; i < SW_KEYS; i++)
        consider(&search, sw_keys[i].name, strlen(sw_keys[i].name));
    return search.found;
}

bool sw_key_judge(enum sw_key key, const char *value, struct sw_error *failure)
{
    const struct sw_key_about *about = &sw_keys[key];
    size_t length;
    if (sw_key_fits(key, value)) return true;
    if (!about->choices) return sw_fail(failure, SW_USAGE, "not %s: '%s'", about->form, value);
    const char *near = sw_nearest(value, about->choices, &length);
    if (!near) return sw_fail(failure, SW_USAGE, "not one of %s: '%s'", about->choices, value);
    return sw_fail(failure, SW_USAGE, "not one of %s: '%s'; is '%.*s' meant?", about->choices,
                   value, (int)length, near);
}
