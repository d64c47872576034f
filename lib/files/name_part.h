/* SPDX-License-Identifier: ISC
 *
 * Values as parts of file names.
 */
#ifndef SW_FILES_NAME_PART_H
#define SW_FILES_NAME_PART_H

#include "base/bytes.h"

/* Appends the bytes, those outside A-Z a-z 0-9 . _ + - and a leading dot percent-encoded, so that a name never leaves its folder.
 * SW_SYSTEM: no memory. */
bool sw_put_name_part(const char *bytes, size_t length, struct sw_buffer *out,
                      struct sw_error *error) SW_CHECKED;

#endif
