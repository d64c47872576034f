/* SPDX-License-Identifier: ISC
 *
 * How the lines of a file are written: what separates fields, and which lines are no rows. Such a
 * line is told by what it begins with, or, a repetition of the header, by being that line; it ends
 * at its line feed, and quotes in it mean nothing.
 */
#ifndef SW_SCHEMA_DIALECT_H
#define SW_SCHEMA_DIALECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Lines that begin with these bytes, or consist of them, are no rows. */
struct sw_ignored {
    char *bytes;
    size_t length;
    bool whole;
};

/* Zero-initialize, and say the separator. */
struct sw_dialect {
    char separator;
    struct sw_ignored *ignored;
    size_t ignored_count, ignored_capacity;
    size_t longest;  /* of the ignored; 0: every line is a row or empty */
    bool first[256]; /* whether an ignored line may begin with this byte */
};

/* A CSV without anything of its own. */
extern const struct sw_dialect sw_dialect_csv;

/* Copies the bytes, of which there is one at least. SW_SYSTEM: no memory. */
bool sw_dialect_ignore(struct sw_dialect *dialect, const char *bytes, size_t length, bool whole,
                       struct sw_error *error) SW_CHECKED;

bool sw_dialect_copy(struct sw_dialect *to, const struct sw_dialect *from,
                     struct sw_error *error) SW_CHECKED;

/* Whether the line that begins here is none of the rows; it is looked at up to `length`, which is
 * the end of the text or further away than `longest` + 2. */
bool sw_dialect_ignores(const struct sw_dialect *dialect, const char *line, size_t length);

/* The first line of text[0..length), which begins with a line, that is no row: its place; `length`
 * where there is none. Lines inside of quotes are looked at as others are. */
size_t sw_dialect_find_ignored(const struct sw_dialect *dialect, const char *text, size_t length);

/* A separator by its name: comma, tab, semicolon, pipe or a character of its own. SW_USAGE where it
 * can be none: a quote, the end of a line, a digit, a letter. */
bool sw_separator_find(const char *name, char *separator, struct sw_error *error) SW_CHECKED;

/* Harmless on a zero-initialized one. */
void sw_dialect_free(struct sw_dialect *dialect);

#endif
