/* SPDX-License-Identifier: ISC
 *
 * How full memory is: of the machine, and of the control groups whose limits hold for this process.
 */
#ifndef SW_HOST_PRESSURE_H
#define SW_HOST_PRESSURE_H

#include "base/bytes.h"

struct sw_pressure {
    uint64_t memory_bytes; /* that may be used: the machine's, or a group's limit; 0: not known */
    uint64_t available_bytes; /* that can be had of it now */
    unsigned permille;        /* in use, of the machine or of the groups, whichever is fuller */
    bool by_group;            /* it is the group's */
};

/* Looks at ROOT/proc/meminfo and at the groups' limits. What is not known presses nothing.
 * SW_SYSTEM only when there is no memory. */
bool sw_pressure_read(const char *root, struct sw_pressure *pressure,
                      struct sw_error *error) SW_CHECKED;

#endif
