/* SPDX-License-Identifier: ISC
 *
 * What became of the rows a program read: read = kept + rejected + bad. `read` is counted where the input says that a row ends, or how
 * many a block has, the others where rows are dealt with: so that the sum can fail. Of text it is also counted what its lines were. The
 * pipelines add these up to a ledger.
 */
#ifndef SW_PROGRAM_TALLY_H
#define SW_PROGRAM_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Lines of a text: all = header + empty + ignored + rows read. All are counted where a line is found
 * to end, which is at a line feed outside of quotes or with the text; the others by what they are. */
struct sw_line_counts {
    uint64_t all, header, empty, ignored;
};

struct sw_tally {
    uint64_t read, kept, rejected, bad;
    bool of_text; /* what was read has lines, and they are counted */
    struct sw_line_counts lines;
};

void sw_line_counts_add(struct sw_line_counts *to, const struct sw_line_counts *more);

/* Whether the sums hold. SW_SYSTEM where it does not, with the numbers after `what`, the input's
 * name: rows were lost or counted twice by the program itself, and what it made of them is not to
 * be used. */
bool sw_tally_check(const struct sw_tally *tally, const char *what,
                    struct sw_error *error) SW_CHECKED;

/* Writes "READ<tab>KEPT<tab>REJECTED<tab>BAD<newline>" to a file, which appears whole; of text there is "<tab>LINES<tab>HEADER<tab>EMPTY
 * <tab>IGNORED" before the newline. SW_SYSTEM on failure. */
bool sw_tally_write(const struct sw_tally *tally, const char *path,
                    struct sw_error *error) SW_CHECKED;

/* The same for what was counted of several files, a line each. */
bool sw_tally_write_files(const struct sw_tally *tallies, size_t count, const char *path,
                          struct sw_error *error) SW_CHECKED;

#endif
