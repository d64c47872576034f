/* SPDX-License-Identifier: ISC
 *
 * A configuration as the words of a pipeline's command line: what that pipeline takes, in the order of its options.
 */
#ifndef SW_PIPELINE_ARGUMENTS_H
#define SW_PIPELINE_ARGUMENTS_H

#include "config/print.h"

/* What of a pipeline's command line is wanted. */
struct sw_arguments {
    const char *pipeline; /* report, analyse, extract, convert or match */
    const char *except; /* keys, options or letters between commas that are left out; NULL: none */
    bool nul;           /* each word ends with a NUL, instead of being quoted for a shell */
};

/* Appends the words that make the pipeline do what the configuration says, globs and lists of files
 * expanded, what is the pipeline's own default left out. SW_USAGE: no such pipeline, or no such key
 * to leave out; SW_SYSTEM: a list of files that cannot be read, no memory. */
bool sw_configuration_arguments(const struct sw_configuration *configuration,
                                const struct sw_resources *resources,
                                const struct sw_arguments *wanted, struct sw_buffer *out,
                                struct sw_error *error) SW_CHECKED;

#endif
