/* SPDX-License-Identifier: ISC
 *
 * Unpacks a block of snappy (without the framing that files of their own have). Source: the snappy
 * project's format_description.txt.
 */
#ifndef SW_PARQUET_SNAPPY_H
#define SW_PARQUET_SNAPPY_H

#include "base/bytes.h"

/* Writes exactly `length` bytes to `to`. False: the block is damaged, or does not make as many. */
bool sw_snappy_unpack(const unsigned char *from, size_t from_length, unsigned char *to,
                      size_t length) SW_CHECKED;

#endif
