/* SPDX-License-Identifier: ISC
 *
 * Small files, read whole: lists, sets, settings. What has no end, or is not what it was taken for, is refused when it is longer than
 * such files are.
 */
#ifndef SW_FILES_WHOLE_H
#define SW_FILES_WHOLE_H

#include "base/bytes.h"
#include "files/input.h"

/* Appends the bytes of a file (NULL, "-": standard input) to text. SW_USAGE: there are more than
 * `most`, or one of them is NUL, after which a reader of texts would see nothing more; the message
 * calls it what it is ("a list"). SW_SYSTEM: it cannot be read, or no memory. */
bool sw_read_whole(const char *path, const char *what, size_t most, struct sw_buffer *text,
                   struct sw_error *error) SW_CHECKED;

/* The same for what is left of an open input, which stays open. */
bool sw_read_rest(struct sw_input *input, const char *what, size_t most, struct sw_buffer *text,
                  struct sw_error *error) SW_CHECKED;

/* Appends the names that a file (as above) has, each ended by a NUL; *count: how many. SW_USAGE: the last one is not ended. SW_SYSTEM: it
 * cannot be read, or no memory. */
bool sw_read_names(const char *path, struct sw_buffer *names, size_t *count,
                   struct sw_error *error) SW_CHECKED;

/* SW_USAGE, with its place, where one of the `length` bytes that were read last of the input is NUL. */
bool sw_refuse_nul(const struct sw_input *input, const char *what, const unsigned char *bytes,
                   size_t length, struct sw_error *error) SW_CHECKED;

#endif
