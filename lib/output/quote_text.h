/* SPDX-License-Identifier: ISC
 *
 * One text as a field of CSV or TSV (base/json.h has JSON). Each appends to a buffer; false with SW_SYSTEM: no memory.
 */
#ifndef SW_OUTPUT_QUOTE_TEXT_H
#define SW_OUTPUT_QUOTE_TEXT_H

#include "base/bytes.h"

/* Whether a text begins with a byte order mark or as a file of another kind does (files/foreign.h): as a file's first field, bare,
 * it would lose the mark, or the file would be refused for what it is not. */
bool sw_begins_otherwise(const char *bytes, size_t length);

/* Quoted only where the text holds a comma, a quote, CR or LF (RFC 4180), or begins otherwise. */
bool sw_render_csv(struct sw_buffer *out, const char *bytes, size_t length,
                   struct sw_error *error) SW_CHECKED;

/* Tab, newline, CR and backslash as \t \n \r \\. */
bool sw_render_tsv(struct sw_buffer *out, const char *bytes, size_t length,
                   struct sw_error *error) SW_CHECKED;

#endif
