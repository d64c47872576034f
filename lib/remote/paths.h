/* SPDX-License-Identifier: ISC
 *
 * Names that are put together, for the files of this room alone.
 */
#ifndef SW_REMOTE_PATHS_H
#define SW_REMOTE_PATHS_H

#include "base/bytes.h"

/* Replaces path by a name of these parts and a NUL; returns it. NULL with SW_SYSTEM: no memory. */
const char *sw_put_path(struct sw_buffer *path, struct sw_error *error, const char *format, ...)
    SW_PRINTF(3, 4);

/* Replaces text by a file's bytes, whatever they are. SW_SYSTEM: it cannot be read. */
bool sw_read_bytes(const char *path, struct sw_buffer *text, struct sw_error *error) SW_CHECKED;

#endif
