/* SPDX-License-Identifier: ISC
 *
 * A configuration read from its file and its words, and what the mistakes in it come to. Mistakes are said one by one.
 */
#ifndef SW_CONFIG_LOAD_H
#define SW_CONFIG_LOAD_H

#include "config/configuration.h"

/* Reads a file (NULL: none), then KEY=value words, and settles what holds. Mistakes in them are
 * diagnostics of the configuration; SW_USAGE, SW_SYSTEM: it cannot be read at all. Initializes
 * *configuration; free it in any case. */
bool sw_configuration_load(struct sw_configuration *configuration, const char *path,
                           const char *const *words, size_t count,
                           struct sw_error *error) SW_CHECKED;

/* Says every mistake; the error is their sum. True where there are none. */
bool sw_configuration_report(const struct sw_configuration *configuration,
                             void (*say)(const char *format, ...),
                             struct sw_error *error) SW_CHECKED;

#endif
