/* SPDX-License-Identifier: ISC */
#include "base/nearest.h"

#include <stdio.h>
#include <string.h>

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

/* The optimal string alignment distance; both are at most SW_NEAR_LONGEST bytes long. */
static size_t distance_of(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][SW_NEAR_LONGEST + 1];
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

bool sw_near(const char *wanted, size_t wanted_length, const char *word, size_t length,
             size_t *distance)
{
    if (length > SW_NEAR_LONGEST || wanted_length > SW_NEAR_LONGEST) return false;
    const size_t most = tolerance(length);
    if (length > wanted_length + most || wanted_length > length + most) return false;
    *distance = distance_of(wanted, wanted_length, word, length);
    return *distance <= most;
}

const char *sw_nearest(const char *value, const char *list, size_t *length)
{
    const char *found = NULL;
    size_t least_distance = SIZE_MAX, distance;
    for (;;) {
        size_t here = strcspn(list, ",");
        if (sw_near(value, strlen(value), list, here, &distance) && distance < least_distance) {
            found = list;
            *length = here;
            least_distance = distance;
        }
        if (!list[here]) return found;
        list += here + 1;
    }
}

const char *sw_nearest_note(const char *value, const char *list, char note[SW_NEAREST_NOTE])
{
    size_t length = 0;
    const char *near = strlen(value) < 3 ? NULL : sw_nearest(value, list, &length);
    note[0] = 0;
    if (near && length <= SW_NEAR_LONGEST)
        snprintf(note, SW_NEAREST_NOTE, "; is '%.*s' meant?", (int)length, near);
    return note;
}
