/* SPDX-License-Identifier: ISC
 *
 * What the control groups leave to this process: processor time and memory, version 1 and 2, from
 * its own group up to the top of the mount. A limit anywhere on the way holds for everything below
 * it, so the smallest one counts.
 *
 *     /proc/self/cgroup  0::/pod/app      /sys/fs/cgroup/pod/app/{cpu,memory}.max
 *                                         /sys/fs/cgroup/pod/{cpu,memory}.max
 *                                         /sys/fs/cgroup/{cpu,memory}.max
 */
#ifndef SW_HOST_CGROUP_H
#define SW_HOST_CGROUP_H

#include "base/bytes.h"

enum { SW_CGROUP_PATH = 1024 }; /* groups whose path is longer are passed over */

struct sw_cgroup_limits {
    uint64_t quota_us, period_us; /* quota ÷ period is the number of cores; period 0: no limit */
    char cpu_file[SW_CGROUP_PATH];
    uint64_t memory_bytes; /* UINT64_MAX: no limit */
    char memory_file[SW_CGROUP_PATH];
    /* The least that any limit leaves beside what its group holds already, file pages that the
     * kernel gives back not counted. UINT64_MAX: no limit. */
    uint64_t available_bytes;
    char available_file[SW_CGROUP_PATH];
};

/* Reads them all. What is missing or malformed limits nothing. SW_SYSTEM only when there is no
 * memory. */
bool sw_cgroup_read(const char *root, struct sw_cgroup_limits *limits,
                    struct sw_error *error) SW_CHECKED;

#endif
