/* SPDX-License-Identifier: ISC
 *
 * By what something that was made of a file is known again: the file's real name, size, time of
 * change and contents, and whatever else it was made from. Two are equal when all of that is.
 *
 *     sw_identity_begin(&identity);
 *     sw_identity_text(&identity, "columns", columns);
 *     good = sw_identity_file(&identity, path, false, error);
 *     sw_identity_end(&identity, text);
 */
#ifndef SW_FILES_IDENTITY_H
#define SW_FILES_IDENTITY_H

#include "base/sha256.h"
#include "files/input.h"

enum { SW_IDENTITY_LENGTH = 32 }; /* hexadecimal digits */

struct sw_identity {
    struct sw_sha256 hash;
};

void sw_identity_begin(struct sw_identity *identity);

/* Adds a text under a name; NULL is another than an empty one. */
void sw_identity_text(struct sw_identity *identity, const char *name, const char *text);

/* Adds bytes, always as many under one name. */
void sw_identity_bytes(struct sw_identity *identity, const char *name, const void *bytes,
                       size_t length);

/* Adds a file: its real name, size, time of change in ns, and its first and last 64 KiB, or, where
 * it is to be known as a whole, all its bytes. SW_SYSTEM: it cannot be read; no memory. */
bool sw_identity_file(struct sw_identity *identity, const char *path, bool whole,
                      struct sw_error *error) SW_CHECKED;

/* The same of a file that is open, at its beginning. */
bool sw_identity_input(struct sw_identity *identity, struct sw_input *input, bool whole,
                       struct sw_error *error) SW_CHECKED;

/* Adds the contents of a file alone. SW_SYSTEM: it cannot be read; no memory. */
bool sw_identity_contents(struct sw_identity *identity, const char *path,
                          struct sw_error *error) SW_CHECKED;

/* The identity as text, usable as a file's name, with a NUL. */
void sw_identity_end(struct sw_identity *identity, char text[SW_IDENTITY_LENGTH + 1]);

#endif
