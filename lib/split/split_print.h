/* SPDX-License-Identifier: ISC
 *
 * A record stream that was put by, printed into a file of text: how the files of a split become
 * CSV, TSV or JSON lines once all of their rows are known.
 */
#ifndef SW_SPLIT_SPLIT_PRINT_H
#define SW_SPLIT_SPLIT_PRINT_H

#include "output/text_writer.h"

/* Prints the rows of the stream at `from` into a new file `to`; compressed where final_name, which
 * failures to write name too, ends in
 * ".gz". SW_SYSTEM on failure, with a part of the file left under `to`. */
bool sw_split_print(const char *from, const char *to, const char *final_name,
                    const struct sw_print_options *how, struct sw_error *error) SW_CHECKED;

#endif
