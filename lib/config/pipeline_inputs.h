/* SPDX-License-Identifier: ISC
 *
 * The inputs of an analysis or a match: operands, --trades and --nbbo, with the files that globs and lists stand for.
 */
#ifndef SW_CONFIG_PIPELINE_INPUTS_H
#define SW_CONFIG_PIPELINE_INPUTS_H

#include "config/pipeline.h"

/* Appends, as sw_command_settings does, the variables inputs, the files of orders, trades and quotes in this order; tables, of each of them
 * orders, trades or nbbo; order_count, how many are of orders; quotes_of, orders or trades where the quotes stand in the rows of
 * these, which --nbbo says then. SW_USAGE: lists without a file. SW_SYSTEM: a list that cannot be read. */
bool sw_command_inputs(const struct sw_command *command, struct sw_buffer *out,
                       struct sw_error *error) SW_CHECKED;

#endif
