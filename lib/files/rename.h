/* SPDX-License-Identifier: ISC
 *
 * Finished files get their names together: all of them or none. While they do, what is replaced has a second name beside it, "NAME.??????.tmp",
 * so that it can be put back when a later one fails; SIGHUP, SIGINT and SIGTERM wait for the end. Who is killed outright in
 * these moments leaves some new files, some old ones, and second names.
 */
#ifndef SW_FILES_RENAME_H
#define SW_FILES_RENAME_H

#include "base/error.h"

struct sw_rename {
    const char *from,
        *to; /* in one file system; `to` is no link (files/target.h) and may be there already */
    const char *name; /* of `to`, in messages */
};

/* SW_SYSTEM when one of them fails. Then every `to` is what it was before, and a `from` that had its name already is gone; where
 * not even that could be done, the message says under what name the old file is. */
bool sw_rename_all(const struct sw_rename *items, size_t count, struct sw_error *error) SW_CHECKED;

#endif
