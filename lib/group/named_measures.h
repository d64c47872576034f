/* SPDX-License-Identifier: ISC
 *
 * Lists of measures by name, as `sw-agg -a costs` has them: a file of share/measures, NAME=MEASURE a line; lines that are empty or begin with #
 * say nothing.
 */
#ifndef SW_GROUP_NAMED_MEASURES_H
#define SW_GROUP_NAMED_MEASURES_H

#include "base/bytes.h"
#include "record/schema.h"

/* Replaces `out` by the list "NAME=MEASURE,…" of `text` with what its words that are the name of such a file stand for, and a NUL. Of such a
 * file measures whose columns `rows` does not have are left out (NULL: none are). What is no name stays as it is. SW_USAGE: rows have no
 * columns for any measure of a file. SW_SYSTEM: the file cannot be read, or no memory. */
bool sw_measures_expand(const char *text, const char *share_directory, const struct sw_schema *rows,
                        struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

#endif
