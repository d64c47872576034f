/* SPDX-License-Identifier: ISC
 *
 * What jobs use of the machine, summed up from looks at them: totals that only grow, the figures of
 * the last look, and memory's peak and mean over the time that was watched.
 */
#ifndef SW_MONITOR_LOAD_H
#define SW_MONITOR_LOAD_H

#include "base/bytes.h"

struct sw_load {
    uint64_t cpu_us, read_bytes, written_bytes; /* since the first look */
    uint64_t cpu_permille;                      /* of one core, since the look before */
    uint64_t read_rate, written_rate;           /* bytes a second, since the look before */
    uint64_t memory_bytes, peak_bytes;
    /* Of the looks at jobs, newer ones counting more: one waited for a disk. */
    unsigned disk_permille;
    sw_uint128 memory_time; /* bytes × microseconds */
    int64_t watched_us; /* the time between the first look and the last with something running */
};

/* What was found at one look. */
struct sw_look {
    uint64_t cpu_us, read_bytes, written_bytes; /* all that is known to have been used so far */
    uint64_t memory_bytes, peak_bytes;
    size_t jobs, jobs_at_disk;
};

/* Takes in a look, elapsed_us after the one before (0: there was none). A total that is lower than
 * before is taken as unchanged. */
void sw_load_add(struct sw_load *load, const struct sw_look *look, int64_t elapsed_us);

/* Memory's mean over the time watched. */
uint64_t sw_load_mean_bytes(const struct sw_load *load);

#endif
