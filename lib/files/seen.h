/* SPDX-License-Identifier: ISC
 *
 * Whether files are still those that were seen before, without a look into them: by their device, number and size, and the times of their
 * last change and of that of their inode, which no program can set back. What was changed shortly before it was seen may be changed again
 * within the same tick of a file system's clock, so that is known by nothing.
 *
 *     sw_seen_begin(&seen, &now);                 // later: sw_seen_begin(&seen, NULL)
 *     sw_seen_add(&seen, path);                   // of each file
 *     sw_seen_end(&seen, text);                   // equal texts other than "-": nothing has changed
 */
#ifndef SW_FILES_SEEN_H
#define SW_FILES_SEEN_H

#include <time.h>

#include "files/identity.h"

struct sw_seen {
    struct sw_identity identity;
    struct timespec latest; /* a change after this is too recent; 0: none is */
    bool known;
};

/* now: the time of day before anything was read of the files; NULL: they are compared with what was seen. */
void sw_seen_begin(struct sw_seen *seen, const struct timespec *now);

void sw_seen_add(struct sw_seen *seen, const char *path);

/* "-" where a file is not there, or was changed within the last two seconds. */
void sw_seen_end(struct sw_seen *seen, char text[SW_IDENTITY_LENGTH + 1]);

#endif
