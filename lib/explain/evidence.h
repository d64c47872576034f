/* SPDX-License-Identifier: ISC
 *
 * What a column of a sample holds, before anybody takes it for a type: how many of its fields are
 * empty, mean nothing, are numbers, and what numbers these are. Exact: numbers are of 18 decimals.
 */
#ifndef SW_EXPLAIN_EVIDENCE_H
#define SW_EXPLAIN_EVIDENCE_H

#include "explain/sample.h"

enum { SW_NOTHINGS = 6 };

/* A text of the sample. */
struct sw_piece {
    const char *text;
    size_t length;
};

struct sw_evidence {
    size_t rows, empty, nothing;
    struct sw_piece nothings[SW_NOTHINGS]; /* what is written where there is nothing: each once */
    size_t nothing_count;
    size_t values, numbers;       /* fields that are neither; those of them that are numbers */
    struct sw_piece value, other; /* the first value; the first one that is no number */
    sw_int128 least, most;        /* of the numbers, × 10^18 */
    int decimals;                 /* that the finest of them needs */
    size_t longest;               /* bytes of the longest value */
    size_t shortest;
    bool pointed;     /* there is one with a point or an exponent */
    bool zeros_first; /* there is one as 0050 */
    bool ordered;     /* no number is less than the one before it */
    bool blanks;      /* a value is a number but for blanks around it */
};

/* Whether the text is written where there is nothing: nan, NULL, blanks, the least and largest
 * numbers of 64 bits. */
bool sw_means_nothing(const char *text, size_t length);

/* Reads a number as a column without a unit does, × 10^18. */
bool sw_read_number(const char *text, size_t length, bool comma_point, sw_int128 *value);

/* Looks at the rows of a column from `first_row` on. */
void sw_evidence_gather(const struct sw_sample *sample, size_t first_row, size_t column,
                        bool comma_point, struct sw_evidence *evidence);

#endif
