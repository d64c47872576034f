/* SPDX-License-Identifier: ISC
 *
 * Short numbers, many at a time: the last bytes of each field are brought side by side, and then
 * the digits of several fields are read in one step where the CPU can. What is refused here (nulls,
 * signs, ISO times, more digits) is for csv/parse_columns.c to read slowly; what is accepted is exact.
 *
 *     low[i]     the last 8 bytes of field i, and whatever stands before a shorter one
 *     middle[i]  the 8 before, when the longest field has more than 8
 *     high[i]    the 8 before those, when it has more than 16
 */
#ifndef SW_KERNELS_PARSE_NUMBERS_H
#define SW_KERNELS_PARSE_NUMBERS_H

#include "kernels/scan.h"

enum {
    SW_NUMBERS_AT_ONCE = 256,
    SW_DIGITS_AT_MOST = 19, /* of a whole number that is read here */
    SW_NUMBERS_BEFORE = 24, /* bytes before the end of a field that must be readable */
};

struct sw_numbers {
    size_t count;                        /* at most SW_NUMBERS_AT_ONCE */
    size_t longest;                      /* length of the longest field */
    uint64_t places[SW_NUMBERS_AT_ONCE]; /* the one before field i, and times 2^32 the one after */
    uint64_t lengths[SW_NUMBERS_AT_ONCE];
    uint64_t low[SW_NUMBERS_AT_ONCE], middle[SW_NUMBERS_AT_ONCE], high[SW_NUMBERS_AT_ONCE];
};

/* Which numbers were refused: bit i % 64 of word i / 64. Their values are not to be used. */
struct sw_refused {
    uint64_t bits[SW_NUMBERS_AT_ONCE / 64];
};

/* How a CPU reads them. Arrays have room for count rounded up to a multiple of 8. */
struct sw_number_reader {
    /* The lengths, and the longest, from the places. */
    void (*measure)(struct sw_numbers *numbers);
    /* Fields of 1 to SW_DIGITS_AT_MOST digits, up to 2^63 - 1. The longest is not above that. */
    void (*whole)(const struct sw_numbers *numbers, int64_t *values, struct sw_refused *refused);
    /* Fields of 1 to 8 characters, digits and at most one point, with at most `scale` decimals (0
     * to 18, of which up to 7 may be missing), as value × 10^scale. The longest field has at most 8
     * characters. */
    void (*decimal)(const struct sw_numbers *numbers, int scale, int64_t *values,
                    struct sw_refused *refused);
};

/* The reader of a level; NULL where this CPU or build has none, or none of its own. */
const struct sw_number_reader *sw_number_reader_of_level(enum sw_cpu_level level);

/* The best there is: the portable one where the CPU has nothing better. */
const struct sw_number_reader *sw_number_reader_best(void);

#endif
