/* SPDX-License-Identifier: ISC
 *
 * 64-bit numbers less a base, in a whole number of bytes each, little-endian, one after another:
 * frame of reference (man 5 sw-record), there and back. The CPU's vectors are used where it has
 * them; the twins that any CPU runs are for the test that compares the two.
 */
#ifndef SW_KERNELS_NARROW_H
#define SW_KERNELS_NARROW_H

#include <stddef.h>
#include <stdint.h>

/* The smallest and the largest of `count` (1 or more) numbers. */
void sw_narrow_bounds(const int64_t *values, size_t count, int64_t *least, int64_t *most);

/* Puts values[i] - base in `width` (1 to 8) bytes each, cut off where it does not fit. The eight bytes after the
 * last one may be overwritten. */
void sw_narrow_store(unsigned char *to, const int64_t *values, size_t count, uint64_t base,
                     unsigned width);

/* Gets them back. The eight bytes after the last one may be read. */
void sw_narrow_load(int64_t *to, const unsigned char *from, size_t count, uint64_t base,
                    unsigned width);

#endif
