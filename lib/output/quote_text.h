/* SPDX-License-Identifier: ISC
 *
 * One text as a field of CSV or TSV (base/json.h has JSON). Each appends to a buffer; false with SW_SYSTEM: no memory.
 */
#ifndef SW_OUTPUT_QUOTE_TEXT_H
#define SW_OUTPUT_QUOTE_TEXT_H

#include "base/bytes.h"

/* Whether a text begins with the bytes of a byte order mark: as a file's first field, bare, it would lose them. */
bool sw_begins_with_mark(const char *bytes, size_t length);

/* Quoted only where the text holds a comma, a quote, CR or LF (RFC 4180), or begins with a mark. */
bool sw_render_csv(struct sw_buffer *out, const char *bytes, size_t length,
                   struct sw_error *error) SW_CHECKED;

/* Tab, newline, CR and backslash as \t \n \r \\. */
bool sw_render_tsv(struct sw_buffer *out, const char *bytes, size_t length,
                   struct sw_error *error) SW_CHECKED;

#endif
