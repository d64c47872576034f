/* SPDX-License-Identifier: ISC
 *
 * What matching comes to in all: a line for the simple rules, one for each rule more, and with the
 * last of them what the table of matches has; each with what its rule changed. And the ledger: where
 * every order and every quantity went.
 */
#ifndef SW_DARKBOOK_MATCH_SUMMARY_H
#define SW_DARKBOOK_MATCH_SUMMARY_H

#include "darkbook/matching.h"
#include "output/text_writer.h"
#include "stream/writer.h"

/* Prints the lines. SW_DATA: a sum or a mean is out of range. */
bool sw_match_summary_print(struct sw_matching *matching, enum sw_print_format format,
                            struct sw_output *output, struct sw_error *error) SW_CHECKED;

/* The same lines as records of sums alone, of which those of several securities add up. */
bool sw_match_summary_write(struct sw_matching *matching, const char *made_by, size_t length,
                            struct sw_output *output, struct sw_error *error) SW_CHECKED;

/* Writes "security_code<tab>NAME…" and a line a security to a file, which appears whole; where matching was set to tally. */
bool sw_match_tally(struct sw_matching *matching, const char *path,
                    struct sw_error *error) SW_CHECKED;

/* Whether what sweeps got is what contras gave, every sweep ended, and every event and row of the
 * trades was read. SW_SYSTEM where not. */
bool sw_match_check(const struct sw_matching *matching, struct sw_error *error) SW_CHECKED;

#endif
