/* SPDX-License-Identifier: ISC
 *
 * The cores of the machine and those of them that this process may run on. Sets of cores, so that
 * one which is allowed but offline is not counted. Knows nothing of quotas (host/cgroup.h).
 */
#ifndef SW_HOST_CORES_H
#define SW_HOST_CORES_H

#include "base/bytes.h"

enum { SW_CORES_MAXIMUM = 65536 };

struct sw_core_set {
    uint64_t words[SW_CORES_MAXIMUM / 64];
};

struct sw_cores {
    uint64_t online;            /* 0: not known */
    uint64_t physical, sockets; /* of the online ones, where they are asked for; 0: not known */
    uint64_t allowed;           /* online and in this process's affinity mask; at least 1 */
    const char *online_source;  /* what said so; static text */
    const char *allowed_source; /* the same */
    const char *shape_source;   /* the same, of physical and sockets */
};

/* Reads a list such as "0-3,8,10-11\n" into set. False, the set empty, where it is not one or names
 * a core above SW_CORES_MAXIMUM. */
bool sw_core_list(const char *text, struct sw_core_set *set) SW_CHECKED;

/* Counts them; with `shape`, which takes two files a core, physical ones and sockets too. Threads of one
 * physical core, and the cores of one socket, are those that the topology below /sys/devices/system/cpu names as siblings, else those that /proc/cpuinfo gives one
 * id. Online cores are /sys/devices/system/cpu/online, else those of /proc/cpuinfo. The
 * affinity is the kernel's answer for this process where root is "", else Cpus_allowed_list of
 * ROOT/proc/self/status where it is there. SW_SYSTEM only when there is no memory. */
bool sw_cores_read(const char *root, bool shape, struct sw_cores *cores,
                   struct sw_error *error) SW_CHECKED;

#endif
