/* SPDX-License-Identifier: ISC
 *
 * Blocks: gzip members that tell their own size, as bgzip's do (BGZF, SAM specification 4.1). The header's extra
 * field has one subfield, BC, with the size of the member less one in 16 bits; a block holds at most 64 KiB, packed
 * and unpacked. A file of them ends with an empty one, so that a cut between two blocks shows. Any gzip reads them as
 * members of a gzip, one after the other; who knows of the sizes can go from block to block without unpacking, and begin
 * at any. Nothing is in a block but the text: no name, no time, no system.
 *
 * The bytes are of libdeflate's level 1 where that was there at build time, else of zlib's; by equal libraries they are
 * the same on every processor.
 */
#ifndef SW_FILES_GZIP_BLOCK_H
#define SW_FILES_GZIP_BLOCK_H

#include "base/error.h"

enum {
    SW_GZIP_BLOCK_HEADER = 18,       /* first bytes of a block, which tell its size */
    SW_GZIP_BLOCK_TRAILER = 8,       /* last bytes, sum and length of the text */
    SW_GZIP_BLOCK_MAXIMUM = 1 << 16, /* bytes of a block, and of its text */
    SW_GZIP_BLOCK_TEXT =
        SW_GZIP_BLOCK_MAXIMUM - 256, /* that a block is made of: what cannot be packed still fits */
};

/* The size of the block that begins with these SW_GZIP_BLOCK_HEADER bytes; 0: they begin no block. */
size_t sw_gzip_block_size(const unsigned char *header);

/* The length of the text of a block, from its last four bytes. */
size_t sw_gzip_block_text(const unsigned char *last);

struct sw_packer;

/* NULL with SW_SYSTEM in error: no memory. */
struct sw_packer *sw_packer_open(struct sw_error *error) SW_CHECKED;

/* Makes a block of length bytes of text, at most SW_GZIP_BLOCK_TEXT, at `to`, which has room for SW_GZIP_BLOCK_MAXIMUM. Returns
 * its size. */
size_t sw_packer_block(struct sw_packer *packer, const void *text, size_t length,
                       unsigned char *to);

void sw_packer_free(struct sw_packer *packer);

struct sw_unpacker;

/* NULL with SW_SYSTEM in error: no memory. */
struct sw_unpacker *sw_unpacker_open(struct sw_error *error) SW_CHECKED;

/* Unpacks a whole block, size bytes as sw_gzip_block_size says. *length is that of its text, which `to` has room for: as much as
 * sw_gzip_block_text says, or SW_GZIP_BLOCK_MAXIMUM.
 * False: it is damaged, or says wrong things of itself; `to` is spoilt. */
bool sw_unpacker_block(struct sw_unpacker *unpacker, const unsigned char *block, size_t size,
                       void *to, size_t *length) SW_CHECKED;

void sw_unpacker_free(struct sw_unpacker *unpacker);

#endif
