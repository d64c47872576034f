/* SPDX-License-Identifier: ISC
 *
 * Text as HTML: what comes from data is never markup.
 */
#ifndef SW_PAGE_HTML_H
#define SW_PAGE_HTML_H

#include "base/bytes.h"

/* Appends bytes[0..length) so that a browser, or any reader of HTML, has the same text: the five
 * characters that mean something there become references, and a carriage return too. Control
 * characters but tab and newline, and bytes that are no UTF-8, cannot stand in a page: they are
 * shown as \xHH, as everywhere in the suite. False with SW_SYSTEM: no memory. */
bool sw_html_text(struct sw_buffer *out, const char *bytes, size_t length,
                  struct sw_error *error) SW_CHECKED;

/* The same of a text that ends in a NUL, between two pieces of markup that stand as they are. */
bool sw_html_between(struct sw_buffer *out, const char *before, const char *text,
                     const char *behind, struct sw_error *error) SW_CHECKED;

#endif
