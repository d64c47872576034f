/* SPDX-License-Identifier: ISC
 *
 * What became of the rows a program read: read = kept + rejected + bad. `read` is counted where the input says that a row ends, or how
 * many a block has, the others where rows are dealt with: so that the sum can fail. The pipelines add these up to a ledger.
 */
#ifndef SW_PROGRAM_TALLY_H
#define SW_PROGRAM_TALLY_H

#include <stdint.h>

#include "base/error.h"

struct sw_tally {
    uint64_t read, kept, rejected, bad;
};

/* Whether the sum holds. SW_SYSTEM where it does not, with the numbers after `what`, the input's
 * name: rows were lost or counted twice by the program itself, and what it made of them is not to
 * be used. */
bool sw_tally_check(const struct sw_tally *tally, const char *what,
                    struct sw_error *error) SW_CHECKED;

/* Writes "READ<tab>KEPT<tab>REJECTED<tab>BAD<newline>" to a file, which appears whole. SW_SYSTEM on failure. */
bool sw_tally_write(const struct sw_tally *tally, const char *path,
                    struct sw_error *error) SW_CHECKED;

#endif
