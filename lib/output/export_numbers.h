/* SPDX-License-Identifier: ISC
 *
 * Distinct numbers, each with a code: 0, 1, … in the order they first came.
 */
#ifndef SW_OUTPUT_EXPORT_NUMBERS_H
#define SW_OUTPUT_EXPORT_NUMBERS_H

#include "base/bytes.h"

/* Zero-initialize; free with sw_number_codes_free. */
struct sw_number_codes {
    sw_int128 *values; /* by code */
    uint32_t count;
    size_t capacity;
    uint32_t *slots; /* open addressing: a code + 1, 0 for none */
    size_t slot_count;
};

/* The codes of `count` values, those not there before added. SW_SYSTEM: memory. */
bool sw_number_codes_intern(struct sw_number_codes *numbers, const sw_int128 *values, size_t count,
                            uint32_t *codes, struct sw_error *error) SW_CHECKED;

/* Forgets all, keeps the memory. */
void sw_number_codes_reset(struct sw_number_codes *numbers);
void sw_number_codes_free(struct sw_number_codes *numbers);

#endif
