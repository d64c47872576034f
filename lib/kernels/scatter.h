/* SPDX-License-Identifier: ISC
 *
 * Numbers scatter over rows by a bitmap, as nulls and rare numbers are stored.
 */
#ifndef SW_KERNELS_SCATTER_H
#define SW_KERNELS_SCATTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In place: where bit row % 64 of word row / 64 is 1 the next of the `others` that stand at the end
 * of rows[0..count), elsewhere `common`. rows holds count + 1 numbers; exactly `others` of the
 * first `count` bits are 1. The CPU's vectors are used where it has them. */
void sw_scatter(uint64_t *rows, size_t count, const unsigned char *bitmap, size_t others,
                uint64_t common);

/* In place: where the bit is 0 the highest number rises by the next of the steps that stand at the
 * end of rows[0..count) and is the row's; where it is 1 the row's is the next of the `fall_count`
 * falls below the highest. rows holds count + 1 numbers, falls fall_count + 1; exactly fall_count
 * of the bits are 1. All modulo 2^64. */
void sw_rise(uint64_t *rows, size_t count, const unsigned char *bitmap, const uint64_t *falls,
             size_t fall_count, uint64_t highest);

/* Bits set among the first `count`; SIZE_MAX when one after them is, in the last word. */
size_t sw_bits_set(const unsigned char *bitmap, size_t count);

/* How many are set among the first `count`, whatever stands after them, and before each word
 * of 64. */
size_t sw_bits_rank(const unsigned char *bitmap, size_t count, uint32_t *ranks);

/* With those: how many are set before each place. before[i] may be places[i]. */
void sw_bits_before(const unsigned char *bitmap, const uint32_t *ranks, const uint32_t *places,
                    size_t count, uint32_t *before);

#endif
