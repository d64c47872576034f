/* SPDX-License-Identifier: ISC
 *
 * What became of the rows a program read: read = kept + rejected + bad. The pipelines add these up to a ledger.
 */
#ifndef SW_BASE_TALLY_H
#define SW_BASE_TALLY_H

#include <stdint.h>

#include "base/error.h"

struct sw_tally {
    uint64_t read, kept, rejected, bad;
};

/* Writes "READ<tab>KEPT<tab>REJECTED<tab>BAD<newline>" to a file, which appears whole. SW_SYSTEM on failure. */
bool sw_tally_write(const struct sw_tally *tally, const char *path, struct sw_error *error) SW_CHECKED;

#endif
