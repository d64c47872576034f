/* SPDX-License-Identifier: ISC
 *
 * Which columns of a list every one of several files has: what can be asked of all of them together.
 */
#ifndef SW_INPUT_COMMON_COLUMNS_H
#define SW_INPUT_COMMON_COLUMNS_H

#include "input/probe.h"

/* Appends to `columns`, as "COL,…" and a NUL, the names of the list that all files have, each once, in the order of the list; "*" in it
 * stands for all columns of the first file. A name that no list can hold is left out. Where no file has any, the text is empty.
 * Outcomes as sw_probe_open, and SW_SYSTEM: memory. */
bool sw_common_columns(const char *list, const char *const *paths, size_t count,
                       const struct sw_probe_settings *settings, struct sw_buffer *columns,
                       struct sw_error *error) SW_CHECKED;

#endif
