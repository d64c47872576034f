/* SPDX-License-Identifier: ISC
 *
 * Unsigned numbers in as many bits as they need, group by group: the innermost layer of the small
 * encodings (man 5 sw-record, "Sequences"). A group is SW_PACKING_GROUP numbers of one width, so
 * that a large number widens its neighbours only.
 *
 *     widths    a byte a group, zeros to a multiple of 8
 *     groups    number i of a group in `width` bits from bit i × width on; zeros to a multiple of 8
 */
#ifndef SW_KERNELS_BITPACK_H
#define SW_KERNELS_BITPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SW_PACKING_GROUP = 128,
    SW_PACKING_SLACK = 8, /* bytes that may be written, or read, after the packed bytes */
};

/* The width in bits for numbers up to `most`: 0 to 56, or 64, since a number must lie within eight
 * bytes. It is a multiple of `granularity`, 1 or 8; whole bytes are what a compressor after it
 * finds repetitions in. */
unsigned sw_packing_width(uint64_t most, unsigned granularity);

/* Bytes that sw_packing_write writes for the `count` numbers values[i] - reference (modulo 2^64), a
 * multiple of 8. */
size_t sw_packing_size(const uint64_t *values, size_t count, uint64_t reference,
                       unsigned granularity);

/* Writes them to `to`, which has room for sw_packing_size + SW_PACKING_SLACK bytes. */
void sw_packing_write(unsigned char *to, const uint64_t *values, size_t count, uint64_t reference,
                      unsigned granularity);

/* Reads `count` numbers, each plus `add` (modulo 2^64), from `length` bytes with SW_PACKING_SLACK
 * readable ones after them. False when the bytes do not reach or a width is none; else *used is
 * what sw_packing_size was. */
bool sw_packing_read(const unsigned char *bytes, size_t length, uint64_t *to, size_t count,
                     uint64_t add, size_t *used);

/* Where each group of `count` numbers begins, in bytes from the first byte: offsets holds one for each, or is NULL. Outcomes as above.
 */
bool sw_packing_groups(const unsigned char *bytes, size_t length, size_t count, uint32_t *offsets,
                       size_t *used);

/* Some of the numbers, with those offsets: to[i] is number places[i] plus `add`. */
void sw_packing_pick(const unsigned char *bytes, const uint32_t *offsets, const uint32_t *places,
                     size_t picks, uint64_t add, uint64_t *to);

/* One of the groups of `count` numbers: numbers has room for SW_PACKING_GROUP. */
void sw_packing_group(const unsigned char *bytes, const uint32_t *offsets, size_t count,
                      size_t group, uint64_t *numbers);

/* Numbers added up, modulo 2^64. */
uint64_t sw_packing_sum(const uint64_t *numbers, size_t count);

/* In place: makes each number the sum of `start`, it and those before it, modulo 2^64. */
void sw_packing_sums(uint64_t *numbers, size_t count, uint64_t start);

#endif
