/* SPDX-License-Identifier: ISC
 *
 * The lists that a run's folder has: lines of fields between tabs, each line ended by a newline.
 */
#ifndef SW_FILES_LIST_LINES_H
#define SW_FILES_LIST_LINES_H

#include "base/bytes.h"

/* Replaces text by a file and a NUL after it. SW_SYSTEM: it cannot be read. SW_USAGE: it is none of text. */
bool sw_read_list(const char *path, struct sw_buffer *text, struct sw_error *error) SW_CHECKED;

/* Cuts the line at `line` at its tabs, into at most `most` fields, and returns what follows it. NULL: it has no end. */
char *sw_cut_line(char *line, char **fields, size_t most, size_t *count);

#endif
