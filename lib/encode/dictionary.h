/* SPDX-License-Identifier: ISC
 *
 * The distinct numbers among many, in ascending order, and for each of the many the index of its
 * own: a dictionary for encoding. Gives up as soon as there are more than are worth it.
 */
#ifndef SW_ENCODE_DICTIONARY_H
#define SW_ENCODE_DICTIONARY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Zero-initialize; free with sw_distinct_free. */
struct sw_distinct {
    uint32_t *slots; /* codes + 1 by open addressing, 0 is free; a power of two, a quarter of them
                        taken at most */
    size_t slot_count, slot_capacity;
    uint64_t *numbers, *spare; /* distinct ones, in the order of their codes */
    uint32_t *codes_of, *spare_codes;
    size_t number_capacity, spare_capacity, code_capacity, spare_code_capacity;
    size_t count;
};

/* codes[i] becomes the index of values[i] among the `*count` distinct values (distinct->numbers,
 * until the next call), sorted as (value ^ bias). *count is 0 when there are more than `most`, and
 * codes are then undefined. SW_SYSTEM: no memory. */
bool sw_distinct_find(struct sw_distinct *distinct, const uint64_t *values, size_t value_count,
                      size_t most, uint64_t bias, uint64_t *codes, size_t *count,
                      struct sw_error *error) SW_CHECKED;

/* The same in the order of first appearance: codes[i] is how many others were met before values[i]
 * first was, distinct->numbers those values in that order. *count is most + 1 when there are more,
 * and codes are then undefined. */
bool sw_distinct_number(struct sw_distinct *distinct, const uint64_t *values, size_t value_count,
                        size_t most, uint64_t *codes, size_t *count,
                        struct sw_error *error) SW_CHECKED;

void sw_distinct_free(struct sw_distinct *distinct);

#endif
