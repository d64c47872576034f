/* SPDX-License-Identifier: ISC
 *
 * Settings (sw_command_settings) in the form that costs a shell the least: it splits text by itself at a byte, and takes
 * "NAME=VALUE" by the dozen, where it would read fields that end in NULs byte by byte, and set one after another.
 *
 *     B 2 B workers=4 B output=out.csv B 1 B schema=() B selectors B 2 B --hours B 10-16 B      (without the blanks)
 *
 * In front there is the byte, B, which none of the fields has; then how many variables with one value there are, and these; how many
 * arrays without a value, and these; and of each other array its name, how many values, and these.
 */
#ifndef SW_PIPELINE_SHELL_FIELDS_H
#define SW_PIPELINE_SHELL_FIELDS_H

#include "base/bytes.h"

/* Appends them. SW_USAGE: there is no byte left to stand between them. SW_SYSTEM: no memory. */
bool sw_shell_fields(const struct sw_buffer *settings, struct sw_buffer *out,
                     struct sw_error *error) SW_CHECKED;

#endif
