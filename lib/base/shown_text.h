/* SPDX-License-Identifier: ISC
 *
 * Whole texts as a terminal may have them (base/shown.h), in a buffer.
 */
#ifndef SW_BASE_SHOWN_TEXT_H
#define SW_BASE_SHOWN_TEXT_H

#include "base/bytes.h"

/* Appends what is shown of a text; with `lines`, newlines in it stay. */
bool sw_shown_add(struct sw_buffer *out, const char *text, size_t length, bool lines,
                  struct sw_error *error) SW_CHECKED;

/* Makes what a buffer holds after `from` into what is shown of it. */
bool sw_shown_tail(struct sw_buffer *out, size_t from, bool lines,
                   struct sw_error *error) SW_CHECKED;

#endif
