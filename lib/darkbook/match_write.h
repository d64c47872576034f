/* SPDX-License-Identifier: ISC
 *
 * A matching from its beginning to its end, and what came of it in all its forms at once.
 */
#ifndef SW_DARKBOOK_MATCH_WRITE_H
#define SW_DARKBOOK_MATCH_WRITE_H

#include "darkbook/matching.h"
#include "output/text_writer.h"

/* Where to; all but the first may be NULL. They stay open. */
struct sw_match_outputs {
    struct sw_output *matches, *sweeps; /* records: darkbook/results.h */
    struct sw_output *summary;          /* text in this format: darkbook/match_summary.h */
    enum sw_print_format format;
    struct sw_output *partial; /* the same as records of sums */
    const char *made_by;       /* added to the orders' provenance */
    size_t made_by_length;
};

/* Runs an open matching. As sw_matching_run, and SW_DATA where a sum or a mean is out of range;
 * SW_SYSTEM also where what came out does not add up. */
bool sw_match_write(struct sw_matching *matching, const struct sw_match_outputs *outputs,
                    struct sw_error *error) SW_CHECKED;

/* Writes a file: NAME<tab>REASON, a line for each rule that was asked for and is off, by name. SW_SYSTEM: it cannot be written, no memory. */
bool sw_matching_write_lacks(const struct sw_matching *matching, const char *path,
                             struct sw_error *error) SW_CHECKED;

/* Says what a user should know of what it rests on: rules that are off, tick sizes that were not
 * given; and, of sweeps, what their trades were taken for, what was left out, and that there is none. */
void sw_matching_say(const struct sw_matching *matching, bool sweeps,
                     void (*say)(const char *format, ...) SW_PRINTF(1, 2));

#endif
