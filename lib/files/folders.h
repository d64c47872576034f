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

/* Removes a file, or a folder with all that is in it, and follows no links; one that is not there is removed. SW_SYSTEM: something cannot be. */
bool sw_remove_tree(const char *path, struct sw_error *error) SW_CHECKED;

#endif
