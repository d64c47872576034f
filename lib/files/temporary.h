/* SPDX-License-Identifier: ISC
 *
 * The names of files that must not outlive the program. They are removed when SIGHUP, SIGINT, SIGTERM or SIGPIPE
 * ends it; the signal then does what it does by default. Removing them in the ordinary course is their owner's work.
 */
#ifndef SW_FILES_TEMPORARY_H
#define SW_FILES_TEMPORARY_H

#include <stddef.h>

#include "base/error.h"

enum { SW_TEMPORARY_MAXIMUM = 512 }; /* names at a time */

/* Remembers path, which stays the caller's and must live until sw_temporary_forget. SW_SYSTEM when
 * SW_TEMPORARY_MAXIMUM names are held. */
bool sw_temporary_register(const char *path, struct sw_error *error) SW_CHECKED;

/* Forgets path (the same pointer); harmless for one that was never registered. */
void sw_temporary_forget(const char *path);

/* Remembers one folder of files called 0, 1, 2, … up to *count - 1, which are removed with it. Both stay the caller's and must
 * live until sw_temporary_folder(NULL, NULL) forgets them. */
void sw_temporary_folder(const char *path, const volatile size_t *count);

#endif
