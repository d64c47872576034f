/* SPDX-License-Identifier: ISC
 *
 * Who holds a lock on a file (flock), as /proc tells: the processes that share the description it was taken on. One that
 * only has the file open, or waits for the lock, holds nothing.
 */
#ifndef SW_HOST_LOCK_HOLDERS_H
#define SW_HOST_LOCK_HOLDERS_H

#include <stdint.h>

#include "base/bytes.h"

struct sw_lock_holders {
    int64_t *items;
    size_t count, capacity;
};

/* Appends the ids of those who hold a lock on the file, in the order of /proc. Other users' processes cannot be looked
 * at. SW_SYSTEM: the file is not there, no memory. Free items. */
bool sw_lock_holders_find(struct sw_lock_holders *holders, const char *path,
                          struct sw_error *error) SW_CHECKED;

/* Appends the ids of those, but for one, with a blank between them. As above. */
bool sw_lock_holders_list(const char *path, int64_t but, struct sw_buffer *line,
                          struct sw_error *error) SW_CHECKED;

/* Ends those who hold a lock on the file, but for one and for the caller: asked first, and where they are still there after a moment, without
 * asking. As above. */
bool sw_lock_holders_end(const char *path, int64_t but, struct sw_error *error) SW_CHECKED;

#endif
