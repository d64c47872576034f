/* SPDX-License-Identifier: ISC
 *
 * The lines of a plan, as sw-chunk, sw-info and sw-plan print them: INDEX <tab> OFFSET <tab>
 * LENGTH, a line for a range of a file's bytes, the index from 1. How a file is divided is for
 * csv/plan.h and stream/stream_ranges.h to know.
 */
#ifndef SW_PROGRAM_RANGES_H
#define SW_PROGRAM_RANGES_H

#include <stdint.h>

#include "files/output.h"

struct sw_ranges {
    struct sw_output *output; /* not owned */
    const char *before;       /* what each line begins with; NULL: nothing. Not owned */
    uint64_t count;           /* lines so far */
};

/* SW_SYSTEM: it cannot be written. */
bool sw_ranges_add(struct sw_ranges *ranges, uint64_t offset, uint64_t length,
                   struct sw_error *error) SW_CHECKED;

#endif
