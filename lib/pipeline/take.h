/* SPDX-License-Identifier: ISC
 *
 * The command line of a pipeline with what a configuration adds to it, as a shell is told of it.
 *
 *     words, -C FILE ─▶ the configuration's words in front of them ─▶ settings, or an answer (--help)
 */
#ifndef SW_PIPELINE_TAKE_H
#define SW_PIPELINE_TAKE_H

#include "pipeline/arguments.h"

/* Appends the words of a pipeline, where there are no mistakes, or, where no pipeline is wanted, what
 * holds in the format. Outcomes as those of sw_configuration_report, of config/print.h, of pipeline/arguments.h, and of the
 * machine that cannot be looked at. */
bool sw_configuration_words(const struct sw_configuration *configuration,
                            const struct sw_arguments *wanted, const char *format,
                            void (*say)(const char *format, ...), struct sw_buffer *out,
                            struct sw_error *error) SW_CHECKED;

/* Appends what a shell is to do for the words of a command line, the first of which is the pipeline's
 * name: its settings (sw_command_settings), or the answer to --help or --version: "answer", "-" and
 * the text, each ended by a NUL. SW_USAGE: no pipeline, or what is wrong with the words or the
 * configuration. */
bool sw_command_take(int count, char **words, const char *version,
                     void (*say)(const char *format, ...), struct sw_buffer *out,
                     struct sw_error *error) SW_CHECKED;

#endif
