/* SPDX-License-Identifier: ISC
 *
 * Folders in the file system.
 */
#ifndef SW_FILES_FOLDERS_H
#define SW_FILES_FOLDERS_H

#include "base/error.h"

/* Makes a folder and those above it, where they are not there. SW_SYSTEM on failure. */
bool sw_make_folders(const char *path, struct sw_error *error) SW_CHECKED;

/* The same for the folders that the file `path` is in. */
bool sw_make_folders_of(const char *path, struct sw_error *error) SW_CHECKED;

#endif
