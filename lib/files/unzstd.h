/* SPDX-License-Identifier: ISC
 *
 * zstd read forward, where libzstd was there at build time: frames, one after the other, those to be skipped among them. A frame
 * may look back SW_UNZSTD_WINDOW bytes at most, which zstd's usual levels do not come near: so much memory is taken, and no more.
 */
#ifndef SW_FILES_UNZSTD_H
#define SW_FILES_UNZSTD_H

#include "files/input.h"

enum { SW_UNZSTD_WINDOW_LOG = 25, SW_UNZSTD_WINDOW = 1 << SW_UNZSTD_WINDOW_LOG };

/* Whether a file begins with a frame of either kind. */
bool sw_unzstd_begins(const unsigned char *first, size_t length);

struct sw_unzstd;

/* Of an input that stands at its first byte; it stays the caller's. NULL with an error: SW_SYSTEM no memory; SW_DATA there is no
 * libzstd in this build. */
struct sw_unzstd *sw_unzstd_open(struct sw_input *input, struct sw_error *error) SW_CHECKED;

/* As sw_unpack_read (files/unpack.h). */
bool sw_unzstd_read(struct sw_unzstd *unzstd, void *to, size_t length, size_t *got,
                    struct sw_error *error) SW_CHECKED;

void sw_unzstd_close(struct sw_unzstd *unzstd);

#endif
