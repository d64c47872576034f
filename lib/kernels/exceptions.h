/* SPDX-License-Identifier: ISC
 *
 * One number set apart from others: where it stands, and what else there is. It is what most of a
 * sequence often is (encode/sequence.h, "common"), so the others are few and most of the time goes
 * into passing over it. The CPU's vectors are used where it has them; the twins that any CPU runs
 * are for the test that compares the two.
 */
#ifndef SW_KERNELS_EXCEPTIONS_H
#define SW_KERNELS_EXCEPTIONS_H

#include <stddef.h>
#include <stdint.h>

/* Copies those of `count` values that are not `common` to `others`, which has room for count + 1
 * and may not overlap them; returns how many they are. What stands after them there is undefined.
 */
size_t sw_exception_values(uint64_t *others, const uint64_t *values, size_t count, uint64_t common);

/* Writes a bit for each of `count` values, 1 where it is not `common`, as (count + 63) / 64
 * little-endian words; the bits past the last are 0. */
void sw_exception_marks(unsigned char *marks, const uint64_t *values, size_t count,
                        uint64_t common);

#endif
