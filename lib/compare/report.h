/* SPDX-License-Identifier: ISC
 *
 * Lines of a comparison as text, two for each group: of all its orders, and of those that the simulation
 * gave a value.
 */
#ifndef SW_COMPARE_REPORT_H
#define SW_COMPARE_REPORT_H

#include "compare/lines.h"
#include "output/text_writer.h"

/* The output stays open. SW_SYSTEM: memory, the output; SW_DATA: a mean does not fit 128 bits. */
bool sw_compare_write(const struct sw_lines *lines, enum sw_print_format format,
                      struct sw_output *output, struct sw_error *error) SW_CHECKED;

#endif
