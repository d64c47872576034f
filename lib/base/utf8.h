/* SPDX-License-Identifier: ISC
 *
 * Whether bytes are UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing past
 * U+10FFFF. A NUL is a character like others.
 */
#ifndef SW_BASE_UTF8_H
#define SW_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The length in bytes (1 to 4) of the valid sequence that bytes[0..left), left at least 1, begins
 * with; 0 where it begins with none. */
size_t sw_utf8_length(const unsigned char *bytes, size_t left);

/* Whether bytes[0..length) are valid sequences to the end. */
bool sw_utf8_valid(const char *bytes, size_t length);

#endif
