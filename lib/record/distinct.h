/* SPDX-License-Identifier: ISC
 *
 * The distinct numbers among many, in ascending order, and for each of the many the index of its
 * own: a dictionary for encoding. Gives up as soon as there are more than are worth it.
 */
#ifndef SW_RECORD_DISTINCT_H
#define SW_RECORD_DISTINCT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct sw_distinct_slot {
    uint64_t number;
    uint32_t code; /* + 1; 0: free */
};

/* Zero-initialize; free with sw_distinct_free. */
struct sw_distinct {
    struct sw_distinct_slot *slots; /* open addressing, a power of two */
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

/* How many distinct values there are, most + 1 for more; codes is scratch for value_count numbers.
 */
bool sw_distinct_count(struct sw_distinct *distinct, const uint64_t *values, size_t value_count,
                       size_t most, uint64_t *codes, size_t *count,
                       struct sw_error *error) SW_CHECKED;

void sw_distinct_free(struct sw_distinct *distinct);

#endif
