/* SPDX-License-Identifier: ISC
 *
 * A gzip read forward: members, one after the other, and zeros after the last, with which tapes and disks fill
 * their last block, as gzip(1) has it. Blocks (files/gzip_block.h) are unpacked whole; what seems to be one and is not
 * in order is read as any member is, which says what is wrong. Behind a block with text comes another member, for
 * files of blocks end with an empty one: else the file was cut between two.
 */
#ifndef SW_FILES_GUNZIP_H
#define SW_FILES_GUNZIP_H

#include "files/input.h"

struct sw_gunzip;

/* Of an input that stands at its first byte; it stays the caller's. NULL with SW_SYSTEM in error: no memory. */
struct sw_gunzip *sw_gunzip_open(struct sw_input *input, struct sw_error *error) SW_CHECKED;

/* As sw_unpack_read and sw_unpack_seek (files/unpack.h). */
bool sw_gunzip_read(struct sw_gunzip *gunzip, void *to, size_t length, size_t *got,
                    struct sw_error *error) SW_CHECKED;
bool sw_gunzip_seek(struct sw_gunzip *gunzip, uint64_t offset, struct sw_error *error) SW_CHECKED;

void sw_gunzip_close(struct sw_gunzip *gunzip);

#endif
