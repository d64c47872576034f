/* SPDX-License-Identifier: ISC
 *
 * Codes: numbers below a count of distinct ones, which they are the indices of.
 */
#ifndef SW_KERNELS_FIRST_SEEN_CODES_H
#define SW_KERNELS_FIRST_SEEN_CODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A sequence of kind SW_AGAIN of which the codes are being worked out, from its first row on. */
struct sw_first_seen {
    const unsigned char *bitmap; /* of the rows that are left: 1 where a number was met before */
    const uint64_t *since, *end; /* of those: how many others were met since; one after the last
                                    may be fetched */
    uint32_t met;                /* distinct numbers so far */
    uint32_t most;               /* the largest code so far */
    uint64_t bits;               /* all of `since` so far, or'ed */
};

/* The codes of the next `count` rows; a multiple of 8, unless they are the last ones. The bitmap
 * has as many bits of 1 left as there are numbers from `since` to `end`. The CPU's vectors are used
 * where it has them. */
void sw_first_seen_next(struct sw_first_seen *first_seen, uint32_t *codes, size_t count);

/* Whether all codes so far are of numbers met before them, and below `distinct`. */
bool sw_first_seen_good(const struct sw_first_seen *first_seen, size_t distinct);

/* to[i] = numbers[codes[i]] */
void sw_codes_fetch(const uint32_t *codes, size_t count, const uint64_t *numbers, uint64_t *to);

/* In place: replaces codes by their numbers; false when one of them is `distinct` (at least 1) or
 * more, before any number is fetched for it. */
bool sw_codes_replace(uint64_t *to, size_t count, const uint64_t *numbers, size_t distinct);

/* Whether all of them are below `distinct` (at least 1). */
bool sw_codes_below(const uint64_t *codes, size_t count, size_t distinct);

/* The numbers of codes added up, modulo 2^64. */
uint64_t sw_codes_sum(const uint64_t *codes, size_t count, const uint64_t *numbers);

#endif
