/* SPDX-License-Identifier: ISC
 *
 * Text as a JSON string. Knows nothing of objects and numbers: who writes those writes them.
 */
#ifndef SW_BASE_JSON_H
#define SW_BASE_JSON_H

#include "base/bytes.h"

/* Appends a JSON string with its quotes; false with SW_SYSTEM: no memory. What a terminal must not have (base/shown.h) is escaped; a byte that is not
 * part of valid UTF-8 becomes the lone surrogate \udc80 to \udcff (as in Python's "surrogateescape"), which no valid text
 * can contain. */
bool sw_json_text(struct sw_buffer *out, const char *bytes, size_t length,
                  struct sw_error *error) SW_CHECKED;

#endif
