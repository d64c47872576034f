/* SPDX-License-Identifier: ISC
 *
 * Unpacks a block of LZ4 (LZ4_RAW of Parquet, without the framing that files of their own have).
 * Source: the lz4 project's doc/lz4_Block_format.md.
 */
#ifndef SW_PARQUET_LZ4_H
#define SW_PARQUET_LZ4_H

#include "base/bytes.h"

/* Writes exactly `length` bytes to `to`. False: the block is damaged, or does not make as many. */
bool sw_lz4_unpack(const unsigned char *from, size_t from_length, unsigned char *to,
                   size_t length) SW_CHECKED;

#endif
