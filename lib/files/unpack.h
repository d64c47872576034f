/* SPDX-License-Identifier: ISC
 *
 * The text of a packed input, read forward: gzip of one member or several, and zstd of one frame or several where libzstd was there at
 * build time. Told by the first bytes. What is truncated or damaged, or is followed by anything else than what may be,
 * is an error with its place in the packed file.
 *
 * A gzip of blocks (files/gzip_block.h) may be begun at any of them.
 */
#ifndef SW_FILES_UNPACK_H
#define SW_FILES_UNPACK_H

#include "files/input.h"

enum sw_packing {
    SW_PACKED_NOT,
    SW_PACKED_GZIP,
    SW_PACKED_ZSTD,
};

enum { SW_PACKING_LENGTH = 4 }; /* first bytes that are enough to tell */

/* How the file is packed that begins with first[0..length). */
enum sw_packing sw_packing_of(const unsigned char *first, size_t length);

/* As it stands in messages: "gzip", "zstd". Static. */
const char *sw_packing_name(enum sw_packing packing);

struct sw_unpack;

/* Of an input that stands at its first packed byte; it stays the caller's, and is read from by nobody else. NULL with an
 * error: SW_SYSTEM no memory; SW_DATA a packing that this build does not read. */
struct sw_unpack *sw_unpack_open(enum sw_packing packing, struct sw_input *input,
                                 struct sw_error *error) SW_CHECKED;

/* The next `length` bytes of text, fewer only at its end. SW_DATA: truncated, damaged, followed by something else. SW_SYSTEM:
 * reading failed, no memory. */
bool sw_unpack_read(struct sw_unpack *unpack, void *to, size_t length, size_t *got,
                    struct sw_error *error) SW_CHECKED;

/* Goes to a block of a gzip, by its offset in the file; the input must be seekable. */
bool sw_unpack_seek(struct sw_unpack *unpack, uint64_t offset, struct sw_error *error) SW_CHECKED;

void sw_unpack_close(struct sw_unpack *unpack);

#endif
