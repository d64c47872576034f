/* SPDX-License-Identifier: ISC
 *
 * Where in text files words stand, for who has to correct them: an order that something is wrong with, found in the files that it came from.
 */
#ifndef SW_INPUT_LINES_WITH_H
#define SW_INPUT_LINES_WITH_H

#include "files/output.h"

enum { SW_LINES_WITH_MOST = 5 };

/* Writes, of each of the words "WORD,…" and each file, the first lines that have it, SW_LINES_WITH_MOST at most, as "BEFORE: FILE:NUMBER:LINE".
 * What is packed is unpacked; a record stream, a Parquet file and what cannot be read (to its end) have no (more) lines. SW_SYSTEM: it cannot be
 * written, no memory. */
bool sw_lines_with(const char *words, const char *before, const char *const *paths, size_t count,
                   struct sw_output *output, struct sw_error *error) SW_CHECKED;

#endif
