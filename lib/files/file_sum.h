/* SPDX-License-Identifier: ISC
 *
 * cksum(1) of a file.
 */
#ifndef SW_FILES_FILE_SUM_H
#define SW_FILES_FILE_SUM_H

#include "base/error.h"
#include "base/posix_checksum.h"

/* Adds a file's bytes to a sum. SW_SYSTEM: it cannot be read. */
bool sw_file_sum(const char *path, struct sw_posix_checksum *sum,
                 struct sw_error *error) SW_CHECKED;

#endif
