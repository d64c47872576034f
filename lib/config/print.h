/* SPDX-License-Identifier: ISC
 *
 * A configuration as text: as a file of it with a comment on where each value comes from, as
 * assignments for a shell or for make, and as JSON. Text and JSON read back to the same configuration.
 */
#ifndef SW_CONFIG_PRINT_H
#define SW_CONFIG_PRINT_H

#include "config/configuration.h"
#include "host/resources.h"

/* Appends all keys as "text" (NULL is the same), "sh", "make" or "json"; resources are what "auto" comes to on this machine. SW_USAGE: another
 * format. */
bool sw_configuration_show(const struct sw_configuration *configuration,
                           const struct sw_resources *resources, const char *format,
                           struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

/* Appends text as a word that a POSIX shell reads as it is, in single quotes where it needs them.
 */
bool sw_quote_for_shell(struct sw_buffer *out, const char *text, struct sw_error *error) SW_CHECKED;

#endif
