/* SPDX-License-Identifier: ISC
 *
 * Distinct numbers, each with a code: 0, 1, … in the order they first came. Numbers of a narrow range are looked up by themselves, others
 * by hashing.
 */
#ifndef SW_OUTPUT_EXPORT_NUMBERS_H
#define SW_OUTPUT_EXPORT_NUMBERS_H

#include "base/bytes.h"

/* Where numbers that lie close together have their codes; shared by columns, and empty between two calls. Zero-initialize. */
enum { SW_CLOSE_NUMBERS = 1 << 14 };
struct sw_close_numbers {
    uint16_t codes[SW_CLOSE_NUMBERS]; /* by distance from the smallest, a code + 1 */
};

/* Zero-initialize; free with sw_number_codes_free. */
struct sw_number_codes {
    sw_int128 *values; /* by code */
    uint32_t count;
    size_t capacity;
    uint32_t *slots; /* open addressing: a code + 1, 0 for none */
    size_t slot_count, slot_capacity;
    uint32_t placed; /* the codes below have their slots */
};

/* A page's numbers: 64-bit ones, with the smallest and the largest of them, or 128-bit ones. */
struct sw_page_numbers {
    const int64_t *narrow; /* NULL: the others */
    const sw_int128 *wide;
    size_t count; /* at least 1 */
    int64_t least, most;
};

enum { SW_CODES_MOST = 32768 };

/* The codes of a page's numbers, those not there before added; *few is false, and codes are of no use, where more than half of the page's
 * would have been added, or there would be more than SW_CODES_MOST in all. What was added stays, at the end. SW_SYSTEM: memory. */
bool sw_number_codes_intern(struct sw_number_codes *numbers, const struct sw_page_numbers *page,
                            struct sw_close_numbers *close, uint32_t *codes, bool *few,
                            struct sw_error *error) SW_CHECKED;

/* Forgets all, keeps the memory. */
void sw_number_codes_reset(struct sw_number_codes *numbers);
void sw_number_codes_free(struct sw_number_codes *numbers);

#endif
