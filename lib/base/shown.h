/* SPDX-License-Identifier: ISC
 *
 * Text as a terminal may have it. Names of columns and files, rows and logs may hold anything, and
 * what a terminal is told to do there is nobody's intention: to move its cursor, to change its
 * colours or its title, to show text the other way round. So every message, every view and
 * --bad-rows goes through here: control characters (U+0000 to U+001F, U+007F, U+0080 to U+009F),
 * marks of direction (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069), the separators
 * of lines and paragraphs (U+2028, U+2029) and bytes that are no UTF-8 become \xHH, byte by byte;
 * tabs, newlines and carriage returns \t, \n and \r. All else stays, backslashes too. What is shown
 * is shown as itself: doing it twice changes nothing.
 */
#ifndef SW_BASE_SHOWN_H
#define SW_BASE_SHOWN_H

#include <stdbool.h>
#include <stddef.h>

enum { SW_SHOWN_MAXIMUM = 12 }; /* bytes that one character becomes, at most */

/* Whether the character that text[0..left), left at least 1, begins with may reach a terminal;
 * *length is how many bytes it has, 1 where they are no UTF-8. */
bool sw_is_showable(const char *text, size_t left, size_t *length);

/* Writes what is shown of the first character of text[0..left), left at least 1: returns the bytes
 * written, *length as above. */
size_t sw_shown_character(char to[SW_SHOWN_MAXIMUM], const char *text, size_t left, size_t *length);

/* Writes what is shown of text[0..length), and a NUL, into `size` bytes; what has no room is left out, whole
 * characters of it. Returns `to`. */
char *sw_shown(char *to, size_t size, const char *text, size_t length);

#endif
