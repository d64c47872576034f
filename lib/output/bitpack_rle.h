/* SPDX-License-Identifier: ISC
 *
 * Integers in few bits, in the two ways that Parquet calls "RLE / bit-packing hybrid" and
 * "DELTA_BINARY_PACKED". Source: the Apache Parquet project's parquet-format, Encodings.md.
 */
#ifndef SW_OUTPUT_BITPACK_RLE_H
#define SW_OUTPUT_BITPACK_RLE_H

#include "base/bytes.h"

/* The bits that values from 0 to most need; 1 for 0, since readers differ on a width of no bits. */
int sw_pack_width(uint32_t most);

/* Appends values below 2^width (width 1 to 16), runs of eight and more equal ones as a run, the
 * others packed, eight at a time. No length stands before. False with SW_SYSTEM: no memory. */
bool sw_pack_hybrid(struct sw_buffer *out, const uint32_t *values, size_t count, int width,
                    struct sw_error *error) SW_CHECKED;

/* Appends the same for `count` values of one bit, which are the words' bits from the lowest on; NULL: all are 1. */
bool sw_pack_bits(struct sw_buffer *out, const uint64_t *words, size_t count,
                  struct sw_error *error) SW_CHECKED;

/* Appends 64-bit values, at least one, by their differences: blocks of 128, in four miniblocks of
 * 32 with a width each. Differences wrap around, so that unsigned values pass as what they are.
 * False with SW_SYSTEM: no memory. */
bool sw_pack_delta(struct sw_buffer *out, const int64_t *values, size_t count,
                   struct sw_error *error) SW_CHECKED;

#endif
