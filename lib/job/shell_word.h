/* SPDX-License-Identifier: ISC
 *
 * A word as bash reads it, in the form that its printf has for %q: what is told of a command may be called again.
 */
#ifndef SW_JOB_SHELL_WORD_H
#define SW_JOB_SHELL_WORD_H

#include "base/bytes.h"

/* Appends it. SW_SYSTEM: no memory. */
bool sw_add_shell_word(struct sw_buffer *out, const char *word, struct sw_error *error) SW_CHECKED;

#endif
