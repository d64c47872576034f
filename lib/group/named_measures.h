/* SPDX-License-Identifier: ISC
 *
 * Lists of measures by name, as `sw-agg -a costs` has them: a file of share/measures.
 *
 *     # COMMENT
 *     NAME=MEASURE     a line each; of those whose columns the rows have not
 *     columns NAME…    columns that rows may have, though no schema knows them
 */
#ifndef SW_GROUP_NAMED_MEASURES_H
#define SW_GROUP_NAMED_MEASURES_H

#include "base/bytes.h"
#include "record/schema.h"

/* Replaces `out` by the list "NAME=MEASURE,…" of `text` with what its words that are the name of such a file stand for, and a NUL. Of such a
 * file measures whose columns `rows` neither has nor can derive are left out (NULL: none are); where a column is one that the list, the schemas
 * and the derived columns do not know either, and which may be misspelt, that is said (say NULL: to nobody). What is no name stays as it is.
 * SW_USAGE: rows have no columns for any measure of a file. SW_SYSTEM: the file cannot be read, or no memory. */
bool sw_measures_expand(const char *text, const char *share_directory, const struct sw_schema *rows,
                        void (*say)(const char *message), struct sw_buffer *out,
                        struct sw_error *error) SW_CHECKED;

#endif
