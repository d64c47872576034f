/* SPDX-License-Identifier: ISC
 *
 * What a file is that is neither CSV, nor packed as lib/files/unpack.h reads it, nor a record stream: told by its first bytes, so
 * that whoever refuses it can name it and the command that unpacks it.
 *
 *     const struct sw_foreign *foreign = sw_foreign_find(first, got);
 *     if (foreign) return sw_fail(error, SW_DATA, "%s: is %s, not CSV: %s", name, foreign->name, foreign->help);
 */
#ifndef SW_FILES_FOREIGN_H
#define SW_FILES_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

enum { SW_FOREIGN_LENGTH = 16 }; /* first bytes that are enough to tell */

struct sw_foreign {
    const char *name; /* as it stands after "is" */
    const char *help; /* what makes CSV of it */
};

/* The kind of file that begins with first[0..length); NULL: none of those known here. Static. */
const struct sw_foreign *sw_foreign_find(const unsigned char *first, size_t length);

/* Whether it is Parquet. Its first letters may begin a header, too: after those stands another letter, or a line's end. */
bool sw_begins_as_parquet(const unsigned char *first, size_t length);

#endif
