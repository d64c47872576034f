/* SPDX-License-Identifier: ISC
 *
 * What the fields of a row must hold for a condition to be true of it: of each set of literals, at
 * least one, as the field of its column or as what that field is in all but its spelling. That is a
 * first test only. A row that fails it is rejected without its fields being read; a row that passes
 * it may still be any row.
 *
 *     participantid == 69 && security_code in (110621, 85603)
 *     sets        { "69" }            { "110621", "85603" }
 *     passes      69.0 and +0085603   fails   69 and 110622, 690 and 110621
 */
#ifndef SW_KERNELS_LITERALS_H
#define SW_KERNELS_LITERALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SW_LITERAL_LENGTH = 32, /* bytes of a literal; of a longer text its front is looked for */
    SW_LITERALS_IN_SET = 64,
    SW_LITERAL_SETS = 4,
};

struct sw_literal {
    size_t column; /* whose field holds it, from 0 */
    size_t length; /* 1 or more */
    bool number;   /* zeros and a sign may stand before it, zeros and a point after it */
    bool cut;      /* anything may follow: it is the front of something longer */
    char bytes[SW_LITERAL_LENGTH];
};

struct sw_literal_set {
    size_t count; /* 1 or more, in a set of struct sw_literals */
    struct sw_literal items[SW_LITERALS_IN_SET];
};

struct sw_literals {
    size_t count; /* 0: every row may be one */
    struct sw_literal_set sets[SW_LITERAL_SETS];
};

/* Adds a text, for fields of the column that are it. False where that cannot be: the set is full,
 * the text is empty, or has a byte that is a quote, an end of line, or no ASCII, so that it need
 * not stand in the row as it is. */
bool sw_literal_add_text(struct sw_literal_set *set, size_t column, const char *bytes,
                         size_t length);

/* Adds a number, for fields of the column that have it as their value: its digits, and a point if
 * it has decimals, from the first that is not 0 to the last. False where the set is full. */
bool sw_literal_add_number(struct sw_literal_set *set, size_t column, const char *digits,
                           size_t length);

/* Whether a byte may stand right before the literal, or right after it, in fields that are so
 * separated: at an end of the row, a newline. */
bool sw_literal_may_follow(const struct sw_literal *literal, unsigned char before, char separator);
bool sw_literal_may_precede(const struct sw_literal *literal, unsigned char after, char separator);

/* Whether the row holds one literal of each set. Its field i lies between base[cells[i]] and
 * base[cells[i + 1]], neither of them its own; a carriage return at its end is none of it. */
bool sw_literals_in(const struct sw_literals *literals, const char *base, const uint32_t *cells);

#endif
