/* SPDX-License-Identifier: ISC
 *
 * The files below /proc and /sys, under a settable root, so that a test or a container can show
 * another machine's. Everything the suite reads there comes through here. A file that is not there
 * is an answer, not a failure: such trees differ from kernel to kernel.
 *
 *     struct sw_buffer text = {0};
 *     if (!sw_tree_read(root, "/proc/meminfo", &text, error)) return false;
 *     if (text.length == 0) …nothing is known…
 */
#ifndef SW_HOST_TREE_H
#define SW_HOST_TREE_H

#include "base/bytes.h"

/* Replaces text by the file ROOT/PATH ("" is the machine's own root), a NUL after it; what is
 * absent or unreadable gives length 0, what is longer than 16 MiB is cut. SW_SYSTEM only when there
 * is no memory. */
bool sw_tree_read(const char *root, const char *path, struct sw_buffer *text,
                  struct sw_error *error) SW_CHECKED;

/* Replaces names by those in the folder ROOT/PATH but for hidden ones, a NUL after each, in the
 * order of their bytes; none where it is not there. SW_SYSTEM only when there is no memory. */
bool sw_tree_names(const char *root, const char *path, struct sw_buffer *names,
                   struct sw_error *error) SW_CHECKED;

/* Whether ROOT/PATH is there. */
bool sw_tree_has(const char *root, const char *path);

/* The number in front of text, blanks before it skipped; *end (may be NULL) is set after it. False
 * where there is no digit or it is above 2^63 - 1. */
bool sw_tree_number(const char *text, uint64_t *value, const char **end) SW_CHECKED;

/* The number after "KEY" (with its colon or blank) at the start of a line, as in meminfo and
 * memory.stat. */
bool sw_tree_field(const char *text, const char *key, uint64_t *value) SW_CHECKED;

/* The start of the next line, NULL after the last. */
const char *sw_tree_next_line(const char *line);

#endif
